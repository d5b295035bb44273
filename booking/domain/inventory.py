"""The inventory of a house as a table: a row for each resource, a column for everything that its house sets.

A column is named as the API names it. In a file that is read a column that is missing changes nothing; an empty
cell takes away what was there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from booking.domain.bookings import Purpose
from booking.domain.resources import RATES
from booking.domain.rule_documents import SHEET

Cell = str | int | float | bool | None
LANGUAGES = ("nl", "fr", "en")
YES = frozenset({"yes", "ja", "oui", "true", "1", "x"})
NO = frozenset({"no", "nee", "non", "false", "0"})
MOST_LINES = 5000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})\s+(.+)")


class BadCell(ValueError):
    """What stands in a cell makes no sense; its text is a code of `booking/web/wording.py`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `read`: text → value, BadCell; `show`: value → cell."""

    name: str
    read: Callable[[str], Any]
    show: Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file that was read. `number`: as a spreadsheet numbers it; `values`: by column, None: empty.

    `errors`: column → code."""

    number: int
    values: Mapping[str, Any]
    errors: Mapping[str, str]


def _text(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise BadCell("too-long")
    return text


def _whole(text: str) -> int:
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.lstrip("-").isdigit()) or len(plain) > len(str(10**12)):
        raise BadCell("not-a-whole-number")
    return int(plain)


def _measure(text: str) -> float | int:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise BadCell("not-a-number") from error
    if not value.is_finite() or abs(value) > 10**9:
        raise BadCell("not-a-number")
    return int(value) if value == value.to_integral_value() else float(value)


def _money(text: str) -> int:
    try:
        cents = Decimal(re.sub(r"[\s€\u00a0\u202f]", "", text).replace(",", ".")) * 100
    except InvalidOperation as error:
        raise BadCell("not-an-amount") from error
    if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > 10**12:
        raise BadCell("not-an-amount")
    return int(cents)


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise BadCell("not-yes-or-no")
    return text.lower() in YES


def _codes(text: str) -> list[str]:
    return sorted(each for each in re.split(r"[\s,;]+", text) if each)


def _hours(text: str) -> Any:
    """`mon-fri 09:00-22:00; sat 10:00-14:00`, or `always`.

    >>> _hours("mon-fri 09:00-22:00; sat,sun 10:00-14:00")
    {'mon-fri': '09:00-22:00', 'sat,sun': '10:00-14:00'}
    """
    if text.lower() == "always":
        return "always"
    found: dict[str, str] = {}
    for piece in filter(None, (each.strip() for each in text.split(";"))):
        days, _, hours = piece.partition(" ")
        if not hours or days in found:
            raise BadCell("not-hours")
        found[days.lower()] = hours.replace(" ", "")
    return found


def _shown_hours(value: Any) -> Cell:
    return value if isinstance(value, str) else "; ".join(f"{days} {hours}" for days, hours in value.items())


def _seasons(text: str) -> list[dict[str, Any]]:
    """`2027-07-01..2027-09-01 mon-fri 10:00-16:00`, several with a bar between them; the end is excluded."""
    found = []
    for piece in filter(None, (each.strip() for each in text.split("|"))):
        match = SPAN.fullmatch(piece)
        if match is None:
            raise BadCell("not-hours")
        found.append({"start": match[1], "end": match[2], "opening": _hours(match[3])})
    return found


def _shown_seasons(value: Sequence[Mapping[str, Any]]) -> Cell:
    return " | ".join(f"{each['start']}..{each['end']} {_shown_hours(each['opening'])}" for each in value)


def _same(value: Any) -> Cell:
    return value  # type: ignore[no-any-return]  # a cell already


def _yes_or_no(value: bool) -> Cell:
    return "yes" if value else "no"


def _column(name: str, read: Callable[[str], Any], show: Callable[[Any], Cell] = _same) -> Column:
    return Column(name, read, show)


WORDS = frozenset({"floor", "load_in", "model", "languages"})
FLAGS = frozenset(
    {"three_phase", "sprung_floor", "dance_vinyl", "blackout", "step_free", "own_bathroom", "kitchen"}
)
METRES = frozenset({"width_m", "depth_m", "clear_height_m", "weight_kg"})


def _of_the_sheet(name: str) -> Column:
    column = f"technical_sheet.{name}"
    if name in FLAGS:
        return _column(column, _flag, _yes_or_no)
    return _column(column, _text if name in WORDS else _measure if name in METRES else _whole)


COLUMNS: Sequence[Column] = (
    _column("code", _text),
    _column("kind", _text),
    *(_column(f"name.{language}", _text) for language in LANGUAGES),
    _column("capacity", _whole),
    _column("unit", _text),
    *(_column(f"notes.{language}", _text) for language in LANGUAGES),
    *(_of_the_sheet(name) for name in SHEET),
    *(_column(f"rates.{rate}", _money, lambda cents: cents / 100) for rate in RATES),
    _column("rules.policy", _text),
    _column("rules.audience", _text),
    _column("rules.opening", _hours, _shown_hours),
    _column("rules.seasons", _seasons, _shown_seasons),
    _column("rules.whole_days_only", _flag, _yes_or_no),
    *(
        _column(f"rules.{name}", _whole)
        for name in (
            "granularity_minutes",
            "shortest_minutes",
            "longest_minutes",
            "lead_minutes",
            "horizon_days",
            "buffer_minutes.before",
            "buffer_minutes.after",
            "quota.bookings_ahead",
            "quota.days_per_year",
            "auto_confirm.at_most_days_ahead",
            "auto_confirm.at_most_days",
        )
    ),
    *(
        _column(f"rules.auto_confirm.{name}", _flag, _yes_or_no)
        for name in ("without_accommodation", "programme_company")
    ),
    *(
        _column(f"rules.buffer_minutes.purposes.{purpose.value}.{side}", _whole)
        for purpose in Purpose
        for side in ("before", "after")
    ),
    _column("parts", _codes, " ".join),
    _column("noise", _codes, " ".join),
)
BY_NAME = {column.name: column for column in COLUMNS}
ONLY_IF_USED = ("rules.seasons", "rules.auto_confirm.", "rules.buffer_minutes.purposes.")
"""Columns that a table leaves out where no resource has anything there."""


def found(document: Any, name: str) -> Any:
    """What a document has under a name such as `rules.quota.bookings_ahead`; None where it has nothing."""
    for member in name.split("."):
        document = document.get(member) if isinstance(document, Mapping) else None
    return document


def put(document: dict[str, Any], name: str, value: Any) -> None:
    """The other way round."""
    *above, last = name.split(".")
    for member in above:
        document = document.setdefault(member, {})
    document[last] = value


def shown_columns(documents: Sequence[Mapping[str, Any]]) -> list[Column]:
    """The columns of a table of these resources."""
    return [
        column
        for column in COLUMNS
        if not column.name.startswith(ONLY_IF_USED) or any(found(each, column.name) for each in documents)
    ]


def row_of(document: Mapping[str, Any], columns: Sequence[Column]) -> list[Cell]:
    """One resource as a row; what it does not say is an empty cell."""
    values = [found(document, column.name) for column in columns]
    return [None if value is None else column.show(value) for column, value in zip(columns, values, strict=True)]


def read_table(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Line]]:
    """The columns of a table and its lines, from its rows as text. BadCell when its head makes no sense."""
    if not rows:
        raise BadCell("no-rows")
    head = [each.strip() for each in rows[0]]
    while head and not head[-1]:
        head.pop()
    if "code" not in head:
        raise BadCell("no-code-column")
    if len(set(head)) != len(head):
        raise BadCell("column-twice")
    unknown = [name for name in head if name not in BY_NAME]
    if unknown:
        raise BadCell("unknown-column")
    lines = [
        _line(number, head, row)
        for number, row in enumerate(rows[1:], start=2)
        if any(each.strip() for each in row)
    ]
    if len(lines) > MOST_LINES:
        raise BadCell("too-many-rows")
    return head, lines


def _line(number: int, head: Sequence[str], row: Sequence[str]) -> Line:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, text in zip(head, [*row, *[""] * (len(head) - len(row))], strict=False):
        plain = text.strip()
        if not plain:
            values[name] = None
            continue
        try:
            values[name] = BY_NAME[name].read(plain)
        except BadCell as error:
            errors[name] = str(error)
    if not values.get("code"):
        errors.setdefault("code", "required")
    return Line(number, values, errors)
