"""Teams: who belongs to a company or works for a house, let in, handed over, stood in for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Role
from booking.domain.refusals import LastOne, Malformed, NotFound, Refusal, Stale, TooManyInvited
from booking.domain.wall_clock import DAY, whole_days
from booking.services import catalogue, organisations, teams
from booking.services.teams import Invited
from booking.storage.teams import Team
from booking.web.context import database, now, parts
from booking.web.languages import LANGUAGES
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.refusals import problem_of

Find = Callable[[Connection], Team]


@pages.get("/companies/<uuid:organisation_id>")
def company_team(organisation_id: UUID) -> str:
    """A company and who belongs to it."""
    return _company(organisation_id)


@pages.post("/companies/<uuid:organisation_id>/members")
def invite_member(organisation_id: UUID) -> str | tuple[str, int]:
    """Let somebody in; a letter takes them the invitation."""
    person = signed_in()
    typed = Typed(request.form)
    invited = _invite(lambda connection: teams.company(connection, person, organisation_id), typed, Role.MEMBER)
    if invited is None:
        return _company(organisation_id, typed=typed), 422
    return _company(organisation_id, invited=invited)


@pages.get("/companies/<uuid:organisation_id>/members/<uuid:person_id>/leave")
def leaving_company(organisation_id: UUID, person_id: UUID) -> str:
    """What somebody has there, before they are taken out of it: what goes to whom, and what ends."""
    person = signed_in()
    return _leaving(lambda connection: teams.company(connection, person, organisation_id), person_id)


@pages.post("/companies/<uuid:organisation_id>/members/<uuid:person_id>/leave")
def leave_company(organisation_id: UUID, person_id: UUID) -> Response | tuple[str, int]:
    """Take somebody out, perhaps with a successor."""
    person = signed_in()
    there = f"/companies/{organisation_id}" if person.id != person_id else "/"
    return _leave(lambda connection: teams.company(connection, person, organisation_id), person_id, there)


@pages.get("/desk/<venue>/team")
def house_team(venue: str) -> str:
    """Who works for a house, and who stands in for whom."""
    return _house(venue)


@pages.post("/desk/<venue>/team")
def invite_colleague(venue: str) -> str | tuple[str, int]:
    """Let a manager or a technician in."""
    person = signed_in()
    typed = Typed(request.form)
    role = Role.MANAGER if typed.raw("role") == Role.MANAGER else Role.TECHNICIAN
    invited = _invite(lambda connection: teams.house(connection, person, venue, write=True), typed, role)
    if invited is None:
        return _house(venue, typed=typed), 422
    return _house(venue, invited=invited)


@pages.get("/desk/<venue>/team/<uuid:person_id>/leave")
def leaving_house(venue: str, person_id: UUID) -> str:
    """The same of a house."""
    person = signed_in()
    return _leaving(lambda connection: teams.house(connection, person, venue, write=True), person_id)


@pages.post("/desk/<venue>/team/<uuid:person_id>/leave")
def leave_house(venue: str, person_id: UUID) -> Response | tuple[str, int]:
    """Take somebody out, perhaps with a successor."""
    person = signed_in()
    there = f"/desk/{venue}/team" if person.id != person_id else "/"
    return _leave(lambda connection: teams.house(connection, person, venue, write=True), person_id, there)


@pages.post("/desk/<venue>/deputies")
def name_deputy(venue: str) -> Response | tuple[str, int]:
    """Somebody decides in my place, from the first day to the last."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    email, first, last = typed.text("deputy", required=True), typed.day("first"), typed.day("last")
    for name, value in (("first", first), ("last", last)):
        if value is None and name not in typed.errors:
            typed.refuse(name, "required")
    if first and last and last < first:
        typed.refuse("last", "not-after-start")
    if not typed.errors and email and first and last:
        with database().read() as connection:
            row = catalogue.venue(connection, venue)
        span = whole_days(first, last + DAY, row.zone, row.day_line)
        try:
            database().write(
                lambda connection: teams.stand_in(
                    connection, person, venue, email, start=span.start, end=span.end, at=at
                )
            )
            flash(gettext("Written down. The hat changes by itself on those days."))
            return redirect(f"/desk/{venue}/team", 303)
        except Malformed as refusal:
            names = {"email": "deputy", "end": "last"}
            typed.errors.update({names.get(key, key): list(codes) for key, codes in refusal.errors.items()})
    return _house(venue, typed=typed), 422


@pages.post("/desk/<venue>/deputies/<uuid:deputy_id>/call-off")
def call_off_deputy(venue: str, deputy_id: UUID) -> Response:
    """End it now."""
    person, at = signed_in(), now()
    database().write(lambda connection: teams.call_off(connection, person, venue, deputy_id, at=at))
    flash(gettext("Called off."))
    return redirect(f"/desk/{venue}/team", 303)


def _invite(team: Find, typed: Typed, role: Role) -> Invited | None:
    email, name = typed.text("email", required=True), typed.text("name") or ""
    language = typed.raw("language")
    at, person = now(), signed_in()
    if typed.errors or email is None:
        return None
    try:
        return database().write(
            lambda connection: teams.invite(
                connection,
                team(connection),
                email=email,
                name=name,
                role=role,
                language=language if language in LANGUAGES else "en",
                by=person,
                send=parts().send_invitation,
                at=at,
            )
        )
    except Malformed as refusal:
        typed.errors.update({key: list(codes) for key, codes in refusal.errors.items()})
    except TooManyInvited as refusal:
        typed.refuse("email", problem_of(refusal).detail)
    return None


def _leaving(team: Find, person_id: UUID, *, refused: Refusal | None = None) -> str:
    known = parts().belongings
    with database().read() as connection:
        found = team(connection)
        shown = teams.hand_over(connection, found, person_id, known=known, at=now())
        name = teams.name_of(connection, found)
    mine = [each for each in known if each.name in shown.counts]
    return render_template(
        "team-leave.html",
        shown=shown,
        team=name,
        back=request.path.removesuffix(f"/{person_id}/leave").removesuffix("/members"),
        goes=[each.words(shown.counts[each.name]) for each in mine if not each.ends],
        ends=[each.words(shown.counts[each.name]) for each in mine if each.ends],
        roles=[words.ROLES[role] for role in shown.roles],
        people=[(str(each.id), f"{each.name}, {each.email}") for each in shown.others],
        chosen=request.form.get("successor", ""),
        problem=problem_of(refused) if refused else None,
        errors=refused.errors.get("successor", ()) if isinstance(refused, Malformed) else (),
    )


def _leave(team: Find, person_id: UUID, there: str) -> Response | tuple[str, int]:
    person, at, form = signed_in(), now(), request.form
    successor, known = _id(form.get("successor")), parts().belongings

    def work(connection: Connection) -> None:
        teams.leave(
            connection,
            team(connection),
            person_id,
            by=person.id,
            known=known,
            at=at,
            successor=successor,
            seen=form.get("seen"),
        )

    try:
        database().write(work)
    except (LastOne, Malformed, Stale) as refusal:
        return _leaving(team, person_id, refused=refusal), problem_of(refusal).status
    flash(gettext("Done. Whoever left sees nothing here any more."))
    return redirect(there, 303)


def _id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _company(organisation_id: UUID, **shown: Any) -> str:
    person = signed_in()
    with database().read() as connection:
        team = teams.company(connection, person, organisation_id)
        row = organisations.find(connection, person, organisation_id)
        members, left = teams.members(connection, team), teams.left(connection, team)
    return _page(
        heading=row.name,
        left=left,
        address=f"/companies/{organisation_id}",
        invite=f"/companies/{organisation_id}/members",
        leave=f"/companies/{organisation_id}/members",
        members=members,
        company=row,
        oversees=person.sees_everything,
        may_write=True,
        **shown,
    )


def _house(venue: str, **shown: Any) -> str:
    person = signed_in()
    with database().read() as connection:
        team = teams.house(connection, person, venue)
        row = catalogue.venue(connection, venue)
        members, left = teams.members(connection, team), teams.left(connection, team)
        standing_in = teams.deputies(connection, team)
        may_write = teams.may_change(connection, person, venue, team)
    return _page(
        heading=row.name,
        left=left,
        address=f"/desk/{venue}/team",
        invite=f"/desk/{venue}/team",
        leave=f"/desk/{venue}/team",
        members=members,
        house=row,
        deputies=standing_in,
        may_write=may_write,
        **shown,
    )


def _page(
    *,
    members: Sequence[Any],
    invited: Invited | None = None,
    typed: Typed | None = None,
    **facts: Any,
) -> str:
    form: Mapping[str, str] = typed.form if typed else {}
    return render_template(
        "team.html",
        members=members,
        invited=invited,
        typed=form,
        errors=typed.errors if typed else {},
        **{"company": None, "house": None, "deputies": (), "oversees": False, **facts},
    )
