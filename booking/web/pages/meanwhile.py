"""What somebody else set while a form was open: found by what it was filled in with, which it sends along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from booking.web.pages.typed import Typed


@dataclass(frozen=True, slots=True)
class Beside:
    """A form to be filled in again. `shown`: what it sends along; `meanwhile`: the names of what others set."""

    values: Mapping[str, str]
    shown: str
    revision: str
    meanwhile: frozenset[str] = frozenset()


def as_stored(stored: Mapping[str, str], revision: int) -> Beside:
    """As somebody opens it."""
    return Beside(stored, _kept(stored), str(revision))


def as_typed(typed: Typed, stored: Mapping[str, str]) -> Beside:
    """After an error: it still knows what it knew when it was opened, and no more."""
    return Beside({**dict.fromkeys(stored, ""), **typed.form}, typed.raw("shown"), typed.raw("revision"))


def beside(typed: Typed, stored: Mapping[str, str], revision: int) -> Beside:
    """After somebody else was first: what was typed, with what they set; what was not touched follows them."""
    now = {name: _again(typed, name) for name in stored}
    before = _before(typed)
    known = before or now
    touched = {name: text for name, text in now.items() if before is None or text != before.get(name)}
    others = frozenset(name for name, value in stored.items() if value != known.get(name, ""))
    return Beside({**stored, **touched}, _kept(stored), str(revision), others)


def _kept(stored: Mapping[str, str]) -> str:
    return json.dumps(dict(stored), ensure_ascii=False)


def _before(typed: Typed) -> dict[str, str] | None:
    """None: the form says nothing that can be read, so whatever differs from it counts as set by others."""
    try:
        before = json.loads(typed.raw("shown"))
    except (ValueError, RecursionError):
        return None
    return before if isinstance(before, dict) else None


def _again(typed: Typed, name: str) -> str:
    """Browsers send other line ends than they got."""
    return typed.raw(name).replace("\r\n", "\n")
