"""B3's race: two planners confirm in the same second, through two real web processes. One wins, cleanly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from booking.domain.people import Role
from booking.services import people
from booking.storage.database import Database
from tests.support.api import Answer
from tests.support.asks import STUDIO, a_claim, answer, ask, history
from tests.support.cast import person
from tests.support.rows import held_by, overlaps
from tests.support.serving import Served

ROUNDS = 6


def together(*calls: Callable[[], Answer]) -> list[Answer]:
    """All at the same moment; the answers in the order of the calls."""
    start = Barrier(len(calls))

    def one(call: Callable[[], Answer]) -> Answer:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as many:
        return list(many.map(one, calls))


@pytest.fixture
def deputy(database: Database) -> str:
    """BUDA's second planner."""
    simon = person(database, "simon").id
    database.write(lambda connection: people.give_hat(connection, simon, Role.MANAGER, venue="BUD"))
    return "simon"


@pytest.mark.race
@pytest.mark.parametrize("state", ["requested", "option"])
def test_two_planners_confirm_overlapping_bookings_in_the_same_second(
    served: Served, database: Database, deputy: str, state: str
):
    joris, simon = served.api("joris"), served.api(deputy)
    camille, wout = served.api("camille"), served.api("wout")
    for week in range(ROUNDS):
        start, end = 1 + 4 * week, 5 + 4 * week
        first = ask(camille, a_claim("BUD-TA", f"2027-03-{start:02}", f"2027-03-{end:02}")).json["id"]
        # an option that loses some days goes on with the rest, so of two options the second lies within the first
        last = end if state == "option" else end + 1
        second = ask(wout, a_claim("BUD-TA", f"2027-03-{start + 2:02}", f"2027-03-{last:02}")).json["id"]
        if state == "option":
            assert [answer(joris, each, "grant").status for each in (first, second)] == [200, 200]
        answers = together(
            lambda mine=first: answer(joris, mine, "confirm"),
            lambda theirs=second: answer(simon, theirs, "confirm"),
        )
        assert sorted(each.status for each in answers) == [200, 409], answers
        [lost] = [each for each in answers if each.status == 409]
        if state == "requested":
            assert lost.code == "time-taken"
            assert lost.json["conflicts"][0]["days"], "the loser learns which days"
        else:  # before the first is confirmed it would jump the queue, afterwards it is beaten
            assert lost.code in ("queue-jump", "wrong-state")
        assert "Lisière" not in lost.text
        assert "Zwaluw" not in lost.text
        winner, loser = (first, second) if answers[0].status == 200 else (second, first)
        assert {row.force for row in held_by(database, winner)} == {"hard"}
        assert joris.get(f"/bookings/{loser}").json["state"] == ("beaten" if state == "option" else state)
        assert [item["kind"] for item in history(joris, loser)].count("booking.confirmed") == 0
        assert answer(joris, winner, "cancel", reason="next round").status == 200
    assert overlaps(database) == 0


@pytest.mark.race
def test_two_planners_answer_the_same_request_differently(served: Served, deputy: str):
    """Confirm and decline at once: one is done, the other is told that it is too late."""
    joris, simon, camille = served.api("joris"), served.api(deputy), served.api("camille")
    for _ in range(ROUNDS):
        booking = ask(camille, STUDIO).json["id"]
        answers = together(
            lambda mine=booking: answer(joris, mine, "confirm"),
            lambda mine=booking: answer(simon, mine, "decline", reason="Festival"),
        )
        assert sorted((each.status, each.code) for each in answers) == [(200, None), (409, "wrong-state")], answers
        assert len(history(camille, booking)) == 2
        if answers[0].status == 200:
            assert answer(joris, booking, "cancel", reason="next round").status == 200


@pytest.mark.race
def test_of_two_who_confirm_partly_overlapping_options_one_succeeds_and_nobody_gets_less_than_meant(
    served: Served, deputy: str
):
    joris, simon = served.api("joris"), served.api(deputy)
    camille, wout = served.api("camille"), served.api("wout")
    for week in range(ROUNDS):
        start = 1 + 4 * week
        first = ask(camille, a_claim("BUD-TA", f"2027-03-{start:02}", f"2027-03-{start + 3:02}")).json["id"]
        second = ask(wout, a_claim("BUD-TA", f"2027-03-{start + 2:02}", f"2027-03-{start + 4:02}")).json["id"]
        assert [answer(joris, each, "grant").status for each in (first, second)] == [200, 200]
        answers = together(
            lambda mine=first: answer(joris, mine, "confirm"),
            lambda theirs=second: answer(simon, theirs, "confirm"),
        )
        assert [each.status for each in answers] == [200, 409], answers
        assert answers[1].code in ("time-taken", "queue-jump")
        left = simon.get(f"/bookings/{second}")
        assert left.json["state"] == "option"
        read = {"If-Match": left.headers["ETag"]}
        assert simon.post(f"/bookings/{second}/confirm", {}, headers=read).status == 200
