"""Asking for a booking: all claims together or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from booking.domain.bookings import Terms
from booking.domain.claims import Asked, Place
from booking.domain.options import DueKind
from booking.domain.people import Person
from booking.domain.states import FORCE, Force, State
from booking.services import events
from booking.services.confirming import beat_for
from booking.services.granting import Granted, granted
from booking.services.house import locked, put_in_order, widened
from booking.services.verdicts import (
    Verdict,
    beneath,
    check_moments,
    codes,
    judge,
    overridden,
    refuse_unless_overridden,
)
from booking.storage import entries
from booking.storage.base import new_id
from booking.storage.database import lost_race
from booking.storage.entries import Entry
from booking.storage.locks import lock_places, places

EVENTS = {
    State.REQUESTED: "booking.requested",
    State.OPTION: "booking.granted",
    State.PENDING: "booking.agreed",
    State.CONFIRMED: "booking.confirmed",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """A booking that was made: its id, the ids of its claims, what it became, and the soft warnings."""

    id: UUID
    claims: tuple[UUID, ...]
    verdict: Verdict
    option: Granted | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The chain of which a booking is a part. `held_until`: of one that is confirmed all together, until when
    what confirms itself is held for the others."""

    trajectory: UUID
    held_until: Callable[[Place], datetime] | None = None


def ask(
    connection: Connection,
    person: Person,
    terms: Terms,
    *,
    at: datetime,
    series: tuple[UUID, datetime] | None = None,
    link: Link | None = None,
    enquiry: UUID | None = None,
) -> Asking:
    """Make the booking and tell what it became. `series`: of which it is an occurrence, and when that begins;
    `link`: the chain of which it is a part; `enquiry`: to which it is an offer.

    CannotBeHad when something stands in the way and is not overridden; Malformed for claims of two
    venues or of unknown resources; NotFound for an organisation that is not the person's to know.
    """
    known = _lock(connection, person, terms)
    own = series[0] if series else None
    verdict = judge(connection, person, terms, known, at=at, series=own)
    house = None
    if _needs_house(person, verdict, at):
        whole = locked if person.decides_for(verdict.venue) else widened
        house = whole(connection, verdict.asked[0].place.venue_id, at=at)
        verdict = judge(connection, person, terms, house.places, at=at, series=own)
    check_moments(terms.moments, [asked.presence for asked in verdict.asked])
    booking_id = new_id()
    option = None
    if verdict.state is State.OPTION:
        option = granted(
            connection,
            verdict.asked,
            verdict.held,
            terms.organisation,
            booking_id,
            at=at,
            series=own,
            trajectory=link.trajectory if link else None,
            enquiry=enquiry,
        )
        verdict = replace(verdict, conflicts=(*verdict.conflicts, *option.conflicts))
    refuse_unless_overridden(verdict, person, force=terms.force, asked=terms)
    verdict, linked = _linked(verdict, link, at)
    new = _entry(booking_id, person, terms, verdict, at)
    new.booking.update({**(option.values if option else {}), **linked, "overrides": beneath(verdict)})
    if enquiry is not None:
        new.booking["enquiry_id"] = enquiry
    if series is not None:
        new.booking.update({"series_id": series[0], "occurrence_start": series[1]})
    entries.add(connection, new)
    if house is not None and FORCE[verdict.state] is not Force.NONE:
        beat_for(connection, house, booking_id, at=at, why=terms.reason)
        put_in_order(connection, house, at=at)
    return Asking(booking_id, tuple(claim["id"] for claim in new.claims), verdict, option)


AT_ONCE = frozenset({State.REQUESTED, State.CONFIRMED})
"""What is entered without a look at anything but the resources and what holds them."""


def ask_at_once(connection: Connection, person: Person, terms: Terms, *, at: datetime) -> Asking | None:
    """As `ask`, but judged without a lock, and entered under it if nothing has changed meanwhile: each resource
    is locked for one statement. None, and nothing written, where something has or more is concerned: then `ask`.

    `connection`: one on which each statement is a transaction (see `storage/direct.py`).
    """
    if person.manages:
        return None
    known = places(connection, codes(terms.claims))
    verdict = judge(connection, person, terms, known, at=at)
    if verdict.state not in AT_ONCE or _needs_house(person, verdict, at) or _is_counted(verdict):
        return None
    check_moments(terms.moments, [asked.presence for asked in verdict.asked])
    refuse_unless_overridden(verdict, person, force=terms.force, asked=terms)
    booking_id = new_id()
    new = _entry(booking_id, person, terms, verdict, at)
    try:
        is_entered = entries.add_if_unchanged(connection, new, _seen(verdict.asked))
    except DBAPIError as error:
        if not lost_race(error):
            raise
        return None
    return Asking(booking_id, tuple(claim["id"] for claim in new.claims), verdict) if is_entered else None


def _is_counted(verdict: Verdict) -> bool:
    """Whether a quota counts: what is only asked counts too, and raises no revision: two would not meet."""
    return any(each.place.rules.quota is not None for each in verdict.asked)


def _seen(asked: Sequence[Asked]) -> dict[int, int]:
    """The revision that everything had when it was read."""
    wholes = {each.place.id: each.place.revision for each in asked}
    return wholes | {atom.id: atom.revision for each in asked for atom in each.place.atoms}


def _entry(booking_id: UUID, person: Person, terms: Terms, verdict: Verdict, at: datetime) -> Entry:
    event = events.row(
        EVENTS[verdict.state],
        venue_id=verdict.asked[0].place.venue_id,
        booking_id=booking_id,
        by=person.id,
        at=at,
        new={"state": verdict.state, **overridden(verdict), **_accepted(terms), **_referred(terms)},
        why=terms.reason,
    )
    return entries.entry(booking_id, verdict.asked, terms, state=verdict.state, by=person.id, at=at, event=event)


def _lock(connection: Connection, person: Person, terms: Terms) -> Mapping[str, Place]:
    """A company locks what it asks; a planner takes the whole house, and so nothing before it: no deadlocks.

    A company that turns out to need the whole house starts over with it.
    """
    if person.manages:
        known = places(connection, codes(terms.claims))
        if any(person.decides_for(place.venue) for place in known.values()):
            return known
    return lock_places(connection, codes(terms.claims))


def _linked(verdict: Verdict, link: Link | None, at: datetime) -> tuple[Verdict, dict[str, Any]]:
    """As a part of a chain: what confirms itself says yes at once, and is held for the others."""
    if link is None:
        return verdict, {}
    columns: dict[str, Any] = {"trajectory_id": link.trajectory}
    if link.held_until is None or verdict.state is not State.CONFIRMED:
        return verdict, columns
    until = link.held_until(verdict.asked[0].place)
    held = {"agreed_at": at, "due_at": until, "due_kind": DueKind.TRAJECTORY}
    return replace(verdict, state=State.PENDING), {**columns, **held}


def _accepted(terms: Terms) -> dict[str, Any]:
    """The warnings that were accepted, for the log."""
    return {"accepted": list(terms.accept_warnings), "note": terms.note} if terms.accept_warnings else {}


def _referred(terms: Terms) -> dict[str, Any]:
    """Which house passed it on, for the log."""
    return {"referred_from": terms.referred_from} if terms.referred_from else {}


def _needs_house(person: Person, verdict: Verdict, at: datetime) -> bool:
    """Whether more than the asked resources is concerned: what a planner enters may move the whole queue, a clock
    has run out, or an option that is suspended would be beaten."""
    if person.decides_for(verdict.venue) or any(each.due_at and each.due_at <= at for each in verdict.held):
        return True
    return FORCE[verdict.state] is Force.HARD and verdict.asked[0].place.suspended
