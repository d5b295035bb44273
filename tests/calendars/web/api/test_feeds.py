"""Making, listing and revoking feeds through the API."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.support.api import Api

As = Callable[[str | None], Api]
TITLES = {"detail": "titles", "language": "nl"}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("camille", {"scope": "resource", "code": "BUD-S1"}),
        ("camille", {"scope": "venue", "code": "PHX"}),
        ("camille", {"scope": "me"}),
        ("joris", {"scope": "me", "code": None}),
    ],
)
def test_a_feed_is_made_with_an_address_to_keep(name: str, asked: dict[str, Any], api: As) -> None:
    answer = api(name).post("/feeds", {**asked, **TITLES})
    assert answer.status == 201, answer
    made = answer.json
    assert made["url"].startswith("http://localhost/feeds/")
    assert made["url"].endswith(".ics")
    assert made["webcal_url"] == made["url"].replace("http://", "webcal://")
    assert (made["scope"], made["code"]) == (asked["scope"], asked.get("code"))
    assert (made["detail"], made["language"]) == ("titles", "nl")


def test_the_list_tells_the_addresses_again_newest_first(api: As) -> None:
    camille = api("camille")
    made = [camille.post("/feeds", {"scope": "venue", "code": code}).json for code in ("BUD", "PHX", "DGP")]
    first = camille.get("/feeds?limit=2").json
    rest = camille.get(first["next"]).json
    assert [each["url"] for each in first["items"] + rest["items"]] == [each["url"] for each in reversed(made)]
    assert rest["next"] is None
    assert api("wout").get("/feeds").json["items"] == []


def test_detail_and_language_have_defaults(api: As) -> None:
    made = api("camille").post("/feeds", {"scope": "me"}).json
    assert (made["detail"], made["language"]) == ("titles", "fr")


def test_a_company_is_followed_by_its_members_and_by_those_who_see_everything(api: As) -> None:
    lisiere = api("camille").get("/me").json["organisations"][0]["id"]
    for name, status in (("camille", 201), ("elise", 201), ("wout", 404), ("joris", 404)):
        answer = api(name).post("/feeds", {"scope": "organisation", "code": lisiere})
        assert answer.status == status, name


def test_unknown_and_forbidden_answer_alike(api: As) -> None:
    lisiere = api("camille").get("/me").json["organisations"][0]["id"]
    answers = [
        api("wout").post("/feeds", {"scope": scope, "code": code})
        for scope, code in (
            ("organisation", lisiere),
            ("organisation", str(uuid4())),
            ("organisation", "not an id"),
            ("resource", "XXX-S1"),
            ("venue", "XXX"),
            ("crew", "XXX"),
            ("expiring", "XXX"),
            ("expiring", lisiere),
            ("trajectory", "XXX"),
            ("trajectory", str(uuid4())),
        )
    ]
    assert {(each.status, each.body) for each in answers} == {(404, answers[0].body)}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"scope": "trajectory"}, "code"),
        ({"scope": "everything"}, "scope"),
        ({"scope": "venue"}, "code"),
        ({"scope": "me", "code": "BUD"}, "code"),
        ({"scope": "venue", "code": 7}, "code"),
        ({"scope": "venue", "code": "B\x00D"}, "code"),
        ({"scope": "venue", "code": "B" * 200}, "code"),
        ({"scope": "me", "detail": "all"}, "detail"),
        ({"scope": "me", "language": "de"}, "language"),
        ({"scope": "me", "colour": "red"}, "colour"),
        ({}, "scope"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_field(asked: dict[str, Any], field: str, api: As) -> None:
    answer = api("camille").post("/feeds", asked)
    assert (answer.status, answer.code) == (422, "malformed"), answer
    assert list(answer.json["errors"]) == [field]
    assert " " in answer.json["errors"][field][0]
    assert api("camille").get("/feeds").json["items"] == []


def test_only_its_owner_revokes_a_feed_and_only_once(api: As) -> None:
    made = api("camille").post("/feeds", {"scope": "me"}).json
    statuses = [
        api(name).delete(f"/feeds/{made['id']}").status for name in ("wout", "elise", "camille", "camille")
    ]
    assert statuses == [404, 404, 204, 404]
    assert api("camille").delete("/feeds/nonsense").status == 404


def test_the_same_request_twice_is_one_feed_and_no_secret_is_kept(api: As) -> None:
    key = {"Idempotency-Key": "phone-7"}
    first = api("camille").post("/feeds", {"scope": "me"}, headers=key)
    again = api("camille").post("/feeds", {"scope": "me"}, headers=key)
    assert (again.status, again.json) == (201, first.json)
    assert len(api("camille").get("/feeds").json["items"]) == 1


def test_a_stranger_has_no_feeds(api: As) -> None:
    assert api(None).get("/feeds").status == 401
    assert api(None).post("/feeds", {"scope": "venue", "code": "BUD"}).status == 401
