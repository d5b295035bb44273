"""What a calendar shows of a claim, a moment or a closure, to somebody who may know it or may not.

Whoever may not know reads "Taken", at most: whatever was asked for, no title, no company, no
people and no reason ever leaves this module for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from booking.domain.states import State
from calendars.domain.events import Event, Status

SHOWN_BEFORE = timedelta(days=90)
"""How long what has ended stays in a feed after its last day."""

SHOWN_CANCELLED = timedelta(days=60)
"""How long an end is told as CANCELLED, for apps that look rarely."""

STATUS: Mapping[str, Status] = {
    State.OPTION: Status.TENTATIVE,
    State.PENDING: Status.TENTATIVE,
    State.CONFIRMED: Status.CONFIRMED,
    State.COMPLETED: Status.CONFIRMED,
}
"""What calendars show; every other state that has been shown before is CANCELLED."""


class Detail(StrEnum):
    """How much of what its owner may know a feed tells."""

    BUSY = "busy"
    TITLES = "titles"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; `%` marks what is filled in."""

    language: str
    taken: str
    nearly: str
    closed: str
    option: str
    counted: str
    people: str
    setup: str
    strike: str
    house: str
    mine: str
    purposes: Mapping[str, str]
    moments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A resource, named in the feed's language. `capacity` is 1 for what is had whole."""

    id: int
    code: str
    name: str
    capacity: int
    venue: str
    venue_name: str
    town: str
    zone: str


class ShownClaim(NamedTuple):
    """One claim with its booking. Instants in UTC, minutes, dates for whole days (end excluded).

    `ended_at`: when it ended, or was taken out of a booking that goes on. `rank`: of an option, its worst day.
    """

    id: UUID
    booking: UUID
    organisation: UUID | None
    organisation_name: str | None
    state: str
    title: str
    purpose: str
    people: int | None
    moments: list[dict[str, Any]]
    created_at: datetime
    modified_at: datetime
    sequence: int
    resource: int
    starts: datetime
    ends: datetime
    start_date: date | None
    end_date: date | None
    setup_minutes: int
    strike_minutes: int
    quantity: int
    booking_ended_at: datetime | None
    claim_ended_at: datetime | None
    rank: int | None = None

    @property
    def status(self) -> Status:
        """A claim that was taken out is cancelled even when its booking goes on."""
        if self.claim_ended_at is not None:
            return Status.CANCELLED
        return STATUS.get(self.state, Status.CANCELLED)

    @property
    def leaves_at(self) -> datetime:
        """The instant from which no feed shows it."""
        old = self.ends + SHOWN_BEFORE
        if self.status is not Status.CANCELLED:
            return old
        ended = self.claim_ended_at or self.booking_ended_at or self.modified_at
        return min(old, ended + SHOWN_CANCELLED)


class ShownClosure(NamedTuple):
    """One closure of one resource. Instants in UTC, dates for whole days (end excluded)."""

    id: UUID
    resource: int
    starts: datetime
    ends: datetime
    start_date: date | None
    end_date: date | None
    reason: str
    created_at: datetime
    modified_at: datetime
    sequence: int
    ended_at: datetime | None

    @property
    def leaves_at(self) -> datetime:
        """The instant from which no feed shows it."""
        old = self.ends + SHOWN_BEFORE
        return old if self.ended_at is None else min(old, self.ended_at + SHOWN_CANCELLED)


@dataclass(frozen=True, slots=True)
class View:
    """For whom it is shown. `known`: the companies whose bookings may reach them; None: everybody's."""

    detail: Detail
    words: Words
    base_url: str
    known: frozenset[UUID] | None

    def detail_of(self, organisation: UUID | None) -> Detail:
        """What this reader gets of a booking of that organisation (None: of the house itself)."""
        return self.detail if self.known is None or organisation in self.known else Detail.BUSY


def uid(identity: UUID, part: str = "") -> str:
    """The same for the life of the thing, wherever the service runs."""
    return f"{identity}{part}@emerge-booking"


def claim_events(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """The claim itself, and the moments of its booking for those who may know them."""
    if view.detail_of(claim.organisation) is Detail.BUSY:
        yield _taken(claim, place, view.words)
        return
    yield _known(claim, place, view)
    if claim.claim_ended_at is None:
        yield from _moments(claim, place, view)


def closure_event(closure: ShownClosure, place: Place, view: View) -> Event:
    """The house says no; why, only to those who may know the house's own affairs."""
    knows = view.detail_of(None) is not Detail.BUSY
    return Event(
        uid=uid(closure.id),
        sequence=closure.sequence,
        created=closure.created_at,
        modified=closure.modified_at,
        start=closure.start_date or closure.starts,
        end=closure.end_date or closure.ends,
        zone=place.zone,
        status=Status.CONFIRMED if closure.ended_at is None else Status.CANCELLED,
        summary=f"{view.words.closed} · {closure.reason}" if knows else view.words.closed,
        location=_location(place),
    )


def _taken(claim: ShownClaim, place: Place, words: Words) -> Event:
    """From set-up to strike, since that is how long nobody else can have it."""
    start = claim.start_date or claim.starts - timedelta(minutes=claim.setup_minutes)
    end = claim.end_date or claim.ends + timedelta(minutes=claim.strike_minutes)
    summary = words.nearly if claim.state == State.PENDING else words.taken
    return Event(
        uid=uid(claim.id),
        sequence=claim.sequence,
        created=claim.created_at,
        modified=claim.modified_at,
        start=start,
        end=end,
        zone=place.zone,
        status=claim.status,
        summary=_summary(claim, place, summary, words),
        location=_location(place),
    )


def _known(claim: ShownClaim, place: Place, view: View) -> Event:
    full = view.detail is Detail.FULL
    return Event(
        uid=uid(claim.id),
        sequence=claim.sequence,
        created=claim.created_at,
        modified=claim.modified_at,
        start=claim.start_date or claim.starts,
        end=claim.end_date or claim.ends,
        zone=place.zone,
        status=claim.status,
        summary=_summary(claim, place, claim.title, view.words),
        location=_location(place),
        description=_description(claim, view.words) if full else "",
        url=_url(claim, view),
        categories=(view.words.purposes.get(claim.purpose, claim.purpose),) if full else (),
    )


def _moments(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """They hold nothing, so they are free time in every app."""
    for number, moment in enumerate(claim.moments):
        kind = str(moment["kind"])
        yield Event(
            uid=uid(claim.booking, f"-moment-{number}"),
            sequence=claim.sequence,
            created=claim.created_at,
            modified=claim.modified_at,
            start=datetime.fromisoformat(moment["start"]),
            end=datetime.fromisoformat(moment["end"]),
            zone=place.zone,
            status=claim.status,
            summary=f"{view.words.moments.get(kind, kind)} · {claim.title}",
            location=f"{place.venue_name}, {place.town}",
            url=_url(claim, view),
            holds=False,
        )


def _summary(claim: ShownClaim, place: Place, title: str, words: Words) -> str:
    if claim.status is Status.TENTATIVE and claim.state == State.OPTION:
        title = f"{words.option} {claim.rank or 1} · {title}"
    if place.capacity == 1:
        return title
    return words.counted % {"title": title, "quantity": claim.quantity, "capacity": place.capacity}


def _location(place: Place) -> str:
    return f"{place.name}, {place.venue_name}, {place.town}"


def _url(claim: ShownClaim, view: View) -> str:
    return f"{view.base_url}/bookings/{claim.booking}"


def _description(claim: ShownClaim, words: Words) -> str:
    lines = (
        claim.organisation_name or words.house,
        words.purposes.get(claim.purpose, claim.purpose),
        words.people % {"number": claim.people} if claim.people else "",
        words.setup % {"minutes": claim.setup_minutes} if claim.setup_minutes else "",
        words.strike % {"minutes": claim.strike_minutes} if claim.strike_minutes else "",
    )
    return "\n".join(line for line in lines if line)
