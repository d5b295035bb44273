"""Counted stock: how many are missing, and on which day (C3)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.claims import Held
from booking.domain.conflicts import obstacles, shortages
from booking.domain.spans import Span
from tests.support.places import asking, holding, some_stock, span, when

LAMPS = some_stock(24, "PHX-PAR", zone="Europe/Paris")


def booked(quantity: int, start: str, end: str, by: str) -> list[Held]:
    return holding(asking(LAMPS, start, end, quantity=quantity), by=by)


HELD = [*booked(10, "2027-05-10", "2027-05-13", "one"), *booked(8, "2027-05-11", "2027-05-14", "two")]


def test_eight_of_24_with_18_out_are_short_by_two_on_wednesday_only():
    [short] = obstacles([asking(LAMPS, "2027-05-12", "2027-05-15", quantity=8)], HELD)
    assert (short.kind, short.short) == ("capacity", 2)
    assert short.days == (date(2027, 5, 12),)
    assert short.facts == {"asked": 8, "available": 6, "short_by_day": {"2027-05-12": 2}}


def test_six_can_be_had_throughout():
    assert not obstacles([asking(LAMPS, "2027-05-12", "2027-05-15", quantity=6)], HELD)


def test_eight_can_be_had_from_thursday():
    assert not obstacles([asking(LAMPS, "2027-05-13", "2027-05-15", quantity=8)], HELD)


def test_each_short_day_has_its_own_number():
    [short] = obstacles([asking(LAMPS, "2027-05-10", "2027-05-14", quantity=17)], HELD)
    assert short.short == 11
    assert short.facts["short_by_day"] == {
        "2027-05-10": 3,
        "2027-05-11": 11,
        "2027-05-12": 11,
        "2027-05-13": 1,
    }


def test_an_option_takes_nothing_of_the_stock_yet():
    soft = holding(asking(LAMPS, "2027-05-12", "2027-05-15", quantity=24), force="soft")
    assert not obstacles([asking(LAMPS, "2027-05-12", "2027-05-15", quantity=24)], soft)


def test_more_than_there_is_leaves_what_there_is():
    [short] = obstacles([asking(LAMPS, "2027-05-20", "2027-05-21", quantity=10**6)], [])
    assert short.short == 10**6 - 24
    assert short.facts["available"] == 0 or short.facts["available"] == 24


def test_pieces_that_come_back_at_noon_can_go_out_at_noon():
    out = holding(asking(LAMPS, "2027-05-10 09:00", "2027-05-10 12:00", quantity=24))
    assert not obstacles([asking(LAMPS, "2027-05-10 12:00", "2027-05-10 18:00", quantity=24)], out)
    [short] = obstacles([asking(LAMPS, "2027-05-10 11:30", "2027-05-10 18:00", quantity=1)], out)
    assert short.span == span("2027-05-10 11:30", "2027-05-10 12:00", zone="Europe/Paris")


NOON = when("2027-05-10 12:00")


def minutes(start: int, end: int) -> Span:
    return Span(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


spans = st.tuples(st.integers(-30, 60), st.integers(1, 40)).map(lambda pair: minutes(pair[0], sum(pair)))
holdings = st.lists(
    st.builds(
        lambda during, quantity: Held(1, during, during, quantity, "hard", "claim", None), spans, st.integers(1, 9)
    ),
    max_size=7,
)


@given(holdings, spans, st.integers(1, 12), st.integers(1, 20))
def test_shortages_are_what_counting_minute_by_minute_finds(
    held: list[Held], asked_for: Span, asked: int, capacity: int
):
    counted = {}
    for minute in range(-40, 110):
        now = minutes(minute, minute + 1)
        if now.overlaps(asked_for):
            out = sum(each.quantity for each in held if each.occupied.overlaps(now))
            if out + asked > capacity:
                counted[now.start] = out + asked - capacity
    found = {}
    for piece, short in shortages(held, asked_for, asked, capacity):
        moment = piece.start
        while moment < piece.end:
            found[moment] = short
            moment += timedelta(minutes=1)
    assert found == counted
