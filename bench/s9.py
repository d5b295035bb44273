"""S9: the plan of a large house over a season, in a browser that has one core."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Connection

from bench.servers import SECRET, serving
from bench.worlds import World
from booking.domain.people import Role
from booking.services import people
from booking.storage.database import Database
from tests.support import chromium

RESOURCES, VENUES, BOOKINGS = 60, 1, 16_000
"""Of two years, three quarters of which hold something: some three thousand in half a year."""
HOUSE, PLANNER, PASSWORD = "S1V0001", "member-0001@s1.example", "entracte-2027"
SEASON = f"/desk/{HOUSE}/plan?zoom=season"
WINDOW = {"width": 1440, "height": 900}

WATCH = """() => {
  window.frames_ = []; window.stop_ = false;
  let last = performance.now();
  const each = (now) => {
    window.frames_.push(now - last);
    last = now;
    if (!window.stop_) requestAnimationFrame(each);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(each); });
}"""
WORST = "() => { window.stop_ = true; return Math.max(...window.frames_); }"
TIMES = """() => {
  const [each] = performance.getEntriesByType("navigation");
  return { answer: each.responseStart - each.requestStart, ready: each.domComplete - each.responseStart,
           nodes: document.querySelectorAll("*").length, octets: each.encodedBodySize };
}"""


@dataclass(frozen=True, slots=True)
class Result:
    """Medians, in milliseconds. `ready`: from the first byte until everything is drawn and its script runs;
    `scrolling`, `jumping`, `dragging`: the worst frame of a round. `nodes`, `octets`: of the page."""

    answer: float
    ready: float
    scrolling: float
    jumping: float
    dragging: float
    nodes: int
    octets: int


def measure(world: World, folder: Path, *, rounds: int) -> Result:
    """A planner opens the season, scrolls through it and drags a booking, some times over."""
    database = Database(world.url)
    database.write(_planner)
    database.dispose()
    local = {"DATABASE_URL": world.url, "SECRET_KEY": SECRET, "ENVIRONMENT": "local", "LOG_LEVEL": "WARNING"}
    with serving("wsgi:create_app", folder, local) as service, _browser() as page:
        _sign_in(page, f"http://localhost:{service.port}")
        times, scrolled, jumped, dragged = [], [], [], []
        for _ in range(rounds + 1):  # the first fills what is kept
            page.goto(f"http://localhost:{service.port}{SEASON}", wait_until="load")
            times.append(page.evaluate(TIMES))
            scrolled.append(_worst(page, _scroll))
            jumped.append(_worst(page, _jump))
            x, y = _taken_in_hand(page)
            dragged.append(_worst(page, partial(_drag, x=x, y=y)))
    kept: dict[str, float] = {name: median(each[name] for each in times[1:]) for name in times[0]}
    return Result(
        kept["answer"],
        kept["ready"],
        median(scrolled[1:]),
        median(jumped[1:]),
        median(dragged[1:]),
        int(kept["nodes"]),
        int(kept["octets"]),
    )


def _planner(connection: Connection) -> None:
    person = people.of_email(connection, PLANNER)
    people.give_hat(connection, person.id, Role.MANAGER, venue=HOUSE)
    people.set_password(connection, person.id, PASSWORD)


@contextmanager
def _browser() -> Iterator[Page]:
    """A Chromium on one core: what it starts inherits what we may run on."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
            yield browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]  # a size, by its names
            browser.close()
    finally:
        os.sched_setaffinity(0, allowed)


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("[name=email]", PLANNER)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def _worst(page: Page, deed: Any) -> float:
    page.evaluate(WATCH)
    deed(page)
    return float(page.evaluate(WORST))


def _scroll(page: Page) -> None:
    page.mouse.move(700, 500)
    for _ in range(20):
        page.mouse.wheel(0, 150)
        page.wait_for_timeout(16)


def _jump(page: Page) -> None:
    """To the top at once, as a key does: a whole window is drawn anew."""
    page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_timeout(200)


def _taken_in_hand(page: Page) -> tuple[float, float]:
    """Where a booking is, in sight and drawn: coming to it is no dragging."""
    bar = page.locator("li[data-moves] .piece > i").first
    bar.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    box = bar.bounding_box()
    if box is None:
        raise LookupError("nothing to drag")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, *, x: float, y: float) -> None:
    """Over a dozen rooms and some weeks; Escape leaves everything as it was."""
    page.mouse.move(x, y)
    page.mouse.down()
    for n in range(30):
        page.mouse.move(x + 8 * n, y + 8 * n)
        page.wait_for_timeout(16)
    page.keyboard.press("Escape")
    page.mouse.up()
