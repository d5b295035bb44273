"""Anything at once: what is true after any sequence (`test_any_sequence`) is true when eight clients make it."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.races.conftest import Arena
from tests.support import truths
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house, organisation_of
from tests.support.clocks import MONDAY
from tests.support.crowds import at_once, crowd, week
from tests.support.rows import deadlocks
from tests.support.sequences import HOUSE, prepare
from tests.support.stampede import PATIENCE

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

DEEDS = int(os.environ.get("EMERGE_SOAK", "16"))
ROUNDS = range(4)


@pytest.fixture(autouse=True)
def the_truth(arena: Arena) -> Iterator[None]:
    """Every story begins on the same day; at its end all is true that must be."""
    arena.served.clock.set(MONDAY)
    yield
    for name in ("maud", "bram"):
        arena.served.api(name).get("/bookings")  # whoever reads settles what is due
    with arena.database.read() as connection:
        for code in (HOUSE, "DGP"):
            house = truths.look(connection, code, at=arena.served.clock())
            assert not truths.is_due(house)
            assert truths.wrong(connection, house, in_order=False) == []
    assert deadlocks(arena.database) == 0


class Week:
    """The small hall of De Grote Post, some Monday to Friday: Zwaluw's option first, Lisière's behind it."""

    def __init__(self, arena: Arena, number: int) -> None:
        arena.served.clock.set(MONDAY)
        self.first, self.end = week(number)
        self.zwaluw, self.lisiere, self.bram = (arena.served.api(name) for name in ("wout", "camille", "bram"))
        self.claim = a_claim("DGP-KZ", self.first.isoformat(), self.end.isoformat())

    def enter(self, member: Api | None, state: str = "option", **more: object) -> str:
        """The planner enters it; the id."""
        whose = {"organisation": organisation_of(member)} if member else {}
        made = ask_for_the_house(self.bram, self.claim, state=state, **whose, **more)
        assert made.status == 201, made
        return str(made.json["id"])

    def state(self, booking: str) -> str:
        """As its house sees it."""
        return str(self.bram.get(f"/bookings/{booking}").json["state"])

    def last(self, booking: str) -> tuple[str, str]:
        """What happened to it last, and when."""
        told = self.bram.get(f"/bookings/{booking}/history").json["items"][-1]
        return told["kind"], told["at"]


def test_eight_clients_do_anything_at_once(arena: Arena):
    prepare(arena.database)
    clients = crowd(arena.served, DEEDS, seed=DEEDS)
    odd = [each for client in clients for each in client.odd]
    assert odd == []
    slowest = max(client.slowest for client in clients)
    assert slowest < PATIENCE, f"somebody waited {slowest:.1f} s"
    done = sum(count for client in clients for (status, _), count in client.heard.items() if status < 300)
    assert done > DEEDS, "a crowd that is refused nearly everything proves little"


@pytest.mark.parametrize("late", [False, True], ids=["a-second-before", "at-the-deadline"])
def test_expiry_against_commitment_and_confirmation_has_one_outcome(arena: Arena, late: bool):
    """Zwaluw's option and Lisière's behind it run out; in that second everybody acts."""
    for number in ROUNDS:
        _act_at_the_deadline(arena, Week(arena, number + 10 * late), late=late)


def _act_at_the_deadline(arena: Arena, here: Week, *, late: bool) -> None:
    first, second = here.enter(here.zwaluw), here.enter(here.lisiere)
    due = here.bram.get(f"/bookings/{first}").json["expires_at"]
    arena.served.clock.set(due)
    arena.served.clock.advance(seconds=-1 + late)
    said = at_once(
        lambda: answer(here.zwaluw, first, "commit"),
        lambda: answer(here.lisiere, second, "commit"),
        lambda: answer(here.bram, first, "extend"),
        lambda: answer(here.bram, first, "confirm"),
        lambda: answer(here.zwaluw, first, "release"),
    )
    assert {each.status for each in said} <= ({409} if late else {200, 409}), said
    states = here.state(first), here.state(second)
    if late:
        assert states == ("lapsed", "lapsed")
        assert here.last(second) == ("booking.lapsed", due)
    else:
        hard = [each for each in states if each in {"pending", "confirmed"}]
        assert len(hard) == 1 or states == ("released", "option"), (states, said)


def test_silence_against_promotion_against_confirmation_has_one_outcome(arena: Arena):
    """The challenged are silent; at the deadline they answer, the challenger commits, a planner confirms."""
    for number in ROUNDS:
        _settle_a_challenge(arena, Week(arena, 20 + number))


def _settle_a_challenge(arena: Arena, here: Week) -> None:
    first, second = here.enter(here.zwaluw), here.enter(here.lisiere)
    challenge = answer(here.lisiere, second, "challenge").json["challenge"]
    due = challenge["answers_due"][0]["due_at"]
    arena.served.clock.set(due)
    said = at_once(
        lambda: here.zwaluw.post(f"/challenges/{challenge['id']}/answer", {"answer": "commit"}),
        lambda: answer(here.lisiere, second, "commit"),
        lambda: answer(here.bram, first, "confirm", force=True, reason="festival"),
        lambda: here.lisiere.get(f"/bookings/{second}"),
        lambda: answer(here.zwaluw, first, "release"),
    )
    assert [each.status for each in said] == [409, 200, 409, 200, 409], said
    assert (here.state(first), here.state(second)) == ("lapsed", "pending")
    assert here.last(first) == ("booking.lapsed", due)


def test_cancelling_against_reinstatement_against_confirmation_has_one_outcome(arena: Arena):
    """Cancelled by three at once; who was beaten accepts the days again while a planner takes one of them."""
    for number in ROUNDS:
        _take_back_the_days(Week(arena, 30 + number))


def _take_back_the_days(here: Week) -> None:
    beaten = here.enter(here.zwaluw)
    won = here.enter(None, "confirmed", force=True, reason="festival")
    assert here.state(beaten) == "beaten"

    def cancel() -> Answer:
        return answer(here.bram, won, "cancel", reason="rain")

    assert sorted(each.status for each in at_once(cancel, cancel, cancel)) == [200, 409, 409]
    day = a_claim("DGP-KZ", here.first.isoformat(), (here.first + timedelta(days=1)).isoformat())
    again, other = at_once(
        lambda: answer(here.zwaluw, beaten, "accept"),
        lambda: ask_for_the_house(here.bram, day, state="confirmed", force=True, reason="festival"),
    )
    assert other.status == 201, other  # it beats the day, or was there first
    assert again.status in {200, 409}, again
    assert here.state(beaten) == ("option" if again.status == 200 else "beaten")
    if again.status == 200:  # a company holds three options at most: the next round needs the place
        assert answer(here.zwaluw, beaten, "release").status == 200
