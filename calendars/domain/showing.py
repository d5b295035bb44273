"""What a calendar shows of a claim or a moment, to somebody who may know it or may not.

Whoever may not know reads "Taken", at most: whatever was asked for, no title, no company, no
people and no reason ever leaves this module for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from booking.domain.options import DueKind
from booking.domain.states import ENDS, State
from calendars.domain.events import Event, Status

SHOWN_BEFORE = timedelta(days=90)
"""How long what has ended stays in a feed after its last day."""

SHOWN_CANCELLED = timedelta(days=60)
"""How long an end is told as CANCELLED, for apps that look rarely."""

CLOCK_SHOWN = timedelta(minutes=15)
"""How long the item of a deadline is: apps draw nothing for a mere instant."""

STATUS: Mapping[str, Status] = {
    State.OPTION: Status.TENTATIVE,
    State.PENDING: Status.TENTATIVE,
    State.CONFIRMED: Status.CONFIRMED,
    State.COMPLETED: Status.CONFIRMED,
}
"""What calendars show; every other state that has been shown before is CANCELLED."""


MOMENT = "-moment-"
"""In the UID of a moment, which stands wherever its booking does."""


class Detail(StrEnum):
    """How much of what its owner may know a feed tells."""

    BUSY = "busy"
    TITLES = "titles"
    FULL = "full"


class Look(StrEnum):
    """What a feed makes of a booking: its claims, its claims with set-up and strike apart, or its clock."""

    CLAIMS = "claims"
    CREW = "crew"
    CLOCKS = "clocks"


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
    crew: str
    house: str
    mine: str
    crews: str
    clocks: str
    tails: Mapping[str, str]
    runs_out: Mapping[str, str]
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

    `booking_ended_at`: when it ended; `claim_ended_at`: when it was taken out of a booking that goes on.
    `series`, `rule`, `occurrence`: of a recurring booking, with the start that the rule named. `due_at`,
    `due_kind`: the clock of an option that runs out first. `rank`: of an option, its worst day.
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
    crew: str | None = None
    due_at: datetime | None = None
    due_kind: str | None = None
    expires_at: datetime | None = None
    series: UUID | None = None
    rule: str | None = None
    occurrence: datetime | None = None
    rank: int | None = None

    @property
    def status(self) -> Status:
        """A claim that was taken out is cancelled even when its booking goes on."""
        if self.claim_ended_at is not None:
            return Status.CANCELLED
        return STATUS.get(self.state, Status.CANCELLED)

    @property
    def identity(self) -> str:
        """What makes its UID: its own id, or that of what repeats."""
        return str(self.id) if self.series is None else f"{self.series}-{self.resource}"

    def is_told(self, at: datetime) -> bool:
        """Whether feeds show it then; what is suspended is neither live nor ended, and not told at all."""
        is_live = self.claim_ended_at is not None or self.state in STATUS or self.state in ENDS
        return is_live and at < self.leaves_at

    @property
    def leaves_at(self) -> datetime:
        """The instant from which no feed shows it."""
        if self.status is not Status.CANCELLED:
            return left_at(self.ends)
        return left_at(self.ends, self.claim_ended_at or self.booking_ended_at or self.modified_at)


@dataclass(frozen=True, slots=True)
class View:
    """For whom it is shown. `known`: the companies whose bookings may reach them; None: everybody's.
    `houses`: those of whose bookings they know everything, by code. `imported`: with what the calendars that
    houses have connected say."""

    detail: Detail
    words: Words
    base_url: str
    known: frozenset[UUID] | None
    houses: frozenset[str] = frozenset()
    look: Look = Look.CLAIMS
    imported: bool = True

    def detail_of(self, organisation: UUID | None, place: Place) -> Detail:
        """What this reader gets of a booking of that organisation (None: of the house itself) there."""
        knows = self.known is None or organisation in self.known or place.venue in self.houses
        return self.detail if knows else Detail.BUSY

    def knows_the_house(self, place: Place) -> bool:
        """Whether they may read why its house keeps it to itself."""
        return self.detail_of(None, place) is not Detail.BUSY


def left_at(ends: datetime, cancelled_at: datetime | None = None) -> datetime:
    """The instant from which no feed shows what ends then, or was cancelled before that."""
    old = ends + SHOWN_BEFORE
    return old if cancelled_at is None else min(old, cancelled_at + SHOWN_CANCELLED)


def uid(identity: UUID | str, part: str = "") -> str:
    """The same for the life of the thing, wherever the service runs."""
    return f"{identity}{part}@emerge-booking"


def is_moment(event_uid: str) -> bool:
    """Whether this is the UID of a moment."""
    return MOMENT in event_uid


def claim_events(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """The claim itself, as the feed looks at it."""
    return LOOKS[view.look](claim, place, view)


def moment_events(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """The moments of its booking, for those who may know them. They hold nothing: free time in every app."""
    if (
        claim.claim_ended_at is not None
        or view.look is Look.CLOCKS
        or view.detail_of(claim.organisation, place) is Detail.BUSY
    ):
        return
    for number, moment in enumerate(claim.moments):
        kind = str(moment["kind"])
        yield _event(
            claim,
            place,
            view,
            uid=uid(claim.booking, f"{MOMENT}{number}"),
            start=datetime.fromisoformat(moment["start"]),
            end=datetime.fromisoformat(moment["end"]),
            summary=f"{view.words.moments.get(kind, kind)} · {claim.title}",
            where=f"{place.venue_name}, {place.town}",
            holds=False,
        )


def _claims(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    is_known = view.detail_of(claim.organisation, place) is not Detail.BUSY
    yield _known(claim, place, view) if is_known else _taken(claim, place, view)


def _crew(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """Set-up and strike as items of their own, for whoever does them."""
    yield from _claims(claim, place, view)
    if view.detail_of(claim.organisation, place) is Detail.BUSY:
        return
    tails = {
        "set-up": (claim.starts - timedelta(minutes=claim.setup_minutes), claim.starts),
        "strike": (claim.ends, claim.ends + timedelta(minutes=claim.strike_minutes)),
    }
    for part, (start, end) in tails.items():
        if start < end:
            summary = _summary(claim, place, f"{view.words.tails[part]} · {claim.title}", view.words)
            yield _event(
                claim,
                place,
                view,
                uid=uid(claim.identity, f"-{part}"),
                start=start,
                end=end,
                summary=summary,
                description=view.words.crew % {"name": claim.crew} if claim.crew else "",
            )


def _clocks(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    """When the option of this booking runs out; once it has ended, that it does so no more."""
    due_at, kind = claim.due_at, claim.due_kind
    if claim.state != State.OPTION:
        due_at, kind = (claim.expires_at if claim.state in ENDS else None), DueKind.EXPIRY
    if due_at is None or claim.claim_ended_at is not None:
        return
    words = view.words
    is_known = view.detail_of(claim.organisation, place) is not Detail.BUSY
    title = f"{words.option} {claim.rank or 1} · {claim.title}" if claim.state == State.OPTION else claim.title
    said = words.runs_out.get(kind or "", words.runs_out[DueKind.EXPIRY])
    yield _event(
        claim,
        place,
        view,
        uid=uid(claim.booking, "-clock"),
        start=due_at,
        end=due_at + CLOCK_SHOWN,
        summary=f"{said} · {title}" if is_known else said,
        holds=False,
    )


LOOKS = {Look.CLAIMS: _claims, Look.CREW: _crew, Look.CLOCKS: _clocks}


def _taken(claim: ShownClaim, place: Place, view: View) -> Event:
    """From set-up to strike, since that is how long nobody else can have it."""
    return _event(
        claim,
        place,
        view,
        uid=uid(claim.identity),
        start=claim.start_date or claim.starts - timedelta(minutes=claim.setup_minutes),
        end=claim.end_date or claim.ends + timedelta(minutes=claim.strike_minutes),
        summary=_summary(
            claim, place, view.words.nearly if claim.state == State.PENDING else view.words.taken, view.words
        ),
        url="",
    )


def _known(claim: ShownClaim, place: Place, view: View) -> Event:
    full = view.detail is Detail.FULL
    return _event(
        claim,
        place,
        view,
        uid=uid(claim.identity),
        start=claim.start_date or claim.starts,
        end=claim.end_date or claim.ends,
        summary=_summary(claim, place, claim.title, view.words),
        description=_description(claim, view.words) if full else "",
        categories=(view.words.purposes.get(claim.purpose, claim.purpose),) if full else (),
    )


def _event(
    claim: ShownClaim,
    place: Place,
    view: View,
    *,
    uid: str,
    start: datetime | date,
    end: datetime | date,
    summary: str,
    description: str = "",
    categories: tuple[str, ...] = (),
    where: str | None = None,
    url: str | None = None,
    holds: bool = True,
) -> Event:
    """An event of this claim, with everything that all of them share."""
    return Event(
        uid=uid,
        sequence=claim.sequence,
        created=claim.created_at,
        modified=claim.modified_at,
        start=start,
        end=end,
        zone=place.zone,
        status=claim.status,
        summary=summary,
        location=location(place) if where is None else where,
        description=description,
        url=f"{view.base_url}/bookings/{claim.booking}" if url is None else url,
        categories=categories,
        holds=holds,
    )


def _summary(claim: ShownClaim, place: Place, title: str, words: Words) -> str:
    if claim.status is Status.TENTATIVE and claim.state == State.OPTION:
        title = f"{words.option} {claim.rank or 1} · {title}"
    if place.capacity == 1:
        return title
    return words.counted % {"title": title, "quantity": claim.quantity, "capacity": place.capacity}


def location(place: Place) -> str:
    """Where it is, in one line."""
    return f"{place.name}, {place.venue_name}, {place.town}"


def _description(claim: ShownClaim, words: Words) -> str:
    lines = (
        claim.organisation_name or words.house,
        words.purposes.get(claim.purpose, claim.purpose),
        words.people % {"number": claim.people} if claim.people else "",
        words.setup % {"minutes": claim.setup_minutes} if claim.setup_minutes else "",
        words.strike % {"minutes": claim.strike_minutes} if claim.strike_minutes else "",
        words.crew % {"name": claim.crew} if claim.crew else "",
    )
    return "\n".join(line for line in lines if line)
