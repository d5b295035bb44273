"""The clocks of an option, and the days that it keeps or loses.

An option runs out by itself (`expiry`), when its holder is challenged and stays silent
(`challenge`), or when it won a challenge and does not commit (`commit`). What is pending waits
for the house (`answer`): time never ends that; or for the rest of its chain (`trajectory`): at that
deadline it is an option again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.domain.claims import Asked, ClaimTerms
from booking.domain.house_rules import HouseRules
from booking.domain.wall_clock import DAY, at_venue, day_start, instant, planning_day, planning_days
from booking.domain.working_days import WorkingDays


class DueKind(StrEnum):
    """What happens at `due_at`."""

    CHALLENGE = "challenge"
    COMMIT = "commit"
    EXPIRY = "expiry"
    ANSWER = "answer"
    TRAJECTORY = "trajectory"


@dataclass(frozen=True, slots=True)
class Clock:
    """What the deadlines of one booking depend on: its house, its holder's working days, its first start."""

    rules: HouseRules
    days: WorkingDays
    zone: str
    day_line: int
    starts: datetime

    def runs_out(self, since: datetime, *, at: datetime | None = None) -> datetime:
        """When an option that is given, or goes on, at `since` expires. `at`: when that is decided."""
        first = planning_day(self.starts, self.zone, self.day_line)
        today = at_venue(at or since, self.zone).date()
        if (first - today).days < self.rules.short_notice_days:
            return self.days.after(since, self.rules.short_notice_working_days, self.zone)
        local = at_venue(since, self.zone).replace(tzinfo=None, fold=0)
        return instant(local + timedelta(days=self.rules.option_days), self.zone)

    def at_least(self, expires_at: datetime | None, at: datetime) -> datetime:
        """An option that comes back has what was left of its time, and at least two working days."""
        least = self.days.after(at, self.rules.short_notice_working_days, self.zone)
        return max(expires_at or least, least)

    def challenged(self, at: datetime) -> datetime:
        """Until when a challenged holder answers."""
        return self.days.after(at, self.rules.challenge_working_days, self.zone)

    def won(self, at: datetime) -> datetime:
        """Until when whoever won a challenge, or is offered days again, says yes."""
        return self.days.after(at, self.rules.commit_working_days, self.zone)

    def answered(self, at: datetime) -> datetime:
        """By when the house answers who committed."""
        return self.days.after(at, self.rules.answer_working_days, self.zone)


def first_clock(
    *, expires_at: datetime, challenged: datetime | None = None, commit: datetime | None = None
) -> tuple[datetime, DueKind]:
    """Which clock of an option runs out first. A challenge stops no other clock."""
    clocks = [(challenged, DueKind.CHALLENGE), (commit, DueKind.COMMIT), (expires_at, DueKind.EXPIRY)]
    return min(((due, kind) for due, kind in clocks if due is not None), key=lambda each: each[0])


def days_of(asked: Asked) -> list[date]:
    """The planning days of a claim, without set-up, strike and buffers."""
    return planning_days(asked.span, asked.place.zone, asked.place.day_line)


def days_hit(asked: Asked, spans: Iterable[tuple[datetime, datetime]]) -> set[date]:
    """The planning days that a claim loses where these spans take it: set-up and strike go with their day."""
    mine = days_of(asked)
    found = set()
    for start, end in spans:
        first, last = max(start, asked.occupied.start), min(end, asked.occupied.end)
        if first < last:
            day, until = (
                planning_day(moment, asked.place.zone, asked.place.day_line)
                for moment in (first, last - timedelta(microseconds=1))
            )
            while day <= until:
                found.add(min(max(day, mine[0]), mine[-1]))
                day += DAY
    return found


def stretches(asked: Asked, days: Collection[date]) -> list[ClaimTerms]:
    """The claim cut down to these planning days, one set of terms per unbroken stretch."""
    mine = days_of(asked)
    runs: list[list[date]] = []
    for day in (each for each in mine if each in days):
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_cut(asked, run, mine) for run in runs]


def _cut(asked: Asked, run: Sequence[date], mine: Sequence[date]) -> ClaimTerms:
    terms, place = asked.terms, asked.place
    whole = terms.in_whole_days
    start: date | datetime = run[0] if whole else day_start(run[0], place.zone, place.day_line)
    end: date | datetime = run[-1] + DAY if whole else day_start(run[-1] + DAY, place.zone, place.day_line)
    if run[0] == mine[0]:
        start = terms.start
    if run[-1] == mine[-1]:
        end = terms.end
    return replace(
        terms,
        start=start,
        end=end,
        setup_minutes=terms.setup_minutes if run[0] == mine[0] else 0,
        strike_minutes=terms.strike_minutes if run[-1] == mine[-1] else 0,
    )
