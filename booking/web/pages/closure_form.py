"""The form of a closure: what was typed, as the services take it, and a closure as it would be typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from booking.domain.closures import Decision
from booking.domain.wall_clock import DAY, at_venue, instant
from booking.services.closures import ClosureRow, Wanted
from booking.storage.catalogues import CatalogueRow
from booking.web.pages.typed import LONGEST_TEXT, Typed

DECISION = "decision-"


@dataclass(frozen=True, slots=True)
class ClosureForm:
    """What was typed. `wanted` None: not enough to look at. `row`: the closure that is changed, if one is."""

    typed: Typed
    code: str
    wanted: Wanted | None
    row: ClosureRow | None = None

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.form.get(name, "")


def read_form(
    places: Sequence[CatalogueRow], given: Mapping[str, str], row: ClosureRow | None = None
) -> ClosureForm:
    """What was typed, as a closure; errors stand beside their fields."""
    typed = Typed(given)
    code = row.resource if row else typed.raw("resource")
    place = next((each for each in places if each.code == code), None)
    if place is None:
        typed.refuse("resource", "required" if not code else "unknown")
    reason = typed.text("reason", longest=LONGEST_TEXT, required=True)
    ends = _ends(typed, place) if place else None
    if typed.errors or ends is None or reason is None:
        return ClosureForm(typed, code, None, row)
    seen = typed.whole("seen", most=2**63)
    wanted = Wanted(*ends, reason, _decisions(given), None if seen is None else [seen])
    return ClosureForm(typed, code, wanted, row)


def typed_of(row: ClosureRow) -> dict[str, str]:
    """A closure as it would be typed."""
    if row.start_date is not None and row.end_date is not None:
        days = {"first": row.start_date.isoformat(), "last": (row.end_date - DAY).isoformat()}
        return {**days, "reason": row.reason}
    start, end = at_venue(row.starts, row.zone), at_venue(row.ends, row.zone)
    return {
        "first": start.date().isoformat(),
        "last": end.date().isoformat(),
        "from_time": start.strftime("%H:%M"),
        "to_time": end.strftime("%H:%M"),
        "reason": row.reason,
    }


def _ends(typed: Typed, place: CatalogueRow) -> tuple[datetime, datetime] | tuple[date, date] | None:
    first, last = typed.day("first"), typed.day("last")
    begins, ends = typed.hour("from_time"), typed.hour("to_time")
    if first is None:
        if "first" not in typed.errors:
            typed.refuse("first", "required")
        return None
    last = last or first
    if last < first:
        typed.refuse("last", "not-after-start")
        return None
    if begins is None and ends is None:
        return first, last + DAY
    if begins is None or ends is None:
        typed.refuse("to_time" if ends is None else "from_time", "required")
        return None
    start, end = (
        instant(datetime.combine(day, hour), place.zone) for day, hour in ((first, begins), (last, ends))
    )
    if end <= start:
        typed.refuse("to_time", "not-after-start")
        return None
    return start, end


def _decisions(given: Mapping[str, str]) -> dict[UUID, Decision]:
    found = {}
    for name, value in given.items():
        if not name.startswith(DECISION) or value not in set(Decision):
            continue
        try:
            found[UUID(name.removeprefix(DECISION))] = Decision(value)
        except ValueError:
            continue
    return found
