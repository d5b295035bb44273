"""The lines of the booking form: each asks one resource, with its own days or with those of the first line.

Times are the venue's wall clock. A time that does not exist moves forward by the gap and one that
comes twice means its first occurrence (`wall_clock.py`); either way the person is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext

from booking.domain.bookings import ClaimChange
from booking.domain.claims import ClaimTerms
from booking.domain.wall_clock import DAY, at_venue, exists, happens_twice, instant
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow, ClaimRow
from booking.web.pages.formats import clock, day
from booking.web.pages.typed import Typed

MOST_MINUTES = 7 * 24 * 60

MAIN = ""
BEDS = "beds"
REPEATED = ("", *(f"_{n}" for n in range(2, 10)))
"""What follows the code when a booking asks the same resource again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One resource in the form. `key`: `""` for the first, `beds`, or `more-CODE` (`more-CODE_2`, …)."""

    key: str
    place: CatalogueRow
    in_hours: bool = False

    def name(self, name: str) -> str:
        """The name of one of its fields."""
        return f"{self.key}-{name}" if self.key else name

    @property
    def anchor(self) -> str:
        """Its id in the page."""
        return f"line-{self.key or 'main'}"

    @property
    def in_nights(self) -> bool:
        """A bedroom's day is a night: its last day is the day of departure."""
        return bool(self.place.kind == "accommodation")


@dataclass(slots=True)
class Asked:
    """The lines that ask something, as claims; `notes`: what the clock made of a typed time."""

    lines: list[Line] = field(default_factory=list)
    claims: list[ClaimChange] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)


def lines_of(places: Sequence[CatalogueRow], main: CatalogueRow, form: Mapping[str, str]) -> list[Line]:
    """The lines of a form: the first, the beds of the house, then everything else it has."""
    in_hours = form.get("mode") == "hours"
    lines = [Line(MAIN, main, in_hours)]
    others = [place for place in places if place.code != main.code]
    bed = _beds(others, form)
    if bed is not None:
        lines.append(Line(BEDS, bed))
    lines += [
        _further(f"more-{place.code}", place, form, in_hours=in_hours) for place in others if place is not bed
    ]
    return lines + _repeated(places, lines, form, in_hours=in_hours)


def _beds(places: Sequence[CatalogueRow], form: Mapping[str, str]) -> CatalogueRow | None:
    """Where one sleeps: the accommodation that the form is about, else the first of the house, if it has any."""
    kept = [place for place in places if place.kind == "accommodation"]
    asked = form.get(f"{BEDS}-resource")
    return next((place for place in kept if place.code == asked), next(iter(kept), None))


def _repeated(
    places: Sequence[CatalogueRow], lines: Sequence[Line], form: Mapping[str, str], *, in_hours: bool
) -> list[Line]:
    """Further lines on resources that the form asks more than once."""
    by_key = {f"more-{place.code}{n}": place for place in places for n in REPEATED}
    asked = [name.removesuffix("-quantity") for name in form if name.endswith("-quantity")]
    known = {line.key for line in lines}
    return [
        _further(key, by_key[key], form, in_hours=in_hours) for key in asked if key in by_key and key not in known
    ]


def _further(key: str, place: CatalogueRow, form: Mapping[str, str], *, in_hours: bool) -> Line:
    own_days = bool(form.get(f"{key}-first"))
    return Line(key, place, bool(form.get(f"{key}-from_time")) if own_days else in_hours)


def read_lines(lines: Sequence[Line], typed: Typed) -> Asked:
    """Every line that asks something, as a claim. Errors go beside their fields."""
    asked = Asked()
    first = _claim(lines[0], typed, None, asked)
    if first is None:
        return asked
    for line in lines[1:]:
        _claim(line, typed, first, asked)
    return asked


def _claim(line: Line, typed: Typed, first: ClaimTerms | None, asked: Asked) -> ClaimTerms | None:
    quantity = _quantity(line, typed)
    if not quantity:
        return None
    ends = _ends(line, typed, first, asked)
    if ends is None:
        return None
    terms = ClaimTerms(
        line.place.code,
        *ends,
        quantity=quantity,
        setup_minutes=typed.whole(line.name("setup"), most=MOST_MINUTES) or 0,
        strike_minutes=typed.whole(line.name("strike"), most=MOST_MINUTES) or 0,
    )
    asked.lines.append(line)
    asked.claims.append(ClaimChange(terms, typed.id(line.name("id"))))
    return terms


def _quantity(line: Line, typed: Typed) -> int:
    """How many; the first line asks at least one, the others nothing unless it is typed."""
    typed_quantity = typed.whole(line.name("quantity"))
    if line.key == MAIN:
        return 1 if typed_quantity is None else max(typed_quantity, 1)
    return typed_quantity or 0


def _ends(
    line: Line, typed: Typed, first: ClaimTerms | None, asked: Asked
) -> tuple[date, date] | tuple[datetime, datetime] | None:
    start, last = typed.day(line.name("first")), typed.day(line.name("last"))
    if first is None and start is None:
        if line.name("first") not in typed.errors:
            typed.refuse(line.name("first"), "required")
        return None
    if line.in_nights:
        return _nights(line, typed, first, start, last)
    if start is None and first is not None:
        return _same(first)
    if start is None:
        return None
    return _hours(line, typed, start, last, asked) if line.in_hours else _days(line, typed, start, last)


def _same(first: ClaimTerms) -> tuple[date, date] | tuple[datetime, datetime]:
    return first.start, first.end


def _days(line: Line, typed: Typed, start: date, last: date | None) -> tuple[date, date] | None:
    end = (last or start) + DAY
    if end <= start:
        typed.refuse(line.name("last"), gettext("The last day comes before the first."))
        return None
    return start, end


def _nights(
    line: Line, typed: Typed, first: ClaimTerms | None, start: date | None, last: date | None
) -> tuple[date, date] | None:
    """From the day of arrival to the day of departure; empty: from the first working day to the last."""
    arrival = start or _day_of(first, line)
    departure = last or _last_day_of(first, line) or arrival + DAY
    if last is None and departure <= arrival:
        departure = arrival + DAY
    if departure <= arrival:
        typed.refuse(line.name("last"), gettext("The departure comes after the arrival."))
        return None
    return arrival, departure


def _day_of(first: ClaimTerms | None, line: Line) -> date:
    if first is None:
        raise ValueError("the first line has its own days")
    return at_venue(first.start, line.place.zone).date() if isinstance(first.start, datetime) else first.start


def _last_day_of(first: ClaimTerms | None, line: Line) -> date | None:
    if first is None:
        return None
    return at_venue(first.end, line.place.zone).date() if isinstance(first.end, datetime) else first.end - DAY


def _hours(
    line: Line, typed: Typed, start: date, last: date | None, asked: Asked
) -> tuple[datetime, datetime] | None:
    begins, ends = typed.hour(line.name("from_time")), typed.hour(line.name("to_time"))
    for name, value in (("from_time", begins), ("to_time", ends)):
        if value is None and line.name(name) not in typed.errors:
            typed.refuse(line.name(name), "required")
    if begins is None or ends is None:
        return None
    end_day = last or start
    at_day_end = typed.raw(line.name("to_time")).startswith("24")
    if at_day_end or (end_day == start and ends <= begins):
        end_day += DAY  # 22:00 – 02:00 runs into the night
    moments = (
        _moment(line, datetime.combine(start, begins), asked),
        _moment(line, datetime.combine(end_day, ends), asked),
    )
    if moments[1] <= moments[0]:
        typed.refuse(line.name("to_time"), "not-after-start")
        return None
    return moments


def _moment(line: Line, local: datetime, asked: Asked) -> datetime:
    zone = line.place.zone
    moment = instant(local, zone)
    facts = {"typed": local.strftime("%H:%M"), "day": day(local.date(), year=True)}
    if not exists(local, zone):
        note = gettext(
            "On %(day)s the clocks skip %(typed)s; it becomes %(moved)s.", moved=clock(moment, zone), **facts
        )
        asked.notes.setdefault(line.key, []).append(note)
    elif happens_twice(local, zone):
        note = gettext("On %(day)s the clock shows %(typed)s twice; the first time is meant.", **facts)
        asked.notes.setdefault(line.key, []).append(note)
    return moment


def typed_of(row: BookingRow) -> tuple[str, dict[str, str]]:
    """A booking as it would be typed: the code of its first line, and every field of its lines."""
    form: dict[str, str] = {}
    keys: set[str] = set()
    for n, claim in enumerate(row.claims):
        key = _key(claim, keys, is_first=n == 0)
        keys.add(key)
        prefix = f"{key}-" if key else ""
        form |= {f"{prefix}{name}": value for name, value in _fields(claim, row.zone).items()}
        if key == BEDS:
            form[f"{BEDS}-resource"] = claim.resource
    form["mode"] = "days" if row.claims[0].start_date else "hours"
    return row.claims[0].resource, form


def _key(claim: ClaimRow, keys: set[str], *, is_first: bool) -> str:
    if is_first:
        return MAIN
    if claim.kind == "accommodation" and BEDS not in keys:
        return BEDS
    key, n = f"more-{claim.resource}", 2
    while key in keys:
        key, n = f"more-{claim.resource}_{n}", n + 1
    return key


def _fields(claim: ClaimRow, zone: str) -> dict[str, str]:
    values = {
        "quantity": str(claim.quantity),
        "setup": str(claim.setup_minutes or ""),
        "strike": str(claim.strike_minutes or ""),
        "id": str(claim.id),
    }
    if claim.start_date is not None and claim.end_date is not None:
        last = claim.end_date if claim.kind == "accommodation" else claim.end_date - DAY
        return values | {"first": claim.start_date.isoformat(), "last": last.isoformat()}
    start, end = at_venue(claim.starts, zone), at_venue(claim.ends, zone)
    return values | {
        "first": start.date().isoformat(),
        "last": end.date().isoformat(),
        "from_time": start.strftime("%H:%M"),
        "to_time": end.strftime("%H:%M"),
    }
