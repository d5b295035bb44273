"""Foreign calendars as JSON: how they are, what they would block, what a newer file would change."""

from typing import Any

from booking.web.api.documents import local
from booking.web.context import now
from calendars.services import external
from calendars.services.external import CalendarRow, Preview, Previewed
from calendars.services.replacing import Changes
from calendars.web.problems import problem_in_words


def document(row: CalendarRow) -> dict[str, Any]:
    """One calendar as JSON. A password in its address is not told."""
    times = {name: getattr(row, name) for name in ("read_at", "tried_at", "due_at")}
    return {
        "id": str(row.id),
        "venue": row.venue,
        "resource": row.resource,
        "label": row.label,
        "url": external.without_password(row.url) if row.url else None,
        "status": row.state,
        "problem": row.problem,
        "detail": problem_in_words(row.problem) if row.problem else None,
        "age": int((now() - row.read_at).total_seconds()) if row.read_at else None,
        **{name: local(moment, row.zone) if moment else None for name, moment in times.items()},
        "counts": row.counts,
        "warnings": warnings(row.notes),
        "map": row.blocks,
        "split": row.split,
    }


def preview_document(found: Preview, zone: str) -> dict[str, Any]:
    """What would block."""
    return {
        "counts": found.counts,
        "warnings": warnings(found.notes),
        "items": [_previewed(each, zone) for each in found.events],
        "over": [{"booking": str(each.id), "state": each.state} for each in found.over],
    }


def changes_document(found: Changes, zone: str) -> dict[str, Any]:
    """What a newer file would change; `believable`: whether it counts without anybody's word."""
    parts = {"added": found.difference.fresh, "changed": found.difference.other, "removed": found.difference.gone}
    return {
        "counts": found.counts,
        "warnings": warnings(found.notes),
        "believable": found.is_believable,
        "same": found.difference.same,
        **{
            name: [_previewed(external.previewed(each), zone) for each in listed[: external.MOST_PREVIEWED]]
            for name, listed in parts.items()
        },
    }


def _previewed(each: Previewed, zone: str) -> dict[str, Any]:
    spans = [{"start": local(span.start, zone), "end": local(span.end, zone)} for span in each.spans[:50]]
    return {
        "title": each.title,
        "location": each.location,
        "status": each.status,
        "block": each.block,
        "resources": list(each.targets),
        "spans": spans,
    }


def warnings(notes: Any) -> list[dict[str, Any]]:
    """What was not understood, and of which event; of a spreadsheet, in which row."""
    return [
        {"code": code, "detail": problem_in_words(code), "event": what, **({"row": row[0]} if row else {})}
        for code, what, *row in notes
    ]
