"""Asking at once: judged without a lock, entered under it unless something has changed. On PostgreSQL alone."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import Connection, Executable, select, text, update
from sqlalchemy.exc import DBAPIError

from booking.domain.bookings import Terms
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad
from booking.domain.states import State
from booking.services.asking import Asking, ask, ask_at_once
from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.database import Database
from booking.storage.direct import Direct
from booking.storage.entries import ENTER_IF_UNCHANGED
from booking.storage.events import Event
from booking.storage.places import Resource
from tests.support.builders import MakeBooking
from tests.support.cast import claim, person, terms
from tests.support.clocks import StoppedClock
from tests.support.rows import counted
from tests.support.statements import counted as counted_statements

pytestmark = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)

EVENING = claim("V04-DS", "2027-03-08T18:00:00+01:00", "2027-03-08T22:00:00+01:00")
NEXT = claim("V04-DS", "2027-03-09T18:00:00+01:00", "2027-03-09T22:00:00+01:00")
OWN = {"id", "booking_id", "claim_id", "starts", "ends", "core", "at", "created_at"}
"""What two bookings of different days never share."""


@pytest.fixture
def camille(database: Database) -> Person:
    return person(database, "camille")


class Meanwhile:
    """The way past the pool, on which something happens between the look and the entry."""

    def __init__(self, direct: Direct, deed: Callable[[], object]) -> None:
        self.direct, self.deed, self.dialect = direct, deed, direct.dialect

    def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        if statement is ENTER_IF_UNCHANGED:
            self.deed()
        return self.direct.execute(statement, parameters)


def at_once(
    database: Database,
    who: Person,
    wanted: Terms,
    clock: StoppedClock,
    meanwhile: Callable[[], object] = lambda: None,
) -> Asking | None:
    assert database.direct is not None
    way = cast(Connection, Meanwhile(database.direct, meanwhile))
    return ask_at_once(way, who, wanted, at=clock())


def rows_of(database: Database, booking_id: UUID) -> list[dict[str, Any]]:
    claims = select(Claim.id).where(Claim.booking_id == booking_id)
    queries = [
        select(*Booking.__table__.columns).where(Booking.id == booking_id),
        select(*Claim.__table__.columns).where(Claim.booking_id == booking_id),
        select(*Occupancy.__table__.columns).where(Occupancy.claim_id.in_(claims)),
        select(*Event.__table__.columns).where(Event.booking_id == booking_id),
    ]
    with database.read() as connection:
        found = [dict(row._mapping) for query in queries for row in connection.execute(query)]
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def test_what_is_entered_at_once_is_what_is_entered_under_a_lock(
    database: Database, clock: StoppedClock, camille: Person
):
    with counted_statements() as statements:
        made = at_once(database, camille, terms(EVENING, member=camille), clock)
    assert len(statements) == 3, statements.listing
    assert made is not None
    slowly = database.write(lambda connection: ask(connection, camille, terms(NEXT, member=camille), at=clock()))
    assert made.verdict.state is slowly.verdict.state is State.CONFIRMED
    assert rows_of(database, made.id) == rows_of(database, slowly.id)
    assert len(rows_of(database, made.id)) == 4


def test_who_was_faster_is_noticed_and_nothing_is_written(
    database: Database, clock: StoppedClock, camille: Person, a_booking: MakeBooking
):
    wout = person(database, "wout")

    def faster() -> None:
        database.write(lambda connection: ask(connection, wout, terms(EVENING, member=wout), at=clock()))

    assert at_once(database, camille, terms(EVENING, member=camille), clock, faster) is None
    assert counted(database)["booking"] == 1
    with pytest.raises(CannotBeHad):
        at_once(database, camille, terms(EVENING, member=camille), clock)


def test_a_rule_that_changes_between_looking_and_entering_is_noticed(
    database: Database, clock: StoppedClock, camille: Person
):
    """As with every change of rules, the revision of the resource rises with it."""

    def stricter() -> None:
        with database.read() as connection:
            rules = connection.execute(select(Resource.rules).where(Resource.code == "V04-DS")).scalar_one()
        change = update(Resource).where(Resource.code == "V04-DS")
        values = {"rules": {**rules, "policy": "request"}, "revision": Resource.revision + 1}
        database.write(lambda connection: connection.execute(change.values(values)))

    before = counted(database)
    assert at_once(database, camille, terms(EVENING, member=camille), clock, stricter) is None
    assert counted(database) == before
    again = at_once(database, camille, terms(EVENING, member=camille), clock)
    assert again is not None
    assert again.verdict.state is State.REQUESTED


def test_the_guard_has_the_last_word_over_what_raised_no_revision(
    database: Database, clock: StoppedClock, camille: Person
):
    """A control: with the revision put back, what was faster is refused by the constraint alone."""
    wout = person(database, "wout")

    def unseen() -> None:
        database.write(lambda connection: ask(connection, wout, terms(EVENING, member=wout), at=clock()))
        back = update(Resource).where(Resource.code == "V04-DS").values(revision=Resource.revision - 1)
        database.write(lambda connection: connection.execute(back))

    assert at_once(database, camille, terms(EVENING, member=camille), clock, unseen) is None
    assert counted(database)["booking"] == 1


def test_options_and_what_a_planner_enters_go_the_long_way(
    database: Database, clock: StoppedClock, camille: Person
):
    before = counted(database)
    option = claim("DGP-RS", "2027-03-08", "2027-03-09")
    assert at_once(database, camille, terms(option, member=camille), clock) is None
    joris = person(database, "joris")
    assert at_once(database, joris, terms(claim("BUD-S1", "2027-03-08", "2027-03-09"), member=None), clock) is None
    assert counted(database) == before


def test_where_a_quota_counts_two_that_ask_at_the_same_moment_meet(
    database: Database, clock: StoppedClock, camille: Person
):
    with database.read() as connection:
        rules = connection.execute(select(Resource.rules).where(Resource.code == "V04-DS")).scalar_one()
    stricter = {**rules, "policy": "request", "quota": {"bookings_ahead": 1}}
    change = update(Resource).where(Resource.code == "V04-DS")
    values = {"rules": stricter, "revision": Resource.revision + 1}
    database.write(lambda connection: connection.execute(change.values(values)))

    def faster() -> None:
        database.write(lambda connection: ask(connection, camille, terms(NEXT, member=camille), at=clock()))

    assert at_once(database, camille, terms(EVENING, member=camille), clock, faster) is None
    assert counted(database)["booking"] == 0  # nothing was even tried: the long way looks under the lock
    faster()
    with pytest.raises(CannotBeHad):
        database.write(lambda connection: ask(connection, camille, terms(EVENING, member=camille), at=clock()))


def test_a_connection_that_was_cut_is_opened_anew(database: Database):
    direct, one = database.direct, select(Resource.id).where(Resource.code == "V04-DS")
    assert direct is not None
    own = direct.execute(one, {}).all()
    with direct._lending.one() as lent:
        process = lent.connection.info.backend_pid
    with database.read() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
    with pytest.raises(DBAPIError):
        direct.execute(one, {})
    assert direct.execute(one, {}).all() == own
