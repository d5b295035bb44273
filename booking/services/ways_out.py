"""Ways out of a conflict, each asked of the same rules as a booking: it succeeds if it is posted at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nsmallest
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange, Terms
from booking.domain.charts import Chart
from booking.domain.claims import Asked, Atom, ClaimTerms, Place, outer_span, resolve
from booking.domain.conflicts import obstacles
from booking.domain.distances import Point, great_circle
from booking.domain.free_days import ones
from booking.domain.people import Person
from booking.domain.refusals import Conflict, Malformed, Neighbours, Refusal
from booking.domain.resources import SPACES
from booking.domain.states import ENDS, State, Verb
from booking.domain.wall_clock import DAY
from booking.domain.ways_out import (
    BY_NAME,
    FURTHEST_DAYS,
    Like,
    WayOut,
    around,
    best,
    elsewhere,
    fewer_days,
    hit_codes,
    is_like,
    kilometres,
    later_that_day,
    less,
    like_need,
    shifts,
    split,
    weeks,
)
from booking.domain.windows import is_offered
from booking.services import changing
from booking.services.answering import Answer, perform
from booking.services.asking import Asking, ask
from booking.services.bookings import find
from booking.services.catalogue import like_of
from booking.services.holding import Surroundings, atom_ids
from booking.services.looking import looking
from booking.services.terms import terms_of
from booking.services.verdicts import Verdict, codes, judge
from booking.storage import catalogues
from booking.storage.catalogues import ResourceFilter
from booking.storage.locks import lock_places, places

MOST_TRIED = 4
"""Of one kind: a list of five has no room for more."""

BEYOND_HELP = frozenset(
    {
        "audience",
        "most-options",
        "extensions",
        "asked-apart",
        "nothing-alike",
        "granularity",
        "whole-days",
    }
)
"""Rules that other days or other rooms do not change, or that the form itself explains better."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was found. `seen`: the revision that each resource had before it was looked at; `goes_beyond`: it hangs
    on more than these: what else the company has (a quota), what plays next door, where a crew works."""

    ways: list[WayOut]
    seen: Mapping[int, int]
    goes_beyond: bool = False


def of_terms(
    connection: Connection,
    person: Person,
    terms: Terms,
    conflicts: Sequence[Conflict],
    *,
    at: datetime,
    besides: UUID | None = None,
    neighbours: Neighbours | None = None,
) -> list[WayOut]:
    """At most five ways out, best first. `besides`: the booking that is being changed or confirmed; `neighbours`:
    what stands around it in its chain."""
    return looked_for(connection, person, terms, conflicts, at=at, besides=besides, neighbours=neighbours).ways


def looked_for(
    connection: Connection,
    person: Person,
    terms: Terms,
    conflicts: Sequence[Conflict],
    *,
    at: datetime,
    besides: UUID | None = None,
    neighbours: Neighbours | None = None,
) -> Search:
    """The same, with the revision of everything that was looked at for it."""
    if not conflicts or any(conflict.facts.get("rule") in BEYOND_HELP for conflict in conflicts):
        return Search([], {})
    trial = Trial(connection, person, terms, conflicts, at, besides, neighbours)
    ways = best(
        [
            *_few(trial.later(), most=1),
            *_few(trial.shifted()),
            *_few(trial.same_house()),
            *_few(trial.other_houses()),
            *_few(trial.shorter()),
            *_few(trial.stepping_around(), most=1),
            *_few(trial.smaller()),
            *_few(trial.divided(), most=1),
        ]
    )
    return Search(ways, trial.seen, trial.goes_beyond)


def take(
    connection: Connection,
    person: Person,
    terms: Terms,
    bookings: Sequence[tuple[ClaimTerms, ...]],
    *,
    at: datetime,
) -> list[Asking]:
    """Ask what a way out takes, one booking per house, together or none. As `ask`."""
    if len(bookings) > 1:  # of several houses: one order of locks, before the first of them
        lock_places(connection, {code for claims in bookings for code in codes(claims)})
    plain = replace(terms, force=False, moments=())
    return [ask(connection, person, replace(plain, claims=claims), at=at) for claims in bookings]


def take_instead(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    bookings: Sequence[tuple[ClaimTerms, ...]],
    verb: Verb | None,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> UUID:
    """Change a booking to what the way out takes, then do what was refused before, both or neither; what is over
    is asked again. Returns the booking to look at. As `change`, `perform` and `ask`."""
    row = find(connection, person, booking_id)
    if row.state in ENDS:
        return take(connection, person, terms_of(row), bookings, at=at)[0].id
    if len(bookings) != 1:
        raise Malformed({"way": ["unknown"]})
    wanted = Change({}, tuple(ClaimChange(each) for each in bookings[0]))
    changing.change(connection, person, booking_id, wanted, at=at, if_match=if_match)
    if verb is not None:
        perform(connection, person, booking_id, verb, Answer(), at=at)
    return booking_id


def other_periods(
    connection: Connection,
    person: Person,
    terms: Terms,
    neighbours: Neighbours,
    *,
    at: datetime,
    besides: UUID | None = None,
) -> list[WayOut]:
    """The same, whole weeks later or earlier, for what a house refused; nearest first. What would meet another
    stay of the chain says so."""
    trial = Trial(connection, person, terms, [], at, besides, neighbours)
    return _few(trial.weeks(), most=3)


def _few(ways: Iterator[WayOut], *, most: int = 2) -> list[WayOut]:
    return [way for way, _ in zip(ways, range(most), strict=False)]


class Trial:
    """One refused asking, tried in other ways. Reads only: what is asked and what is like it, and what holds them,
    once; each trial is then a matter of rules."""

    def __init__(
        self,
        connection: Connection,
        person: Person,
        terms: Terms,
        conflicts: Sequence[Conflict],
        at: datetime,
        besides: UUID | None,
        neighbours: Neighbours | None = None,
    ) -> None:
        self.connection, self.person, self.terms = connection, person, terms
        self.conflicts, self.at, self.besides = conflicts, at, besides
        self.neighbours = neighbours or Neighbours()
        self.seen: dict[int, int] = {}
        self.goes_beyond = any(claim.crew for claim in terms.claims)
        self.known = places(connection, codes(terms.claims))
        self.asked = [resolve(claim, self.known[claim.resource]) for claim in terms.claims]
        self.venue = self.asked[0].place.venue
        self.hit = [each for each in self.asked if each.place.code in hit_codes(conflicts)]
        self.alike = _alike(connection, self.hit[0], at) if self.hit else []
        self.surroundings = Surroundings(connection, besides=besides)
        self._read()
        self._note(self.asked)

    def _read(self) -> None:
        """What holds what is asked, for weeks around; what is like it, with what holds that in the same time."""
        outer, far, near = outer_span(self.asked), timedelta(days=FURTHEST_DAYS + 1), DAY
        self.surroundings.read(atom_ids(self.asked), outer.widened(before=far, after=far))
        self.known |= places(self.connection, {other.code for other, _ in self.alike} - self.known.keys())
        others = [self.known[other.code] for other, _ in self.alike if other.code in self.known]
        atoms = {atom.id for place in others for atom in place.atoms}
        self.surroundings.read(atoms, outer.widened(before=near, after=near))

    def later(self) -> Iterator[WayOut]:
        """The same day, once what is in the way has gone."""
        outer = outer_span(self.asked).widened(before=timedelta(), after=timedelta(days=1))
        held = self.surroundings.within(atom_ids(self.asked), outer)
        for start, claims in later_that_day(self.asked, held):
            place = self.asked[0].place
            yield from self._verified("later", ((self.venue, claims),), start=start, zone=place.zone)

    def weeks(self) -> Iterator[WayOut]:
        """The same, whole weeks later or earlier."""
        for days, claims in weeks(self.asked):
            yield from self._verified("shift", ((self.venue, claims),), days=days)

    def shifted(self) -> Iterator[WayOut]:
        """The same, some days earlier or later."""
        decides = self.person.decides_for(self.venue)
        tried = 0
        for days, claims in shifts(self.asked):
            moved = [resolve(claim, each.place) for claim, each in zip(claims, self.asked, strict=True)]
            if tried == MOST_TRIED or moved[0].span.start < self.at:
                continue
            if obstacles(moved, self.surroundings.around(moved)):
                continue
            if not decides and not all(is_offered(each) for each in moved):
                continue
            tried += 1
            yield from self._verified("shift", ((self.venue, claims),), days=days)

    def same_house(self) -> Iterator[WayOut]:
        """Something like it in the same house."""
        yield from self._instead("same-house", lambda other: other.venue == self.venue)

    def other_houses(self) -> Iterator[WayOut]:
        """Something like it in another house, nearest first."""
        yield from self._instead("other-house", lambda other: other.venue != self.venue)

    def _instead(self, kind: str, fits: Callable[[Like], bool]) -> Iterator[WayOut]:
        for other, km in self.alike:
            if fits(other):
                ways = elsewhere(self.asked, self.hit[0].place.code, other, self.venue)
                yield from self._verified(kind, ways, resource=other.code, house=other.venue_name, km=km)

    def shorter(self) -> Iterator[WayOut]:
        """The days that are free."""
        for claims in fewer_days(self.asked, self.conflicts)[:MOST_TRIED]:
            yield from self._verified("fewer-days", ((self.venue, claims),))

    def stepping_around(self) -> Iterator[WayOut]:
        """Whole days around a class that stays: only where a person of the house answers, who knows both."""
        claims = around(self.asked, self.surroundings.around(self.asked), self.terms.purpose)
        verdict = self._verdict(self.venue, claims) if claims is not None else None
        if claims is None or verdict is None or verdict.state is not State.REQUESTED:
            return
        for way in self._verified("around", ((self.venue, claims),)):
            yield replace(way, caveat=way.caveat or "around")

    def smaller(self) -> Iterator[WayOut]:
        """As many as there are."""
        claims = less(self.asked, self.conflicts)
        if claims is not None:
            quantity = min(terms.quantity for terms in claims)
            yield from self._verified("less", ((self.venue, claims),), quantity=quantity)

    def divided(self) -> Iterator[WayOut]:
        """The missing pieces from another house."""
        for other, km in self.alike[:MOST_TRIED]:
            parts = split(self.asked, self.conflicts, other)
            if parts is None or other.venue == self.venue:
                continue
            here, there = parts
            yield from self._verified(
                "split", ((self.venue, here), (other.venue, there)), house=other.venue_name, km=km
            )

    def _verified(
        self, kind: str, bookings: tuple[tuple[str, tuple[ClaimTerms, ...]], ...], **facts: object
    ) -> Iterator[WayOut]:
        verdicts = [self._verdict(venue, claims) for venue, claims in bookings]
        if any(verdict is None or verdict.conflicts for verdict in verdicts):
            return
        caveat = next((found for each in verdicts if each is not None and (found := _caveat(each))), None)
        spans = [asked.span for each in verdicts if each is not None for asked in each.asked if _is_room(asked)]
        spans = spans or [asked.span for each in verdicts if each is not None for asked in each.asked]
        within = self.neighbours.within
        if within is not None and not all(within.holds(span) for span in spans):
            return
        met = [name for name, other in self.neighbours.others if any(span.overlaps(other) for span in spans)]
        if met:
            yield WayOut(kind, bookings, {**facts, "meets": met[0]}, "meets")
            return
        yield WayOut(kind, bookings, facts, caveat)

    def _verdict(self, venue: str, claims: tuple[ClaimTerms, ...]) -> Verdict | None:
        """What these claims would be told; None when this person may not ask them there."""
        terms = replace(self.terms, claims=claims, force=False, moments=())
        besides = self.besides if venue == self.venue else None
        try:
            verdict = judge(
                self.connection,
                self.person,
                terms,
                self.known,
                at=self.at,
                besides=besides,
                surroundings=self.surroundings,
            )
        except Refusal:
            return None
        self._note(verdict.asked)
        return verdict

    def _note(self, asked: Sequence[Asked]) -> None:
        for each in asked:
            self.goes_beyond |= each.place.rules.quota is not None or each.place.disturbs
            looked_at: tuple[Place | Atom, ...] = (each.place, *each.place.atoms)
            for one in looked_at:
                self.seen[one.id] = min(one.revision, self.seen.get(one.id, one.revision))


def _alike(connection: Connection, claim: Asked, at: datetime) -> list[tuple[Like, int]]:
    """What might do instead, nearest first, with the kilometres to it; no more than are tried."""
    if claim.place.kind in BY_NAME:
        return _of_one_name(connection, claim)
    with looking(connection, [], at=at, patience=None) as view:
        mine = catalogues.resource(connection, claim.place.code)
        if view is None or mine is None:
            return []
        nearest = _nearest(view.chart, like_of(mine))
    rows = {row.id: row for row in catalogues.numbered(connection, [each for each, _ in nearest])}
    return [(like_of(rows[each]), round(km)) for each, km in nearest if each in rows]


def _nearest(chart: Chart, mine: Like) -> list[tuple[int, float]]:
    """Rooms that are hardly smaller, by number, with the kilometres to them; by the columns of the chart alone."""
    register, houses = chart.register, chart.houses
    fits, _ = register.fitting(like_need(mine))
    found = fits & register.of_kind(mine.kind) & register.in_use()
    here = Point(mine.latitude, mine.longitude)
    far = {each: great_circle(here, Point(row.latitude, row.longitude)) for each, row in houses.items()}
    others = (n for n in ones(found) if register.codes[n] != mine.code)
    in_order = nsmallest(2 * MOST_TRIED, ((far[register.houses[n]], register.codes[n], n) for n in others))
    return [(register.ids[n], km) for km, _, n in in_order]


def _of_one_name(connection: Connection, claim: Asked) -> list[tuple[Like, int]]:
    """Kit and expertise do instead when they are called the same."""
    rows = catalogues.resources(connection, ResourceFilter(kind=claim.place.kind, retired=True))
    mine = like_of(next(row for row in rows if row.code == claim.place.code))
    likes = [like_of(row) for row in rows if row.retired_at is None]
    alike = [(other, kilometres(mine, other)) for other in likes if is_like(mine, other)]
    in_order = sorted(alike, key=lambda each: (each[1], each[0].code))
    return [(other, round(km)) for other, km in in_order[: 2 * MOST_TRIED]]


def _is_room(asked: Asked) -> bool:
    """Beds and kit may overlap with another stay; people cannot be in two rooms."""
    return asked.place.kind in SPACES


def _caveat(verdict: Verdict) -> str | None:
    """The first warning: an option that somebody holds there, noise, or a crew without its rest."""
    return next((warning.kind for warning in verdict.warnings), None)
