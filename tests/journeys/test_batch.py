"""One answer to many requests: each is told, each has its own outcome, and one that cannot be stops no other."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection

from booking.domain.people import Role
from booking.services import people
from booking.storage.database import Database
from tests.journeys.test_chains import BUD, DGP, PHX, a_chain, ids
from tests.support.api import Answer, Api
from tests.support.asks import answer, history
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.rows import everything
from tests.support.statements import counted
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


@pytest.fixture
def requests(a_booking: MakeBooking) -> list[str]:
    """Four companies want Studio 1 in the same week, and one has it confirmed."""
    week = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-13"}
    companies = ("Lisière", "Zwaluw", "Sambre", "Noordzee")
    return [str(a_booking(**week, state="requested", company=company, title=company)) for company in companies]


def said(api: Api, bookings: list[str], verb: str, **more: Any) -> list[dict[str, Any]]:
    answered = api.post("/bookings/answers", {"bookings": bookings, "verb": verb, **more})
    assert answered.status == 200, answered
    items: list[dict[str, Any]] = answered.json["items"]
    return items


def test_many_are_declined_with_one_reason_and_each_is_told(
    api: As, requests: list[str], worker: Callable[[], Any]
):
    outcomes = said(api("joris"), requests, "decline", reason="The studio is being painted.")
    assert [(each["booking"], each["done"], each["state"]) for each in outcomes] == [
        (booking, True, "declined") for booking in requests
    ]
    worker()
    for name, booking in zip(("camille", "wout"), requests[:2], strict=True):
        assert history(api(name), booking)[-1]["why"] == "The studio is being painted."
        told = [item["kind"] for item in api(name).get("/notifications").json["items"]]
        assert told.count("booking.declined") == 1


def test_what_cannot_be_stops_no_other(api: As, requests: list[str], a_booking: MakeBooking):
    joris = api("joris")
    elsewhere = str(a_booking(resource="DGP-KZ", state="requested"))
    unknown = str(uuid4())
    outcomes = said(joris, [requests[0], unknown, elsewhere, *requests[1:]], "grant")
    assert [each["done"] for each in outcomes] == [True, False, False, True, True, False]
    assert [each["problem"]["status"] for each in outcomes if not each["done"]] == [404, 404, 409]
    assert outcomes[-1]["problem"]["conflicts"][0]["rule"] == "most-rank"
    assert [joris.get(f"/bookings/{booking}").json["rank"] for booking in requests[:3]] == [1, 2, 3]
    without_reason = said(joris, requests[3:], "decline")
    assert without_reason[0]["problem"]["status"] == 422
    assert [each["problem"]["code"] for each in said(joris, requests[:1], "decline", reason="no")] == [
        "wrong-state"
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"bookings": []}, "bookings"),
        ({}, "bookings"),
        ({"bookings": ["nonsense"]}, "bookings.0"),
        ({"bookings": [str(uuid4())] * 2}, "bookings"),
        ({"bookings": [str(uuid4()) for _ in range(101)]}, "bookings"),
        ({"bookings": [str(uuid4())], "verb": "cancel"}, "verb"),
    ],
)
def test_what_makes_no_sense_is_refused(api: As, body: dict[str, Any], field: str):
    refused = api("joris").post("/bookings/answers", {"verb": "decline", **body})
    assert refused.status == 422, refused
    assert field in refused.json["errors"]


def test_a_company_answers_nothing(api: As, requests: list[str]):
    (outcome,) = said(api("camille"), requests[:1], "grant")
    assert outcome["problem"]["status"] == 403


def test_a_planner_ticks_several_on_the_desk(app: Flask, api: As, requests: list[str]):
    joris = Visitor(app, "joris")
    page = joris.get("/desk/BUD/requests").text
    assert "Meer tegelijk beantwoorden" in page
    assert page.count('form="batch"') == 4
    answered = joris.post("/desk/BUD/answers", {"verb": "decline", "booking": requests[:2], "reason": "Vol."})
    assert answered.status == 303
    assert "2 aanvragen zijn geweigerd" in joris.get("/desk/BUD/requests").text
    assert joris.post("/desk/BUD/answers", {"verb": "decline", "booking": requests[2:]}).status == 303
    assert "werd niet beantwoord" in joris.get("/desk/BUD/requests").text
    states = [api("joris").get(f"/bookings/{booking}").json["state"] for booking in requests]
    assert states == ["declined", "declined", "requested", "requested"]


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


def letters_before(joris: Visitor, bookings: list[str], verb: str, **more: str) -> Answer:
    return joris.post("/desk/BUD/answers/letters", {"verb": verb, "booking": bookings, **more})


def test_letters_are_read_before_they_go_each_in_its_own_words(
    app: Flask, api: As, requests: list[str], worker: Callable[[], Any]
):
    joris, (lisiere, zwaluw) = Visitor(app, "joris"), requests[:2]
    wanting = letters_before(joris, [lisiere, zwaluw], "decline")
    assert (wanting.status, wanting.text.count('aria-invalid="true"')) == (200, 2)
    own = {f"reason-{zwaluw}": "De vloer wordt hersteld."}
    read = letters_before(joris, [lisiere, zwaluw], "decline", reason="Complet <b>ici</b>.", **own)
    assert "Kunstencentrum BUDA" in read.text
    assert '<div lang="fr">' in read.text
    assert '<div lang="nl">' in read.text
    assert "<blockquote>Complet &lt;b&gt;ici&lt;/b&gt;.</blockquote>" in read.text
    assert "<blockquote>De vloer wordt hersteld.</blockquote>" in read.text
    worker()
    assert [api("joris").get(f"/bookings/{each}").json["state"] for each in requests[:2]] == ["requested"] * 2
    assert "booking.declined" not in [each["kind"] for each in api("camille").get("/notifications").json["items"]]
    said = {"verb": "decline", "booking": [lisiere, zwaluw], f"reason-{lisiere}": "Complet.", **own}
    assert joris.post("/desk/BUD/answers", said).status == 303
    why = [history(api(who), each)[-1]["why"] for who, each in (("camille", lisiere), ("wout", zwaluw))]
    assert why == ["Complet.", "De vloer wordt hersteld."]


def test_letters_that_are_read_before_act_for_nobody_and_know_what_comes_before_them(
    app: Flask, requests: list[str]
):
    page = letters_before(Visitor(app, "joris"), requests[:3], "grant").text
    assert "optie nummer 2" in page, "the second stands behind the first, although none of it has happened"
    for acting in ("/act/", "/unsubscribe", "@"):
        assert acting not in page.split("<main")[1].split("</main>")[0]
    assert letters_before(Visitor(app, "nadia"), requests, "grant").status == 404


def test_a_letter_to_whoever_loses_days_by_an_answer_is_read_before_it_too(joris: Visitor, a_booking: MakeBooking):
    week = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-13", "state": "option"}
    first = str(a_booking(**week, company="Lisière", title="Marées"))
    a_booking(**week, company="Pas Perdus", title="Traces")
    page = letters_before(joris, [first], "confirm").text
    heads = re.findall(r'<article class="sheet">\s*<p class="second">(.*?)</p>', page)
    assert [head.rpartition(" · ")[2] for head in heads] == ["1 lezer"] * 2, heads
    assert ["Pas Perdus" in head for head in heads] == [False, True]
    assert re.search("«.Traces.»", page), "they read French as well, and something else"


def test_colleagues_of_one_language_are_one_letter_that_is_put_together_once(
    joris: Visitor, requests: list[str], database: Database, clock: StoppedClock
):
    alone = read_for(joris, requests)
    [company] = person(database, "camille").organisations.values()

    def hire(connection: Connection) -> None:
        for n in range(5):
            new = people.create(connection, email=f"{n}@x.example", name=f"N {n}", language="fr", at=clock())
            people.give_hat(connection, new, Role.MEMBER, organisation=company)

    database.write(hire)
    together = read_for(joris, requests)
    assert ("1 lezer" in alone[0], "6 lezers" in together[0]) == (True, True)
    assert together[0].count('<article class="sheet">') == 1
    assert len(together[1]) <= len(alone[1]) + 5, "no more than to know that they are told"


def read_for(joris: Visitor, requests: list[str]) -> tuple[str, list[str]]:
    """The page of one request that is declined, and its statements."""
    with counted() as statements:
        page = letters_before(joris, requests[:1], "decline", reason="Complet.").text
    return page, statements


@pytest.mark.parametrize("verb", ["decline", "grant", "confirm"])
def test_of_an_answer_that_is_tried_nothing_stays(
    joris: Visitor, requests: list[str], database: Database, a_booking: MakeBooking, verb: str
):
    option = str(a_booking(resource="BUD-S2", start="2027-03-08", end="2027-03-13", state="option"))
    answers = {"verb": verb, "booking": [*requests, option], "reason": "Vol."}
    before, seen = everything(database), searched(joris)
    assert '<article class="sheet">' in joris.post("/desk/BUD/answers/letters", answers).text
    assert everything(database) == before
    assert searched(joris) == seen, "what a process remembers has not seen it either"
    assert joris.post("/desk/BUD/answers", answers).status == 303
    assert everything(database) != before, "the same, said in earnest, stays"
    assert (searched(joris) != seen) == (verb != "decline"), "and a no to what is only asked frees nothing"


def searched(visitor: Visitor) -> str:
    """What a search shows of these days, without the words on top that are shown once."""
    page = visitor.get("/search?kind=studio&first=2027-03-08&last=2027-03-12").text
    return page.partition("<h1")[2].partition("</main>")[0]


@pytest.mark.parametrize("verb", ["decline", "confirm"])
def test_of_a_chain_a_house_reads_no_letter_about_another_house(joris: Visitor, api: As, verb: str):
    without_kit = {**PHX, "claims": PHX["claims"][:1]}
    parts = ids(a_chain(api("camille"), without_kit, BUD, DGP))
    for others, part in (("nadia", "PHX"), ("bram", "DGP")):
        assert answer(api(others), parts[part], "confirm").status == 200
    page = letters_before(joris, [parts["BUD"]], verb, reason="Vol.").text
    sheets = page.split('<article class="sheet">')[1:]
    assert sheets, "what is its own is read"
    assert [each for each in sheets if "Budatoren" not in each] == []
    for elsewhere in (PHX, DGP):
        assert elsewhere["title"] not in page
