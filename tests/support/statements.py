"""Counts SQL statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Statements(list[str]):
    """The statements that were run, in order; BEGIN, COMMIT and the like are left out."""

    @property
    def listing(self) -> str:
        """All of them, for a failing test to print."""
        return "\n\n".join(f"{n}. {' '.join(each.split())}" for n, each in enumerate(self, 1))


@contextmanager
def counted() -> Iterator[Statements]:
    """`with counted() as statements: …; assert len(statements) <= 8, statements.listing`"""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
