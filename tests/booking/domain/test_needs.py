"""Whether a technical sheet answers a need: fits, does not fit by so much, or does not say."""

import pytest

from booking.domain.needs import Fit, Lack, Need, fit


def test_a_sheet_that_says_everything_and_enough_fits():
    need = Need(min_width_m=10, min_depth_m=10, sprung_floor=True)
    assert fit(need, {"width_m": 14, "depth_m": 11, "sprung_floor": True}, capacity=1).fits


def test_what_lacks_is_said_with_by_how_much():
    found = fit(Need(min_width_m=12, min_power_amps=63), {"width_m": 11, "power_amps": 32}, capacity=1)
    assert [(lack.name, lack.short) for lack in found.lacks] == [("width_m", 1), ("power_amps", 31)]


@pytest.mark.parametrize(
    "sheet", [{}, {"clear_height_m": None}, {"clear_height_m": "high"}, {"clear_height_m": True}]
)
def test_a_height_that_is_not_a_figure_is_unknown_and_never_fits(sheet: dict[str, object]):
    found = fit(Need(min_clear_height_m=3.8), sheet, capacity=1)
    assert found == Fit((), ("clear_height_m",))
    assert not found.fits


def test_what_lacks_and_what_is_unknown_are_both_told():
    found = fit(Need(min_width_m=12, three_phase=True), {"width_m": 11}, capacity=1)
    assert found == Fit((Lack("width_m", 12, 11, 1),), ("three_phase",))


def test_exactly_as_much_is_enough():
    assert fit(Need(min_depth_m=9.5), {"depth_m": 9.5}, capacity=1).fits


def test_more_pieces_than_there_are_never_fit():
    assert fit(Need(quantity=25), {}, capacity=24).lacks == (Lack("quantity", 25, 24, 1),)


def test_a_floor_that_must_not_be_sprung():
    assert fit(Need(sprung_floor=False), {"sprung_floor": True}, capacity=1).lacks
