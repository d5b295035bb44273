"""The one order of locks: what is read with them, and that a second writer really waits."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from booking.storage.database import Database
from booking.storage.locks import lock_places, places
from tests.support.statements import counted


def test_a_place_is_read_with_its_rules_and_its_venue(database: Database):
    with database.read() as connection:
        found = places(connection, {"BUD-TA", "PHX-PAR", "NO-SUCH"})
    assert set(found) == {"BUD-TA", "PHX-PAR"}
    stage, lamps = found["BUD-TA"], found["PHX-PAR"]
    assert (stage.venue, stage.zone, stage.day_line, stage.exclusive) == ("BUD", "Europe/Brussels", 360, True)
    assert stage.rules.after == 60
    assert (lamps.capacity, lamps.exclusive) == (24, False)
    assert [atom.code for atom in stage.atoms] == ["BUD-TA"]


def test_a_whole_is_read_with_its_parts_as_what_it_takes(database: Database):
    with database.read() as connection:
        found = places(connection, {"DGP-HOUSE", "DGP-KZ"})
    assert {atom.code for atom in found["DGP-HOUSE"].atoms} == {"DGP-GZ", "DGP-KZ", "DGP-KL", "DGP-RS"}
    assert [atom.code for atom in found["DGP-KZ"].atoms] == ["DGP-KZ"]


def test_locking_is_one_statement_in_one_order(database: Database):
    with counted() as seen:
        database.write(lambda connection: lock_places(connection, {"DGP-HOUSE", "BUD-S1", "PHX-PAR"}))
    assert len(seen) == 1, seen.listing
    assert "ORDER BY resource.venue_id, resource.id" in seen.listing
    if not database.is_sqlite:
        assert seen.listing.endswith("FOR NO KEY UPDATE OF resource")


def test_a_part_waits_for_a_writer_that_holds_its_whole(database: Database):
    order: list[str] = []
    locked, go_on = threading.Event(), threading.Event()

    def whole(connection: Connection) -> None:
        lock_places(connection, {"HAD-PS"})
        locked.set()
        assert go_on.wait(timedelta(seconds=20).total_seconds())
        order.append("whole")

    def part(connection: Connection) -> None:
        lock_places(connection, {"HAD-PSA"})
        order.append("part")

    first = threading.Thread(target=database.write, args=(whole,))
    second = threading.Thread(target=database.write, args=(part,))
    first.start()
    assert locked.wait(20)
    second.start()
    second.join(0.3)
    assert second.is_alive(), "the part did not wait"
    go_on.set()
    first.join(20)
    second.join(20)
    assert order == ["whole", "part"]


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_another_house_does_not_wait(database: Database):
    def elsewhere(connection: Connection) -> None:
        lock_places(connection, {"BUD-S1"})
        database.write(lambda other: lock_places(other, {"PHX-PAR"}))

    database.write(elsewhere)
