"""The form of a chain: stays one under the other, each in a room of a house, and the kit that travels along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Moment, Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.resources import SPACES
from booking.domain.trajectories import ChainRule, TrajectoryTerms
from booking.domain.wall_clock import DAY, instant
from booking.services import catalogue
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.storage.trajectories import VEHICLE
from booking.web.pages.booking_form import MOST_PEOPLE
from booking.web.pages.typed import Typed

FEWEST_STAYS, MOST_STAYS = 2, 12
FEWEST_KIT, MOST_KIT = 1, 8
SHOWING_MINUTES = 90
SEPARATOR = "~"
"""In an address, between a resource and its days: `stay=BUD-S1~2027-03-08~2027-03-20` (end excluded)."""


@dataclass(frozen=True, slots=True)
class ChainForm:
    """One form, read. `rooms`, `kit`: what can be chosen, by house; `stays`, `kits`: how many lines are shown;
    `lines`: what each line asks, by its name (`stay-2`, `kit-1`)."""

    rooms: Sequence[CatalogueRow]
    kit: Sequence[CatalogueRow]
    beds: Mapping[str, CatalogueRow]
    typed: Typed
    stays: int
    kits: int
    organisation: UUID | None = None
    terms: TrajectoryTerms | None = None
    lines: Mapping[str, Terms] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Beside which field what is wrong."""
        return self.typed.errors

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.form.get(name, "")


def read_form(connection: Connection, person: Person, form: Mapping[str, str]) -> ChainForm:
    """The form with everything that can be chosen. One statement."""
    rows = catalogue.resources(connection, ResourceFilter())
    rooms = [row for row in rows if row.kind in SPACES]
    kit = [row for row in rows if row.kind == "equipment" and row.unit != VEHICLE]
    beds = {row.venue_code: row for row in reversed(rows) if row.kind == "accommodation"}
    typed = Typed(form)
    stays = min(max(_count(form, "stay", "resource") + _more(form, "stay"), FEWEST_STAYS), MOST_STAYS)
    kits = min(max(_count(form, "kit", "resource") + _more(form, "kit"), FEWEST_KIT), MOST_KIT)
    return ChainForm(rooms, kit, beds, typed, stays, kits, _organisation(person, typed))


def _count(form: Mapping[str, str], line: str, name: str) -> int:
    """How many lines were shown, and at least as far as something is chosen."""
    numbers = [n for n in range(1, MOST_STAYS + 1) if form.get(f"{line}-{n}-{name}")]
    shown = form.get(f"{line}s", "")
    return max(*numbers, int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= len("99") else 0, 0)


def _more(form: Mapping[str, str], line: str) -> int:
    return int(form.get("more") == line)


def _organisation(person: Person, typed: Typed) -> UUID | None:
    return typed.id("organisation") or (
        next(iter(person.organisations)) if len(person.organisations) == 1 else None
    )


def asked(form: ChainForm) -> ChainForm:
    """The same with its terms; without them where something is missing or makes no sense (`errors`)."""
    typed = form.typed
    title = typed.text("title", required=True) or ""
    people = typed.whole("people", least=1, most=MOST_PEOPLE)
    rule = ChainRule.EACH if typed.raw("rule") == ChainRule.EACH else ChainRule.ALL_OR_NOTHING
    if form.organisation is None:
        typed.refuse("organisation", "required")
    asks = {f"stay-{n}": _stay(form, n, title, people) for n in range(1, form.stays + 1)}
    stays = {name: each for name, each in asks.items() if each is not None}
    if not stays and "stay-1-resource" not in typed.errors:
        typed.refuse("stay-1-resource", "required")
    if typed.errors:
        return form
    kit = _kit(form, list(stays.values()), title)
    if typed.errors:
        return form
    parts = _with_kit(list(stays.values()), list(kit.values()), title)
    lines = {name: replace(each, organisation=form.organisation) for name, (_, each) in (stays | kit).items()}
    return replace(form, terms=TrajectoryTerms(title, rule, tuple(parts)), lines=lines)


def _stay(form: ChainForm, n: int, title: str, people: int | None) -> tuple[str, Terms] | None:
    typed, name = form.typed, f"stay-{n}"
    code = typed.raw(f"{name}-resource")
    if not code:
        return None
    room = next((row for row in form.rooms if row.code == code), None)
    if room is None:
        typed.refuse(f"{name}-resource", "unknown")
        return None
    first, last = typed.day(f"{name}-first"), typed.day(f"{name}-last")
    if first is None:
        if f"{name}-first" not in typed.errors:
            typed.refuse(f"{name}-first", "required")
        return None
    end = (last or first) + DAY
    if end <= first:
        typed.refuse(f"{name}-last", "not-after-start")
        return None
    claims = [ClaimTerms(code, first, end), *_beds(form, name, room, first, end)]
    moments = _showing(form, name, room)
    purpose = Purpose.TECHNICAL_RESIDENCY if room.kind == "stage" else Purpose.RESIDENCY
    return room.venue_code, Terms(title, purpose, tuple(claims), people=people, moments=moments)


def _beds(form: ChainForm, name: str, room: CatalogueRow, first: date, end: date) -> list[ClaimTerms]:
    """So many beds from the first day to the last: the night before the first day is asked apart."""
    many = form.typed.whole(f"{name}-beds")
    if not many:
        return []
    beds = form.beds.get(room.venue_code)
    if beds is None:
        form.typed.refuse(f"{name}-beds", "not-here")
        return []
    early = DAY if form.typed.ticked(f"{name}-early") else DAY * 0
    return [ClaimTerms(beds.code, first - early, max(end - DAY, first - early + DAY), many)]


def _showing(form: ChainForm, name: str, room: CatalogueRow) -> tuple[Moment, ...]:
    day, hour = form.typed.day(f"{name}-showing"), form.typed.hour(f"{name}-showing_time")
    if day is None:
        return ()
    if hour is None:
        if f"{name}-showing_time" not in form.typed.errors:
            form.typed.refuse(f"{name}-showing_time", "required")
        return ()
    start = instant(datetime.combine(day, hour), room.zone)
    end = instant(datetime.combine(day, hour), room.zone) + SHOWING_MINUTES * (DAY / 1440)
    return (Moment("showing", start, end),)


def _kit(form: ChainForm, stays: Sequence[tuple[str, Terms]], title: str) -> dict[str, tuple[str, Terms]]:
    """What each line of kit asks of which house: for the whole chain."""
    first = min(terms.claims[0].start for _, terms in stays)
    end = max(terms.claims[0].end for _, terms in stays)
    asks = {}
    for n in range(1, form.kits + 1):
        code, many = form.typed.raw(f"kit-{n}-resource"), form.typed.whole(f"kit-{n}-quantity", least=1)
        row = next((row for row in form.kit if row.code == code), None)
        if code and row is None:
            form.typed.refuse(f"kit-{n}-resource", "unknown")
        if row is not None:
            claims = (ClaimTerms(code, first, end, many or 1),)
            asks[f"kit-{n}"] = (row.venue_code, Terms(title, Purpose.RESIDENCY, claims))
    return asks


def _with_kit(
    stays: Sequence[tuple[str, Terms]], kit: Sequence[tuple[str, Terms]], title: str
) -> list[tuple[str, Terms]]:
    """Kit stands beside the first stay in its own house, else in a booking of its own."""
    claims: dict[str, list[ClaimTerms]] = {}
    for venue, terms in kit:
        claims.setdefault(venue, []).extend(terms.claims)
    parts = []
    for venue, terms in stays:
        parts.append((venue, replace(terms, claims=(*terms.claims, *claims.pop(venue, ())))))
    for venue, more in claims.items():
        parts.append((venue, Terms(title, Purpose.RESIDENCY, tuple(more))))
    return parts


def carried(stays: Sequence[str], words: Mapping[str, str]) -> dict[str, str]:
    """The form as the address fills it in: `stay=CODE~first~end` (and `~beds`) as often as there are stays."""
    form = {name: words[name] for name in ("title", "people", "rule", "organisation") if name in words}
    for n, stay in enumerate(stays[:MOST_STAYS], 1):
        code, _, days = stay.partition(SEPARATOR)
        first, _, rest = days.partition(SEPARATOR)
        end, _, beds = rest.partition(SEPARATOR)
        form[f"stay-{n}-beds"] = beds
        form[f"stay-{n}-resource"] = code
        try:
            form[f"stay-{n}-first"] = date.fromisoformat(first).isoformat()
            form[f"stay-{n}-last"] = (date.fromisoformat(end) - DAY).isoformat()
        except ValueError:
            continue
    return form
