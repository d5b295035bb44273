"""A class every Tuesday (B6): previewed, saved as previewed, changed from a day on, never in the past."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]
TUESDAY = a_claim("BUD-S2", "2027-09-07T10:00:00+02:00", "2027-09-07T12:00:00+02:00")
RULE = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20280627"


def every_tuesday(api: Api, claim: dict[str, Any] = TUESDAY, **recurrence: Any) -> Answer:
    wanted = {"rule": RULE, "except": ["school-holidays"], **recurrence}
    return ask_for_the_house(api, claim, title="Les op dinsdag", purpose="workshop", recurrence=wanted)


def test_thirty_seven_tuesdays_at_ten(api: As):
    joris = api("joris")
    seen = every_tuesday(joris, preview=True)
    assert seen.status == 200, seen
    assert (len(seen.json["occurrences"]), len(seen.json["skipped"])) == (37, 6)
    assert seen.json["warnings"] == []
    assert joris.get("/bookings").json["items"] == []  # a preview saves nothing

    saved = every_tuesday(joris, preview_digest=seen.json["preview_digest"])
    assert (saved.status, saved.json["occurrences"]) == (201, 37), saved
    series = joris.get(f"/series/{saved.json['series']}").json
    starts = [each["start"] for each in series["occurrences"]]
    assert starts == [each["start"] for each in seen.json["occurrences"]]
    assert {start[11:19] for start in starts} == {"10:00:00"}
    assert {start[19:] for start in starts} == {"+01:00", "+02:00"}
    assert [each["code"] for each in series["skipped"]] == ["school-holidays"] * 6
    assert "2027-11-02" in series["skipped"][0]["start"]


def test_this_and_following_leaves_what_was_before(api: As):
    joris = api("joris")
    series = every_tuesday(joris).json["series"]
    occurrences = joris.get(f"/series/{series}").json["occurrences"]
    january = next(each for each in occurrences if each["start"].startswith("2028-01-11"))
    changed = joris.patch(
        f"/bookings/{january['booking']}",
        {
            "scope": "following",
            "claims": [a_claim("BUD-S2", "2028-01-11T14:00:00+01:00", "2028-01-11T16:00:00+01:00")],
        },
    )
    assert changed.status == 200, changed
    after = joris.get(f"/series/{series}").json["occurrences"]
    assert {each["start"][11:16] for each in after if each["start"] < "2028-01-11"} == {"10:00"}
    assert {each["start"][11:16] for each in after if each["start"] >= "2028-01-11"} == {"14:00"}
    assert [each["booking"] for each in after] == [each["booking"] for each in occurrences]


def test_the_past_is_never_changed(api: As, clock: StoppedClock):
    joris = api("joris")
    series = every_tuesday(joris).json["series"]
    clock.set("2027-12-01T09:00:00+01:00")
    occurrences = joris.get(f"/series/{series}").json["occurrences"]
    last = occurrences[-1]["booking"]
    assert joris.patch(f"/bookings/{last}", {"scope": "all", "title": "Les"}).status == 200
    titles = {
        each["start"]: joris.get(f"/bookings/{each['booking']}").json["title"]
        for each in (*occurrences[:2], *occurrences[-2:])
    }
    assert list(titles.values()) == ["Les op dinsdag", "Les op dinsdag", "Les", "Les"]


def test_a_conflict_refuses_the_series_or_is_skipped_and_retried(api: As, a_booking: Callable[..., object]):
    joris = api("joris")
    taken = str(a_booking(resource="BUD-S2", start="2027-09-14", end="2027-09-15"))
    refused = every_tuesday(joris)
    assert (refused.status, refused.code) == (409, "time-taken")
    assert len(joris.get("/bookings").json["items"]) == 1
    skipping = every_tuesday(joris, on_conflict="skip")
    assert skipping.json["occurrences"] == 36, skipping
    series = skipping.json["series"]
    first = joris.get(f"/series/{series}").json["skipped"][0]
    assert (first["code"], first["start"][:10]) == ("time-taken", "2027-09-14")
    assert len(joris.post(f"/series/{series}/retry").json["occurrences"]) == 36
    answer(joris, taken, "cancel", reason="ill")
    assert len(joris.post(f"/series/{series}/retry").json["occurrences"]) == 37


def test_what_changed_since_the_preview_is_refused(api: As, a_booking: Callable[..., object]):
    joris = api("joris")
    digest = every_tuesday(joris, preview=True).json["preview_digest"]
    a_booking(resource="BUD-S2", start="2027-09-14", end="2027-09-15")
    assert every_tuesday(joris, on_conflict="skip", preview_digest=digest).status == 412


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=WEEKLY;COUNT=1\N{ARABIC-INDIC DIGIT THREE}",
        "FREQ=MINUTELY;COUNT=5",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=5",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20290101",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;UNTIL=20290601",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=5;UNTIL=20280101",
        "FREQ=WEEKLY;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=20279999",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=5",
        "FREQ=MONTHLY;BYMONTHDAY=99;COUNT=5",
        "every tuesday",
        "FREQ=WEEKLY;COUNT=5\nRDATE:20270101",
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_once(api: As, rule: str):
    joris = api("joris")
    begun = time.thread_time()
    refused = every_tuesday(joris, rule=rule)
    assert time.thread_time() - begun < 1.0  # what it costs, whoever else is busy
    assert (refused.status, list(refused.json["errors"])) == (422, ["recurrence.rule"]), refused
    assert joris.get("/bookings").json["items"] == []


def test_somebody_elses_series_is_unknown(api: As):
    series = every_tuesday(api("joris")).json["series"]
    assert api("camille").get(f"/series/{series}").status == 404
    assert api("nadia").post(f"/series/{series}/retry").status == 404
