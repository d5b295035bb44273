"""What no client should send: a clear 4xx problem each, nothing stored, one line of log at most (issue 2)."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import STUDIO, a_claim, ask, organisation_of
from tests.support.rows import counted

As = Callable[[str | None], Api]
MISSING = object()
LISIERE = "the organisation of Camille"
"""Stands in the bodies below for an id that each fresh world makes anew."""


def a_body(**other: Any) -> dict[str, Any]:
    """A good request with something else in it; MISSING takes a field out."""
    body = {"organisation": LISIERE, "title": "Marées", "purpose": "residency", "claims": [STUDIO], **other}
    return {name: value for name, value in body.items() if value is not MISSING}


def with_claim(**other: Any) -> dict[str, Any]:
    claim = {**STUDIO, **other}
    return a_body(claims=[{name: value for name, value in claim.items() if value is not MISSING}])


MALFORMED: dict[str, tuple[Any, str]] = {
    # Times
    "naive start": (with_claim(start="2027-03-08T09:00:00", end="2027-03-08T12:00:00+01:00"), "claims.0.start"),
    "naive both": (with_claim(start="2027-03-08T09:00:00", end="2027-03-08T12:00:00"), "claims.0.start"),
    "end before start": (with_claim(start="2027-03-20", end="2027-03-08"), "claims.0.end"),
    "zero length in days": (with_claim(start="2027-03-08", end="2027-03-08"), "claims.0.end"),
    "zero length in instants": (
        with_claim(start="2027-03-08T09:00:00+01:00", end="2027-03-08T08:00:00Z"),
        "claims.0.end",
    ),
    "a day and an instant": (with_claim(start="2027-03-08", end="2027-03-09T08:00:00Z"), "claims.0.end"),
    "ten years long": (with_claim(start="2027-03-08", end="2037-03-08"), "claims.0.end"),
    "year 9999": (with_claim(start="9999-12-30", end="9999-12-31"), "claims.0.start"),
    "year 9999 with an offset": (
        with_claim(start="2027-03-08T09:00:00+01:00", end="9999-12-31T23:59:59-12:00"),
        "claims.0.end",
    ),
    "year 0001": (
        with_claim(start="0001-01-01T00:00:00+14:00", end="2027-03-08T09:00:00+01:00"),
        "claims.0.start",
    ),
    "the 30th of February": (with_claim(start="2027-02-30"), "claims.0.start"),
    "25 o'clock": (with_claim(start="2027-03-08T25:00:00+01:00"), "claims.0.start"),
    "an offset of two days": (with_claim(start="2027-03-08T09:00:00+48:00"), "claims.0.start"),
    "a week date": (with_claim(start="2027-W10-1"), "claims.0.start"),
    "a basic date": (with_claim(start="20270308"), "claims.0.start"),
    "digits of another script": (with_claim(start="\uff12\uff10\uff12\uff17-03-08"), "claims.0.start"),
    "a newline at the end": (with_claim(start="2027-03-08\n"), "claims.0.start"),
    "a number for a time": (with_claim(start=1804482000), "claims.0.start"),
    "no end": (with_claim(end=MISSING), "claims.0.end"),
    "a null end": (with_claim(end=None), "claims.0.end"),
    # Quantities
    "quantity 0": (with_claim(quantity=0), "claims.0.quantity"),
    "quantity -1": (with_claim(quantity=-1), "claims.0.quantity"),
    "quantity 10^12": (with_claim(quantity=10**12), "claims.0.quantity"),
    "quantity 10^30": (with_claim(quantity=10**30), "claims.0.quantity"),
    "quantity true": (with_claim(quantity=True), "claims.0.quantity"),
    "quantity 1.0": (with_claim(quantity=1.0), "claims.0.quantity"),
    "quantity 1.5": (with_claim(quantity=1.5), "claims.0.quantity"),
    "quantity '1'": (with_claim(quantity="1"), "claims.0.quantity"),
    "quantity null": (with_claim(quantity=None), "claims.0.quantity"),
    "set-up -30": (with_claim(setup_minutes=-30), "claims.0.setup_minutes"),
    "a year of strike": (with_claim(strike_minutes=525_600), "claims.0.strike_minutes"),
    "no people": (a_body(people=0), "people"),
    "people 10^9": (a_body(people=10**9), "people"),
    # Fields
    "an unknown field": (a_body(titel="Marées"), "titel"),
    "an unknown field in a claim": (with_claim(resourse="BUD-S1"), "claims.0.resourse"),
    "somebody's revision": (a_body(revision=7), "revision"),
    "no title": (a_body(title=MISSING), "title"),
    "a blank title": (a_body(title=" \n\t "), "title"),
    "a title of 201": (a_body(title="x" * 201), "title"),
    "a title of 900,000": (a_body(title="x" * 900_000), "title"),
    "a title of numbers": (a_body(title=12), "title"),
    "a title in a list": (a_body(title=["Marées"]), "title"),
    "a NUL in the title": (a_body(title="Mar\0es"), "title"),
    "an escape in the note": (a_body(note="\x1b[2J"), "note"),
    "a NUL in the note": (a_body(note="a\0b"), "note"),
    "a NUL in the resource": (with_claim(resource="BUD-S1\0"), "claims.0.resource"),
    "a note of 10,001": (a_body(note="x" * 10_001), "note"),
    "an unknown purpose": (a_body(purpose="party"), "purpose"),
    "a purpose of null": (a_body(purpose=None), "purpose"),
    "an unknown resource": (with_claim(resource="BUD-S9"), "claims.0.resource"),
    "a resource in lower case": (with_claim(resource="bud-s1"), "claims.0.resource"),
    "no resource": (with_claim(resource=MISSING), "claims.0.resource"),
    "an organisation by name": (a_body(organisation="Compagnie Lisière"), "organisation"),
    "an organisation of 7": (a_body(organisation=7), "organisation"),
    "no organisation": (a_body(organisation=MISSING), "organisation"),
    "consent as text": (a_body(refer_consent="true"), "refer_consent"),
    "consent as 1": (a_body(refer_consent=1), "refer_consent"),
    # Claims
    "no claims": (a_body(claims=MISSING), "claims"),
    "claims of nothing": (a_body(claims=[]), "claims"),
    "claims null": (a_body(claims=None), "claims"),
    "claims in an object": (a_body(claims={"0": STUDIO}), "claims"),
    "claims in text": (a_body(claims="BUD-S1"), "claims"),
    "a claim in text": (a_body(claims=["BUD-S1"]), "claims.0"),
    "a claim of null": (a_body(claims=[None]), "claims.0"),
    "101 claims": (a_body(claims=[STUDIO] * 101), "claims"),
    "claims of two venues": (a_body(claims=[STUDIO, a_claim("PHX-F1", "2027-03-08", "2027-03-09")]), "claims"),
    # Moments
    "a moment of an unknown kind": (
        a_body(moments=[{"kind": "party", "start": "2027-03-09T20:00:00Z", "end": "2027-03-09T22:00:00Z"}]),
        "moments.0.kind",
    ),
    "a naive moment": (
        a_body(moments=[{"kind": "showing", "start": "2027-03-09T20:00:00", "end": "2027-03-09T22:00:00Z"}]),
        "moments.0.start",
    ),
    "a moment in days": (
        a_body(moments=[{"kind": "showing", "start": "2027-03-09", "end": "2027-03-10"}]),
        "moments.0.start",
    ),
    "moments in text": (a_body(moments="at eight"), "moments"),
    # Bodies
    "a list": ([], "body"),
    "a text": ("Marées", "body"),
    "a number": (7, "body"),
    "nothing in it": ({}, "title"),
}


def sent(api: As, body: Any) -> Answer:
    camille = api("camille")
    organisation = organisation_of(camille)
    return camille.post("/bookings", body=json.dumps(body).replace(LISIERE, organisation).encode())


@pytest.fixture(autouse=True)
def _log_everything(app: Flask) -> Iterator[None]:
    """As it is on a real server: one line for each request."""
    logger = logging.getLogger("emerge")
    before, _ = logger.level, logger.setLevel(logging.INFO)
    yield
    logger.setLevel(before)


def test_every_malformed_request_is_a_clear_422_and_leaves_nothing(
    api: As, database: Database, capfd: pytest.CaptureFixture[str]
):
    before, failed = counted(database), []
    for name, (body, path) in MALFORMED.items():
        capfd.readouterr()
        answer = sent(api, body)
        lines = capfd.readouterr().err.splitlines()
        told = answer.json if isinstance(answer.json, dict) else {}
        if answer.status != 422 or path not in told.get("errors", {}):
            failed.append(f"{name}: {answer}")
        elif answer.headers["Content-Type"] != "application/problem+json" or not told["detail"]:
            failed.append(f"{name}: no problem document: {answer}")
        if len(lines) > 2:  # one for GET /me, one for this
            failed.append(f"{name}: logs {lines}")
        if counted(database) != before:
            failed.append(f"{name}: something was stored")
            before = counted(database)
    assert not failed, "\n".join(failed)


def test_who_has_no_token_hears_that_first(client: FlaskClient):
    assert client.post("/api/v1/bookings", json={"titel": 1}).status_code == 401
    assert client.patch("/api/v1/bookings/x", json={"titel": 1}).status_code == 401


def test_marks_that_turn_the_words_after_a_title_are_left_out_of_it(api: As):
    assert ask(api("camille"), STUDIO, title="\u202eabc\u2066").json["title"] == "abc"


def test_a_naive_time_has_a_code_of_its_own(api: As):
    assert sent(api, MALFORMED["naive start"][0]).code == "naive-time"
    assert sent(api, MALFORMED["end before start"][0]).code == "malformed"


def test_what_is_malformed_is_explained_in_three_languages(api: As):
    untold = []
    for name, (body, path) in MALFORMED.items():
        told = set()
        for language in ("nl", "fr", "en"):
            camille = api("camille")
            text = json.dumps(body).replace(LISIERE, organisation_of(camille))
            answer = camille.post("/bookings", body=text.encode(), headers={"Accept-Language": language})
            told.add(" ".join(answer.json["errors"].get(path, ())))
        if len(told) != 3:
            untold.append(f"{name}: {told}")
    assert not untold, "\n".join(untold)


BROKEN: dict[str, tuple[bytes, int]] = {
    "cut off": (b'{"title": "Mar', 400),
    "not JSON": (b"title=Marees&claims=", 400),
    "single quotes": (b"{'title': 'x'}", 400),
    "NaN": (b'{"title": "x", "people": NaN}', 400),
    "infinity": (b'{"title": "x", "people": Infinity}', 400),
    "a lone surrogate": (b'{"title": "\\ud800"}', 400),
    "bytes that are no UTF-8": (b'{"title": "Mar\xe9es"}', 400),
    "UTF-16": ('{"title": "x"}'.encode("utf-16"), 400),
    "a NUL byte": (b"\0", 400),
    "20,000 lists deep": (b"[" * 20_000 + b"]" * 20_000, 400),
    "20,000 objects deep": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
    "more than a megabyte": (b'{"title": "' + b"x" * (1024 * 1024) + b'"}', 413),
}


def test_what_is_no_json_is_a_clear_4xx(api: As, database: Database, capfd: pytest.CaptureFixture[str]):
    before, failed = counted(database), []
    for name, (body, status) in BROKEN.items():
        for method, path in (("POST", "/bookings"), ("PATCH", "/bookings/x"), ("POST", "/bookings/x/confirm")):
            capfd.readouterr()
            answer = api("camille").request(method, path, body=body)
            lines = capfd.readouterr().err.splitlines()
            if answer.status != status or answer.headers["Content-Type"] != "application/problem+json":
                failed.append(f"{name}: {method} {path}: {answer}")
            if len(lines) > 1:
                failed.append(f"{name}: {method} {path}: logs {lines}")
    assert not failed, "\n".join(failed)
    assert counted(database) == before


ADDRESSES = (
    "/bookings?limit=1e3",
    "/bookings?limit=99999999999999999999",
    "/bookings?unknown=1",
    "/bookings?state=%00",
    "/bookings?state=requested,nonsense",
    "/bookings?resource=%00",
    "/bookings?venue=BUD%00",
    "/bookings?from=2027-03-08T09:00:00",
    "/bookings?from=9999-12-31",
    "/bookings?organisation=7",
    "/bookings?cursor=%00",
    "/bookings?cursor=not-an-id",
    "/bookings/%00",
    "/bookings/x",
    "/bookings/0197c000-0000-7000-8000-000000000000/history%00",
    "/bookings/%F0%9F%A6%91",
    "/bookings/" + "9" * 5000,
    "/resources?min_width_m=wide",
    "/resources?min_width_m=NaN",
    "/resources?min_width_m=1e999",
    "/resources?min_seats=-1",
    "/resources?min_seats=99999999999999999999999",
    "/resources?sprung_floor=perhaps",
    "/resources?q=" + "x" * 1000,
    "/resources?q=%00",
    "/resources?cursor=%00",
    "/resources/%00",
    "/resources/BUD-S1%00",
    "/resources/BUD-S1/timeline",
    "/resources/BUD-S1/timeline?from=2027-03-01",
    "/resources/BUD-S1/timeline?from=2027-03-01&to=2027-03-01",
    "/resources/BUD-S1/timeline?from=2027-03-02&to=2027-03-01",
    "/resources/BUD-S1/timeline?from=2027-03-01&to=2047-03-01",
    "/resources/BUD-S1/timeline?from=2027-03-01T10:00:00&to=2027-04-01",
    "/resources/BUD-S1/timeline?from=0000-00-00&to=9999-99-99",
    "/resources/NO-SUCH/timeline?from=2027-03-01&to=2027-04-01",
    "/venues/%00",
    "/venues/NO-SUCH",
    "/venues?cursor=" + "x" * 101,
)


def test_an_address_that_makes_no_sense_is_a_clear_4xx(api: As, capfd: pytest.CaptureFixture[str]):
    failed = []
    for address in ADDRESSES:
        capfd.readouterr()
        answer = api("elise").get(address)
        lines = capfd.readouterr().err.splitlines()
        if not 400 <= answer.status < 500 or answer.headers["Content-Type"] != "application/problem+json":
            failed.append(f"{address[:100]}: {answer}")
        if len(lines) > 1:
            failed.append(f"{address[:100]}: logs {lines}")
        told = {
            api("elise").get(address, headers={"Accept-Language": language}).json["detail"]
            for language in ("nl", "fr", "en")
        }
        if len(told) < 3:
            failed.append(f"{address[:100]}: {told}")
    assert not failed, "\n".join(failed)


ODD_BUT_FINE = (
    "/resources?q=%25%27%3B--",
    "/resources?q=_",
    "/resources?q=%F0%9F%A6%91",
    "/resources?min_width_m=-1",
    "/resources?venue=%27%20OR%201=1",
    "/resources?cursor=%FF",
    "/venues?cursor=zzz",
    "/bookings?resource=NO-SUCH",
)


@pytest.mark.parametrize("address", ODD_BUT_FINE)
def test_an_odd_address_is_taken_as_it_is(api: As, address: str):
    assert api("elise").get(address).status == 200


def test_a_percent_sign_is_looked_for_and_is_no_wildcard(api: As):
    for wildcard in ("%25", "_"):
        assert api(None).get(f"/resources?q={wildcard}").json["items"] == []


HEADERS: tuple[dict[str, str], ...] = (
    {"If-Match": '"²"'},
    {"If-Match": '"' + "9" * 5000 + '"'},
    {"If-Match": "no quotes at all"},
    {"Accept-Language": "x" * 5000},
    {"Accept-Language": "nl;q=nonsense"},
    {"Accept-Language": "\xe9\xe8"},
    {"Idempotency-Key": "\xe9"},
    {"Idempotency-Key": "k" * 5000},
    {"X-Request-Id": "a b\tc"},
    {"Authorization": "Bearer " + "x" * 5000},
    {"Content-Type": "application/json; charset=no-such-thing"},
    {"Content-Type": "\xe9"},
)


@pytest.mark.parametrize("headers", HEADERS, ids="".join)
def test_headers_that_make_no_sense_never_break_anything(api: As, headers: dict[str, str]):
    for answer in (ask(api("camille"), STUDIO, headers=headers), api("camille").get("/bookings", headers=headers)):
        assert answer.status < 500, answer
