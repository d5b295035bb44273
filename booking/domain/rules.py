"""The rules of a resource, read from the document that its house edits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from booking.domain.spans import Span, merged
from booking.domain.wall_clock import DAY, MIDNIGHT, at_venue, instant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS = 3 * 365 + 1
FULL_DAY = 24 * 60
HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


class Policy(StrEnum):
    """How a resource answers a company, from the most to the least generous."""

    INSTANT = "instant"
    OPTION = "option"
    REQUEST = "request"


class Audience(StrEnum):
    """Who may ask."""

    ANYONE = "anyone"
    PROGRAMME = "programme"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class AutoConfirm:
    """A house rule that answers a request at once."""

    at_most_days_ahead: int
    at_most_days: int
    without_accommodation: bool
    programme_company: bool


@dataclass(frozen=True, slots=True)
class Season:
    """Other opening hours from one date to another (end excluded)."""

    start: date
    end: date
    hours: Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Opening:
    """When people may be in: weekday (0 = Monday) → spans in minutes after midnight, up to 1440."""

    hours: Mapping[int, Sequence[tuple[int, int]]]
    seasons: tuple[Season, ...] = ()

    def on(self, day: date) -> Sequence[tuple[int, int]]:
        """The hours of one date; the first season that holds the date goes before the usual hours."""
        for season in self.seasons:
            if season.start <= day < season.end:
                return season.hours.get(day.weekday(), ())
        return self.hours.get(day.weekday(), ())

    def spans(self, around: Span, zone_name: str) -> list[Span]:
        """Every open span that may meet `around`, merged over midnight."""
        return merged(self._each_span(around, zone_name))

    def _each_span(self, around: Span, zone_name: str) -> Iterator[Span]:
        day = at_venue(around.start, zone_name).date() - DAY
        last = at_venue(around.end, zone_name).date()
        while day <= last:
            midnight = datetime.combine(day, MIDNIGHT)
            for opens, closes in self.on(day):
                start = instant(midnight + timedelta(minutes=opens), zone_name)
                end = instant(midnight + timedelta(minutes=closes), zone_name)
                if start < end:  # an hour that the clocks leave out opens nothing
                    yield Span(start, end)
            day += DAY


@dataclass(frozen=True, slots=True)
class Quota:
    """How much one organisation may have of a resource. `bookings_ahead`: live ones still to come, asked ones
    too (a series counts as one); `days_per_year`: planning days in one calendar year."""

    bookings_ahead: int | None = None
    days_per_year: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a house asks of those who book. All lengths in minutes; `opening` None: always open.

    `purposes`: other buffers, before and after, for some purposes.
    """

    policy: Policy = Policy.REQUEST
    opening: Opening | None = None
    granularity: int = 30
    shortest: int | None = None
    longest: int | None = None
    lead: int = 0
    horizon_days: int = HORIZON_DAYS
    before: int = 0
    after: int = 0
    audience: Audience = Audience.ANYONE
    whole_days_only: bool = False
    auto_confirm: AutoConfirm | None = None
    purposes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    quota: Quota | None = None

    def buffers(self, purpose: str | None) -> tuple[int, int]:
        """What is kept free before and after, for that purpose."""
        return self.purposes.get(purpose or "", (self.before, self.after))


def read_rules(document: Mapping[str, Any]) -> Rules:
    """Rules from their JSON document (`granularity_minutes`, `buffer_minutes`, …).

    ValueError or KeyError when the document makes no sense.
    """
    buffers = document.get("buffer_minutes", {})
    automatic, quota = document.get("auto_confirm"), document.get("quota")
    return Rules(
        policy=Policy(document.get("policy", Policy.REQUEST)),
        opening=_read_opening(document),
        granularity=document.get("granularity_minutes", 30),
        shortest=document.get("shortest_minutes"),
        longest=document.get("longest_minutes"),
        lead=document.get("lead_minutes", 0),
        horizon_days=document.get("horizon_days", HORIZON_DAYS),
        before=buffers.get("before", 0),
        after=buffers.get("after", 0),
        audience=Audience(document.get("audience", Audience.ANYONE)),
        whole_days_only=document.get("whole_days_only", False),
        auto_confirm=AutoConfirm(**automatic) if automatic else None,
        purposes={
            purpose: (each.get("before", 0), each.get("after", 0))
            for purpose, each in buffers.get("purposes", {}).items()
        },
        quota=Quota(**quota) if quota else None,
    )


def _read_opening(document: Mapping[str, Any]) -> Opening | None:
    usual = document.get("opening", "always")
    seasons = tuple(
        Season(
            date.fromisoformat(season["start"]),
            date.fromisoformat(season["end"]),
            _read_hours(season["opening"]),
        )
        for season in document.get("seasons", ())
    )
    if usual == "always" and not seasons:
        return None
    return Opening(
        dict.fromkeys(range(7), ((0, FULL_DAY),)) if usual == "always" else _read_hours(usual),
        seasons,
    )


def _read_hours(document: Mapping[str, str]) -> dict[int, list[tuple[int, int]]]:
    """From `{"tue,thu": "14:00-18:00"}` to weekday → spans.

    >>> _read_hours({"tue,thu": "14:00-18:00"})
    {1: [(840, 1080)], 3: [(840, 1080)]}
    """
    hours: dict[int, list[tuple[int, int]]] = {}
    for days, spans in document.items():
        for day in _weekdays(days):
            hours.setdefault(day, []).extend(_minutes(each) for each in spans.split(","))
    return hours


def _weekdays(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        yield from range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _minutes(text: str) -> tuple[int, int]:
    match = HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"opening hours {text!r} are not HH:MM-HH:MM")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    if max(hour, end_hour) > 24 or max(minute, end_minute) > 59:
        raise ValueError(f"there are no hours {text!r}")
    opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
    return opens, closes if opens < closes else closes + FULL_DAY  # until after midnight
