"""Public holidays by the calendar of a house, in its words."""

from datetime import date

import pytest

from booking.domain.holidays import public_holidays


def test_the_14th_of_july_is_a_holiday_in_valenciennes_and_not_in_kortrijk():
    july = date(2027, 7, 1), date(2027, 7, 20)
    assert list(public_holidays("FR", *july, "fr")) == [date(2027, 7, 14)]
    assert not public_holidays("BE", *july, "nl")


@pytest.mark.parametrize(("language", "name"), [("nl", "Nationale feestdag"), ("fr", "Fête nationale")])
def test_a_holiday_has_its_name_in_the_languages_of_the_house(language: str, name: str):
    assert public_holidays("BE", date(2027, 7, 21), date(2027, 7, 21), language) == {date(2027, 7, 21): name}


def test_both_ends_count_over_new_year():
    days = public_holidays("BE", date(2026, 12, 25), date(2027, 1, 1), "nl")
    assert list(days) == [date(2026, 12, 25), date(2027, 1, 1)]


def test_a_language_the_source_does_not_know_gets_the_countrys_own():
    assert public_holidays("FR", date(2027, 5, 1), date(2027, 5, 1), "nl") == {date(2027, 5, 1): "Fête du Travail"}
