"""Calendars made by chance, with everything that happens in them known beforehand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from booking.domain.series import occurrences
from booking.domain.wall_clock import instant
from calendars.domain.documents import Frame, opening, vcalendar
from calendars.domain.events import Event, Status, vevent
from calendars.domain.recurring import recurring

ZONES = (
    "Europe/Brussels",
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Asia/Kolkata",
)
RULES = (
    "FREQ=DAILY;COUNT={n}",
    "FREQ=DAILY;INTERVAL=3;COUNT={n}",
    "FREQ=WEEKLY;COUNT={n}",
    "FREQ=WEEKLY;INTERVAL=2;COUNT={n}",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT={n}",
    "FREQ=MONTHLY;COUNT={n}",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT={n}",
    "FREQ=MONTHLY;BYDAY=2TU;COUNT={n}",
    "FREQ=YEARLY;COUNT=3",
)
TITLES = (
    "Marées",
    "Öst; «été», nuit",
    "a\\nb",
    "line\nbreak",
    "😀" * 30,
    "x" * 200,
    ' "quoted": yes',
    "tab\there",
)
CREATED = datetime(2026, 11, 23, 9, tzinfo=UTC)
NIGHTS = (date(2027, 3, 27), date(2027, 10, 30), date(2027, 3, 13), date(2027, 11, 6), date(2027, 4, 3))
"""Before the mornings on which clocks change, in one of the zones."""


@dataclass(frozen=True, order=True)
class Happening:
    """One time that an app draws. Instants in whole seconds since 1970; of whole days the dates, as text."""

    uid: str
    start: str
    end: str
    title: str


@dataclass(frozen=True)
class Generated:
    """A calendar, and what happens in it; `repeats`: some parsers know no recurrence."""

    body: bytes
    happenings: list[Happening]
    repeats: bool


def calendar(seed: int) -> Generated:
    """The calendar of that number: the same every time."""
    draw = Random(seed)
    zone = draw.choice(ZONES)
    repeats = seed % 2 == 0
    texts: list[str] = []
    shown: list[Event] = []
    for number in range(draw.randint(1, 4)):
        single = _event(draw, f"{seed}-{number}@x", zone, _day(draw))
        shown.append(single)
        texts.append(vevent(single))
    if repeats:
        rule, series = _series(draw, f"{seed}-series@x", zone)
        shown += series.values()
        texts += map(vevent, recurring(rule, series))
    frame = Frame("Généré", zone, 2026, 2031)
    body = vcalendar(opening(frame), (text.encode() for text in texts))
    return Generated(body, sorted(_happening(each) for each in shown if each.status != "CANCELLED"), repeats)


def _series(draw: Random, uid: str, zone: str) -> tuple[str, dict[date, Event]]:
    """A rule, and what became of its days: most alike, some gone, moved, renamed or cancelled."""
    rule = draw.choice(RULES).format(n=draw.randint(2, 30))
    first = _day(draw)
    usual = _event(draw, uid, zone, first)
    days = [each.date() for each in occurrences(rule, datetime.combine(first, datetime.min.time()), FAR)]
    told = {day: _moved(usual, zone, first, day) for day in days if draw.random() > 0.15}
    for day in list(told):
        chance = draw.random()
        if chance < 0.08:
            other = _event(draw, uid, zone, day + timedelta(days=draw.randint(0, 1)))
            if isinstance(other.start, datetime) is isinstance(usual.start, datetime):  # else node-ical is lost
                told[day] = other
        elif chance < 0.16:
            told[day] = told[day]._replace(status=Status.CANCELLED)
        elif chance < 0.24:
            told[day] = told[day]._replace(summary="Other")
    return rule, told or {days[0]: _moved(usual, zone, first, days[0])}


FAR = datetime(2031, 1, 1)


def _day(draw: Random) -> date:
    if draw.random() < 0.3:
        return draw.choice(NIGHTS)
    return date(2027, 1, 1) + timedelta(days=draw.randrange(400))


def _event(draw: Random, uid: str, zone: str, day: date) -> Event:
    title, status = draw.choice(TITLES), draw.choice((Status.CONFIRMED, Status.TENTATIVE))
    if draw.random() < 0.35:
        days = timedelta(days=draw.randint(1, 12))
        return Event(uid, 1, CREATED, CREATED, day, day + days, zone, status, title)
    local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=15 * draw.randrange(24 * 4))
    start = instant(local, zone)
    end = start + timedelta(minutes=15 * draw.randint(1, 40))
    return Event(uid, 1, CREATED, CREATED, start, end, zone, status, title, location="Zaal")


def _moved(event: Event, zone: str, first: date, day: date) -> Event:
    """The same on another day: at the same time on the clock of the house."""
    if not isinstance(event.start, datetime) or not isinstance(event.end, datetime):
        return event._replace(start=event.start + (day - first), end=event.end + (day - first))
    start = event.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) + (day - first)
    begins = instant(start, zone)
    return event._replace(start=begins, end=begins + (event.end - event.start))


def _happening(event: Event) -> Happening:
    return Happening(event.uid, told(event.start), told(event.end), event.summary)


def told(moment: date) -> str:
    """Seconds since 1970, or the date."""
    return str(int(moment.timestamp())) if isinstance(moment, datetime) else moment.isoformat()
