"""The rules of the queue hold after any sequence of what houses, companies and time may do."""

import os
from functools import partial

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from booking.storage.database import Database
from tests.support.sequences import AnySequence, prepare

SOAK = int(os.environ.get("EMERGE_SOAK", "0"))


def test_nothing_breaks_whatever_is_done_in_whatever_order(database: Database):
    prepare(database)
    chosen = settings(
        max_examples=SOAK or (25 if database.is_sqlite else 4),
        stateful_step_count=40,
        derandomize=not SOAK,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with database.engine.connect() as connection:
        run_state_machine_as_test(partial(AnySequence, connection), settings=chosen)
