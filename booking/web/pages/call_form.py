"""What is typed about a call: its opening, an application, points, and one line of the proposal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict

from booking.domain.claims import ClaimTerms
from booking.domain.needs import Period
from booking.domain.wall_clock import DAY, at_venue, instant
from booking.services.applications import ApplicationTerms
from booking.services.calls import MOST_CRITERIA, CallTerms
from booking.services.seating import ByHand
from booking.storage.catalogues import CatalogueRow
from booking.web.languages import LANGUAGES
from booking.web.pages.booking_form import MOST_PEOPLE
from booking.web.pages.needs import Wanted, read_wanted
from booking.web.pages.typed import LONGEST_TEXT, Typed

ZONE, NOON = "Europe/Brussels", time(12)
LONGEST_CRITERION = 40
MOST_POINTS = 10
MOST_DAYS, MOST_BEDS = 366, 1000
CRITERIA = {
    "artistic": lazy_gettext("artistic"),
    "cross-border": lazy_gettext("crossing the border"),
    "feasible": lazy_gettext("feasible"),
}
"""Those that every call may have; the coordinator adds others in words of their own."""


def criterion_in_words(name: str) -> str:
    """A criterion in the reader's language; one of the coordinator's own stays as it was typed."""
    return str(CRITERIA.get(name, name))


def read_call(typed: Typed, venues: Sequence[str], criteria: Sequence[str]) -> CallTerms | None:
    """A call as it was typed, or None with errors beside its fields."""
    title = typed.text("title", required=True)
    description = typed.text("description", longest=LONGEST_TEXT)
    texts = _texts(typed)
    first, last, closes = (typed.day(name) for name in ("first", "last", "closes"))
    hour = typed.hour("closes_hour") or NOON
    for name in ("first", "last", "closes"):
        if not typed.raw(name):
            typed.refuse(name, "required")
    if first and last and last < first:
        typed.refuse("last", "not-after-start")
    if not venues:
        typed.refuse("venues", "required")
    own = [each.strip() for each in (typed.text("others") or "").split(",")]
    chosen = list(dict.fromkeys(each for each in (*criteria, *own) if each))
    if len(chosen) > MOST_CRITERIA or any(len(each) > LONGEST_CRITERION for each in chosen):
        typed.refuse("others", gettext("Ten criteria at most, each of forty characters at most."))
    elif not chosen:
        typed.refuse("others", "required")
    if typed.errors or title is None or first is None or last is None or closes is None:
        return None
    closes_at = instant(datetime.combine(closes, hour), ZONE)
    period = Period(first, last + DAY)
    return CallTerms(title, period, closes_at, tuple(venues), tuple(chosen), description, texts)


def _texts(typed: Typed) -> dict[str, dict[str, str]]:
    """What is said in each language, where something is."""
    found = {}
    for language in LANGUAGES:
        said = {
            "title": typed.text(f"title-{language}"),
            "description": typed.text(f"description-{language}", longest=LONGEST_TEXT),
        }
        found[language] = {name: text for name, text in said.items() if text is not None}
    return {language: said for language, said in found.items() if said}


def typed_of(row: Any) -> dict[str, str]:
    """A call as it would be typed."""
    closes = at_venue(row.closes_at, ZONE)
    form = {
        "title": row.title,
        "description": row.description or "",
        "first": row.starts.isoformat(),
        "last": (row.ends - DAY).isoformat(),
        "closes": closes.date().isoformat(),
        "closes_hour": f"{closes:%H:%M}",
        "others": ", ".join(each for each in row.criteria if each not in CRITERIA),
    }
    for language, said in (row.texts or {}).items():
        form |= {f"{name}-{language}": text for name, text in said.items()}
    return form


def typed_application(row: Any) -> MultiDict[str, str]:
    """An application as it would be typed."""
    need = {name: "1" if value is True else str(value) for name, value in row.need.items() if value is not None}
    form = MultiDict({"title": row.title, "note": row.note or "", "days": str(row.days), **need})
    form.update({name: str(value) for name, value in (("people", row.people), ("beds", row.beds)) if value})
    for period in row.periods:
        form.add("first", period["from"])
        form.add("last", (date.fromisoformat(period["to"]) - DAY).isoformat())
    return form


def read_application(
    typed: Typed, form: MultiDict[str, str], call: Period
) -> tuple[Wanted, ApplicationTerms | None]:
    """The need as it was typed, and the application that it makes, or None with errors."""
    wanted = read_wanted(form)
    title, note = typed.text("title", required=True), typed.text("note", longest=LONGEST_TEXT)
    days = typed.whole("days", least=1, most=MOST_DAYS)
    people = typed.whole("people", least=1, most=MOST_PEOPLE)
    beds = typed.whole("beds", most=MOST_BEDS) or 0
    if days is None and "days" not in typed.errors:
        typed.refuse("days", "required")
    if not wanted.periods:
        typed.refuse("first", "required")
    elif any(each.error for each in wanted.periods):
        typed.refuse("first", next(each.error for each in wanted.periods if each.error))
    elif days and not all(_suits(each, call, days) for each in wanted.asked):
        typed.refuse("first", gettext("Each period lies within the call and is at least as long as the days."))
    if typed.errors or title is None or days is None:
        return wanted, None
    need = wanted.needs[0]
    return wanted, ApplicationTerms(title, need, days, wanted.asked, beds, people, note)


def _suits(period: Period, call: Period, days: int) -> bool:
    return call.start <= period.start and period.end <= call.end and len(period.days) >= days


def read_points(typed: Typed, criteria: Sequence[str]) -> Mapping[str, int]:
    """Criterion → points, of the fields that are filled in."""
    points = {each: typed.whole(f"points-{n}", most=MOST_POINTS) for n, each in enumerate(criteria)}
    return {name: value for name, value in points.items() if value is not None}


def read_line(typed: Typed, application: UUID, rooms: Sequence[CatalogueRow]) -> ByHand | None:
    """Where one company goes: a room, beds of the same house beside it, or nowhere. None with errors."""
    code = typed.raw("resource")
    if not code:
        return ByHand(application, ())
    room = next((row for row in rooms if row.code == code), None)
    first, last, beds = typed.day("first"), typed.day("last"), typed.whole("beds", most=MOST_BEDS)
    if room is None:
        typed.refuse("resource", "unknown")
    if first is None or last is None:
        typed.refuse("first", "not-a-day")
    elif last < first:
        typed.refuse("last", "not-after-start")
    if typed.errors or room is None or first is None or last is None:
        return None
    claims = [ClaimTerms(code, first, last + DAY)]
    if beds:
        lodgings = [row for row in rooms if row.kind == "accommodation" and row.venue_code == room.venue_code]
        enough = next((row for row in lodgings if row.capacity >= beds), None)
        if enough is None:
            typed.refuse("beds", gettext("This house does not have so many beds in one place."))
            return None
        claims.append(ClaimTerms(enough.code, first, last + DAY, beds))
    return ByHand(application, tuple(claims))
