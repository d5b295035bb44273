"""The schema that migrations make is the one that the models describe, on both databases."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Inspector, inspect, text

from booking.storage import migrations
from booking.storage.database import Database
from booking.storage.tables import Base
from tests.support import worlds
from tests.support.machine import lacking
from tests.support.postgresql import NoPostgreSQL


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/empty.db"
        if request.param == "postgresql":
            try:
                url = stack.enter_context(worlds.empty_postgresql())
            except NoPostgreSQL as error:
                lacking(str(error))
        database = Database(url)
        stack.callback(database.dispose)
        yield database


def test_migrations_run_from_nothing_and_a_second_time_change_nothing(empty: Database) -> None:
    with empty.read() as connection:
        assert migrations.current(connection) is None
    migrations.upgrade(empty)
    migrations.upgrade(empty)
    with empty.read() as connection:
        assert migrations.current(connection) == migrations.head()


def test_models_and_migrations_agree(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.read() as connection:
        assert migrations.drift(connection, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database_and_back(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.read() as connection:
        inspector: Inspector = inspect(connection)
        stored = {
            (table, str(check["name"]))
            for table in Base.metadata.tables
            for check in inspector.get_check_constraints(table)
        }
    modelled = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert stored == modelled


def test_a_table_that_no_migration_makes_is_noticed(empty: Database) -> None:
    migrations.upgrade(empty)
    empty.write(lambda connection: connection.execute(text("ALTER TABLE feed DROP COLUMN language")))
    with empty.read() as connection:
        assert migrations.drift(connection, Base.metadata) != []


def test_a_failing_migration_leaves_the_schema_as_it_was(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: object) -> None:
        migrations_upgrade(connection)
        raise ZeroDivisionError

    migrations_upgrade = migrations._upgrade
    monkeypatch.setattr(migrations, "_upgrade", fails)
    with pytest.raises(ZeroDivisionError):
        migrations.upgrade(empty)
    with empty.read() as connection:
        assert inspect(connection).get_table_names() == []
