"""One search, and what it has read so far: which resources are looked at, who asks, and what holds them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from booking.domain.claims import Held, Place
from booking.domain.conflicts import Asker
from booking.domain.distances import Point, great_circle
from booking.domain.finding import ANY_DAY, Asking, Calendar
from booking.domain.free_days import ones
from booking.domain.house_rules import read_house_rules
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.school_holidays import is_school_holiday
from booking.domain.spans import Span
from booking.services.candidates import Patience, Search
from booking.services.details import Detail
from booking.services.looking import View
from booking.storage import catalogues, occupancies

MOST_AT_ONCE = 300
"""Of so few resources everything is read at once, however many needs they answer: of what may do (`few`) also what
holds it, of what does not fit (`told`, with the others) only what it is."""

USUAL = read_house_rules({})
AROUND = timedelta(days=2)
"""What reaches into a period from its neighbourhood: zones, day lines, buffers."""


class Finder:
    """One search, with what it has read so far."""

    def __init__(
        self,
        view: View,
        person: Person,
        asked: Search,
        at: datetime,
        patience: Patience | None,
        *,
        drawn: bool = False,
    ) -> None:
        self.drawn = drawn
        self.view, self.chart, self.register = view, view.chart, view.chart.register
        self.person, self.asked, self.at, self.patience = person, asked, at, patience
        self.around = around(asked.periods)
        self.words: dict[str, int] = {}
        self.held: dict[int, list[Held]] = {}
        self.askings: dict[int, Asking] = {}
        self.fitting = {need: (self._wanted(need), *self.register.fitting(need)) for need in asked.needs}
        looked = reduce(or_, (wanted & (fits | silent) for wanted, fits, silent in self.fitting.values()), 0)
        there = reduce(or_, (wanted for wanted, _, _ in self.fitting.values()), 0)
        self.few = list(ones(looked)) if looked.bit_count() <= MOST_AT_ONCE else []
        self.told = list(ones(there)) if there.bit_count() <= MOST_AT_ONCE else self.few

    @property
    def is_over(self) -> bool:
        """Whether it is time to answer with what there is."""
        return self.patience is not None and self.patience.is_over

    def _wanted(self, need: Need) -> int:
        """What is elsewhere, or something else, is no candidate at all."""
        asked, near = self.asked, self.asked.near
        where = (need.venue, need.country, need.region, asked.countries, asked.regions, near)
        found = self.chart.in_houses(where, lambda house: self._is_there(house, need)) & self.register.in_use()
        if need.kind is not None:
            found &= self.register.of_kind(need.kind)
        if need.resource is not None:
            codes = self.register.codes
            found &= 1 << codes.index(need.resource) if need.resource in codes else 0
        if need.q:
            found &= self._with_words(need.q)
        return found

    def _is_there(self, house: Any, need: Need) -> bool:
        named = ((house.code, need.venue), (house.country, need.country), (house.region, need.region))
        if any(wanted not in (None, has) for has, wanted in named):
            return False
        if self.asked.countries and house.country not in self.asked.countries:
            return False
        if self.asked.regions and house.region not in self.asked.regions:
            return False
        near = self.asked.near
        return near is None or near.km is None or self._km_to(house, near.point) <= near.km

    def _with_words(self, words: str) -> int:
        if words not in self.words:
            with self.view.reading() as connection:
                numbers = catalogues.numbers(connection, words)
            places_of = self.register.places
            self.words[words] = sum(1 << places_of[each] for each in numbers if each in places_of)
        return self.words[words]

    def _km_to(self, house: Any, point: Point) -> float:
        return great_circle(point, Point(house.latitude, house.longitude))

    def km(self, n: int) -> float | None:
        """From the point that was asked."""
        if self.asked.near is None:
            return None
        return self._km_to(self.chart.houses[self.register.houses[n]], self.asked.near.point)

    def in_order(self, resources: int) -> Iterator[int]:
        """The nearest first, then the cheapest, then by code."""
        if self.asked.near is None:
            return ones(resources)
        return iter(sorted(ones(resources), key=lambda n: (self.km(n), n)))

    def details(self, numbers: Sequence[int]) -> dict[int, Detail]:
        """These resources, each read once; of a few, all at once."""
        known = self.view.details.known(self.chart, numbers)
        missing = [n for n in numbers if n not in known]
        if missing:
            there = {*missing, *self.view.details.known(self.chart, self.told)}
            more = [n for n in self.told if n not in there]
            with self.view.reading() as connection:
                known.update(self.view.details.read(connection, self.chart, [*missing, *more]))
        return known

    def near(self, details: Mapping[int, Detail], years: Sequence[int]) -> None:
        """What may stand in the way of these on days that are free."""
        if any(not one.near.keys() >= set(years) for one in details.values()):
            others = self.view.details.known(self.chart, self.few)
            with self.view.reading() as connection:
                self.view.details.read_near(connection, {**others, **details}.values(), years)

    def all_held(self, details: Mapping[int, Detail]) -> dict[int, list[Held]]:
        """What holds these in any of the periods, each atom read once; of a few, all at once."""
        unknown = {atom.id for one in details.values() for atom in one.place.atoms} - self.held.keys()
        if unknown:
            others = self.view.details.known(self.chart, self.few)
            unknown |= {atom.id for one in others.values() for atom in one.place.atoms} - self.held.keys()
            self.held.update({atom: [] for atom in unknown})
            with self.view.reading() as connection:
                for each in occupancies.held(connection, sorted(unknown), self.around):
                    self.held[each.atom_id].append(each)
        return self.held

    def asking(self, place: Place) -> Asking:
        """Who asks there: the house itself, when they decide for it; else a company, of the programme if any of
        theirs is."""
        found = self.askings.get(place.venue_id)
        if found is None:
            is_house = self.person.decides_for(place.venue)
            asker = Asker(self.person.name, is_house=is_house, is_programme_company=bool(self.person.programme))
            settings = self.chart.houses[place.venue_id].settings
            rules = read_house_rules(settings) if settings else USUAL
            found = self.askings[place.venue_id] = Asking(asker, self.at, rules.most_rank)
        return found

    def calendar(self, place: Place) -> Calendar:
        """Which days count there."""
        if self.asked.school_holidays is None:
            return ANY_DAY
        school: Mapping[str, Any] = self.chart.houses[place.venue_id].school_holidays
        named = (school["country"], school["subdivision"])
        return Calendar(self.asked.school_holidays, lambda day: is_school_holiday(named, day))


def around(periods: Sequence[Period]) -> Span:
    """The time of which one must know what holds it, in any zone."""
    return Span(
        min(_utc(each.start) for each in periods) - AROUND, max(_utc(each.end) for each in periods) + AROUND
    )


def _utc(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)
