"""What a person asks: the terms of a booking, as typed, and of a change to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from booking.domain.claims import ClaimTerms
from booking.domain.states import State


class Purpose(StrEnum):
    """What the time is for."""

    RESIDENCY = "residency"
    REHEARSAL = "rehearsal"
    TECHNICAL_RESIDENCY = "technical-residency"
    GET_IN = "get-in"
    SHOWING = "showing"
    PERFORMANCE = "performance"
    WORKSHOP = "workshop"
    ADVICE = "advice"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens inside a booking and holds nothing: a showing, the arrival of kit."""

    kind: str
    start: datetime
    end: datetime

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Moment":
        """From what is stored."""
        start, end = (datetime.fromisoformat(document[name]) for name in ("start", "end"))
        return cls(document["kind"], start, end)

    def document(self) -> dict[str, Any]:
        """As it is stored: instants in RFC 3339."""
        return {
            "kind": self.kind,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of one venue. `organisation` None: the house's own programme.

    `state`: what a planner makes of it at once on a company's behalf; None: what the rules say.
    `force`: a planner overrides rules, closures and external busy time, with a reason. `referred_from`: the
    house that passes it on; then it stays a request, whatever the rules would make of it at once.
    """

    title: str
    purpose: Purpose
    claims: tuple[ClaimTerms, ...]
    organisation: UUID | None = None
    people: int | None = None
    note: str | None = None
    moments: tuple[Moment, ...] = ()
    refer_consent: bool = False
    state: State | None = None
    force: bool = False
    reason: str | None = None
    accept_warnings: tuple[str, ...] = ()
    referred_from: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim as it should be. `id` None: whichever claim on that resource is left, else a new one."""

    terms: ClaimTerms
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What should be different. `fields`: title, purpose, people, note, moments, refer_consent.

    `claims` None: as they are; otherwise all claims as they should be.
    """

    fields: Mapping[str, Any]
    claims: tuple[ClaimChange, ...] | None = None
    force: bool = False
    reason: str | None = None
