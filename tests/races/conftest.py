"""One server of two processes, on each database, for all races of a module: they ask for different things."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from booking.storage.database import Database
from tests.conftest import BOTH, lacking
from tests.support import worlds
from tests.support.postgresql import NoPostgreSQL
from tests.support.serving import Served, served


@dataclass(frozen=True)
class Arena:
    """A running server, and its database from behind."""

    served: Served
    database: Database


@pytest.fixture(scope="module", params=BOTH)
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Two real web processes on a fresh world."""
    folder = tmp_path_factory.mktemp("arena")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(worlds.fresh_sqlite(folder))
        else:
            try:
                url = stack.enter_context(worlds.fresh_postgresql())
            except NoPostgreSQL as error:
                lacking(str(error))
        database = Database(url)
        stack.callback(database.dispose)
        yield Arena(stack.enter_context(served(url, folder)), database)
