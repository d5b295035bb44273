"""What is drawn as one: the same thing on days that follow one another."""

from datetime import date, timedelta

from booking.domain.runs import Run, runs

MONDAY = date(2027, 5, 10)


def on(*numbers: int, key: str = "Le Sacre", days: int = 1) -> list[tuple[str, date, date, int]]:
    starts = [MONDAY + timedelta(days=number) for number in numbers]
    return [(key, start, start + timedelta(days=days - 1), n) for n, start in enumerate(starts)]


def told(found: list[Run[str, int]]) -> list[tuple[str, int, int, int]]:
    return [(run.key, (run.first - MONDAY).days, (run.last - MONDAY).days, len(run.parts)) for run in found]


def test_ten_daily_events_of_one_production_are_one_block():
    assert told(runs(on(*range(10)))) == [("Le Sacre", 0, 9, 10)]


def test_a_day_without_one_parts_them():
    assert told(runs(on(0, 1, 3))) == [("Le Sacre", 0, 1, 2), ("Le Sacre", 3, 3, 1)]


def test_two_on_one_day_are_one_block_of_two():
    assert told(runs(on(0, 0, 1))) == [("Le Sacre", 0, 1, 3)]


def test_a_short_one_within_a_long_one_does_not_shorten_it():
    assert told(runs([*on(0, days=5), *on(1), *on(5)])) == [("Le Sacre", 0, 5, 3)]


def test_others_are_others():
    assert told(runs([*on(0, 2), *on(1, key="Works")])) == [
        ("Le Sacre", 0, 0, 1),
        ("Works", 1, 1, 1),
        ("Le Sacre", 2, 2, 1),
    ]


def test_nothing_is_no_block():
    assert runs([]) == []
