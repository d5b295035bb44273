"""The menu says where one is: at most one entry is marked, and it is the one under which the page is found."""

import re
from html import unescape

import pytest
from flask import Flask

from tests.support.visits import Visitor

pytestmark = [pytest.mark.sqlite, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

MAIN = re.compile(r'<nav class="bottom-bar".*?</nav>', re.DOTALL)
MARKED = re.compile(r'<a href="([^"]+)" aria-current="page">')

PLACES = {
    "joris": {
        "/desk/BUD": "/desk/BUD",
        "/desk/BUD/plan": "/desk/BUD/plan",
        "/desk/BUD/requests": "/desk/BUD/requests",
        "/desk/BUD/enquiries": "/desk/BUD/requests",
        "/desk/BUD/queue/BUD-S1": "/desk/BUD/plan",
        "/desk/BUD/closures": "/desk/BUD/plan",
        "/desk/BUD/conflicts": "/desk/BUD/conflicts",
        "/desk/BUD/day": "/desk/BUD",
        "/desk/BUD/setup": None,
        "/desk/BUD/setup/BUD-S1": None,
        "/desk/BUD/calendars": None,
        "/desk/BUD/team": None,
        "/notifications": "/notifications",
        "/me": None,
    },
    "griet": {
        "/desk/DGP/day": "/desk/DGP/day",
        "/desk/DGP/plan": "/desk/DGP/plan",
        "/desk/DGP/equipment": "/desk/DGP/equipment",
        "/desk/DGP/requests": "/desk/DGP/requests",
    },
    "camille": {
        "/": None,
        "/search": "/search",
        "/resources": "/search",
        "/resources/BUD-S1": "/search",
        "/venues/BUD": "/search",
        "/enquiries": "/bookings",
        "/bookings": "/bookings",
        "/waiting-list": "/bookings",
        "/trajectories": "/trajectories",
        "/trajectories/new": "/trajectories",
        "/trajectories/plan": "/trajectories",
        "/calls": None,
        "/feeds": "/feeds",
        "/notifications": "/notifications",
    },
    "elise": {
        "/programme": "/programme",
        "/programme/companies": "/programme/companies",
        "/reports/unmet": "/reports/unmet",
        "/calls": "/calls",
        "/calls/new": "/calls",
        "/bookings": "/bookings",
    },
    None: {"/venues": "/venues", "/venues/BUD": "/venues", "/resources": "/resources", "/sign-in": "/sign-in"},
}


@pytest.mark.parametrize("name", PLACES)
def test_the_entry_of_every_page_is_marked_and_no_other(app: Flask, name: str | None):
    visitor = Visitor(app, name)
    wrong = {}
    for path, expected in PLACES[name].items():
        page = visitor.get(path)
        assert page.status in (200, 302), (path, page.status)
        if page.status == 302:
            page = visitor.get(page.headers["Location"].replace("http://localhost", ""))
        bar = MAIN.search(page.text)
        assert bar is not None, path
        marked = [unescape(each) for each in MARKED.findall(bar[0])]
        if marked != ([expected] if expected else []):
            wrong[path] = marked
    assert wrong == {}
