"""Offered windows, for people: as a sentence on the page of a resource, and as a form for its house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext

from booking.domain.wall_clock import DAY, at_venue, instant
from booking.domain.windows import Window
from booking.services.windows import Windows
from booking.web.pages import formats
from booking.web.pages.typed import Typed

MOST_ROWS = 100
MOST_SAID = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One window as the form shows it: days as people say them (the last one included), hours if it has any."""

    number: int
    first: str = ""
    last: str = ""
    opens: str = ""
    closes: str = ""
    errors: Mapping[str, Sequence[str]] | None = None


def in_words(found: Windows, at: datetime) -> list[str]:
    """When companies may ask; nothing where they always may."""
    coming = [row for row in found.rows if row.ends > at]
    if found.rows and not coming:
        return [str(gettext("Not open for requests now."))]
    said = [formats.span(row.start_date or row.starts, row.end_date or row.ends, found.zone) for row in coming]
    if not said:
        return []
    more = [str(gettext("and later"))] if len(said) > MOST_SAID else []
    return [str(gettext("Open for requests: %(periods)s.", periods=formats.together([*said[:MOST_SAID], *more])))]


def lines_of(found: Windows, at: datetime) -> list[Line]:
    """What is set, without what is long over, and one line for more."""
    shown = [_line(n, row, found.zone) for n, row in enumerate(row for row in found.rows if row.ends > at)]
    return [*shown, Line(len(shown))]


def _line(number: int, row: Any, zone: str) -> Line:
    if row.start_date:
        return Line(number, row.start_date.isoformat(), (row.end_date - DAY).isoformat())
    start, end = at_venue(row.starts, zone), at_venue(row.ends, zone)
    return Line(
        number, start.date().isoformat(), end.date().isoformat(), start.strftime("%H:%M"), end.strftime("%H:%M")
    )


def read_lines(form: Mapping[str, str], zone: str) -> tuple[list[Window], list[Line]]:
    """What was typed, as windows; and the lines as they were typed, with their errors when there are any."""
    typed, windows, lines = Typed(form), [], []
    for number in range(MOST_ROWS):
        if f"first-{number}" not in form:
            break
        names = {name: f"{name}-{number}" for name in ("first", "last", "opens", "closes")}
        window = _read(typed, names, zone)
        errors = {name: typed.errors[full] for name, full in names.items() if full in typed.errors}
        raw = {name: typed.raw(full) for name, full in names.items()}
        lines.append(Line(number, **raw, errors=errors))
        if window is not None and not errors:
            windows.append(window)
    return windows, lines


def _read(typed: Typed, names: Mapping[str, str], zone: str) -> Window | None:
    first, last = typed.day(names["first"]), typed.day(names["last"])
    opens, closes = typed.hour(names["opens"]), typed.hour(names["closes"])
    if first is None and last is None:
        return None
    if first is None or last is None:
        typed.refuse(names["first" if first is None else "last"], "required")
        return None
    start, end = _ends(first, last, opens, closes, zone)
    if end <= start:
        typed.refuse(names["last"], "not-after-start")
        return None
    return Window(start, end)


def _ends(first: date, last: date, opens: time | None, closes: time | None, zone: str) -> tuple[Any, Any]:
    """Whole planning days, or from an hour to an hour; midnight at the end closes the day."""
    if opens is None and closes is None:
        return first, last + DAY
    ends = datetime.combine(last if closes else last + DAY, closes or time())
    return instant(datetime.combine(first, opens or time()), zone), instant(ends, zone)
