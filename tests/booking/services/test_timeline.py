"""The timeline: what holds a resource, in one statement, and no word of it to those who may not know."""

from datetime import date
from typing import Any

import pytest

from booking.domain.refusals import NotFound
from booking.services.timeline import TimelineItem, timeline, timelines_of
from booking.storage.database import Database
from tests.support.builders import MakeBooking
from tests.support.canary import Canary
from tests.support.cast import person
from tests.support.places import span
from tests.support.rows import occupy
from tests.support.statements import counted

MARCH = span("2027-03-01 06:00", "2027-04-01 06:00")


def seen(database: Database, who: str, code: str) -> list[TimelineItem]:
    reader = person(database, who)
    with database.read() as connection:
        return timeline(connection, reader, code, start=MARCH.start, end=MARCH.end)


def test_options_and_confirmed_bookings_hold_and_requests_do_not(database: Database, a_booking: MakeBooking):
    a_booking(state="option", start="2027-03-01", end="2027-03-03")
    a_booking(state="confirmed", start="2027-03-08", end="2027-03-10")
    a_booking(state="requested", start="2027-03-15", end="2027-03-17")
    assert [item.force for item in seen(database, "joris", "BUD-S1")] == ["option", "confirmed"]


def test_it_comes_in_order_of_start_and_in_whole_days_when_it_was_asked_so(
    database: Database, a_booking: MakeBooking
):
    a_booking(start="2027-03-08", end="2027-03-10")
    a_booking(start="2027-03-02T10:00:00+01:00", end="2027-03-02T12:00:00+01:00")
    first, second = seen(database, "joris", "BUD-S1")
    assert first.days is None
    assert second.days == (date(2027, 3, 8), date(2027, 3, 10))


def test_buffers_are_part_of_it(database: Database, a_booking: MakeBooking):
    a_booking(resource="BUD-TA", start="2027-03-02T10:00:00+01:00", end="2027-03-02T12:00:00+01:00")
    [item] = seen(database, "joris", "BUD-TA")
    assert (item.start, item.end) == (
        span("2027-03-02 10:00", "2027-03-02 13:00").start,
        span("2027-03-02 10:00", "2027-03-02 13:00").end,
    )


def test_a_closure_is_closed_and_an_import_is_external(database: Database, a_booking: MakeBooking):
    [closed] = seen(database, "karim", "SUC-TH")
    assert (closed.force, closed.title) == ("closed", "building works")
    hours = span("2027-03-02 10:00", "2027-03-02 12:00")
    database.write(lambda connection: occupy(connection, "BUD-S1", hours.start, hours.end, source="external"))
    assert [item.force for item in seen(database, "joris", "BUD-S1")] == ["external"]


class TestWholes:
    def test_a_whole_is_one_item_on_itself_and_one_on_each_part(self, database: Database, a_booking: MakeBooking):
        a_booking(resource="HAD-PS")
        for code in ("HAD-PS", "HAD-PSA", "HAD-PSB"):
            assert len(seen(database, "maud", code)) == 1

    def test_a_booked_part_shows_on_its_whole_and_not_on_its_neighbour(
        self, database: Database, a_booking: MakeBooking
    ):
        a_booking(resource="HAD-PSA")
        assert [len(seen(database, "maud", code)) for code in ("HAD-PS", "HAD-PSA", "HAD-PSB")] == [1, 1, 0]

    def test_two_parts_booked_by_two_are_two_items_on_the_whole(self, database: Database, a_booking: MakeBooking):
        a_booking(resource="HAD-PSA")
        a_booking(resource="HAD-PSB", company="Zwaluw")
        assert {item.organisation for item in seen(database, "maud", "HAD-PS")} == {
            "Compagnie Lisière",
            "Collectief Zwaluw",
        }


def test_stock_shows_how_many_are_out(database: Database, a_booking: MakeBooking):
    a_booking(resource="PHX-PAR", quantity=10)
    a_booking(resource="PHX-PAR", quantity=8, company="Zwaluw")
    assert sorted(item.quantity for item in seen(database, "nadia", "PHX-PAR")) == [8, 10]


class TestWhoKnows:
    @pytest.mark.parametrize("who", ["wout", "nadia", "griet", "lotte"])
    @pytest.mark.parametrize("state", ["option", "confirmed"])
    def test_strangers_learn_that_it_is_taken_and_nothing_else(
        self, database: Database, canary: Any, who: str, state: str
    ):
        planted: Canary = canary(state=state)
        [item] = seen(database, who, "BUD-S1")
        assert (item.booking, item.title, item.organisation, item.state) == (None, None, None, None)
        planted.assert_unseen(repr(item), f"{who}'s timeline")

    @pytest.mark.parametrize("who", ["joris", "elise", "admin"])
    def test_the_house_and_those_who_see_everything_know_it(self, database: Database, canary: Any, who: str):
        planted: Canary = canary()
        [item] = seen(database, who, "BUD-S1")
        assert item.booking == planted.booking
        assert planted.seen_in(repr(item))

    def test_a_company_knows_its_own(self, database: Database, a_booking: MakeBooking):
        own = a_booking()
        [item] = seen(database, "camille", "BUD-S1")
        assert (item.booking, item.title) == (own, "Marées")

    def test_a_houses_own_programme_and_its_reasons_are_its_own(self, database: Database, a_booking: MakeBooking):
        a_booking(company=None, title="A secret premiere")
        [item] = seen(database, "camille", "BUD-S1")
        assert (item.force, item.title) == ("confirmed", None)
        [closed] = seen(database, "camille", "SUC-TH")
        assert closed.title is None


def test_any_number_of_resources_is_one_statement(database: Database, a_booking: MakeBooking):
    for code in ("BUD-S1", "BUD-S2", "BUD-TA", "BUD-RH"):
        a_booking(resource=code)
    joris = person(database, "joris")
    with database.read() as connection, counted() as statements:
        found = timelines_of(
            connection, joris, ["BUD-S1", "BUD-S2", "BUD-TA", "BUD-RH", "BUD-TB"], start=MARCH.start, end=MARCH.end
        )
    assert len(statements) == 1, statements.listing
    assert {code: len(items) for code, items in found.items()} == {
        "BUD-S1": 1,
        "BUD-S2": 1,
        "BUD-TA": 1,
        "BUD-RH": 1,
        "BUD-TB": 0,
    }


def test_what_only_touches_the_period_is_not_in_it(database: Database, a_booking: MakeBooking):
    a_booking(start="2027-02-20", end="2027-03-01")
    a_booking(start="2027-04-01", end="2027-04-05")
    assert not seen(database, "joris", "BUD-S1")


def test_a_resource_that_nobody_knows_is_not_found(database: Database):
    with pytest.raises(NotFound):
        seen(database, "joris", "BUD-S9")
