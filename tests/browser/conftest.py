"""A window on a real server. What goes wrong in it is photographed into test-results/."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from booking.settings import ROOT
from tests.browser.visitor import PATIENCE, SIZES, Visitor
from tests.support import furnished, serving, worlds
from tests.support.serving import Served

PICTURES = ROOT / "test-results"
FAILED = pytest.StashKey[bool]()
QUIET = ("--disable-background-networking", "--disable-component-update", "--no-first-run")

Visit = Callable[..., Visitor]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a window walks pages in Chromium."""
    for item in items:
        if {"visit", "stroll", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium asks nobody anything."""
    return {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *QUIET]}


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """As long for what is expected as for what is done."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """In one process: it is there in half the time, and one browser needs no more."""
    with serving.served(database_url, tmp_path, processes=1) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit("phone")`: a new window, of somebody nobody knows, whose browser prefers English."""
    with _windows(browser, served.url, request.node) as opened:
        yield opened


@pytest.fixture(scope="session")
def _standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Mapping[str, str]]]:
    folder = tmp_path_factory.mktemp("standing")
    with worlds.fresh_sqlite(folder) as url:
        facts = furnished.furnish_at(url, folder)
        with serving.served(url, folder, processes=1) as running:
            yield running, facts


@pytest.fixture(scope="session")
def standing(_standing: tuple[Served, Mapping[str, str]]) -> Served:
    """One server for all who book nothing; every page has something to show."""
    return _standing[0]


@pytest.fixture(scope="session")
def facts(_standing: tuple[Served, Mapping[str, str]]) -> Mapping[str, str]:
    """What stands there, by the names that addresses give it (`atlas.addresses`)."""
    return _standing[1]


@pytest.fixture
def stroll(browser: Browser, standing: Served, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The same as `visit`, for those who book nothing."""
    with _windows(browser, standing.url, request.node) as opened:
        yield opened


@contextmanager
def _windows(browser: Browser, url: str, test: pytest.Item) -> Iterator[Visit]:
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
        visitors.append(Visitor(context, url, size=size, language="en"))
        return visitors[-1]

    yield opened
    for number, visitor in enumerate(visitors, 1):
        if test.stash.get(FAILED, True):
            _photograph(visitor, f"{test.name}-{number}")
        visitor.page.context.close()
    assert [each for visitor in visitors for each in visitor.trouble] == []


def _photograph(visitor: Visitor, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    file = re.sub(r"[^\w-]+", "-", name).strip("-")
    visitor.page.screenshot(path=PICTURES / f"{file}.png", full_page=True)
