"""Two who add something at the same moment never get the same number, whatever their houses."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from booking.storage.database import Database
from booking.storage.places import Resource
from booking.storage.resources import HIGHEST
from tests.support.crowds import at_once
from tests.support.serving import served

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

HOUSES = (("joris", "BUD"), ("bram", "DGP"), ("joris", "BUD"), ("bram", "DGP"))
ROUNDS = 6


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.execute(select(Resource.id)).scalars())


def test_two_who_add_at_once_get_numbers_of_their_own(database: Database, database_url: str, tmp_path: Path):
    before = len(numbers(database))
    with served(database_url, tmp_path) as running:
        for round_ in range(ROUNDS):
            bodies = [
                {"venue": house, "code": f"{house}-N{round_}{n}", "kind": "studio", "name": {"nl": "x"}}
                for n, (_, house) in enumerate(HOUSES)
            ]
            clients = [running.api(name) for name, _ in HOUSES]
            said = at_once(
                *(partial(api.post, "/resources", body) for api, body in zip(clients, bodies, strict=True))
            )
            assert [each.status for each in said] == [201] * len(HOUSES), said
        same = {"venue": "BUD", "code": "BUD-SAME", "kind": "studio", "name": {"nl": "x"}}
        said = at_once(*(partial(running.api("joris").post, "/resources", same) for _ in range(4)))
        assert sorted(each.status for each in said) == [201, 422, 422, 422], said
    found = numbers(database)
    assert len(found) == len(set(found)) == before + ROUNDS * len(HOUSES) + 1


def added_with(database: Database, number: Callable[[], int], code: str, said: list[Any]) -> None:
    """One more in BUD, under a number that was worked out before its turn to write."""
    own = number()

    def write(connection: Any) -> None:
        template = connection.execute(select(Resource).where(Resource.code == "BUD-S1")).mappings().one()
        connection.execute(insert(Resource).values(**{**template, "id": own, "code": code}))

    try:
        said.append(database.write(write))
    except IntegrityError as error:
        said.append(error)


def test_a_number_that_is_only_read_is_given_twice_and_the_index_says_so(database: Database):
    """The negative control: without the counter's lock two read the same highest number."""
    together = Barrier(2)

    def number() -> int:
        with database.read() as connection:
            highest: int = connection.execute(select(HIGHEST)).scalar_one()
        together.wait()
        return highest + 1

    said: list[Any] = []
    both = [Thread(target=added_with, args=(database, number, code, said)) for code in ("BUD-A", "BUD-B")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert [type(each) for each in said if each is not None] == [IntegrityError]
