"""A call: who goes where. Exact: the most companies are served, by their best wishes, and then the best scored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from booking.domain.claims import Asked, Atom
from booking.domain.spans import Span


class CallState(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Seat:
    """One way to serve an application: what would be claimed, and which of its wishes that is (from 1)."""

    wish: int
    asked: tuple[Asked, ...]

    @property
    def resource(self) -> str:
        """The room."""
        return self.asked[0].place.code

    @property
    def start(self) -> date:
        """Its first day."""
        start: date = self.asked[0].terms.start
        return start

    @property
    def end(self) -> date:
        """The day after its last."""
        end: date = self.asked[0].terms.end
        return end


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application with every seat it could have, best wishes first. `score`: the mean of what planners gave."""

    id: UUID
    seats: tuple[Seat, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who goes where. `proved`: nothing serves more companies, or by better wishes."""

    seats: Mapping[UUID, Seat]
    proved: bool


Value = tuple[int, int, float]
"""Served, minus the wishes, scores: the larger the better."""


def assign(candidates: Sequence[Candidate], *, is_over: Callable[[], bool] = lambda: False) -> Assignment:
    """The best assignment; what is found when time is over."""
    search = _Search(sorted(candidates, key=lambda each: (len(each.seats), each.id)), is_over)
    search.go(0, (0, 0, 0.0))
    return Assignment(search.best, proved=not search.hurried)


@dataclass
class _Search:
    """Branch and bound: each application has one of its seats, or none; what cannot be better is not looked at."""

    candidates: Sequence[Candidate]
    is_over: Callable[[], bool]
    taken: dict[int, list[tuple[Span, int]]] = field(default_factory=dict)
    chosen: dict[UUID, Seat] = field(default_factory=dict)
    best: dict[UUID, Seat] = field(default_factory=dict)
    value: Value = (-1, 0, 0.0)
    hurried: bool = False

    def go(self, n: int, value: Value) -> None:
        if self.hurried or self.is_over():
            self.hurried = True
            return
        if n == len(self.candidates):
            if value > self.value:
                self.value, self.best = value, dict(self.chosen)
            return
        possible = [[seat for seat in each.seats if self.is_free(seat)] for each in self.candidates[n:]]
        if self.bound(n, value, possible) <= self.value:
            return
        mine = self.candidates[n]
        for seat in possible[0]:
            self.take(seat, 1)
            self.chosen[mine.id] = seat
            self.go(n + 1, (value[0] + 1, value[1] - seat.wish, value[2] + mine.score))
            del self.chosen[mine.id]
            self.take(seat, -1)
        self.go(n + 1, value)

    def bound(self, n: int, value: Value, possible: Sequence[Sequence[Seat]]) -> Value:
        """What could still be reached if nobody were in anybody's way."""
        served, wishes, scores = value
        for each, seats in zip(self.candidates[n:], possible, strict=True):
            if seats:
                served += 1
                wishes -= min(seat.wish for seat in seats)
                scores += each.score
        return served, wishes, scores

    def is_free(self, seat: Seat) -> bool:
        """Whether the seats that are taken leave room for it."""
        return all(
            self._peak(atom, asked.occupied) + asked.quantity_of(atom) <= atom.capacity
            for asked in seat.asked
            for atom in asked.place.atoms
        )

    def _peak(self, atom: Atom, span: Span) -> int:
        over = [(other, many) for other, many in self.taken.get(atom.id, ()) if other.overlaps(span)]
        moments = {max(other.start, span.start) for other, _ in over}
        return max(
            (sum(many for other, many in over if other.start <= moment < other.end) for moment in moments),
            default=0,
        )

    def take(self, seat: Seat, sign: int) -> None:
        """Take it, or give it back."""
        for asked in seat.asked:
            for atom in asked.place.atoms:
                held = self.taken.setdefault(atom.id, [])
                entry = (asked.occupied, asked.quantity_of(atom))
                if sign > 0:
                    held.append(entry)
                else:
                    held.remove(entry)
