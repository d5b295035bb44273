"""The page of the API is there for whoever reads it, signed in or not."""

import pytest
from flask import Flask

from tests.support.visits import Visitor


@pytest.mark.parametrize("who", [None, "camille", "elise"])
def test_the_api_can_be_read_by_everybody(app: Flask, who: str | None):
    page = Visitor(app, who).get("/docs")
    assert (page.status, "/api/v1/bookings" in page.text) == (200, True)
