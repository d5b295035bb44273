"""Stretches: packed and unpacked, called off, and met."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from calendars.domain.showing import SHOWN_CANCELLED
from calendars.domain.stretches import called_off, meetings, moment, packed, unpacked, unpacked_over

NUMBERS = st.integers(min_value=-10_000, max_value=10_000)
SOME = st.lists(st.tuples(NUMBERS, st.integers(min_value=1, max_value=500)).map(lambda each: (each[0], sum(each))))


@given(SOME)
def test_what_is_packed_comes_out_as_it_was(stretches: list[tuple[int, int]]) -> None:
    assert unpacked(packed(stretches)) == stretches
    over = [(start, end, end + 7) for start, end in stretches]
    assert unpacked_over(packed(over)) == over


@given(SOME, SOME)
def test_whatever_overlaps_meets_and_nothing_else(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    met = meetings(((*each, n) for n, each in enumerate(mine)), ((*each, n) for n, each in enumerate(theirs)))
    expected = {
        (m, t, max(a[0], b[0]), min(a[1], b[1]))
        for m, a in enumerate(mine)
        for t, b in enumerate(theirs)
        if a[0] < b[1] and b[0] < a[1]
    }
    assert {(m, t, int(s.start.timestamp()), int(s.end.timestamp())) for m, t, s in met} == expected


def test_what_was_called_off_is_remembered_for_sixty_days_and_forgotten_when_it_is_on_again() -> None:
    at = moment(1_000)
    over = called_off([(500, 900), (1_500, 1_600), (2_000, 2_100)], [(2_000, 2_050)], [], at=at)
    assert over == [(1_500, 1_600, 1_000)]
    assert called_off([], [], over, at=at + SHOWN_CANCELLED - timedelta(seconds=1)) == over
    assert called_off([], [], over, at=at + SHOWN_CANCELLED) == []
    assert called_off([], [(1_500, 1_700)], over, at=at) == []
