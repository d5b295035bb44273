"""The plan as it is shown, taken along: a table and a calendar of the same days and rooms."""

import csv
import io
from collections.abc import Callable
from datetime import date

import icalendar
import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.statements import counted
from tests.support.two_readers import read
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
WEEK = "?zoom=week&from=2027-03-08"
MOST_STATEMENTS = 12


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


@pytest.fixture
def week(a_booking: MakeBooking) -> dict[str, str]:
    """Of the week from 8 March: Marées confirmed, an option behind another, a request; and what is not of it."""
    days = {"start": "2027-03-09", "end": "2027-03-11"}
    made = {
        "confirmed": a_booking(title="=HYPERLINK(1)", **days),
        "first": a_booking(resource="BUD-S2", state="option", company="Zwaluw", title="Vlucht", **days),
        "second": a_booking(resource="BUD-S2", state="option", title="Marées", **days),
        "requested": a_booking(resource="BUD-TA", state="requested", title="Vraag", **days),
        "cancelled": a_booking(resource="BUD-TA", state="cancelled", title="Weg", **days),
        "after": a_booking(title="Later", start="2027-03-15", end="2027-03-16"),
    }
    return {name: str(booking) for name, booking in made.items()}


def table(taken: Answer) -> list[dict[str, str]]:
    assert (taken.status, taken.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(taken.body.decode("utf-8-sig")), delimiter=";"))


def titles(taken: Answer) -> list[str]:
    assert taken.status == 200
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="BUD-plan-')
    return sorted(event.summary for event in read(taken.body).values())


def test_a_table_has_a_line_for_each_thing_as_the_page_shows_it(joris: Visitor, week: dict[str, str]):
    rows = table(joris.get(f"/desk/BUD/plan.csv{WEEK}"))
    of_tests = [
        row for row in rows if row["Titel"] in ("'=HYPERLINK(1)", "Vlucht", "Marées", "Vraag", "Weg", "Later")
    ]
    told = [(row["Code"], row["Titel"], row["Stand"], row["Rang"]) for row in of_tests]
    assert sorted(told) == [
        ("BUD-S1", "'=HYPERLINK(1)", "Bevestigd", ""),
        ("BUD-S2", "Marées", "Optie", "2"),
        ("BUD-S2", "Vlucht", "Optie", "1"),
        ("BUD-TA", "Vraag", "Aangevraagd", ""),
    ]
    first = next(row for row in rows if row["Code"] == "BUD-S1")
    assert (first["Eerste dag"], first["Laatste dag"], first["Gezelschap"]) == (
        "2027-03-09",
        "2027-03-10",
        "Compagnie Lisière",
    )


def test_a_calendar_has_what_holds_these_days_as_feeds_tell_it(joris: Visitor, week: dict[str, str]):
    taken = joris.get(f"/desk/BUD/plan.ics{WEEK}")
    assert titles(taken) == ["=HYPERLINK(1)", "OPT 1 · Vlucht", "OPT 2 · Marées"]
    (marees,) = (event for event in read(taken.body).values() if event.summary == "=HYPERLINK(1)")
    assert (marees.start, marees.end, marees.status) == (date(2027, 3, 9), date(2027, 3, 11), "CONFIRMED")
    one_room = joris.get(f"/desk/BUD/plan.ics{WEEK}&rooms=BUD-S2")
    assert titles(one_room) == ["OPT 1 · Vlucht", "OPT 2 · Marées"]
    assert {row["Code"] for row in table(joris.get(f"/desk/BUD/plan.csv{WEEK}&rooms=BUD-S2"))} == {"BUD-S2"}
    page = joris.get(f"/desk/BUD/plan{WEEK}&rooms=BUD-S2").text
    for ending in ("csv", "ics"):
        assert f'/desk/BUD/plan.{ending}?zoom=week&amp;from=2027-03-08&amp;rooms=BUD-S2"' in page


def test_what_ended_long_ago_is_in_the_file_of_its_week_still(
    joris: Visitor, week: dict[str, str], clock: StoppedClock
):
    clock.set("2027-09-01T09:00+02:00")
    assert "=HYPERLINK(1)" in titles(joris.get(f"/desk/BUD/plan.ics{WEEK}"))


def test_of_a_series_only_the_dates_of_these_days_are_in_it(api: As, joris: Visitor):
    tuesdays = a_claim("BUD-S2", "2027-03-02T10:00:00+01:00", "2027-03-02T12:00:00+01:00")
    rule = {"rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270430"}
    saved = ask_for_the_house(api("joris"), tuesdays, title="Les", purpose="workshop", recurrence=rule)
    assert saved.status == 201, saved
    dates = api("joris").get(f"/series/{saved.json['series']}").json["occurrences"]
    gone = next(each["booking"] for each in dates if each["start"].startswith("2027-03-16"))
    assert answer(api("joris"), gone, "cancel", reason="feest").status == 200
    taken = joris.get("/desk/BUD/plan.ics?zoom=fortnight&from=2027-03-08&rooms=BUD-S2")
    (only,) = icalendar.Calendar.from_ical(taken.body).walk("VEVENT")
    assert (only["SUMMARY"], f"{only.decoded('DTSTART'):%d %H:%M}", "RRULE" in only) == ("Les", "09 10:00", False)


@pytest.mark.parametrize("ending", ["csv", "ics"])
def test_files_cost_no_more_statements_than_a_page(joris: Visitor, week: dict[str, str], ending: str):
    joris.get(f"/desk/BUD/plan.{ending}{WEEK}")
    with counted() as seen:
        assert joris.get(f"/desk/BUD/plan.{ending}{WEEK}").status == 200
    assert len(seen) <= MOST_STATEMENTS, seen.listing
