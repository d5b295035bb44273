"""One leader among the workers: an advisory lock on PostgreSQL, a lock on a file beside SQLite's."""

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from booking.storage.database import Database

LOCK = 0x454D4552474C  # any number, as long as nobody else takes it


class Leadership:
    """Held until `resign`, until the process ends, or until the database connection breaks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._file: TextIO | None = None

    def held(self) -> bool:
        """Whether this worker leads, now; tries to become the leader when nobody is."""
        return self._locks_file() if self._database.is_sqlite else self._locks_server()

    def resign(self) -> None:
        """Let another worker lead."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a session that broke has let go already
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            self._connection.invalidate()  # closing alone would end the lock too, but only some moments later
            self._connection.close()
            self._connection = None

    def _locks_file(self) -> bool:
        if self._file is not None:
            return True
        file = Path(f"{self._database.url.database}.worker").open("a", encoding="ascii")  # noqa: SIM115 -- held while leading
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _locks_server(self) -> bool:
        """The lock lives as long as its session, so the session is asked each time whether it still does."""
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            return self._try_session()
        except DBAPIError:
            self.resign()
            return False

    def _try_session(self) -> bool:
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
            self._connection = connection
            return True
        connection.close()
        return False
