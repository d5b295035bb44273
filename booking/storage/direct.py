"""The few statements that every booking runs, sent straight to PostgreSQL, past the pool.

SQLAlchemy writes these statements, once. What it does each time that one is run (taking a connection from the
pool, describing columns, opening and closing a transaction) costs several times what sending it costs. Each
statement is a transaction of its own.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection, Engine, Executable, Result, Select
from sqlalchemy.exc import DBAPIError, IntegrityError

from booking.storage.lending import Lendable, Lending

Parameters = Mapping[str, Any]
PLANNING = (
    "SET plan_cache_mode = force_generic_plan",  # a list would be planned for every time
    "SET max_parallel_workers_per_gather = 0",  # to start a process takes longer than to find some rows by a key
)
LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")
"""Where SQLAlchemy would write out a list; PostgreSQL takes it as one array."""


class Direct:
    """Speaks as much of a Connection as a reading function needs: `execute`, whose rows can be gone through,
    counted or taken at once, and `get_execution_options`. Its errors are SQLAlchemy's."""

    def __init__(self, engine: Engine, reader: Engine) -> None:
        """`reader`: for what is built anew each time that it is asked."""
        self.dialect = engine.dialect
        self._engine, self._reader = engine, reader
        self._lending = Lending(lambda: _Own(engine))
        self._written: dict[int, _Written] = {}

    def as_connection(self) -> Connection:
        """For functions that ask for one."""
        return cast(Connection, self)

    def get_execution_options(self) -> Mapping[str, Any]:
        """Those of a connection for reading."""
        return self._reader.get_execution_options()

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> "Rows | Result[Any]":
        """Run it. What takes parameters lives as long as the program, and is written only once."""
        if parameters is None:
            with self._reader.connect() as connection:
                return connection.execute(statement).freeze()()
        written = self._written.get(id(statement))
        if written is None:
            written = self._written[id(statement)] = _Written(statement, self._engine)
        for watch in self._engine.dispatch.before_cursor_execute:
            watch(None, None, written.sql, parameters, None, False)
        try:
            with self._lending.one() as own:
                rows, count = own.ask(written.sql, {**written.fixed, **parameters})
        except psycopg.Error as error:
            kind = IntegrityError if isinstance(error, psycopg.IntegrityError) else DBAPIError
            raise kind(written.sql, None, error, hide_parameters=True) from error
        return Rows([written.row(*each) for each in rows], count)

    def close(self) -> None:
        """Close the connections that nobody has."""
        self._lending.close()


class Rows:
    """What a statement answered, all of it."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def one_or_none(self) -> Any:
        """The row, of what is there once at most."""
        (row,) = self._rows or [None]
        return row


class _Written:
    """A statement as it is sent, and the names of what it answers."""

    def __init__(self, statement: Executable, engine: Engine) -> None:
        self.statement = statement  # kept, so that nothing else is ever given its id
        compiled = cast(Any, statement).compile(dialect=engine.dialect)
        self.sql = LIST.sub(r"= ANY(%(\1)s)", str(compiled))
        self.fixed = {name: value for name, value in compiled.params.items() if value is not None}
        names = [str(each.key) for each in statement.selected_columns] if isinstance(statement, Select) else []
        self.row = _row(names)


def _row(names: Sequence[str]) -> Callable[..., Any]:
    return namedtuple("Row", names)


class _Own(Lendable):
    """One connection."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        for setting in PLANNING:
            self.connection.execute(setting)
        set_json_loads(orjson.loads, self.cursor)

    def ask(self, sql: str, parameters: Parameters) -> tuple[list[Any], int]:
        try:
            self.cursor.execute(sql, parameters)
            return self.cursor.fetchall() if self.cursor.description else [], self.cursor.rowcount
        finally:
            self.is_broken = self.connection.closed
