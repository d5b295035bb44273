"""The booking form, read: days, nights and hours become claims; the clock's tricks are told."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from flask import Flask

from booking.domain.refusals import NotFound
from booking.storage.database import Database
from booking.web.pages.booking_form import BookingForm, read_form
from tests.support.cast import person
from tests.support.places import when


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def read(database: Database, code: str = "BUD-S1", who: str = "camille", **typed: str) -> BookingForm:
    fields: Mapping[str, str] = {name.replace("__", "-"): value for name, value in typed.items()}
    reader = person(database, who)
    with database.read() as connection:
        return read_form(connection, reader, code, {"title": "Marées", **fields})


def spans(form: BookingForm) -> list[tuple[object, object]]:
    return [(claim.start, claim.end) for claim in form.terms.claims]


def test_the_last_day_is_included_as_people_say_it(database: Database):
    form = read(database, first="2027-03-08", last="2027-03-19")
    assert spans(form) == [(date(2027, 3, 8), date(2027, 3, 20))]
    assert not form.errors


def test_one_day_needs_no_last_day(database: Database):
    assert spans(read(database, first="2027-03-08")) == [(date(2027, 3, 8), date(2027, 3, 9))]


def test_nights_run_from_arrival_to_departure(database: Database):
    form = read(
        database,
        first="2027-03-08",
        last="2027-03-19",
        beds__quantity="4",
        beds__first="2027-03-07",
        beds__last="2027-03-19",
    )
    assert spans(form)[1] == (date(2027, 3, 7), date(2027, 3, 19))
    assert [claim.quantity for claim in form.terms.claims] == [1, 4]


def test_nights_without_dates_follow_the_days(database: Database):
    form = read(database, first="2027-03-08", last="2027-03-12", beds__quantity="2")
    assert spans(form)[1] == (date(2027, 3, 8), date(2027, 3, 12))


def test_no_beds_are_asked_when_nobody_asks_for_beds(database: Database):
    assert len(read(database, first="2027-03-08", beds__quantity="0").terms.claims) == 1


def test_further_places_take_the_same_days_unless_they_have_their_own(database: Database):
    form = read(
        database,
        first="2027-03-08",
        last="2027-03-09",
        **{
            "more-BUD-S2__quantity": "1",
            "more-BUD-TA__quantity": "1",
            "more-BUD-TA__first": "2027-03-09",
            "more-BUD-TA__from_time": "14:00",
            "more-BUD-TA__to_time": "18:00",
        },
    )
    by_code = {claim.resource: (claim.start, claim.end) for claim in form.terms.claims}
    assert by_code["BUD-S2"] == by_code["BUD-S1"]
    assert by_code["BUD-TA"] == (when("2027-03-09 14:00"), when("2027-03-09 18:00"))


def test_hours_past_midnight_run_into_the_next_day(database: Database):
    form = read(database, mode="hours", first="2027-03-08", from_time="22:00", to_time="02:00")
    assert spans(form) == [(when("2027-03-08 22:00"), when("2027-03-09 02:00"))]


@pytest.mark.parametrize("last", ["", "2027-03-08", "2027-03-09"])
def test_24_00_is_the_end_of_the_last_day(database: Database, last: str):
    form = read(database, mode="hours", first="2027-03-08", last=last, from_time="14:00", to_time="24:00")
    end = "2027-03-10 00:00" if last == "2027-03-09" else "2027-03-09 00:00"
    assert spans(form) == [(when("2027-03-08 14:00"), when(end))]


def test_the_night_when_clocks_go_forward_lasts_seven_hours(database: Database):
    form = read(database, mode="hours", first="2027-03-27", from_time="22:00", to_time="06:00")
    (claim,) = form.asked.claims
    assert (claim.terms.end - claim.terms.start).total_seconds() == 7 * 3600  # type: ignore[operator]


def test_a_time_that_does_not_exist_moves_by_the_gap_and_is_told(database: Database):
    form = read(database, mode="hours", first="2027-03-27", last="2027-03-28", from_time="22:00", to_time="02:30")
    assert form.terms.claims[0].end == when("2027-03-28 03:30")
    (note,) = form.asked.notes[""]
    assert "02:30" in note
    assert "03:30" in note


def test_a_time_that_comes_twice_means_the_first_and_is_told(database: Database):
    form = read(database, mode="hours", first="2027-10-30", last="2027-10-31", from_time="22:00", to_time="02:30")
    assert form.terms.claims[0].end == when("2027-10-31 02:30")
    assert "twice" in form.asked.notes[""][0]


def test_what_is_missing_stands_beside_its_field(database: Database):
    assert read(database).errors == {"first": ["required"]}
    assert list(read(database, mode="hours", first="2027-03-08").errors) == ["from_time", "to_time"]
    assert list(read(database, first="2027-03-08", last="2027-03-01").errors) == ["last"]


def test_a_company_cannot_choose_what_becomes_of_it(database: Database):
    form = read(database, first="2027-03-08", state="confirmed", force="1", reason="because")
    assert (form.terms.state, form.terms.force, form.terms.reason) == (None, False, None)


def test_a_planner_books_for_the_house_unless_a_company_is_named(database: Database):
    form = read(database, who="joris", first="2027-03-08", state="option")
    assert form.by_house
    assert form.terms.organisation is None
    assert form.terms.state == "option"


def test_a_place_that_nobody_knows_is_not_found(database: Database):
    with pytest.raises(NotFound):
        read(database, "BUD-NOPE")
