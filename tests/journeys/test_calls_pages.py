"""A call through its pages: opened, answered by need, scored, worked out, changed by hand, granted, read."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.pages import DEMO_PASSWORD
from tests.support.statements import Statements
from tests.support.visits import Visitor

pytestmark = [pytest.mark.sqlite, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

As = Callable[[str | None], Api]
Count = Callable[[], AbstractContextManager[Statements]]

A_CALL = {
    "title": "EMERGE 2027",
    "first": "2027-03-01",
    "last": "2027-04-30",
    "closes": "2026-12-15",
    "closes_hour": "12:00",
    "venues": ["BUD", "PHX"],
    "criteria": ["artistic"],
    "others": "durable",
}
FIRST, SECOND = ("2027-03-08", "2027-03-19"), ("2027-03-22", "2027-04-02")


def opened(app: Flask, **change: Any) -> str:
    made = Visitor(app, "elise").post("/calls", {**A_CALL, **change})
    assert made.status == 303, made.text
    return made.headers["Location"]


def apply(app: Flask, name: str, call: str, *periods: tuple[str, str], **more: Any) -> Any:
    form = {
        "title": f"Work of {name}",
        "kind": "studio",
        "min_width_m": "10",
        "sprung_floor": "1",
        "days": "12",
        "first": [first for first, _ in periods],
        "last": [last for _, last in periods],
        **more,
    }
    return Visitor(app, name).post(f"{call}/applications", form)


def read(app: Flask, name: str, path: str) -> str:
    page = Visitor(app, name).get(path)
    assert page.status == 200, page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.replace("&#39;", "'")))


def test_from_an_opened_call_to_options_granted_in_one_go(app: Flask, api: As, statements: Count):
    call = opened(app)
    assert "EMERGE 2027" in read(app, "camille", "/calls")
    for name, periods, more in (
        ("camille", (FIRST, SECOND), {"beds": "4"}),
        ("wout", (FIRST,), {}),
        ("samira", (FIRST, SECOND), {}),
        ("pauline", (FIRST,), {"country": "FR"}),
    ):
        assert apply(app, name, call, *periods, **more).status == 303, name
    mine = Visitor(app, "camille").get(call).text
    assert "Work of camille" in mine
    assert "Work of wout" not in mine, "a company never reads of another"
    assert apply(app, "camille", call, FIRST).status == 422, "once"

    joris = Visitor(app, "joris")
    theirs = joris.get(call).text
    assert "Work of wout" in theirs
    assert "Work of pauline" not in theirs, "she asks for a house in France, his is in Belgium"
    wout = next(iter(re.findall(r'id="a-([0-9a-f-]{36})">\s*<h3>Work of wout', theirs)))
    assert "Van 0 tot 10 punten voor elk." in joris.get(call).text
    assert joris.post(f"{call}/scores", {"application": wout, "points-0": "8", "points-1": "7"}).status == 303
    assert joris.post(f"{call}/scores", {"application": wout, "points-0": "11"}).status == 422
    assert 'value="8"' in joris.get(call).text

    elise = Visitor(app, "elise")
    assert "7,5" in elise.get(call).text
    assert elise.post(f"{call}/proposal").status == 303
    with statements() as seen:
        page = elise.get(call).text
    assert len(seen) <= 12, seen.listing
    assert page.count("/proposal/") == 4
    away = elise.post(f"{call}/proposal/{wout}", {"resource": ""})
    assert away.status == 303
    crooked = {"resource": "BUD-S1", "first": "2027-04-05", "last": "2027-04-01"}
    assert elise.post(f"{call}/proposal/{wout}", crooked).status == 422
    elsewhere = {"resource": "DGP-GZ", "first": "2027-04-05", "last": "2027-04-09"}
    assert elise.post(f"{call}/proposal/{wout}", elsewhere).status == 422, "no house of this call"
    chosen = {"resource": "BUD-S1", "first": "2027-04-05", "last": "2027-04-09", "beds": "2"}
    assert elise.post(f"{call}/proposal/{wout}", chosen).status == 303
    assert "wens 1" not in read(app, "camille", call).lower(), "nothing is told before it is granted"

    assert elise.post(f"{call}/grant").status == 303
    assert elise.post(f"{call}/grant").status == 409
    assert apply(app, "theo", call, FIRST).status == 409
    booking = api("wout").get("/bookings").json["items"][0]
    assert [claim["resource"] for claim in booking["claims"]] == ["BUD-S1", "BUD-RH"]
    assert f"/bookings/{booking['id']}" in Visitor(app, "wout").get(call).text
    assert "EMERGE 2027" in read(app, "camille", "/calls"), "a company that applied finds it again"
    assert "EMERGE 2027" not in read(app, "theo", "/calls")


def test_what_was_taken_meanwhile_is_named_and_nothing_is_granted(app: Flask, api: As, a_booking: Any):
    call = opened(app)
    apply(app, "camille", call, FIRST)
    elise = Visitor(app, "elise")
    elise.post(f"{call}/proposal")
    document = api("elise").get(f"/calls/{call.rpartition('/')[2]}").json
    claim = document["applications"][0]["place"]["claims"][0]
    a_booking(resource=claim["resource"], start=claim["start"], end=claim["end"], company="Zwaluw")
    stopped = elise.post(f"{call}/grant")
    assert stopped.status == 409
    assert 'id="refusal"' in stopped.text
    assert "Zwaluw" not in stopped.text
    assert api("camille").get("/bookings").json["items"] == []


def test_a_form_comes_back_with_what_was_typed(app: Flask):
    elise = Visitor(app, "elise")
    for change in (
        {"venues": []},
        {"venues": ["XXX"]},
        {"closes": "2020-01-01"},
        {"last": "2027-02-01"},
        {"criteria": [], "others": ""},
        {"others": "x" * 41},
        {"title": ""},
    ):
        again = elise.post("/calls", {**A_CALL, **change})
        assert again.status == 422, change
        assert "field__error" in again.text, change
    call = opened(app)
    for change in ({"days": ""}, {"days": "13"}, {"first": "2027-06-01", "last": "2027-06-20"}, {"first": "?"}):
        again = apply(app, "camille", call, FIRST, **change)
        assert again.status == 422, change
        assert "Work of camille" in again.text
        assert "field__error" in again.text, change


APPLICATION = {"title": "Marées", "kind": "studio", "days": "12", "first": FIRST[0], "last": FIRST[1]}


def sent_with(visitor: Visitor, call: str, **typed: str) -> dict[str, str]:
    """An application as the form on the page of the call sends it."""
    hidden = dict(re.findall(r'type="hidden" name="(whose|once|call)" value="([^"]+)"', visitor.get(call).text))
    assert hidden.keys() == {"whose", "once", "call"}
    return {**APPLICATION, **hidden, **typed}


def test_an_application_that_is_refused_is_there_again_in_another_window(app: Flask):
    call, camille = opened(app), Visitor(app, "camille")
    refused = camille.post(f"{call}/applications", sent_with(camille, call, days="40", note="Cinq interprètes."))
    assert refused.status == 422
    again = Visitor(app, "camille").get(call).text
    assert "Votre brouillon" in again
    assert 'value="Marées"' in again
    assert "Cinq interprètes." in again
    assert f'value="{FIRST[0]}"' in again, "the days too"
    assert "Marées" not in Visitor(app, "wout").get(call).text
    assert camille.post(f"{call}/applications", sent_with(camille, call)).status == 303
    assert "Votre brouillon" not in camille.get(call).text


def test_an_application_is_made_once_however_often_it_is_sent(app: Flask):
    call, camille = opened(app), Visitor(app, "camille")
    form = sent_with(camille, call)
    for _ in range(2):
        sent = camille.post(f"{call}/applications", form)
        assert (sent.status, sent.headers["Location"]) == (303, call)
    assert "rien n’a été fait deux fois" in camille.get(call).text
    other = camille.post(f"{call}/applications", {**form, "title": "Houle"})
    assert other.status == 409
    assert "Houle" not in Visitor(app, "elise").get(call).text


def test_an_application_sent_after_the_session_is_over_comes_back_filled(app: Flask):
    call, camille, nobody = opened(app), Visitor(app, "camille"), Visitor(app, None)
    sent = nobody.post(f"{call}/applications", sent_with(camille, call), with_token=False)
    assert sent.status == 401
    kept = re.search(r'name="kept" value="([^"]+)"', sent.text)
    assert kept is not None
    signs = {"email": "camille@lisiere.example", "password": DEMO_PASSWORD, "kept": unescape(kept[1])}
    back = nobody.post("/sign-in", signs)
    assert (back.status, back.headers["Location"]) == (303, call)
    assert 'value="Marées"' in nobody.get(call).text


def test_a_call_that_closed_meanwhile_keeps_what_was_typed(app: Flask):
    call, camille = opened(app), Visitor(app, "camille")
    form = sent_with(camille, call, note="Cinq interprètes.")
    assert Visitor(app, "elise").post(f"{call}/close").status == 303
    assert camille.post(f"{call}/applications", form).status == 409
