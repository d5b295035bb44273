"""Shares as they were written, kept for whoever starts anew. Losing them costs time, never truth."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from calendars.storage.tables import KeptShare

AT_ONCE = 500
KEPT_FOR = timedelta(days=90)
"""A share that was not written again for so long is forgotten; who still follows it has it written anew."""

INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
READ = select(*KeptShare.__table__.columns).where(KeptShare.key.in_(bindparam("keys", expanding=True)))

KeptRow = Row[*tuple[Any, ...]]


def take(connection: Connection, keys: Collection[str]) -> Sequence[KeptRow]:
    """Those of them that are kept."""
    asked = list(keys)
    return [
        row
        for first in range(0, len(asked), AT_ONCE)
        for row in connection.execute(READ, {"keys": asked[first : first + AT_ONCE]})
    ]


def keep(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """In the place of what was kept under their keys, unless that is newer."""
    known = list(rows)
    if not known:
        return
    connection.execute(WRITE[connection.dialect.name], sorted(known, key=lambda row: str(row["key"])))


def _write(name: str) -> Any:
    """The same for both: they differ in the class alone."""
    made: Any = INSERT[name](KeptShare)
    columns = {each.name: made.excluded[each.name] for each in KeptShare.__table__.columns if each.name != "key"}
    return made.on_conflict_do_update(
        index_elements=["key"], set_=columns, where=KeptShare.version <= made.excluded.version
    )


WRITE = {name: _write(name) for name in INSERT}


def forget(connection: Connection, *, at: datetime) -> int:
    """Those that nobody has written again for long; returns how many."""
    return connection.execute(delete(KeptShare).where(KeptShare.since < at - KEPT_FOR)).rowcount
