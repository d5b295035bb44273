"""Letters: put with the event that they tell, then claimed, written, sent and noted, one by one.

A handler puts a row in the event's own transaction. A job claims some rows for itself, and commits before it
touches the network; each result is noted before the next letter goes. A worker that is killed has sent at most
one letter that it did not note: that one goes again, the same words under the same Message-ID.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.contacts import Contact
from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.states import Side, State
from booking.domain.ways_out import WayOut
from booking.services import contacts, people, standing
from booking.services.invitations import is_awaited
from booking.services.standing import NOTHING, Standing
from booking.storage import catalogues, outbox, registers
from booking.storage.base import new_id
from booking.storage.catalogues import CatalogueRow
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow
from notifications.domain.frequency import ZONE, Frequency, next_round
from notifications.domain.kinds import MAIL, is_mandatory
from notifications.domain.reminders import ANSWER_OVERDUE
from notifications.domain.sense import has_passed
from notifications.services import instead, invitations
from notifications.services.news import News, still_concerns
from notifications.storage import letters, preferences, reminders
from notifications.storage.letters import LetterRow

CLAIMED_FOR = timedelta(minutes=10)
"""How long one worker has for the letters that it claimed; after that another may take them."""

AT_ONCE = 20

PRACTICAL = frozenset({"booking.confirmed"})
"""News that says what one needs to know before one comes."""

WAYS_OUT = frozenset({"booking.declined", "booking.beaten", "booking.lapsed", "booking.suspended"})
"""News that takes days away, and so says what else there is."""


@dataclass(frozen=True, slots=True)
class Matter:
    """All that a letter is about. `lines`: of a digest, the letters that it gathers.

    `places`: what the ways out name, and where one is to come. `answer_by`: until when the house answers a request
    that waits.
    `contact`: for a house, whom to call at the company. `awaited`: its reader was invited, and has no password
    yet.
    `event` and `booking` None: the letter is about neither; `letter.facts` says what it needs.
    """

    letter: LetterRow
    reader: Person
    at: datetime
    event: EventRow | None = None
    booking: BookingRow | None = None
    standing: Standing = NOTHING
    ways_out: Sequence[WayOut] = ()
    lines: Sequence["Matter"] = ()
    answer_by: datetime | None = None
    places: Mapping[str, CatalogueRow] = field(default_factory=dict)
    contact: Contact | None = None
    awaited: bool = False

    @property
    def side(self) -> Side | None:
        """On which side of the booking the reader stands."""
        return Side(self.letter.side) if self.letter.side else None

    @property
    def may_be_read(self) -> bool:
        """Whether its reader may still know what it is about: letters wait, and people leave teams meanwhile."""
        if self.letter.kind == invitations.KIND:
            return invitations.still_holds(self.reader, self.letter.facts, self.letter.venue, awaited=self.awaited)
        if self.booking is None:
            return still_concerns(self.reader, self.letter.side, self.letter.venue, self.letter.facts)
        return self.reader.may_know(self.booking.venue, self.booking.organisation)

    @property
    def zone(self) -> str:
        """Whose clock its times are told by."""
        return self.letter.zone or ZONE


def tell(connection: Connection, news: News) -> None:
    """A letter for everybody who wants this kind by letter: at once, or as a line of their next digest.

    Who asked gets one too: that it is received, or already theirs, until when, and what to know before coming.
    """
    rows = []
    told = {**news.told, **({news.asker: Side.COMPANY} if news.asker is not None else {})}
    for person, side in told.items():
        often = news.how_often(person, MAIL)
        if often is Frequency.NEVER and is_mandatory(news.event.kind, {side}):
            often = Frequency.IMMEDIATE
        if often is Frequency.NEVER:
            continue
        in_digest = often is not Frequency.IMMEDIATE
        event = news.event
        rows.append(
            {
                "person_id": person,
                "key": event.id.hex,
                "kind": event.kind,
                "side": side,
                "event_id": event.id,
                "booking_id": event.booking_id,
                "venue_id": event.venue_id,
                "facts": dict(news.facts),
                "digest": often if in_digest else None,
                "created_at": event.at,
                "next_at": next_round(often, event.at, news.zone) if in_digest else event.at,
            }
        )
    letters.add(connection, rows)


def claim(connection: Connection, *, at: datetime) -> list[LetterRow]:
    """Some letters that are due, for this worker alone."""
    return letters.claim(connection, at=at, until=at + CLAIMED_FOR, limit=AT_ONCE)


def about(connection: Connection, row: LetterRow, *, at: datetime) -> Matter:
    """Everything that the words of a letter need, as it is now."""
    reader = people.of_id(connection, row.person_id)
    if reader is None:
        raise NotFound
    event = outbox.find(connection, row.event_id) if row.event_id else None
    booking = registers.find(connection, row.booking_id) if row.booking_id else None
    how = NOTHING
    ways: Sequence[WayOut] = ()
    if booking is not None and booking.claims:
        how = standing.of(connection, [booking], at=at).get(booking.id, NOTHING)
        if event is not None and event.kind in WAYS_OUT and row.side == Side.COMPANY:
            ways = instead.of(connection, reader, booking, event, how, at=at)
    answer_by = None
    if booking is not None and booking.state is State.REQUESTED:
        answer_by = reminders.latest_about(connection, booking.id, ANSWER_OVERDUE)
    lines = [about(connection, line, at=at) for line in letters.folded(connection, row.id)]
    lines = [line for line in lines if line.may_be_read]
    codes = {terms.resource for way in ways for _, claims in way.bookings for terms in claims}
    if booking is not None and row.kind in PRACTICAL:
        codes |= {claim.resource for claim in booking.claims}
    contact = None
    if booking is not None and row.side == Side.HOUSE:
        contact = contacts.of_booking(connection, booking)
    awaited = row.kind == invitations.KIND and is_awaited(connection, reader.email)
    places = _places(connection, codes)
    return Matter(
        row, reader, at, event, booking, how, ways, lines, answer_by, places, contact=contact, awaited=awaited
    )


def _places(connection: Connection, codes: Collection[str]) -> Mapping[str, CatalogueRow]:
    found = {code: catalogues.resource(connection, code) for code in sorted(codes)}
    return {code: row for code, row in found.items() if row is not None}


def why_not(matter: Matter) -> str | None:
    """Why a letter is not worth sending any more; None when it is."""
    if not matter.may_be_read or (matter.letter.kind == "digest" and not matter.lines):
        return "it is not for its reader any more"
    if matter.event is not None and has_passed(matter.event.kind, matter.event.new, at=matter.at):
        return "its deadline has passed"
    is_moot = (
        matter.letter.kind == "booking.expiring"
        and matter.booking is not None
        and matter.booking.state is not State.OPTION
    )
    return "the option has ended" if is_moot else None


def quiet_until(connection: Connection, matter: Matter) -> datetime | None:
    """Until when its reader wants quiet; None: it may go now. What is mandatory does not wait."""
    if matter.side is not None and is_mandatory(matter.letter.kind, {matter.side}):
        return None
    quiet = preferences.quiet_hours(connection, matter.reader.id)
    over = quiet.over_at(matter.at, matter.zone) if quiet else matter.at
    return over if over > matter.at else None


def gather(connection: Connection, *, at: datetime) -> int:
    """Make one letter of all lines of everybody whose daily or weekly round has come; returns how many letters."""
    waiting: dict[tuple[UUID, str], list[UUID]] = {}
    for line in letters.lines_due(connection, at=at):
        waiting.setdefault((line.person_id, line.digest), []).append(line.id)
    for (person, digest), lines in waiting.items():
        letter_id = new_id()
        letters.add(
            connection,
            [
                {
                    "id": letter_id,
                    "person_id": person,
                    "key": f"digest:{letter_id.hex}",
                    "kind": "digest",
                    "facts": {"digest": digest},
                    "created_at": at,
                    "next_at": at,
                }
            ],
        )
        letters.fold(connection, lines, into=letter_id)
    return len(waiting)


def set_aside(connection: Connection, *, limit: int) -> list[LetterRow]:
    """The letters that could not be delivered, newest first."""
    return letters.failed(connection, limit=limit)


def retry(connection: Connection, letter_id: UUID, *, at: datetime) -> None:
    """Send what was set aside once more, to its reader's present address. NotFound unless it was set aside."""
    if not letters.retry(connection, letter_id, at=at):
        raise NotFound
