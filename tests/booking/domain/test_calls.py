"""Who goes where, against a reference that tries everything."""

from datetime import date
from itertools import product
from random import Random
from uuid import UUID

import pytest

from booking.domain.calls import Assignment, Candidate, Seat, assign
from booking.domain.claims import Atom, ClaimTerms, Place, resolve
from booking.domain.rules import read_rules

RULES = read_rules({"policy": "request"})


def a_place(n: int, capacity: int = 1) -> Place:
    exclusive = capacity == 1
    atom = Atom(n, f"R{n}", capacity, exclusive)
    return Place(n, f"R{n}", "studio", capacity, exclusive, RULES, 1, "BUD", "Europe/Brussels", 360, (atom,))


PLACES = [a_place(0), a_place(1), a_place(2, capacity=3)]


def a_seat(wish: int, place: int, first: int, days: int, quantity: int = 1) -> Seat:
    terms = ClaimTerms(f"R{place}", date(2027, 3, first), date(2027, 3, first + days), quantity)
    return Seat(wish, (resolve(terms, PLACES[place]),))


def possible(seats: list[Seat]) -> bool:
    """Day by day and place by place, nothing is taken more often than it is there."""
    for place, day in product(PLACES, range(1, 29)):
        moment = date(2027, 3, day)
        taken = sum(
            asked.terms.quantity
            for seat in seats
            for asked in seat.asked
            if asked.place.id == place.id and asked.terms.start <= moment < asked.terms.end
        )
        if taken > place.capacity:
            return False
    return True


def value(candidates: list[Candidate], chosen: list[Seat | None]) -> tuple[int, int, float]:
    served = [(each, seat) for each, seat in zip(candidates, chosen, strict=True) if seat is not None]
    return len(served), -sum(seat.wish for _, seat in served), sum(each.score for each, _ in served)


def best_of_all(candidates: list[Candidate]) -> tuple[int, int, float]:
    choices = [[None, *each.seats] for each in candidates]
    return max(
        value(candidates, list(chosen))
        for chosen in product(*choices)
        if possible([seat for seat in chosen if seat is not None])
    )


def a_world(random: Random) -> list[Candidate]:
    found = []
    for n in range(random.randint(1, 4)):
        seats = []
        for wish in range(1, random.randint(1, 3) + 1):
            for _ in range(random.randint(0, 2)):
                place, days = random.randrange(3), random.randint(1, 8)
                seats.append(
                    a_seat(wish, place, random.randint(1, 12), days, random.randint(1, 3) if place == 2 else 1)
                )
        found.append(Candidate(UUID(int=n), tuple(seats), random.randint(0, 10)))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_random_worlds_serve_as_many_by_as_good_wishes_as_trying_everything(seed: int):
    random = Random(seed)
    for _ in range(100):
        candidates = a_world(random)
        found = assign(candidates)
        chosen = [found.seats.get(each.id) for each in candidates]
        assert found.proved
        assert possible([seat for seat in chosen if seat is not None])
        assert value(candidates, chosen) == best_of_all(candidates)


def test_more_companies_go_before_better_wishes_and_scores_decide_what_is_left():
    only = Candidate(UUID(int=1), (a_seat(1, 0, 1, 5),), score=2)
    either = Candidate(UUID(int=2), (a_seat(1, 0, 1, 5), a_seat(2, 1, 1, 5)), score=9)
    assert {each.int: seat.resource for each, seat in assign([only, either]).seats.items()} == {1: "R0", 2: "R1"}
    rival = Candidate(UUID(int=3), (a_seat(1, 0, 1, 5),), score=8)
    assert set(assign([only, rival]).seats) == {rival.id}


def test_when_time_is_over_nothing_is_proved():
    assert assign([Candidate(UUID(int=1), (a_seat(1, 0, 1, 5),))], is_over=lambda: True) == Assignment({}, False)
