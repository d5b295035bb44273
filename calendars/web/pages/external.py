"""The calendars that a house has connected: how they are, what they block, and what they would block."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, Stale
from booking.fetching import MOST_OCTETS
from booking.web.context import database, now
from booking.web.files import takes_up_to
from booking.web.pages.house import House
from booking.web.pages.settings_form import digest
from booking.web.pages.sign_in import signed_in
from booking.web.wording import field_error
from calendars.apart.reader import READER
from calendars.domain.blocking import EVERYTHING, USUAL, Block, Run, runs
from calendars.domain.foreign_events import Reading
from calendars.domain.foreign_lines import NotACalendar
from calendars.services import comparing, copies, external, polling
from calendars.services.external import CalendarRow, Preview, Wanted
from calendars.web.outside import reach
from calendars.web.problems import problem_in_words

pages = Blueprint("external", __name__, template_folder="../templates")

NOT_YET = {EVERYTHING: Block.IGNORE.value}
"""A calendar that was just connected is looked at first: it blocks nothing until somebody says so."""

BLOCKS: Mapping[str, Any] = {
    Block.HARD.value: lazy_gettext("blocks"),
    Block.OPTION.value: lazy_gettext("is an option of the house"),
    Block.IGNORE.value: lazy_gettext("is left out"),
}
STATUSES: Mapping[str, Any] = {
    "CONFIRMED": lazy_gettext("What is certain"),
    "TENTATIVE": lazy_gettext("What is tentative"),
    "FREE": lazy_gettext("What is shown as free"),
}
MOST_RUNS = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a new calendar, as it was filled in, with what is wrong with it."""

    form: Mapping[str, str]
    errors: Mapping[str, Sequence[str]]


@pages.get("/desk/<venue>/calendars")
def list_calendars(venue: str) -> str:
    """Every calendar of the house with its state, and the form to connect another."""
    return _listed(venue, Typed(request.args, {}))


@pages.post("/desk/<venue>/calendars")
@takes_up_to(MOST_OCTETS)
def add_calendar(venue: str) -> ResponseReturnValue:
    """Connect one: a file is read at once, an address by the worker. It blocks nothing yet."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = own_house(connection, person, venue)
    place = request.form.get("place", "")
    where: dict[str, Any] = {"resource": place} if place else {"venue": venue}
    wanted = Wanted(request.form.get("label", "").strip()[:200] or None, request.form.get("url"), NOT_YET)
    if place and place not in {each.code for each in house.places}:
        return _listed(venue, Typed(request.form, {"place": [field_error("unknown")]})), 422
    body, name = sent_file()
    try:
        if body:
            copy = copies.copied(body, name, house.venue.zone, READER, at=at)
            wanted = replace(wanted, label=wanted.label or copy.reading.name or PurePath(name).stem[:200])
            row = database().write(
                lambda connection: external.upload(connection, person, **where, wanted=wanted, copy=copy, at=at)
            )
        else:
            row = database().write(
                lambda connection: external.add(connection, person, **where, wanted=wanted, reach=reach(), at=at)
            )
    except NotACalendar as error:
        return _listed(venue, Typed(request.form, {"file": [problem_in_words(error.code)]})), 422
    except Malformed as refusal:
        errors = {name: [field_error(code) for code in codes] for name, codes in refusal.errors.items()}
        return _listed(venue, Typed(request.form, errors)), 422
    return redirect(f"/desk/{venue}/calendars/{row.id}", 303)


@pages.get("/desk/<venue>/calendars/compare")
def compare_calendars(venue: str) -> str:
    """The house's own tool beside ours: the same, only here, only there."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        found = comparing.compare(connection, person, venue, at=now())
    return render_template(
        "calendars/external-compare.html",
        house=house,
        found=found,
        blocks=BLOCKS,
        decides=person.decides_for(venue),
        names={place.code: place.name for place in house.places},
    )


@pages.post("/desk/<venue>/calendars/compare")
def say_same(venue: str) -> ResponseReturnValue:
    """An event and a booking are the same; or, without a booking, are not after all."""
    person, at, form = signed_in(), now(), request.form
    calendar_id, booking_id = form.get("calendar", type=UUID), form.get("booking", type=UUID)
    if calendar_id is None:
        raise NotFound
    how: dict[str, Any] = {"venue": venue, "read": READER, "at": at}
    uid = form.get("uid", "")

    def work(connection: Connection) -> None:
        if booking_id is None:
            comparing.unsay_same(connection, person, calendar_id, uid, **how)
        else:
            comparing.say_same(connection, person, calendar_id, uid, booking_id, **how)

    database().write(work)
    return redirect(f"/desk/{venue}/calendars/compare", 303)


@pages.get("/desk/<venue>/calendars/<uuid:calendar_id>")
def one_calendar(venue: str, calendar_id: UUID) -> str:
    """What it blocks, what was not understood, and how it is read."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        row = external.find(connection, person, calendar_id, venue=venue)
    return one_page(house, person, row)


@pages.post("/desk/<venue>/calendars/<uuid:calendar_id>")
def change_calendar(venue: str, calendar_id: UUID) -> ResponseReturnValue:
    """Look at other choices first, then save them; or let it block as it is."""
    person, at = signed_in(), now()
    if request.form.get("step") == "preview":
        return _tried(person, venue, calendar_id)

    def work(connection: Connection) -> None:
        own_house(connection, person, venue)
        row = external.held(connection, person, calendar_id, venue=venue)
        if request.form.get("seen", _way_of(row)) != _way_of(row):
            raise Stale(row.revision)
        external.change(connection, row, _chosen(row), read=READER, at=at)

    try:
        database().write(work)
    except Stale:
        meanwhile = gettext(
            "Somebody else changed meanwhile how it is read. Look again at what you chose, and save it."
        )
        return _tried(person, venue, calendar_id, meanwhile), 412
    flash(gettext("Saved. It blocks as you see here."))
    return redirect(f"/desk/{venue}/calendars/{calendar_id}", 303)


@pages.post("/desk/<venue>/calendars/<uuid:calendar_id>/sync")
def sync_calendar(venue: str, calendar_id: UUID) -> ResponseReturnValue:
    """Look at it again as soon as the worker can."""
    person, at, believe = signed_in(), now(), request.form.get("believe") == "1"

    def work(connection: Connection) -> None:
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
        polling.ask_soon(connection, row, at=at, believe=believe)

    database().write(work)
    flash(gettext("It is being read; that takes less than a minute."))
    return redirect(f"/desk/{venue}/calendars/{calendar_id}", 303)


@pages.post("/desk/<venue>/calendars/<uuid:calendar_id>/remove")
def remove_calendar(venue: str, calendar_id: UUID) -> ResponseReturnValue:
    """It goes, and what it blocked is free."""
    person, at = signed_in(), now()

    def work(connection: Connection) -> None:
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
        external.remove(connection, row, at=at)

    database().write(work)
    flash(gettext("The calendar is gone, and what it blocked is free."))
    return redirect(f"/desk/{venue}/calendars", 303)


def sent_file() -> tuple[bytes, str]:
    """The file of a form and its name; nothing when none was chosen."""
    sent = request.files.get("file")
    return (sent.stream.read(), sent.filename) if sent is not None and sent.filename else (b"", "")


def _listed(venue: str, typed: Typed) -> str:
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        rows = external.listing(connection, person, venue=venue)
    return render_template(
        "calendars/external-list.html",
        house=house,
        rows=rows,
        headline=headline(rows),
        typed=typed,
        decides=person.decides_for(venue),
        age=age,
        problem=problem_in_words,
        counts=counts_in_words,
        not_yet=is_not_yet,
    )


def one_page(house: House, person: Person, row: CalendarRow, errors: Sequence[str] = ()) -> str:
    """The page of one calendar; `errors`: of the file that was sent last."""
    with database().read() as connection:
        reading = _reading(connection, row)
        found = external.preview(connection, row, reading, _as_it_would_be(row)) if reading else None
    return _shown(
        house, person, row, reading, found, Wanted(row.label, None, row.blocks, row.split), errors=errors
    )


def _shown(
    house: House,
    person: Person,
    row: CalendarRow,
    reading: Reading | None,
    found: Preview | None,
    wanted: Wanted,
    *,
    tried: bool = False,
    refused: str | None = None,
    errors: Sequence[str] = (),
) -> str:
    listed = _runs(house, found) if found else []
    return render_template(
        "calendars/external-one.html",
        house=house,
        row=row,
        runs=listed[:MOST_RUNS],
        more=max(0, len(listed) - MOST_RUNS),
        found=found,
        words_of=external.words_of(reading) if reading else {},
        label=wanted.label or row.label,
        chosen=wanted.blocks or {},
        split=wanted.split or {},
        seen=_way_of(row),
        tried=tried,
        refused=refused,
        errors=errors,
        decides=person.decides_for(house.venue.code),
        age=age,
        problem=problem_in_words,
        counts=counts_in_words,
        not_yet=is_not_yet,
        blocks=BLOCKS,
        statuses=STATUSES,
        usual=USUAL,
        names={place.code: place.name for place in house.places},
        url=external.without_password(row.url) if row.url else None,
    )


def own_house(connection: Connection, person: Person, venue: str) -> House:
    """The house, for those who decide there."""
    house = House.read(connection, person, venue)
    if not person.decides_for(venue):
        raise Forbidden
    return house


def _tried(person: Person, venue: str, calendar_id: UUID, refused: str | None = None) -> str:
    """What the choices of the form would block, with the choices as they were sent."""
    with database().read() as connection:
        house = own_house(connection, person, venue)
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
        wanted, reading = _chosen(row), _reading(connection, row)
        found = external.preview(connection, row, reading, wanted) if reading else None
    return _shown(house, person, row, reading, found, wanted, tried=True, refused=refused)


def _way_of(row: CalendarRow) -> str:
    """Another one when it is called or read otherwise; reading it again leaves it as it is."""
    return digest((row.label, sorted(row.blocks.items()), sorted(row.split.items())))


def _reading(connection: Connection, row: CalendarRow) -> Reading | None:
    copy = copies.kept(connection, row, READER, at=now())
    return copy.reading if copy else None


def _as_it_would_be(row: CalendarRow) -> Wanted:
    """Of a calendar that blocks nothing yet, what it would block."""
    return Wanted(blocks={}) if is_not_yet(row) else Wanted()


def _chosen(row: CalendarRow) -> Wanted:
    """The choices of the form; categories that it does not show stay as they are."""
    form = request.form
    blocks = {word: block for word, block in row.blocks.items() if word not in STATUSES and word != EVERYTHING}
    for status in STATUSES:
        if form.get(f"block-{status}") in BLOCKS:
            blocks[status] = form[f"block-{status}"]
    split: dict[str, dict[str, str]] = {name: dict(words) for name, words in row.split.items()}
    for number in range(external.MOST_SHOWN * 2):
        field, word, code = (form.get(f"{name}-{number}", "") for name in ("field", "word", "target"))
        if not word or field not in ("LOCATION", "CATEGORIES"):
            continue
        if code:
            split.setdefault(field, {})[word] = code
        else:
            split.get(field, {}).pop(word, None)
    return Wanted(form.get("label", "").strip() or None, None, blocks, split)


def _runs(house: House, found: Preview) -> list[Run]:
    stretches = ((each.title, each.block, each.targets, span) for each in found.events for span in each.spans)
    return runs(stretches, house.venue.zone, house.venue.day_line)


def is_not_yet(row: CalendarRow) -> bool:
    """Whether it was connected, and never let block."""
    return bool(row.blocks.get(EVERYTHING) == Block.IGNORE)


def headline(rows: Sequence[CalendarRow]) -> str:
    """What matters about all of them."""
    failing = sum(row.state == "failing" for row in rows)
    if failing:
        return str(ngettext("One calendar cannot be read.", "%(num)s calendars cannot be read.", failing))
    if rows:
        return str(ngettext("One calendar is connected.", "%(num)s calendars are connected.", len(rows)))
    return str(gettext("No calendar is connected."))


def failing(venue: str) -> list[tuple[CalendarRow, str, str]]:
    """For the desk of a house: the calendars that cannot be read, why, and how old the copy in force is."""
    with database().read() as connection:
        rows = external.failing(connection, venue)
    return [(row, problem_in_words(row.problem or ""), age(row)) for row in rows]


def age(row: CalendarRow) -> str:
    """How old the copy in force is, as people say it."""
    if row.read_at is None:
        return str(gettext("not read yet"))
    minutes = int((now() - row.read_at).total_seconds() // 60)
    if minutes < 1:
        return str(gettext("read just now"))
    if minutes < 120:
        return str(ngettext("read %(num)s minute ago", "read %(num)s minutes ago", minutes))
    if minutes < 2880:
        return str(ngettext("read %(num)s hour ago", "read %(num)s hours ago", minutes // 60))
    return str(ngettext("read %(num)s day ago", "read %(num)s days ago", minutes // 1440))


def counts_in_words(counts: Mapping[str, int]) -> list[str]:
    """What there is of each, without what there is none of."""
    return [str(words(counts[name])) for name, words in COUNTS.items() if counts.get(name)]


COUNTS: Mapping[str, Callable[[int], Any]] = {
    "hard": lambda n: ngettext("%(num)s event blocks", "%(num)s events block", n),
    "option": lambda n: ngettext("%(num)s is an option of the house", "%(num)s are options of the house", n),
    "ignore": lambda n: ngettext("%(num)s is left out", "%(num)s are left out", n),
    "ours": lambda n: ngettext("%(num)s comes from here", "%(num)s come from here", n),
    "unplaced": lambda n: ngettext("%(num)s belongs to no known place", "%(num)s belong to no known place", n),
    "unclear": lambda n: ngettext("%(num)s was not understood", "%(num)s were not understood", n),
}
