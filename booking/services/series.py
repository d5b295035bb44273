"""Series: previewed before they are saved, saved as previewed or refused, changed without touching the past."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange, Purpose, Terms
from booking.domain.claims import ClaimTerms, Place, outer_span, resolve
from booking.domain.holidays import public_holidays
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Conflict, Malformed, NotFound, Stale
from booking.domain.school_holidays import is_school_holiday
from booking.domain.series import LEFT_OUT, Recurrence, days_between, local_start, moved, occurrences
from booking.domain.states import ENDS, State, Verb
from booking.domain.wall_clock import at_venue, instant
from booking.services import asking, changing, verdicts
from booking.services.answering import Answer, perform
from booking.services.asking import Asking
from booking.services.bookings import find, known
from booking.services.house import locked
from booking.storage import registers, series
from booking.storage.locks import places
from booking.storage.registers import BookingRow

SCOPES = ("one", "following", "all")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series. `state`: what it would become; `code`: why it is left out or cannot be had."""

    start: datetime
    claims: tuple[ClaimTerms, ...]
    state: State | None = None
    code: str | None = None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be saved. `unknown`: school years that nobody here knows the holidays of."""

    zone: str
    venue_id: int
    occurrences: tuple[Occurrence, ...]
    unknown: bool

    @property
    def possible(self) -> list[Occurrence]:
        """Those that would be made."""
        return [each for each in self.occurrences if each.code is None]

    @property
    def skipped(self) -> list[Occurrence]:
        """Those that would not."""
        return [each for each in self.occurrences if each.code is not None]

    @property
    def digest(self) -> str:
        """The same for the same preview."""
        told = [(each.start.isoformat(), each.state, each.code) for each in self.occurrences]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Made:
    """A series that was saved: its id, its first booking, and how many there are."""

    id: UUID
    first: Asking
    terms: Terms
    count: int


def preview(
    connection: Connection, person: Person, terms: Terms, recurrence: Recurrence, *, at: datetime
) -> Preview:
    """Every date with what would become of it; nothing is written. Malformed, NotFound, Forbidden."""
    if set(recurrence.besides) - set(LEFT_OUT):
        raise Malformed({"recurrence.except": ["unknown"]})
    found = places(connection, verdicts.codes(terms.claims))
    if any(claim.resource not in found for claim in terms.claims):
        verdicts.check(connection, person, terms, at=at)  # says which
    place = found[terms.claims[0].resource]
    first = local_start(terms.claims, place.zone)
    horizon = at_venue(at + timedelta(days=place.rules.horizon_days), place.zone).replace(tzinfo=None, fold=0)
    starts = occurrences(recurrence.rule, first, horizon)
    claims = [moved(terms.claims, days, place.zone) for days in days_between(first, starts)]
    left_out = _left_out(connection, found, claims, recurrence.besides)
    dates = []
    unknown = False
    for start, mine in zip(starts, claims, strict=True):
        code, is_known = left_out(start, mine)
        unknown |= not is_known
        moment = instant(start, place.zone)
        if code is not None:
            dates.append(Occurrence(moment, mine, code=code))
            continue
        verdict = verdicts.check(connection, person, replace(terms, claims=mine, moments=()), at=at)
        conflict = CannotBeHad(verdict.conflicts).first_code if verdict.conflicts else None
        dates.append(Occurrence(moment, mine, verdict.state, conflict, verdict.conflicts))
    return Preview(place.zone, place.venue_id, tuple(dates), unknown)


LeftOut = Callable[[datetime, tuple[ClaimTerms, ...]], tuple[str | None, bool]]


def _left_out(
    connection: Connection,
    found: dict[str, Place],
    claims: Sequence[tuple[ClaimTerms, ...]],
    besides: Collection[str],
) -> LeftOut:
    """Why a date is left out (None: it is not), and whether its school year is known."""
    place = next(iter(found.values()))
    calendar = series.calendars(connection, place.venue_id)
    school = (calendar.school_holidays.get("country", ""), calendar.school_holidays.get("subdivision", ""))
    asked = [resolve(claim, found[claim.resource]) for each in (claims[0], claims[-1]) for claim in each]
    outer = outer_span(asked)
    atoms = sorted({atom.id for each in found.values() for atom in each.atoms})
    closed = series.closed(connection, atoms, outer.start, outer.end) if "closures" in besides else []

    def why(start: datetime, mine: tuple[ClaimTerms, ...]) -> tuple[str | None, bool]:
        day = start.date()
        holiday = is_school_holiday(school, day) if "school-holidays" in besides else False
        if holiday:
            return "school-holidays", True
        if "public-holidays" in besides and public_holidays(calendar.public_holidays, day, day, ""):
            return "public-holidays", True
        spans = [resolve(claim, found[claim.resource]).occupied for claim in mine]
        if any(start < span.end and span.start < end for start, end in closed for span in spans):
            return "closures", True
        return None, holiday is not None

    return why


def save(
    connection: Connection,
    person: Person,
    terms: Terms,
    recurrence: Recurrence,
    *,
    at: datetime,
    digest: str | None = None,
) -> Made:
    """All of it in one transaction, as previewed. Stale: `digest` is of another preview. CannotBeHad: a date
    cannot be had and the series refuses, or none can."""
    venue = places(connection, verdicts.codes(terms.claims))
    if venue:
        locked(connection, next(iter(venue.values())).venue_id, at=at)
    seen = preview(connection, person, terms, recurrence, at=at)
    if digest is not None and digest != seen.digest:
        raise Stale(1)
    conflicts = [conflict for each in seen.skipped for conflict in each.conflicts]
    if conflicts and (not recurrence.skips or not seen.possible):
        raise CannotBeHad(conflicts)
    if not seen.possible:
        raise Malformed({"recurrence.rule": ["never-happens"]})
    series_id = series.add(
        connection,
        venue_id=seen.venue_id,
        rule=recurrence.rule,
        zone=seen.zone,
        starts=seen.occurrences[0].start,
        besides=list(recurrence.besides),
        on_conflict="skip" if recurrence.skips else "refuse",
        terms=_document(terms),
    )
    made = [
        asking.ask(
            connection,
            person,
            replace(terms, claims=each.claims, moments=()),
            at=at,
            series=(series_id, each.start),
        )
        for each in seen.possible
    ]
    series.skip(connection, [_skipped(seen.venue_id, series_id, each, terms.reason) for each in seen.skipped])
    return Made(series_id, made[0], replace(terms, claims=seen.possible[0].claims, moments=()), len(made))


def _document(terms: Terms) -> dict[str, Any]:
    """What every occurrence asks, for retries; the claims are those of the first."""
    return {
        "title": terms.title,
        "purpose": terms.purpose,
        "organisation": str(terms.organisation) if terms.organisation else None,
        "people": terms.people,
        "note": terms.note,
        "refer_consent": terms.refer_consent,
        "claims": changing.claim_documents([ClaimChange(claim) for claim in terms.claims]),
    }


def _skipped(venue_id: int, series_id: UUID, each: Occurrence, why: str | None) -> dict[str, Any]:
    days = sorted({day.isoformat() for conflict in each.conflicts for day in conflict.days})
    return {
        "venue_id": venue_id,
        "series_id": series_id,
        "starts": each.start,
        "code": each.code,
        "facts": {"days": days},
        "why": why,
    }


def read(connection: Connection, person: Person, series_id: UUID) -> tuple[Any, list[BookingRow], Sequence[Any]]:
    """The series, its bookings and what was skipped. NotFound, as its bookings are."""
    row = series.find(connection, series_id)
    if row is None:
        raise NotFound
    ids = [each.id for each in series.bookings(connection, series_id)]
    found = {each.id: each for each in registers.of_ids(connection, ids)}
    mine = [known(found.get(each), person) for each in ids]
    return row, mine, series.skipped(connection, series_id)


def retry(connection: Connection, person: Person, series_id: UUID, *, at: datetime) -> list[UUID]:
    """Make those skipped dates that can be had now; holidays stay skipped. Returns the new bookings."""
    row, mine, skipped = read(connection, person, series_id)
    locked(connection, row.venue_id, at=at)
    made = []
    first = mine[0]
    for each in skipped:
        if each.code in LEFT_OUT or each.starts <= at:
            continue
        terms = _terms_at(row, first, each.starts)
        try:
            made.append(asking.ask(connection, person, terms, at=at, series=(series_id, each.starts)).id)
        except CannotBeHad:
            continue
        series.unskip(connection, each.id)
    return made


def _terms_at(row: Any, first: BookingRow, start: datetime) -> Terms:
    claims = tuple(changing.read_claim(document).terms for document in row.terms["claims"])
    begins = local_start(claims, row.zone)
    days = (at_venue(start, row.zone).date() - begins.date()).days
    return Terms(
        title=row.terms["title"],
        purpose=Purpose(row.terms["purpose"]),
        claims=moved(claims, days, row.zone),
        organisation=first.organisation,
        people=row.terms["people"],
        note=row.terms["note"],
    )


def concerned(connection: Connection, row: BookingRow, scope: str, *, at: datetime) -> list[UUID]:
    """The bookings that a scope names, this one first; never what has begun. Malformed: it is no series."""
    if scope == "one":
        return [row.id]
    if row.series_id is None:
        raise Malformed({"scope": ["not-here"]})
    since = row.starts if scope == "following" else at
    others = [
        each.id
        for each in series.bookings(connection, row.series_id)
        if each.id != row.id and each.occurrence_start >= since and each.occurrence_start > at
    ]
    return [row.id, *others]


def change(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    wanted: Change,
    scope: str,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> BookingRow:
    """The same change to one occurrence, to this and the following, or to all that are still to come."""
    row = find(connection, person, booking_id)
    zone = row.zone
    before = row.starts
    changed = None
    for each in concerned(connection, row, scope, at=at):
        other = find(connection, person, each)
        if each != booking_id and other.state in ENDS:
            continue
        days = (at_venue(other.starts, zone).date() - at_venue(before, zone).date()).days
        mine = wanted if each == booking_id else replace(wanted, claims=_moved(wanted.claims, days, zone))
        done = changing.change(
            connection, person, each, mine, at=at, if_match=if_match if each == booking_id else None
        )
        changed = changed or done
    return changed or row


def _moved(claims: tuple[ClaimChange, ...] | None, days: int, zone: str) -> tuple[ClaimChange, ...] | None:
    if claims is None:
        return None
    return tuple(ClaimChange(terms) for terms in moved(tuple(each.terms for each in claims), days, zone))


def perform_on(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    verb: Verb,
    answer: Answer,
    scope: str | None,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> BookingRow:
    """A verb on one or more occurrences, together or not at all; all of them by default while it is requested."""
    row = find(connection, person, booking_id)
    chosen = scope or ("all" if row.series_id and row.state is State.REQUESTED else "one")
    done = perform(connection, person, booking_id, verb, answer, at=at, if_match=if_match)
    for each in concerned(connection, row, chosen, at=at)[1:]:
        if find(connection, person, each).state is row.state:
            perform(connection, person, each, verb, answer, at=at)
    return done
