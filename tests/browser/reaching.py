"""What eyes and hands need on every page and axe-core cannot see (WCAG 2.2 AA): room for wider text, targets that
are hit, a focus that nothing hides, and passwords that a browser may fill in.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

LEAST = {"phone": 44, "desktop": 24}
"""CSS pixels of what is hit: with a finger (screens.md), with a mouse (2.5.8)."""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`p { margin-bottom: 2em !important }
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
AS_IT_WAS = "() => { document.adoptedStyleSheets = []; }"

CUT = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  if (element.scrollHeight <= element.clientHeight + 2 || element.clientHeight < 2) return false;
  const { overflowY, clipPath, webkitLineClamp } = getComputedStyle(element);
  return ["hidden", "clip"].includes(overflowY) && clipPath === "none" && webkitLineClamp === "none"
    && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
}).map((element) => element.outerHTML.slice(0, 120))"""

HIDDEN_FOCUS = """() => {
  const within = (element, hit) => hit && (element.contains(hit) || hit.contains(element)
    || [...(element.labels ?? [])].some((label) => label.contains(hit)));
  const seen = (element) => [...element.getClientRects()].some(({ left, right, top, bottom }) => {
    left = Math.max(left, 0), top = Math.max(top, 0);
    right = Math.min(right, document.documentElement.clientWidth), bottom = Math.min(bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) return false;
    return [.5, .1, .9].some((across) => [.5, .1, .9].some((down) => within(
      element, document.elementFromPoint(left + across * (right - left), top + down * (bottom - top)))));
  });
  const stops = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']",
  )].filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }));
  const hidden = new Set();
  for (const way of [stops, stops.toReversed()]) for (const stop of way) {
    stop.focus();
    if (document.activeElement === stop && !seen(stop)) hidden.add(stop);
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return [...hidden].slice(0, 3).map((each) => each.outerHTML.slice(0, 120));
}"""

SMALL = """(least) => {
  const label = ({ element }) => element.closest("label");
  const inSentence = ({ element }) => getComputedStyle(element).display === "inline"
    && [...element.parentElement.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
  const hit = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const targets = [...document.querySelectorAll(hit)]
    .filter((each) => !each.disabled && !each.closest("[aria-hidden=true], svg")
      && each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((element) => ({ element, ...(element.closest("label") ?? element).getBoundingClientRect().toJSON() }))
    .filter(({ width, height }) => width > 2 && height > 2);
  const small = targets.filter((each) =>
    (each.width < least - .5 || each.height < least - .5) && !inSentence(each));
  // 2.5.8: a smaller one may do when a circle around its middle meets no other target, nor the circle of one
  const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
  const near = (one, other) => {
    const [x, y] = middle(one), [otherX, otherY] = middle(other);
    if (small.includes(other)) return Math.hypot(otherX - x, otherY - y) < least;
    const across = Math.max(other.left - x, 0, x - other.right);
    return Math.hypot(across, Math.max(other.top - y, 0, y - other.bottom)) < least / 2;
  };
  const crowded = (one) => targets.some((other) =>
    other !== one && !(label(one) && label(one) === label(other)) && near(one, other));
  return small.filter((each) => least > 24 || crowded(each)).slice(0, 3).map(({ element, width, height }) =>
    `${Math.round(width)} x ${Math.round(height)}: ${element.outerHTML.slice(0, 120)}`);
}"""

PASSWORDS = """() => [...document.querySelectorAll("input[type=password]")].filter((each) => {
  const tokens = ["current-password", "new-password"];
  const name = each.form?.querySelector("[autocomplete=username]");
  return !tokens.includes(each.autocomplete) || !name || each.hasAttribute("onpaste");
}).map((each) => each.outerHTML.slice(0, 120))"""


def closely(page: Page, size: str) -> Iterator[str]:
    """All that is looked at in a window of this size."""
    yield from targets(page, LEAST[size])
    yield from focus(page)
    yield from spacing(page)
    yield from passwords(page)


def spacing(page: Page) -> Iterator[str]:
    """What people who set lines, words and letters wider could no longer read (1.4.12)."""
    before = set(page.evaluate(CUT))
    page.evaluate(SPACED)
    cut = [each for each in page.evaluate(CUT) if each not in before]
    if _overflows(page):
        yield "wider than the window when its text is set wider"
    page.evaluate(AS_IT_WAS)
    yield from (f"cut off when text is set wider: {each}" for each in cut[:3])


def focus(page: Page) -> Iterator[str]:
    """Stops of the keyboard, forwards and back, that something else hides (2.4.11)."""
    yield from (f"the focus is hidden on {each}" for each in page.evaluate(HIDDEN_FOCUS))


def targets(page: Page, least: int) -> Iterator[str]:
    """What is too small to hit: `least` CSS pixels (2.5.8); words in the middle of a sentence may be smaller."""
    yield from (f"too small to hit: {each}" for each in page.evaluate(SMALL, least))


def passwords(page: Page) -> Iterator[str]:
    """Passwords that a browser cannot fill in, or that nobody may paste (1.3.5, 3.3.8)."""
    yield from (f"no browser can fill in {each}" for each in page.evaluate(PASSWORDS))


def _overflows(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
