"""Everything can be done without a mouse, and one always sees where one is."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.hands import Hands
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.builders import MakeBooking
from tests.support.pages import DEMO_PASSWORD
from tests.support.serving import Served

LAMPS = {"resource": "PHX-PAR", "start": "2026-11-23T09:00:00+01:00", "end": "2026-11-23T17:00:00+01:00"}


@on_sqlite
def test_a_request_is_made_and_withdrawn_by_keyboard_alone(visit: Visit) -> None:
    camille = visit("desktop")
    hands, page = Hands(camille), camille.page
    camille.open_page("/design")
    expect(page.locator("main :focus")).to_have_count(0)  # what is refused there is a picture of a refusal
    camille.open_page("/sign-in")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    hands.type(page.locator("[name=email]"), "camille@lisiere.example")
    hands.type(page.locator("[name=password]"), DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("html[lang=fr]")).to_be_attached()
    hands.press(page.locator("form.tongues button[value=nl]"))
    camille.choose_language("nl")

    camille.open_page("/")
    hands.type(page.locator("[name=min_width_m]"), "14")
    hands.date(page.locator("#first1"), "2027-03-08")
    hands.date(page.locator("#last1"), "2027-03-19")
    hands.press(page.get_by_role("button", name=camille.says("Show who has it")))
    hands.press(page.locator("h3 a[href^='/resources/BUD-S1']"))
    hands.press(page.locator("a.bar.is-free").first)
    expect(page.locator("[name=first]")).to_have_value("2027-03-08")
    hands.type(page.locator("[name=beds-quantity]"), "4")
    hands.type(page.locator("[name=title]"), "Marées")
    hands.press(page.locator("button.button--main"))
    camille.sees("Sent. The house will answer.")
    expect(page.locator("#aloud")).to_have_text(camille.says("Sent. The house will answer."))

    hands.press(page.locator("details.menu:not(.who) summary"))
    page.keyboard.press("Escape")
    expect(page.locator("details.menu:not(.who)")).not_to_have_attribute("open", "")
    expect(page.locator("details.menu:not(.who) summary")).to_be_focused()
    page.keyboard.press("Enter")
    hands.press(page.get_by_role("button", name=camille.says("Withdraw the request")))
    expect(camille.headline).to_have_text(camille.says("The request was withdrawn."))


@on_sqlite
def test_a_house_answers_moves_closes_and_sets_itself_up_by_keyboard_alone(
    visit: Visit, a_booking: MakeBooking
) -> None:
    a_booking(state="requested", title="Marées")
    a_booking(state="confirmed", title="Vlucht", company="Zwaluw", start="2027-04-12", end="2027-04-15")
    joris, hands = _at_work(visit, "joris@buda.example")
    page = joris.page
    joris.open_page("/desk/BUD/requests")
    request = joris.main.locator("li.request")
    hands.press(request.get_by_text(joris.says("Otherwise")))
    hands.type(request.locator("textarea"), "Geen decor, jammer.")
    hands.press(request.get_by_role("button", name=joris.says("Decline")))
    joris.sees("Declined. The company is told why.")

    joris.open_page("/desk/BUD/plan?from=2027-04-12&weeks=2")
    hands.reach(joris.main.locator("a.bar", has_text="Vlucht"))
    for key in ("m", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[name=first]").first).to_have_value("2027-04-13")
    hands.press(page.locator("button.button--main"))
    expect(page.locator("#live p").first).to_be_visible()

    joris.open_page("/desk/BUD/closures")
    hands.press(page.get_by_role("link", name=joris.says("Close a place")))
    hands.choose(page.locator("[name=resource]"), "Budatoren – Studio 2")
    hands.date(page.locator("[name=first]"), "2027-05-10")
    hands.date(page.locator("[name=last]"), "2027-05-11")
    hands.type(page.locator("[name=reason]"), "Vloer")
    hands.press(page.get_by_role("button", name=joris.says("See what it hits")).last)
    hands.press(page.locator("button.button--main"))
    joris.sees("Closed. Everybody concerned is told.")

    joris.open_page("/desk/BUD/setup")
    hands.press(page.get_by_role("link", name=joris.says("Add a place")))
    hands.choose(page.locator("[name=kind]"), joris.says("Studio"))
    hands.type(page.locator("[name=code]"), "BUD-S9")
    hands.type(page.locator("[name='name.nl']"), "Zolder")
    hands.press(page.get_by_role("button", name=joris.says("Add it")))
    expect(joris.main).to_contain_text("Zolder")


@on_sqlite
def test_lamps_come_back_and_a_call_is_opened_by_keyboard_alone(
    visit: Visit, served: Served, a_booking: MakeBooking
) -> None:
    a_booking(**LAMPS, quantity=24, company="Noordzee", title="Getij")
    served.clock.set("2026-11-23T08:30:00+01:00")
    farid, hands = _at_work(visit, "farid@phenix.example")
    farid.open_page("/desk/PHX/day")
    for unfold, deed in (("Hand over", "It is handed over"), ("Take it back in", "It is back")):
        hands.press(farid.main.get_by_text(farid.says(unfold)).first)
        hands.press(farid.main.get_by_role("button", name=farid.says(deed)).locator("visible=true"))
        expect(farid.page.locator("#live p").first).to_be_visible()
    farid.sees("%(num)s piece is back.", num=24)

    elise, hands = _at_work(visit, "elise@emerge.example")
    page = elise.page
    elise.open_page("/calls")
    hands.press(page.get_by_role("link", name=elise.says("Open a call")))
    hands.type(page.locator("[name=title]"), "Zomer aan zee")
    for field, day in (("first", "2027-07-05"), ("last", "2027-07-30"), ("closes", "2027-02-01")):
        hands.date(page.locator(f"[name={field}]"), day)
    hands.tick(page.locator("[name=venues][value=BUD]"))
    hands.tick(page.locator("[name=criteria]").first)
    hands.press(page.get_by_role("button", name=elise.says("Open the call")))
    expect(elise.headline).to_have_text("Zomer aan zee")


def _at_work(visit: Visit, email: str) -> tuple[Visitor, Hands]:
    visitor = visit("desktop")
    visitor.sign_in(email, "nl")
    return visitor, Hands(visitor)
