"""Ways out on pages: each a button that sends what it says, at the line that it mends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection

from booking.domain.bookings import ClaimChange
from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Malformed
from booking.domain.states import State, Verb
from booking.domain.ways_out import WayOut
from booking.services import verdicts, ways_out
from booking.services.changing import claim_documents, read_claim
from booking.services.terms import terms_of
from booking.storage import catalogues
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.pages import formats, words
from booking.web.wording import way_out_caveat, way_out_in_words

HARDENS = frozenset({Verb.CONFIRM, Verb.COMMIT})
LOST = frozenset({State.BEATEN, State.LAPSED, State.DECLINED, State.CANCELLED})
MOST_AFTER_A_LOSS = 3
SHRINKS = frozenset({"fewer-days", "less"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A way out as a button. `where`: what it takes, a line each; `sent`: the value that the button sends."""

    what: str
    where: Sequence[str]
    caveat: str | None
    sent: str


def offered(connection: Connection, ways: Iterable[WayOut]) -> list[Offer]:
    """The buttons, in the order of the ways."""
    known: dict[str, CatalogueRow] = {}
    return [_offer(connection, way, known) for way in ways]


def instead_of(
    connection: Connection, person: Person, row: BookingRow, refusal: CannotBeHad, verb: Verb | None, at: datetime
) -> list[WayOut]:
    """What a booking may become so that the verb that was refused succeeds: other claims of the same house."""
    terms = refusal.asked or terms_of(row)
    found = ways_out.of_terms(connection, person, terms, refusal.conflicts, at=at, besides=row.id)
    ways = [_kept(way, row) for way in found if [venue for venue, _ in way.bookings] == [row.venue]]
    return [way for way in ways if not (way.caveat == "option" and verb in HARDENS)]


def for_what_is_lost(connection: Connection, person: Person, row: BookingRow, at: datetime) -> list[WayOut]:
    """What its company may do about a booking whose days are gone: a suspended option moves, what is over is asked
    again elsewhere. The best three."""
    is_over = row.state in LOST
    if (
        not (is_over or row.state is State.SUSPENDED)
        or row.starts <= at
        or not person.speaks_for(row.organisation)
    ):
        return []
    terms = terms_of(row)
    conflicts = verdicts.check(connection, person, terms, at=at, besides=row.id).conflicts
    found = ways_out.of_terms(connection, person, terms, conflicts, at=at, besides=row.id)
    ways = found if is_over else [way for way in found if [venue for venue, _ in way.bookings] == [row.venue]]
    return ways[:MOST_AFTER_A_LOSS]


def _kept(way: WayOut, row: BookingRow) -> WayOut:
    """Fewer days, or less, keep an option's place in the queue: nobody comes before it."""
    if way.caveat == "option" and way.kind in SHRINKS and row.state is State.OPTION:
        return replace(way, caveat=None)
    return way


def read_way(text: str | None) -> list[tuple[ClaimTerms, ...]]:
    """What a button sent: the claims of each booking. Malformed when it is not one of ours."""
    try:
        bookings = _signer().loads(text or "")
    except BadSignature as error:
        raise Malformed({"way": ["unknown"]}) from error
    return [tuple(read_claim(each).terms for each in claims) for claims in bookings]


def where(connection: Connection, claims: Iterable[ClaimTerms]) -> list[str]:
    """What these claims take, a line each: the place, its house, and when."""
    known: dict[str, CatalogueRow] = {}
    found = list(claims)
    _learn(connection, found, known)
    return [_where(claim, known) for claim in found]


def _learn(connection: Connection, claims: Iterable[ClaimTerms], known: dict[str, CatalogueRow]) -> None:
    for code in {claim.resource for claim in claims} - set(known):
        row = catalogues.resource(connection, code)
        if row is not None:
            known[code] = row


def _offer(connection: Connection, way: WayOut, known: dict[str, CatalogueRow]) -> Offer:
    claims = [claim for _, mine in way.bookings for claim in mine]
    _learn(connection, claims, known)
    other = way.facts.get("resource")
    named = replace(way, facts={**way.facts, "resource": words.name(known[other].name)}) if other else way
    return Offer(
        what=formats.sentence(way_out_in_words(named)),
        where=[_where(claim, known) for claim in claims],
        caveat=way_out_caveat(way) if way.caveat else None,
        sent=_signer().dumps([claim_documents([ClaimChange(each) for each in mine]) for _, mine in way.bookings]),
    )


def _where(claim: ClaimTerms, known: Mapping[str, CatalogueRow]) -> str:
    place = known[claim.resource]
    many = f" × {claim.quantity}" if claim.quantity > 1 else ""
    nights = place.kind == "accommodation"
    when = formats.span(claim.start, claim.end, place.zone, nights_of=nights)
    where = f"{words.name(place.name)}{many}, {place.venue_name}"
    return str(gettext("%(what)s: %(how)s", what=where, how=when))


def _signer() -> URLSafeSerializer:
    """Signed, so that what comes back is what was offered."""
    return URLSafeSerializer(str(current_app.secret_key), salt="way-out")
