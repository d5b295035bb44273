"""Unmet need as a page: what was asked and not served, with numbers, for the coordinator."""

from datetime import date, timedelta

from flask import render_template, request

from booking.domain.wall_clock import DAY
from booking.services import unmet
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in

USUAL = timedelta(days=183)
LONGEST = timedelta(days=10 * 366)


@pages.get("/reports/unmet")
def unmet_need() -> str:
    """The months that the address says; else half a year back and half a year ahead."""
    person, today = signed_in(), now().date()
    first = read_date(request.args.get("first")) or (today - USUAL).replace(day=1)
    last = _last(first, read_date(request.args.get("last")) or today + USUAL)
    with database().read() as connection:
        rows = unmet.report(connection, person, first, last + DAY)
    return render_template(
        "report-unmet.html",
        rows=rows,
        first=first,
        last=last,
        said=candidates,
        asked=sum(row.asked for row in rows),
        served=sum(row.served for row in rows),
        came_to_nothing=sum(row.unmet for row in rows),
    )


def _last(first: date, last: date) -> date:
    """Not before the first day, and not for ever after it."""
    return min(max(first, last), first + LONGEST)
