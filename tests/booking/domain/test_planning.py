"""The planner of chains against a reference that tries everything: small, slow, obviously right."""

from itertools import product
from random import Random

import pytest

from booking.domain.distances import USUAL, Point, great_circle
from booking.domain.planning import Outcome, Step, Wishes, plan

HOUSES = {
    "PHX": ("FR", Point(50.365, 3.529)),
    "BUD": ("BE", Point(50.831, 3.265)),
    "DGP": ("BE", Point(51.226, 2.918)),
    "MCA": ("FR", Point(49.894, 2.293)),
    "TNA": ("BE", Point(50.465, 4.868)),
}
POINTS = {code: point for code, (_, point) in HOUSES.items()}
COUNTRY = {code: country for code, (country, _) in HOUSES.items()}


def km(one: str, other: str) -> float:
    return USUAL.kilometres(great_circle(POINTS[one], POINTS[other]))


def everything(steps: list[Step], wishes: Wishes) -> list[tuple[int, int, float]]:
    """Ranks, waits and kilometres of every chain there is."""
    nodes = [
        [(house, day, rank) for house, days in step.starts.items() for day, rank in days.items()] for step in steps
    ]
    found = []
    for chain in product(*nodes):
        gaps = [chain[n + 1][1] - chain[n][1] - steps[n].days for n in range(len(chain) - 1)]
        if not all(steps[n + 1].least_gap <= gap <= steps[n + 1].most_gap for n, gap in enumerate(gaps)):
            continue
        if set(wishes.countries) - {COUNTRY[house] for house, _, _ in chain}:
            continue
        if wishes.moves and any(chain[n][0] == chain[n + 1][0] for n in range(len(chain) - 1)):
            continue
        way = sum(km(chain[n][0], chain[n + 1][0]) for n in range(len(chain) - 1))
        if wishes.most_km is not None and way > wishes.most_km + 1e-6:
            continue
        found.append((sum(rank - 1 for _, _, rank in chain), sum(gaps), way))
    return sorted(found)


def a_world(random: Random) -> tuple[list[Step], Wishes]:
    steps = []
    for _ in range(random.randint(1, 4)):
        houses = random.sample(sorted(HOUSES), random.randint(0 if random.random() < 0.1 else 1, 4))
        starts = {
            house: {random.randint(0, 24): random.choice((1, 1, 2, 3)) for _ in range(random.randint(1, 5))}
            for house in houses
        }
        least = random.randint(0, 3)
        steps.append(Step(random.randint(1, 5), starts, least, least + random.randint(0, 8)))
    countries = random.choice(((), (), ("BE", "FR"), ("FR",)))
    most_km = random.choice((None, None, 80.0, 150.0, 250.0, 400.0))
    return steps, Wishes(POINTS, COUNTRY, countries, most_km, moves=random.random() < 0.4)


@pytest.mark.parametrize("seed", range(40))
def test_random_worlds_have_the_same_best_chains_as_trying_everything(seed: int):
    random = Random(seed)
    for _ in range(50):
        steps, wishes = a_world(random)
        expected = everything(steps, wishes)
        found = plan(steps, wishes, most=1)
        assert found.proved
        assert bool(found.plans) == bool(expected), (steps, wishes)
        if not expected:
            assert found.blocked is not None
            continue
        [best] = found.plans
        assert (best.ranks, best.waits) == expected[0][:2]
        assert best.km == pytest.approx(expected[0][2])


def a_step(days: int, starts: dict[str, dict[int, int]], least: int = 0, most: int = 14) -> Step:
    return Step(days, starts, least, most)


def planned(*steps: Step, **wishes: object) -> Outcome:
    return plan(list(steps), Wishes(POINTS, COUNTRY, **wishes))  # type: ignore[arg-type]


RESEARCH = a_step(5, {"PHX": {0: 1, 7: 1}, "MCA": {0: 1}})
CREATION = a_step(10, {"BUD": {7: 2, 14: 1}, "TNA": {7: 1}})
SHOWING = a_step(5, {"DGP": {21: 1, 28: 1}})


def test_ranks_count_before_days_and_days_before_kilometres():
    best, *others = planned(RESEARCH, CREATION, SHOWING).plans
    assert best.stays == (("PHX", 7), ("BUD", 14), ("DGP", 28))  # from the 7th Kortrijk is free
    assert (best.ranks, best.waits) == (0, 6)
    assert others[0].stays == (("PHX", 0), ("TNA", 7), ("DGP", 21)), "as soon, but further"
    assert others[0].km > best.km


def test_chains_of_the_same_houses_are_offered_once():
    plans = planned(RESEARCH, CREATION, SHOWING).plans
    houses = [tuple(house for house, _ in each.stays) for each in plans]
    assert len(houses) == len(set(houses)) == 4


def test_the_need_that_blocks_is_named():
    nothing = planned(RESEARCH, a_step(5, {}), SHOWING).blocked
    assert (nothing.need, nothing.why) == (1, "nothing")
    gap = planned(RESEARCH, CREATION, a_step(5, {"DGP": {60: 1}})).blocked
    assert (gap.need, gap.why) == (2, "gap")
    far = planned(RESEARCH, a_step(10, {"TNA": {7: 1}}), SHOWING, most_km=200.0).blocked
    assert (far.need, far.why) == (1, "distance")
    assert far.least_km == pytest.approx(km("PHX", "TNA") + km("TNA", "DGP"))
    border = planned(a_step(5, {"BUD": {0: 1}}), a_step(5, {"DGP": {7: 1}}), countries=("BE", "FR")).blocked
    assert border.why == "border"


def test_who_moves_goes_on_to_another_house_though_staying_is_nearer():
    twice = a_step(5, {"BUD": {0: 1}}), a_step(5, {"BUD": {5: 1}, "DGP": {5: 1}})
    assert planned(*twice).plans[0].stays == (("BUD", 0), ("BUD", 5))
    assert [each.stays for each in planned(*twice, moves=True).plans] == [(("BUD", 0), ("DGP", 5))]
    back = planned(*twice, a_step(5, {"BUD": {10: 1}}), moves=True).plans
    assert [each.stays for each in back] == [(("BUD", 0), ("DGP", 5), ("BUD", 10))], "later it may come back"
    alone = planned(a_step(5, {"BUD": {0: 1}}), a_step(5, {"BUD": {5: 1}}), moves=True)
    assert (alone.plans, alone.blocked.why) == ((), "house")


def test_when_time_is_over_the_answer_says_that_nothing_is_proved():
    outcome = plan([RESEARCH, CREATION, SHOWING], Wishes(POINTS, COUNTRY), is_over=lambda: True)
    assert (outcome.plans, outcome.proved, outcome.blocked) == ((), False, None)
