"""Equipment of a house: overdue, out, next to go out; handed over and taken back, also in part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, Refusal, Stale, WrongState
from booking.services import equipment
from booking.storage.catalogues import CatalogueRow
from booking.storage.equipment import KitRow
from booking.web.codes import picture
from booking.web.context import database, now, parts
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import safe_next
from booking.web.pages.house import House
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT, Typed
from booking.web.refusals import problem_of
from booking.web.wording import field_error

SOON = timedelta(days=28)
"""How far ahead kit that goes out is shown."""
JUST_NOW = timedelta(days=14)
"""How long kit that came back stays in sight."""
MOST_PIECES = 1_000_000
MOST_LABELS = 500
LONGEST_PIECE = 40
KIT = "equipment"


@dataclass(frozen=True, slots=True)
class Kit:
    """The kit of a house, by what has to be done with it."""

    overdue: Sequence[KitRow]
    out: Sequence[KitRow]
    next: Sequence[KitRow]
    back: Sequence[KitRow]


@pages.get("/desk/<venue>/equipment")
def equipment_of(venue: str) -> str:
    """Overdue first, then what is out, what goes out, and what came back."""
    return show(signed_in(), venue)


@pages.post("/desk/<venue>/equipment/<uuid:booking_id>/<direction>")
def move_kit(venue: str, booking_id: UUID, direction: str) -> Response | tuple[str, int]:
    """Hand pieces over (`out`), or take them back (`in`), all or some, with a note of damage."""
    person, at = signed_in(), now()
    if direction not in ("out", "in"):
        raise NotFound
    typed = Typed(request.form)
    claim, quantity = typed.id("claim"), typed.whole("quantity", least=1, most=MOST_PIECES)
    note, seen = typed.text("damage", longest=LONGEST_TEXT), typed.whole("moved", most=2 * MOST_PIECES)
    if claim is None or quantity is None or typed.errors:
        errors = typed.errors or {"quantity": ["required"]}
        return show(person, venue, refused=Malformed(errors), of=claim), 422
    damage = [{"code": typed.text("piece", longest=LONGEST_PIECE), "note": note}] if note else []
    try:
        if direction == "out":
            database().write(
                lambda c: equipment.check_out(c, person, booking_id, claim, quantity, at=at, seen=seen)
            )
        else:
            database().write(
                lambda c: equipment.check_in(c, person, booking_id, claim, quantity, damage, at=at, seen=seen)
            )
    except (Malformed, Stale, WrongState) as refusal:
        return show(person, venue, refused=refusal, of=claim), problem_of(refusal).status
    flash(
        ngettext("%(num)s piece is handed over.", "%(num)s pieces are handed over.", quantity)
        if direction == "out"
        else ngettext("%(num)s piece is back.", "%(num)s pieces are back.", quantity)
    )
    return redirect(_back(venue), 303)


@pages.get("/desk/<venue>/equipment/labels")
def labels(venue: str) -> str:
    """A sheet to print: one label for each kind of kit; with `?of=CODE` one for each of its pieces."""
    person, of = signed_in(), request.args.get("of")
    with database().read() as connection:
        house = House.read(connection, person, venue)
    kit = [place for place in house.places if place.kind == KIT and place.retired_at is None]
    place = next((each for each in kit if each.code == of), None)
    printed = pieces_of(place) if place else [Label(each, each.code, "") for each in kit]
    return render_template("desk-labels.html", house=house, kit=kit, place=place, labels=printed)


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what it is stuck on, what is written on it, and which piece it is (`""`: any)."""

    place: CatalogueRow
    code: str
    piece: str

    @property
    def picture(self) -> Markup:
        """What a camera reads: the page of the kit, on which the check-in form is filled in."""
        house, code = self.place.venue_code, self.place.code
        piece = f"?piece={self.piece}" if self.piece else ""
        address = f"{parts().settings.base_url}/desk/{house}/equipment/{code}{piece}"
        return Markup(picture(address).decode())  # noqa: S704 -- drawn here, of an address of ours


def pieces_of(place: CatalogueRow) -> list[Label]:
    """One label for each piece, numbered: `PHX-PAR-07`."""
    width = max(2, len(str(place.capacity)))
    codes = [f"{place.code}-{n:0{width}}" for n in range(1, min(place.capacity, MOST_LABELS) + 1)]
    return [Label(place, code, code) for code in codes]


@pages.get("/desk/<venue>/equipment/<code>")
def one_kind(venue: str, code: str) -> str:
    """One kind of kit, as a scanned label opens it: what is out, what goes out next, what was damaged."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        place = next((each for each in house.places if each.code == code and each.kind == KIT), None)
        if place is None:
            raise NotFound
        rows = equipment.listing(connection, person, venue=venue, state="all", at=at)
        damaged = equipment.damages(connection, person, place)
    kit = sorted_kit([row for row in rows if row.resource == code], at)
    piece = request.args.get("piece", "")
    return render_template(
        "desk-kit.html",
        house=house,
        place=place,
        kit=kit,
        piece=piece if piece.startswith(code) and len(piece) <= LONGEST_PIECE else "",
        damaged=damaged,
        may_move=person.decides_for(venue) or venue in person.assists,
        back=f"/desk/{venue}/equipment/{code}",
    )


def show(person: Person, venue: str, *, refused: Refusal | None = None, of: UUID | None = None) -> str:
    """The page. `refused`: why the pieces of the claim `of` did not move just now."""
    at = now()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        kit = sorted_kit(equipment.listing(connection, person, venue=venue, state="all", at=at), at)
    return render_template(
        "desk-equipment.html",
        house=house,
        kit=kit,
        headline=headline(kit),
        may_move=person.decides_for(venue) or venue in person.assists,
        problem=_why_not(refused),
        problem_of=of,
        back=request.path,
    )


def sorted_kit(rows: Sequence[KitRow], at: datetime) -> Kit:
    """By what has to be done."""
    late = [row for row in rows if equipment.is_overdue(row, at)]
    return Kit(
        late,
        [row for row in rows if row.missing > 0 and row not in late],
        sorted(
            (row for row in rows if row.out < row.quantity and row.ends > at and row.starts < at + SOON),
            key=lambda row: row.starts,
        ),
        [row for row in rows if row.out and not row.missing and row.last_at and row.last_at > at - JUST_NOW],
    )


def headline(kit: Kit) -> str:
    """The sentence at the head of the page."""
    if kit.overdue:
        return str(ngettext("One thing is overdue.", "%(num)s things are overdue.", len(kit.overdue)))
    if kit.out:
        return str(ngettext("One thing is out.", "%(num)s things are out.", len(kit.out)))
    return str(gettext("Everything is in the house."))


def _why_not(refused: Refusal | None) -> str | None:
    if isinstance(refused, Malformed):
        return " ".join(field_error(code) for codes in refused.errors.values() for code in codes)
    return problem_of(refused).detail if refused else None


def _back(venue: str) -> str:
    wanted, otherwise = request.form.get("back", ""), f"/desk/{venue}/equipment"
    return safe_next(wanted, otherwise) if wanted.startswith(f"/desk/{venue}/") else otherwise
