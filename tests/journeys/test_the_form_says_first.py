"""The booking form says what sending it would do, before it is sent."""

import pytest
from flask import Flask

from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

WEEK = {"start": "2027-03-08", "end": "2027-03-13", "state": "option"}
FORM = {"title": "Marées", "purpose": "residency", "first": "2027-03-08", "last": "2027-03-12"}
CANNOT = 'class="cannot"'


@pytest.fixture
def camille(app: Flask) -> Visitor:
    return Visitor(app, "camille")


def checked(visitor: Visitor, resource: str, **fields: str) -> str:
    return visitor.post("/bookings/check", {**FORM, "resource": resource, **fields}).text


def test_over_an_option_the_button_takes_the_second_one(camille: Visitor, a_booking: MakeBooking):
    assert "Prendre une option" in checked(camille, "DGP-RS")
    a_booking(resource="DGP-RS", company="Zwaluw", **WEEK)
    page = checked(camille, "DGP-RS")
    assert "Prendre la 2e option" in page
    assert "Prendre une option" not in page
    assert "Zwaluw" not in page
    a_booking(resource="DGP-RS", company="Sambre", **WEEK)
    assert "Prendre la 3e option" in checked(camille, "DGP-RS")


def test_a_full_queue_is_told_before_it_refuses(camille: Visitor, a_booking: MakeBooking):
    for company in ("Zwaluw", "Sambre", "Noordzee"):
        a_booking(resource="DGP-RS", company=company, **WEEK)
    page = checked(camille, "DGP-RS")
    assert CANNOT in page
    sent = camille.post("/bookings", {**FORM, "resource": "DGP-RS"})
    assert sent.status == 409


def test_a_request_over_an_option_says_that_one_would_come_behind(camille: Visitor, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", company="Zwaluw", **WEEK)
    page = checked(camille, "BUD-S1")
    assert "Envoyer la demande" in page
    assert "2e option" in page
    assert "viendrait derrière" in page


def test_what_cannot_be_had_has_no_button_but_the_reason_and_the_ways_out(
    camille: Visitor, a_booking: MakeBooking
):
    a_booking(resource="BUD-S1", company="Zwaluw", **{**WEEK, "state": "confirmed"})
    page = checked(camille, "BUD-S1")
    assert "Ce n’est pas possible ainsi." in page
    assert CANNOT in page
    assert 'href="#ways"' in page
    assert 'id="ways"' in page
    assert CANNOT not in checked(camille, "BUD-S1", first="2027-04-05", last="2027-04-09")


def test_whom_one_writes_to_and_where_the_answer_comes_stand_on_the_form(camille: Visitor, app: Flask):
    page = camille.get("/bookings/new?resource=BUD-S1").text
    contact = page.partition("<h2>Contact</h2>")[2].partition("</section>")[0]
    assert 'href="/venues/BUD"' in contact
    assert "Parle néerlandais, anglais" in contact
    assert "camille@lisiere.example" in contact
    assert "<h2>Contact</h2>" not in Visitor(app, "joris").get("/desk/BUD/book?resource=BUD-S1").text
