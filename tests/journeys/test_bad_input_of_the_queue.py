"""What makes no sense to the queue, closures and series: a no with a reason, soon, and nothing changed."""

import time
from collections.abc import Callable, Mapping
from functools import partial

import pytest

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house, organisation_of
from tests.support.clocks import StoppedClock
from tests.support.rows import counted

As = Callable[[str | None], Api]
SOON = 0.2
"""Seconds of this thread's own processor time: what others do on the machine is not the product's."""

WEEK = ("2027-05-10", "2027-05-15")
RULES = (
    "FREQ=SECONDLY;COUNT=5",
    "FREQ=WEEKLY;INTERVAL=0;COUNT=5",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
    "FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31,-31;COUNT=2",
    "FREQ=WEEKLY;BYMONTH=13;COUNT=2",
    "FREQ=DAILY;COUNT=1000000000",
)
CLASS = a_claim("BUD-S2", "2027-09-07T10:00:00+02:00", "2027-09-07T12:00:00+02:00")


@pytest.fixture
def queue(api: As) -> dict[str, str]:
    """BUD-TA: Zwaluw first; Lisière second, and challenging; Lisière again on BUD-S1, first and second."""
    joris = api("joris")
    made = {}
    for name, who, room in (
        *(("first", "wout", "BUD-TA"), ("second", "camille", "BUD-TA")),
        *(("own", "camille", "BUD-S1"), ("behind", "camille", "BUD-S1")),
    ):
        asked = ask_for_the_house(
            joris, a_claim(room, *WEEK), organisation=organisation_of(api(who)), state="option"
        )
        assert asked.status == 201, asked
        made[name] = asked.json["id"]
    challenged = answer(api("camille"), made["second"], "challenge")
    assert challenged.status == 200, challenged
    made["challenge"] = challenged.json["challenge"]["id"]
    made["due"] = challenged.json["challenge"]["answers_due"][0]["due_at"]
    return made


def cases(api: As, made: Mapping[str, str]) -> dict[str, tuple[Callable[[], Answer], int, str | None]]:
    """What is asked → the call, the status and the code that it must get."""
    camille, wout, joris, lotte = (api(name) for name in ("camille", "wout", "joris", "lotte"))
    reply = f"/challenges/{made['challenge']}/answer"
    backwards = {"start": "2027-04-19", "end": "2027-04-12", "reason": "Grid inspection"}
    found = {
        "twice": (lambda: answer(camille, made["second"], "challenge"), 409, "wrong-state"),
        "by the first": (lambda: answer(wout, made["first"], "challenge"), 409, "wrong-state"),
        "by a stranger": (lambda: answer(lotte, made["second"], "challenge"), 404, "not-found"),
        "by the house": (lambda: answer(joris, made["second"], "challenge"), 403, "forbidden"),
        "of one's own": (lambda: answer(camille, made["behind"], "challenge"), 409, "wrong-state"),
        "on a day that is not held": (
            lambda: answer(camille, made["behind"], "challenge", **{"from": "2027-06-01", "to": "2027-06-02"}),
            *(409, "wrong-state"),
        ),
        "on days that end before they start": (
            lambda: answer(camille, made["second"], "release", **{"from": "2027-05-12", "to": "2027-05-11"}),
            *(422, "malformed"),
        ),
        "answered by the challenger": (lambda: camille.post(reply, {"answer": "commit"}), 403, "forbidden"),
        "answered by a stranger": (lambda: lotte.post(reply, {"answer": "commit"}), 404, "not-found"),
        "answered with a shrug": (lambda: wout.post(reply, {"answer": "perhaps"}), 422, "malformed"),
        "a closure that ends before it starts": (
            lambda: joris.post("/resources/BUD-TA/closures", backwards),
            *(422, "malformed"),
        ),
        "a closure that takes no time": (
            lambda: joris.post("/resources/BUD-TA/closures", {**backwards, "end": "2027-04-19"}),
            *(422, "malformed"),
        ),
    }
    for rule in RULES:
        recurrence = {"rule": rule, "on_conflict": "skip"}
        found[rule] = (lambda each=recurrence: ask_for_the_house(joris, CLASS, recurrence=each), 422, "malformed")
    return found


def refused_soon(name: str, call: Callable[[], Answer], status: int, code: str | None) -> None:
    begun = time.thread_time()
    said = call()
    took = time.thread_time() - begun
    assert (said.status, said.code) == (status, code), (name, said)
    assert said.json["detail"] or said.json["errors"], name
    assert took < SOON, f"{name}: {took:.3f} s"


def test_each_is_refused_soon_with_a_reason_and_nothing_changed(
    api: As, database: Database, queue: dict[str, str]
):
    before = counted(database)
    for name, expected in cases(api, queue).items():
        refused_soon(name, *expected)
    assert counted(database) == before


def test_an_answer_at_the_very_deadline_is_too_late(
    api: As, database: Database, queue: dict[str, str], clock: StoppedClock
):
    wout = api("wout")
    clock.set(queue["due"])
    assert wout.get(f"/bookings/{queue['first']}").json["state"] == "lapsed"
    before = counted(database)
    for word in ("commit", "release"):
        said = {"answer": word}
        reply = partial(wout.post, f"/challenges/{queue['challenge']}/answer", said)
        refused_soon(word, reply, 409, "wrong-state")
    assert counted(database) == before
