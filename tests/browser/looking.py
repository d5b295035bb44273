"""What is looked at on every page: language, width, headings, and what axe-core finds, also in the dark."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.words import Words

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false });
  return found.violations.map(({ id, impact, help, nodes }) =>
    ({ id, impact, help, where: nodes.slice(0, 3).map((node) => node.target.join(" ")) }));
}"""

DARK = """async () => {
  const contrast = { runOnly: ["color-contrast"], resultTypes: ["violations"], preload: false };
  const found = await axe.run(document, contrast);
  return found.violations.flatMap(({ nodes }) => nodes.slice(0, 3).map(({ target, any }) =>
    `${target.join(" ")}: ${any[0]?.message}`));
}"""

WIDTH = """() => {
  const wide = document.documentElement.clientWidth;
  const beyond = [...document.body.querySelectorAll("*")].filter((element) => {
    if (element.getBoundingClientRect().right <= wide + 1) return false;
    for (let box = element; box !== document.body; box = box.parentElement) {
      const { overflowX, position } = getComputedStyle(box);
      if (overflowX !== "visible" || position === "fixed") return false;
    }
    return element.checkVisibility({ visibilityProperty: true });
  });
  return { wide, scrolls: document.documentElement.scrollWidth,
           beyond: beyond.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)) };
}"""

TEXTS = """() => {
  const language = document.documentElement.lang;
  const ours = (element) => element.closest("[lang]").lang === language
    && !element.closest("script, style, template, code");
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && ours(node.parentElement)) texts.push(node.data);
  }
  const said = ["aria-label", "aria-description", "title", "placeholder", "alt", "label", "content",
    "data-copied", "data-done", "data-label", "data-asked", "data-free", "data-taken"];
  for (const name of said)
    for (const element of document.querySelectorAll(`[${name}]`))
      if (ours(element)) texts.push(element.getAttribute(name));
  return texts;
}"""


def closely(page: Page, words: Words) -> list[str]:
    """Everything that is wrong with the page that is open, one line each."""
    settle(page)
    return [*language(page, words), *width(page), *headings(page), *markup(page), *accessibility(page)]


def settle(page: Page) -> None:
    """Wait until nothing moves any more."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")


def texts(page: Page) -> list[str]:
    """The words of the page in its own language; what is marked as another language is left out."""
    found: list[str] = page.evaluate(TEXTS)
    return found


def name_of(path: str) -> str:
    """A short name for a picture of this address."""
    address, _, _query = ID.sub("id", path).partition("?")
    return address.partition("#")[0].strip("/").replace("/", "-") or "start"


def accessibility(page: Page) -> Iterator[str]:
    """What axe-core finds, however small it calls it."""
    _take_axe(page)
    violations: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    for each in violations:
        yield f"axe, {each['impact']}: {each['id']}: {each['help']}: {each['where']}"


def dark(page: Page) -> Iterator[str]:
    """Text that is hard to read in the dark theme."""
    _take_axe(page)
    page.emulate_media(color_scheme="dark")
    found: list[str] = page.evaluate(DARK)
    page.emulate_media(color_scheme="light")
    yield from (f"in the dark: {each}" for each in found)


def language(page: Page, words: Words) -> Iterator[str]:
    """It says which one it is in, and nothing of it is English."""
    said = page.get_attribute("html", "lang")
    if said != words.language:
        yield f"the page says that it is in {said}"
    for text in words.english_in(texts(page)):
        yield f"English: {text!r}"


def width(page: Page) -> Iterator[str]:
    """It fits into the window."""
    found = page.evaluate(WIDTH)
    if found["scrolls"] > found["wide"] or found["beyond"]:
        yield f"wider than the window ({found['scrolls']} > {found['wide']}): {found['beyond']}"


def headings(page: Page) -> Iterator[str]:
    """It has one main heading."""
    count = page.locator("h1").count()
    if count != 1:
        yield f"{count} main headings"


def markup(page: Page) -> Iterator[str]:
    """What people type is text, whatever it looks like (`furnished.HOSTILE`)."""
    if page.locator("b", has_text=re.compile("^x$")).count():
        yield "what people typed became markup"


def alike(titles: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Titles that two pages share, of `(title, address)`; one page under two addresses may."""
    pages: dict[str, set[str]] = {}
    for title, address in titles:
        pages.setdefault(title, set()).add(address.partition("?")[0])
    yield from (f"one title for {sorted(paths)}" for paths in pages.values() if len(paths) > 1)


def _take_axe(page: Page) -> None:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
