"""Every page: who gets in, how many statements it costs, and that no page tells a stranger's name."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from booking.domain.states import State
from booking.web.pages import words
from tests.support.builders import MakeBooking
from tests.support.canary import Canary
from tests.support.pages import form_token, sign_in
from tests.support.statements import counted

MOST_STATEMENTS = 12
OPEN_TO_ALL = ("/", "/venues", "/venues/BUD", "/resources", "/resources/BUD-S1", "/sign-in", "/design")
FOR_COMPANIES = ("/bookings", "/bookings/new?resource=BUD-S1&from=2027-03-08&to=2027-03-20", "/me")
FOR_THE_HOUSE = (
    "/desk/BUD",
    "/desk/BUD/requests",
    "/desk/BUD/plan?from=2027-03-01&weeks=4",
    "/desk/BUD/book",
    "/desk/BUD/book?resource=BUD-S1&from=2027-03-08&to=2027-03-20",
)
CAMILLE, JORIS, WOUT = "camille@lisiere.example", "joris@buda.example", "wout@zwaluw.example"


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_the_catalogue_is_open_to_everybody(client: FlaskClient, path: str):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", FOR_COMPANIES + FOR_THE_HOUSE)
def test_everything_else_asks_to_sign_in_and_comes_back(client: FlaskClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=%2F")


@pytest.mark.parametrize(
    ("who", "paths"), [(CAMILLE, OPEN_TO_ALL[:5] + FOR_COMPANIES), (JORIS, FOR_THE_HOUSE + OPEN_TO_ALL[1:5])]
)
def test_no_page_costs_more_than_twelve_statements(
    client: FlaskClient, a_booking: MakeBooking, who: str, paths: tuple[str, ...]
):
    for n in range(6):
        made = a_booking(
            resource="BUD-S1", start=f"2027-03-{8 + n:02}", end=f"2027-03-{9 + n:02}", state="requested"
        )
        a_booking(resource="BUD-RH", start="2027-03-08", end="2027-03-12", quantity=2, state="requested")
    sign_in(client, who)
    for path in (*paths, f"/bookings/{made}", f"/bookings/{made}/change"):
        with counted() as seen:
            answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(seen) <= MOST_STATEMENTS, f"{path}\n{seen.listing}"


def test_a_desk_is_not_there_for_people_who_do_not_work_in_the_house(client: FlaskClient):
    sign_in(client, CAMILLE)
    assert {client.get(path).status_code for path in FOR_THE_HOUSE} == {404}


def test_a_stranger_never_reads_a_name(client: FlaskClient, canary: Callable[..., Canary]):
    hidden = canary(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="confirmed")
    sign_in(client, WOUT)
    asked = "/bookings/new?resource=BUD-S1&from=2027-03-10&to=2027-03-12"
    for path in ("/", "/resources/BUD-S1?from=2027-03-08", "/bookings", asked):
        hidden.assert_unseen(client.get(path).text, path)
    form = {"csrf_token": form_token(client, asked), "resource": "BUD-S1", "title": "Kraan", "first": "2027-03-10"}
    refused = client.post("/bookings", data=form)
    assert refused.status_code == 409
    hidden.assert_unseen(refused.text, "the refusal")
    assert client.get(f"/bookings/{hidden.booking}").status_code == 404


def test_somebody_who_may_only_see_is_told_so(client: FlaskClient, a_booking: MakeBooking):
    made = a_booking(state="requested")
    sign_in(client, CAMILLE)
    token = form_token(client, f"/bookings/{made}")
    answer = client.post(f"/bookings/{made}/confirm", data={"csrf_token": token})
    assert answer.status_code == 403


def test_a_form_without_our_token_does_nothing(client: FlaskClient, a_booking: MakeBooking):
    made = a_booking(state="requested")
    sign_in(client, CAMILLE)
    assert client.post(f"/bookings/{made}/withdraw").status_code == 400


def test_signing_in_leads_nowhere_else(client: FlaskClient):
    sign_in(client, CAMILLE)
    for wanted in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"):
        answer = client.get("/sign-in", query_string={"next": wanted})
        assert answer.headers["Location"] == "/", wanted


def test_who_guesses_passwords_has_to_wait(client: FlaskClient):
    form = {"email": WOUT, "password": "wrong", "csrf_token": form_token(client, "/sign-in")}
    answers = [client.post("/sign-in", data=form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_stale_page_says_who_changed_what(client: FlaskClient, a_booking: MakeBooking):
    made = a_booking(state="requested")
    sign_in(client, CAMILLE)
    token = form_token(client, f"/bookings/{made}")
    answer = client.post(f"/bookings/{made}/withdraw", data={"csrf_token": token, "revision": "0"})
    assert answer.status_code == 412
    assert "Camille" in answer.text


def test_the_sheet_of_the_design_language_shows_every_state_of_a_booking(client: FlaskClient):
    page = client.get("/design").text
    states = [*((each.value, None) for each in State), ("option", 2), ("closed", None), ("external", None)]
    assert {words.shape(*each) for each in states} - set(re.findall(r"[\w-]+", page)) == set()
    parts = ("<table", "<select", "<textarea", 'type="radio"', "field__error", "flash", "undo", "empty", "keys")
    assert [each for each in parts if each not in page] == []


def test_a_page_that_comes_back_with_a_refusal_says_so_first(client: FlaskClient, a_booking: MakeBooking):
    signing_in = {"csrf_token": form_token(client, "/sign-in"), "email": CAMILLE, "password": "a guess"}
    refused = client.post("/sign-in", data=signing_in)
    assert (refused.status_code, "<title>Not done: Sign in" in refused.text) == (422, True)
    made = a_booking(state="requested")
    sign_in(client, JORIS)
    stale = {"csrf_token": form_token(client, f"/bookings/{made}"), "revision": "0"}
    assert "<title>Niet gelukt: " in client.post(f"/bookings/{made}/grant", data=stale).text
    assert "Niet gelukt" not in client.get(f"/bookings/{made}").text


def test_no_page_carries_style_or_script_of_its_own(client: FlaskClient):
    sign_in(client, JORIS)
    for path in FOR_THE_HOUSE:
        page = client.get(path).text
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page
