"""Ways out in the form of a chain: under the line that they mend, each a button that keeps all that was typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from booking.domain.bookings import Terms
from booking.domain.claims import ClaimTerms
from booking.domain.detours import Stop
from booking.domain.distances import Point
from booking.domain.people import Person
from booking.domain.refusals import Conflict, Malformed, Neighbours, Refusal
from booking.domain.wall_clock import DAY
from booking.domain.ways_out import WayOut
from booking.services import detours, verdicts, ways_out
from booking.services.verdicts import Verdict
from booking.web.pages.chain_form import ChainForm, asked
from booking.web.pages.typed import EARLIEST_YEAR, Typed
from booking.web.pages.ways_out import Offer, offered, read_way

PREFIX = "way-"
"""Before the name of a line: the button `way-stay-2` mends the second stay."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line that cannot be had: why, and its ways out as buttons."""

    conflicts: Sequence[Conflict]
    offers: Sequence[Offer]


def pressed(form: Mapping[str, str]) -> Mapping[str, str]:
    """The form as it was typed, with what a way out says in its line where one was pressed. Malformed."""
    name = next((name for name in form if name.startswith(PREFIX)), None)
    if name is None:
        return form
    bookings = read_way(form[name])
    if len(bookings) != 1:  # of the form of a booking, which may part it over two houses
        raise Malformed({"way": ["unknown"]})
    [claims] = bookings
    return {**form, **_fields(name.removeprefix(PREFIX), claims, form)}


def _fields(line: str, claims: Iterable[ClaimTerms], form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of a line that claims this: the room first, then its beds."""
    main, *beside = claims
    if line.startswith("kit"):
        return {f"{line}-resource": main.resource, f"{line}-quantity": str(main.quantity)}
    first, end = _day(main.start), _day(main.end)
    beds = beside[0] if beside else None
    return {
        f"{line}-resource": main.resource,
        f"{line}-first": first.isoformat(),
        f"{line}-last": (end - DAY).isoformat(),
        f"{line}-beds": str(beds.quantity) if beds else "",
        f"{line}-early": "1" if beds and _day(beds.start) < first else "",
        f"{line}-showing": _moved(form, line, first),
    }


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moved(form: Mapping[str, str], line: str, first: date) -> str:
    """The day of the showing goes along with the stay."""
    try:
        day = date.fromisoformat(form.get(f"{line}-showing", ""))
        before = date.fromisoformat(form.get(f"{line}-first", ""))
        moved = day + (first - before)
    except (ValueError, OverflowError):
        return form.get(f"{line}-showing", "")
    return moved.isoformat() if moved.year >= EARLIEST_YEAR else ""


def mended(connection: Connection, person: Person, form: ChainForm, *, at: datetime) -> dict[str, Line]:
    """The lines that cannot be had, each with its ways out: pressed, each of them is asked with all the others."""
    verdicts = {name: _verdict(connection, person, terms, at) for name, terms in form.lines.items()}
    hit = {name: verdict.conflicts for name, verdict in verdicts.items() if verdict and verdict.conflicts}
    known = {conflict.resource for conflicts in hit.values() for conflict in conflicts}
    stays = {name: verdict for name, verdict in verdicts.items() if name.startswith("stay")}
    stops = {name: _stop(form, verdict) for name, verdict in stays.items() if verdict}
    found = {}
    for name, conflicts in hit.items():
        others = [stop for other, stop in stops.items() if other != name] if name in stays else None
        ways = _ways(connection, person, form.lines[name], conflicts, others, at)
        good = [way for way in ways if _would_do(connection, person, form, name, way, known, at)]
        found[name] = Line(conflicts, offered(connection, good[:MOST]))
    return found


def _verdict(connection: Connection, person: Person, terms: Terms, at: datetime) -> Verdict | None:
    try:
        return verdicts.check(connection, person, terms, at=at)
    except Refusal:
        return None


def _stop(form: ChainForm, verdict: Verdict) -> Stop:
    room = next(row for row in form.rooms if row.code == verdict.asked[0].place.code)
    return Stop(room.venue_name, verdict.asked[0].span, Point(room.latitude, room.longitude))


def _ways(
    connection: Connection,
    person: Person,
    terms: Terms,
    conflicts: Sequence[Conflict],
    others: Sequence[Stop] | None,
    at: datetime,
) -> list[WayOut]:
    """Those that the line can say: a room with beds of its house, in whole days; or one thing to take along.

    `others`: the other stays; None for kit, which goes along with all of them.
    """
    around = Neighbours(None, tuple((stop.house, stop.span) for stop in others or ()))
    found = ways_out.of_terms(connection, person, terms, conflicts, at=at, neighbours=around)
    ways = [way for way in found if len(way.bookings) == 1 and _can_be_said(terms, way, is_kit=others is None)]
    if others is None:
        return ways
    here = [way for way in ways if way.kind != "other-house"]
    there = detours.other_houses(connection, person, terms, others, at=at)
    return [*here[: MOST - len(there)], *there]


def _can_be_said(terms: Terms, way: WayOut, *, is_kit: bool) -> bool:
    """The form has one room and one kind of beds in a line, in whole days; kit goes along the whole chain."""
    [(_, claims)] = way.bookings
    days = {(claim.start, claim.end) for claim in claims}
    if is_kit and days != {(claim.start, claim.end) for claim in terms.claims}:
        return False
    codes = [claim.resource for claim in claims]
    whole = all(claim.in_whole_days for claim in claims)
    return whole and len(claims) == len(terms.claims) == len(set(codes))


def _would_do(
    connection: Connection,
    person: Person,
    form: ChainForm,
    name: str,
    way: WayOut,
    known: set[str],
    at: datetime,
) -> bool:
    """Whether the whole chain would be had with it, as far as nothing else stood in its way already."""
    [(_, claims)] = way.bookings
    fields = {**form.typed.form, **_fields(name, claims, form.typed.form)}
    again = asked(replace(form, typed=Typed(fields), terms=None, lines={}))
    if again.terms is None or form.terms is None:
        return False
    for part in again.terms.parts:
        if part not in form.terms.parts:
            verdict = _verdict(connection, person, replace(part[1], organisation=form.organisation), at)
            if verdict is None or {conflict.resource for conflict in verdict.conflicts} - known:
                return False
            if {conflict.resource for conflict in verdict.conflicts} & {claim.resource for claim in claims}:
                return False
    return True
