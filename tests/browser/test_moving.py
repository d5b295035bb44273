"""The plan in one's hands: a booking is dragged or moved by keys, told beforehand; the form opens filled in."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.builders import MakeBooking

PLAN = "/desk/BUD/plan?from=2027-03-08&weeks=2"


@pytest.fixture
def joris(visit: Visit, a_booking: MakeBooking) -> Visitor:
    """At his plan: Marées on Mon 8 – Wed 10 March in Studio 1, Vlucht on the Friday; both confirmed."""
    a_booking(title="Marées", start="2027-03-08", end="2027-03-11")
    a_booking(title="Vlucht", start="2027-03-12", end="2027-03-13", company="Zwaluw")
    visitor = visit("desktop")
    visitor.sign_in("joris@buda.example", "nl")
    visitor.go(PLAN, picture="plan-to-move")
    return visitor


def bar(joris: Visitor, title: str) -> Locator:
    return joris.main.locator("a.bar", has_text=title)


@on_sqlite
def test_dragging_tells_what_is_in_the_way_and_opens_the_form(joris: Visitor) -> None:
    mouse, says = joris.page.mouse, joris.page.locator("#plan-says")
    box = bar(joris, "Marées").bounding_box()
    assert box is not None
    day = box["width"] / 3
    mouse.move(box["x"] + day / 2, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + day / 2 + 2 * day, box["y"] + 10, steps=5)
    expect(says).to_contain_text(re.compile("10 .*12 .*bezet: Collectief Zwaluw Vlucht"))
    joris.look("plan-over-another")
    mouse.move(box["x"] + day / 2 + 7 * day, box["y"] + 10, steps=5)
    expect(says).to_contain_text(re.compile("15 .*17 .*vrij"))
    mouse.up()
    expect(joris.page).to_have_url(re.compile(r"/change\?shift=7&longer=0$"))
    expect(joris.page.locator("[name=first]").first).to_have_value("2027-03-15")
    expect(joris.page.locator("[name=last]").first).to_have_value("2027-03-17")
    joris.look("form-after-moving")


@on_sqlite
def test_keys_do_the_same_and_escape_leaves_everything_as_it_was(joris: Visitor) -> None:
    keyboard, says = joris.page.keyboard, joris.page.locator("#plan-says")
    bar(joris, "Marées").focus()
    for key in ("m", "ArrowRight", "Escape"):
        keyboard.press(key)
    expect(says).to_be_hidden()
    for key in ("m", "ArrowRight", "Shift+ArrowLeft", "ArrowDown"):
        keyboard.press(key)
    expect(says).to_contain_text(re.compile("Budatoren – Studio 2, .*9 .*10 .*vrij"))
    keyboard.press("Enter")
    expect(joris.page).to_have_url(re.compile(r"/change\?shift=1&longer=-1&to=BUD-S2$"))
    expect(joris.page.locator("[name=last]").first).to_have_value("2027-03-10")


@on_sqlite
def test_escape_ends_a_drag_for_good_though_the_hand_goes_on(joris: Visitor) -> None:
    mouse, ghost = joris.page.mouse, joris.page.locator(".plan__ghost")
    marees = bar(joris, "Marées")
    box = marees.bounding_box()
    assert box is not None
    at, y = box["x"] + 20, box["y"] + 10
    mouse.move(at, y)
    mouse.down()
    mouse.move(at + box["width"], y, steps=5)
    expect(ghost).to_be_visible()
    joris.page.keyboard.press("Escape")
    expect(ghost).to_have_count(0)
    drawn(joris)
    mouse.move(at + 2 * box["width"], y, steps=5)
    drawn(joris)
    expect(ghost).to_have_count(0)
    mouse.move(at + 1, y)
    mouse.up()  # over the booking again: neither moved nor opened
    drawn(joris)
    expect(joris.page.locator(".plan__row--hatched")).to_have_count(0)
    expect(joris.page).to_have_url(re.compile(re.escape(PLAN)))
    marees.click()  # and the next click is one
    expect(joris.page).to_have_url(re.compile("/bookings/"))


@on_sqlite
def test_escape_ends_a_choice_of_days_for_good_though_the_hand_goes_on(joris: Visitor) -> None:
    mouse, chosen = joris.page.mouse, joris.page.locator(".plan__chosen")
    box = free(joris, "BUD-S2").bounding_box()
    assert box is not None
    mouse.move(box["x"] + 10, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + 200, box["y"] + 10, steps=5)
    expect(chosen).to_be_visible()
    joris.page.keyboard.press("Escape")
    mouse.move(box["x"] + 300, box["y"] + 10, steps=5)
    drawn(joris)
    expect(chosen).to_have_count(0)
    mouse.up()
    expect(joris.page.locator("#plan-pick")).to_be_hidden()
    expect(joris.page).to_have_url(re.compile(re.escape(PLAN)))


@on_sqlite
def test_what_is_in_the_way_is_hatched_on_every_row_while_something_moves(joris: Visitor) -> None:
    keyboard, hatched = joris.page.keyboard, joris.page.locator(".plan__row--hatched")
    bar(joris, "Marées").focus()
    keyboard.press("m")
    expect(hatched).to_have_count(joris.page.locator("[data-resource]").count())
    assert bar(joris, "Vlucht").evaluate("(it) => getComputedStyle(it).backgroundImage").startswith("repeating")
    keyboard.press("Escape")
    expect(hatched).to_have_count(0)


def drawn(joris: Visitor) -> None:
    """Two frames later: whatever the hand did has been followed."""
    joris.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@on_sqlite
def test_what_keys_move_stays_in_sight(joris: Visitor) -> None:
    joris.page.set_viewport_size({"width": 1440, "height": 420})
    ghost = joris.page.locator(".plan__ghost")
    bar(joris, "Marées").focus()
    for key in ("m", "ArrowDown", "ArrowDown"):
        joris.page.keyboard.press(key)
        expect(ghost).to_be_in_viewport(ratio=1)
    joris.page.evaluate("() => scrollTo(0, 0)")
    expect(ghost).not_to_be_in_viewport()
    joris.page.keyboard.press("ArrowRight")
    expect(ghost).to_be_in_viewport(ratio=1)


@on_sqlite
def test_days_are_chosen_by_hand_and_the_form_is_filled_in(joris: Visitor) -> None:
    mouse, pick = joris.page.mouse, joris.page.locator("#plan-pick")
    box = free(joris, "BUD-S2").bounding_box()
    assert box is not None
    day = box["width"] / 7
    mouse.move(box["x"] + day / 2, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + 2.5 * day, box["y"] + 10, steps=5)
    mouse.up()
    expect(pick).to_contain_text(re.compile("Studio 2, .*8 .*10 "))
    joris.look("plan-days-chosen")
    pick.get_by_role("link", name="Boeken").click()
    expect_a_form_for(joris, "2027-03-08", "2027-03-11")


@on_sqlite
def test_days_are_chosen_by_keys_and_the_form_is_filled_in(joris: Visitor) -> None:
    free(joris, "BUD-S2").focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight"):
        joris.page.keyboard.press(key)
    expect(joris.page.locator("#plan-pick")).to_contain_text(re.compile("Studio 2, .*8 .*9 "))
    joris.page.keyboard.press("Enter")
    expect_a_form_for(joris, "2027-03-08", "2027-03-10")


def free(joris: Visitor, resource: str) -> Locator:
    """Its first free days."""
    return joris.main.locator(f"[data-resource={resource}] a.is-free").first


def expect_a_form_for(joris: Visitor, first: str, end: str) -> None:
    expect(joris.page).to_have_url(re.compile(rf"/desk/BUD/book\?.*resource=BUD-S2.*from={first}&to={end}$"))
    expect(joris.page.locator("form [type=date]").first).to_have_value(first)


@on_sqlite
def test_a_season_is_drawn_as_marks_that_lead_to_their_bookings(joris: Visitor) -> None:
    joris.go("/desk/BUD/plan?from=2027-01-04&weeks=26", picture="plan-season")
    mark = joris.main.get_by_role("link", name=re.compile("Marées"))
    mark.focus()
    joris.page.keyboard.press("Enter")
    expect(joris.page).to_have_url(re.compile("/bookings/"))
