"""A search and a plan that would take too long answer what they have, say so, and keep nobody waiting."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Thread
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import Connection

from booking.clock import utc_now
from booking.domain.needs import Need, Period
from booking.services import demo_synthetic, finding, looking, planning, settling
from booking.services.candidates import Patience, Search
from booking.services.charts import MOST_YEARS, Charts
from booking.storage.accounts import by_email
from booking.storage.database import Database
from booking.web.context import parts_of
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]
BODY = {"periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "days": 5, "needs": [{"kind": "studio"}]}


def no_time() -> Patience:
    """Whose time is over before it begins."""
    ticks = iter(range(10**9))
    return Patience(0.5, lambda: float(next(ticks)))


def test_without_any_time_the_answer_says_so_and_the_next_one_goes_on(database: Database, clock: StoppedClock):
    with database.read() as connection:
        camille = by_email(connection, "camille@lisiere.example")
        assert camille is not None
        asked = Search((Need(kind="studio"),), (Period(date(2027, 3, 8), date(2027, 3, 20)),), 5)
        [[late]] = finding.search(connection, camille, asked, at=clock(), patience=no_time())
        assert (late.hurried, late.candidates) == (True, ())
        [[found]] = finding.search(connection, camille, asked, at=clock(), patience=Patience(60, monotonic))
        assert not found.hurried
        assert found.candidates


def test_who_waits_for_another_that_reads_waits_no_longer_than_it_may(app: Flask, api: As):
    database = parts_of(app).database
    charts = database.remembers(Charts, lambda: Charts(database))
    with charts._lock:
        begun = monotonic()
        answers = []
        searching = Thread(target=lambda: answers.append(api("camille").post("/search", BODY)))
        searching.start()
        assert api("camille").get("/resources/BUD-S1").status == 200, "others are answered meanwhile"
        searching.join(60)
        assert monotonic() - begun < 30
    [late] = answers
    assert late.status == 200
    assert "note" in late.json
    assert "note" not in api("camille").post("/search", BODY).json


def test_who_settles_what_is_due_before_a_search_keeps_no_writer_from_looking(
    app: Flask, api: As, a_booking: MakeBooking, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    """A transaction may look while it writes, and settling waits for transactions that write."""
    database = parts_of(app).database
    booking = a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    clock.set(api("joris").get(f"/bookings/{booking}").json["due_at"])
    settled, looked = settling.settle_due, list[bool]()

    def look(connection: Connection) -> None:
        with looking.looking(connection, [], at=clock(), patience=None) as view:
            looked.append(view is not None)

    def settle(database: Database, *, at: datetime) -> int:
        writer = Thread(target=database.write, args=[look])
        writer.start()
        writer.join(10)
        assert looked == [True], "a writer waits for whoever settles"
        return settled(database, at=at)

    monkeypatch.setattr(settling, "settle_due", settle)
    period = [Period(date(2027, 3, 8), date(2027, 3, 20))]
    assert looking.look(database, period, at=clock(), patience=None, settled=False) is not None
    assert looked == [True]


def test_years_that_were_read_last_are_remembered(database: Database, clock: StoppedClock):
    charts = database.remembers(Charts, lambda: Charts(database))
    for year in range(2026, 2026 + MOST_YEARS + 2):
        chart = charts.present([year], at=clock())
    assert list(chart.years) == list(range(2028, 2028 + MOST_YEARS))
    every = range(2026, 2026 + MOST_YEARS + 2)
    assert charts.present(every, at=clock()).years.keys() == set(every), "who asks for more has more"


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_plan_over_a_thousand_houses_ends_in_time_and_says_what_it_did_not_prove(
    database: Database, clock: StoppedClock
):
    database.write(
        lambda connection: demo_synthetic.load(
            connection, venues=1_000, resources=3_000, bookings=3_000, years=2, seed=7, at=utc_now()
        )
    )
    with database.read() as connection:
        camille = by_email(connection, "camille@lisiere.example")
        assert camille is not None
        stages = tuple(
            planning.Stage(Need(kind=kind), days, most_gap=14)
            for kind, days in (("studio", 5), ("studio", 10), ("stage", 5))
        )
        period = Period(date(2027, 3, 1), date(2027, 6, 1))
        asked = planning.Asked(stages, period, ("BE", "FR"), 250.0)
        begun = monotonic()
        answer = planning.make(connection, camille, asked, at=clock(), seconds=0.2)
        assert monotonic() - begun < 10, "one step more than was given, on a machine that others use too"
        assert answer.plans or not answer.proved
        if not answer.plans:
            assert answer.blocked is None, "nothing is said to be impossible that nobody looked at"
