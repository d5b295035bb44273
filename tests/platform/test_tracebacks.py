"""A traceback in the log tells where, never what people typed."""

import logging

import pytest
import structlog

from booking.settings import Environment, Settings
from booking.web.logging import configure

SETTINGS = {"database_url": "sqlite://", "secret_key": "k" * 32}


@pytest.mark.parametrize("environment", list(Environment))
def test_no_traceback_shows_local_variables(environment: Environment, capsys: pytest.CaptureFixture[str]):
    before = logging.getLogger().handlers[:]
    configure(Settings(environment=environment, **SETTINGS))
    try:
        password = "typed" + "-by-camille"
        try:
            raise ValueError(len(password))
        except ValueError:
            structlog.stdlib.get_logger("emerge.test").exception("broke")
        line = capsys.readouterr().err
    finally:
        logging.getLogger().handlers[:] = before
    assert "ValueError" in line
    assert "typed-by-camille" not in line
