"""The rows of a season written out: a template takes twice as long for some thousand pieces as their page may."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask_babel import gettext
from markupsafe import Markup, escape

from booking.web.pages.formats import week
from booking.web.pages.season import Piece, Week


def pieces(row: Iterable[Piece], marks: Mapping[str, Markup], *, moves: bool) -> Markup:
    """What a room has, as items of its list. `marks`: the icon of each state; `moves`: whether the reader may."""
    return Markup("".join([_piece(each, marks, moves=moves) for each in row]))  # noqa: S704 -- escaped below


def _piece(each: Piece, marks: Mapping[str, Markup], *, moves: bool) -> str:
    said = escape(each.said)
    first, *others = each.runs
    mark = marks.get(each.mark, "")
    inside = f"<b>{escape(each.name)}</b>" if each.within else ""
    runs = f'<i class="{first[1]} span-{first[0]}">{mark}{inside}</i>'
    runs += "".join([f'<i class="{shape} span-{length}"></i>' for length, shape in others])
    if each.beside:
        runs += f'<b class="span-{each.beside}">{escape(each.name)}</b>'
    if each.count:
        runs = f'<a class="piece piece--many" href="{escape(each.href or "")}" aria-label="{said}">{runs}</a>'
    elif each.href:
        runs = f'<a class="piece" href="{escape(each.href)}" aria-label="{said}">{runs}</a>'
    else:
        runs = f'<span class="piece" title="{said}">{runs}</span>'
    place = f"lane-{each.lane} from-{each.column} span-{each.width + each.beside}"
    return f'<li class="{place}"{" data-moves" if moves and each.moves else ""}>{runs}</li>'


def stock(weeks: Sequence[Week], first: date) -> Markup:
    """How much of a stock is taken, as items of a list, where some of it is. `first`: day of the season."""
    sentence = gettext("Week %(week)s: %(taken)s of %(all)s taken, %(open)s of them open")
    written = [
        f'<li class="from-{(each.first - first).days + 1} span-7">{_level(each)}<span class="visually-hidden">'
        f"{escape(_said(sentence, each))}</span>"
        f'<span class="level__count" aria-hidden="true">{each.settled + each.open}</span></li>'
        for each in weeks
        if each.settled or each.open
    ]
    return Markup("".join(written))  # noqa: S704 -- escaped above


def occupancy(weeks: Sequence[Week], first: date) -> Markup:
    """How full all rooms are in each week, as items of a list."""
    sentence = gettext("Week %(week)s: %(settled)s of %(all)s room-days settled, %(open)s open")
    written = [
        f'<li class="from-{(each.first - first).days + 1} span-7">{_level(each)}<span class="visually-hidden">'
        f"{escape(_said(sentence, each))}</span></li>"
        for each in weeks
    ]
    return Markup("".join(written))  # noqa: S704 -- escaped above


def _said(sentence: str, each: Week) -> str:
    taken = each.settled + each.open
    facts = {"week": week(each.first), "taken": taken, "settled": each.settled, "open": each.open, "all": each.of}
    return sentence % facts


def _level(each: Week) -> str:
    """How full a week is, from the ground: settled, and open on top."""
    settled, open_ = round(100 * each.settled / each.of, 1), round(100 * each.open / each.of, 1)
    return (
        '<svg class="level" aria-hidden="true" focusable="false">'
        + (_bar("settled", settled, settled) if each.settled else "")
        + (_bar("open", settled + open_, open_) if each.open else "")
        + "</svg>"
    )


def _bar(name: str, top: float, height: float) -> str:
    y = max(round(100 - top, 1), 0)
    return f'<rect class="level__{name}" x="8%" width="84%" y="{y}%" height="{height}%"></rect>'
