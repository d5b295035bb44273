"""S10: every page of the map, weighed, and looked at by Lighthouse. Statements: test_pages_and_statements.py."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

from booking.settings import ROOT
from tests.browser.scales import Scales
from tests.support import atlas, chromium, furnished, serving, worlds
from tests.support.pages import DEMO_PASSWORD

PROGRAM = Path(__file__).with_name("lighthouse")
INSTALLED = ROOT / "instance" / "bench-lighthouse"
"""A copy of the program with its packages: the checkout stays clean."""
FILES = ("package.json", "package-lock.json", "measure.mjs")
PATIENCE = 600
AT_THE_DESK = frozenset({"joris@buda.example", "elise@emerge.example"})
"""Who works at a big screen; Lighthouse looks at the pages of all others as on a phone."""
ASKED = ("name", "value", "domain", "path", "httpOnly", "secure", "sameSite")


@dataclass(frozen=True, slots=True)
class Weight:
    """Of one page: octets as they travel with an empty cache, and afterwards; and asked of other hosts."""

    path: str
    first: int
    after: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page, by category, each 0 to 100."""

    path: str
    of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """`scores` is None where there is no Node.js to run Lighthouse."""

    weights: Sequence[Weight]
    scores: Sequence[Score] | None


def measure(folder: Path) -> Result:
    """In the world in which every page has something to show (SQLite, one web process)."""
    worlds.begin_run()
    try:
        with worlds.fresh_sqlite(folder) as url:
            facts = furnished.furnish_at(url, folder)
            with serving.served(url, folder, processes=1) as served, sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
                cookies = {who: _signed_in(browser, served.url, who) for who, _ in atlas.PAGES}
                pages = list(atlas.addresses(facts))
                weights = list(_weighed(browser, served.url, pages, cookies))
                browser.close()
                return Result(weights, _looked_at(served.url, pages, cookies) if ready() else None)
    finally:
        worlds.end_run()
        os.environ.pop(worlds.FOLDER)


def ready() -> bool:
    """Install Lighthouse once; False when that cannot be done here."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    if (INSTALLED / "node_modules" / "lighthouse").exists():
        return True
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(PROGRAM / name, INSTALLED / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(command, cwd=INSTALLED, check=False, timeout=PATIENCE).returncode == 0  # noqa: S603


def _signed_in(browser: Browser, url: str, who: str | None) -> list[dict[str, Any]]:
    """The cookies of a person; none of nobody."""
    if who is None:
        return []
    window = browser.new_context()
    page = window.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("[name=email]", who)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.locator("main form button").click()
    page.wait_for_load_state()
    kept = [{name: each[name] for name in ASKED} for each in window.cookies()]  # type: ignore[literal-required]
    window.close()
    return kept


def _weighed(
    browser: Browser,
    url: str,
    pages: Sequence[tuple[str | None, str]],
    cookies: Mapping[str | None, list[dict[str, Any]]],
) -> Iterator[Weight]:
    for who in dict.fromkeys(each for each, _ in pages):
        window = browser.new_context()
        window.add_cookies(cookies[who])  # type: ignore[arg-type]  # as the browser itself told them
        page = window.new_page()
        scales = Scales(page)
        asked: list[str] = []
        page.on("request", partial(_note, asked))
        for path in (path for each, path in pages if each == who):
            asked.clear()
            page.goto(url + path, wait_until="networkidle")
            first, after = scales.weigh()
            yield Weight(path, first, after, sum(not each.startswith((url, "data:")) for each in asked))
        window.close()


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def _looked_at(
    url: str, pages: Sequence[tuple[str | None, str]], cookies: Mapping[str | None, list[dict[str, Any]]]
) -> list[Score]:
    asked = {
        "chromium": chromium.find(),
        "pages": [
            {
                "url": url + path,
                "who": who or "nobody",
                "cookies": cookies[who],
                "at": "desk" if who in AT_THE_DESK else "phone",
            }
            for who, path in pages
        ],
    }
    done = subprocess.run(  # noqa: S603 -- our own program
        ["node", str(INSTALLED / "measure.mjs")],  # noqa: S607 -- the node on the path
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE * 6,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    for each in told:
        if each["failed"]:
            print(each["url"].removeprefix(url), *each["failed"])  # noqa: T201 -- a score says not what to mend
    return [Score(each["url"].removeprefix(url), each["scores"]) for each in told]
