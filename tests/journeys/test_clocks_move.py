"""C1 and C2: the two nights of 2027 in which clocks move, through real bookings."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, ask_for_the_house, timeline
from tests.support.rows import held_by

As = Callable[[str | None], Api]


def lasts(document: dict[str, str]) -> timedelta:
    return datetime.fromisoformat(document["end"]) - datetime.fromisoformat(document["start"])


def test_the_strike_over_the_night_when_clocks_go_forward_lasts_seven_hours(api: As, database: Database):
    bram = api("bram")
    strike = a_claim("DGP-GZ", "2027-03-27T22:00:00+01:00", "2027-03-28T06:00:00+02:00")
    made = ask_for_the_house(bram, strike)
    assert made.status == 201, made
    [claim] = made.json["claims"]
    assert (claim["start"], claim["end"]) == (strike["start"], strike["end"])
    assert lasts(claim) == timedelta(hours=7)
    [item] = timeline(bram, "DGP-GZ", "2027-03-27", "2027-03-28")
    assert lasts(item) == timedelta(hours=7)
    assert timeline(bram, "DGP-GZ", "2027-03-28", "2027-03-29") == [], "it belongs to the planning day of the 27th"
    [row] = held_by(database, made.json["id"])
    assert row.ends - row.starts == timedelta(hours=7)


def test_a_conflict_with_it_is_on_the_27th(api: As):
    bram = api("bram")
    ask_for_the_house(bram, a_claim("DGP-GZ", "2027-03-27T22:00:00+01:00", "2027-03-28T06:00:00+02:00"))
    refused = ask_for_the_house(bram, a_claim("DGP-GZ", "2027-03-28T03:00:00+02:00", "2027-03-28T05:00:00+02:00"))
    assert refused.json["conflicts"][0]["days"] == ["2027-03-27"]
    free = a_claim("DGP-GZ", "2027-03-28T06:00:00+02:00", "2027-03-28T08:00:00+02:00")
    assert ask_for_the_house(bram, free).status == 201


def test_the_night_when_clocks_go_back_lasts_nine_hours(api: As):
    made = ask_for_the_house(
        api("bram"), a_claim("DGP-GZ", "2027-10-30T22:00:00+02:00", "2027-10-31T06:00:00+01:00")
    )
    assert made.status == 201, made
    assert lasts(made.json["claims"][0]) == timedelta(hours=9)


def test_half_past_two_happens_twice_and_both_can_be_stored(api: As):
    bram = api("bram")
    first = a_claim("DGP-GZ", "2027-10-31T02:00:00+02:00", "2027-10-31T02:30:00+02:00")
    second = a_claim("DGP-GZ", "2027-10-31T02:00:00+01:00", "2027-10-31T02:30:00+01:00")
    for claim in (first, second):
        made = ask_for_the_house(bram, claim)
        assert made.status == 201, made
        assert made.json["claims"][0]["start"] == claim["start"], "with the offset that tells them apart"
    assert ask_for_the_house(bram, second).code == "time-taken"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [("2027-03-27", "2027-03-28", 23), ("2027-03-28", "2027-03-29", 24), ("2027-10-30", "2027-10-31", 25)],
)
def test_whole_days_are_as_long_as_the_clocks_make_them(
    api: As, database: Database, start: str, end: str, hours: int
):
    made = ask_for_the_house(api("bram"), a_claim("DGP-GZ", start, end))
    assert (made.json["claims"][0]["start"], made.json["claims"][0]["end"]) == (start, end)
    [row] = held_by(database, made.json["id"])
    assert row.ends - row.starts == timedelta(hours=hours)


def test_a_time_that_no_clock_shows_cannot_be_sent_without_its_offset(api: As):
    naive = a_claim("DGP-GZ", "2027-03-28T02:30:00", "2027-03-28T04:30:00")
    refused = ask_for_the_house(api("bram"), naive)
    assert (refused.status, refused.code) == (422, "naive-time")
    clear = a_claim("DGP-GZ", "2027-03-28T02:30:00+01:00", "2027-03-28T04:30:00+02:00")
    made = ask_for_the_house(api("bram"), clear)
    assert made.json["claims"][0]["start"] == "2027-03-28T03:30:00+02:00"
