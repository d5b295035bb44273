"""Ranks of options (scenarios B1, C3)."""

from datetime import UTC, date, datetime
from uuid import UUID

from booking.domain.claims import Atom
from booking.domain.queue import Hold, Key, headline, key, ranked_days
from booking.domain.wall_clock import whole_days

ZONE, LINE = "Europe/Brussels", 360
HALL = Atom(1, "DGP-KZ", 1, exclusive=True)
SPOTS = Atom(2, "PHX-PAR", 24, exclusive=False)
ATOMS = {1: HALL, 2: SPOTS}


def a_key(order: int) -> Key:
    return key(datetime(2026, 11, 23, order, tzinfo=UTC), UUID(int=order))


def an_option(order: int, first: int, last: int, *, atom: Atom = HALL, quantity: int = 1) -> Hold:
    """May 2027, whole days, the last included."""
    span = whole_days(date(2027, 5, first), date(2027, 5, last + 1), ZONE, LINE)
    return Hold(atom.id, span, quantity, a_key(order))


def hard(first: int, last: int, *, atom: Atom = HALL, quantity: int = 1) -> Hold:
    span = whole_days(date(2027, 5, first), date(2027, 5, last + 1), ZONE, LINE)
    return Hold(atom.id, span, quantity, None)


def ranks(mine: Hold, *others: Hold) -> list[int]:
    return [each.rank for each in ranked_days([mine], others, ATOMS, ZONE, LINE)]


def test_partial_overlap_ranks_day_by_day():
    a, b, c = an_option(1, 10, 12), an_option(2, 12, 14), an_option(3, 14, 14)
    assert ranks(a, b, c) == [1, 1, 1]
    assert ranks(b, a, c) == [2, 1, 1]
    assert headline(ranked_days([b], [a, c], ATOMS, ZONE, LINE)) == 2
    assert ranks(c, a, b) == [2]


def test_when_the_first_releases_one_day_the_second_moves_up():
    a, b, c = an_option(1, 10, 11), an_option(2, 12, 14), an_option(3, 14, 14)
    assert ranks(b, a, c) == [1, 1, 1]
    assert ranks(c, a, b) == [2]
    assert ranks(c, a) == [1]


def test_one_option_on_two_claims_counts_once():
    first, second = an_option(1, 10, 10), an_option(1, 10, 10)
    assert ranks(an_option(2, 10, 10), first, second) == [2]


def test_a_planner_may_put_an_option_elsewhere():
    late = key(datetime(2026, 11, 23, 9, tzinfo=UTC), UUID(int=9), manual_order=1)
    assert late < a_key(1)


def test_stock_ranks_only_behind_those_that_leave_too_little():
    mine = an_option(5, 12, 12, atom=SPOTS, quantity=8)
    small = an_option(1, 12, 12, atom=SPOTS, quantity=4)
    large = an_option(2, 12, 12, atom=SPOTS, quantity=14)
    assert ranks(mine, small) == [1]
    assert ranks(mine, small, large) == [2]
    assert ranks(mine, small, large, hard(12, 12, atom=SPOTS, quantity=14)) == [3]


def test_what_is_hard_gives_an_option_no_rank_of_its_own():
    assert ranks(an_option(1, 12, 13), hard(12, 12)) == [1, 1]
