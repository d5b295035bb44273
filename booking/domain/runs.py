"""Things of one kind on days that follow one another: ten shows of one production are one run."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Each = TypeVar("Each")

NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run(Generic[Key, Each]):
    """`key`: what they have in common. `first`, `last`: days, both included. `parts`: each of them, in order."""

    key: Key
    first: date
    last: date
    parts: Sequence[Each]


def runs(things: Iterable[tuple[Key, date, date, Each]]) -> list[Run[Key, Each]]:
    """Things of `(key, first day, last day, what)` as runs, in order of their first day.

    >>> on = date(2027, 5, 10).replace
    >>> [(run.key, run.first.day, run.last.day, len(run.parts)) for run in runs([
    ...     ("Hamlet", on(day=11), on(day=11), 1), ("Hamlet", on(day=10), on(day=10), 2),
    ...     ("Hamlet", on(day=13), on(day=13), 3), ("Works", on(day=12), on(day=12), 4)])]
    [('Hamlet', 10, 11, 2), ('Works', 12, 12, 1), ('Hamlet', 13, 13, 1)]
    """
    by_key: dict[Key, list[tuple[date, date, Each]]] = {}
    for key, first, last, each in things:
        by_key.setdefault(key, []).append((first, last, each))
    found = [run for key, stretches in by_key.items() for run in _of_one_kind(key, stretches)]
    return sorted(found, key=lambda run: (run.first, run.last))


def _of_one_kind(key: Key, stretches: list[tuple[date, date, Each]]) -> list[Run[Key, Each]]:
    found: list[Run[Key, Each]] = []
    for first, last, each in sorted(stretches, key=lambda stretch: stretch[:2]):
        before = found[-1] if found else None
        if before is not None and first - before.last <= NEXT_DAY:
            found[-1] = Run(key, before.first, max(before.last, last), (*before.parts, each))
        else:
            found.append(Run(key, first, last, (each,)))
    return found
