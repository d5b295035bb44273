"""One need in one period: its candidates, decided in order until there are enough of them."""

from collections.abc import Iterator, Sequence, Set
from itertools import islice
from typing import Any

from booking.domain.finding import Answer, Finding, Near, find, find_free
from booking.domain.needs import Fit, Need, Period, fit
from booking.domain.rules import Rules
from booking.domain.wall_clock import DAY
from booking.services.candidates import Candidate, answer
from booking.services.details import Detail
from booking.services.finders import Finder, around
from booking.services.looking import years_of

AT_ONCE, FEWEST = 50, 10
"""Resources that are decided with one reading, at most and at least, when the best few are looked for."""

ALL_AT_ONCE = 400
"""The same, when all are wanted."""

FITS = Fit()
CAN_BE_HAD = frozenset({Answer.FREE, Answer.OPTION})


class Trial:
    """One need in one period: its candidates, decided in order until there are enough of them."""

    def __init__(self, finder: Finder, need: Need, period: Period, most: int | None) -> None:
        """`most`: how many are wanted; None: all."""
        self.finder, self.need, self.period = finder, need, period
        self.most = len(finder.register) + 1 if most is None else most
        self.at_once = ALL_AT_ONCE if most is None else AT_ONCE
        self.dates = period.days
        self.days = finder.asked.days or max(len(self.dates), 1)
        self.lawful: dict[Any, tuple[Rules, int]] = {}
        self.years = sorted(years_of([period]))
        self.wanted, fits, silent = finder.fitting[need]
        self.fits, self.silent = self.wanted & fits, self.wanted & silent
        self.likely = self._likely()
        self.made: list[Candidate] = []
        self.taken: list[int] = []
        self.first = True

    def _likely(self) -> int:
        """Those with so many days in a row on which something is left."""
        if not self.period.in_whole_days:
            return self.fits
        return self.fits & self.finder.chart.with_a_run(self.dates[0], self.dates[-1] + DAY, self.days)

    def of_the_likely(self) -> bool:
        """Until there are enough free ones; whether the time was over before."""
        for some in self._chunks(self.likely):
            if self._has({Answer.FREE}):
                return False
            if self._is_late():
                return True
            self.made += self._decided(some)
        return False

    def of_the_best(self) -> bool:
        """The same; then, as far as there is room, what is taken, what may fit or not, and what does not fit,
        which takes no time to see."""
        late = self.of_the_likely() or self._of_the_others()
        if not self._has(CAN_BE_HAD | {Answer.TAKEN, Answer.UNKNOWN}):
            unfit = self.wanted & ~(self.fits | self.silent)
            self.made += self._unfit(list(islice(self.finder.in_order(unfit), self.most)))
        return late

    def _of_the_others(self) -> bool:
        if self._has({Answer.FREE}):
            return False
        others = self.fits & ~self.likely | sum(1 << n for n in self.taken)
        better = CAN_BE_HAD | {Answer.TAKEN}
        for resources, enough in ((others, better), (self.silent, better | {Answer.UNKNOWN})):
            for some in self._chunks(resources):
                if self._has(enough):
                    break
                if self._is_late():
                    return True
                self.made += self._explained(some)
        return False

    def _has(self, answers: Set[Answer]) -> bool:
        """Whether there are as many as are wanted with one of these answers."""
        return sum(each.answer in answers for each in self.made) >= self.most

    def _chunks(self, resources: int) -> Iterator[Sequence[int]]:
        """As many at once as are still wanted, and a few more, since some will not do."""
        numbers = self.finder.in_order(resources)
        free = 0
        while some := list(islice(numbers, min(self.at_once, max(FEWEST, (self.most - free) * 5 // 4)))):
            yield some
            free = sum(each.answer is Answer.FREE for each in self.made)

    def _is_late(self) -> bool:
        """Whether the time is over; the first ones are decided all the same."""
        first, self.first = self.first, False
        return not first and self.finder.is_over

    def _decided(self, numbers: Sequence[int]) -> Iterator[Candidate]:
        """Those of them that can be had; the others are noted."""
        details = self.finder.details(numbers)
        if self.finder.drawn or not self.period.in_whole_days:
            yield from self._explained(numbers)
            return
        self.finder.near(details, self.years)
        first, end = self.dates[0], self.dates[-1] + DAY
        length = len(self.dates)
        for n in numbers:
            one = details.get(n)
            if one is None:
                continue
            free = self.finder.chart.free_days(n, first, end)
            near = Near(first, length, free, one.on_days(self.years), one.judged, self.lawful)
            found = find_free(
                one.place,
                self.days,
                self.need.quantity,
                near,
                self.finder.asking(one.place),
                calendar=self.finder.calendar(one.place),
            )
            if found is None:
                self.taken.append(n)
            else:
                yield self._candidate(n, one, found)

    def _explained(self, numbers: Sequence[int]) -> Iterator[Candidate]:
        """Each of them with every reason why not."""
        details = self.finder.details(numbers)
        held, outer = self.finder.all_held(details), around([self.period])
        for n in numbers:
            one = details.get(n)
            if one is None:
                continue
            mine = [each for atom in one.place.atoms for each in held[atom.id] if each.occupied.overlaps(outer)]
            asking, calendar = self.finder.asking(one.place), self.finder.calendar(one.place)
            found = find(one.place, self.period, self.days, self.need.quantity, mine, asking, calendar=calendar)
            yield self._candidate(n, one, found)

    def _unfit(self, numbers: Sequence[int]) -> Iterator[Candidate]:
        details = self.finder.details(numbers)
        return (self._candidate(n, details[n], None) for n in numbers if n in details)

    def _candidate(self, n: int, one: Detail, found: Finding | None) -> Candidate:
        fits = self.fits >> n & 1
        how = FITS if fits else fit(self.need, one.row.technical_sheet, capacity=one.row.capacity)
        return Candidate(one.row, answer(how, found), how, found, self.finder.km(n))
