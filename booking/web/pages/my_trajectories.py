"""My trajectories: as a list, or on a timeline with a line for each. The address says which, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request

from booking.domain.trajectories import ChainState
from booking.domain.wall_clock import planning_day
from booking.services import trajectories
from booking.services.trajectories import View
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.overview import VIEWS as ALL_VIEWS
from booking.web.pages.overview import ZONE, first_day, stretches_of
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.timelines import Axis, Line
from booking.web.pages.trains import rooms_of, shown_stays
from booking.web.pages.trajectories import headline

MOST = 100
VIEWS = {name: ALL_VIEWS[name] for name in ("list", "timeline")}


@dataclass(frozen=True, slots=True)
class Row:
    """A chain in the list: its sentence, and its stays."""

    view: View
    sentence: str
    stays: Sequence[BookingRow]


@pages.get("/trajectories")
def list_trajectories() -> str:
    """The chains of this person's company, or those in which their house has a part; the newest first."""
    person = signed_in()
    with database().read() as connection:
        views = trajectories.listing(connection, person, limit=MOST)
    rows = [Row(each, headline(each), shown_stays(each)) for each in views]
    over = (ChainState.WITHDRAWN,)
    open_rows = [row for row in rows if row.view.state not in over]
    view = request.args["view"] if request.args.get("view") in VIEWS else "list"
    asked = read_date(request.args.get("from"))
    axis = _axis(asked, open_rows) if view == "timeline" else None
    return render_template(
        "trajectories.html",
        view=view,
        views_of=VIEWS,
        asked=asked,
        axis=axis,
        lines=_lines_on(axis, open_rows) if axis else (),
        open_rows=open_rows,
        over_rows=[row for row in rows if row.view.state in over],
        may_make=bool(person.organisations),
        rooms_of=rooms_of,
        with_company=not person.organisations,
    )


def _axis(asked: date | None, rows: Sequence[Row]) -> Axis:
    """From the day that was asked, else from the first stay to come."""
    today = planning_day(now(), ZONE, 0)
    coming = [stay for row in rows for stay in row.stays if stay.ends > now()]
    return Axis.of(asked or first_day(coming, today), today)


def _lines_on(axis: Axis, rows: Sequence[Row]) -> list[Line]:
    """The chains of which something lies on the axis; the first to begin stands first."""
    chains = [(row, [(stay, stretches_of(rooms_of(stay))[0]) for stay in row.stays]) for row in rows]
    chains.sort(key=lambda chain: min((stretch.first for _, stretch in chain[1]), default=axis.last))
    lines = [axis.chain(row, row.view, stays) for row, stays in chains]
    return [line for line in lines if line.pieces]
