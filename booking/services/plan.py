"""A house over some time: what lies on its resources, and the rank of every option day by day: one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Atom
from booking.domain.people import Person
from booking.domain.queue import Hold, Key, key, ranked_days
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.services.timeline import Names, TimelineItem, items_of, named, nameless
from booking.storage import timelines
from booking.storage.queues import key_of_external
from booking.storage.timelines import TimelineRow


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies on resources. `ranks`: code → claim of an option → day → rank, of options that others meet;
    whom nobody meets there has the first rank on every day."""

    items: Mapping[str, Sequence[TimelineItem]]
    ranks: Mapping[str, Mapping[UUID, Mapping[date, int]]]


def lying(
    connection: Connection,
    person: Person,
    codes: Collection[str],
    atoms: Mapping[int, Atom],
    during: Span,
    *,
    zone: str,
    day_line: int,
    names: Names = nameless,
) -> Lying:
    """`atoms`: by id, all that these resources are made of. The ranks of days outside `during` are not told."""
    rows = timelines.rows(connection, codes, during)
    return Lying(named(connection, items_of(rows, codes, person), names), _ranks(rows, atoms, zone, day_line))


def _ranks(
    rows: Iterable[TimelineRow], atoms: Mapping[int, Atom], zone: str, day_line: int
) -> dict[str, dict[UUID, dict[date, int]]]:
    held: dict[int, dict[object, Hold]] = {}
    options: dict[tuple[str, UUID], dict[int, Hold]] = {}
    for row in rows:
        if row.force != Force.SOFT and atoms[row.atom_id].exclusive:
            continue  # in a room only options stand before options
        hold = Hold(row.atom_id, Span(row.starts, row.ends), row.quantity, _key(row))
        held.setdefault(row.atom_id, {})[row.claim or row.closure or row.external_id, row.starts] = hold
        if hold.key is not None and row.claim is not None:
            options.setdefault((row.asked, row.claim), {})[row.atom_id] = hold
    others = {atom: list(each.values()) for atom, each in held.items()}
    meeting = {atom: _meeting(each) for atom, each in others.items()}
    found: dict[str, dict[UUID, dict[date, int]]] = {}
    for (code, claim), mine in options.items():
        contested = [hold for atom, hold in mine.items() if hold.key in meeting[atom]]
        if not contested:
            continue
        worst = found.setdefault(code, {}).setdefault(claim, {})
        around = [other for hold in contested for other in others[hold.atom]]
        for each in ranked_days(contested, around, atoms, zone, day_line):
            worst[each.day] = max(each.rank, worst.get(each.day, 1))
    return found


def _meeting(holds: Iterable[Hold]) -> set[Key | None]:
    """The keys of the options that meet another hold on one atom, told cheaply: most meet nobody."""
    keys: set[Key | None] = set()
    in_order = sorted(holds, key=lambda hold: hold.span.start)
    last: Hold | None = None
    for before, after in pairwise(in_order):
        last = before if last is None or before.span.end > last.span.end else last
        if after.span.start < last.span.end:
            keys |= {last.key, before.key, after.key}
    return keys


def _key(row: TimelineRow) -> Key | None:
    if row.force != Force.SOFT:
        return None
    if row.external_id is not None:
        return key_of_external(row.external_id)
    return key(row.granted_at, row.booking, row.manual_order) if row.granted_at and row.booking else None
