"""What a calendar shows of a series at one place: all its occurrences as one recurring event."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter

from booking.domain.wall_clock import at_venue
from calendars.domain.events import Event
from calendars.domain.recurring import recurring
from calendars.domain.showing import (
    Look,
    Place,
    ShownClaim,
    View,
    claim_events,
    moment_events,
)

Occurrences = Sequence[ShownClaim]


def sort_series(claims: Iterable[ShownClaim]) -> tuple[list[ShownClaim], Mapping[str, Occurrences]]:
    """Those that are told one by one, and the others by the identity of what repeats.

    Of an occurrence that has a place twice, one repeats and the other stands by itself.
    """
    singles: list[ShownClaim] = []
    series: dict[str, dict[datetime | None, ShownClaim]] = defaultdict(dict)
    for claim in sorted(claims, key=lambda claim: (claim.claim_ended_at is not None, claim.id)):
        if claim.series is None or claim.rule is None:
            singles.append(claim)
        elif claim.occurrence in series[claim.identity]:
            singles.append(claim._replace(series=None))
        else:
            series[claim.identity][claim.occurrence] = claim
    singles.sort(key=attrgetter("id"))
    return singles, {identity: list(found.values()) for identity, found in sorted(series.items())}


def sequence_of(occurrences: Occurrences, at: datetime) -> int:
    """It rises when any occurrence changes, joins, or leaves because its time is over.

    What left may come back (an option that was beaten): that raises its own by one, so each counts twice.
    """
    gone = sum(1 for claim in occurrences if claim.leaves_at <= at)
    return 2 * (sum(claim.sequence for claim in occurrences) + len(occurrences)) + gone


def series_events(occurrences: Occurrences, place: Place, view: View, at: datetime) -> Iterator[Event]:
    """Masters and exceptions; the moments and the clocks of single occurrences stand by themselves."""
    told = [claim for claim in occurrences if claim.is_told(at)]
    if view.look is Look.CLOCKS:
        for claim in told:
            yield from claim_events(claim, place, view)
        return
    sequence, modified = sequence_of(occurrences, at), _modified(occurrences, at)
    created = min(claim.created_at for claim in occurrences)
    repeating: dict[str, dict[date, Event]] = defaultdict(dict)
    for claim in told:
        for event in claim_events(claim, place, view):
            repeating[event.uid][_day(claim, place)] = event._replace(
                sequence=sequence, created=created, modified=modified
            )
    for days in repeating.values():
        yield from recurring(occurrences[0].rule or "", days)
    for claim in told:
        yield from moment_events(claim, place, view)


def _modified(occurrences: Occurrences, at: datetime) -> datetime:
    """The last change of any of them, also that one's time was over."""
    gone = [claim.leaves_at for claim in occurrences if claim.leaves_at <= at]
    return max(*gone, *(claim.modified_at for claim in occurrences), occurrences[0].modified_at)


def _day(claim: ShownClaim, place: Place) -> date:
    """The day that the rule names, on the clock of the house."""
    return at_venue(claim.occurrence or claim.starts, place.zone).date()
