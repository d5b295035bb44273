"""A chain drawn as trains are (Marey, 1885): days run down, houses stand across, the line is the kit.

Nothing but geometry in here: figures in units of the drawing, for SVG attributes. Words are the template's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from booking.domain.resources import SPACES
from booking.domain.spans import Span
from booking.domain.states import ENDS
from booking.domain.trajectories import Gap
from booking.domain.wall_clock import DAY, at_venue, planning_days
from booking.services.trajectories import LegView, View
from booking.storage.registers import BookingRow
from booking.web.pages.days import SATURDAY, monday

WIDTH = 904.0
LEFT = 118.0
TALL, LOW = 24.0, 9.0
"""A day of a chain of weeks, and of one of months."""

MOST_TALL = 63
HEAD = 86.0
FOOT = 8.0
STAY = 34.0
"""How far beside the line of the kit a stay stands."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the axis."""

    date: date
    y: float
    height: float
    is_off: bool
    is_monday: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One house. `x`: of the line of the kit; `width`: until the next house."""

    code: str
    name: str
    town: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Block:
    """One stay as it stands in its column. `part`: its booking."""

    part: BookingRow
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Rail:
    """A piece of the line: a stay, a leg, or a gap. `kind`: stay, leg, gap or way (without kit)."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    leg: LegView | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Train:
    """The whole drawing."""

    width: float
    height: float
    top: float
    days: Sequence[DayLine]
    is_tall: bool
    columns: Sequence[Column]
    blocks: Sequence[Block]
    rails: Sequence[Rail]


def draw(view: View) -> Train | None:
    """The drawing of a chain; None when there is nothing to draw. Ended stays stand only where nothing replaced
    them."""
    stays = shown_stays(view)
    if not stays:
        return None
    zone = stays[0].zone
    spans = [Span(stay.starts, stay.ends) for stay in map(rooms_of, stays)]
    first = monday(min(planning_days(span, zone, stays[0].day_line)[0] for span in spans))
    last = max(planning_days(span, zone, stays[0].day_line)[-1] for span in spans)
    count = -(-((last - first).days + 1) // 7) * 7
    tall = TALL if count <= MOST_TALL else LOW
    scale = Scale(first, tall, zone)
    days = [
        DayLine(day, HEAD + tall * n, tall, day.weekday() >= SATURDAY, day.weekday() == 0)
        for n, day in enumerate(first + DAY * n for n in range(count))
    ]
    columns = _columns(stays)
    blocks = [_block(rooms_of(stay), columns[stay.venue], scale) for stay in stays]
    rails = list(_rails(view, stays, columns, scale))
    height = HEAD + tall * count + FOOT
    return Train(WIDTH, height, HEAD, days, tall == TALL, list(columns.values()), blocks, rails)


@dataclass(frozen=True, slots=True)
class Scale:
    """From moments to heights."""

    first: date
    day: float
    zone: str

    def of(self, moment: datetime) -> float:
        """The height of an instant, on the clock of the first house."""
        local = at_venue(moment, self.zone)
        days = (local.date() - self.first).days + (local.hour * 60 + local.minute) / 1440
        return round(HEAD + self.day * days, 1)

    def of_day(self, day: date) -> float:
        """The height at which a day begins."""
        return HEAD + self.day * (day - self.first).days


def shown_stays(view: View) -> list[BookingRow]:
    """The stays, in order; of a house that was asked again only what is asked now."""
    stays = [stay for stay in view.chain.stays if any(claim.kind != "equipment" for claim in stay.claims)]
    asked = {stay.venue for stay in stays if stay.state not in ENDS}
    gone = view.row.replaced
    return [stay for stay in stays if stay.state not in ENDS or not (stay.venue in asked or stay.id in gone)]


def rooms_of(stay: BookingRow) -> BookingRow:
    """A stay with its rooms alone, if it has any: kit and beds may be longer."""
    rooms = tuple(claim for claim in stay.claims if claim.kind in SPACES)
    others = tuple(claim for claim in stay.claims if claim.kind != "equipment")
    return replace(stay, claims=rooms or others or stay.claims)


def _columns(stays: Iterable[BookingRow]) -> dict[str, Column]:
    houses = list(dict.fromkeys((stay.venue, stay.venue_name, stay.town) for stay in stays))
    width = round((WIDTH - LEFT) / len(houses), 1)
    return {
        code: Column(code, _short(name, width), town, round(LEFT + width * n + 14, 1), width)
        for n, (code, name, town) in enumerate(houses)
    }


def _short(name: str, width: float) -> str:
    """The name as far as there is room for it."""
    short = name.partition(",")[0]
    most = int((width - 20) / 9)
    return short if len(short) <= most else f"{short[: most - 1].rstrip()}…"


def _ends(stay: BookingRow, scale: Scale) -> tuple[float, float]:
    first = min(stay.claims, key=lambda claim: claim.starts)
    last = max(stay.claims, key=lambda claim: claim.ends)
    start = scale.of_day(first.start_date) if first.start_date else scale.of(first.starts)
    end = scale.of_day(last.end_date) if last.end_date else scale.of(last.ends)
    return start, max(end, start + scale.day)


def _block(stay: BookingRow, column: Column, scale: Scale) -> Block:
    start, end = _ends(stay, scale)
    return Block(stay, column.x + STAY - 14, start + 1, min(column.width - STAY - 8, 190.0), end - start - 2)


def _rails(view: View, stays: Sequence[BookingRow], columns: dict[str, Column], scale: Scale) -> Iterable[Rail]:
    """The line of the kit: through every stay, along every leg, and dotted where nothing is planned."""
    live = [rooms_of(stay) for stay in stays if stay.state not in ENDS]
    with_kit = bool(view.chain.gaps or view.legs)
    if with_kit:
        for stay in live:
            start, end = _ends(stay, scale)
            yield Rail("stay", columns[stay.venue].x, start + 6, columns[stay.venue].x, end - 6)
    drawn = set()
    for leg in view.legs:
        if leg.origin in columns and leg.destination in columns:
            drawn.add((leg.origin, leg.destination))
            yield Rail(
                "leg",
                columns[leg.origin].x,
                scale.of(leg.starts),
                columns[leg.destination].x,
                scale.of(leg.ends),
                leg=leg,
            )
    for gap in view.chain.gaps:
        if gap.origin in columns and gap.destination in columns:
            drawn.add((gap.origin, gap.destination))
            left = [
                _ends(stay, scale)[1] for stay in live if stay.venue == gap.origin and stay.starts < gap.before
            ]
            start = max(left, default=scale.of(gap.span.start))
            yield Rail(
                "gap", columns[gap.origin].x, start - 6, columns[gap.destination].x, scale.of(gap.before), gap=gap
            )
    for one, other in pairwise(live):
        if one.venue != other.venue and (one.venue, other.venue) not in drawn and not with_kit:
            yield Rail(
                "way",
                columns[one.venue].x,
                _ends(one, scale)[1] - 6,
                columns[other.venue].x,
                _ends(other, scale)[0] + 6,
            )
