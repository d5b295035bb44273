"""A chain in a hurry, through two real web processes: whatever comes first, there is one outcome."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from booking.storage.database import Database
from tests.support.api import Answer
from tests.support.asks import a_claim, answer, history, organisation_of
from tests.support.rows import overlaps
from tests.support.serving import Served

ROUNDS = 3


def together(*calls: Callable[[], Answer]) -> list[Answer]:
    start = Barrier(len(calls))

    def one(call: Callable[[], Answer]) -> Answer:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as many:
        return list(many.map(one, calls))


def a_chain(served: Served, week: int) -> dict[str, Any]:
    camille = served.api("camille")
    first, last = f"2027-03-{1 + 5 * week:02}", f"2027-03-{5 + 5 * week:02}"
    parts = [
        {"venue": code.partition("-")[0], "claims": [a_claim(code, first, last)]}
        for code in ("PHX-F2", "BUD-S1", "DGP-GZ")
    ]
    made = camille.post(
        "/trajectories", {"organisation": organisation_of(camille), "title": "Marées", "bookings": parts}
    )
    assert made.status == 201, made
    return {"chain": made.json["id"], **{part["venue"]: part["id"] for part in made.json["bookings"]}}


@pytest.mark.race
def test_the_last_two_houses_say_yes_in_the_same_second(served: Served, database: Database):
    planners = {"PHX": "nadia", "BUD": "joris", "DGP": "bram"}
    camille = served.api("camille")
    for week in range(ROUNDS):
        chain = a_chain(served, week)
        calls = [
            lambda name=name, part=chain[venue]: answer(served.api(name), part, "confirm")
            for venue, name in planners.items()
        ]
        answers = together(*calls)
        assert [each.status for each in answers] == [200, 200, 200], answers
        read = camille.get(f"/trajectories/{chain['chain']}").json
        assert read["state"] == "confirmed"
        assert {part["state"] for part in read["bookings"]} == {"confirmed"}
        for venue in planners:
            assert [item["kind"] for item in history(camille, chain[venue])].count("booking.confirmed") == 1
    assert overlaps(database) == 0


@pytest.mark.race
def test_a_yes_and_a_no_in_the_same_second_leave_nothing_held(served: Served, database: Database):
    camille, nadia, joris, bram = (served.api(name) for name in ("camille", "nadia", "joris", "bram"))
    for week in range(ROUNDS):
        chain = a_chain(served, week)
        assert answer(nadia, chain["PHX"], "confirm").status == 200
        answers = together(
            lambda part=chain["DGP"]: answer(bram, part, "confirm"),
            lambda part=chain["BUD"]: answer(joris, part, "decline", reason="vol"),
        )
        assert [each.status for each in answers] == [200, 200], answers
        read = camille.get(f"/trajectories/{chain['chain']}").json
        assert read["state"] == "broken"
        assert sorted(part["state"] for part in read["bookings"]) == ["declined", "option", "option"]
        assert camille.post(f"/trajectories/{chain['chain']}/withdraw", {}).status == 200


@pytest.mark.race
def test_the_deadline_and_the_last_yes_have_one_outcome(served: Served, database: Database):
    camille, nadia, joris, bram = (served.api(name) for name in ("camille", "nadia", "joris", "bram"))
    chain = a_chain(served, 0)
    answer(nadia, chain["PHX"], "confirm")
    due = answer(joris, chain["BUD"], "confirm").json["due_at"]
    served.clock.set(due)
    answers = together(
        lambda: answer(bram, chain["DGP"], "confirm"),
        lambda: camille.get(f"/trajectories/{chain['chain']}"),
        lambda: nadia.get(f"/bookings/{chain['PHX']}"),
    )
    assert [each.status for each in answers] == [200, 200, 200], answers
    read = camille.get(f"/trajectories/{chain['chain']}").json
    assert (read["state"], read["broken_why"], read["broken_at"]) == ("broken", "deadline", due)
    assert {part["state"] for part in read["bookings"]} == {"option"}
    for venue in ("PHX", "BUD"):
        assert [item["kind"] for item in history(camille, chain[venue])].count("booking.let-go") == 1
