"""What would happen if these terms were asked now: what they would become, and every reason why not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Moment, Terms
from booking.domain.claims import Asked, ClaimTerms, Held, Place, resolve
from booking.domain.conflicts import Asker, broken_rules, may_be_forced, obstacles, options_under
from booking.domain.people import Person
from booking.domain.policies import first_state
from booking.domain.queue import RankedDay, ranks_of_the_last
from booking.domain.quotas import beyond
from booking.domain.refusals import (
    CannotBeHad,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
)
from booking.domain.rules import HORIZON_DAYS
from booking.domain.spans import Span
from booking.domain.states import State
from booking.services.granting import granted
from booking.services.holding import Surroundings, held_around
from booking.services.warnings import soft_conflicts
from booking.storage import organisations, quotas
from booking.storage.locks import places

CHOSEN_BY_PLANNERS = frozenset({State.REQUESTED, State.OPTION, State.CONFIRMED})
NOBODY = UUID(int=0)
"""Stands for a booking that is not made."""
LONGEST = timedelta(days=HORIZON_DAYS)
"""A claim that is longer than anybody can see ahead is a slip of the keyboard."""
IN_TIME = frozenset({"past", "lead"})
"""Rules about when it is too late to ask."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would happen if these terms were asked now.

    `state`: what the booking would become. `conflicts`: why it cannot be had (empty: it can).
    `warnings`: what is soft, such as an option that somebody holds.
    """

    venue: str
    asker: Asker
    asked: tuple[Asked, ...]
    state: State
    conflicts: tuple[Conflict, ...]
    warnings: tuple[Conflict, ...]
    held: tuple[Held, ...] = ()

    @property
    def ranks(self) -> list[list[RankedDay]]:
        """The ranks that an option given now would have: claim by claim, per planning day and atom."""
        return [ranks_of_the_last(claim, self.held, NOBODY) for claim in self.asked]


def check(
    connection: Connection,
    person: Person,
    terms: Terms,
    *,
    at: datetime,
    besides: UUID | None = None,
    unchanged: Collection[ClaimTerms] = (),
) -> Verdict:
    """The verdict on these terms, without a lock and without a trace. Malformed, NotFound, Forbidden.

    `besides`: the booking that would be changed to these terms; `unchanged`: its claims as they are.
    """
    known = places(connection, codes(terms.claims))
    verdict = judge(connection, person, terms, known, at=at, besides=besides, unchanged=unchanged)
    if verdict.state is not State.OPTION or besides is not None:
        return verdict
    option = granted(connection, verdict.asked, verdict.held, terms.organisation, NOBODY, at=at)
    return replace(verdict, conflicts=(*verdict.conflicts, *option.conflicts))


def beneath(verdict: Verdict) -> list[str] | None:
    """The closures and external events over which it was forced."""
    if not verdict.conflicts:
        return None
    return sorted({str(each.source_id) for each in verdict.held if each.source_id is not None}) or None


def judge(
    connection: Connection,
    person: Person,
    terms: Terms,
    known: Mapping[str, Place],
    *,
    at: datetime,
    besides: UUID | None = None,
    unchanged: Collection[ClaimTerms] = (),
    series: UUID | None = None,
    surroundings: Surroundings | None = None,
) -> Verdict:
    """The verdict, once the resources are read. `besides`: the booking that is being changed;
    `unchanged`: its claims as they are. What stays of them has its rules not asked again; what has begun may end
    at another time, though nobody could ask for its beginning any more. `surroundings`: what holds the resources,
    where that was read before."""
    found = _found(known, terms.claims)
    venue = _one_venue(found)
    asker = _asker(connection, person, terms, venue)
    asked = _resolved([replace(claim, purpose=terms.purpose) for claim in terms.claims], found)
    held = surroundings.around(asked) if surroundings else held_around(connection, asked, besides=besides)
    over_option = options_under(asked, held)
    state = terms.state or first_state(asked, asker, over_option=bool(over_option), at=at)
    if terms.referred_from is not None:
        state = State.REQUESTED
    new = [claim for claim in asked if claim.terms not in unchanged]
    conflicts = [
        *obstacles(asked, held),
        *_unless_begun(broken_rules(new, asker, at), new, unchanged, at),
        *_beyond_quota(connection, new, terms.organisation, at, besides=besides, series=series),
    ]
    if terms.state is State.CONFIRMED:
        conflicts += [replace(each, kind="queue-jump", facts={"rank": 2}) for each in over_option]
    warnings = [*over_option, *soft_conflicts(connection, asked, besides=besides)]
    return Verdict(venue, asker, asked, state, tuple(conflicts), tuple(warnings), tuple(held))


def _unless_begun(
    broken: Sequence[Conflict], new: Sequence[Asked], stored: Collection[ClaimTerms], at: datetime
) -> list[Conflict]:
    """Without the rules about asking in time, for claims that keep their beginning and end later than now."""
    begins = {(each.resource, each.start) for each in stored}
    kept = {
        (claim.place.code, claim.span)
        for claim in new
        if (claim.terms.resource, claim.terms.start) in begins and claim.span.end > at
    }
    return [
        each for each in broken if each.facts.get("rule") not in IN_TIME or (each.resource, each.span) not in kept
    ]


def _beyond_quota(
    connection: Connection,
    asked: Sequence[Asked],
    organisation: UUID | None,
    at: datetime,
    *,
    besides: UUID | None,
    series: UUID | None,
) -> list[Conflict]:
    """What one organisation may not have more of; a statement only where a house set such a rule."""
    limited = [claim for claim in asked if claim.place.rules.quota is not None]
    if organisation is None or not limited:
        return []
    resources = {claim.place.id for claim in limited}
    used = quotas.used(connection, resources, organisation, besides=besides, series=series)
    return beyond(limited, used, at)


def _resolved(claims: Sequence[ClaimTerms], found: Sequence[Place]) -> tuple[Asked, ...]:
    asked, errors = [], {}
    for n, (claim, place) in enumerate(zip(claims, found, strict=True)):
        try:
            asked.append(resolve(claim, place))
        except ValueError:
            errors[f"claims.{n}.end"] = ["not-after-start"]
            continue
        if asked[-1].span.length > LONGEST:
            errors[f"claims.{n}.end"] = ["out-of-range"]
    if errors:
        raise Malformed(errors)
    return tuple(asked)


def check_moments(moments: Sequence[Moment], spans: Sequence[Span]) -> None:
    """Moments lie inside the booking: Malformed unless each is between its first start and its last end."""
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    errors = {
        f"moments.{n}.start": ["outside-booking"]
        for n, moment in enumerate(moments)
        if moment.start < first or moment.end > last
    }
    if errors:
        raise Malformed(errors)


def _found(known: Mapping[str, Place], claims: Sequence[ClaimTerms]) -> list[Place]:
    unknown = {
        f"claims.{n}.resource": ["unknown"] for n, claim in enumerate(claims) if claim.resource not in known
    }
    if unknown:
        raise Malformed(unknown)
    return [known[claim.resource] for claim in claims]


def codes(claims: Sequence[ClaimTerms]) -> set[str]:
    """The resources that are asked. Malformed when nothing is."""
    if not claims:
        raise Malformed({"claims": ["required"]})
    return {claim.resource for claim in claims}


def _one_venue(known: Sequence[Place]) -> str:
    venues = {place.venue for place in known}
    if len(venues) > 1:
        raise Malformed({"claims": ["two-venues"]})
    return venues.pop()


def _asker(connection: Connection, person: Person, terms: Terms, venue: str) -> Asker:
    """For whom it is asked; refuses who may not ask for them."""
    decides = person.decides_for(venue)
    if terms.organisation is None:
        if decides:
            _check_chosen(terms)
            return Asker(None, is_house=True, is_programme_company=False, by_house=True)
        if person.organisations:
            raise Malformed({"organisation": ["required"]})
        raise Forbidden
    if decides:
        _check_chosen(terms)
        company = organisations.find(connection, terms.organisation)
        if company is None:
            raise NotFound
        programme = company.programme_company
        return Asker(company.name, is_house=False, is_programme_company=programme, by_house=True)
    if not person.speaks_for(terms.organisation):
        raise NotFound
    if terms.state is not None or terms.force:
        raise Forbidden
    name = person.organisations[terms.organisation]
    return Asker(name, is_house=False, is_programme_company=terms.organisation in person.programme)


def _check_chosen(terms: Terms) -> None:
    if terms.state is not None and terms.state not in CHOSEN_BY_PLANNERS:
        raise Malformed({"state": ["unknown"]})
    if terms.force and not (terms.reason and terms.reason.strip()):
        raise Malformed({"reason": ["required"]})


def refuse_unless_overridden(
    verdict: Verdict, person: Person, *, force: bool, asked: Terms, besides: UUID | None = None
) -> None:
    """CannotBeHad, unless a manager forces what may be forced."""
    if not verdict.conflicts:
        return
    forced = force and person.decides_for(verdict.venue)
    if not forced or not all(map(may_be_forced, verdict.conflicts)):
        raise CannotBeHad(verdict.conflicts, asked, besides)


def overridden(verdict: Verdict) -> dict[str, list[str]]:
    """The kinds of conflict that were forced, for the log."""
    kinds = sorted({conflict.kind for conflict in verdict.conflicts})
    return {"overridden": kinds} if kinds else {}
