"""Several hats: the address says for whom a page is, and a form is sent for nobody but the one that it showed."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import a_claim, ask
from tests.support.visits import Visitor

PAGES = (
    "/",
    "/search?kind=studio&first=2027-03-08&last=2027-03-12",
    "/search?kind=studio&first=2027-03-08&last=2027-03-12&view=map",
    "/bookings",
    "/bookings?view=weeks",
    "/trajectories",
    "/trajectories/new",
    "/trajectories/plan?from=2027-03-01&to=2027-03-31&need-1-days=3&need-2-days=3",
    "/calls",
    "/enquiries",
    "/enquiries/new?kind=studio&first=2027-03-08&last=2027-03-12&venue=BUD",
    "/waiting-list",
    "/resources/BUD-S1?from=2027-03-08",
)
"""Those on which a company works."""
CARRIES = re.compile(
    r"/(search|bookings|trajectories|calls|enquiries|waiting-list|resources)(/new|/plan)?([?#].*)?$"
)
"""Where the hat makes a difference; one booking, say, names its company itself."""
LINKS = re.compile(r'href="(/[^"]*)"')

As = Callable[[str | None], Api]
HIDDEN = re.compile(r'type="hidden" name="(hat|organisation)" value="([^"]*)"')
ZWALUW = "Collectief Zwaluw"
PERIOD = {"from": "2027-03-08", "to": "2027-03-13"}
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


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_company_keeps_its_hat_on(app: Flask, companies: dict[str, str], path: str):
    hat = f"organisation={companies['wout']}"
    address = f"{path}{'&' if '?' in path else '?'}{hat}"
    page = Visitor(app, "camille").get(address)
    assert page.status == 200
    assert f"Camille</b> · {ZWALUW}" in page.text, "and says at the top which one it is"
    links = [unescape(link) for link in LINKS.findall(page.text.partition("<footer")[0])]
    leading = [link for link in links if CARRIES.match(link)]
    assert "/bookings?" + hat in leading
    assert [link for link in leading if hat not in link and link not in switches(companies)] == []
    forms = re.findall(r'<form[^>]* method="get".*?</form>', page.text, re.DOTALL)
    assert all(f'name="organisation" value="{companies["wout"]}"' in form for form in forms)
    assert Visitor(app, "wout").get(address).status == 200, "a colleague who opens the address"


def switches(companies: dict[str, str]) -> set[str]:
    return {f"/bookings?organisation={company}" for company in companies.values()}


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/resources")])
def test_a_hat_that_is_another_s_is_refused_kindly(app: Flask, companies: dict[str, str], path: str):
    between = "&" if "?" in path else "?"
    for hat in (companies["wout"], "x", "' or 1=1"):
        page = Visitor(app, "joris").get(f"{path}{between}{urlencode({'organisation': hat})}")
        assert page.status == 404
        assert "voor een gezelschap waar u niet bij hoort" in page.text
        assert f'href="{escape(path)}"' in page.text, "the same page without it"


def test_what_is_not_there_is_not_said_to_be_another_s(app: Flask, companies: dict[str, str]):
    camille = Visitor(app, "camille")
    for address in ("/nowhere?organisation=1", f"/desk/BUD/nothing?organisation={companies['camille']}"):
        page = camille.get(address)
        assert page.status == 404
        assert "Il n’y a rien ici que vous puissiez voir" in page.text
        assert "dont vous ne faites pas partie" not in page.text
    assert "dont vous ne faites pas partie" in camille.get("/bookings?organisation=1").text


def test_under_the_hat_of_a_company_nothing_of_the_others_is_read(app: Flask, api: As, companies: dict[str, str]):
    for name in ("camille", "wout"):
        who, asked = api(name), f"Gevraagd door {name}"
        need = {"title": asked, "periods": [PERIOD], "needs": [{"kind": "studio"}], "venues": ["BUD"]}
        assert who.post("/enquiries", {"organisation": companies[name], **need}).status == 201
        room = "DGP-GZ" if name == "camille" else "DGP-RS"
        wait = {"resource": room, "start": PERIOD["from"], "end": PERIOD["to"]}
        assert who.post("/waiting-list", {"organisation": companies[name], **wait}).status == 201
        stays = [
            {"venue": venue, "title": asked, "claims": [a_claim(room, "2027-05-03", "2027-05-05")]}
            for venue, room in (("BUD", "BUD-S1"), ("DGP", "DGP-RS"))
        ]
        chain = {"organisation": companies[name], "title": asked, "rule": "each", "bookings": stays}
        assert who.post("/trajectories", chain).status == 201
    camille = Visitor(app, "camille")
    for path in ("/enquiries", "/trajectories", "/bookings"):
        both, one = (camille.get(f"{path}{hat}").text for hat in ("", f"?organisation={companies['wout']}"))
        assert "Gevraagd door camille" in both
        assert "Gevraagd door wout" in both
        assert "Gevraagd door camille" not in one
        assert "Gevraagd door wout" in one
    waits = camille.get(f"/waiting-list?organisation={companies['wout']}").text
    assert 'href="/resources/DGP-RS?' in waits
    assert 'href="/resources/DGP-GZ?' not in waits


def test_one_thing_of_a_company_is_read_under_its_hat(app: Flask, api: As, companies: dict[str, str]):
    made = ask(api("wout"), a_claim("BUD-S1", "2027-03-08", "2027-03-10"), title="Van Zwaluw").json
    page = Visitor(app, "camille").get(f"/bookings/{made['id']}").text
    assert f"Camille</b> · {ZWALUW}" in page
    assert f'<li><a href="/bookings?organisation={companies["wout"]}">' in page, "back among the others of it"


def test_who_has_one_hat_reads_addresses_without_it(app: Flask):
    assert "organisation=" not in Visitor(app, "camille").get("/trajectories").text


def test_what_is_sent_goes_on_under_the_same_hat(app: Flask, companies: dict[str, str]):
    form = {"organisation": companies["wout"], "resource": "BUD-S1", "first": "2027-03-08", "last": "2027-03-09"}
    camille = Visitor(app, "camille")
    assert (
        camille.post("/waiting-list", form).headers["Location"]
        == f"/waiting-list?organisation={companies['wout']}"
    )
    assert f"Camille</b> · {ZWALUW}" in camille.post("/waiting-list", {**form, "last": "x"}).text


def test_a_planner_who_is_of_a_company_too_reads_its_pages_as_a_company(app: Flask, api: As):
    camille = api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    camille.post(f"/organisations/{company}/members", {"email": "joris@buda.example"})
    joris = Visitor(app, "joris")
    found = f"/search?kind=studio&first=2027-03-08&last=2027-03-12&organisation={company}"
    assert "/desk/BUD/book" not in joris.get(found).text
    assert f'href="/search?organisation={company}"' in joris.get(found).text
    assert joris.get(f"/?organisation={company}").status == 200, "the first page of the company, not the desk"
    assert joris.get(f"/desk/BUD?organisation={company}").status == 200, "a desk is under the hat of its house"


def test_a_coordinator_who_is_of_a_company_too_goes_from_one_hat_to_the_other(app: Flask, api: As):
    camille = api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    elise = Visitor(app, "elise")
    assert 'href="/programme" aria-current="true"' not in elise.get("/programme").text, "one hat needs no switch"
    assert camille.post(f"/organisations/{company}/members", {"email": "elise@emerge.example"}).status == 201
    theirs = f"/bookings?organisation={company}"
    page = elise.get(theirs).text
    assert f'<a href="{theirs}" aria-current="true">Compagnie Lisière</a>' in page
    assert '<a href="/programme">Le programme</a>' in page
    for path in ("/programme", "/programme/companies", "/reports/unmet"):
        page = elise.get(path).text
        assert '<a href="/programme" aria-current="true">Le programme</a>' in page
        assert f'<a href="{theirs}">Compagnie Lisière</a>' in page
        assert "Élise</b> · Le programme" in page
        assert f'<a href="{path}" aria-current="page">' in page, "with the menu of the programme"
    for path in (*PAGES, "/programme", "/programme/companies", "/reports/unmet", "/feeds", "/notifications"):
        hats = ("",) if path.startswith(("/programme", "/reports")) else ("", f"organisation={company}")
        for hat in hats:
            links = LINKS.findall(elise.get(f"{path}{'&' if '?' in path else '?'}{hat}").text)
            overseen = [link for link in links if link.startswith(("/programme", "/reports"))]
            assert [link for link in overseen if "organisation=" in link] == [], "which no company may read"
