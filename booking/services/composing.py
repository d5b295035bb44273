"""Chains of stays over several houses, composed: asked together, mended, taken back, kept in part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Purpose, Terms
from booking.domain.claims import ClaimTerms, Place, resolve
from booking.domain.people import Person
from booking.domain.refusals import (
    CannotBeHad,
    Conflict,
    Malformed,
    Neighbours,
    NotFound,
)
from booking.domain.resources import SPACES
from booking.domain.spans import Span
from booking.domain.states import FORCE, Force, State
from booking.domain.trajectories import ChainRule, ChainState, LegTerms, TrajectoryTerms
from booking.domain.wall_clock import DAY
from booking.services import agreeing, chains
from booking.services.asking import Link, ask
from booking.services.house import House, locked_together, put_in_order
from booking.services.trajectories import View, read, row_of
from booking.storage import trajectories
from booking.storage.locks import places
from booking.storage.trajectories import TrajectoryRow


def make(
    connection: Connection, person: Person, organisation: UUID, wanted: TrajectoryTerms, *, at: datetime
) -> View:
    """All bookings and vans of a chain in one transaction, or none. NotFound, Malformed, CannotBeHad.

    What confirms itself says yes at once: it is held for the others where the chain is all or nothing.
    """
    if not person.speaks_for(organisation):
        raise NotFound
    if not wanted.parts:
        raise Malformed({"bookings": ["required"]})
    known, houses = _lock(connection, wanted, at=at)
    trajectory_id = trajectories.add(
        connection,
        organisation_id=organisation,
        title=wanted.title,
        rule=wanted.rule,
        asked_by=person.id,
        created_at=at,
    )
    row = row_of(connection, trajectory_id)
    book = Booker(connection, person, row, houses, at, known=known)
    for n, (_, terms) in enumerate(wanted.parts):
        book.ask(replace(terms, organisation=organisation), f"bookings.{n}.")
    book.legs(wanted.legs, wanted.parts)
    book.refuse()
    agreeing.complete(connection, houses, row.id, at=at)
    return read(connection, person, trajectory_id, at=at)


def _lock(
    connection: Connection, wanted: TrajectoryTerms, *, at: datetime
) -> tuple[Mapping[str, Place], dict[int, House]]:
    """Every house of the chain at once, in the one order; Malformed for what is unknown or of another house."""
    codes = {claim.resource for _, terms in wanted.parts for claim in terms.claims}
    codes |= {leg.resource for leg in wanted.legs if leg.resource}
    known = places(connection, codes)
    errors = {
        f"bookings.{n}.claims.{m}.resource": ["unknown" if claim.resource not in known else "two-venues"]
        for n, (venue, terms) in enumerate(wanted.parts)
        for m, claim in enumerate(terms.claims)
        if claim.resource not in known or known[claim.resource].venue != venue
    }
    errors |= {
        f"legs.{n}.resource": ["unknown"]
        for n, leg in enumerate(wanted.legs)
        if leg.resource not in {None, *known}
    }
    if errors:
        raise Malformed(errors)
    return known, locked_together(connection, {place.venue_id for place in known.values()}, at=at)


class Booker:
    """Parts and legs of one chain, asked one after another; what cannot be had is told all together."""

    def __init__(
        self,
        connection: Connection,
        person: Person,
        row: TrajectoryRow,
        houses: dict[int, House],
        at: datetime,
        known: Mapping[str, Place],
    ) -> None:
        self.connection, self.person, self.row, self.houses, self.at = connection, person, row, houses, at
        self.known = known
        self.until = row.deadline
        self.refusals: list[CannotBeHad] = []

    def ask(
        self, terms: Terms, path: str, *, within: Span | None = None, others: Sequence[tuple[str, Span]] = ()
    ) -> UUID | None:
        """One booking of the chain; None when it cannot be had. Malformed, with the path of its field."""
        undecided = self.row.rule is ChainRule.ALL_OR_NOTHING and self.row.state in (
            ChainState.OPEN,
            ChainState.BROKEN,
        )
        link = Link(self.row.id, self._held_until if undecided else None)
        try:
            made = ask(self.connection, self.person, terms, at=self.at, link=link)
        except CannotBeHad as refusal:
            refusal.neighbours = Neighbours(within, tuple(others))
            self.refusals.append(refusal)
            return None
        except Malformed as refusal:
            raise Malformed({f"{path}{name}": codes for name, codes in refusal.errors.items()}) from refusal
        if made.verdict.state is State.PENDING and self.row.deadline is None:
            zone = made.verdict.asked[0].place.zone
            trajectories.alter(self.connection, self.row.id, deadline=self.until, zone=zone)
            self.row = row_of(self.connection, self.row.id)
        if FORCE[made.verdict.state] is not Force.NONE:
            put_in_order(self.connection, self.houses[made.verdict.asked[0].place.venue_id], at=self.at)
        return made.id

    def _held_until(self, place: Place) -> datetime:
        if self.until is None:
            self.until = chains.held_until(self.row, self.houses.values(), self.houses[place.venue_id], self.at)
        return self.until

    def legs(self, legs: Sequence[LegTerms], parts: Sequence[tuple[str, Terms]]) -> None:
        """Transport, with a booking for every van."""
        codes = {code for leg in legs for code in (leg.origin, leg.destination)}
        known = trajectories.houses(self.connection, codes)
        errors = {
            f"legs.{n}.{'from' if code == leg.origin else 'to'}": ["unknown"]
            for n, leg in enumerate(legs)
            for code in (leg.origin, leg.destination)
            if code not in known
        }
        errors |= {f"legs.{n}.to": ["same-house"] for n, leg in enumerate(legs) if leg.origin == leg.destination}
        if errors:
            raise Malformed(errors)
        rows = []
        for n, leg in enumerate(legs):
            van = self._van(leg, f"legs.{n}.", parts) if leg.resource else None
            rows.append(
                {
                    "trajectory_id": self.row.id,
                    "origin_id": known[leg.origin].id,
                    "destination_id": known[leg.destination].id,
                    "starts": leg.start,
                    "ends": leg.end,
                    "booking_id": van,
                    "venue_id": self.known[leg.resource].venue_id if van and leg.resource else None,
                }
            )
        trajectories.add_legs(self.connection, rows)

    def _van(self, leg: LegTerms, path: str, parts: Sequence[tuple[str, Terms]]) -> UUID | None:
        claim = ClaimTerms(leg.resource or "", leg.start, leg.end)
        terms = Terms(
            f"{self.row.title}: {leg.origin} → {leg.destination}",
            Purpose.GET_IN,
            (claim,),
            organisation=self.row.organisation,
        )
        return self.ask(terms, path, within=_between(leg, parts, self.known))

    def refuse(self) -> None:
        """Everything that cannot be had, in one refusal; the ways out are those of the first."""
        if not self.refusals:
            return
        first = self.refusals[0]
        conflicts: list[Conflict] = [each for refusal in self.refusals for each in refusal.conflicts]
        raise CannotBeHad(conflicts, first.asked, first.besides, first.neighbours)


def _between(leg: LegTerms, parts: Sequence[tuple[str, Terms]], known: Mapping[str, Place]) -> Span | None:
    """When a leg may be: after the stay before it, before the get-in of the one after. None: nothing says."""
    before = [(_outer(terms, known), _leaves(terms, known)) for venue, terms in parts if venue == leg.origin]
    after = [(_expected(terms, known), _outer(terms, known)) for venue, terms in parts if venue == leg.destination]
    start = max((moment for span, moment in before if span.start <= leg.start), default=None)
    end = min((moment for moment, span in after if span.end > leg.start), default=None)
    if start is None or end is None or end <= start:
        return None
    return Span(start, end)


def _outer(terms: Terms, known: Mapping[str, Place]) -> Span:
    spans = [
        resolve(claim, known[claim.resource]).span
        for claim in terms.claims
        if known[claim.resource].kind in SPACES
    ] or [resolve(claim, known[claim.resource]).span for claim in terms.claims]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _leaves(terms: Terms, known: Mapping[str, Place]) -> datetime:
    """From when kit may go on: during the last day of a stay in whole days, else when it is over."""
    rooms = [claim for claim in terms.claims if known[claim.resource].kind in SPACES]
    end = _outer(terms, known).end
    return end - DAY if rooms and rooms[0].in_whole_days else end


def _expected(terms: Terms, known: Mapping[str, Place]) -> datetime:
    arrivals = [moment.start for moment in terms.moments if moment.kind in ("get-in", "arrival")]
    return min(arrivals, default=_outer(terms, known).start)
