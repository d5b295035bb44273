"""What the machine lacks for some tests."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip for want of something, which the end of the run says loudly; with CI=true it is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
