"""Half-open time: touching is not overlapping, and nothing naive gets in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.spans import Span, merged

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def minutes(start: int, end: int) -> Span:
    return Span(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


some_spans = st.tuples(st.integers(-200, 200), st.integers(1, 100)).map(lambda pair: minutes(pair[0], sum(pair)))


def test_touching_is_not_overlapping():
    assert not minutes(0, 60).overlaps(minutes(60, 120))
    assert not minutes(60, 120).overlaps(minutes(0, 60))


def test_a_shared_microsecond_is_overlapping():
    longer = Span(NOON, NOON + timedelta(hours=1, microseconds=1))
    assert longer.overlaps(minutes(60, 120))


@pytest.mark.parametrize(("start", "end"), [(NOON, NOON), (NOON, NOON - timedelta(microseconds=1))])
def test_a_span_runs_forward(start: datetime, end: datetime):
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(start, end)


@pytest.mark.parametrize("naive", ["start", "end"])
def test_a_naive_end_is_refused(naive: str):
    ends = {"start": NOON, "end": NOON + timedelta(hours=1)}
    ends[naive] = ends[naive].replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        Span(**ends)


def test_what_two_spans_share_is_a_span_or_nothing():
    assert minutes(0, 60).common(minutes(30, 90)) == minutes(30, 60)
    assert minutes(0, 60).common(minutes(60, 90)) is None


def test_a_span_holds_itself_and_nothing_that_sticks_out():
    assert minutes(0, 60).holds(minutes(0, 60))
    assert not minutes(0, 60).holds(minutes(0, 61))
    assert not minutes(0, 60).holds(minutes(-1, 30))


def test_widening_adds_on_both_sides():
    assert minutes(0, 60).widened(before=timedelta(minutes=5), after=timedelta(minutes=7)) == minutes(-5, 67)


def test_touching_spans_merge_and_a_gap_stays():
    assert merged([minutes(60, 90), minutes(0, 60), minutes(91, 95)]) == [minutes(0, 90), minutes(91, 95)]


@given(some_spans, some_spans)
def test_overlapping_is_mutual_and_is_sharing_a_minute(one: Span, other: Span):
    first, last = (one.start - NOON) // MINUTE, (one.end - NOON) // MINUTE
    shared = any(other.start <= NOON + timedelta(minutes=n) < other.end for n in range(first, last))
    assert one.overlaps(other) is other.overlaps(one) is shared
    assert (one.common(other) is not None) is shared


@given(st.lists(some_spans, max_size=8))
def test_merging_keeps_every_minute_and_adds_none(spans: list[Span]):
    def covered(pieces: list[Span]) -> set[int]:
        return {
            minute
            for each in pieces
            for minute in range((each.start - NOON) // MINUTE, (each.end - NOON) // MINUTE)
        }

    result = merged(spans)
    assert covered(result) == covered(spans)
    assert all(before.end < after.start for before, after in pairwise(result))
