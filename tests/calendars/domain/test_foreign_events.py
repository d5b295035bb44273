import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calendars.domain.foreign_events import read
from calendars.domain.foreign_lines import NotACalendar
from tests.support.foreign import OTHERS, OURS, busy, calendar, files, period, second_opinion, shown

SPRING = period("2027-01-01", "2027-07-01")
YEARS = period("2026-09-01", "2029-09-01")


def spans(*events: str, before: str = "") -> list[str]:
    return shown(busy(read(calendar(*events, before=before), SPRING), SPRING))


def notes(*events: str) -> list[str]:
    return [code for code, _ in read(calendar(*events), SPRING).notes]


@pytest.mark.parametrize(
    "body", [b"/etc/passwd", b"<html></html>", b'{"a":1}', b"instance/emerge.db", b"BEGIN:HERE"]
)
def test_what_is_no_calendar_is_not_read_as_one(body: bytes):
    with pytest.raises(NotACalendar, match="not-a-calendar"):
        read(body, SPRING)


def test_half_an_answer_and_an_empty_one_are_told_apart():
    with pytest.raises(NotACalendar, match="cut-off"):
        read(calendar("UID:a\nDTSTART:20270310T090000Z")[:-20], SPRING)
    with pytest.raises(NotACalendar, match="empty"):
        read(b" \r\n", SPRING)


def test_times_without_a_zone_are_those_of_the_house():
    assert spans("DTSTART:20270310T090000\nDTEND:20270310T100000") == ["2027-03-10 08:00 – 2027-03-10 09:00"]
    ordinary = "DTSTART:20270310T090000\nDTEND:20270310T100000"
    assert spans(ordinary, before="X-WR-TIMEZONE:Asia/Tokyo\n") == ["2027-03-10 00:00 – 2027-03-10 01:00"]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Paris", "08:00"),
        ("Romance Standard Time", "08:00"),
        ('"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"', "08:00"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "08:00"),
        ("tzone://Microsoft/Utc", "09:00"),
        ('"tzone://Microsoft/Utc"', "09:00"),
        ("GMT+0200", "07:00"),
        ("utc", "09:00"),
        ("CET", "08:00"),
    ],
)
def test_zones_are_known_by_all_the_names_that_programs_give_them(zone: str, start: str):
    event = f"DTSTART;TZID={zone}:20270310T090000\nDTEND;TZID={zone}:20270310T100000"
    assert spans(event)[0].startswith(f"2027-03-10 {start}")
    assert notes(event) == []


def described(name: str, offset: str) -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )


@pytest.mark.parametrize("name", ["Customized Time Zone", "Custom X", "Europe/Brussels", "Romance Standard Time"])
def test_two_calendars_that_contradict_each_other_each_keep_their_own_times(name: str):
    event = f"DTSTART;TZID={name}:20270310T090000\nDTEND;TZID={name}:20270310T100000"
    east, west = (spans(event, before=described(name, offset)) for offset in ("+0500", "-0500"))
    again = spans(event, before=described(name, "+0500"))
    assert east == again == ["2027-03-10 04:00 – 2027-03-10 05:00"]
    assert west == ["2027-03-10 14:00 – 2027-03-10 15:00"]


def test_a_thousand_pairs_that_contradict_each_other_shift_nobody():
    chance = random.Random(7)
    noon = int(datetime(2027, 3, 10, 12, tzinfo=UTC).timestamp())
    for name in (f"Zone {n % 7}" for n in range(1000)):
        starts = []
        for hours in chance.sample(range(-11, 12), 2):
            offset = f"{'+' if hours >= 0 else '-'}{abs(hours):02}00"
            zone = (
                f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\n"
                f"TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
            )
            event = f"DTSTART;TZID={name}:20270310T120000\nDURATION:PT1H"
            (found,) = read(calendar(event, before=zone), SPRING).events
            starts.append(found.spans[0][0] + hours * 3600)
        assert starts == [noon, noon]


def test_half_a_description_of_a_known_zone_does_not_lose_its_summer():
    event = "DTSTART;TZID=Europe/Brussels:20270610T090000\nDTEND;TZID=Europe/Brussels:20270610T100000"
    assert spans(event, before=described("Europe/Brussels", "+0100")) == ["2027-06-10 07:00 – 2027-06-10 08:00"]


def test_a_described_zone_moves_its_clock_as_it_says():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    event = "DTSTART;TZID=Here:20270327T023000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3"
    assert spans(event, before=zone) == [
        "2027-03-27 01:30 – 2027-03-27 02:00",
        "2027-03-28 01:30 – 2027-03-28 02:00",  # 02:30 is not there: 03:30
        "2027-03-29 00:30 – 2027-03-29 01:00",
    ]


def test_a_series_keeps_its_hour_and_loses_what_was_taken_out_or_moved():
    master = (
        "UID:a\nDTSTART;TZID=Europe/Brussels:20270322T100000\nDTEND;TZID=Europe/Brussels:20270322T120000\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Brussels:20270405T100000"
    )
    moved = (
        "UID:a\nRECURRENCE-ID;TZID=Europe/Brussels:20270412T100000\n"
        "DTSTART;TZID=Europe/Brussels:20270413T100000\nDTEND;TZID=Europe/Brussels:20270413T110000"
    )
    assert spans(master, moved) == [
        "2027-03-22 09:00 – 2027-03-22 11:00",
        "2027-03-29 08:00 – 2027-03-29 10:00",
        "2027-04-13 08:00 – 2027-04-13 09:00",
    ]
    assert spans(moved) == ["2027-04-13 08:00 – 2027-04-13 09:00"], "also without its master"
    assert spans(master, moved + "\nSTATUS:CANCELLED") == spans(master, moved)[:2]


def test_this_and_following_moves_all_that_follow():
    master = "UID:a\nDTSTART:20270301T090000Z\nDTEND:20270301T100000Z\nRRULE:FREQ=DAILY;COUNT=4"
    later = "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270303T090000Z\nDTSTART:20270303T110000Z\nDURATION:PT30M"
    assert spans(master, later) == [
        "2027-03-01 09:00 – 2027-03-01 10:00",
        "2027-03-02 09:00 – 2027-03-02 10:00",
        "2027-03-03 11:00 – 2027-03-03 11:30",
        "2027-03-04 11:00 – 2027-03-04 11:30",
    ]
    days = "UID:b\nDTSTART;VALUE=DATE:20270301\nRRULE:FREQ=WEEKLY;COUNT=2"
    following = "UID:b\nRECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20270308\nDTSTART;VALUE=DATE:20270309"
    assert [each[:10] for each in spans(days, following)] == ["2027-02-28", "2027-03-08"]


def test_what_is_free_or_cancelled_is_told_and_takes_nothing():
    ordinary = "DTSTART:20270310T090000Z\nDTEND:20270310T100000Z\n"
    for line in ("STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"):
        assert spans(ordinary + line) == []
    statuses = ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "STATUS:CONFIRMED", "X-NOTHING:x"]
    read_ = read(calendar(*(ordinary + line for line in statuses)), SPRING)
    assert [event.status for event in read_.events] == ["TENTATIVE", "TENTATIVE", "CONFIRMED", "CONFIRMED"]


def test_titles_places_and_categories_are_kept_without_what_deceives():
    event = (
        "DTSTART:20270310T090000Z\nSUMMARY:A\\, b\u202e\\nc\nLOCATION:Studio\n  1\nCATEGORIES:One,Two\\, or three"
    )
    found = read(calendar(event), SPRING).events[0]
    assert (found.title, found.location, found.categories) == ("A, b c", "Studio 1", ["One", "Two, or three"])


def test_what_is_not_understood_is_counted_told_and_still_takes_its_time():
    body = (OURS / "odd.ics").read_bytes()
    reading = read(body, SPRING)
    told = dict(reading.notes)
    assert told == {
        "reversed": "An end before the start",
        "bad-end": "A duration in words",
        "bad-rule": "A rule that is none",
        "unknown-zone": "A zone that nobody knows",
        "no-start": "No start at all",
        "too-many": "Every second for ever",
        "not-closed": "Never closed",
    }
    assert reading.counts["unclear"] == 7
    days = {span[8:10] for span in shown(busy(reading, SPRING))}
    assert days == {"09", "11", "12", "13", "14", "15", "16", "17", "18"}


def test_free_busy_time_without_events_is_busy_time_too():
    body = calendar(
        before="BEGIN:VFREEBUSY\nUID:f\nFREEBUSY;FBTYPE=BUSY:20270310T090000Z/PT1H,20270310T120000Z/20270310T130000Z\n"
        "FREEBUSY;FBTYPE=FREE:20270311T090000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert [each[11:16] for each in shown(busy(read(body, SPRING), SPRING))] == ["09:00", "12:00"]


DISAGREE = {
    "odd.ics": "it is made to be misunderstood",
    "example.ics": "two events of one UID: both take their time here",
    "issue_178_custom_component_contains_other.ics": "it is no calendar",
    "event_with_recurrence.ics": "exceptions in UTC do not meet the times of another zone",
    "parsing_error.ics": "an exception that cannot be read does not free a day here",
    "rrule-exdate-mismatch.ics": "an exception of another type does not free a series here",
    "rrule-exdate.ics": "whole days at the rim of the period",
    "invalid_duration.ics": "a duration that cannot be read takes the rest of its day here",
    "issue_1633_rdate_with_dates.ics": "a date among times is midnight of the house here",
    "issue_1633_rdate_with_dates_and_tzid.ics": "the same",
    "issue_165_missing_event.ics": "a rule with spaces is read here",
    "rfc_7529.ics": "rules of other calendars take their first day here",
    "period_with_timezone.ics": "periods of a zone that ends",
}
"""Where the second opinion is another one, with the reason why."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "path", [path for path in files() if path.parent.name != "hostile"], ids=lambda path: path.name
)
def test_the_busy_time_is_that_of_an_independent_expander(path: Path):
    body = path.read_bytes()
    for terms in (period("1995-01-01", "1999-01-01"), period("2004-01-01", "2022-01-01"), YEARS):
        try:
            theirs = second_opinion(body, terms)
        except Exception:  # noqa: BLE001  what others refuse they have no opinion on
            return
        try:
            mine = busy(read(body, terms), terms)
        except NotACalendar:
            mine = []
        if path.name not in DISAGREE and theirs:
            assert shown(mine) == shown(theirs)


def test_the_calendars_of_other_projects_are_at_hand():
    if not OTHERS.is_dir():
        pytest.skip("no folder of other projects' calendars lies beside this project: only its own were read")
