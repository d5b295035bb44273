"""Statements past the pool."""

import pytest
from sqlalchemy import func, select

from booking.storage.database import Database
from tests.conftest import BOTH

SET = select(
    func.current_setting("plan_cache_mode").label("plans"),
    func.current_setting("max_parallel_workers_per_gather").label("helpers"),
)


@pytest.mark.parametrize("database_url", BOTH[1:], indirect=True)
def test_a_plan_is_made_once_and_starts_no_process(database: Database):
    """Among a million bookings a plan that starts a process took thirty times as long as the look itself."""
    assert database.direct is not None
    (told,) = database.direct.execute(SET, {}).all()
    assert (told.plans, told.helpers) == ("force_generic_plan", "0")
