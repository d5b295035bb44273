"""The address of a search is the view: read back as it was typed. And a timetable drawn from judged days."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from werkzeug.datastructures import MultiDict

from booking.domain.finding import Day
from booking.domain.needs import Need, Period
from booking.domain.refusals import Conflict
from booking.storage.catalogues import CatalogueRow
from booking.web.pages import maps
from booking.web.pages.needs import read_wanted
from booking.web.pages.search import Run, runs
from tests.support.places import span

PERIOD = Period(date(2027, 3, 8), date(2027, 3, 13))


def args(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_a_need_with_beds_is_two_needs():
    wanted = read_wanted(args(("kind", "studio"), ("min_width_m", "10"), ("beds", "4"), ("country", "BE")))
    assert wanted.needs == (
        Need(kind="studio", min_width_m=10, country="BE"),
        Need(kind="accommodation", country="BE", quantity=4),
    )


def test_days_are_typed_with_both_ends_and_asked_without_the_last():
    wanted = read_wanted(
        args(("first", "2027-03-08"), ("last", "2027-03-12"), ("first", "2027-04-05"), ("last", ""))
    )
    assert wanted.asked == (PERIOD, Period(date(2027, 4, 5), date(2027, 4, 6)))


def test_a_period_that_makes_no_sense_says_so_and_the_others_are_asked():
    firsts = ("2027-03-08", "2027-03-09", "soon")
    lasts = ("2027-03-12", "2027-03-01", "later")
    wanted = read_wanted(args(*(("first", each) for each in firsts), *(("last", each) for each in lasts)))
    assert [typed.error for typed in wanted.periods] == [None, "not-after-start", "not-a-day"]
    assert wanted.asked == (PERIOD,)


def test_another_view_keeps_everything_else():
    wanted = read_wanted(args(("kind", "studio"), ("first", "2027-03-08"), ("last", "2027-03-12"), ("q", "")))
    assert wanted.address(view="map") == "/search?kind=studio&first=2027-03-08&last=2027-03-12&view=map"
    assert wanted.address(kind=None) == "/search?first=2027-03-08&last=2027-03-12"


def test_neighbouring_days_with_the_same_answer_are_one_bar():
    taken = Conflict("time-taken", "R", span("2027-03-10 06:00", "2027-03-11 06:00"), ())
    closed = Conflict("closed", "R", span("2027-03-10 06:00", "2027-03-11 06:00"), ())
    ranks = [Day(day) for day in PERIOD.days[:2]]
    judged = [*ranks, Day(PERIOD.days[2], (taken,)), Day(PERIOD.days[3], (closed,)), Day(PERIOD.days[4], (), 2)]
    drawn = [(run.column, run.width, run.state, run.rank) for run in runs(judged, PERIOD)]
    assert drawn == [(1, 2, "free", None), (3, 1, "confirmed", None), (4, 1, "closed", None), (5, 1, "option", 2)]
    assert next(iter(runs(judged, PERIOD))) == Run(1, 2, "free", None, PERIOD.days[0], PERIOD.days[1])


def test_names_on_the_map_do_not_lie_on_one_another():
    towns: Any = [("Charleroi", 4.45, 50.417), ("Namur", 4.868, 50.465), ("Mons", 3.958, 50.456)]
    rows = [SimpleNamespace(town=town, longitude=east, latitude=north) for town, east, north in towns]
    made = maps.pins([(cast(CatalogueRow, row), 1, 0) for row in rows])
    assert len({(pin.name_x, pin.name_y) for pin in made}) == 3
    assert all(0 <= pin.x <= maps.WIDTH and 0 <= pin.y <= maps.HEIGHT for pin in made)
