"""Unmet need as a page: what was asked and not served, to look at and to read; and as a file for a spreadsheet."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from flask import Response, render_template, request
from flask_babel import gettext

from booking.domain.unmet import Outcome, UnmetGroup, UnmetRow, grouped
from booking.domain.wall_clock import DAY
from booking.services import unmet
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in

USUAL = timedelta(days=183)
LONGEST = timedelta(days=10 * 366)
MOST_BARS = 12
BAR, GAP = 22, 14
"""Of the chart: how high a bar is, and what stands between two."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart, in units of a hundred: served, then what came to nothing, then what is open."""

    label: str
    group: UnmetGroup
    y: int
    served: float
    unmet: float
    open: float


@pages.get("/reports/unmet")
def unmet_need() -> str:
    """The months that the address says; else half a year back and half a year ahead."""
    first, last, rows = _report()
    groups = grouped(rows)
    bars = _bars(groups)
    return render_template(
        "report-unmet.html",
        groups=[(label(group.first), group) for group in groups],
        bars=bars,
        bar=BAR,
        first=first,
        last=last,
        asked=sum(row.asked for row in rows),
        served=sum(row.served for row in rows),
        came_to_nothing=sum(row.unmet for row in rows),
    )


@pages.get("/reports/unmet.csv")
def unmet_file() -> Response:
    """The same months, a line for each kind, month and region."""
    first, last, rows = _report()
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(
        [
            gettext("What was asked"),
            gettext("Month"),
            gettext("Region"),
            gettext("Asked"),
            gettext("Served"),
            gettext("Declined"),
            gettext("Lapsed"),
            gettext("Went to another"),
            gettext("Open"),
        ]
    )
    outcomes = (Outcome.SERVED, Outcome.DECLINED, Outcome.LAPSED, Outcome.BEATEN, Outcome.OPEN)
    for row in rows:
        counts = [row.counts.get(each, 0) for each in outcomes]
        lines.writerow([label(row), f"{row.month:%Y-%m}", row.region or "", row.asked, *counts])
    name = f"unmet-{first}-{last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def label(row: UnmetRow) -> str:
    """What was asked, in a few words."""
    need = candidates.need_in_words(row.need)
    return f"{words.kind(row.kind)}, {need}" if need else str(words.kind(row.kind))


def _report() -> tuple[date, date, list[UnmetRow]]:
    person, today = signed_in(), now().date()
    first = read_date(request.args.get("first")) or (today - USUAL).replace(day=1)
    last = _last(first, read_date(request.args.get("last")) or today + USUAL)
    with database().read() as connection:
        return first, last, unmet.report(connection, person, first, last + DAY)


def _bars(groups: Sequence[UnmetGroup]) -> list[Bar]:
    """The largest, each as long as it was asked often."""
    most = max((group.asked for group in groups), default=0)
    return [
        Bar(
            label(group.first),
            group,
            n * (BAR + GAP),
            round(100 * group.served / most, 2),
            round(100 * group.unmet / most, 2),
            round(100 * (group.asked - group.served - group.unmet) / most, 2),
        )
        for n, group in enumerate(groups[:MOST_BARS])
    ]


def _last(first: date, last: date) -> date:
    """Not before the first day, and not for ever after it."""
    return min(max(first, last), first + LONGEST)
