"""Referring: a house that cannot help passes a request on to partner houses, with the company's consent.

The request ends at the house and becomes one at every partner that has something like it. Without consent the
company is asked first, and its answer does it. Houses learn nothing of each other's bookings by it: only who
passed it on, and to whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import ClaimChange, Moment, Purpose, Terms
from booking.domain.claims import ClaimTerms, resolve
from booking.domain.conflicts import refused
from booking.domain.people import Person
from booking.domain.referring import alike_at, partners
from booking.domain.refusals import CannotBeHad, Conflict, Forbidden, Malformed, WrongState
from booking.domain.states import Side, State, Verb
from booking.domain.ways_out import Like
from booking.services import asking, verdicts
from booking.services.bookings import known
from booking.services.catalogue import like_of
from booking.services.changing import claim_documents
from booking.services.deeds import Answer, Deed
from booking.services.ordering import move_to
from booking.services.terms import typed
from booking.storage import catalogues, organisations, queues, referrals, registers
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.locks import lock_houses
from booking.storage.registers import BookingRow

MOST_VENUES = 10


@dataclass(frozen=True, slots=True)
class Passing:
    """What becomes of a request at one partner house: `terms` to ask there, or the conflicts why it cannot be."""

    venue: CatalogueRow
    terms: Terms | None
    conflicts: Sequence[Conflict] = ()


def lock_partners(connection: Connection, person: Person, booking_id: UUID, verb: Verb, answer: Answer) -> None:
    """Lock both ends, all houses together in the one order, before anything else does. NotFound."""
    if verb is Verb.REFER:
        codes = set(answer.venues[: MOST_VENUES + 1])
    elif verb is Verb.ACCEPT:
        codes = {each.to_venue for each in referrals.unanswered(connection, booking_id)}
    else:
        return
    row = known(registers.find(connection, booking_id), person)
    partners = [found.id for code in codes if (found := catalogues.venue(connection, code)) is not None]
    if partners:
        lock_houses(connection, {row.venue_id, *partners})


def refer(deed: Deed) -> None:
    """Pass it on, or ask the company whether it may be. Malformed (no partner house), CannotBeHad (none can)."""
    if deed.row.organisation is None:
        raise Forbidden
    if deed.row.trajectory_id is not None:  # its houses were chosen together
        raise WrongState(deed.row.state, deed.verb)
    venues = _partners(deed)
    passings = [_passing(deed, venue) for venue in venues]
    _refuse_hopeless(passings)
    queues.answer_proposal(deed.connection, deed.row.id, "void", at=deed.at)
    if deed.row.refer_consent:
        _pass_on(deed, passings)
        return
    if referrals.unanswered(deed.connection, deed.row.id):
        raise Malformed({"venues": ["twice"]})
    able = [each for each in passings if each.terms is not None]
    for each in able:
        _note(deed, each)
    deed.tell("booking.referral-asked", new={"venues": [each.venue.name for each in able]})


def answer(deed: Deed, said: str) -> bool:
    """The company's word on being passed on; whether it was asked for it at all. Forbidden for the house."""
    waiting = referrals.unanswered(deed.connection, deed.row.id)
    if not waiting:
        return False
    if Side.COMPANY not in deed.person.sides(deed.row.venue, deed.row.organisation):
        raise Forbidden
    if said == "refuse":
        for each in waiting:
            referrals.answer(deed.connection, each.id, "refuse", at=deed.at)
        deed.tell("booking.refused", new={"kind": "referral"})
        return True
    venues = [catalogues.venue(deed.connection, each.to_venue) for each in waiting]
    passings = [_passing(deed, venue) for venue in venues if venue is not None]
    _refuse_hopeless(passings)
    _pass_on(deed, passings, {each.to_venue: each.id for each in waiting})
    return True


@dataclass(frozen=True, slots=True)
class Partner:
    """A house to which a request could go. `alike`: it has something as large and as springy."""

    code: str
    name: str
    alike: bool


def partners_of(connection: Connection, row: BookingRow) -> list[Partner]:
    """Every house that has something of the kind that is asked, those with something alike first."""
    likes = _likes(connection, row)
    names = {each.venue: each.venue_name for each in likes.values()}
    found = partners([typed(claim) for claim in row.claims], likes)
    return sorted(
        (Partner(code, names[code], alike) for code, alike in found.items()),
        key=lambda each: (not each.alike, each.name),
    )


def _partners(deed: Deed) -> list[CatalogueRow]:
    codes = list(dict.fromkeys(deed.answer.venues))
    if not codes:
        raise Malformed({"venues": ["required"]})
    if len(codes) > MOST_VENUES:
        raise Malformed({"venues": ["too-many"]})
    found = {code: catalogues.venue(deed.connection, code) for code in codes if code != deed.row.venue}
    errors = {f"venues.{n}": ["unknown"] for n, code in enumerate(codes) if found.get(code) is None}
    if errors:
        raise Malformed(errors)
    return [venue for venue in found.values() if venue is not None]


def _refuse_hopeless(passings: Sequence[Passing]) -> None:
    if all(each.terms is None for each in passings):
        raise CannotBeHad([conflict for each in passings for conflict in each.conflicts])


def _passing(deed: Deed, venue: CatalogueRow) -> Passing:
    """The first of what is alike there that can be had, claim by claim."""
    claims = [typed(claim) for claim in deed.row.claims]
    alike = alike_at(claims, _likes(deed.connection, deed.row), venue.code)
    if alike is None:
        asked = resolve(claims[0], deed.house.places[claims[0].resource])
        return Passing(venue, None, [refused(asked, "nothing-alike", house=venue.name)])
    company = _company(deed)
    chosen: tuple[ClaimTerms, ...] = ()
    for claim, others in alike:
        tried = [_try(deed, company, (*chosen, replace(claim, resource=other.code))) for other in others]
        fits = next((claims for claims, conflicts in tried if not conflicts), None)
        if fits is None:
            return Passing(venue, None, tried[0][1])
        chosen = fits
    return Passing(venue, _terms(deed.row, chosen))


def _try(
    deed: Deed, company: Person, claims: tuple[ClaimTerms, ...]
) -> tuple[tuple[ClaimTerms, ...], Sequence[Conflict]]:
    verdict = verdicts.check(deed.connection, company, _terms(deed.row, claims), at=deed.at)
    return claims, verdict.conflicts


def _terms(row: BookingRow, claims: tuple[ClaimTerms, ...]) -> Terms:
    return Terms(
        title=row.title,
        purpose=Purpose(row.purpose),
        claims=claims,
        organisation=row.organisation,
        people=row.people,
        note=row.note,
        moments=tuple(Moment.read(each) for each in row.moments),
        refer_consent=row.refer_consent,
        referred_from=row.venue,
    )


def _company(deed: Deed) -> Person:
    """The company, as it asks at another house: nobody there decides for it."""
    row = deed.row
    consents = deed.person.speaks_for(row.organisation)
    person = deed.person.id if consents else referrals.asker(deed.connection, row.id)
    if row.organisation is None:
        raise Forbidden
    company = organisations.find(deed.connection, row.organisation)
    programme = {row.organisation} if company is not None and company.programme_company else set()
    names = {row.organisation: row.organisation_name or ""}
    return Person(person, "", row.asked_by, "en", names, frozenset(programme))


def _likes(connection: Connection, row: BookingRow) -> dict[str, Like]:
    found: dict[str, Like] = {}
    for kind in sorted({claim.kind for claim in row.claims}):
        rows = catalogues.resources(connection, ResourceFilter(kind=kind, retired=True))
        asked = {claim.resource for claim in row.claims}
        found |= {each.code: like_of(each) for each in rows if each.retired_at is None or each.code in asked}
    return found


def _pass_on(deed: Deed, passings: Sequence[Passing], asked: dict[str, UUID] | None = None) -> None:
    """Ask at every partner that can, and end the request here."""
    company = _company(deed)
    able = [each for each in passings if each.terms is not None]
    for each in passings:
        made = asking.ask(deed.connection, company, each.terms, at=deed.at).id if each.terms is not None else None
        if asked is not None:
            referrals.answer(deed.connection, asked[each.venue.code], "accept", at=deed.at, to_id=made)
        elif made is not None:
            _note(deed, each, answer="accept", answered_at=deed.at, to_id=made)
    move_to(
        deed.connection,
        deed.house,
        deed.row,
        State.DECLINED,
        "booking.referred",
        at=deed.at,
        by=deed.person.id,
        why=deed.answer.reason,
        new={"venues": [each.venue.name for each in able]},
    )


def _note(deed: Deed, passing: Passing, **answered: Any) -> None:
    claims = passing.terms.claims if passing.terms is not None else ()
    referrals.add(
        deed.connection,
        venue_id=deed.row.venue_id,
        booking_id=deed.row.id,
        to_venue_id=passing.venue.id,
        claims=claim_documents([ClaimChange(each) for each in claims]),
        reason=deed.answer.reason,
        by_id=deed.person.id,
        asked_at=deed.at,
        **answered,
    )
