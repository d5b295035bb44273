"""What is sent to do harm: bodies that cost minutes to refuse, addresses that leak, pages left behind."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.asks import STUDIO, ask
from tests.support.cast import ADDRESSES
from tests.support.pages import form_token, sign_in
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


@pytest.mark.parametrize(
    "body",
    [
        {"moments": [{}] * 100_000},
        {"claims": [1] * 100_000},
        {f"field {n}": 1 for n in range(50_000)},
        {"claims": [{"resource": [[1] * 40] * 100}]},
    ],
    ids=["moments", "claims", "fields", "deep"],
)
def test_a_body_with_too_many_values_is_refused_unread(api: As, body: dict[str, Any]) -> None:
    refused = api(None).post("/bookings", body)
    assert (refused.status, list(refused.json["errors"])) == (422, ["body"])


def test_a_hundred_claims_with_everything_that_can_be_said_are_not_too_many_values(api: As) -> None:
    claims = [{**STUDIO, "setup_minutes": 0, "strike_minutes": 0, "crew": "A"}] * 100
    moment = {"kind": "showing", "start": "2027-03-09T18:00:00+01:00", "end": "2027-03-09T20:00:00+01:00"}
    refused = ask(api("camille"), *claims, moments=[moment] * 50, people=5, note="", refer_consent=True)
    assert (refused.status, refused.code) == (409, "time-taken")  # they take the studio from each other


def test_an_empty_tag_matches_nothing(api: As) -> None:
    made = ask(api("camille"), STUDIO).json["id"]
    assert api("camille").patch(f"/bookings/{made}", {"title": "x"}, headers={"If-Match": '""'}).status == 412


def test_an_address_with_a_slip_in_it_is_not_logged_with_its_secret(
    database_url: str, build: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    client = build(database_url, log_level="INFO").test_client()
    client.get("/feeds/my-secret.ics/")
    client.post("/feeds/my-secret.ics")
    client.get("/invitations/my-secret")
    told = capsys.readouterr().err
    assert told.count("emerge.request") == 3
    assert "my-secret" not in told


def test_what_was_shown_to_somebody_is_not_kept_by_any_cache(client: FlaskClient, api: As) -> None:
    sign_in(client, ADDRESSES["camille"])
    for path in ("/bookings", "/feeds", "/me", "/api/v1/me", "/api/v1/bookings"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store", path
    assert api("camille").get("/bookings").headers["Cache-Control"] == "private, no-store"
    assert api(None).get("/venues").headers["Cache-Control"] == "private, no-cache"


def test_signing_in_begins_a_new_session(client: FlaskClient) -> None:
    planted = form_token(client, "/sign-in")
    with client.session_transaction() as session:
        before = session["csrf_token"]
        session["planted"] = "x"
    client.post(
        "/sign-in", data={"email": ADDRESSES["camille"], "password": "entracte-2027", "csrf_token": planted}
    )
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
        assert session["_user_id"]


@pytest.mark.parametrize("back", ["/desk/BUD\r\nSet-Cookie: a=b", "/desk/\\evil.example", "//evil.example"])
def test_the_way_back_from_an_answer_leads_nowhere_else_and_breaks_nothing(app: Flask, api: As, back: str) -> None:
    made = ask(api("camille"), STUDIO).json["id"]
    done = Visitor(app, "joris").post(f"/bookings/{made}/grant", {"back": back})
    assert (done.status, done.headers["Location"]) == (303, f"/bookings/{made}")
