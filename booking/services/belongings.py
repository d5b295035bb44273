"""What a person has at a team beside their hat: what goes to a successor when they leave, and what ends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, literal, select

from booking.storage import imports, plan_sets, teams, tokens
from booking.storage.teams import Team

NONE: ColumnElement[int] = literal(0)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who leaves. `successor`: who takes over, if anybody does; `is_last`: they are in no other team."""

    team: Team
    person: UUID
    is_last: bool
    at: datetime
    successor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind of thing. `ends`: it is over when they leave, and else goes to the successor, where there is one.

    `count`: how many there are, as a part of a statement; `settle`: does it; `words`: so many of them, to be read.
    """

    name: str
    ends: bool
    count: Callable[[Leaving], ColumnElement[int]]
    settle: Callable[[Connection, Leaving], None]
    words: Callable[[int], str]


def counted(connection: Connection, leaving: Leaving, known: Iterable[Belonging]) -> Mapping[str, int]:
    """How many there are of each, without what there is none of: one statement."""
    found = connection.execute(select(*(each.count(leaving).label(each.name) for each in known))).one()
    return {name: count for name, count in found._mapping.items() if count}


def settle(connection: Connection, leaving: Leaving, known: Sequence[Belonging]) -> None:
    """Each goes or ends; what has nobody to go to stays where it is, and says nothing more."""
    for each in known:
        if each.ends or leaving.successor is not None:
            each.settle(connection, leaving)


def count_asked(leaving: Leaving) -> ColumnElement[int]:
    """Bookings to come that they asked for their company."""
    if leaving.team.organisation_id is None:
        return NONE
    return teams.count_asked(leaving.team, leaving.person, since=leaving.at)


def let_others_be_called(_connection: Connection, _leaving: Leaving) -> None:
    """Nothing is written: whom to call is asked of the company as it is (see `services/contacts.py`)."""


def count_imports(leaving: Leaving) -> ColumnElement[int]:
    """Files of inventories that wait to be read, looked at or applied."""
    return imports.count_open(leaving.team.venue_id, leaving.person)


def hand_imports_over(connection: Connection, leaving: Leaving) -> None:
    """The successor looks at them, and may have them applied."""
    imports.hand_over(connection, leaving.team.venue_id, leaving.person, leaving.successor)


def count_plan_sets(leaving: Leaving) -> ColumnElement[int]:
    """Sets of rooms for the plan of the house."""
    return plan_sets.how_many(leaving.person, leaving.team.venue_id)


def hand_plan_sets_over(connection: Connection, leaving: Leaving) -> None:
    """But for those whose name the successor has already."""
    if leaving.team.venue_id is not None and leaving.successor is not None:
        plan_sets.hand_over(connection, leaving.person, leaving.team.venue_id, leaving.successor)


def count_absences(leaving: Leaving) -> ColumnElement[int]:
    """Arrangements by which somebody stands in for them."""
    return teams.count_deputies(leaving.team.venue_id, stands_for=leaving.person)


def hand_absences_over(connection: Connection, leaving: Leaving) -> None:
    """They stand in for the successor; who is that themselves does it for good."""
    for each in _deputies(connection, leaving):
        if each.for_id == leaving.person and leaving.successor not in (None, each.person_id):
            teams.stand_in_for(connection, each.id, leaving.successor)


def count_stand_ins(leaving: Leaving) -> ColumnElement[int]:
    """Arrangements by which they stand in for somebody."""
    return teams.count_deputies(leaving.team.venue_id, person_id=leaving.person)


def end_stand_ins(connection: Connection, leaving: Leaving) -> None:
    """Whoever they stood in for names somebody else."""
    if leaving.team.venue_id is not None:
        teams.end_deputies(connection, leaving.team.venue_id, leaving.person, at=leaving.at)


def count_keys(leaving: Leaving) -> ColumnElement[int]:
    """Keys of machines, when nothing is left that they would open."""
    return tokens.how_many(leaving.person) if leaving.is_last else NONE


def end_keys(connection: Connection, leaving: Leaving) -> None:
    """From now on they open nothing."""
    if leaving.is_last:
        tokens.revoke_all(connection, leaving.person, at=leaving.at)


def _deputies(connection: Connection, leaving: Leaving) -> Sequence[teams.DeputyRow]:
    venue_id = leaving.team.venue_id
    return teams.deputies(connection, venue_id) if venue_id is not None else ()
