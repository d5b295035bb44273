"""On a train: the connection goes, the session ends, a button is pressed twice, a form stands in two tabs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.api import Api
from tests.support.pages import DEMO_PASSWORD
from tests.support.serving import Served

CAMILLE = "camille@lisiere.example"
FORM = "/bookings/new?resource=BUD-S1&from=2027-05-10&to=2027-05-15"


@pytest.fixture
def camille(visit: Visit) -> Visitor:
    visitor = visit("phone")
    visitor.sign_in(CAMILLE, "fr")
    visitor.open_page(FORM)
    return visitor


def type_in(page: Page, **fields: str) -> None:
    """Type, and wait until it is kept."""
    for name, text in fields.items():
        with page.expect_response("**/drafts/booking*"):
            page.fill(f"[name={name}]", text)


def of_camille(served: Served) -> list[str]:
    api: Api = served.api("camille")
    return [each["title"] for each in api.get("/bookings").json["items"]]


@on_sqlite
def test_what_is_typed_is_kept_and_comes_back_in_another_window(camille: Visitor, visit: Visit) -> None:
    type_in(camille.page, title="Marées", note="Cinq interprètes.")
    expect(camille.page.locator("#draft")).to_contain_text("Brouillon enregistré à")
    camille.look("draft-kept")
    desktop = visit("desktop")
    desktop.sign_in(CAMILLE, "fr")
    desktop.go(FORM, picture="draft-back")
    expect(desktop.page.locator("[name=title]")).to_have_value("Marées")
    expect(desktop.page.locator("[name=note]")).to_have_value("Cinq interprètes.")
    type_in(desktop.page, title="Marées, petite forme")
    type_in(camille.page, title="Marées, grande forme")
    expect(camille.page.locator("#draft")).to_contain_text(
        camille.says(
            "Another window keeps a newer draft of this form. What you type here is kept only when you send it."
        )
    )
    expect(camille.page.locator("[name=title]")).to_have_value("Marées, grande forme")
    desktop.press("Throw it away")
    desktop.sees("The draft is thrown away.")
    expect(desktop.page.locator("[name=title]")).to_have_value("")


@on_sqlite
def test_without_a_connection_it_is_said_and_goes_on_when_there_is_one(camille: Visitor, served: Served) -> None:
    type_in(camille.page, title="Marées")
    camille.page.context.set_offline(True)
    camille.page.fill("[name=note]", "Dans le tunnel.")
    camille.press("Send the request")
    trouble = camille.page.locator("#trouble")
    expect(trouble).to_be_focused()
    expect(trouble).to_contain_text("Pas de connexion")
    assert of_camille(served) == []
    expect(camille.page.locator("[name=note]")).to_have_value("Dans le tunnel.")
    with camille.page.expect_response("**/drafts/booking*"):
        camille.page.context.set_offline(False)
    expect(trouble).to_contain_text(camille.says("The connection is back. You can send it now."))
    camille.press("Send the request")
    camille.sees("Sent. The house will answer.")
    assert of_camille(served) == ["Marées"]


@on_sqlite
def test_a_session_that_ends_meanwhile_gives_the_form_back_filled(camille: Visitor, served: Served) -> None:
    type_in(camille.page, title="Marées")
    camille.page.context.clear_cookies()
    camille.page.fill("[name=note]", "Tapé après la session.")
    camille.expects(400, 401)
    expect(camille.page.locator("#trouble")).to_contain_text("déconnecté")
    camille.press("Send the request")
    expect(camille.headline).to_have_text("Sign in again: what you typed is kept.")
    camille.page.fill("[name=email]", CAMILLE)
    camille.page.fill("[name=password]", DEMO_PASSWORD)
    camille.page.locator("main form.section button").click()
    camille.sees("You are signed in again. Nothing was sent yet: look it over, and send it once more.")
    camille.look("draft-after-signing-in")
    expect(camille.page.locator("[name=title]")).to_have_value("Marées")
    expect(camille.page.locator("[name=note]")).to_have_value("Tapé après la session.")
    assert of_camille(served) == []
    camille.press("Send the request")
    camille.sees("Sent. The house will answer.")


@on_sqlite
def test_pressed_twice_and_sent_again_from_another_tab_it_is_made_once(camille: Visitor, served: Served) -> None:
    type_in(camille.page, title="Marées")
    first, tabs = camille.page, [camille.page.context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(first.url)
        expect(tab.locator("[name=title]")).to_have_value("Marées")
    first.locator("#deed").locator("..").dblclick()
    camille.sees("Sent. The house will answer.")
    first.go_back()  # to a new form, not to one that is sent again
    expect(first.locator("[name=title]")).to_have_value("")
    camille.page = tabs[0]
    camille.press("Send the request")
    camille.sees("This was sent already; nothing has been made twice.")
    assert of_camille(served) == ["Marées"]
    camille.page = tabs[1]
    camille.page.fill("[name=title]", "Houle")
    camille.expects(409)
    camille.press("Send the request")
    camille.sees("Nothing has been sent. What you typed is still here.")
    camille.look("form-sent-before")
    assert of_camille(served) == ["Marées"]
    camille.press("Send the request")
    camille.sees("Sent. The house will answer.")
    assert sorted(of_camille(served)) == ["Houle", "Marées"]


@on_sqlite
def test_a_change_from_an_outdated_tab_is_told_and_overwrites_nothing(camille: Visitor, served: Served) -> None:
    type_in(camille.page, title="Marées")
    camille.press("Send the request")
    camille.press("Change")
    old = camille.page
    camille.page = old.context.new_page()
    camille.page.goto(old.url)
    camille.page.fill("[name=title]", "Marées II")
    camille.press("Save the change")
    camille.sees("Changed. The other side is told.")
    camille.page = old
    camille.page.fill("[name=note]", "Écrit dans le vieil onglet.")
    camille.expects(412)
    camille.press("Save the change")
    camille.sees("Nothing has been sent. What you typed is still here.")
    expect(camille.page.locator("[name=note]")).to_have_value("Écrit dans le vieil onglet.")
    assert of_camille(served) == ["Marées II"]
