"""The close look itself: it must see what it is there for, or every walk passes for nothing."""

from playwright.sync_api import Browser

from tests.browser import looking
from tests.browser.conftest import Visit
from tests.browser.scales import Scales
from tests.browser.visitor import Visitor
from tests.browser.words import Words

WRONG = """<!doctype html><html lang="nl"><title>Proef</title><body><main>
  <h1>Proef</h1><h1>Nog een <b>x</b></h1>
  <p>Nothing waits.</p>
  <p>A sentence nobody gave to the catalogue.</p>
  <p lang="en">Skip to the content</p>
  <p>One request waits for your answer.</p>
  <button title="Earlier weeks">Vroeger</button>
  <p style="color: #999; background: #fff">Te bleek om te lezen</p>
  <input name="naamloos">
  <div style="width: 2000px">breed</div>
</main>"""


def test_the_close_look_sees_english_bad_contrast_nameless_fields_overflow_and_markup(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(WRONG)
    found = looking.closely(page, Words.of("nl"))
    page.close()
    assert {each for each in found if each.startswith("English")} == {
        "English: 'A sentence nobody gave to the catalogue.'",
        "English: 'Earlier weeks'",
        "English: 'Nothing waits.'",
        "English: 'One request waits for your answer.'",
        "English: '%(company)s waits for your answer.'",
    }
    assert any("color-contrast" in each for each in found)
    assert any("label" in each for each in found)
    assert any("wider than the window" in each for each in found)
    assert "2 main headings" in found
    assert "what people typed became markup" in found


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
