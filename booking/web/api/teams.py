"""Those who belong to a company or work for a house, who stands in for whom, and who left."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.services import teams
from booking.storage.teams import DeputyRow, Team
from booking.web.answers import json_answer
from booking.web.api.blueprint import PREFIX, Created, create_once, read_id
from booking.web.api.documents import local
from booking.web.api.fields import Choice, Id, Moment, Strict, Text, check_span
from booking.web.api.organisations import blueprint as organisations
from booking.web.api.venues import blueprint as venues
from booking.web.context import database, now, parts, require_viewer
from booking.web.languages import LANGUAGES


class MemberPost(Strict):
    """Whom to let in; somebody who is known already keeps their name."""

    email = Text(required=True, required_text=True)
    name = Text(load_default="")
    language = Choice(LANGUAGES, load_default="en")
    role = Choice([Role.MEMBER, Role.MANAGER, Role.TECHNICIAN], load_default=None, allow_none=True)


class MemberDelete(Strict):
    """`successor`: who takes over what they did there."""

    successor = Id(load_default=None)


class BelongingAnswer(ma.Schema):
    """One kind of thing that somebody has at a team. `ends`: it is over when they leave, and else handed over."""

    kind = ma.fields.String()
    count = ma.fields.Integer()
    ends = ma.fields.Boolean()
    words = ma.fields.String()


class HandOverAnswer(ma.Schema):
    """What there is when somebody leaves. `successors`: who may take over; `needs_successor`: somebody has to."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    needs_successor = ma.fields.Boolean()
    successors = ma.fields.List(ma.fields.UUID())
    items = ma.fields.List(ma.fields.Nested(BelongingAnswer))


class LeaverAnswer(ma.Schema):
    """Somebody who left. `successor`: to whom they handed over; `by`: who wrote it down."""

    name = ma.fields.String()
    at = ma.fields.String()
    successor = ma.fields.String(allow_none=True)
    by = ma.fields.String(allow_none=True)


class LeaverList(ma.Schema):
    """Who left a team, the last one first."""

    items = ma.fields.List(ma.fields.Nested(LeaverAnswer))
    next = ma.fields.String(allow_none=True)


class MemberAnswer(ma.Schema):
    """Somebody of a team. `invited`: a letter took them an invitation, and they have not come in yet."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    email = ma.fields.String()
    role = ma.fields.String()
    invited = ma.fields.Boolean()


class InvitedAnswer(MemberAnswer):
    """Somebody who was let in. `last_letter_at`: when their last invitation left, if that was less than an hour
    ago, so that no other goes now."""

    last_letter_at = ma.fields.String(allow_none=True)


class MemberList(ma.Schema):
    """A team by name."""

    items = ma.fields.List(ma.fields.Nested(MemberAnswer))
    next = ma.fields.String(allow_none=True)


class DeputyPost(Strict):
    """Who decides in your place, from when to when."""

    email = Text(required=True, required_text=True)
    start = Moment(required=True)
    end = Moment(required=True)

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """The end after the start."""
        check_span(data)


class DeputyAnswer(ma.Schema):
    """One arrangement."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    instead_of = ma.fields.String()
    start = ma.fields.String()
    end = ma.fields.String()


class DeputyList(ma.Schema):
    """Those that run or are to come."""

    items = ma.fields.List(ma.fields.Nested(DeputyAnswer))
    next = ma.fields.String(allow_none=True)


@organisations.on("GET", "/<organisation_id>/members")
@organisations.gives(200, MemberList)
def list_members(organisation_id: str) -> Response:
    """Who belongs to a company."""
    person, wanted = require_viewer(), read_id(organisation_id)
    with database().read() as connection:
        return _team(connection, teams.company(connection, person, wanted))


@organisations.on("POST", "/<organisation_id>/members")
@organisations.takes(MemberPost)
@organisations.gives(201, InvitedAnswer)
def post_member(body: dict[str, Any], organisation_id: str) -> Response:
    """Let somebody in. Who has no password yet gets an invitation by letter."""
    person, wanted = require_viewer(), read_id(organisation_id)

    def make(connection: Connection) -> Created:
        team = teams.company(connection, person, wanted)
        return (
            _invite(connection, person, team, body, Role.MEMBER),
            f"{PREFIX}/organisations/{wanted}/members",
            None,
        )

    return create_once(person, make)


@organisations.on("DELETE", "/<organisation_id>/members/<person_id>")
@organisations.takes(MemberDelete, location="query")
@organisations.gives(204)
def delete_member(body: dict[str, Any], organisation_id: str, person_id: str) -> Response:
    """Take somebody out. The last one stays, unless a successor takes over."""
    person, wanted = require_viewer(), read_id(organisation_id)
    return _leave(lambda connection: teams.company(connection, person, wanted), read_id(person_id), body)


@organisations.on("GET", "/<organisation_id>/members/<person_id>/hand-over")
@organisations.gives(200, HandOverAnswer)
def preview_member(organisation_id: str, person_id: str) -> Response:
    """What would go to a successor, and what would end, if they were taken out; nothing changes."""
    person, wanted = require_viewer(), read_id(organisation_id)
    with database().read() as connection:
        return _hand_over(connection, teams.company(connection, person, wanted), read_id(person_id))


@organisations.on("GET", "/<organisation_id>/members/left")
@organisations.gives(200, LeaverList)
def list_members_who_left(organisation_id: str) -> Response:
    """Who left a company, and to whom they handed over."""
    person, wanted = require_viewer(), read_id(organisation_id)
    with database().read() as connection:
        return _left(connection, teams.company(connection, person, wanted))


@venues.on("GET", "/<code>/team")
@venues.gives(200, MemberList)
def list_team(code: str) -> Response:
    """Who works for a house."""
    person = require_viewer()
    with database().read() as connection:
        return _team(connection, teams.house(connection, person, code))


@venues.on("POST", "/<code>/team")
@venues.takes(MemberPost)
@venues.gives(201, InvitedAnswer)
def post_team(body: dict[str, Any], code: str) -> Response:
    """Let a manager or a technician in."""
    person = require_viewer()

    def make(connection: Connection) -> Created:
        team = teams.house(connection, person, code, write=True)
        return _invite(connection, person, team, body, Role.TECHNICIAN), f"{PREFIX}/venues/{code}/team", None

    return create_once(person, make)


@venues.on("DELETE", "/<code>/team/<person_id>")
@venues.takes(MemberDelete, location="query")
@venues.gives(204)
def delete_team(body: dict[str, Any], code: str, person_id: str) -> Response:
    """Take somebody out. The last manager stays, unless a successor takes over."""
    person = require_viewer()
    return _leave(lambda connection: teams.house(connection, person, code, write=True), read_id(person_id), body)


@venues.on("GET", "/<code>/team/<person_id>/hand-over")
@venues.gives(200, HandOverAnswer)
def preview_colleague(code: str, person_id: str) -> Response:
    """What would go to a successor, and what would end, if they were taken out; nothing changes."""
    person = require_viewer()
    with database().read() as connection:
        return _hand_over(connection, teams.house(connection, person, code, write=True), read_id(person_id))


@venues.on("GET", "/<code>/team/left")
@venues.gives(200, LeaverList)
def list_team_that_left(code: str) -> Response:
    """Who left a house, and to whom they handed over."""
    person = require_viewer()
    with database().read() as connection:
        return _left(connection, teams.house(connection, person, code))


@venues.on("GET", "/<code>/deputies")
@venues.gives(200, DeputyList)
def list_deputies(code: str) -> Response:
    """Who stands in for whom, now and later."""
    person = require_viewer()
    with database().read() as connection:
        return _deputies(connection, teams.house(connection, person, code))


@venues.on("POST", "/<code>/deputies")
@venues.takes(DeputyPost)
@venues.gives(201, DeputyAnswer)
def post_deputy(body: dict[str, Any], code: str) -> Response:
    """Name somebody who decides in your place for a while."""
    person, at = require_viewer(), now()

    def make(connection: Connection) -> Created:
        made = teams.stand_in(connection, person, code, body["email"], start=body["start"], end=body["end"], at=at)
        rows = teams.deputies(connection, teams.house(connection, person, code))
        [document] = [_deputy(row) for row in rows if row.id == made]
        return document, f"{PREFIX}/venues/{code}/deputies", None

    return create_once(person, make)


@venues.on("DELETE", "/<code>/deputies/<deputy_id>")
@venues.gives(204)
def delete_deputy(code: str, deputy_id: str) -> Response:
    """Call it off, or end it now."""
    person, at, wanted = require_viewer(), now(), read_id(deputy_id)
    database().write(lambda connection: teams.call_off(connection, person, code, wanted, at=at))
    return Response(status=204)


def _team(connection: Connection, team: Team) -> Response:
    items = [
        {"id": each.id, "name": each.name, "email": each.email, "role": each.role, "invited": each.invited}
        for each in teams.members(connection, team)
    ]
    return json_answer({"items": items, "next": None})


def _leave(team: Callable[[Connection], Team], leaving: UUID, body: dict[str, Any]) -> Response:
    person, known, at = require_viewer(), parts().belongings, now()
    database().write(
        lambda connection: teams.leave(
            connection, team(connection), leaving, by=person.id, known=known, at=at, successor=body["successor"]
        )
    )
    return Response(status=204)


def _hand_over(connection: Connection, team: Team, leaving: UUID) -> Response:
    known = parts().belongings
    found = teams.hand_over(connection, team, leaving, known=known, at=now())
    items = [
        {"kind": each.name, "count": count, "ends": each.ends, "words": each.words(count)}
        for each in known
        if (count := found.counts.get(each.name))
    ]
    return json_answer(
        {
            "id": found.person,
            "name": found.name,
            "needs_successor": found.needs_successor,
            "successors": [each.id for each in found.others],
            "items": items,
        }
    )


def _left(connection: Connection, team: Team) -> Response:
    items = [
        {"name": each.name, "at": each.at.isoformat(), "successor": each.successor, "by": each.by}
        for each in teams.left(connection, team)
    ]
    return json_answer({"items": items, "next": None})


def _invite(
    connection: Connection, person: Person, team: Team, body: dict[str, Any], usual: Role
) -> dict[str, Any]:
    role = Role(body["role"] or usual)
    invited = teams.invite(
        connection,
        team,
        email=body["email"],
        name=body["name"],
        role=role,
        language=body["language"],
        by=person,
        send=parts().send_invitation,
        at=now(),
    )
    return {
        "id": str(invited.person),
        "email": invited.email,
        "role": role.value,
        "invited": invited.awaited,
        "last_letter_at": invited.left_at.isoformat() if invited.left_at else None,
    }


def _deputies(connection: Connection, team: Team) -> Response:
    return json_answer({"items": [_deputy(row) for row in teams.deputies(connection, team)], "next": None})


def _deputy(row: DeputyRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "instead_of": row.for_name,
        "start": local(row.starts, row.zone),
        "end": local(row.ends, row.zone),
    }
