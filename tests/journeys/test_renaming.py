"""A company, a house or a place is called otherwise: every calendar says so, as another item."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.feeds import Subscription, subscribe
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Rename = Callable[[As], Any]


def company_of(api: Api) -> str:
    return str(api.get("/me").json["organisations"][0]["id"])


def rename_company(api: As) -> None:
    company = company_of(api("camille"))
    facts = api("elise").get(f"/organisations/{company}").json
    del facts["id"]
    answer = api("elise").put(f"/organisations/{company}", {**facts, "name": "Compagnie Nouvelle"})
    assert (answer.status, answer.json["name"]) == (200, "Compagnie Nouvelle"), answer


def rename_house(api: As) -> None:
    assert api("joris").patch("/venues/BUD", {"name": "Buda Nieuw"}).status == 200


def rename_place(api: As) -> None:
    assert (
        api("joris").patch("/resources/BUD-S1", {"name": dict.fromkeys(("nl", "fr", "en"), "Studio Z")}).status
        == 200
    )


NAMES: list[tuple[Rename, str]] = [
    (rename_company, "Compagnie Nouvelle"),
    (rename_house, "Buda Nieuw"),
    (rename_place, "Studio Z"),
]


@pytest.mark.parametrize(("rename", "name"), NAMES)
def test_another_name_is_another_item_in_every_calendar(
    api: As, client: FlaskClient, a_booking: MakeBooking, rename: Rename, name: str
):
    booking = a_booking(resource="BUD-S1", state="option")
    feeds = [
        subscribe(api("camille"), client, "organisation", company_of(api("camille")), detail="full"),
        subscribe(api("camille"), client, "me", detail="full"),
        subscribe(api("joris"), client, "venue", "BUD", detail="full"),
        subscribe(api("joris"), client, "resource", "BUD-S1", detail="full"),
    ]
    before = [(feed.get(), feed.only()) for feed in feeds]
    revision = api("camille").get(f"/bookings/{booking}").headers["ETag"]
    rename(api)
    for feed, (answer, event) in zip(feeds, before, strict=True):
        later = feed.get(if_none_match=answer.headers["ETag"])
        assert (later.status_code, name in unfolded(later.text)) == (200, True)
        now = feed.only()
        assert (now.uid, now.status) == (event.uid, event.status)
        assert now.sequence > event.sequence
        assert now.modified > event.modified, "also within the second in which it was asked"
    assert api("camille").get(f"/bookings/{booking}").headers["ETag"] != revision


def test_what_nobody_renamed_stays_as_it_was(api: As, client: FlaskClient, a_booking: MakeBooking):
    a_booking(resource="BUD-S2", state="option", company="Zwaluw")
    feed = subscribe(api("joris"), client, "resource", "BUD-S2", detail="full")
    before = feed.only()
    rename_company(api)
    rename_place(api)
    joris = api("joris")
    assert joris.patch("/venues/BUD", {"phone": "+32 56 00 00 00"}).status == 200
    assert joris.patch("/resources/BUD-S2", {"notes": {"en": "Mind the step."}}).status == 200
    assert feed.only() == before


def test_a_closure_says_where_it_is_under_the_new_name(api: As, client: FlaskClient):
    joris = api("joris")
    asked = {"start": "2027-05-10", "end": "2027-05-12", "reason": "Painting"}
    assert joris.post("/resources/BUD-S1/closures", asked).status == 201
    feed: Subscription = subscribe(joris, client, "resource", "BUD-S1", detail="full")
    before = feed.only()
    rename_place(api)
    after = feed.only()
    assert (after.uid, after.sequence > before.sequence, after.modified > before.modified) == (
        before.uid,
        True,
        True,
    )


def test_pages_say_the_new_name(app: Flask, api: As, a_booking: MakeBooking):
    booking = a_booking(resource="BUD-S1", state="option")
    joris = Visitor(app, "joris")
    assert "Compagnie Nouvelle" not in joris.get(f"/bookings/{booking}").text
    for rename, name in NAMES:
        rename(api)
        assert name in joris.get(f"/bookings/{booking}").text
    assert "Compagnie Nouvelle" in joris.get("/desk/BUD/plan?from=2027-03-08&weeks=4").text


def unfolded(text: str) -> str:
    """Content lines as they were before they were cut (RFC 5545 §3.1)."""
    return text.replace("\r\n ", "")
