"""The document says what calendar apps look for before they look at events."""

import icalendar

from calendars.domain.documents import Frame, vcalendar
from tests.support.two_readers import read

FRAME = Frame("BUDA · Studio 1", "Europe/Brussels", 2026, 2029)


def test_the_name_stands_under_both_of_its_names():
    calendar = icalendar.Calendar.from_ical(vcalendar(FRAME, []))
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "BUDA · Studio 1"
    assert calendar["X-WR-TIMEZONE"] == "Europe/Brussels"
    assert calendar["METHOD"] == "PUBLISH"


def test_apps_learn_how_often_to_look():
    body = vcalendar(FRAME, [])
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in body
    assert b"X-PUBLISHED-TTL:PT15M\r\n" in body


def test_a_feed_without_events_still_is_a_calendar_with_a_component():
    body = vcalendar(FRAME, [])
    assert read(body) == {}
    assert body.count(b"BEGIN:VTIMEZONE") == 1


def test_a_name_cannot_become_another_property():
    body = vcalendar(Frame("x\nMETHOD:CANCEL", "Europe/Brussels", 2026, 2026), [])
    assert body.count(b"\r\nMETHOD:") == 1


def test_the_same_events_are_the_same_bytes():
    assert vcalendar(FRAME, ["A\r\n", "B\r\n"]) == vcalendar(FRAME, iter(["A\r\n", "B\r\n"]))
