"""The document says what calendar apps look for before they look at events."""

import icalendar

from calendars.domain.documents import Frame, opening, vcalendar
from tests.support.two_readers import read

FRAME = Frame("BUDA · Studio 1", "Europe/Brussels", 2026, 2029)


def test_the_name_stands_under_both_of_its_names():
    calendar = icalendar.Calendar.from_ical(vcalendar(opening(FRAME), []))
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "BUDA · Studio 1"
    assert calendar["X-WR-TIMEZONE"] == "Europe/Brussels"
    assert calendar["METHOD"] == "PUBLISH"


def test_apps_learn_how_often_to_look():
    body = vcalendar(opening(FRAME), [])
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in body
    assert b"X-PUBLISHED-TTL:PT15M\r\n" in body


def test_a_feed_without_events_still_is_a_calendar_with_a_component():
    body = vcalendar(opening(FRAME), [])
    assert read(body) == {}
    assert body.count(b"BEGIN:VTIMEZONE") == 1


def test_a_name_cannot_become_another_property():
    body = opening(Frame("x\nMETHOD:CANCEL", "Europe/Brussels", 2026, 2026))
    assert body.count(b"\r\nMETHOD:") == 1


def test_texts_are_joined_as_they_are():
    body = vcalendar(opening(FRAME), iter([b"A\r\n", b"B\r\n"]))
    assert body == opening(FRAME) + b"A\r\nB\r\nEND:VCALENDAR\r\n"
