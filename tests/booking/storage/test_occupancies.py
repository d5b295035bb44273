"""What holds a resource: read by span, made soft or hard together, forgotten before it is written anew."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from booking.domain.claims import Held
from booking.domain.states import Force
from booking.storage import occupancies
from booking.storage.bookings import Claim
from booking.storage.database import Database
from booking.storage.places import Resource
from tests.support.builders import MakeBooking
from tests.support.places import span
from tests.support.rows import held_by

MARCH = span("2027-03-01 06:00", "2027-04-01 06:00")


def number(database: Database, code: str) -> tuple[int, int]:
    """The id of a resource, and its revision."""
    with database.read() as connection:
        row = connection.execute(select(Resource.id, Resource.revision).where(Resource.code == code)).one()
    return row.id, row.revision


def held(database: Database, code: str, *, besides: UUID | None = None) -> list[Held]:
    atom, _ = number(database, code)
    with database.read() as connection:
        return occupancies.held(connection, [atom], MARCH, besides=besides)


def test_what_holds_is_read_with_its_presence_and_its_buffers(database: Database, a_booking: MakeBooking):
    a_booking(resource="BUD-TA", start="2027-03-08T10:00:00+01:00", end="2027-03-08T12:00:00+01:00")
    [stage] = held(database, "BUD-TA")
    assert stage.presence == span("2027-03-08 10:00", "2027-03-08 12:00")
    assert stage.occupied == span("2027-03-08 10:00", "2027-03-08 13:00")


def test_requests_and_ends_hold_nothing(database: Database, a_booking: MakeBooking):
    for state in ("requested", "declined", "withdrawn", "released", "cancelled"):
        a_booking(state=state)
    assert not held(database, "BUD-S1")


def test_a_booking_does_not_stand_in_its_own_way(database: Database, a_booking: MakeBooking):
    own = a_booking(state="option")
    other = a_booking(state="option", company="Zwaluw")
    assert {each.booking_id for each in held(database, "BUD-S1")} == {own, other}
    assert {each.booking_id for each in held(database, "BUD-S1", besides=own)} == {other}


def test_what_touches_the_span_from_outside_is_not_read(database: Database, a_booking: MakeBooking):
    a_booking(start="2027-02-20", end="2027-03-01")
    a_booking(start="2027-04-01", end="2027-04-05")
    assert not held(database, "BUD-S1")


def test_a_whole_holds_one_row_per_part_and_all_of_it_changes_together(database: Database, a_booking: MakeBooking):
    whole = a_booking(resource="DGP-HOUSE", state="option")
    rows = held_by(database, whole)
    assert [row.atom for row in rows] == ["DGP-GZ", "DGP-KL", "DGP-KZ", "DGP-RS"]
    assert {row.force for row in rows} == {"soft"}
    with database.read() as connection:
        venue_id = connection.execute(select(Claim.venue_id).where(Claim.booking_id == whole)).scalar_one()
    claims = [row.claim_id for row in rows]
    database.write(lambda connection: occupancies.set_force(connection, venue_id, claims, Force.HARD))
    assert {row.force for row in held_by(database, whole)} == {"hard"}
    database.write(lambda connection: occupancies.give_up(connection, venue_id, claims))
    assert not held_by(database, whole)


def test_a_whole_that_fails_at_one_part_changes_none(database: Database, a_booking: MakeBooking):
    whole = a_booking(resource="DGP-HOUSE", state="option")
    other = a_booking(resource="DGP-RS", state="requested", company="Zwaluw")
    claims = [row.claim_id for row in held_by(database, whole)]
    with database.read() as connection:
        venue_id = connection.execute(select(Claim.venue_id).where(Claim.booking_id == whole)).scalar_one()
    taken = [row.claim_id for row in held_by(database, other)]
    database.write(lambda connection: occupancies.set_force(connection, venue_id, taken, Force.HARD))
    with pytest.raises(DBAPIError, match="occupancy_taken"):
        database.write(lambda connection: occupancies.set_force(connection, venue_id, claims, Force.HARD))
    assert {row.force for row in held_by(database, whole)} == {"soft"}


def test_touching_raises_the_revision_of_a_resource(database: Database):
    atom, before = number(database, "BUD-S1")
    database.write(lambda connection: occupancies.touch(connection, [atom]))
    assert number(database, "BUD-S1") == (atom, before + 1)
