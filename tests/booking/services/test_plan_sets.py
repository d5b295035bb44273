"""Sets of rooms for the plan: as many as anybody may have, and each of them can still be changed."""

import pytest

from booking.domain.refusals import Malformed
from booking.services import plan_sets
from booking.storage.database import Database
from tests.support.cast import person


def test_who_has_as_many_sets_as_there_may_be_can_still_change_one(database: Database):
    joris = person(database, "joris")

    def save(name: str, *rooms: str) -> None:
        database.write(lambda connection: plan_sets.save(connection, joris, "BUD", name, rooms, first=False))

    for n in range(plan_sets.MOST):
        save(f"set {n}", "BUD-S1")
    save("set 3", "BUD-S2", "BUD-S1")
    with database.read() as connection:
        rooms = {each.name: each.rooms for each in plan_sets.listing(connection, joris, "BUD")}
    assert rooms["set 3"] == ["BUD-S2", "BUD-S1"]
    with pytest.raises(Malformed):
        save("one more", "BUD-S1")
