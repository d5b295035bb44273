"""Free and busy time: nothing of what, nothing of whose."""

from datetime import UTC, datetime

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from calendars.domain.documents import busy_calendar
from calendars.domain.free_busy import Busy, Period, Taken, busy_periods, vfreebusy


def at(hour: int) -> datetime:
    return datetime(2027, 3, 1, hour, tzinfo=UTC)


def test_neighbours_that_touch_are_one_period():
    taken = [Taken(at(12), at(18), Busy.HARD), Taken(at(9), at(12), Busy.HARD)]
    assert busy_periods(taken) == [Period(at(9), at(18), Busy.HARD)]


def test_what_is_confirmed_wins_over_an_option_on_the_same_hours():
    taken = [Taken(at(9), at(18), Busy.TENTATIVE), Taken(at(12), at(14), Busy.HARD)]
    assert busy_periods(taken) == [
        Period(at(9), at(12), Busy.TENTATIVE),
        Period(at(12), at(14), Busy.HARD),
        Period(at(14), at(18), Busy.TENTATIVE),
    ]


def test_a_closure_is_unavailable_time():
    assert busy_periods([Taken(at(9), at(10), Busy.CLOSED)])[0].busy is Busy.CLOSED


def test_counted_stock_is_busy_only_when_nothing_is_left():
    taken = [Taken(at(9), at(12), Busy.HARD, 16), Taken(at(11), at(13), Busy.HARD, 8)]
    assert busy_periods(taken, capacity=24) == [Period(at(11), at(12), Busy.HARD)]


def test_options_that_would_take_the_last_pieces_are_tentative():
    taken = [Taken(at(9), at(12), Busy.HARD, 20), Taken(at(11), at(13), Busy.TENTATIVE, 4)]
    assert busy_periods(taken, capacity=24) == [Period(at(11), at(12), Busy.TENTATIVE)]


def test_nothing_taken_is_nothing_busy():
    assert busy_periods([]) == []


def test_a_parser_reads_the_periods_back():
    periods = [Period(at(9), at(12), Busy.HARD), Period(at(12), at(14), Busy.TENTATIVE)]
    text = vfreebusy("1@emerge-booking", stamp=at(8), start=at(0), end=at(23), periods=periods)
    body = busy_calendar("BUDA", text)
    (component,) = icalendar.Calendar.from_ical(body).walk("VFREEBUSY")
    assert len(component["FREEBUSY"]) == 2
    assert b"FREEBUSY;FBTYPE=BUSY:20270301T090000Z/20270301T120000Z\r\n" in body
    assert b"FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270301T120000Z/20270301T140000Z\r\n" in body


hours = st.integers(0, 22)
takings = st.lists(
    st.builds(
        lambda start, length, busy, quantity: Taken(at(start), at(min(start + length, 23)), busy, quantity),
        hours,
        st.integers(1, 6),
        st.sampled_from(Busy),
        st.integers(1, 3),
    ),
    max_size=12,
)


@given(takings, st.integers(1, 4))
def test_every_hour_is_busy_as_a_plain_count_says(taken: list[Taken], capacity: int):
    periods = busy_periods(taken, capacity=capacity)
    for hour in range(23):
        here = [each for each in taken if each.start <= at(hour) < each.end]
        hard = sum(each.quantity for each in here if each.busy is Busy.HARD)
        fixed = hard + sum(each.quantity for each in here if each.busy is Busy.CLOSED)
        everything = sum(each.quantity for each in here)
        expected = (
            Busy.HARD
            if hard >= capacity
            else Busy.CLOSED
            if fixed >= capacity
            else Busy.TENTATIVE
            if everything >= capacity
            else None
        )
        found = [each.busy for each in periods if each.start <= at(hour) < each.end]
        assert found == ([expected] if expected else [])
