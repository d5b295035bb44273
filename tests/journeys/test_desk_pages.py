"""The desk of a house on pages: another order of the queue, conflicts resolved, proposals made and answered."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, organisation_of
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
CLOSED = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}
IN_MAY = {"resource": "PHX-ST", "title": "x", "purpose": "residency", "first": "2027-05-10", "last": "2027-05-12"}


@pytest.fixture
def nadia(app: Flask) -> Visitor:
    return Visitor(app, "nadia")


@pytest.fixture
def booked(a_booking: MakeBooking) -> str:
    """Lisière has PHX-ST from 12 to 14 April, confirmed."""
    return str(a_booking(resource="PHX-ST", start="2027-04-12", end="2027-04-15"))


@pytest.fixture
def conflict(api: As, booked: str) -> str:
    """A closure over it: it has to move."""
    moved = [{"booking": booked, "decision": "move"}]
    assert api("nadia").post("/resources/PHX-ST/closures", {**CLOSED, "decisions": moved}).status == 201
    found: str = api("nadia").get("/conflicts?venue=PHX&state=open").json["items"][0]["id"]
    return found


def test_a_conflict_is_told_with_its_cause_and_resolved_with_a_reason(nadia: Visitor, conflict: str):
    page = nadia.get("/desk/PHX/conflicts").text
    assert "est fermé" in page
    assert "Grid inspection" in page
    assert 'name="way"' in page
    path = f"/desk/PHX/conflicts/{conflict}/resolve"
    assert nadia.post(path).status == 422
    assert nadia.post(path, {"reason": "Ils jouent au foyer."}).status == 303
    after = nadia.get("/desk/PHX/conflicts").text
    assert "Rien à résoudre" in after
    assert "Ils jouent au foyer." in after
    assert nadia.post(path, {"reason": "encore"}).status == 409


def test_a_way_out_moves_the_booking_and_the_conflict_is_gone(api: As, nadia: Visitor, conflict: str, booked: str):
    page = nadia.get("/desk/PHX/conflicts").text
    way = page.split('name="way" value="')[1].split('"')[0]
    moved = nadia.post(f"/bookings/{booked}/ways-out", {"way": way, "back": "/desk/PHX/conflicts"})
    assert (moved.status, moved.headers["Location"]) == (303, "/desk/PHX/conflicts")
    assert api("nadia").get("/conflicts?venue=PHX&state=open").json["items"] == []
    assert api("camille").get(f"/bookings/{booked}").json["claims"][0]["start"] != "2027-04-12"


def test_the_house_proposes_and_the_company_accepts(api: As, app: Flask, nadia: Visitor, booked: str):
    assert nadia.get(f"/bookings/{booked}/counter").status == 200
    made = nadia.post(f"/bookings/{booked}/counter", {**IN_MAY, "reason": "Le gril est contrôlé."})
    assert made.status == 303
    camille = Visitor(app, "camille")
    page = camille.get(f"/bookings/{booked}").text
    assert "lun. 10 – mer. 12 mai 2027" in page
    assert "Le gril est contrôlé." in page
    assert camille.post(f"/bookings/{booked}/accept").status == 303
    assert api("camille").get(f"/bookings/{booked}").json["claims"][0]["start"] == "2027-05-10"


def test_a_proposal_that_cannot_be_had_is_refused_at_its_line(nadia: Visitor, booked: str, a_booking: MakeBooking):
    a_booking(resource="PHX-ST", start="2027-05-11", end="2027-05-12", company="Zwaluw")
    refused = nadia.post(f"/bookings/{booked}/counter", IN_MAY)
    assert refused.status == 409
    assert 'name="way"' in refused.text


def test_a_company_asks_for_more_and_the_house_refuses(app: Flask, nadia: Visitor, booked: str):
    camille = Visitor(app, "camille")
    longer = {**IN_MAY, "first": "2027-04-12", "last": "2027-04-16", "reason": "Le spectacle s’allonge."}
    assert "Demander une modification" in camille.get(f"/bookings/{booked}").text
    assert camille.post(f"/bookings/{booked}/change", longer).status == 303
    page = nadia.get(f"/bookings/{booked}").text
    assert "lun. 12 – ven. 16 avr. 2027" in page
    assert "Le spectacle s’allonge." in page
    assert nadia.post(f"/bookings/{booked}/refuse").status == 303
    assert "lun. 12 – ven. 16" not in nadia.get(f"/bookings/{booked}").text.split("Historique")[0]


def test_a_planner_puts_an_option_first_with_a_reason(api: As, app: Flask, a_booking: MakeBooking):
    week = {"resource": "DGP-KZ", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
    first, second = str(a_booking(**week, company="Zwaluw")), str(a_booking(**week))
    bram = Visitor(app, "bram")
    form = {"rank": "1", "reason": "première belge", "back": "/desk/DGP/queue/DGP-KZ"}
    assert bram.post(f"/bookings/{second}/order", {**form, "reason": ""}).status == 422
    assert bram.post(f"/bookings/{second}/order", {**form, "rank": "9"}).status == 422
    assert bram.post(f"/bookings/{second}/order", form).headers["Location"] == form["back"]
    page = bram.get(form["back"]).text
    assert page.index("Compagnie Lisière") < page.index("Collectief Zwaluw")
    assert "plaats gegeven door het huis" in page
    assert api("wout").get(f"/bookings/{first}").json["rank"] == 2


def test_the_queue_names_who_was_challenged_to_the_house_alone(api: As, app: Flask, a_booking: MakeBooking):
    week = {"resource": "DGP-KZ", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
    a_booking(**week, company="Zwaluw")
    second = str(a_booking(**week))
    assert answer(api("camille"), second, "challenge").status == 200
    page = Visitor(app, "bram").get("/desk/DGP/queue/DGP-KZ").text
    assert "Vroeg Collectief Zwaluw te beslissen" in page
    assert "Zwaluw" not in Visitor(app, "camille").get(f"/bookings/{second}").text


def test_a_request_behind_an_option_is_not_told_to_be_free(nadia: Visitor, a_booking: MakeBooking):
    a_booking(resource="PHX-ST", start="2027-05-10", end="2027-05-13", company="Zwaluw", state="option")
    asked = a_booking(resource="PHX-ST", start="2027-05-11", end="2027-05-12", state="requested")
    page = nadia.get("/desk/PHX/requests").text
    assert "convient, tout est libre" not in page
    assert "tient une option" in page
    assert f'action="/bookings/{asked}/grant"' in page.split("Autrement")[0], (
        "the next option is the answer at hand"
    )


def test_what_the_house_proposes_instead_of_a_request_is_the_companys_to_answer(
    app: Flask, api: As, nadia: Visitor
):
    asked = str(ask(api("camille"), a_claim("PHX-ST", "2027-04-12", "2027-04-15")).json["id"])
    assert "Compagnie Lisière attend votre réponse." in nadia.get(f"/bookings/{asked}").text
    assert nadia.post(f"/bookings/{asked}/counter", {**IN_MAY, "reason": "Le gril est contrôlé."}).status == 303
    theirs = nadia.get(f"/bookings/{asked}").text
    assert "Compagnie Lisière doit encore répondre à votre proposition." in theirs
    assert "attend votre réponse" not in theirs.split("<main")[1]
    ours = Visitor(app, "camille").get(f"/bookings/{asked}").text
    assert "Le Phénix, scène nationale Valenciennes propose d’autres jours ou d’autres espaces." in ours
    assert "doit encore répondre" not in ours
    assert "Studio, lun. 10 – mer. 12 mai 2027" in ours.split("Historique")[1], "by its name, not by its code"


def test_a_chain_that_begins_with_an_option_does_not_say_that_nothing_is_held(app: Flask, api: As):
    rooms = ("CHD-S2", "2027-03-01", "2027-03-06"), ("BUD-S2", "2027-03-08", "2027-03-13")
    parts = [
        {"venue": room[:3], "title": "Marées", "claims": [a_claim(room, first, end)]} for room, first, end in rooms
    ]
    body = {"organisation": organisation_of(api("camille")), "title": "Marées", "bookings": parts, "legs": []}
    chain = api("camille").post("/trajectories", body)
    assert [each["state"] for each in chain.json["bookings"]] == ["option", "requested"]
    page = Visitor(app, "camille").get(f"/trajectories/{chain.json['id']}").text
    assert "Les options sont tenues jusqu’à leur échéance." in page
    assert "Rien n’est encore tenu" not in page


def test_a_yes_to_a_part_of_a_chain_is_told_as_held_and_the_last_one_as_confirmed(app: Flask, api: As):
    rooms = ("PHX-F2", "2027-03-01", "2027-03-06"), ("BUD-S2", "2027-03-08", "2027-03-13")
    parts = [
        {"venue": room[:3], "title": "Marées", "claims": [a_claim(room, first, end)]} for room, first, end in rooms
    ]
    body = {"organisation": organisation_of(api("camille")), "title": "Marées", "bookings": parts, "legs": []}
    chain = api("camille").post("/trajectories", body)
    first, last = (each["id"] for each in chain.json["bookings"])
    nadia, joris = Visitor(app, "nadia"), Visitor(app, "joris")
    assert nadia.post(f"/bookings/{first}/confirm", {"back": "/desk/PHX"}).status == 303
    said = nadia.get("/desk/PHX").text
    assert "Les jours sont tenus jusqu’à la réponse des autres maisons" in said
    assert "C’est confirmé." not in said
    assert joris.post(f"/bookings/{last}/confirm").status == 303
    assert "Bevestigd. Het gezelschap krijgt bericht." in joris.get(f"/bookings/{last}").text
