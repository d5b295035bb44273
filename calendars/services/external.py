"""Foreign calendars of a house: added, seen, changed, previewed and removed by those who work there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.addresses import Address, BadAddress, Reach
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound
from booking.domain.spans import Span
from booking.services.timeline import Foreign
from booking.storage import catalogues
from booking.storage.registers import BookingRow
from calendars.domain.blocking import FIELDS, STATUSES, Block, Blocking, Choices
from calendars.domain.foreign_events import Reading
from calendars.services import copies, taking_in
from calendars.services.beneath import beneath
from calendars.services.taking_in import Copy, Read
from calendars.storage import external
from calendars.storage.external import CalendarRow

__all__ = ["CalendarRow", "Preview", "Wanted", "add", "change", "find", "listing", "preview", "remove", "upload"]

LONGEST_LABEL = 200
MOST_WORDS = 500
MOST_PREVIEWED = 500
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a calendar should be read. None: as it was (of a new one: as usual).

    `blocks`: status or category → hard, option, ignore; `split`: LOCATION or CATEGORIES → word → resource.
    """

    label: str | None = None
    url: str | None = None
    blocks: Mapping[str, str] | None = None
    split: Mapping[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Previewed:
    """What one event would block. `spans` empty: nothing any more, or nothing at all."""

    title: str
    location: str
    status: str
    block: str
    targets: Sequence[str]
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a copy would block if it were read so; `events` holds the first of them, in order of start.

    `over`: the bookings and options that it would hit.
    """

    counts: Mapping[str, int]
    notes: Sequence[Any]
    events: Sequence[Previewed]
    over: Sequence[BookingRow]


def add(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    resource: str | None = None,
    wanted: Wanted,
    reach: Reach,
    at: datetime,
) -> CalendarRow:
    """A calendar at an address, to be read by the worker. NotFound, Forbidden, Malformed."""
    place = _place(connection, person, venue, resource, change=True)
    url = checked_url(wanted.url, reach)
    return _added(connection, person, place, wanted, at, url=url, due_at=at)


def upload(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    resource: str | None = None,
    wanted: Wanted,
    copy: Copy,
    at: datetime,
) -> CalendarRow:
    """A calendar that was sent: it blocks when this transaction ends. NotFound, Forbidden, Malformed."""
    place = _place(connection, person, venue, resource, change=True)
    label = wanted.label or copy.reading.name or None
    named = Wanted(label, None, wanted.blocks, wanted.split)
    row = _added(connection, person, place, named, at, url=None, due_at=None)
    return taking_in.take_in(connection, row, copy, at=at)


def zone_of(
    connection: Connection, person: Person, *, venue: str | None = None, resource: str | None = None
) -> str:
    """On whose clock a calendar that is sent will be read. NotFound, Forbidden."""
    return _place(connection, person, venue, resource, change=True).zone


def listing(
    connection: Connection, person: Person, *, venue: str | None = None, resource: str | None = None
) -> list[CalendarRow]:
    """Those of a house (also of its resources), or of one resource. NotFound for whoever does not work there."""
    place = _place(connection, person, venue, resource)
    return external.listing(connection, venue=None if resource else place.venue, resource=resource)


def failing(connection: Connection, venue: str) -> list[CalendarRow]:
    """Those of a house that cannot be read, for its desk, which knows who reads it: one statement."""
    return [row for row in external.listing(connection, venue=venue) if row.state == "failing"]


def find(
    connection: Connection,
    person: Person,
    calendar_id: UUID,
    *,
    venue: str | None = None,
    resource: str | None = None,
    change: bool = False,
) -> CalendarRow:
    """One, at the address at which it was asked for. NotFound; Forbidden for who may see but not `change` it."""
    place = _place(connection, person, venue, resource)
    row = external.find(connection, calendar_id)
    if row is None or row.venue != place.venue or (resource is not None and row.resource != resource):
        raise NotFound
    if change and not person.decides_for(row.venue):
        raise Forbidden
    return row


def held(connection: Connection, person: Person, calendar_id: UUID, *, venue: str) -> CalendarRow:
    """The same to change it, and nobody else does until this transaction ends. NotFound, Forbidden."""
    external.find(connection, calendar_id, lock=True)
    return find(connection, person, calendar_id, venue=venue, change=True)


def change(connection: Connection, row: CalendarRow, wanted: Wanted, *, read: Read, at: datetime) -> CalendarRow:
    """Another label, or another way of reading it, which counts at once for the copy that is there. Malformed."""
    values = _read_so(connection, row.venue_id, wanted)
    if wanted.label is not None:
        values["label"] = _label(wanted.label)
    external.alter(connection, row.id, **values)
    changed = taking_in.reread(connection, row.id)
    if "blocks" in values or "split" in values:
        reread = copies.kept(connection, changed, read, at=at)
        if reread is not None:
            changed = taking_in.take_in(connection, changed, reread, at=at, believe=True)
    return changed


def preview(connection: Connection, row: CalendarRow, reading: Reading, wanted: Wanted) -> Preview:
    """What the reading would block, read in the wanted way. Malformed."""
    place = _Place(row.venue, row.venue_id, row.zone, row.day_line, None)
    return _preview(connection, place, row.id, taking_in.choices(connection, row), reading, wanted)


def preview_of_new(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    resource: str | None = None,
    reading: Reading,
    wanted: Wanted,
) -> Preview:
    """The same of a calendar that is not there yet. NotFound, Forbidden, Malformed."""
    place = _place(connection, person, venue, resource, change=True)
    chosen = taking_in.choices_of(connection, place.venue_id, resource, {}, {})
    return _preview(connection, place, None, chosen, reading, wanted)


def remove(connection: Connection, row: CalendarRow, *, at: datetime) -> None:
    """It goes, and what it blocked is free."""
    taking_in.forget(connection, row, at=at)


def checked_url(url: str | None, reach: Reach) -> str:
    """The address as it is fetched. Malformed: no address, another scheme, or one that leads inside."""
    if url is None:
        raise Malformed({"url": ["required"]})
    url = url.strip()
    if url.lower().startswith(("webcal://", "webcals://")):
        url = "https://" + url.partition("://")[2]
    try:
        reach.check(Address.parse(url))
    except BadAddress as error:
        raise Malformed({"url": [error.code]}) from None
    return url


def without_password(url: str) -> str:
    """The address as it may be shown to those who work in the house.

    >>> without_password("https://ann:secret@agenda.example/a.ics")
    'https://ann@agenda.example/a.ics'
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit((parts.scheme, user + host, parts.path, parts.query, parts.fragment))


def known_events(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Foreign]:
    """What these events are called, for timelines of those who may know."""
    return {row.id: Foreign(row.calendar_id, row.title) for row in external.titles(connection, ids)}


@dataclass(frozen=True, slots=True)
class _Place:
    venue: str
    venue_id: int
    zone: str
    day_line: int
    resource_id: int | None


def _preview(
    connection: Connection,
    place: _Place,
    calendar_id: UUID | None,
    usual: Choices,
    reading: Reading,
    wanted: Wanted,
) -> Preview:
    values = _read_so(connection, place.venue_id, wanted)
    chosen = replace(usual, **values)
    setting = taking_in.Setting(place.venue_id, place.zone, place.day_line)
    found = taking_in.blockings(connection, setting, calendar_id, reading.events, chosen)
    shown = sorted((each for each in found if each.spans), key=lambda each: each.spans[0].start)
    return Preview(
        taking_in.counted(reading, found),
        taking_in.noted(reading, found),
        [previewed(each) for each in shown[:MOST_PREVIEWED]],
        beneath(connection, place.venue_id, found, zone=place.zone, day_line=place.day_line),
    )


def _place(
    connection: Connection, person: Person, venue: str | None, resource: str | None, *, change: bool = False
) -> _Place:
    if resource is not None:
        found = catalogues.resource(connection, resource)
        if found is None:
            raise NotFound
        place = _Place(found.venue_code, found.venue_id, found.zone, found.day_line, found.id)
    else:
        place = _house(connection, venue or "")
    works_there = person.sees_everything or place.venue in person.manages or place.venue in person.assists
    if not works_there:
        raise NotFound
    if change and not person.decides_for(place.venue):
        raise Forbidden
    return place


def _house(connection: Connection, code: str) -> _Place:
    found = catalogues.venue(connection, code)
    if found is None:
        raise NotFound
    return _Place(code, found.id, found.zone, found.day_line, None)


def _added(
    connection: Connection,
    person: Person,
    place: _Place,
    wanted: Wanted,
    at: datetime,
    *,
    url: str | None,
    due_at: datetime | None,
) -> CalendarRow:
    values: dict[str, Any] = {"blocks": {}, "split": {}, **_read_so(connection, place.venue_id, wanted)}
    calendar_id = external.add(
        connection,
        venue_id=place.venue_id,
        resource_id=place.resource_id,
        label=_label(wanted.label) if wanted.label else _usual_label(url),
        url=url,
        due_at=due_at,
        created_by=person.id,
        created_at=at,
        **values,
    )
    return taking_in.reread(connection, calendar_id)


def _usual_label(url: str | None) -> str:
    """The host, which is no secret; what follows it may be."""
    return Address.parse(url).host if url else "iCalendar"


def _label(text: str) -> str:
    label = " ".join(text.split())[:LONGEST_LABEL]
    if not label:
        raise Malformed({"label": ["required"]})
    return label


def _read_so(connection: Connection, venue_id: int, wanted: Wanted) -> dict[str, Any]:
    """The columns of the choices. Malformed."""
    values: dict[str, Any] = {}
    if sum(len(each) for each in (*(wanted.split or {}).values(), wanted.blocks or {})) > MOST_WORDS:
        raise Malformed({"split": ["too-many"]})
    if wanted.blocks is not None:
        if any(word not in set(Block) for word in wanted.blocks.values()):
            raise Malformed({"map": ["unknown"]})
        values["blocks"] = {_status(word): str(block) for word, block in wanted.blocks.items()}
    if wanted.split is not None:
        codes = {code for words in wanted.split.values() for code in words.values()}
        known = {code for code, _ in external.names(connection, venue_id)}
        if set(wanted.split) - set(FIELDS) or codes - known:
            raise Malformed({"split": ["unknown"]})
        values["split"] = {name: dict(words) for name, words in wanted.split.items()}
    return values


def _status(word: str) -> str:
    """A status in capitals, a category as it is."""
    return word.upper() if word.upper() in STATUSES else word


def words_of(reading: Reading) -> dict[str, list[str]]:
    """The places and categories that a calendar uses, the most frequent first: what it can be split by."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
    for event in reading.events:
        if event.location:
            counted["LOCATION"][event.location] += 1
        counted["CATEGORIES"].update(event.categories)
    return {name: [word for word, _ in counter.most_common(MOST_SHOWN)] for name, counter in counted.items()}


def previewed(each: Blocking) -> Previewed:
    """One event, as it is shown."""
    event = each.event
    return Previewed(event.title, event.location, event.status, each.block, each.targets, each.spans)
