"""My bookings: as a list, on a timeline, as a month, or as weeks. The address says which of them, and when.

A page holds so many; those that were asked before are on the next one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request

from booking.domain.spans import Span
from booking.domain.states import ENDS, OPEN, State
from booking.domain.wall_clock import DAY, planning_day, whole_days
from booking.services import bookings, standing
from booking.services.standing import Standing
from booking.storage.registers import BookingFilter, BookingRow
from booking.web.context import database, now
from booking.web.pages import days
from booking.web.pages.blueprint import pages
from booking.web.pages.days import WEEK, monday
from booking.web.pages.hats import worn
from booking.web.pages.overview import (
    VIEWS,
    ZONE,
    first_day,
    needs_answer,
    ranked,
    ranks_of,
    shown_claims,
    soonest,
    stretches,
    stretches_of,
)
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.timelines import Axis, Line

MOST = 200
LIVE = frozenset(State) - ENDS
WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a view, both included, and where its pages before and after it begin."""

    first: date
    last: date
    earlier: date
    later: date

    @property
    def span(self) -> Span:
        """The time that its days take."""
        return whole_days(self.first, self.last + DAY, ZONE, 0)


def _weeks(day: date) -> Window:
    first, length = monday(day), DAY * WEEK * WEEKS_SHOWN
    return Window(first, first + length - DAY, first - length, first + length)


def _month(day: date) -> Window:
    """The weeks of a month: from the Monday before it to the Sunday after it."""
    first = day.replace(day=1)
    later = (first + DAY * 31).replace(day=1)
    return Window(monday(first), monday(later - DAY) + DAY * (WEEK - 1), (first - DAY).replace(day=1), later)


def _timeline(day: date) -> Window:
    axis = Axis.of(day, day)
    return Window(axis.first, axis.last, axis.earlier, axis.later)


WINDOWS: Mapping[str, Callable[[date], Window]] = {"weeks": _weeks, "month": _month, "timeline": _timeline}


@pages.get("/bookings")
def list_bookings() -> str:
    """What needs an answer, and below it everything as it is asked for: what is to come and over, or drawn."""
    person, at = signed_in(), now()
    view = request.args["view"] if request.args.get("view") in VIEWS else "list"
    asked, today = read_date(request.args.get("from")), planning_day(at, ZONE, 0)
    drawn = WINDOWS.get(view)
    company, before = worn(person), request.args.get("before", type=UUID)
    with database().read() as connection:
        wanted = BookingFilter(organisation=company, after=before, limit=MOST + 1, newest_first=True)
        if drawn:
            wanted = replace(wanted, states=LIVE, ends_after=min(drawn(asked or today).span.start, at))
        found = bookings.listing(connection, person, wanted)
        rows, has_more = found[:MOST], len(found) > MOST
        coming = soonest(row for row in rows if row.state in LIVE and row.ends > at)
        day = asked or first_day(coming, today)
        window = drawn(day) if drawn else None
        inside = _inside(rows, window.span) if window else []
        known = {row.id: row for row in (*coming, *inside)}
        stands = standing.of(connection, ranked(list(known.values())), at=at)
    axis = Axis.of(window.first, today) if window and view == "timeline" else None
    ahead = {row.id for row in coming}
    return render_template(
        "bookings.html",
        view=view,
        views_of=VIEWS,
        rooms=shown_claims,
        asked=asked,
        day=day,
        window=window,
        waiting=needs_answer(coming, stands, person, at),
        ranks=ranks_of(stands),
        axis=axis,
        lines=_lines(axis, inside, stands) if axis else (),
        strips=_strips(window, inside, stands, today) if window and not axis else (),
        coming=coming,
        over=sorted((row for row in rows if row.id not in ahead), key=lambda row: row.starts, reverse=True),
        with_company=company is None and bool(person.manages or person.assists or person.sees_everything),
        open_count=sum(row.state in OPEN for row in coming),
        most=MOST,
        older=_page(view, day if window else None, rows[-1].id) if has_more else None,
        newest=_page(view, day if window else None) if before else None,
    )


def _inside(rows: Sequence[BookingRow], span: Span) -> list[BookingRow]:
    """What lies in it; the first to begin stands first."""
    return soonest(row for row in rows if row.starts < span.end and span.start < row.ends)


def _page(view: str, day: date | None, before: UUID | None = None) -> str:
    """The address of this view on other bookings: of those asked before that one, or of the last that were."""
    query = {"view": day and view, "from": day and day.isoformat(), "before": before}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"/bookings?{asked}" if asked else "/bookings"


def _lines(axis: Axis, rows: Sequence[BookingRow], stands: Mapping[UUID, Standing]) -> list[Line]:
    lines = [axis.line(row, stretches_of(row, stands)) for row in rows]
    return [line for line in lines if line.pieces]


def _strips(
    window: Window, rows: Sequence[BookingRow], stands: Mapping[UUID, Standing], today: date
) -> list[days.Strip]:
    axis = days.axis(window.first, (window.last - window.first).days + 1, today=today)
    return days.weeks(axis, stretches(rows, stands))
