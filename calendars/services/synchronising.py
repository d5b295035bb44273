"""What changed in a collection since an app last asked (RFC 6578): the same in every process, and after a restart.

A state has a number. Whoever tells a collection that says something else than the last state gives it the next
one, and notes which items are other than before. So an app that knows a number is told what is noted after it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from calendars.services.collections import Contents
from calendars.storage import collections

Write = Callable[[Callable[[Connection], Any]], Any]
"""Runs a function in a transaction of its own, as `Database.write` does."""

TOKEN = re.compile(r"data:,([0-9a-f]{32})-([0-9]{1,12})")
MOST_GONE = 1000
"""Items of one collection that are no more, yet remembered; with more, apps with an older state begin anew."""


class UnknownState(Exception):
    """Nobody remembers that state: the app begins anew (RFC 6578 §3.2)."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Since a state that an app knew: the names of items that are new or other, and of those that are gone.

    `token`: of the present state, as a URI (RFC 6578 §3.2).
    """

    token: str
    other: Sequence[str]
    gone: Sequence[str]


def changes(
    connection: Connection, write: Write, person_id: UUID, collection: str, contents: Contents, known: str
) -> Changes:
    """What changed since the state of that token; of "" everything. UnknownState.

    `write` is asked only when the collection says something that was not told before.
    """

    def noted(within: Connection) -> Changes:
        return _since(
            within, person_id, collection, contents, _note(within, person_id, collection, contents), known
        )

    told = collections.state(connection, person_id, collection)
    if told is None or told.digest != contents.digest:
        found: Changes = write(noted)
        return found
    return _since(connection, person_id, collection, contents, told, known)


def _note(connection: Connection, person_id: UUID, collection: str, contents: Contents) -> collections.StateRow:
    collections.begin(connection, person_id, collection)
    told = collections.state(connection, person_id, collection, lock=True)
    if told is None:
        raise LookupError(collection)
    if told.digest == contents.digest:
        return told
    before, number, oldest = collections.tags(connection, person_id, collection), told.number + 1, told.oldest
    if sum(tag is None for tag in before.values()) > MOST_GONE:
        collections.forget_gone(connection, person_id, collection)
        before, oldest = {name: tag for name, tag in before.items() if tag is not None}, told.number
    fresh = {name: tag for name, tag in contents.tags.items() if name not in before}
    other = {name: contents.tags.get(name) for name, tag in before.items() if contents.tags.get(name) != tag}
    collections.put(connection, person_id, collection, number, fresh=fresh, other=other)
    collections.advance(connection, person_id, collection, number, contents.digest, oldest=oldest)
    return collections.StateRow(told.id, number, oldest, contents.digest)


def _since(
    connection: Connection,
    person_id: UUID,
    collection: str,
    contents: Contents,
    told: collections.StateRow,
    known: str,
) -> Changes:
    present = f"data:,{told.id.hex}-{told.number}"
    if not known:
        return Changes(present, list(contents.items), [])
    found = TOKEN.fullmatch(known)
    if found is None or found[1] != told.id.hex or not told.oldest <= int(found[2]) <= told.number:
        raise UnknownState
    listed = collections.changed_since(connection, person_id, collection, int(found[2]))
    return Changes(
        present,
        [name for name, tag in listed if tag is not None and name in contents.items],
        [name for name, tag in listed if tag is None],
    )
