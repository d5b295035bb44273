"""The queue that theatres keep: ranks by day, clocks, challenges, confirmation over others, and back again."""

from collections.abc import Callable

import pytest

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, history, organisation_of
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]
KZ = "DGP-KZ"


@pytest.fixture
def option(api: As) -> Callable[..., str]:
    """An option that Bram's house gives a company: `option("wout", "2027-05-10", "2027-05-13")`."""

    def given(member: str, start: str, end: str, resource: str = KZ, planner: str = "bram", **more: object) -> str:
        asked = ask_for_the_house(
            api(planner),
            a_claim(resource, start, end),
            organisation=organisation_of(api(member)),
            title=member,
            state="option",
            **more,
        )
        assert asked.status == 201, asked
        return str(asked.json["id"])

    return given


def seen(api: Api, booking: str) -> dict[str, object]:
    found: dict[str, object] = api.get(f"/bookings/{booking}").json
    return found


def ranks(api: Api, booking: str) -> list[int]:
    return [day["rank"] for day in seen(api, booking)["days"]]


@pytest.fixture
def week(option: Callable[..., str], clock: StoppedClock) -> dict[str, str]:
    """B1: A Mon–Wed, B Wed–Fri, C Fri, granted in this order."""
    made = {}
    for minute, (name, member, start, end) in enumerate(
        [
            ("A", "wout", "2027-05-10", "2027-05-13"),
            ("B", "camille", "2027-05-12", "2027-05-15"),
            ("C", "lotte", "2027-05-14", "2027-05-15"),
        ]
    ):
        clock.set(f"2026-11-23T16:0{minute}:00+01:00")
        made[name] = option(member, start, end)
    return made


def test_a_rank_is_a_day_and_a_resource(api: As, week: dict[str, str]):
    bram = api("bram")
    assert ranks(bram, week["A"]) == [1, 1, 1]
    assert ranks(bram, week["B"]) == [2, 1, 1]
    assert seen(bram, week["B"])["rank"] == 2
    assert ranks(bram, week["C"]) == [2]

    released = answer(api("wout"), week["A"], "release", **{"from": "2027-05-12", "to": "2027-05-13"})
    assert released.status == 200, released
    assert released.json["state"] == "option"
    assert [day["date"] for day in released.json["days"]] == ["2027-05-10", "2027-05-11"]
    assert ranks(bram, week["B"]) == [1, 1, 1]
    assert ranks(bram, week["C"]) == [2]
    again = answer(api("wout"), week["A"], "release", **{"from": "2027-05-12", "to": "2027-05-13"})
    assert (again.status, again.code) == (409, "wrong-state")

    assert answer(api("camille"), week["B"], "release").json["state"] == "released"
    assert ranks(bram, week["C"]) == [1]


def test_an_option_runs_for_a_fortnight_and_then_lapses(
    api: As, option: Callable[..., str], clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    clock.set("2026-11-23T15:00:00+01:00")
    option("wout", "2027-05-10", "2027-05-15", "BUD-TA", "joris")
    clock.set("2026-11-23T16:00:00+01:00")
    second = option("camille", "2027-05-10", "2027-05-15", "BUD-TA", "joris")
    booking = seen(api("camille"), second)
    assert (booking["rank"], booking["expires_at"]) == (2, "2026-12-07T16:00:00+01:00")
    clock.set("2026-12-07T15:59:59+01:00")
    assert seen(api("camille"), second)["state"] == "option"
    clock.set("2026-12-07T16:07:00+01:00")
    assert seen(api("camille"), second)["state"] == "lapsed"
    last = history(api("camille"), second)[-1]
    assert (last["kind"], last["by"]) == ("booking.lapsed", None)
    assert last["at"].startswith("2026-12-07T16:00:00")


@pytest.fixture
def challenged(api: As, option: Callable[..., str], clock: StoppedClock) -> tuple[str, str, str]:
    """A3: Zwaluw first, Lisière second on BUD-TA; both extended once; challenged on Wed 9 Dec at 10:00."""
    clock.set("2026-11-23T15:00:00+01:00")
    first = option("wout", "2027-05-10", "2027-05-15", "BUD-TA", "joris")
    clock.set("2026-11-23T16:00:00+01:00")
    second = option("camille", "2027-05-10", "2027-05-15", "BUD-TA", "joris")
    for member, booking in (("wout", first), ("camille", second)):
        assert answer(api(member), booking, "extend").status == 200
    clock.set("2026-12-09T10:00:00+01:00")
    asked = answer(api("camille"), second, "challenge")
    assert asked.status == 200, asked
    due = [each["due_at"] for each in asked.json["challenge"]["answers_due"]]
    assert due == ["2026-12-14T10:00:00+01:00"]
    assert asked.json["challenge"]["state"] == "open"
    return first, second, asked.json["challenge"]["id"]


@pytest.mark.parametrize("late", ["2026-12-14T10:00:00+01:00", "2026-12-14T10:07:00+01:00"])
def test_silence_at_the_deadline_makes_the_contested_days_lapse(
    api: As, challenged: tuple[str, str, str], clock: StoppedClock, worker: Callable[[], dict[str, int]], late: str
):
    first, second, challenge = challenged
    clock.set(late)
    assert worker()["clocks settled"] == 1
    assert seen(api("wout"), first)["state"] == "lapsed"
    assert history(api("wout"), first)[-1]["at"].startswith("2026-12-14T10:00:00")
    won = seen(api("camille"), second)
    assert (won["rank"], won["due_at"], won["due_kind"]) == (1, "2026-12-16T10:00:00+01:00", "commit")
    assert api("wout").post(f"/challenges/{challenge}/answer", {"answer": "commit"}).code == "wrong-state"
    committed = answer(api("camille"), second, "commit")
    assert (committed.status, committed.json["state"]) == (200, "pending")
    assert answer(api("joris"), second, "confirm").json["state"] == "confirmed"


def test_an_answer_a_second_before_the_deadline_counts(
    api: As, challenged: tuple[str, str, str], clock: StoppedClock
):
    first, second, challenge = challenged
    clock.set("2026-12-14T09:59:59+01:00")
    answered = api("wout").post(f"/challenges/{challenge}/answer", {"answer": "commit"})
    assert (answered.status, answered.json["state"]) == (200, "pending")
    assert seen(api("camille"), second)["state"] == "suspended"
    back = answer(api("joris"), first, "take-back", reason="the crew is ill")
    assert back.json["state"] == "option"
    assert seen(api("camille"), second)["state"] == "option"
    assert ranks(api("joris"), second) == [2, 2, 2, 2, 2]


def test_who_won_a_challenge_and_does_not_commit_lapses(
    api: As, challenged: tuple[str, str, str], clock: StoppedClock
):
    first, second, challenge = challenged
    released = api("wout").post(f"/challenges/{challenge}/answer", {"answer": "release"})
    assert released.json["state"] == "released", released
    assert seen(api("camille"), second)["due_at"] == "2026-12-11T10:00:00+01:00"
    clock.set("2026-12-18T09:00:00+01:00")
    assert seen(api("camille"), second)["state"] == "lapsed"
    assert history(api("camille"), second)[-1]["at"].startswith("2026-12-11T10:00:00")
    assert seen(api("wout"), first)["state"] == "released"


def test_a_challenge_that_may_not_be(api: As, challenged: tuple[str, str, str], clock: StoppedClock):
    first, second, challenge = challenged
    assert answer(api("camille"), second, "challenge").code == "wrong-state"  # twice
    assert answer(api("wout"), first, "challenge").code == "wrong-state"  # nobody stands before the first
    assert answer(api("lotte"), second, "challenge").status == 404
    assert answer(api("joris"), second, "challenge").status == 403
    assert api("lotte").post(f"/challenges/{challenge}/answer", {"answer": "release"}).status == 404
    assert api("camille").post(f"/challenges/{challenge}/answer", {"answer": "release"}).status == 403
    assert api("wout").post(f"/challenges/{challenge}/answer", {"answer": "perhaps"}).status == 422


def test_a_confirmation_over_a_better_option_jumps_the_queue(api: As, week: dict[str, str]):
    bram = api("bram")
    refused = answer(bram, week["B"], "confirm")
    assert (refused.status, refused.code) == (409, "queue-jump")
    assert refused.json["actions"] == ["challenge"]
    assert refused.json["conflicts"][0]["days"] == ["2027-05-12"]
    assert answer(api("camille"), week["B"], "commit").code == "queue-jump"
    forced = answer(bram, week["B"], "confirm", force=True, reason="festival agreement")
    assert forced.json["state"] == "confirmed", forced
    assert history(bram, week["B"])[-1]["why"] == "festival agreement"
    a, c = seen(api("wout"), week["A"]), seen(api("lotte"), week["C"])
    assert (a["state"], [day["date"] for day in a["days"]]) == ("option", ["2027-05-10", "2027-05-11"])
    assert a["claims"][0]["end"] == "2027-05-12"
    assert c["state"] == "beaten"
    assert "Camille" not in str(a) + str(c)


def test_after_a_cancellation_the_beaten_are_offered_their_days_again(
    api: As, week: dict[str, str], clock: StoppedClock
):
    bram = api("bram")
    answer(bram, week["B"], "confirm", force=True, reason="festival agreement")
    clock.set("2026-12-01T10:00:00+01:00")
    assert answer(api("camille"), week["B"], "cancel", reason="no money").json["state"] == "cancelled"
    a, c = seen(api("wout"), week["A"]), seen(api("lotte"), week["C"])
    assert (a["state"], c["state"]) == ("option", "beaten")  # nothing revives by itself
    assert a["reinstatement"]["due_at"] == c["reinstatement"]["due_at"] == "2026-12-03T10:00:00+01:00"
    back = answer(api("wout"), week["A"], "accept")
    assert back.status == 200, back
    assert [(claim["start"], claim["end"]) for claim in back.json["claims"]] == [("2027-05-10", "2027-05-13")]
    assert answer(api("lotte"), week["C"], "accept").json["state"] == "option"
    assert ranks(bram, week["C"]) == [1]
    assert answer(api("lotte"), week["C"], "refuse").code == "wrong-state"


def test_holidays_differ(
    api: As, option: Callable[..., str], clock: StoppedClock, a_booking: Callable[..., object]
):
    """A4, with the deadlines of the challenged: a French holder at BUDA is off on 14 July."""
    found = {}
    for name, resource, planner, holder, challenger in (
        ("phx-fr", "PHX-F1", "nadia", "camille", "wout"),
        ("bud-be", "BUD-S1", "joris", "wout", "lotte"),
        ("bud-fr", "BUD-TA", "joris", "camille", "wout"),
    ):
        clock.set("2027-07-01T10:00:00+02:00")
        api(planner)
        option(holder, "2027-11-08", "2027-11-10", resource, planner)
        clock.set("2027-07-05T10:00:00+02:00")
        second = option(challenger, "2027-11-08", "2027-11-10", resource, planner)
        clock.set("2027-07-12T10:00:00+02:00")
        asked = answer(api(challenger), second, "challenge")
        assert asked.status == 200, asked
        found[name] = asked.json["challenge"]["answers_due"][0]["due_at"]
    assert found == {
        "phx-fr": "2027-07-16T10:00:00+02:00",
        "bud-be": "2027-07-15T10:00:00+02:00",
        "bud-fr": "2027-07-16T10:00:00+02:00",
    }


def test_a_planner_puts_the_second_first(api: As, week: dict[str, str]):
    bram = api("bram")
    assert answer(bram, week["C"], "order", rank=1).status == 422
    ordered = answer(bram, week["C"], "order", rank=1, reason="their grant depends on it")
    assert ordered.status == 200, ordered
    assert ranks(bram, week["C"]) == [1]
    assert ranks(bram, week["B"]) == [2, 1, 2]
    assert answer(api("lotte"), week["C"], "order", rank=1, reason="please").status == 403


def test_the_house_proposes_and_the_company_accepts(api: As):
    asked = ask(api("camille"), a_claim("PHX-ST", "2027-03-08", "2027-03-10"))
    countered = answer(
        api("nadia"),
        asked.json["id"],
        "counter",
        claims=[a_claim("PHX-ST", "2027-03-15", "2027-03-17")],
        reason="a week later we have a technician",
    )
    assert countered.status == 200, countered
    assert countered.json["proposal"]["by"] == "house"
    assert answer(api("nadia"), asked.json["id"], "accept").status == 403
    accepted = answer(api("camille"), asked.json["id"], "accept")
    assert (accepted.status, accepted.json["state"]) == (200, "option"), accepted
    assert accepted.json["claims"][0]["start"] == "2027-03-15"


def test_a_company_asks_for_more_of_what_is_confirmed(api: As, a_booking: Callable[..., object]):
    booking = str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-12"))
    more = api("camille").patch(
        f"/bookings/{booking}", {"claims": [a_claim("BUD-S1", "2027-03-08", "2027-03-14")]}
    )
    assert more.status == 200, more
    assert more.json["claims"][0]["end"] == "2027-03-12"
    assert more.json["proposal"]["by"] == "company"
    assert answer(api("joris"), booking, "accept").json["claims"][0]["end"] == "2027-03-14"
    less = api("camille").patch(
        f"/bookings/{booking}", {"claims": [a_claim("BUD-S1", "2027-03-09", "2027-03-14")]}
    )
    assert less.json["claims"][0]["start"] == "2027-03-09", less


def test_the_timeline_tells_ranks_and_no_names(api: Callable[..., Api], a_booking: MakeBooking):
    week = {"resource": "DGP-KZ", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
    a_booking(**week, company="Zwaluw", title="Zwerm")
    a_booking(**week)
    seen = api("pauline").get("/resources/DGP-KZ/timeline?from=2027-05-01&to=2027-06-01")
    assert sorted(item["rank"] for item in seen.json["items"]) == [1, 2]
    assert "Zwerm" not in seen.text
