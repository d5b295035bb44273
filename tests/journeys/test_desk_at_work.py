"""The desk at work: clocks, a reminder, the plan from a day to a season, sets of rooms, keys to switch off."""

from collections.abc import Callable

import pytest
from flask import Flask

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, history
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.statements import counted
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
MOST_STATEMENTS = 12
ZOOMS = ("day", "week", "fortnight", "month", "season")


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


@pytest.fixture
def option(api: As) -> str:
    """Lisière has the option on BUD-TA from 8 to 12 March; it runs until Monday 7 December."""
    asked = ask(api("camille"), a_claim("BUD-TA", "2027-03-08", "2027-03-13"), title="Marées")
    assert answer(api("joris"), asked.json["id"], "grant").status == 200
    return str(asked.json["id"])


def test_a_clock_that_runs_out_this_week_stands_on_top_with_what_can_be_done(
    joris: Visitor, option: str, clock: StoppedClock
):
    assert "Termijnen" not in joris.get("/desk/BUD").text, "a fortnight away it is no worry yet"
    clock.set("2026-12-03T09:00+01:00")
    page = joris.get("/desk/BUD").text
    assert "Eén termijn loopt binnen zeven dagen af." in page
    assert "nog 2 werkdagen" in page
    assert f"/bookings/{option}/extend" in page
    assert f"/bookings/{option}/release" in page


def test_where_nothing_waits_the_next_clock_is_named(joris: Visitor, option: str):
    page = joris.get("/desk/BUD").text
    assert "Er wacht niets." in page
    assert "Volgende: ma 7 dec" in page
    assert "Compagnie Lisière" in page


def test_a_holder_is_reminded_once_a_day_whoever_presses(
    joris: Visitor, api: As, option: str, clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    clock.set("2026-12-03T09:00+01:00")
    for _ in range(2):
        assert joris.post("/desk/BUD/reminders", {"booking": option}).status == 303
    told = [each["kind"] for each in history(api("joris"), option)]
    assert told.count("booking.expiring") == 1
    assert "ging al een herinnering uit" in joris.get("/desk/BUD").text
    worker()
    kinds = [each["kind"] for each in api("camille").get("/notifications").json["items"]]
    assert "booking.expiring" in kinds


def test_nobody_is_reminded_of_what_is_no_option(joris: Visitor, a_booking: MakeBooking, api: As):
    settled = str(a_booking(resource="BUD-S1", state="confirmed"))
    assert joris.post("/desk/BUD/reminders", {"booking": settled}).status == 303
    assert "booking.expiring" not in [each["kind"] for each in history(api("joris"), settled)]


def test_the_request_that_the_address_names_stands_open_beside_the_list(joris: Visitor, api: As):
    first = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-13"), title="Marées").json["id"]
    second = ask(api("wout"), a_claim("BUD-S1", "2027-03-10", "2027-03-16"), title="Zwerm").json["id"]
    panel = joris.get("/desk/BUD").text.split('class="panel"')[1]
    assert f"/bookings/{first}/confirm" in panel
    panel = joris.get(f"/desk/BUD?open={second}").text.split('class="panel"')[1]
    assert f"/bookings/{second}/confirm" in panel
    assert "Aanvraag 2 van 2" in panel


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_zoom_shows_the_same_booking_within_twelve_statements(
    joris: Visitor, a_booking: MakeBooking, zoom: str
):
    made = a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-13", title="Marées")
    with counted() as seen:
        page = joris.get(f"/desk/BUD/plan?zoom={zoom}&from=2027-03-08")
    assert page.status == 200
    assert f"/bookings/{made}" in page.text
    assert len(seen) <= MOST_STATEMENTS, seen.listing


def test_the_rank_of_an_option_is_drawn_day_by_day(joris: Visitor, api: As, option: str):
    later = ask(api("wout"), a_claim("BUD-TA", "2027-03-10", "2027-03-17"), title="Zwerm").json["id"]
    assert answer(api("joris"), later, "grant").status == 200
    page = joris.get("/desk/BUD/plan?zoom=fortnight&from=2027-03-08").text
    second = page.split(f'href="/bookings/{later}"')[1].split("</a>")[0]
    assert second.index("2e optie") < second.index("1e optie")
    assert 'class="span-3 is-option-behind"' in second
    assert 'class="span-4 is-option"' in second
    first = page.split(f'href="/bookings/{option}"')[1].split("</a>")[0]
    assert "is-option-behind" not in first


def test_set_up_and_strike_are_told_apart_from_the_thing_itself(joris: Visitor, api: As):
    claim = {
        **a_claim("BUD-TA", "2027-03-10T18:00:00+01:00", "2027-03-10T21:00:00+01:00"),
        "setup_minutes": 120,
        "strike_minutes": 60,
    }
    assert ask_for_the_house(api("joris"), claim, title="Eigen").status == 201
    page = joris.get("/desk/BUD/plan?zoom=day&from=2027-03-10").text
    assert 'title="opbouw"' in page
    assert 'title="afbraak"' in page
    assert "18:00–21:00" in page
    assert "bar__rail" in joris.get("/desk/BUD/plan?zoom=week&from=2027-03-08").text


def test_many_short_things_of_a_week_are_one_cell_in_a_season(joris: Visitor, a_booking: MakeBooking):
    for day in (8, 9, 10, 11):
        a_booking(resource="BUD-S1", start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}")
    page = joris.get("/desk/BUD/plan?zoom=season&from=2027-01-04").text
    assert "Week 10: 4 items: 4 bevestigd" in page
    assert "/desk/BUD/plan?weeks=1&amp;from=2027-03-08" in page


@pytest.mark.parametrize("zoom", ["season", "fortnight", "day"])
def test_titles_and_reasons_that_would_be_markup_are_text_on_the_plan(
    joris: Visitor, api: As, a_booking: MakeBooking, zoom: str
):
    attack = "a'b\"><img src=x onerror=a()>"
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-22", title=attack)
    closed = {"start": "2027-03-08", "end": "2027-03-22", "reason": attack}
    assert api("joris").post("/resources/BUD-S2/closures", closed).status == 201
    page = joris.get(f"/desk/BUD/plan?zoom={zoom}&from=2027-03-08").text
    assert "<img src=x" not in page
    assert page.count("&#39;b&#34;&gt;&lt;img src=x onerror=a()&gt;") >= 2


def test_a_planner_keeps_sets_of_rooms_in_an_order_that_nobody_else_sees(app: Flask, joris: Visitor):
    form = {"name": "Boven", "place-BUD-S2": "1", "place-BUD-S1": "2", "place-BUD-TA": "", "first": "1"}
    answered = joris.post("/desk/BUD/plan/sets", form)
    assert answered.headers["Location"] == "/desk/BUD/plan?rooms=BUD-S2,BUD-S1"
    page = joris.get("/desk/BUD/plan").text
    assert page.index('data-resource="BUD-S2"') < page.index('data-resource="BUD-S1"')
    assert 'data-resource="BUD-TA"' not in page, "the plan opens with it"
    assert 'data-resource="BUD-TA"' in joris.get("/desk/BUD/plan?rooms=all").text
    assert "Boven" not in Visitor(app, "elise").get("/desk/BUD/plan").text
    assert joris.post("/desk/BUD/plan/sets", {"name": "", "place-BUD-S1": "1"}).status == 303
    assert joris.post("/desk/BUD/plan/sets", {"name": "x", "place-XXX": "1"}).status == 303
    assert page.count("/plan/sets/") == 1
    gone = page.split('action="/desk/BUD/plan/sets/')[1].split('"')[0]
    assert joris.post(f"/desk/BUD/plan/sets/{gone}").status == 303
    assert "Boven" not in joris.get("/desk/BUD/plan").text


def test_a_room_that_the_house_does_not_have_is_in_no_set_and_in_no_address(joris: Visitor):
    odd = {"name": "Boven", "place-BUD-S1": "1", "place-x\r\nX: y": "2", "place-V04-DS": "3"}
    assert joris.post("/desk/BUD/plan/sets", odd).headers["Location"] == "/desk/BUD/plan?rooms=BUD-S1"


def test_the_keys_can_be_switched_off(joris: Visitor):
    assert "keys.js" in joris.get("/desk/BUD").text
    assert joris.post("/me/shortcuts", {"on": "0"}).status == 303
    assert "keys.js" not in joris.get("/desk/BUD").text
    assert joris.post("/me/shortcuts", {"on": "1"}).status == 303
    assert "keys.js" in joris.get("/desk/BUD").text
    assert "keys.js" not in joris.get("/me").text, "only on the desk"


def test_a_line_of_the_queue_is_longer_than_six_weeks(joris: Visitor, api: As, database: Database):
    long = ask(api("camille"), a_claim("BUD-S2", "2027-03-01", "2027-05-10"), title="Lang").json["id"]
    assert answer(api("joris"), long, "grant").status == 200
    page = joris.get("/desk/BUD/queue/BUD-S2").text
    assert "1 mrt – 9 mei 2027" in page
    assert 'class="from-1 span-70"' in page
