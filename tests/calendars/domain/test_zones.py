"""The rules that are written say what the time-zone database says, hour by hour."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.tz import tzical

from calendars.domain.zones import vtimezone

EUROPE = """BEGIN:DAYLIGHT
DTSTART:20260329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20261025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
"""


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Brussels"])
def test_our_houses_have_two_rules_and_no_list_of_dates(zone: str):
    expected = f"BEGIN:VTIMEZONE\nTZID:{zone}\n{EUROPE}END:VTIMEZONE\n".replace("\n", "\r\n")
    assert vtimezone(zone, 2027, 2029) == expected


def test_a_zone_that_keeps_its_clocks_has_one_observance():
    assert vtimezone("Asia/Tokyo", 2027, 2027).count("BEGIN:STANDARD") == 1
    assert "RRULE" not in vtimezone("Asia/Tokyo", 2027, 2027)


def test_only_a_zone_without_a_yearly_rule_lists_dates_and_only_those_needed():
    assert "RDATE" in vtimezone("Africa/Casablanca", 2027, 2029)
    assert "RRULE" not in vtimezone("Africa/Casablanca", 2027, 2029)
    assert len(vtimezone("Africa/Casablanca", 2027, 2029)) < 700


def test_a_zone_that_does_not_exist_is_refused():
    with pytest.raises(ZoneInfoNotFoundError):
        vtimezone("Europe/Kortrijk", 2027, 2027)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Brussels",
        "Europe/Paris",
        "Europe/Dublin",
        "Europe/London",
        "America/New_York",
        "America/Santiago",
        "America/Nuuk",
        "America/St_Johns",
        "America/Mexico_City",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Africa/Casablanca",
        "Asia/Gaza",
        "Asia/Kathmandu",
        "Asia/Tokyo",
        "UTC",
        "Etc/GMT+5",
    ],
)
def test_every_hour_of_the_years_asked_agrees_with_the_database(zone: str):
    first, last = 2022, 2025
    text = vtimezone(zone, first, last)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    written, known = tzical(StringIO(text)).get(zone), ZoneInfo(zone)
    moment, end = datetime(first, 1, 2, tzinfo=UTC), datetime(last, 12, 30, tzinfo=UTC)
    while moment < end:
        local = moment.astimezone(known).replace(tzinfo=None)
        if local.replace(tzinfo=known).utcoffset() == local.replace(tzinfo=known, fold=1).utcoffset():
            assert local.replace(tzinfo=written).utcoffset() == local.replace(tzinfo=known).utcoffset(), local
        moment += timedelta(hours=7)
