"""S10: what a page weighs, on the wire and for the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import CDPSession
from werkzeug.routing import Rule

from booking.storage.database import Database
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.builders import MakeBooking
from tests.support.cast import company_of, person
from tests.support.pages import sign_in
from tests.support.statements import Statements

FIRST, AFTER = 100_000, 15_000
"""Bytes as they travel: with an empty cache, and afterwards."""
MOST_STATEMENTS = 12

OPEN_PAGES = (
    "/",
    "/venues",
    "/venues/BUD",
    "/resources",
    "/resources?kind=studio&min_width_m=10",
    "/resources/BUD-S1",
    "/design",
    "/docs",
    "/docs/problems",
    "/accessibility",
    "/sign-in",
)
COMPANY_PAGES = (
    "/",
    "/search?kind=studio&min_width_m=10&beds=4&first=2027-03-08&last=2027-03-19&first=2027-04-05&last=2027-04-16",
    "/resources/BUD-S1?from=2027-03-08",
    "/resources/BUD-RH?from=2027-03-08",
    "/enquiries",
    "/enquiries/new?kind=studio&first=2027-03-08&last=2027-03-19&venue=BUD",
    "/bookings",
    "/bookings/new?resource=BUD-S1&from=2027-03-08&to=2027-03-20",
    "/bookings/{booking}",
    "/bookings/{booking}/change",
    "/bookings/{booking}/arrivals",
    "/bookings/{booking}/rider-check",
    "/companies/{company}",
    "/trajectories",
    "/trajectories/new",
    "/trajectories/plan",
    "/waiting-list",
    "/calls",
    "/feeds",
    "/notifications",
    "/me",
)
HOUSE_PAGES = (
    "/desk/BUD",
    "/desk/BUD/requests",
    "/desk/BUD/enquiries",
    "/desk/BUD/plan?from=2027-03-08&weeks=4",
    "/desk/BUD/queue/BUD-TA",
    "/desk/BUD/closures",
    "/desk/BUD/closures/new",
    "/desk/BUD/conflicts",
    "/desk/BUD/equipment",
    "/desk/BUD/day",
    "/desk/BUD/day/2027-03-08",
    "/desk/BUD/book",
    "/desk/BUD/book?resource=BUD-S1&from=2027-03-08&to=2027-03-20",
    "/bookings/{booking}",
    "/bookings/{booking}/counter",
    "/bookings/{booking}/refer",
    "/bookings",
    "/desk/BUD/arrivals",
    "/desk/BUD/setup",
    "/desk/BUD/setup/BUD-S1",
    "/desk/BUD/setup/BUD-S1/history",
    "/desk/BUD/setup/BUD-TA/retire",
    "/desk/BUD/setup/BUD-S1/pictures",
    "/desk/BUD/setup/add",
    "/desk/BUD/setup/house",
    "/desk/BUD/setup/house/history",
    "/desk/BUD/setup/import",
    "/desk/BUD/equipment/labels",
    "/desk/BUD/team",
    "/desk/BUD/templates",
    "/calls",
)
OVERALL_PAGES = (
    "/programme",
    "/programme/companies",
    "/programme/companies/{company}",
    "/reports/unmet?from=2026-07-01&to=2027-01-01",
    "/calls",
    "/calls/new",
)
PAGES = (
    (None, OPEN_PAGES),
    ("camille@lisiere.example", COMPANY_PAGES),
    ("joris@buda.example", HOUSE_PAGES),
    ("elise@emerge.example", OVERALL_PAGES),
)
"""Who looks at which."""
NOT_WEIGHED = {
    "/language",  # leads on
    "/desk/<venue>/closures/<uuid:closure_id>",  # the form of a new one, filled in
    "/calls/<uuid:call_id>",  # tests/journeys/test_calls_pages.py
    "/enquiries/<uuid:enquiry_id>",  # tests/journeys/test_enquiries.py
    "/trajectories/<uuid:trajectory_id>/rider-check",  # the same page as that of a booking
    "/series/<uuid:series_id>",  # tests/journeys/test_series_pages.py
    "/invitation/<token>",  # tests/booking/web
    "/feeds/<uuid:feed_id>/qr.svg",  # a picture
    "/bookings/<uuid:subject_id>/files/<uuid:file_id>",  # somebody's file
    "/enquiries/<uuid:subject_id>/files/<uuid:file_id>",  # the same
    "/trajectories/<uuid:subject_id>/files/<uuid:file_id>",  # the same
    "/pictures/<uuid:picture>-<any(large,small):size>.webp",  # a picture
    "/desk/<venue>/setup/inventory.<ending>",  # a table to take home
    "/reports/unmet.csv",  # a table to take home
    "/desk/<venue>/plan.csv",  # the same
    "/desk/<venue>/plan.ics",  # a calendar to take home
    "/calls/<uuid:call_id>/change",  # the form of a new one, filled in
    "/calls/<uuid:call_id>/applications/<uuid:application_id>",  # tests/journeys/test_calls_live.py
    "/desk/<venue>/team/<uuid:person_id>/leave",  # tests/journeys/test_handing_over.py
    "/companies/<uuid:organisation_id>/members/<uuid:person_id>/leave",  # the same page
    "/desk/<venue>/equipment/<code>",  # tests/journeys/test_equipment.py
    "/desk/<venue>/setup/imports/<uuid:import_id>",  # tests/journeys/test_inventory_as_a_table.py
    "/trajectories/<uuid:trajectory_id>",  # tests/browser/test_chains.py
}
PAGES_OF = ("pages", "calendars", "notifications")


@pytest.fixture
def a_season(a_booking: MakeBooking) -> str:
    """Requests of every company and a full month; the id of one request."""
    for day in range(1, 20, 2):
        a_booking(resource="BUD-RH", start=f"2027-03-{day:02}", end=f"2027-03-{day + 2:02}", title=f"Nacht {day}")
    for company in ("Zwaluw", "Pas Perdus", "Sambre", "Marée"):
        a_booking(state="requested", company=company, title=f"Werk van {company}")
        a_booking(state="option", company=company, resource="BUD-TA", start="2027-03-08", end="2027-03-13")
    return str(a_booking(state="requested"))


@pytest.fixture
def named(a_season: str, database: Database) -> dict[str, str]:
    """What addresses name: the booking, and its company."""
    return {"booking": a_season, "company": str(company_of(person(database, "camille")))}


@on_sqlite
def test_no_page_weighs_much(visit: Visit, named: dict[str, str]) -> None:
    visitor = visit("desktop")
    wire = visitor.page.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    heavy = []
    for email, paths in PAGES:
        if email:
            visitor.page.context.clear_cookies()
            visitor.sign_in(email, "nl")
        for path in paths:
            first, after = weigh(visitor, wire, path.format(**named))
            if first > FIRST or after > AFTER:
                heavy.append(f"{path}: {first} bytes, then {after}")
    assert heavy == []


def weigh(visitor: Visitor, wire: CDPSession, path: str) -> tuple[int, int]:
    """Bytes of a page and of all that it needs: for a first visitor, and for one who comes back."""
    wire.send("Network.clearBrowserCache")
    return bytes_of(visitor, wire, path), bytes_of(visitor, wire, path)


def bytes_of(visitor: Visitor, wire: CDPSession, path: str) -> int:
    """What travels while a page is opened."""
    travelled: list[int] = []

    def note(event: dict[str, int]) -> None:
        travelled.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", note)
    visitor.open_page(path)
    visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
    wire.remove_listener("Network.loadingFinished", note)
    return int(sum(travelled))


def test_no_page_asks_the_database_much(
    client: FlaskClient,
    named: dict[str, str],
    statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for email, paths in PAGES:
        if email:
            client.delete_cookie("session")
            sign_in(client, email)
        for path in paths:
            with statements() as seen:
                answer = client.get(path.format(**named))
            assert answer.status_code == 200, f"{path}: {answer.status}"
            assert len(seen) <= MOST_STATEMENTS, f"{path}: {len(seen)}\n{seen.listing}"


@on_sqlite
def test_every_page_is_weighed(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    addresses = {
        path.partition("?")[0].format(booking=uuid4(), company=uuid4()) for _, paths in PAGES for path in paths
    }
    weighed = {adapter.match(address, return_rule=True)[0].rule for address in addresses}
    pages = {rule.rule for rule in app.url_map.iter_rules() if is_page(rule)}
    assert pages - weighed - NOT_WEIGHED == set()


def is_page(rule: Rule) -> bool:
    """Whether people look at it, and not machines."""
    package, _, name = rule.endpoint.partition(".")
    return package in PAGES_OF and name != "static" and "GET" in (rule.methods or ())
