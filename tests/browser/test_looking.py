"""The close look itself: it must see what it is there for, or every walk passes for nothing."""

from playwright.sync_api import Browser

from tests.browser import looking
from tests.browser.words import Words

WRONG = """<!doctype html><html lang="nl"><title>Proef</title><body><main>
  <h1>Proef</h1>
  <p>Nothing waits.</p>
  <p>A sentence nobody gave to the catalogue.</p>
  <p lang="en">Skip to the content</p>
  <p>One request waits for your answer.</p>
  <button title="Earlier weeks">Vroeger</button>
  <p style="color: #999; background: #fff">Te bleek om te lezen</p>
  <input name="naamloos">
  <div style="width: 2000px">breed</div>
</main>"""


def test_the_close_look_sees_english_bad_contrast_nameless_fields_and_overflow(browser: Browser) -> None:
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
