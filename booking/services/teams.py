"""Teams: who belongs to a company or works for a house, invited, handed over, and stood in for."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.domain.refusals import Forbidden, LastOne, Malformed, NotFound, Stale
from booking.services import belongings, catalogue, invitations, people
from booking.services.belongings import Belonging, Leaving
from booking.services.invitations import EVERY, Invitation, Send
from booking.storage import accounts, organisations, teams
from booking.storage.teams import DeputyRow, LeaverRow, MemberRow, Team

OF_COMPANIES = frozenset({Role.MEMBER})
OF_HOUSES = frozenset({Role.MANAGER, Role.TECHNICIAN})
MOST_SHOWN = 20
LAST_OF = {True: Role.MEMBER, False: Role.MANAGER}
"""The role of which a company, or a house, keeps at least one."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was let in. `awaited`: a letter takes them an invitation; else they have a password, and are
    in. `joins`: another team awaits them too, so they put this hat on themselves. `left_at`: when their last
    letter left, if that was so lately that no other goes now."""

    person: UUID
    email: str
    awaited: bool
    joins: bool = False
    left_at: datetime | None = None

    @property
    def another_after(self) -> datetime | None:
        """When another letter can go; None when one goes now."""
        return self.left_at + EVERY if self.left_at else None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody who may leave. `roles`: of their hats here; `others`: who may take over; `needs_successor`: nobody
    would be left to answer; `counts`: what they have there, by the names of `Belonging`."""

    person: UUID
    name: str
    roles: Sequence[str]
    others: Sequence[MemberRow]
    needs_successor: bool
    counts: Mapping[str, int]

    @property
    def digest(self) -> str:
        """Another one for other things."""
        return hashlib.sha256(repr(sorted(self.counts.items())).encode()).hexdigest()[:16]


def company(connection: Connection, person: Person, organisation: UUID) -> Team:
    """A company's team, to read and to change. NotFound unless it is their own, or they oversee companies."""
    if not (person.speaks_for(organisation) or person.sees_everything):
        raise NotFound
    if organisations.find(connection, organisation) is None:
        raise NotFound
    return Team(organisation_id=organisation)


def house(connection: Connection, person: Person, venue: str, *, write: bool = False) -> Team:
    """A house's team. NotFound for who does not work there; Forbidden to write for who only reads."""
    if not (person.decides_for(venue) or venue in person.assists or person.sees_everything):
        raise NotFound
    team = Team(venue_id=catalogue.venue(connection, venue).id)
    if write and not may_change(connection, person, venue, team):
        raise Forbidden
    return team


def may_change(connection: Connection, person: Person, venue: str, team: Team) -> bool:
    """Whether this person says who works for the house: a deputy decides on bookings, and not on who stays."""
    if person.admin:
        return True
    return person.decides_for(venue) and not teams.stands_in(connection, _venue_id(team), person.id)


def members(connection: Connection, team: Team) -> Sequence[MemberRow]:
    """Everybody in it, by name."""
    return teams.members(connection, team)


def invite(
    connection: Connection,
    team: Team,
    *,
    email: str,
    name: str,
    role: Role,
    language: str,
    by: Person,
    send: Send,
    at: datetime,
) -> Invited:
    """Let somebody in; whoever is known already keeps name and password. Malformed; TooManyInvited.

    A letter takes them a link that lets its reader choose the password, so it opens nothing but this team; whom
    another team awaits already gets a link with which they join, and keeps the other.
    """
    if role not in (OF_COMPANIES if team.organisation_id else OF_HOUSES):
        raise Malformed({"role": ["unknown"]})
    address = checked(email)
    teams.lock(connection, team)  # its letters are counted one after the other
    person_id = people.create(connection, email=address, name=name.strip() or address, language=language, at=at)
    awaited = invitations.is_awaited(connection, address)
    joins = awaited and teams.is_elsewhere(connection, team, person_id)
    if not joins:
        teams.add_for_good(connection, team, person_id, role, at=at)
    left_at = None
    if awaited:
        name = teams.name_of(connection, team)
        left_at = send(connection, Invitation(person_id, team, name, role, by.name, at, joins))
    return Invited(person_id, address, awaited, joins, left_at)


def hand_over(
    connection: Connection, team: Team, person_id: UUID, *, known: Sequence[Belonging], at: datetime
) -> HandOver:
    """What there is to hand over when somebody leaves. NotFound when they are not in the team."""
    here = teams.members(connection, team)
    mine = [each for each in here if each.id == person_id]
    if not mine:
        raise NotFound
    leaving = _leaving(connection, team, person_id, at)
    others = list({each.id: each for each in here if each.id != person_id}.values())
    needs = not _left(connection, team, here, person_id, None)
    return HandOver(
        person_id,
        mine[0].name,
        [each.role for each in mine],
        others,
        needs,
        belongings.counted(connection, leaving, known),
    )


def leave(
    connection: Connection,
    team: Team,
    person_id: UUID,
    *,
    by: UUID,
    known: Sequence[Belonging],
    at: datetime,
    successor: UUID | None = None,
    seen: str | None = None,
) -> None:
    """Take somebody out of a team; `successor`, one of the team, gets all hats that they wore there for good, and
    what waited for them. What they alone could open ends. No link that was made before lets them in again.

    `known`: everything that a person can have; `seen`: the digest of what was shown of it, if it was.

    NotFound when they are not in it; Malformed: a successor who is not. LastOne when nobody could answer. Stale.
    """
    teams.lock(connection, team)
    accounts.hold(connection, person_id)  # of two teams that are left at once, one is known to be the last
    here = teams.members(connection, team)
    before = hand_over(connection, team, person_id, known=known, at=at)
    if seen is not None and seen != before.digest:
        raise Stale(0)
    if successor is not None and successor not in {each.id for each in before.others}:
        raise Malformed({"successor": ["not-of-the-team"]})
    if not _left(connection, team, here, person_id, successor):
        raise LastOne
    if successor is not None:
        _give_hats(connection, team, here, person_id, successor, at)
    belongings.settle(connection, replace(_leaving(connection, team, person_id, at), successor=successor), known)
    _end_absences(connection, team, person_id, at)
    teams.remove(connection, team, person_id)
    teams.note_left(connection, team, person_id, successor=successor, by=by, had=before.counts, at=at)


def _leaving(connection: Connection, team: Team, person_id: UUID, at: datetime) -> Leaving:
    return Leaving(team, person_id, not teams.is_elsewhere(connection, team, person_id), at)


def _left(
    connection: Connection, team: Team, here: Sequence[MemberRow], person_id: UUID, successor: UUID | None
) -> set[UUID]:
    """Who could still answer without them. A deputy is there for a while only, so a house needs somebody else."""
    needed = LAST_OF[team.organisation_id is not None]
    worn = {each.id for each in here if each.role == needed} - _stand_ins(connection, team)
    return worn - {person_id} | ({successor} if successor else set())


def _stand_ins(connection: Connection, team: Team) -> set[UUID]:
    """Who wears the hat of a house only for somebody else, now."""
    if team.venue_id is None:
        return set()
    return {each.person_id for each in teams.deputies(connection, team.venue_id) if each.given_at is not None}


def _give_hats(
    connection: Connection, team: Team, here: Sequence[MemberRow], person_id: UUID, successor: UUID, at: datetime
) -> None:
    """All but what was only lent. Who has not come in yet gets no other hat: their link is for those they have."""
    roles = {each.role for each in here if each.id == person_id}
    if person_id in _stand_ins(connection, team):
        roles -= {Role.MANAGER}
    theirs = [each for each in here if each.id == successor]
    if roles - {each.role for each in theirs} and any(each.invited for each in theirs):
        raise Malformed({"successor": ["not-come-in"]})
    for role in roles:
        teams.add_for_good(connection, team, successor, role, at=at)


def _end_absences(connection: Connection, team: Team, person_id: UUID, at: datetime) -> None:
    """Nobody stands in for somebody who is not there any more."""
    for each in teams.deputies(connection, team.venue_id) if team.venue_id is not None else ():
        if each.for_id == person_id:
            _end(connection, each, at)


def left(connection: Connection, team: Team) -> Sequence[LeaverRow]:
    """Who left it and handed over to whom, the last one first."""
    return teams.left(connection, team, most=MOST_SHOWN)


def stand_in(
    connection: Connection, person: Person, venue: str, email: str, *, start: datetime, end: datetime, at: datetime
) -> UUID:
    """Name a deputy for a while: somebody who is known here already. NotFound, Forbidden, Malformed."""
    team = house(connection, person, venue, write=True)
    teams.lock(connection, team)
    if not person.admin and person.id not in {each.id for each in teams.members(connection, team)}:
        raise NotFound  # they were taken out meanwhile
    deputy = accounts.by_email(connection, email)
    if deputy is None:
        raise Malformed({"email": ["unknown"]})
    if deputy.decides_for(venue) and not teams.stands_in(connection, _venue_id(team), deputy.id):
        raise Malformed({"email": ["twice"]})
    if end <= start:
        raise Malformed({"end": ["not-after-start"]})
    if end <= at:
        raise Malformed({"end": ["past"]})
    deputy_id = teams.add_deputy(
        connection, _venue_id(team), stands_for=person.id, person_id=deputy.id, starts=start, ends=end
    )
    turn(connection, at=at)
    return deputy_id


def call_off(connection: Connection, person: Person, venue: str, deputy_id: UUID, *, at: datetime) -> None:
    """End an arrangement now. NotFound, Forbidden."""
    team = house(connection, person, venue, write=True)
    found = next((each for each in teams.deputies(connection, _venue_id(team)) if each.id == deputy_id), None)
    if found is None:
        raise NotFound
    _end(connection, found, at)


def name_of(connection: Connection, team: Team) -> str:
    """What the company or the house is called."""
    return teams.name_of(connection, team)


def deputies(connection: Connection, team: Team) -> Sequence[DeputyRow]:
    """Those of a house that run or are to come."""
    return teams.deputies(connection, _venue_id(team))


def turn(connection: Connection, *, at: datetime) -> int:
    """Hand the hat to deputies whose time has come, and take it back from those whose time is over."""
    waiting = teams.due(connection, at=at)
    for each in sorted(waiting, key=lambda each: each.venue_id):  # whoever holds several houses does so in order
        if each.ends <= at:
            _end(connection, each, at)
        else:
            _give(connection, each, at)
    return len(waiting)


def checked(email: str) -> str:
    """The address in its one form. Malformed when it is none."""
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Malformed({"email": ["not-an-address"]}) from error
    return found.normalized.lower()


def _give(connection: Connection, deputy: DeputyRow, at: datetime) -> None:
    team = Team(venue_id=deputy.venue_id)
    teams.lock(connection, team)
    if teams.note_given(connection, deputy.id, at=at):
        teams.add(connection, team, deputy.person_id, Role.MANAGER)


def _end(connection: Connection, deputy: DeputyRow, at: datetime) -> None:
    """Whoever was given the hat for good meanwhile keeps it."""
    team = Team(venue_id=deputy.venue_id)
    teams.lock(connection, team)
    lent = teams.note_ended(connection, deputy.id, at=at)
    if lent and not teams.stands_in(connection, deputy.venue_id, deputy.person_id):
        teams.remove(connection, team, deputy.person_id, Role.MANAGER)


def _venue_id(team: Team) -> int:
    if team.venue_id is None:
        raise NotFound
    return team.venue_id
