"""A window on a real server. What goes wrong in it is photographed into test-results/."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from booking.settings import ROOT
from tests.browser.visitor import SIZES, Visitor
from tests.support.serving import Served

PICTURES = ROOT / "test-results"
FAILED = pytest.StashKey[bool]()
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-color-profile=srgb",
)

Visit = Callable[..., Visitor]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these walk pages in Chromium."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser") and "served" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium asks nobody anything."""
    return {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *QUIET]}


@pytest.fixture
def visit(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit("phone")`: a new window, of somebody nobody knows, whose browser prefers English."""
    visitors: list[Visitor] = []

    def opened(size: str, *, script: bool = True) -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=size == "phone",
            has_touch=size == "phone",
            locale="en-GB",
            timezone_id="America/New_York",  # a page shows the time of the house, wherever it is read
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        visitors.append(Visitor(context, served.url, size=size, language="en"))
        return visitors[-1]

    yield opened
    for number, visitor in enumerate(visitors):
        if request.node.stash.get(FAILED, True):
            _photograph(visitor, f"{request.node.name}-{number}")
        visitor.page.context.close()
    assert [each for visitor in visitors for each in visitor.trouble] == []


def _photograph(visitor: Visitor, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    file = re.sub(r"[^\w-]+", "-", name).strip("-")
    visitor.page.screenshot(path=PICTURES / f"{file}.png", full_page=True)
