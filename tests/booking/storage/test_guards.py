"""The database has the last word: what no rule of ours saw is refused by the tables themselves."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import DBAPIError

from booking.storage.bookings import Occupancy
from booking.storage.database import Database, guarded
from booking.storage.events import Event
from tests.support.builders import MakeBooking
from tests.support.places import when
from tests.support.rows import claim_of, occupy

NINE, NOON, THREE, SIX = (when(f"2027-05-10 {hour}:00") for hour in ("09", "12", "15", "18"))
Occupy = Callable[..., UUID]


@pytest.fixture
def hold(database: Database, a_booking: MakeBooking) -> Occupy:
    """Write one row of occupancy, committed: `hold("BUD-S1", NINE, NOON, quantity=…, force=…, source=…)`."""
    claims: dict[str, UUID] = {}

    def occupied(code: str, start: datetime, end: datetime, **more: Any) -> UUID:
        if code not in claims:
            asked = a_booking(resource=code, state="requested")
            claims[code] = database.write(lambda connection: claim_of(connection, asked))
        return database.write(lambda connection: occupy(connection, code, start, end, claim=claims[code], **more))

    return occupied


def changing(row: UUID, **values: Any) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(update(Occupancy).where(Occupancy.id == row).values(**values))

    return work


def refused() -> Any:
    return pytest.raises(DBAPIError, match=r"occupancy_(taken|stock)", check=guarded)


class TestARoom:
    def test_two_hard_claims_of_one_hour_are_refused(self, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        with refused():
            hold("BUD-S1", NOON - timedelta(microseconds=1), THREE)

    def test_touching_claims_are_two_bookings(self, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        hold("BUD-S1", NOON, THREE)
        hold("BUD-S1", NINE - timedelta(hours=1), NINE)

    def test_a_claim_around_or_within_another_is_refused(self, hold: Occupy):
        hold("BUD-S1", NOON, THREE)
        with refused():
            hold("BUD-S1", NINE, SIX)
        with refused():
            hold("BUD-S1", NOON + timedelta(hours=1), NOON + timedelta(hours=2))

    def test_options_and_what_has_ended_live_beside_a_hard_claim(self, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        hold("BUD-S1", NINE, NOON, force="soft")
        hold("BUD-S1", NINE, NOON, force="none")

    def test_an_option_that_becomes_hard_is_refused_by_what_is_hard_already(
        self, database: Database, hold: Occupy
    ):
        hold("BUD-S1", NINE, NOON)
        option = hold("BUD-S1", NINE, NOON, force="soft")
        with refused():
            database.write(changing(option, force="hard"))

    def test_a_claim_that_moves_is_refused_where_another_is(self, database: Database, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        later = hold("BUD-S1", NOON, THREE)
        with refused():
            database.write(changing(later, starts=NINE))
        database.write(changing(later, ends=SIX))

    def test_imports_may_come_late_over_claims_and_claims_may_be_forced_over_imports(self, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        hold("BUD-S1", NINE, NOON, source="external")
        hold("BUD-S2", NINE, NOON, source="external")
        hold("BUD-S2", NINE, NOON)

    def test_another_room_is_another_matter(self, hold: Occupy):
        hold("BUD-S1", NINE, NOON)
        hold("BUD-S2", NINE, NOON)


class TestStock:
    """PHX-PAR: 24 lamps."""

    def test_the_last_lamp_can_be_had_and_the_next_cannot(self, hold: Occupy):
        hold("PHX-PAR", NINE, NOON, quantity=20)
        hold("PHX-PAR", NINE, NOON, quantity=4)
        with refused():
            hold("PHX-PAR", NINE, NOON, quantity=1)

    def test_the_peak_counts_even_when_it_comes_later(self, hold: Occupy):
        hold("PHX-PAR", NOON, THREE, quantity=20)
        with refused():
            hold("PHX-PAR", NINE, SIX, quantity=5)
        hold("PHX-PAR", NINE, NOON, quantity=24)
        hold("PHX-PAR", THREE, SIX, quantity=24)

    def test_two_that_follow_each_other_are_not_added_up(self, hold: Occupy):
        hold("PHX-PAR", NINE, NOON, quantity=12)
        hold("PHX-PAR", NOON, THREE, quantity=12)
        hold("PHX-PAR", NINE, THREE, quantity=12)

    def test_a_quantity_that_grows_is_refused_beyond_the_stock(self, database: Database, hold: Occupy):
        hold("PHX-PAR", NINE, NOON, quantity=20)
        small = hold("PHX-PAR", NINE, NOON, quantity=1)
        database.write(changing(small, quantity=4))
        with refused():
            database.write(changing(small, quantity=5))

    def test_an_option_that_becomes_hard_is_counted(self, database: Database, hold: Occupy):
        hold("PHX-PAR", NINE, NOON, quantity=20)
        option = hold("PHX-PAR", NINE, NOON, quantity=5, force="soft")
        with refused():
            database.write(changing(option, force="hard"))

    def test_a_claim_that_moves_is_counted_where_it_lands(self, database: Database, hold: Occupy):
        hold("PHX-PAR", NINE, NOON, quantity=20)
        later = hold("PHX-PAR", NOON, THREE, quantity=5)
        with refused():
            database.write(changing(later, starts=NINE))

    def test_chance_finds_no_way_past_the_guard(self, database: Database, hold: Occupy):
        """300 random rows: the database takes each exactly when counting hour by hour finds room for it."""
        chance = Random(2027)
        first = hold("PHX-PAR", NINE - timedelta(hours=1), NINE)  # one that makes the claim they all belong to
        with database.read() as connection:
            claim = connection.execute(select(Occupancy.claim_id).where(Occupancy.id == first)).scalar_one()
        taken = [0] * 72

        def attempt(start: int, end: int, quantity: int) -> Callable[[Connection], UUID]:
            hours = NINE + timedelta(hours=start), NINE + timedelta(hours=end)
            return lambda connection: occupy(connection, "PHX-PAR", *hours, claim=claim, quantity=quantity)

        for _ in range(300):
            start, length, quantity = chance.randrange(60), chance.randint(1, 12), chance.randint(1, 9)
            fits = max(taken[start : start + length]) + quantity <= 24
            expected = nullcontext() if fits else refused()
            with expected, database.engine.connect() as connection, connection.begin():
                attempt(start, start + length, quantity)(connection)
            if fits:
                taken[start : start + length] = [out + quantity for out in taken[start : start + length]]
        assert max(taken) == 24


class TestEvents:
    @pytest.mark.parametrize("column", ["kind", "why", "at", "new"])
    def test_what_happened_is_never_changed(self, database: Database, a_booking: MakeBooking, column: str):
        a_booking()
        values = {"kind": "x", "why": "x", "at": NINE, "new": {}}
        with pytest.raises(DBAPIError, match=r"event_append_only|never changed"):
            database.write(lambda connection: connection.execute(update(Event).values(**{column: values[column]})))

    def test_what_happened_is_never_forgotten(self, database: Database, a_booking: MakeBooking):
        a_booking()
        with pytest.raises(DBAPIError, match=r"event_append_only|never changed"):
            database.write(lambda connection: connection.execute(delete(Event)))

    def test_that_somebody_handled_it_may_be_noted(self, database: Database, a_booking: MakeBooking):
        a_booking()
        database.write(lambda connection: connection.execute(update(Event).values(handled_at=NINE)))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"quantity": 0}, "quantity"),
        ({"force": "firm"}, "force"),
        ({"starts": NOON, "ends": NINE}, "span"),
        ({"source": "closure"}, "source"),
    ],
)
def test_rows_that_make_no_sense_are_refused(
    database: Database, hold: Occupy, values: dict[str, Any], constraint: str
):
    row = hold("BUD-S1", NINE, NOON)
    with pytest.raises(DBAPIError, match=f"ck_occupancy_{constraint}"):
        database.write(changing(row, **values))
