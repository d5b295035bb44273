"""The timeline of a resource: who has it when, as far as the reader may know."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.spans import Span
from booking.domain.states import Force, State
from booking.services.standing import headline_ranks
from booking.storage import catalogues, timelines
from booking.storage.timelines import TimelineRow


@dataclass(frozen=True, slots=True)
class Foreign:
    """An event of a calendar that the house has connected."""

    calendar: UUID
    title: str


Names = Callable[[Connection, Collection[UUID]], Mapping[UUID, Foreign]]
"""What foreign events are called, by their ids: `calendars` knows, and the roof hands it over."""


def nameless(_connection: Connection, _ids: Collection[UUID]) -> Mapping[UUID, Foreign]:
    """Where nobody knows."""
    return {}


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that holds a resource, set-up, strike and buffers included. Instants in UTC, half-open.

    `force`: confirmed, pending, option, closed or external. `days`: first and end date (excluded) when
    it was taken in whole days. `claim`: of what is no closure; `rank`: of an option, its worst day, where it was
    asked for. `span`: start and end without what is around it.
    `booking`, `title`, `organisation`, `state`, `external` (an event of a calendar that the
    house has connected), `foreign`: None unless the reader may know.
    """

    start: datetime
    end: datetime
    force: str
    quantity: int
    days: tuple[date, date] | None = None
    booking: UUID | None = None
    title: str | None = None
    organisation: str | None = None
    state: State | None = None
    claim: UUID | None = None
    rank: int | None = None
    span: tuple[datetime, datetime] | None = None
    external: UUID | None = None
    foreign: Foreign | None = None


def timeline(
    connection: Connection, person: Person, code: str, *, start: datetime, end: datetime, names: Names = nameless
) -> list[TimelineItem]:
    """One resource, at any moment from `start` to `end` (excluded), options with their rank. NotFound."""
    if catalogues.resource(connection, code) is None:
        raise NotFound
    items = timelines_of(connection, person, [code], start=start, end=end, names=names)[code]
    options = {item.claim for item in items if item.force == "option" and item.claim is not None}
    ranks = headline_ranks(connection, options, since=start)
    return [replace(item, rank=ranks.get(item.claim)) if item.claim in options else item for item in items]


def timelines_of(
    connection: Connection,
    person: Person,
    codes: Collection[str],
    *,
    start: datetime,
    end: datetime,
    names: Names = nameless,
) -> dict[str, list[TimelineItem]]:
    """Many resources in one statement; a resource that nothing holds has an empty list.

    One more names the foreign events, where there are any that the reader may know.
    """
    return named(connection, items_of(timelines.rows(connection, codes, Span(start, end)), codes, person), names)


def named(
    connection: Connection, items: dict[str, list[TimelineItem]], names: Names
) -> dict[str, list[TimelineItem]]:
    """The same, foreign events with what they are called where the reader may know it."""
    ids = {item.external for listed in items.values() for item in listed if item.external is not None}
    called = names(connection, ids) if ids else {}
    if not called:
        return items
    return {code: [_called(item, called) for item in listed] for code, listed in items.items()}


def _called(item: TimelineItem, called: Mapping[UUID, Foreign]) -> TimelineItem:
    foreign = called.get(item.external) if item.external is not None else None
    return replace(item, title=foreign.title, foreign=foreign) if foreign else item


def items_of(rows: Iterable[TimelineRow], codes: Iterable[str], person: Person) -> dict[str, list[TimelineItem]]:
    """What was read of these resources, as this person may know it."""
    found: dict[str, list[TimelineItem]] = {code: [] for code in codes}
    seen: dict[tuple[object, ...], int] = {}
    knowing: dict[tuple[str, UUID | None], bool] = {}
    for row in rows:
        items = found[row.asked]
        # a whole is held by one booking or closure through several parts: that is one item
        key = (row.asked, row.claim or row.closure or row.external_id or row.atom_id, row.starts, row.ends)
        at = seen.setdefault(key, len(items))
        if at == len(items):
            whose = (row.venue, row.organisation_id)
            known = knowing.get(whose)
            if known is None:
                known = knowing[whose] = person.may_know(*whose)
            items.append(_item(row, known=known))
        elif items[at].quantity < row.quantity:
            items[at] = replace(items[at], quantity=row.quantity)
    return found


def _item(row: TimelineRow, *, known: bool) -> TimelineItem:
    """Made in one piece: a season of a large house has thousands. `known`: whether the reader may know it."""
    mine = known and row.source == "claim"
    title = (row.title if mine else row.reason) if known else None
    return TimelineItem(
        row.starts,
        row.ends,
        _force(row),
        row.quantity,
        _days(row),
        row.booking if mine else None,
        title,
        row.organisation if mine else None,
        State(row.state) if mine and row.state else None,
        row.claim,
        None,
        (row.claim_starts, row.claim_ends) if row.claim_starts and row.claim_ends else None,
        row.external_id if known else None,
    )


def _days(row: TimelineRow) -> tuple[date, date] | None:
    """The dates, when nothing but whole days is held."""
    if row.closed_from and row.closed_to:  # a closure that spares somebody's days holds pieces of itself
        return (row.closed_from, row.closed_to) if row.from_its_start and row.to_its_end else None
    return (row.start_date, row.end_date) if row.start_date and row.end_date and not row.around else None


def _force(row: TimelineRow) -> str:
    if row.source == "closure":
        return "closed"
    if row.force == Force.SOFT:  # also what the house itself has only pencilled in its own calendar
        return "option"
    if row.source == "external":
        return "external"
    return "pending" if row.state == State.PENDING else "confirmed"
