"""The plan as it is shown, as a file: a table for spreadsheets, a line for each thing on each place."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask import Response
from flask_babel import gettext

from booking.domain.inventory import Cell
from booking.services.spreadsheets import written_csv
from booking.storage.catalogues import CatalogueRow
from booking.web.context import database
from booking.web.languages import language
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.days import Stretch
from booking.web.pages.formats import clock
from booking.web.pages.plans import Asked, Seen
from booking.web.pages.season import shown
from booking.web.pages.sign_in import signed_in


@pages.get("/desk/<venue>/plan.csv")
def plan_table(venue: str) -> Response:
    """The days and rooms of the address, as on the page. NotFound for whoever may not see the plan."""
    person = signed_in()
    with database().read() as connection:
        seen = Seen.read(connection, person, Asked.read(connection, person, venue))
    rows = [_heads(), *_lines(seen)]
    content = written_csv(rows, comma="." if language() == "en" else ",")
    name = f"{venue}-plan-{seen.axis[0].date}-{seen.axis[-1].date}.csv"
    return Response(
        content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _heads() -> Sequence[Cell]:
    return (
        gettext("Place"),
        gettext("Code"),
        gettext("First day"),
        gettext("Begins at"),
        gettext("Last day"),
        gettext("Ends at"),
        gettext("State"),
        gettext("Rank"),
        gettext("Company"),
        gettext("Title"),
        gettext("Pieces"),
    )


def _lines(seen: Seen) -> Iterator[Sequence[Cell]]:
    """In the order of the page, on each place by the day."""
    first, last = seen.axis[0].date, seen.axis[-1].date
    for place, _, lying in seen.rows():
        inside = [each for each in lying if each.first <= last and first <= each.last]
        for each in sorted(inside, key=_when):
            yield _line(place, each, seen.rank(place, each))


def _when(each: Stretch) -> tuple[date, date, str]:
    return each.first, each.last, each.hours[0].isoformat() if each.hours else ""


def _line(place: CatalogueRow, each: Stretch, rank: int | None) -> Sequence[Cell]:
    item = each.item
    known = item is not None and (item.booking is not None or item.title)
    state = words.STATES if known else words.SEEN_BY_OTHERS
    return (
        words.name(place.name),
        place.code,
        str(each.first),
        _clock(each.hours and each.hours[0], place),
        str(each.last),
        _clock(each.hours and each.hours[1], place),
        str(state[shown(each)]),
        rank,
        (item.organisation or gettext("The house")) if item and item.booking else None,
        item.title if item else None,
        item.quantity if item else None,
    )


def _clock(moment: datetime | None, place: CatalogueRow) -> str | None:
    return clock(moment, place.zone) if moment else None
