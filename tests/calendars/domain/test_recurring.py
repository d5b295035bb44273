"""A series becomes one master with its exceptions; whoever expands it finds every occurrence again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import recurring_ical_events
from icalendar import Calendar

from booking.domain.wall_clock import instant
from calendars.domain.documents import Frame, opening, vcalendar
from calendars.domain.events import Event, Status, vevent
from calendars.domain.recurring import recurring

ZONE = "Europe/Brussels"
FRAME = Frame("BUDA", ZONE, 2026, 2029)
CREATED = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULE = "FREQ=WEEKLY;COUNT=30"
FIRST = date(2027, 9, 7)


def a_class(day: date, *, hour: int = 10, length: int = 2, title: str = "Class", **more: object) -> Event:
    start = instant(datetime(day.year, day.month, day.day, hour), ZONE)
    end = instant(datetime(day.year, day.month, day.day, hour) + timedelta(hours=length), ZONE)
    return Event("s@x", 0, CREATED, CREATED, start, end, ZONE, Status.CONFIRMED, title)._replace(**more)


def weeks(count: int, make: Callable[..., Event] = a_class) -> dict[date, Event]:
    return {FIRST + timedelta(weeks=n): make(FIRST + timedelta(weeks=n)) for n in range(count)}


def expanded(events: list[Event]) -> list[tuple[object, object, str]]:
    body = vcalendar(opening(FRAME), [vevent(each).encode() for each in events])
    found = recurring_ical_events.of(Calendar.from_ical(body)).between(date(2027, 1, 1), date(2029, 1, 1))
    return sorted(
        (_settled(each["DTSTART"].dt), _settled(each["DTEND"].dt), str(each["SUMMARY"]))
        for each in found
        if each.get("STATUS") != "CANCELLED"
    )


def _settled(value: date) -> date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def typed(told: dict[date, Event]) -> list[tuple[object, object, str]]:
    return sorted((each.start, each.end, each.summary) for each in told.values() if each.status != "CANCELLED")


def test_a_class_at_ten_stays_at_ten_when_clocks_change():
    told = weeks(30)
    events = recurring(RULE, told)
    assert len(events) == 1
    assert expanded(events) == typed(told)
    text = vevent(events[0])
    assert "DTSTART;TZID=Europe/Brussels:20270907T100000\r\n" in text
    assert "RRULE:FREQ=WEEKLY;UNTIL=20280328T080000Z\r\n" in text


def test_a_day_without_a_booking_is_left_out():
    told = weeks(10)
    del told[date(2027, 11, 2)], told[date(2027, 9, 14)]
    (master,) = recurring(RULE, told)
    assert expanded([master]) == typed(told)
    assert "EXDATE;TZID=Europe/Brussels:20270914T100000,20271102T100000" in vevent(master).replace("\r\n ", "")


def test_what_is_different_stands_beside_the_master_under_its_first_time():
    told = weeks(5)
    told[date(2027, 9, 14)] = a_class(date(2027, 9, 14), hour=14, title="Class, later")
    told[date(2027, 9, 21)] = a_class(date(2027, 9, 21), status=Status.CANCELLED)
    master, later, cancelled = recurring(RULE, told)
    assert (later.uid, cancelled.uid) == (master.uid, master.uid)
    assert "RECURRENCE-ID;TZID=Europe/Brussels:20270914T100000\r\n" in vevent(later)
    assert "STATUS:CANCELLED" in vevent(cancelled)
    assert expanded([master, later, cancelled]) == typed(told)


def test_from_a_day_on_at_another_hour():
    told = weeks(10) | {day: a_class(day, hour=11) for day in list(weeks(10))[4:]}
    assert expanded(recurring(RULE, told)) == typed(told)


def test_whole_days_repeat_as_dates():
    def stay(day: date) -> Event:
        return a_class(day)._replace(start=day, end=day + timedelta(days=3))

    told = weeks(4, stay)
    told[FIRST + timedelta(weeks=1)] = stay(FIRST + timedelta(weeks=1, days=1))
    del told[FIRST + timedelta(weeks=2)]
    events = recurring(RULE, told)
    assert "EXDATE;VALUE=DATE:20270921" in vevent(events[0])
    assert "RECURRENCE-ID;VALUE=DATE:20270914" in vevent(events[1])
    assert expanded(events) == typed(told)


def test_a_night_in_which_clocks_change_keeps_its_true_length():
    told = {
        day: a_class(day, hour=22, length=8) for day in (date(2027, 10, 2) + timedelta(weeks=n) for n in range(9))
    }
    assert expanded(recurring("FREQ=WEEKLY;COUNT=9", told)) == typed(told)


def test_what_never_begins_on_the_day_of_the_rule_is_still_found():
    told = {day: a_class(day + timedelta(days=1)) for day in weeks(4)}
    assert expanded(recurring(RULE, told)) == typed(told)


def test_one_that_is_left_repeats_no_more():
    (only,) = recurring(RULE, weeks(1))
    assert "RRULE" not in vevent(only)


def test_days_that_the_rule_does_not_name_stand_by_themselves():
    events = recurring(
        RULE, {FIRST: a_class(FIRST), FIRST + timedelta(days=3): a_class(FIRST + timedelta(days=3))}
    )
    assert len({each.uid for each in events}) == 2
