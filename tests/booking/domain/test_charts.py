"""The wall chart: the same answers from columns of bits as from each resource by itself."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from booking.domain.charts import SHEET, Chart, Fact, Register, year_of
from booking.domain.free_days import YEAR_BYTES, cut, days_in, ones, runs
from booking.domain.needs import Need, fit
from booking.domain.ways_out import MEASURES, Like, is_like, like_need

MANY = 300
FIRST = date(2027, 11, 20)
NEEDS = (
    Need(),
    Need(kind="studio"),
    Need(min_width_m=10, sprung_floor=True),
    Need(min_width_m=1, sprung_floor=False, quantity=3),
    Need(min_seats=40, three_phase=True, min_power_amps=63),
)


def facts(dice: Random) -> list[Fact]:
    """Some sheets say nothing of a thing, some say it in another way than anybody asks."""
    values = (None, None, 1, 9.5, 10, 12, True, False, "wide", [10])
    return [
        Fact(
            n,
            dice.randint(1, 20),
            f"R{n:04}",
            dice.choice(("studio", "stage")),
            dice.choice((1, 1, 4)),
            dice.choice((0, 9000, 12000)),
            tuple(dice.choice(values) for _ in SHEET),
        )
        for n in dice.sample(range(1, 5_000), MANY)
    ]


def a_chart(dice: Random, register: Register) -> tuple[Chart, dict[int, dict[int, int]]]:
    bits = {year: {n: _mostly_free(dice, days_in(year)) for n in range(len(register))} for year in (2027, 2028)}
    years = {
        year: year_of(year, b"".join(each.to_bytes(YEAR_BYTES, "little") for each in of_all.values()))
        for year, of_all in bits.items()
    }
    return Chart(register, [1] * len(register), years, {}, {}), bits


def _mostly_free(dice: Random, days: int) -> int:
    return sum(1 << n for n in range(days) if dice.random() < 0.8)


@pytest.mark.parametrize("seed", range(5))
def test_a_sheet_is_read_as_a_need_reads_it(seed: int):
    everything = facts(Random(seed))
    register = Register(everything)
    by_id = {fact.id: fact for fact in everything}
    for need in NEEDS:
        fits, silent = register.fitting(need)
        for n in range(len(register)):
            fact = by_id[register.ids[n]]
            how = fit(need, dict(zip(SHEET, fact.sheet, strict=True)), capacity=fact.capacity)
            assert (bool(fits >> n & 1), bool(silent >> n & 1)) == (
                how.fits,
                bool(how.unknown) and not how.lacks,
            ), (need, fact)
    assert set(ones(register.of_kind("studio"))) == {
        n for n in range(MANY) if by_id[register.ids[n]].kind == "studio"
    }
    assert [(register.prices[n], register.codes[n]) for n in range(MANY)] == sorted(
        (fact.price, fact.code) for fact in everything
    ), "the cheapest first, and then by code"


@pytest.mark.parametrize("seed", range(5))
def test_days_in_a_row_are_those_of_each_resource(seed: int):
    dice = Random(seed)
    chart, bits = a_chart(dice, Register(facts(dice)))
    for length, days in ((90, 10), (30, 1), (12, 12), (7, 3), (200, 21)):
        end = FIRST + timedelta(days=length)
        found = chart.with_a_run(FIRST, end, days)
        for n in range(MANY):
            mine = cut({year: of_all[n] for year, of_all in bits.items()}, FIRST, end)
            assert chart.free_days(n, FIRST, end) == mine
            assert bool(found >> n & 1) is bool(runs(mine, days))


def test_what_changed_is_changed_in_rows_and_columns():
    dice = Random(9)
    chart, bits = a_chart(dice, Register(facts(dice)))
    new = {n: _mostly_free(dice, 365) for n in (0, 7, 64, MANY - 1)}
    changed = chart.years[2027].changed(new)
    of_all = {**bits[2027], **new}
    again = year_of(2027, b"".join(each.to_bytes(YEAR_BYTES, "little") for each in of_all.values()))
    assert (changed.rows, list(changed.columns)) == (again.rows, list(again.columns))
    assert chart.years[2027].of(7) == bits[2027][7], "who looks at the one before sees what was before"


def test_rooms_that_are_alike_are_those_that_fit_as_a_need():
    dice = Random(9)
    measures = (None, 1, 8.9, 9, 9.5, 10, 12)
    rooms = [
        replace(fact, sheet=tuple(_said(dice, name, measures) for name in SHEET), retired=dice.random() < 0.1)
        for fact in facts(dice)
    ]
    register = Register(rooms)
    likes = [
        Like(each.code, each.kind, each.code, "V", "V", dict(zip(SHEET, each.sheet, strict=True)), 50, 3)
        for each in rooms
    ]
    retired = {each.code for each in rooms if each.retired}
    for mine in likes[:40]:
        fits, _ = register.fitting(like_need(mine))
        found = {register.codes[n] for n in ones(fits & register.of_kind(mine.kind) & register.in_use())}
        assert found - {mine.code} == {each.code for each in likes if is_like(mine, each)} - retired


def _said(dice: Random, name: str, measures: tuple[object, ...]) -> object:
    return dice.choice(measures) if name in MEASURES else dice.choice((None, True, False))
