"""Options: given, extended, put in another place of the queue, given back."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from booking.domain.conflicts import refused
from booking.domain.queue import key
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, WrongState
from booking.domain.spans import Span
from booking.domain.states import State, Verb
from booking.domain.wall_clock import DAY, planning_days
from booking.services.deeds import Deed, overridden, too_many
from booking.services.losing import held_days, lose
from booking.services.ordering import better_days, move_to, reread, set_clock
from booking.storage import challenges, entries


def grant(deed: Deed) -> None:
    """The house gives an option, with a clock. CannotBeHad: something hard, or one of the limits."""
    kinds, beneath = overridden(deed, too_many(deed))
    expires_at = _chosen(deed) or deed.house.clock(deed.row).runs_out(deed.at)
    values: dict[str, Any] = {"granted_at": deed.at, "expires_at": expires_at, "overrides": beneath or None}
    new = {"expires_at": expires_at.isoformat(), **({"overridden": kinds} if kinds else {}), **deed.accepted()}
    move_to(
        deed.connection,
        deed.house,
        deed.row,
        State.OPTION,
        "booking.granted",
        at=deed.at,
        by=deed.person.id,
        why=deed.answer.reason,
        values=values,
        new=new,
    )
    set_clock(deed.connection, deed.row, expires_at)


def _chosen(deed: Deed) -> datetime | None:
    """Until when, as a planner chose it. Forbidden for a company; Malformed when it has passed."""
    chosen = deed.answer.expires_at
    if chosen is None:
        return None
    if not deed.decides:
        raise Forbidden
    if chosen <= deed.at:
        raise Malformed({"expires_at": ["out-of-range"]})
    return chosen


def extend(deed: Deed) -> None:
    """Another fortnight (two working days at short notice), at most twice; a planner may choose the day."""
    row, rules = deed.row, deed.house.rules
    if row.extensions >= rules.extensions and not (deed.answer.force and deed.decides):
        raise CannotBeHad([refused(deed.asked()[0], "extensions", extensions=rules.extensions)])
    since = row.expires_at or deed.at
    expires_at = _chosen(deed) or deed.house.clock(row).runs_out(since, at=deed.at)
    values = {"expires_at": expires_at, "extensions": row.extensions + 1}
    entries.alter(deed.connection, row, values, at=deed.at)
    set_clock(deed.connection, row, expires_at)
    old = {"expires_at": row.expires_at.isoformat()} if row.expires_at else {}
    deed.tell("booking.extended", old=old, new={"expires_at": expires_at.isoformat()})


def order(deed: Deed) -> None:
    """A planner puts an option at a place of the queue; the others keep their keys."""
    wanted = deed.answer.rank
    if wanted is None:
        raise Malformed({"rank": ["required"]})
    row = deed.row
    others = {holder for holder, _, _ in better_days(deed.connection, deed.house, row.id, at=deed.at)}
    behind = {
        holder
        for holder, _, _ in better_days(deed.connection, deed.house, row.id, at=deed.at, instead=deed.asked())
        if holder != row.id
    }
    line = sorted(_key(deed, booking) for booking in others | behind)
    if not 1 <= wanted <= len(line) + 1:
        raise Malformed({"rank": ["out-of-range"]})
    before = line[wanted - 1] if wanted <= len(line) else None
    moment = before[0] - 1 if before else line[-1][0] + 1 if line else _key(deed, row.id)[0]
    for other, (when, booking) in enumerate(reversed(line[: wanted - 1])):
        if when >= moment - other:  # no room between two: those before make some
            _put(deed, booking, moment - 1 - other)
    _put(deed, row.id, moment)
    deed.tell("booking.ordered", new={"rank": wanted})


def _key(deed: Deed, booking: UUID) -> tuple[int, UUID]:
    row = reread(deed.connection, booking)
    found = key(row.granted_at or row.created_at, row.id, row.manual_order)
    return found.moment, found.id


def _put(deed: Deed, booking: UUID, moment: int) -> None:
    entries.alter(deed.connection, reread(deed.connection, booking), {"manual_order": moment}, at=deed.at)


def release(deed: Deed) -> None:
    """The option is given back, or the planning days of a part of it. WrongState: nothing of that is held."""
    row, answer = deed.row, deed.answer
    days = within(deed)
    if not any(days.values()):
        raise WrongState(row.state, Verb.RELEASE)
    _answer_challenges(deed, days)
    left = lose(
        deed.connection,
        deed.house,
        row,
        days,
        to=State.RELEASED,
        at=deed.at,
        by=deed.person.id,
        why=answer.reason,
    )
    if left.state is State.OPTION:
        set_clock(deed.connection, left, left.expires_at)


def within(deed: Deed) -> dict[UUID, list[date]]:
    """The held days of each claim, or those of them that the answer names. Malformed: it ends before it starts."""
    answer, held = deed.answer, held_days(deed.house, deed.row)
    codes = {claim.id: claim.resource for claim in deed.row.claims}
    first, end = _day(deed, answer.start, after=False), _day(deed, answer.end, after=True)
    if first is not None and end is not None and end <= first:
        raise Malformed({"to": ["not-after-start"]})
    return {
        claim: [
            day
            for day in days
            if (first is None or day >= first)
            and (end is None or day < end)
            and answer.resource in (None, codes[claim])
        ]
        for claim, days in held.items()
    }


def _day(deed: Deed, moment: date | datetime | None, *, after: bool) -> date | None:
    """The planning day of an instant; the end of a stretch takes the day in which it lies."""
    if not isinstance(moment, datetime):
        return moment
    instant = moment - timedelta(microseconds=1) if after else moment
    day = planning_days(Span(instant, instant + timedelta(microseconds=1)), deed.house.zone, deed.house.day_line)[
        0
    ]
    return day + DAY if after else day


def _answer_challenges(deed: Deed, days: dict[UUID, list[date]]) -> None:
    """Releasing contested days is an answer to whoever challenged them."""
    codes = {claim.id: claim.resource for claim in deed.row.claims}
    given = {(codes[claim], day) for claim, each in days.items() for day in each}
    around = challenges.around(deed.connection, [deed.row.id])
    contested = challenges.days_of(deed.connection, [each.id for each in around if not each.settled_at])
    mine = [
        day.id
        for day in contested
        if day.holder_id == deed.row.id and day.answer is None and (day.resource, day.day) in given
    ]
    challenges.answer_days(deed.connection, mine, "release", at=deed.at)
