"""A company never learns another company's name, title, people, notes or reasons: a canary, looked for everywhere.

It holds a studio (confirmed), another (an option), asks a stage, has cancelled, and has lamps of Le
Phénix out. Then other companies, other houses and nobody look at every address there is, and are
refused in every way there is. That the same looking finds the canary for its own house is the control.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask
from tests.support.builders import MakeBooking
from tests.support.canary import WORDS, Canary
from tests.support.rows import claim_of
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Seen = tuple[str, str]
"""Where it was, and everything that came back, headers too."""

STRANGERS = ("camille", "wout", "maud", "griet", None)
"""Two companies, another house, another house's technician, nobody."""

HELD = (
    {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-20", "state": "confirmed"},
    {"resource": "BUD-S2", "start": "2027-03-08", "end": "2027-03-20", "state": "option"},
    {"resource": "BUD-TA", "start": "2027-03-08", "end": "2027-03-20", "state": "requested"},
    {"resource": "BUD-TB", "start": "2027-03-08", "end": "2027-03-20", "state": "cancelled"},
    {"resource": "BUD-RH", "start": "2027-03-08", "end": "2027-03-20", "state": "confirmed"},
)
VERBS = ("grant", "confirm", "decline", "withdraw", "release", "cancel")
OVERLAPPING = ("BUD-S1", "BUD-S2", "BUD-TA", "BUD-RH")


@pytest.fixture
def canaries(canary: Callable[..., Canary], worker: Callable[[], Any]) -> list[Canary]:
    planted = [canary(**where) for where in HELD]
    worker()
    return planted


def shown(where: str, answer: Answer) -> Seen:
    return where, f"{dict(answer.headers)}\n{answer.body.decode(errors='replace')}"


def through_the_api(api: Api, canaries: list[Canary], reader: str | None) -> Iterator[Seen]:
    """Every address of the API that could say something, and every refusal that knows who is in the way."""
    organisation = canaries[0].organisation
    paths = ["/bookings", "/bookings?state=confirmed", f"/bookings?organisation={organisation}", "/notifications"]
    paths += ["/me", "/venues/BUD", "/feeds", "/resources?venue=BUD", "/resources?q=Kanarie"]
    for code in {each.resource for each in canaries}:
        paths += [f"/resources/{code}", f"/resources/{code}/timeline?from=2027-01-01&to=2027-12-31"]
        paths += [f"/bookings?resource={code}"]
    for planted in canaries:
        paths += [f"/bookings/{planted.booking}", f"/bookings/{planted.booking}/history"]
    for path in paths:
        yield shown(f"GET {path} as {reader}", api.get(path))
    for planted in canaries:
        for verb in VERBS:
            where = f"/bookings/{planted.booking}/{verb}"
            yield shown(f"POST {where} as {reader}", api.post(where, {"reason": "mine"}))
        changed = {"title": "mine", "claims": [a_claim(planted.resource, "2027-03-10", "2027-03-12")]}
        yield shown(f"PATCH as {reader}", api.patch(f"/bookings/{planted.booking}", changed))
    stolen = {
        "title": "x",
        "organisation": str(organisation),
        "claims": [a_claim("BUD-S1", "2027-04-08", "2027-04-09")],
    }
    yield shown(f"POST for them as {reader}", api.post("/bookings", stolen))
    followed = {"scope": "organisation", "code": str(organisation), "detail": "full"}
    yield shown(f"POST feed of them as {reader}", api.post("/feeds", followed))


def refused(api: Api, reader: str) -> Iterator[Seen]:
    """What a company is told that asks for the same days."""
    for code in OVERLAPPING:
        quantity = 15 if code == "BUD-RH" else 1
        answer = ask(api, a_claim(code, "2027-03-10", "2027-03-12", quantity))
        yield shown(f"asking {code} as {reader}", answer)
        if answer.status == 201:
            booking = answer.json["id"]
            yield shown(f"its booking as {reader}", api.get(f"/bookings/{booking}"))
            moved = {"claims": [a_claim("BUD-S1", "2027-03-10", "2027-03-12")]}
            yield shown(f"moving it as {reader}", api.patch(f"/bookings/{booking}", moved))


def in_calendars(api: Api, app: Flask, reader: str) -> Iterator[Seen]:
    """Feeds of the studio, the house and oneself, in full, as an app reads them."""
    for asked in ({"scope": "resource", "code": "BUD-S1"}, {"scope": "venue", "code": "BUD"}, {"scope": "me"}):
        made = api.post("/feeds", {**asked, "detail": "full"})
        assert made.status == 201, made
        path = "/" + made.json["url"].split("/", 3)[3]
        for address in (path, path.replace(".ics", ".ifb")):
            yield shown(f"feed {asked} as {reader}", Visitor(app, None).get(address))


def addresses(rule: Rule, values: Mapping[str, list[str]]) -> Iterator[str]:
    """The rule with every value that its parts could take; what is not among `values` is made up."""
    names = sorted(rule.arguments)
    for chosen in product(*(values.get(name, [str(UUID(int=0))]) for name in names)):
        path = rule.rule
        for name, value in zip(names, chosen, strict=True):
            for written in (f"<uuid:{name}>", f"<path:{name}>", f"<{name}>"):
                path = path.replace(written, str(value))
        yield path


def on_pages(app: Flask, reader: str | None, canaries: list[Canary]) -> Iterator[Seen]:
    """Every page, with every value that its address could take, and the forms that judge."""
    visitor = Visitor(app, reader)
    values = {
        "code": [each.resource for each in canaries] + ["BUD"],
        "venue": ["BUD"],
        "booking_id": [str(each.booking) for each in canaries],
        "filename": ["emerge.css"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/api/") or rule.endpoint.endswith("static"):
            continue
        for path in addresses(rule, values):
            for query in ("?from=2027-03-08&weeks=4", "?resource=BUD-S1&first=2027-03-08&last=2027-03-19"):
                yield shown(f"page {path}{query} as {reader}", visitor.get(path + query))
    for code in OVERLAPPING:
        form = {"resource": code, "first": "2027-03-10", "last": "2027-03-11", "title": "x", "quantity": "15"}
        for where in ("/bookings/check", "/bookings"):
            yield shown(f"form {where} {code} as {reader}", visitor.post(where, form))
    for planted in canaries:
        for verb in VERBS:
            where = f"/bookings/{planted.booking}/{verb}"
            yield shown(f"form {where} as {reader}", visitor.post(where, {"reason": "mine"}))


def leaks(seen: Iterator[Seen], canaries: list[Canary]) -> list[str]:
    """Where something of a canary can be read. An id that the asker wrote in the address may come back."""
    return [
        f"{where}: {word}"
        for where, text in seen
        for planted in canaries
        for word in planted.seen_in(text)
        if word not in where
    ]


@pytest.mark.parametrize("reader", STRANGERS)
def test_no_stranger_learns_anything_from_the_api(
    api: As, canaries: list[Canary], reader: str | None, capfd: pytest.CaptureFixture[str]
):
    assert not leaks(through_the_api(api(reader), canaries, reader), canaries)
    logged = capfd.readouterr().err
    assert not [word for word in WORDS if word.casefold() in logged.casefold()], "the log knows it"


@pytest.mark.parametrize("reader", ["camille", "wout"])
def test_no_company_learns_anything_from_a_refusal_or_a_calendar(
    api: As, app: Flask, canaries: list[Canary], reader: str
):
    assert not leaks(refused(api(reader), reader), canaries)
    assert not leaks(in_calendars(api(reader), app, reader), canaries)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("reader", ["camille", "maud", "griet", None])
def test_no_stranger_learns_anything_from_a_page(app: Flask, canaries: list[Canary], reader: str | None):
    assert not leaks(on_pages(app, reader, canaries), canaries)


def test_the_same_looking_finds_the_canary_for_its_own_house(api: As, app: Flask, canaries: list[Canary]):
    """The control: were it shown, it would be found."""
    assert len(leaks(through_the_api(api("joris"), canaries, "joris"), canaries)) > 10
    assert len(leaks(in_calendars(api("joris"), app, "joris"), canaries)) > 2


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_at_pages_finds_the_canary_for_its_own_house(app: Flask, canaries: list[Canary]):
    """The control for pages."""
    found = leaks(on_pages(app, "joris", canaries), canaries)
    for page in ("/desk/BUD", "/desk/BUD/plan", "/bookings", "/resources/BUD-S1"):
        assert any(f"page {page}?" in each for each in found), page


def test_what_a_house_writes_to_one_company_reaches_no_other(
    api: As,
    app: Flask,
    canaries: list[Canary],
    a_booking: MakeBooking,
    worker: Callable[[], Any],
    database: Database,
):
    """Joris declines Camille because of the canary, and says so to the canary alone."""
    camille, joris = api("camille"), api("joris")
    mine = ask(camille, a_claim("BUD-TA", "2027-03-10", "2027-03-12")).json["id"]
    joris.post(f"/bookings/{canaries[2].booking}/confirm", {"reason": "Kanarie Zevenslag goes first"})
    refusal = joris.post(f"/bookings/{mine}/confirm", {})
    assert refusal.code == "time-taken"
    joris.post(f"/bookings/{mine}/decline", {"reason": "Festival"})
    worker()
    for path in (f"/bookings/{mine}", f"/bookings/{mine}/history", "/notifications"):
        assert not leaks(iter([shown(path, camille.get(path))]), canaries)
    for path in ("/bookings", f"/bookings/{mine}", "/notifications", "/"):
        assert not leaks(iter([shown(path, Visitor(app, "camille").get(path))]), canaries)


@pytest.mark.parametrize("reader", STRANGERS)
def test_unknown_and_forbidden_answer_alike(
    api: As, canaries: list[Canary], reader: str | None, database: Database
):
    """Byte for byte, apart from the number of the request."""
    unknown = "0197c000-0000-7000-8000-000000000000"
    with database.read() as connection:
        claim = claim_of(connection, canaries[0].booking)
    who = api(reader)
    for method, path, body in (
        ("GET", "/bookings/{}", None),
        ("GET", "/bookings/{}/history", None),
        ("PATCH", "/bookings/{}", {"title": "x"}),
        *(("POST", "/bookings/{}/" + verb, {"reason": "x"}) for verb in VERBS),
    ):
        forbidden, missing = (
            who.request(method, path.format(each), json=body) for each in (canaries[0].booking, unknown)
        )
        assert forbidden.status == missing.status in (401, 404), f"{method} {path}"
        assert forbidden.body == missing.body
        assert set(forbidden.headers.keys()) == set(missing.headers.keys())
    odd = who.get(f"/bookings/{claim}")
    assert odd.status == missing.status, "the id of a claim is no id of a booking"
