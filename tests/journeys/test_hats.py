"""Several hats: the address says for whom a page is, and a form is sent for nobody but the one that it showed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import a_claim, ask
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
HIDDEN = re.compile(r'type="hidden" name="(hat|organisation)" value="([^"]*)"')
ASKED = {
    "resource": "BUD-S2",
    "title": "Twee petten",
    "purpose": "residency",
    "mode": "days",
    "first": "2027-03-08",
    "last": "2027-03-12",
    "people": "3",
}


@pytest.fixture
def companies(api: As) -> dict[str, str]:
    """Camille's own company, and Wout's, of which she is a member too; by the first name of each."""
    found = {name: api(name).get("/me").json["organisations"][0]["id"] for name in ("camille", "wout")}
    joined = api("wout").post(f"/organisations/{found['wout']}/members", {"email": "camille@lisiere.example"})
    assert joined.status == 201
    return found


def test_the_address_says_for_which_company_a_page_is(app: Flask, api: As, companies: dict[str, str]):
    for name, title in (("camille", "Van Lisière"), ("wout", "Van Zwaluw")):
        assert ask(api(name), a_claim("BUD-S1", "2027-03-08", "2027-03-10"), title=title).status == 201
    camille = Visitor(app, "camille")
    both = camille.get("/bookings").text
    assert "Van Lisière" in both
    assert "Van Zwaluw" in both
    for company in companies.values():
        assert f'href="/bookings?organisation={company}"' in both, "where she switches"
    theirs = f"/bookings?organisation={companies['wout']}"
    page = camille.get(theirs).text
    assert "Van Zwaluw" in page
    assert "Van Lisière" not in page
    assert f'href="{theirs}" aria-current="true"' in page
    assert f"/bookings?view=month&amp;organisation={companies['wout']}" in page, "it stays on the way"
    assert f'organisation={companies["wout"]}"' in camille.get(f"{theirs}&view=month").text
    assert Visitor(app, "joris").get(theirs).status == 404
    assert camille.get("/bookings?organisation=x").status == 404


def test_a_form_opened_for_one_company_is_not_sent_for_another(app: Flask, api: As):
    wout, camille = api("wout"), api("camille")
    tab = Visitor(app, "camille")
    shown = dict(HIDDEN.findall(tab.get("/bookings/new?resource=BUD-S2").text))
    mine = camille.get("/me").json["organisations"][0]["id"]
    assert shown == {"organisation": mine, "hat": "company"}
    for address in ("/enquiries/new", "/trajectories/new", "/waiting-list"):
        assert f'name="organisation" value="{mine}"' in tab.get(address).text
    theirs = wout.get("/me").json["organisations"][0]["id"]
    assert wout.post(f"/organisations/{theirs}/members", {"email": "camille@lisiere.example"}).status == 201
    team = camille.get(f"/organisations/{mine}/members").json["items"]
    own = next(each["id"] for each in team if each["email"] == "camille@lisiere.example")
    new = camille.post(f"/organisations/{mine}/members", {"email": "next@lisiere.example"}).json["id"]
    assert camille.delete(f"/organisations/{mine}/members/{own}?successor={new}").status == 204
    sent = tab.post("/bookings", {**ASKED, **shown})
    assert sent.status in (404, 422), "never for the company that she is left with"
    assert camille.get("/bookings").json["items"] == []


def test_a_form_opened_for_the_house_is_not_sent_for_a_company(app: Flask, api: As):
    joris, camille = api("joris"), api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    camille.post(f"/organisations/{company}/members", {"email": "joris@buda.example"})
    tab = Visitor(app, "joris")
    assert dict(HIDDEN.findall(tab.get("/desk/BUD/book?resource=BUD-S2").text))["hat"] == "house"
    new = joris.post("/venues/BUD/team", {"email": "next@buda.example", "role": "manager"}).json["id"]
    own = next(each["id"] for each in joris.get("/venues/BUD/team").json["items"] if "joris@" in each["email"])
    assert joris.delete(f"/venues/BUD/team/{own}?successor={new}").status == 204
    assert tab.post("/desk/BUD/book", {**ASKED, "hat": "house", "organisation": ""}).status == 404
    sent = tab.post("/bookings", {**ASKED, "hat": "house", "organisation": ""})
    assert sent.status == 422
    assert "voor iemand anders" in sent.text
    assert 'value="Twee petten"' in sent.text, "what was typed stays"
    assert joris.get("/bookings").json["items"] == []
    again = tab.post("/bookings", {**ASKED, "hat": "company", "organisation": company})
    assert again.status == 303
