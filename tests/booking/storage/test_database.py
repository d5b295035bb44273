"""Transactions: all or nothing, run again after a lost race, and instants that keep every microsecond."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from booking.storage.base import new_id
from booking.storage.database import ATTEMPTS, Database
from booking.storage.people import Person

MOMENT = datetime(2027, 3, 28, 1, 30, 0, 1, tzinfo=UTC)


class Deadlocked(Exception):
    """What psycopg raises for 40P01, as far as we look at it."""

    sqlstate = "40P01"


def lost_race() -> DBAPIError:
    return DBAPIError("UPDATE", {}, Deadlocked())


def add_person(connection: Connection, email: str, at: datetime = MOMENT) -> None:
    connection.execute(insert(Person).values(id=new_id(), email=email, name="N", language="nl", created_at=at))


def people(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count(Person.id))).scalar_one()


def test_a_transaction_that_breaks_leaves_nothing(database: Database):
    before = people(database)

    def broken(connection: Connection) -> None:
        add_person(connection, "half@done.example")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="middle"):
        database.write(broken)
    assert people(database) == before


def test_what_breaks_does_not_repeat_what_people_typed(database: Database):
    with pytest.raises(DBAPIError) as broken, database.read() as connection:
        connection.execute(text("SELECT :typed FROM nowhere"), {"typed": "my-secret-plan"})
    assert "nowhere" in str(broken.value)
    assert "my-secret-plan" not in str(broken.value)


def test_a_transaction_that_lost_a_race_is_run_again_from_the_start(database: Database):
    before, runs = people(database), []

    def unlucky(connection: Connection) -> str:
        add_person(connection, "again@done.example")
        runs.append(1)
        if len(runs) < 3:
            raise lost_race()
        return "done"

    assert database.write(unlucky) == "done"
    assert people(database) == before + 1


def test_a_race_that_is_always_lost_ends(database: Database):
    runs = []

    def hopeless(_connection: Connection) -> None:
        runs.append(1)
        raise lost_race()

    with pytest.raises(DBAPIError):
        database.write(hopeless)
    assert len(runs) == ATTEMPTS


def test_a_mistake_is_not_tried_again(database: Database):
    runs = []

    def mistaken(connection: Connection) -> None:
        runs.append(1)
        add_person(connection, "camille@lisiere.example")

    with pytest.raises(IntegrityError):
        database.write(mistaken)
    assert len(runs) == 1


def test_an_instant_comes_back_in_utc_to_the_microsecond(database: Database):
    database.write(lambda connection: add_person(connection, "late@night.example"))
    with database.read() as connection:
        query = select(Person.created_at).where(Person.email == "late@night.example")
        read = connection.execute(query).scalar_one()
    assert read == MOMENT
    assert read.utcoffset() == MOMENT.utcoffset()


def test_a_naive_time_is_refused_before_it_reaches_the_database(database: Database):
    with pytest.raises(Exception, match="naive datetime"):
        database.write(lambda connection: add_person(connection, "x@y.example", MOMENT.replace(tzinfo=None)))


def test_a_reader_does_not_wait_for_a_writer(database: Database):
    def work(connection: Connection) -> int:
        add_person(connection, "unseen@done.example")
        return people(database)

    before = people(database)
    assert database.write(work) == before
    assert people(database) == before + 1


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_settings_that_keep_sqlite_honest_are_on(database: Database):
    with database.read() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert told == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
