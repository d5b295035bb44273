"""A lively season around today, so that no desk is empty: told through the real services.

Every story is asked, answered and ended at moments of its own, oldest first, as people would have
done; so rules, history, notifications and feeds are those of a house that has worked for weeks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from booking.domain.bookings import Moment, Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.refusals import NotFound, Refusal
from booking.domain.rules import WEEKDAYS
from booking.domain.states import State, Verb
from booking.domain.wall_clock import at_venue, instant
from booking.services import people
from booking.services.answering import Answer, perform
from booking.services.asking import ask
from booking.storage import organisations
from booking.storage.synthetic import titles

STORIES = Path(__file__).resolve().parent.parent / "demo" / "stories.json"
ZONE = "Europe/Brussels"
"""Every house of the demo world shows this clock (Paris shows the same)."""

OPENS = time(9)
BETWEEN = timedelta(minutes=37)
"""People do not all write at nine: each step of a day comes a little later than the one before."""

HOUSE_VERBS = frozenset({Verb.GRANT, Verb.CONFIRM, Verb.DECLINE})
KeptFree = Sequence[tuple[str, date, date]]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does to one story at one moment. `verb` None: they ask."""

    at: datetime
    story: Mapping[str, Any]
    verb: Verb | None = None
    reason: str | None = None


def load(connection: Connection, *, at: datetime) -> int:
    """Tell the stories that were not told yet; returns how many bookings are new.

    Stories that cannot be had (another world, somebody's own bookings, dates kept free) are left out.
    """
    season = orjson.loads(STORIES.read_bytes())
    calendar = Calendar(at)
    told = titles(connection)
    kept_free = [(code, date.fromisoformat(a), date.fromisoformat(b)) for code, a, b in season["kept_free"]]
    stories = [
        story
        for story in season["stories"]
        if story["title"] not in told and not _falls_in(story, calendar, kept_free)
    ]
    cast = Cast(connection, season["planners"])
    bookings: dict[str, UUID] = {}
    for step in _steps(stories, calendar):
        try:
            _take(connection, step, cast, calendar, bookings)
        except Refusal:
            continue
    return len(bookings)


class Calendar:
    """Turns "0 fri" into a date, and dates into the moments of a season around `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        today = at_venue(at, ZONE).date()
        self.monday = today - timedelta(days=today.weekday())

    def day(self, words: str) -> date:
        """`0 mon` is the Monday of this week."""
        week, weekday = words.split()
        return self.monday + timedelta(weeks=int(week), days=WEEKDAYS.index(weekday))

    def span(self, words: str) -> tuple[datetime | date, datetime | date]:
        """`0 mon +5`: dates, the end excluded; `0 fri 20:00-22:00`: instants."""
        first = self.day(words.rpartition(" ")[0])
        length = words.rpartition(" ")[2]
        if length.startswith("+"):
            return first, first + timedelta(days=int(length))
        start, end = (datetime.combine(first, time.fromisoformat(text)) for text in length.split("-"))
        return instant(start, ZONE), instant(end, ZONE)


class Cast:
    """Who speaks: people by address, planners by house, companies by name; each read once."""

    def __init__(self, connection: Connection, planners: Mapping[str, str]) -> None:
        self._connection = connection
        self._planners = planners
        self._known: dict[str, Person] = {}
        self._companies: dict[str, UUID] = {row.name: row.id for row in organisations.all_by_name(connection)}

    def person(self, email: str) -> Person:
        """NotFound in another world."""
        if email not in self._known:
            self._known[email] = people.of_email(self._connection, email)
        return self._known[email]

    def planner(self, story: Mapping[str, Any]) -> Person:
        """Who decides for the house of the story. NotFound in another world."""
        return self.person(self._planners[_house(story)])

    def asker(self, story: Mapping[str, Any]) -> Person:
        """A company's producer, or the planner for the house's own programme."""
        return self.person(story["by"]) if "by" in story else self.planner(story)

    def company(self, story: Mapping[str, Any]) -> UUID | None:
        """For which company it is asked; None: the house itself."""
        if "for" in story:
            if story["for"] not in self._companies:
                raise NotFound
            return self._companies[story["for"]]
        return next(iter(self.asker(story).organisations), None)


def _house(story: Mapping[str, Any]) -> str:
    code: str = story["claims"][0]["resource"]
    return code.partition("-")[0]


def _steps(stories: Sequence[Mapping[str, Any]], calendar: Calendar) -> list[Step]:
    """Every step in order of time; none lies in the future, and none comes before what it answers."""
    steps = sorted(_planned(stories, calendar), key=lambda step: step.at)
    count = len(steps)
    latest = [calendar.at - timedelta(minutes=count - n) for n in range(count)]
    return [
        Step(min(step.at, last), step.story, step.verb, step.reason)
        for step, last in zip(steps, latest, strict=True)
    ]


def _planned(stories: Sequence[Mapping[str, Any]], calendar: Calendar) -> Iterator[Step]:
    for n, story in enumerate(stories):
        later = BETWEEN * (n % 13)
        yield Step(_morning(calendar.day(story["asked"])) + later, story)
        for verb, when, *reason in story.get("then", ()):
            yield Step(_morning(calendar.day(when)) + later, story, Verb(verb), *reason)


def _morning(day: date) -> datetime:
    return instant(datetime.combine(day, OPENS), ZONE)


def _take(
    connection: Connection,
    step: Step,
    cast: Cast,
    calendar: Calendar,
    bookings: dict[str, UUID],
) -> None:
    story = step.story
    if step.verb is None:
        terms = _terms(story, calendar, cast.company(story))
        bookings[story["title"]] = ask(connection, cast.asker(story), terms, at=step.at).id
        return
    if story["title"] in bookings:
        person = cast.planner(story) if step.verb in HOUSE_VERBS else cast.asker(story)
        perform(connection, person, bookings[story["title"]], step.verb, Answer(step.reason), at=step.at)


def _terms(story: Mapping[str, Any], calendar: Calendar, company: UUID | None) -> Terms:
    return Terms(
        title=story["title"],
        purpose=Purpose(story["purpose"]),
        claims=tuple(_claim(claim, calendar) for claim in story["claims"]),
        organisation=company,
        people=story.get("people"),
        note=story.get("note"),
        moments=tuple(_moment(moment, calendar) for moment in story.get("moments", ())),
        state=State(story["state"]) if "state" in story else None,
    )


def _claim(claim: Mapping[str, Any], calendar: Calendar) -> ClaimTerms:
    start, end = calendar.span(claim["when"])
    return ClaimTerms(
        claim["resource"],
        start,
        end,
        quantity=claim.get("quantity", 1),
        setup_minutes=claim.get("setup", 0),
        strike_minutes=claim.get("strike", 0),
    )


def _moment(moment: Mapping[str, Any], calendar: Calendar) -> Moment:
    start, end = calendar.span(moment["when"])
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise TypeError(f"a moment has hours: {moment['when']!r}")
    return Moment(moment["kind"], start, end)


def _falls_in(story: Mapping[str, Any], calendar: Calendar, kept_free: KeptFree) -> bool:
    """Whether it would take a resource on days that stay free."""
    return any(
        claim["resource"] == code and first < end and start <= last
        for claim in story["claims"]
        for first, last in [_days(calendar.span(claim["when"]))]
        for code, start, end in kept_free
    )


def _days(span: tuple[datetime | date, datetime | date]) -> tuple[date, date]:
    """The first and the last date, roughly: what stays free is given in whole days."""
    first, last = (end.date() if isinstance(end, datetime) else end for end in span)
    return first, last
