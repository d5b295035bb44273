"""`make screenshots`: the pictures of the README, taken of the product as it is, on a day that never changes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from booking.services import demo_stories
from booking.settings import ROOT
from booking.storage.database import Database
from tests.support import chromium, serving, worlds
from tests.support.asks import a_claim, organisation_of
from tests.support.clocks import StoppedClock
from tests.support.pages import DEMO_PASSWORD
from tests.support.serving import Served

DOCS = ROOT / "docs"
WINDOW = {"width": 1440, "height": 900}
NEED = "/search?kind=studio&sprung_floor=1&min_width_m=10&people=5&beds=4&first=2027-01-11&last=2027-01-22"
CHAIN = [
    {"venue": "PHX", "title": "Marées, recherche", "claims": [a_claim("PHX-F2", "2027-03-01", "2027-03-06")]},
    {"venue": "BUD", "title": "Marées, création", "claims": [a_claim("BUD-S1", "2027-03-08", "2027-03-20")]},
    {"venue": "DGP", "title": "Marées, technique", "claims": [a_claim("DGP-GZ", "2027-03-22", "2027-03-27")]},
]


def take() -> None:
    """The desk of a planner, a search over all houses, and a chain over three of them."""
    with _running() as served, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        joris = _signed_in(browser.new_page(viewport=WINDOW, locale="nl-BE"), served, "joris@buda.example", "nl")
        _shoot(joris, served, "/desk/BUD", "screenshot.png")
        camille = browser.new_page(viewport=WINDOW, locale="fr-FR")
        _signed_in(camille, served, "camille@lisiere.example", "fr")
        _shoot(camille, served, NEED, "screenshot-search.png")
        _shoot(camille, served, f"/trajectories/{_asked(served)}", "screenshot-trajectory.png")
        browser.close()


@contextmanager
def _running() -> Iterator[Served]:
    """A server on the demo world with its stories, always on the same Monday."""
    worlds.begin_run()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with worlds.fresh_sqlite(folder) as url:
                database = Database(url)
                database.write(lambda connection: demo_stories.load(connection, at=StoppedClock()()))
                database.dispose()
                with serving.served(url, folder, processes=1) as served:
                    yield served
    finally:
        worlds.end_run()
        os.environ.pop(worlds.FOLDER, None)


def _asked(served: Served) -> str:
    """Camille's chain, to which the first house has said yes."""
    camille = served.api("camille")
    body = {
        "organisation": organisation_of(camille),
        "title": "Marées",
        "rule": "all-or-nothing",
        "bookings": CHAIN,
    }
    made = camille.post("/trajectories", body).json
    [first] = [part["id"] for part in made["bookings"] if part["venue"] == "PHX"]
    served.api("nadia").post(f"/bookings/{first}/confirm")
    return str(made["id"])


def _signed_in(page: Page, served: Served, email: str, language: str) -> Page:
    page.goto(f"{served.url}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.locator("main form button").click()
    page.locator(f"form.tongues button[value={language}]").click()
    return page


def _shoot(page: Page, served: Served, path: str, name: str) -> None:
    page.goto(served.url + path)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.screenshot(path=DOCS / name)


if __name__ == "__main__":
    take()
