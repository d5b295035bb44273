"""Why a deadline falls where it does: which days count, for whom, and which do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from booking.domain.house_rules import read_house_rules
from booking.domain.wall_clock import DAY, at_venue
from booking.domain.working_days import WorkingDays, of_countries
from booking.services.standing import ChallengeView
from booking.storage import queues, registers
from booking.storage.registers import BookingRow


@dataclass(frozen=True, slots=True)
class Reckoning:
    """From `start` to `due_at`: the days that count by `days`, in order; `commits_by`: what follows a victory."""

    start: datetime
    due_at: datetime
    days: WorkingDays
    counted: Sequence[date]
    commits_by: datetime


def of_challenge(connection: Connection, row: BookingRow, challenge: ChallengeView) -> Reckoning | None:
    """The clock of an open challenge, as the holder's country and the house count; None when none runs."""
    if challenge.state != "open" or challenge.due_at is None:
        return None
    house = queues.house(connection, row.venue_id)
    rules = read_house_rules(house.settings)
    country = _holders_country(connection, row, challenge) or house.calendar
    days = of_countries(house.calendar, country, closing=rules.closing_days)
    day, last = at_venue(challenge.at, row.zone).date(), at_venue(challenge.due_at, row.zone).date()
    counted = [each for n in range(1, (last - day).days + 1) if days.counts(each := day + DAY * n)]
    commits_by = days.after(challenge.due_at, rules.commit_working_days, row.zone)
    return Reckoning(challenge.at, challenge.due_at, days, counted, commits_by)


def _holders_country(connection: Connection, row: BookingRow, challenge: ChallengeView) -> str | None:
    """Of whoever answers last; the deadline is theirs."""
    if not challenge.mine:
        return row.organisation_country
    last = next((each for each in challenge.asked if each.due_at == challenge.due_at), None)
    holder = registers.find(connection, last.booking) if last else None
    return holder.organisation_country if holder else None
