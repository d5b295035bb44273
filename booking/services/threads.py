"""Conversations: opened for somebody who takes part, then written and read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound
from booking.domain.states import ENDS, Side
from booking.domain.threads import (
    LARGEST_FILE,
    LONGEST_MESSAGE,
    MOST_FILES,
    FileKind,
    Subject,
    media_type,
    safe_name,
)
from booking.services import bookings, catalogue, enquiries, events, trajectories
from booking.services.bookings import BookingRow
from booking.services.chains import Chain
from booking.storage import threads
from booking.storage.threads import Concerned, FileRow, MessageRow, TemplateRow, Thread

MOST = 500
"""Messages on one page."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is read on a page: everything that was said and kept. `answers`: the common ones of one's house."""

    thread: Thread
    messages: Sequence[MessageRow]
    files: Sequence[FileRow]
    answers: Sequence[TemplateRow] = ()

    @property
    def may_write(self) -> bool:
        """Whether this person may add to it."""
        return self.thread.side is not None


def opened(connection: Connection, person: Person, subject: Subject, subject_id: UUID) -> Thread:
    """The conversation, as this person takes part in it. NotFound for everybody whom it does not concern."""
    return OPENERS[subject](connection, person, subject_id)


def of_booking(connection: Connection, person: Person, row: BookingRow) -> Conversation:
    """All that was said about a booking that was read for this person, the oldest first."""
    return _conversation(connection, _thread_of(person, row))


def of_enquiry(connection: Connection, person: Person, view: enquiries.View) -> Conversation:
    """The same for an enquiry that was read for this person."""
    return _conversation(connection, _thread_of_enquiry(person, view))


def of_trajectory(connection: Connection, person: Person, chain: Chain) -> Conversation:
    """The same for a chain that was read for this person."""
    return _conversation(connection, _thread_of_trajectory(person, chain))


def _conversation(connection: Connection, thread: Thread) -> Conversation:
    messages, files = threads.everything(connection, thread, limit=MOST)
    answers = threads.templates(connection, thread.house) if thread.house else ()
    return Conversation(thread, messages, files, answers)


def listing(
    connection: Connection, person: Person, subject: Subject, subject_id: UUID, *, after: UUID | None, limit: int
) -> list[MessageRow]:
    """Its messages in pages, the oldest first."""
    return threads.messages(connection, opened(connection, person, subject, subject_id), after=after, limit=limit)


def files(connection: Connection, person: Person, subject: Subject, subject_id: UUID) -> list[FileRow]:
    """Its files, the oldest first."""
    return threads.files(connection, opened(connection, person, subject, subject_id))


def write(
    connection: Connection, person: Person, subject: Subject, subject_id: UUID, text: str, *, at: datetime
) -> MessageRow:
    """Add a message; the other side is told. Forbidden for who only reads, Malformed when it is empty."""
    thread = _writable(connection, person, subject, subject_id)
    said = text.strip()
    if not said or len(said) > LONGEST_MESSAGE:
        raise Malformed({"text": ["too-long" if said else "required"]})
    message_id = threads.add_message(connection, thread, by=person.id, text=said, at=at)
    _tell(connection, person, thread, "message.posted", {"message": str(message_id)}, at)
    whose = (str(thread.side), thread.venue_id, thread.house, None)
    return MessageRow(message_id, at, person.name, person.id, *whose, said)


def keep_file(
    connection: Connection,
    person: Person,
    subject: Subject,
    subject_id: UUID,
    *,
    name: str,
    kind: FileKind,
    content: bytes,
    at: datetime,
) -> FileRow:
    """Add a file: PDF or a picture by its content. Malformed for anything else, too large, or too many."""
    thread = _writable(connection, person, subject, subject_id)
    media = _checked(content)
    if threads.count_files(connection, thread) >= MOST_FILES:
        raise Malformed({"file": ["too-many"]})
    described = {"name": safe_name(name, media), "kind": kind, "media_type": media}
    file_id = threads.add_file(connection, thread, by=person.id, at=at, described=described, content=content)
    _tell(connection, person, thread, "file.added", {"file": described["name"]}, at)
    return _file(connection, thread, file_id)


def fetch_file(
    connection: Connection, person: Person, subject: Subject, subject_id: UUID, file_id: UUID
) -> tuple[FileRow, bytes]:
    """A file with its bytes. NotFound when this conversation has none of that id."""
    row = _file(connection, opened(connection, person, subject, subject_id), file_id)
    return row, threads.content(connection, row.id)


def remove_file(
    connection: Connection, person: Person, subject: Subject, subject_id: UUID, file_id: UUID, *, at: datetime
) -> None:
    """Take a file back: only the house or the company that added it may. Forbidden, NotFound."""
    thread = _writable(connection, person, subject, subject_id)
    row = _file(connection, thread, file_id)
    if not thread.owns(row):
        raise Forbidden
    threads.remove_file(connection, row.id)
    _tell(connection, person, thread, "file.removed", {"file": row.name}, at)


def templates(connection: Connection, person: Person, venue: str) -> Sequence[TemplateRow]:
    """The common answers of a house, for those who decide there. NotFound."""
    if not person.decides_for(venue):
        raise NotFound
    return threads.templates(connection, venue)


def keep_template(
    connection: Connection,
    person: Person,
    venue: str,
    template_id: UUID | None,
    *,
    language: str,
    title: str,
    text: str,
) -> UUID:
    """A new common answer, or another text of one. NotFound; Malformed when a part is empty."""
    house = _house(connection, person, venue)
    errors = {name: ["required"] for name, value in (("title", title), ("text", text)) if not value.strip()}
    if errors:
        raise Malformed(errors)
    kept = threads.keep_template(
        connection, house, template_id, language=language, title=title.strip(), text=text.strip()
    )
    if kept is None:
        raise NotFound
    return kept


def remove_template(connection: Connection, person: Person, venue: str, template_id: UUID) -> None:
    """NotFound when the house has none of that id."""
    if not threads.remove_template(connection, _house(connection, person, venue), template_id):
        raise NotFound


def _house(connection: Connection, person: Person, venue: str) -> int:
    if not person.decides_for(venue):
        raise NotFound
    house_id: int = catalogue.venue(connection, venue).id
    return house_id


def _checked(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise Malformed({"file": ["too-large"]})
    media = media_type(content)
    if media is None:
        raise Malformed({"file": ["not-a-kept-kind" if content else "required"]})
    return media


def _file(connection: Connection, thread: Thread, file_id: UUID) -> FileRow:
    row = threads.find_file(connection, thread, file_id)
    if row is None:
        raise NotFound
    return row


def _writable(connection: Connection, person: Person, subject: Subject, subject_id: UUID) -> Thread:
    thread = opened(connection, person, subject, subject_id)
    if thread.side is None:
        raise Forbidden
    return thread


def _tell(
    connection: Connection, person: Person, thread: Thread, kind: str, new: Mapping[str, str], at: datetime
) -> None:
    for each in thread.told:
        told = {**each.facts, **new}
        events.put(
            connection, kind, venue_id=each.venue_id, booking_id=each.booking, by=person.id, at=at, new=told
        )


def _of_booking(connection: Connection, person: Person, booking_id: UUID) -> Thread:
    return _thread_of(person, bookings.find(connection, person, booking_id))


def _thread_of(person: Person, row: BookingRow) -> Thread:
    sides = person.sides(row.venue, row.organisation)
    side = Side.HOUSE if Side.HOUSE in sides else next(iter(sides), None)
    house = row.venue if side is Side.HOUSE else None
    return Thread(Subject.BOOKING, row.id, row.venue_id, side, house, told=(Concerned(row.venue_id, row.id),))


def _of_trajectory(connection: Connection, person: Person, trajectory_id: UUID) -> Thread:
    return _thread_of_trajectory(person, trajectories.find(connection, person, trajectory_id))


def _thread_of_trajectory(person: Person, chain: Chain) -> Thread:
    """All its houses and the company read it all, and each house that is still in it hears once of what is new."""
    about = chain.row.id
    facts = {"trajectory": str(about)}
    live = {part.venue_id: part for part in chain.stays if part.state not in ENDS}
    parts = {venue: Concerned(venue, part.id, facts) for venue, part in live.items()}
    if person.speaks_for(chain.row.organisation):
        return Thread(Subject.TRAJECTORY, about, None, Side.COMPANY, told=tuple(parts.values()))
    mine = next((part for part in chain.stays if person.decides_for(part.venue)), None)
    if mine is None:
        return Thread(Subject.TRAJECTORY, about, None, None)
    own = parts.pop(mine.venue_id, Concerned(mine.venue_id, mine.id, facts))
    others = [replace(each, facts={**facts, "only": str(Side.HOUSE)}) for each in parts.values()]
    return Thread(Subject.TRAJECTORY, about, mine.venue_id, Side.HOUSE, mine.venue, told=(own, *others))


def _of_enquiry(connection: Connection, person: Person, enquiry_id: UUID) -> Thread:
    return _thread_of_enquiry(person, enquiries.find(connection, person, enquiry_id))


def _thread_of_enquiry(person: Person, view: enquiries.View) -> Thread:
    """The company talks with every house at once; those of a house read the company's words and their own."""
    about = view.row.id
    told = {house.id: Concerned(house.id, None, enquiries.facts_of(view.row, house.name)) for house in view.houses}
    mine = next((house for house in view.houses if person.decides_for(house.code)), None)
    if mine is not None:
        concerned = (told[mine.id],)
        return Thread(Subject.ENQUIRY, about, mine.id, Side.HOUSE, mine.code, shared=False, told=concerned)
    if person.speaks_for(view.row.organisation):
        return Thread(Subject.ENQUIRY, about, None, Side.COMPANY, told=tuple(told.values()))
    works_at = next((house.id for house in view.houses if house.code in person.assists), None)
    return Thread(Subject.ENQUIRY, about, works_at, None, shared=person.sees_everything)


OPENERS: Mapping[Subject, Callable[[Connection, Person, UUID], Thread]] = {
    Subject.BOOKING: _of_booking,
    Subject.ENQUIRY: _of_enquiry,
    Subject.TRAJECTORY: _of_trajectory,
}
