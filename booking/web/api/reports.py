"""Reports of the programme."""

from datetime import date, timedelta
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.refusals import Malformed
from booking.domain.unmet import Outcome, UnmetRow
from booking.services import unmet
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint
from booking.web.candidates import need_in_words
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("reports", "Numbers of the programme, for its coordinator.")

LONGEST_DAYS = 10 * 366
USUAL = timedelta(days=183)


class UnmetQuery(ma.Schema):
    """From when to when (excluded) the first asked day lies; without, half a year back and half a year ahead."""

    from_ = ma.fields.Date(data_key="from", error_messages={"invalid": "not-a-time"})
    to = ma.fields.Date(error_messages={"invalid": "not-a-time"})


class UnmetAnswer(ma.Schema):
    """Askings that are alike: `period` is a month, `region` none over several; `unmet` is what came to nothing."""

    items = ma.fields.List(ma.fields.Dict())
    totals = ma.fields.Dict()
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET", "/unmet")
@blueprint.takes(UnmetQuery, location="query")
@blueprint.gives(200, UnmetAnswer)
def get_unmet_need(asked: dict[str, Any]) -> Response:
    """What was asked and not served, by kind, period and region, and by what the place had to be."""
    person, today = require_viewer(), now().date()
    first, end = asked.get("from_", today - USUAL), asked.get("to", today + USUAL)
    check_range(first, end)
    with database().read() as connection:
        rows = unmet.report(connection, person, first, end)
    return json_answer({"items": [_row(row) for row in rows], "totals": totals(rows), "next": None})


def check_range(first: date, end: date) -> None:
    """Malformed unless it runs forward, and not for ever."""
    if end <= first:
        raise Malformed({"to": ["not-after-start"]})
    if (end - first).days > LONGEST_DAYS:
        raise Malformed({"to": ["out-of-range"]})


def totals(rows: list[UnmetRow]) -> dict[str, int]:
    """All rows together."""
    names = ("asked", "served", "unmet")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


def _row(row: UnmetRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "period": row.month.strftime("%Y-%m"),
        "region": row.region,
        "sprung_floor": row.sprung,
        "min_width_m": row.size,
        "min_depth_m": row.size,
        "text": need_in_words(row.need),
        "asked": row.asked,
        "served": row.served,
        "unmet": row.unmet,
        **{str(outcome): row.counts.get(outcome, 0) for outcome in Outcome if outcome is not Outcome.SERVED},
    }
