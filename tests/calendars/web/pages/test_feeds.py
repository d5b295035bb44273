"""The page of calendars, without script."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.builders import MakeBooking

As = Callable[[str | None], Api]


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """Camille, signed in."""
    page = client.get("/sign-in").text
    token = csrf(page)
    answer = client.post(
        "/sign-in",
        data={"email": "camille@lisiere.example", "password": "entracte-2027", "csrf_token": token},
    )
    assert answer.status_code in (302, 303), answer.text
    return client


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_page_proposes_the_room_the_reader_came_from(browser: FlaskClient) -> None:
    page = browser.get("/feeds?resource=BUD-S1").text
    assert re.search(r'<option value="resource:BUD-S1" selected>', page)
    assert '<option value="me:" selected>' in browser.get("/feeds").text
    assert "Compagnie Lisière" in page


def test_an_address_is_made_shown_read_and_revoked(browser: FlaskClient, a_booking: MakeBooking) -> None:
    a_booking()
    sent = {
        "what": "resource:BUD-S1",
        "detail": "titles",
        "language": "fr",
        "csrf_token": csrf(browser.get("/feeds").text),
    }
    made = browser.post("/feeds", data=sent)
    assert made.status_code == 303
    page = browser.get("/feeds").text
    address = re.search(r'value="http://localhost(/feeds/[^"]+\.ics)"', page)
    assert address is not None
    assert f'href="webcal://localhost{address[1]}"' in page
    assert "SUMMARY:Marées" in browser.get(address[1]).text

    picture = re.search(r'src="(/feeds/[0-9a-f-]+/qr\.svg)"', page)
    assert picture is not None
    drawn = browser.get(picture[1])
    assert drawn.mimetype == "image/svg+xml"
    assert "style=" not in drawn.text

    revoke = re.search(r'action="(/feeds/[0-9a-f-]+/revoke)"', page)
    assert revoke is not None
    assert browser.post(revoke[1], data={"csrf_token": csrf(page)}).status_code == 303
    assert browser.get(address[1]).status_code == 404
    assert address[1] not in browser.get("/feeds").text


def test_a_form_without_its_token_makes_nothing(browser: FlaskClient, api: As) -> None:
    sent = {"what": "me:", "detail": "titles", "language": "fr"}
    assert browser.post("/feeds", data=sent).status_code == 400
    assert api("camille").get("/feeds").json["items"] == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"what": "resource:XXX", "detail": "titles", "language": "fr"}, 404),
        ({"what": "organisation:nonsense", "detail": "titles", "language": "fr"}, 404),
        ({"what": "", "detail": "titles", "language": "fr"}, 422),
        ({"what": "me:", "detail": "all", "language": "fr"}, 422),
        ({"what": "me:", "detail": "full", "language": "de"}, 422),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(sent: dict[str, str], status: int, browser: FlaskClient) -> None:
    token = csrf(browser.get("/feeds").text)
    assert browser.post("/feeds", data={**sent, "csrf_token": token}).status_code == status


def test_nobody_sees_the_picture_of_anothers_address(browser: FlaskClient, api: As) -> None:
    theirs = api("wout").post("/feeds", {"scope": "me"}).json
    assert browser.get(f"/feeds/{theirs['id']}/qr.svg").status_code == 404
    assert theirs["url"] not in browser.get("/feeds").text


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/feeds").status_code in (302, 303, 401)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "agenda die je al gebruikt"), ("fr", "agenda que vous utilisez")]
)
def test_the_page_speaks_dutch_and_french(language: str, words: str, browser: FlaskClient) -> None:
    browser.post("/language", data={"language": language, "csrf_token": csrf(browser.get("/feeds").text)})
    assert words in browser.get("/feeds").text
