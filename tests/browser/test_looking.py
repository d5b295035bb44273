"""The close look itself: it must see what it is there for, or every walk passes for nothing."""

from playwright.sync_api import Browser

from tests.browser import looking, reaching
from tests.browser.conftest import Visit
from tests.browser.scales import Scales
from tests.browser.visitor import Visitor
from tests.browser.words import Words

WRONG = """<!doctype html><html lang="nl"><title>Proef</title><body><main>
  <h1>Proef</h1><h1>Nog een <b>x</b></h1>
  <h3>Zonder tussenkop</h3>
  <p>Nothing waits.</p>
  <p>A sentence nobody gave to the catalogue.</p>
  <p lang="en">Skip to the content</p>
  <p>One request waits for your answer.</p>
  <button title="Earlier weeks" data-free="Add a place">Vroeger</button>
  <p style="color: #999; background: #fff">Te bleek om te lezen</p>
  <input name="naamloos">
  <div style="width: 2000px">breed</div>
</main>"""


ROWS = "".join(f'<li><a href="#{number}">Regel {number}</a></li>' for number in range(40))

HARD_TO_USE = """<!doctype html><html lang="nl"><title>Proef</title><style>
  body { margin: 0; background: #fff; color: #000 }
  @media (prefers-color-scheme: dark) { .dim { background: #222; color: #444 } }
  header { position: fixed; inset: 0 0 auto; height: 9rem; background: #ddd }
  main { padding: 10rem 1rem 0 }
  li { height: 3rem }
  .line { width: 12rem; height: 1.2em; line-height: 1.2; overflow: hidden }
  .wide { width: 22rem; white-space: nowrap }
  .tool { display: inline-block; padding: 0; border: 0; font-size: 10px; line-height: 1 }
</style>
<header>Boven alles</header><main><h1>Proef</h1>
  <p class="dim">Alleen in het donker te bleek</p>
  <p class="line">Past net op een regel</p>
  <p class="wide">Past net in een venster van 390 pixels</p>
  <p><button class="tool">a</button><button class="tool">b</button></p>
  <form><input type="password" aria-label="Wachtwoord" autocomplete="off"></form>
  <ul>{rows}</ul>
</main>"""

EASY_TO_USE = """<!doctype html><html lang="nl"><title>Proef</title><style>
  body { background: light-dark(#fff, #111); color: light-dark(#000, #eee); color-scheme: light dark }
  html { scroll-padding-top: 10rem }
  header { position: fixed; inset: 0 0 auto; height: 9rem; background: light-dark(#ddd, #222) }
  main { padding: 10rem 1rem 0 }
  li { height: 3rem }
  p, label, li > a { line-height: 3rem }
  li > a, input { display: inline-block; min-width: 3rem; min-height: 3rem }
</style>
<header>Boven alles</header><main><h1>Proef</h1>
  <p>Een zin met <a href="#w">een woord</a> erin.</p>
  <form><input autocomplete="username" aria-label="Naam">
    <input type="password" aria-label="Wachtwoord" autocomplete="current-password"></form>
  <label><input type="checkbox"> Een vakje met veel woorden ernaast</label>
  <ul>{rows}</ul>
</main>"""


def test_the_ruler_sees_what_is_hard_to_hit_to_read_and_to_reach(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(HARD_TO_USE.replace("{rows}", ROWS))
    assert list(looking.width(page)) == []
    assert [len(list(reaching.targets(page, least))) for least in (44, 24)] == [3, 2]
    assert all("Regel" in each for each in reaching.focus(page))
    assert list(reaching.focus(page)) != [], "on the way back the head lies over it"
    assert [each.partition(":")[0] for each in reaching.spacing(page)] == [
        "wider than the window when its text is set wider",
        "cut off when text is set wider",
    ]
    assert len(list(reaching.passwords(page))) == 1
    assert [each.partition(":")[0] for each in looking.dark(page)] == ["in the dark"]
    page.set_viewport_size({"width": 320, "height": 256})
    assert len(list(looking.width(page))) == 1
    page.close()


def test_the_ruler_finds_nothing_where_nothing_is_wrong(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(EASY_TO_USE.replace("{rows}", ROWS))
    assert [*reaching.targets(page, 24), *reaching.focus(page), *reaching.spacing(page)] == []
    assert [*reaching.passwords(page), *looking.dark(page)] == []
    page.close()


def test_the_close_look_sees_english_bad_contrast_nameless_fields_overflow_and_markup(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(WRONG)
    found = looking.closely(page, Words.of("nl"))
    page.close()
    assert {each for each in found if each.startswith("English")} == {
        "English: 'A sentence nobody gave to the catalogue.'",
        "English: 'Add a place'",
        "English: 'Earlier weeks'",
        "English: 'Nothing waits.'",
        "English: 'One request waits for your answer.'",
        "English: '%(company)s waits for your answer.'",
    }
    assert any("color-contrast" in each for each in found)
    assert any("heading-order" in each for each in found), "axe-core calls it moderate: wrong all the same"
    assert any("label" in each for each in found)
    assert any("wider than the window" in each for each in found)
    assert "2 main headings" in found
    assert "what people typed became markup" in found


def test_two_pages_of_one_title_are_seen_and_one_page_under_two_addresses_is_not():
    assert list(looking.alike([("Boeking", "/bookings/1"), ("Boeking", "/bookings/2")])) == [
        "one title for ['/bookings/1', '/bookings/2']"
    ]
    assert list(looking.alike([("Planning", "/plan?weeks=4"), ("Planning", "/plan"), ("Vandaag", "/")])) == []


def test_the_visitor_hears_a_broken_policy_a_foreign_host_and_a_broken_script(browser: Browser) -> None:
    context = browser.new_context()
    page = """<!doctype html><title>x</title><script>1</script><script src="/broken.js"></script>
        <img src="http://elsewhere.example/x.png" alt="">"""
    answers = {"http://here.example/": page, "http://here.example/broken.js": "throw new Error('broken')"}
    context.route(
        "**/*",
        lambda route: route.fulfill(
            body=answers.get(route.request.url, ""),
            content_type="text/javascript" if route.request.url.endswith(".js") else "text/html",
            headers={"Content-Security-Policy": "script-src 'self'"},
        ),
    )
    visitor = Visitor(context, "http://here.example", size="desktop", language="en")
    visitor.open_page("/")
    trouble = "\n".join(visitor.trouble)
    context.close()
    assert "Content Security Policy" in trouble
    assert "another host: http://elsewhere.example/x.png" in trouble
    assert "script: broken" in trouble


def test_the_scales_weigh_a_page_with_what_it_needs_and_without_it_for_whoever_comes_back(stroll: Visit) -> None:
    visitor = stroll("desktop")
    scales = Scales(visitor.page)
    weights = []
    for path in ("/venues", "/venues", "/docs"):
        visitor.open_page(path)
        looking.settle(visitor.page)
        weights.append(scales.weigh())
    (first, after), (again, lighter), (larger, alone) = weights
    assert 0 < after < first / 2, "styles and scripts come once"
    assert (again > lighter, lighter < first / 2) == (True, True)
    assert alone > after, "a long page is heavier than a short one, and what is kept hides nothing of it"
    assert larger > alone
