"""When a resource can be had: windows of so many days in a row, free or behind options."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from booking.domain.claims import Held, Place
from booking.domain.conflicts import Asker
from booking.domain.finding import Asking, Calendar, Finding, Window, find
from booking.domain.needs import Period, SchoolHolidays
from booking.domain.school_holidays import is_school_holiday
from tests.support.places import COMPANY, NAMES, OUTSIDER, a_room, some_stock, span, when

AT = when("2026-11-23 09:00")


def held(place: Place, start: str, end: str, *, force: str = "hard", quantity: int = 1, order: int = 1) -> Held:
    """What holds a place; times as `2027-03-08 09:00`."""
    during = span(start, end)
    booking: UUID = uuid5(NAMES, start + force)
    soft = order if force == "soft" else None
    return Held(place.atoms[0].id, during, during, quantity, force, "claim", booking, order=soft)


def found(
    place: Place,
    first: str,
    end: str,
    days: int,
    *holders: Held,
    quantity: int = 1,
    asker: Asker = COMPANY,
    calendar: Calendar | None = None,
) -> Finding:
    period = Period(date.fromisoformat(first), date.fromisoformat(end))
    more = {"calendar": calendar} if calendar else {}
    return find(place, period, days, quantity, holders, Asking(asker, AT, 3), **more)


def windows(finding: Finding) -> list[str]:
    return [f"{window.start}/{window.end}" for window in finding.windows]


def test_a_free_room_has_one_window():
    assert windows(found(a_room(), "2027-03-08", "2027-03-20", 5)) == ["2027-03-08/2027-03-20"]


def test_a_taken_day_parts_the_windows_and_too_short_ones_do_not_count():
    room = a_room()
    taken = held(room, "2027-03-11 10:00", "2027-03-11 12:00")
    assert windows(found(room, "2027-03-08", "2027-03-20", 5, taken)) == ["2027-03-12/2027-03-20"]


def test_behind_an_option_it_is_the_second_option():
    room = a_room()
    option = held(room, "2027-03-08 06:00", "2027-03-20 06:00", force="soft")
    finding = found(room, "2027-03-08", "2027-03-20", 5, option)
    assert finding.rank == 2
    assert windows(finding) == ["2027-03-08/2027-03-20"]


def test_free_days_go_before_days_under_an_option():
    room = a_room()
    option = held(room, "2027-03-08 06:00", "2027-03-12 06:00", force="soft")
    finding = found(room, "2027-03-08", "2027-03-20", 5, option)
    assert finding.rank == 1
    assert windows(finding) == ["2027-03-12/2027-03-20"]
    assert [start.rank for start in finding.starts] == [2, 2, 2, 2, 1, 1, 1, 1]


def test_a_full_queue_is_as_good_as_taken():
    room = a_room()
    options = [
        replace(
            held(room, "2027-03-08 06:00", "2027-03-20 06:00", force="soft", order=n),
            booking_id=uuid5(NAMES, str(n)),
        )
        for n in range(3)
    ]
    finding = found(room, "2027-03-08", "2027-03-20", 5, *options)
    assert not finding.starts
    assert [(each.kind, each.facts["rule"]) for each in finding.conflicts] == [("rule", "most-rank")]


def test_taken_throughout_is_told_once_with_all_its_days():
    room = a_room()
    [conflict] = found(
        room, "2027-03-08", "2027-03-11", 2, held(room, "2027-03-08 06:00", "2027-03-11 06:00")
    ).conflicts
    assert conflict.kind == "time-taken"
    assert [day.day for day in conflict.days] == [8, 9, 10]


def test_of_stock_so_many_must_be_left_at_every_moment():
    stock = some_stock(24)
    ten = held(stock, "2027-05-11 09:00", "2027-05-11 12:00", quantity=10)
    assert windows(found(stock, "2027-05-10", "2027-05-13", 1, ten, quantity=14)) == ["2027-05-10/2027-05-13"]
    assert windows(found(stock, "2027-05-10", "2027-05-13", 1, ten, quantity=15)) == [
        "2027-05-10/2027-05-11",
        "2027-05-12/2027-05-13",
    ]


def test_a_room_for_the_programme_is_not_for_others():
    room = a_room(rules={"audience": "programme"})
    assert found(room, "2027-03-08", "2027-03-20", 5).starts
    [conflict] = found(room, "2027-03-08", "2027-03-20", 5, asker=OUTSIDER).conflicts
    assert conflict.facts["rule"] == "audience"


def test_days_before_the_lead_time_do_not_count():
    room = a_room(rules={"lead_minutes": 7 * 24 * 60})
    assert windows(found(room, "2026-11-24", "2026-12-05", 2)) == ["2026-11-30/2026-12-05"]


def test_school_holidays_are_avoided_or_wanted():
    flemish = lambda day: is_school_holiday(("BE", "Flemish"), day)  # noqa: E731 -- one line, twice
    around = ("2027-03-25", "2027-04-15", 3)
    avoided = found(a_room(), *around, calendar=Calendar(SchoolHolidays.AVOID, flemish))
    wanted = found(a_room(), *around, calendar=Calendar(SchoolHolidays.ONLY, flemish))
    assert windows(avoided) == ["2027-03-25/2027-03-29", "2027-04-12/2027-04-15"]
    assert windows(wanted) == ["2027-03-29/2027-04-12"]


def test_a_school_year_that_nobody_knows_answers_nothing():
    finding = found(
        a_room(), "2027-03-08", "2027-03-12", 2, calendar=Calendar(SchoolHolidays.AVOID, lambda _: None)
    )
    assert finding.holidays_unknown
    assert not finding.starts


def test_hours_are_one_claim_of_just_that_time():
    room = a_room(rules={"opening": {"mon-fri": "09:00-18:00"}})
    asking = Asking(COMPANY, AT, 3)
    day = Period(when("2027-03-08 09:00"), when("2027-03-08 18:00"))
    late = Period(when("2027-03-08 09:00"), when("2027-03-08 19:00"))
    assert find(room, day, 1, 1, [], asking).windows == (Window(day.start, day.end),)
    assert [each.kind for each in find(room, late, 1, 1, [], asking).conflicts] == ["outside-hours"]
