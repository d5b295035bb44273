"""The booking form: what was typed, as terms that the services take. The same for asking and for changing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.bookings import Purpose, Terms
from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.states import State
from booking.services import catalogue
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.web.pages.lines import BEDS, Asked, Line, lines_of, read_lines
from booking.web.pages.typed import LONGEST_TEXT, Typed

MOST_PEOPLE = 10_000
ENTERED_AS = (State.CONFIRMED, State.OPTION, State.REQUESTED)


@dataclass(frozen=True, slots=True)
class BookingForm:
    """One form, read. `main`: the resource of its first line; `by_house`: a planner of that house fills it in."""

    main: CatalogueRow
    lines: Sequence[Line]
    typed: Typed
    asked: Asked
    terms: Terms
    by_house: bool

    @property
    def errors(self) -> dict[str, list[str]]:
        """Beside which field what is wrong."""
        return self.typed.errors

    @property
    def is_asking(self) -> bool:
        """Whether there is enough to judge: a first line with its days."""
        return bool(self.asked.claims)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.form.get(name, "")


def read_form(connection: Connection, person: Person, code: str, form: Mapping[str, str]) -> BookingForm:
    """The form for a resource and its house, read for this person. NotFound. One statement."""
    every = catalogue.resources(connection, ResourceFilter(beside=code, retired=True))
    main = next((place for place in every if place.code == code), None)
    if main is None:
        raise NotFound
    places = [place for place in every if place.retired_at is None]
    places += [place for place in every if place.retired_at and _is_asked(place.code, form)]
    typed = Typed(form)
    lines = lines_of(places, main, form)
    asked = read_lines(lines, typed)
    by_house = person.decides_for(main.venue_code)
    return BookingForm(main, lines, typed, asked, _terms(person, typed, asked, by_house=by_house), by_house)


def _is_asked(code: str, form: Mapping[str, str]) -> bool:
    """Whether a line of the form asks it: what was booked before it was retired stays in its booking."""
    return form.get(f"{BEDS}-resource") == code or any(name.startswith(f"more-{code}") for name in form)


def _terms(person: Person, typed: Typed, asked: Asked, *, by_house: bool) -> Terms:
    if typed.raw("hat") not in ("", "house" if by_house else "company"):
        typed.refuse(
            "organisation", gettext("You are here for somebody else than when you opened this: say for whom.")
        )
    return Terms(
        title=typed.text("title", required=True) or "",
        purpose=_purpose(typed),
        claims=tuple(each.terms for each in asked.claims),
        organisation=typed.id("organisation") or (None if by_house else _only_company(person)),
        people=typed.whole("people", least=1, most=MOST_PEOPLE),
        note=typed.text("note", longest=LONGEST_TEXT),
        refer_consent=typed.ticked("refer_consent"),
        **(_for_planners(typed) if by_house else {}),
    )


def _purpose(typed: Typed) -> Purpose:
    value = typed.raw("purpose") or Purpose.RESIDENCY
    if value not in set(Purpose):
        typed.refuse("purpose", "unknown")
        return Purpose.RESIDENCY
    return Purpose(value)


def _only_company(person: Person) -> Any:
    """The company of somebody who has just one; who has several says which."""
    return next(iter(person.organisations)) if len(person.organisations) == 1 else None


def _for_planners(typed: Typed) -> dict[str, Any]:
    value = typed.raw("state")
    force = typed.ticked("force")
    reason = typed.text("reason", longest=LONGEST_TEXT)
    if force and reason is None:
        typed.refuse("reason", "required")
    return {"state": State(value) if value in ENTERED_AS else None, "force": force, "reason": reason}
