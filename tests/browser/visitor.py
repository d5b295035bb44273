"""A person at a browser, who looks closely at every page: is it in my language, does it fit, can everybody use it.

A test says words in English; the visitor looks for them in the language of the page.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser import looking
from tests.browser.words import Words
from tests.support.pages import DEMO_PASSWORD

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900), "enlarged": (320, 256)}
"""CSS pixels; the last is a screen of 1280 by 1024 at 400 % (WCAG 1.4.10)."""
ALBUM = "PICTURES"
"""Name of an environment variable: a folder for a picture of every page that is looked at."""
NOT_TROUBLE = re.compile(r"Failed to load resource|htmx:sendAbort")
"""Answers are judged by their status; typing on makes the question before it pointless."""
PATIENCE = 20_000
"""Milliseconds until what should appear must be there."""


class Visitor:
    """One browser window. `trouble` collects what no page may do: errors, other hosts, broken answers."""

    def __init__(self, context: BrowserContext, base: str, *, size: str, language: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.size = size
        self.trouble: list[str] = []
        self._base = base
        self._expected: set[int] = set()
        self._use(language)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    @property
    def main(self) -> Locator:
        """What the page is about, without its frame."""
        return self.page.locator("main")

    @property
    def headline(self) -> Locator:
        """The sentence at its head."""
        return self.page.locator("h1")

    def go(self, path: str, *, picture: str | None = None) -> None:
        """Open an address and look."""
        self.open_page(path)
        self.look(picture)

    def open_page(self, path: str) -> None:
        """Open an address."""
        self.page.goto(self._base + path)

    def become(self, size: str) -> None:
        """The same page in a window of another size."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.size = size

    def choose_language(self, language: str) -> None:
        """With the switch that every page has; the page comes back in that language."""
        button = self.page.locator(f"form.tongues button[value={language}]")
        if button.get_attribute("aria-pressed") != "true":
            button.click()
        expect(self.page.locator(f"html[lang={language}]")).to_be_attached()
        self._use(language)

    def sign_in(self, email: str, language: str) -> None:
        """Come in from wherever there is the form, and read on in this language."""
        self.open_page("/sign-in")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.page.locator("main form button").click()
        expect(self.page.locator("form[action='/sign-out']").first).to_be_attached()
        self.choose_language(language)

    def says(self, sentence: str, **facts: Any) -> str:
        """An English sentence as this visitor reads it."""
        return self.words(sentence, **facts)

    def sees(self, sentence: str, inside: Locator | None = None, **facts: Any) -> None:
        """Wait until it can be read."""
        expect(inside or self.main).to_contain_text(self.says(sentence, **facts))

    def press(self, sentence: str, inside: Locator | None = None, **facts: Any) -> None:
        """Press the button, or follow the link, that says so."""
        said = " ".join(self.says(sentence, **facts).split())  # in a name no space is without a break
        words = re.compile(rf"^\s*{re.escape(said)}")
        where = inside or self.main
        where.get_by_role("button", name=words).or_(where.get_by_role("link", name=words)).first.click()

    def open(self, sentence: str, inside: Locator | None = None) -> Locator:
        """Unfold what stands under these words."""
        fold = (inside or self.main).locator("details").filter(has=self.page.get_by_text(self.says(sentence))).last
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return fold

    def press_in_menu(self, sentence: str, *, reason: str | None = None) -> None:
        """Do something that stands under "Other actions", where there is such a menu; say why."""
        if self.main.locator("details.menu").count():
            self.open("Other actions")
        form = self.main.locator("form").filter(has_text=self.says(sentence))
        if reason is not None:
            form.locator("[name=reason]").fill(reason)
        self.press(sentence, form)

    def expects(self, *statuses: int) -> None:
        """From here on a page may answer so."""
        self._expected.update(statuses)

    def look(self, picture: str | None = None) -> None:
        """Everything that holds on every page."""
        found = looking.closely(self.page, self.words)
        self._keep_picture(picture)
        assert not self.trouble, f"{self.page.url}: {self.trouble}"
        assert not found, f"{self.page.url} ({self.size}, {self.words.language}):\n" + "\n".join(found)

    def texts(self) -> str:
        """All that this page can tell, also what is folded away or only read out."""
        return "\n".join(looking.texts(self.page))

    def knows_nothing_of(self, names: Iterable[str]) -> None:
        """None of these words stand anywhere in the document."""
        html = self.page.content()
        assert [name for name in names if name in html] == []

    def _use(self, language: str) -> None:
        self.words = Words.of(language)

    def _keep_picture(self, picture: str | None) -> None:
        album = os.environ.get(ALBUM)
        if album:
            name = picture or looking.name_of(self.page.url.removeprefix(self._base))
            path = Path(album) / f"{name}-{self.size}-{self.words.language}.png"
            self.page.screenshot(path=path, full_page=True)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NOT_TROUBLE.match(message.text):
            self.trouble.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._base, "data:")):
            self.trouble.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.trouble.append(f"{response.status} for {response.request.method} {response.url}")
