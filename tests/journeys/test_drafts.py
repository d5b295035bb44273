"""Forms keep themselves: nothing typed is lost, nothing of it is seen by others, and nothing is made twice."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from booking.services.drafts import MOST_DRAFTS
from booking.storage.bookings import Booking, Enquiry, Trajectory
from booking.storage.database import Database
from booking.storage.drafts import Draft
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.pages import DEMO_PASSWORD
from tests.support.visits import Visitor

STUDIO = "/bookings/new?resource=BUD-S1"
MAREES = {
    "resource": "BUD-S1",
    "title": "Marées",
    "note": "Cinq interprètes & un tapis.",
    "purpose": "residency",
    "first": "2027-03-08",
    "last": "2027-03-19",
    "once": "a-form",
}
ENQUIRY = {"title": "Houle", "kind": "studio", "first": "2027-03-08", "last": "2027-03-12", "venue": "BUD"}
CHAIN = {
    "title": "Sillage",
    "stays": "2",
    "stay-1-resource": "PHX-F2",
    "stay-1-first": "2027-03-01",
    "stay-1-last": "2027-03-05",
    "stay-2-resource": "DGP-GZ",
    "stay-2-first": "2027-03-22",
    "stay-2-last": "2027-03-26",
}
WHOSE = re.compile(r'name="whose" value="([^"]+)"')
VERSION = re.compile(r'id="draft-at" value="([^"]+)"')


@pytest.fixture
def camille(app: Flask) -> Visitor:
    return Visitor(app, "camille")


def count(database: Database, table: type) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def whose(visitor: Visitor, there: str) -> dict[str, str]:
    """The field by which a form says to whom it was shown."""
    found = WHOSE.search(visitor.get(there).text)
    assert found is not None
    return {"whose": found[1]}


def test_a_form_is_kept_while_it_is_typed_and_comes_back(app: Flask, camille: Visitor):
    said = camille.post("/drafts/booking?about=BUD-S1", MAREES)
    assert said.status == 200
    assert "Brouillon enregistré à 09:00" in said.text
    page = camille.get(STUDIO).text
    assert 'value="Marées"' in page
    assert "Cinq interprètes &amp; un tapis." in page
    assert "Votre brouillon du" in page
    assert 'value="Marées"' not in camille.get("/bookings/new?resource=BUD-S2").text
    later = camille.get(f"{STUDIO}&from=2027-05-03&to=2027-05-08").text
    assert 'value="2027-05-03"' in later
    assert 'value="Marées"' in later
    for other in ("wout", "joris", "elise", "admin"):
        for place in (STUDIO, "/desk/BUD/book?resource=BUD-S1", "/bookings", "/", "/me"):
            assert "Marées" not in Visitor(app, other).get(place).text


def test_a_draft_is_thrown_away_with_one_press(camille: Visitor):
    camille.post("/drafts/booking?about=BUD-S1", MAREES)
    thrown = camille.post("/drafts/booking/throw-away?about=BUD-S1")
    assert thrown.headers["Location"] == STUDIO
    assert "Marées" not in camille.get(STUDIO).text


def test_a_draft_ends_when_its_form_is_sent(camille: Visitor, database: Database):
    camille.post("/drafts/booking?about=BUD-S1", MAREES)
    assert camille.post("/bookings", MAREES).status == 303
    assert camille.post("/drafts/booking?about=BUD-S1", MAREES).text == ""
    assert count(database, Draft) == 0


def test_what_is_refused_is_kept_without_any_script(camille: Visitor, a_booking: MakeBooking):
    a_booking(company="Zwaluw")
    assert camille.post("/bookings", MAREES).status == 409
    assert 'value="Marées"' in camille.get(STUDIO).text
    assert camille.post("/enquiries", {**ENQUIRY, "venue": ""}).status == 422
    assert 'value="Houle"' in camille.get("/enquiries/new").text
    assert camille.post("/trajectories", {**CHAIN, "stay-1-first": ""}).status == 422
    assert 'value="Sillage"' in camille.get("/trajectories/new").text


def test_a_month_later_it_is_gone(
    camille: Visitor, database: Database, clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    camille.post("/drafts/booking?about=BUD-S1", MAREES)
    clock.set("2026-12-23T08:59:00+01:00")
    assert 'value="Marées"' in camille.get(STUDIO).text
    clock.set("2026-12-23T09:00:01+01:00")
    assert "Marées" not in camille.get(STUDIO).text
    assert worker()["drafts forgotten"] == 1
    assert count(database, Draft) == 0


def test_another_window_overwrites_nothing(camille: Visitor):
    first = VERSION.search(camille.post("/drafts/booking?about=BUD-S1", MAREES).text)
    assert first is not None
    other = camille.post("/drafts/booking?about=BUD-S1", {**MAREES, "title": "Houle"})
    assert "Une autre fenêtre" in other.text
    assert 'value="Marées"' in camille.get(STUDIO).text
    again = {**MAREES, "title": "Marées II", "draft_at": first[1]}
    assert "Brouillon enregistré" in camille.post("/drafts/booking?about=BUD-S1", again).text
    assert 'value="Marées II"' in camille.get(STUDIO).text


def test_there_is_room_for_what_people_type_and_no_more(camille: Visitor, database: Database):
    assert "trop long" in camille.post("/drafts/booking?about=BUD-S1", {**MAREES, "note": "x" * 70_000}).text
    for n in range(MOST_DRAFTS + 3):
        camille.post(f"/drafts/booking?about=R{n}", MAREES)
    assert count(database, Draft) == MOST_DRAFTS
    assert camille.post("/drafts/poem").status == 404
    assert camille.post(f"/drafts/booking?about={'x' * 101}").status == 404
    assert camille.post("/drafts/booking?about=BUD-S1", MAREES, with_token=False).status == 400


def test_the_same_form_makes_one_booking_however_often_it_is_sent(camille: Visitor, database: Database):
    made = camille.post("/bookings", MAREES)
    again = camille.post("/bookings", MAREES)
    assert (again.status, again.headers["Location"]) == (303, made.headers["Location"])
    assert "C’était déjà envoyé" in camille.get(made.headers["Location"]).text
    assert count(database, Booking) == 1
    other = camille.post("/bookings", {**MAREES, "title": "Houle"})
    assert other.status == 409
    assert "Ce formulaire a déjà été envoyé" in other.text
    assert 'value="Houle"' in other.text
    assert count(database, Booking) == 1
    fresh = re.search(r'name="once" value="([^"]+)"', other.text)
    assert fresh is not None
    assert fresh[1] != MAREES["once"]
    assert camille.post("/bookings", {**MAREES, "title": "Houle", "once": fresh[1]}).status == 303


def test_an_enquiry_and_a_chain_are_made_once(camille: Visitor, database: Database):
    for address, typed in (("/enquiries", ENQUIRY), ("/trajectories", CHAIN)):
        form = {**typed, "once": f"once{address}"}
        made = camille.post(address, form)
        assert made.status == 303, made.text
        again = camille.post(address, form)
        assert again.headers["Location"] == made.headers["Location"]
        assert camille.post(address, {**form, "title": "Autre"}).status == 409
    assert (count(database, Enquiry), count(database, Trajectory)) == (1, 1)


def test_a_key_of_somebody_else_tells_nothing(app: Flask, camille: Visitor, database: Database):
    camille.post("/bookings", MAREES)
    wout = Visitor(app, "wout").post("/bookings", {**MAREES, "title": "Zwerm"})
    assert wout.status == 303
    assert count(database, Booking) == 2


@pytest.mark.parametrize(
    ("address", "form", "there"),
    [
        ("/bookings", MAREES, STUDIO),
        ("/enquiries", ENQUIRY, "/enquiries/new"),
        ("/trajectories", CHAIN, "/trajectories/new"),
    ],
)
def test_a_session_that_is_over_keeps_the_form_until_its_person_signs_in(
    app: Flask, camille: Visitor, database: Database, address: str, form: dict[str, str], there: str
):
    nobody = Visitor(app, None)
    sent = nobody.post(address, {**form, **whose(camille, there)}, with_token=False)
    assert sent.status == 401
    assert "Sign in again: what you typed is kept." in sent.text
    kept = re.search(r'name="kept" value="([^"]+)"', sent.text)
    assert kept is not None
    typed = html.unescape(kept[1])
    wrong = nobody.post("/sign-in", {"email": "camille@lisiere.example", "password": "?", "kept": typed})
    assert wrong.status == 422
    assert 'name="kept"' in wrong.text
    signs = {"email": "camille@lisiere.example", "password": DEMO_PASSWORD, "kept": typed}
    back = nobody.post("/sign-in", signs)
    assert (back.status, back.headers["Location"]) == (303, there)
    assert f'value="{form["title"]}"' in nobody.get(there).text
    assert (count(database, Booking), count(database, Draft)) == (0, 1)


def test_what_one_typed_reaches_nobody_else_who_signs_in_at_the_same_computer(
    app: Flask, camille: Visitor, database: Database
):
    mine = whose(camille, STUDIO)
    for typed in ({**MAREES, **mine}, MAREES, {**MAREES, "whose": "é"}):
        for_sign_in = Visitor(app, None).post("/bookings", typed, with_token=False).text
        kept = re.search(r'name="kept" value="([^"]+)"', for_sign_in)
        assert kept is not None
        wout = Visitor(app, None)
        signs = {
            "email": "wout@zwaluw.example",
            "password": DEMO_PASSWORD,
            "kept": html.unescape(kept[1]),
        }
        assert wout.post("/sign-in", signs).headers["Location"] == "/"
        assert "Dat formulier was van iemand anders" in wout.get("/").text
        other_tab = Visitor(app, "wout").post("/bookings", typed, with_token=False)
        assert other_tab.headers["Location"] == "/"
    assert (count(database, Booking), count(database, Draft)) == (0, 0)


def test_a_form_from_before_one_signed_in_again_comes_back_filled(camille: Visitor):
    sent = camille.post("/bookings", {**MAREES, **whose(camille, STUDIO)}, with_token=False)
    assert (sent.status, sent.headers["Location"]) == (303, STUDIO)
    page = camille.get(STUDIO).text
    assert 'value="Marées"' in page
    assert "Vous êtes de nouveau connecté" in page


def test_a_form_that_stood_on_another_site_is_not_kept(app: Flask, database: Database):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        client = app.test_client()
        assert client.post("/bookings", data=MAREES, headers=headers).status_code == 400
    assert count(database, Draft) == 0


def test_what_no_page_of_ours_wrote_is_dropped(app: Flask, database: Database):
    for kept in (
        "[]",
        "{",
        '{"form":"poem","about":"","fields":{}}',
        '{"form":"booking","about":"","fields":{}}',
        '{"form":"booking","about":"","fields":{},"whose":1}',
        '{"form":"booking","about":1,"fields":[],"whose":""}',
        '{"form":"booking","about":"\\u0000","fields":{},"whose":""}',
        '{"form":"booking","about":"","fields":{"\\u0000":["x"]},"whose":""}',
    ):
        signs = {"email": "camille@lisiere.example", "password": DEMO_PASSWORD, "kept": kept}
        assert Visitor(app, None).post("/sign-in", signs).headers["Location"] == "/"
    assert count(database, Draft) == 0


def test_a_change_in_an_old_tab_overwrites_nothing(camille: Visitor, a_booking: MakeBooking, database: Database):
    booking = str(a_booking(state="requested"))
    change = {**MAREES, "booking": booking, "revision": "1", "title": "Marées II"}
    database.write(lambda c: c.execute(update(Booking).where(Booking.title == "Marées").values(revision=7)))
    stale = camille.post(f"/bookings/{booking}/change", change)
    assert stale.status == 412
    assert 'value="Marées II"' in stale.text
    assert 'value="Marées II"' in camille.get(f"/bookings/{booking}/change").text
