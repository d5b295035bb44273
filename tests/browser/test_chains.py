"""From a need to a confirmed chain: Camille looks, builds and mends the gaps; three houses say yes."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import strolled, told
from tests.support.api import Api
from tests.support.serving import Served

CAMILLE = "camille@lisiere.example"
PLANNERS = {"PHX": "nadia@phenix.example", "BUD": "joris@buda.example", "DGP": "bram@degrotepost.example"}
LOOKS_FOR = "/search?kind=studio&sprung_floor=1&first=2027-03-08&last=2027-03-19&people=5"


def fill_stay(visitor: Visitor, n: int, resource: str, first: str, last: str) -> None:
    visitor.page.select_option(f"[name=stay-{n}-resource]", resource)
    visitor.page.fill(f"[name=stay-{n}-first]", first)
    visitor.page.fill(f"[name=stay-{n}-last]", last)


def yes(visit: Visit, size: str, email: str, title: str) -> None:
    """One house confirms its part, in its own language."""
    planner = visit(size)
    planner.sign_in(email, "fr" if "phenix" in email else "nl")
    planner.open_page("/trajectories")
    planner.page.get_by_role("link", name=title).first.click()
    own = planner.main.locator(".stop a.tall")
    planner.page.goto(planner.page.url.partition("/trajectories")[0] + str(own.first.get_attribute("href")))
    planner.look(picture="chain-part")
    planner.press("Confirm")
    expect(planner.main.locator("#live, [role=status]").first).to_be_attached()


@told(("sqlite", "fr", "desktop"), ("postgresql", "fr", "phone"))
def test_from_a_need_to_a_confirmed_chain_of_three_houses(visit: Visit, language: str, size: str) -> None:
    camille = visit(size)
    camille.sign_in(CAMILLE, language)
    camille.open_page(LOOKS_FOR)
    joins = camille.main.locator("a[href*='stay=BUD-S1']")
    expect(joins.first).to_be_visible()
    joins.first.click()
    camille.look(picture="chain-form")
    expect(camille.page.locator("[name=stay-1-resource]")).to_have_value("BUD-S1")
    camille.press("One stay more")

    camille.page.fill("[name=title]", "Marées")
    camille.page.fill("[name=people]", "5")
    fill_stay(camille, 1, "PHX-F2", "2027-03-01", "2027-03-05")
    fill_stay(camille, 2, "BUD-S1", "2027-03-08", "2027-03-19")
    fill_stay(camille, 3, "DGP-GZ", "2027-03-22", "2027-03-26")
    camille.page.locator("#stay-2 summary").click()
    camille.page.fill("[name=stay-2-beds]", "4")
    camille.page.locator("#stay-3 summary").click()
    camille.page.fill("[name=stay-3-showing]", "2027-03-26")
    camille.page.fill("[name=stay-3-showing_time]", "20:00")
    camille.page.select_option("[name=kit-1-resource]", "PHX-PJ")
    camille.page.fill("[name=kit-1-quantity]", "2")
    camille.press("Ask every house")

    expect(camille.page).to_have_url(re.compile(r"/trajectories/[0-9a-f-]{36}$"))
    camille.look(picture="chain-with-gaps")
    expect(camille.main.locator(".ride--gap")).to_have_count(2)
    for left in (1, 0):
        camille.press("Mend the gap")
        expect(camille.main.locator(".ride--gap")).to_have_count(left)
    camille.look(picture="chain-mended")

    for email in PLANNERS.values():
        yes(visit, size, email, "Marées")
    camille.page.reload()
    camille.sees("The whole chain is confirmed.")
    camille.look(picture="chain-confirmed")
    camille.open_page("/trajectories")
    camille.look(picture="chains")


@told(("sqlite", "nl", "phone"), ("sqlite", "fr", "desktop"))
def test_a_house_says_no_and_the_rest_is_kept(visit: Visit, served: Served, language: str, size: str) -> None:
    api: Api = served.api("camille")
    organisation = api.get("/me").json["organisations"][0]["id"]
    days = {"PHX-F2": ("01", "06"), "BUD-S1": ("08", "20"), "DGP-GZ": ("22", "27")}
    parts = [
        {
            "venue": code[:3],
            "claims": [{"resource": code, "start": f"2027-03-{first}", "end": f"2027-03-{end}"}],
        }
        for code, (first, end) in days.items()
    ]
    made = api.post("/trajectories", {"organisation": organisation, "title": "Marées", "bookings": parts}).json
    ids = {part["venue"]: part["id"] for part in made["bookings"]}
    served.api("nadia").post(f"/bookings/{ids['PHX']}/confirm", {})
    served.api("joris").post(f"/bookings/{ids['BUD']}/decline", {"reason": "Festival"})

    camille = visit(size)
    camille.sign_in(CAMILLE, language)
    camille.open_page(f"/trajectories/{made['id']}")
    camille.sees("A house said no.")
    camille.sees("Another period, or another house than %(house)s", house="Kunstencentrum BUDA")
    for way in ("BUDA", "Charleroi danse"):
        expect(camille.main.get_by_role("button", name=way).first).to_be_visible()
    camille.look(picture="chain-broken")
    camille.press("Keep the rest")
    camille.sees("The rest is kept. Every house is told.")
    camille.look(picture="chain-kept")
    camille.go("/trajectories?view=timeline", picture="chains-timeline")


PLANNED = (
    "/trajectories/plan?from=2027-03-01&to=2027-04-14&border=1&km=250&need-1-kind=studio&need-1-days=5"
    "&need-2-kind=studio&need-2-days=10&need-2-beds=4&need-2-gap=14&need-2-sprung=1"
    "&need-3-kind=stage&need-3-days=5&need-3-width=11&need-3-gap=14&need-3-weekday=5"
)


@strolled
def test_a_chain_is_planned_and_carried_into_the_form(stroll: Visit, language: str, size: str) -> None:
    camille = stroll(size)
    camille.sign_in(CAMILLE, language)
    camille.go(PLANNED, picture="chain-plan")
    camille.press("Use this chain")
    camille.look()
    expect(camille.page.locator("[name=stay-3-resource]")).not_to_have_value("")
    expect(camille.page.locator("[name=stay-2-beds]")).to_have_value("4")
