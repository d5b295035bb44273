"""My bookings: what needs an answer on top with its clock, then list, timeline, month or weeks; and my chains."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from booking.web.pages import my_bookings
from tests.support.api import Api
from tests.support.asks import a_claim, organisation_of
from tests.support.builders import MakeBooking
from tests.support.statements import Statements
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
WEEK = {"resource": "DGP-KZ", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
MOST_STATEMENTS = 12


@pytest.fixture
def camille(app: Flask) -> Visitor:
    return Visitor(app, "camille")


def test_the_list_tells_the_rank_of_every_option(camille: Visitor, a_booking: MakeBooking):
    a_booking(**WEEK, company="Zwaluw")
    a_booking(**WEEK)
    page = camille.get("/bookings").text
    assert "2e option" in page
    assert "Zwaluw" not in page


def test_a_challenge_stands_on_top_with_its_deadline(app: Flask, api: As, a_booking: MakeBooking):
    a_booking(**WEEK, company="Zwaluw", title="Onder stroom")
    second = a_booking(**WEEK)
    assert api("camille").post(f"/bookings/{second}/challenge", {}).status == 200
    page = Visitor(app, "wout").get("/bookings").text
    assert "vraagt je antwoord" in page
    assert page.index("Onder stroom") < page.index("Lijst")
    assert "vóór do 26 nov" in page
    assert "vraagt je antwoord" not in Visitor(app, "bram").get("/bookings").text


def test_the_weeks_run_down_from_the_one_that_is_asked(camille: Visitor, a_booking: MakeBooking):
    a_booking(**WEEK, title="Marées")
    page = camille.get("/bookings?view=weeks&from=2027-05-12").text
    assert page.index("semaine 19") < page.index("Marées") < page.index("semaine 20")
    assert "Marées" not in camille.get("/bookings?view=weeks&from=2027-08-02").text
    for odd in (
        "view=moon",
        "view=weeks&from=yesterday",
        "view=weeks&from=9999-12-31",
        "view=weeks&from=0001-01-01",
        "view=month&from=2199-12-31",
        "view=month&from=2000-01-01",
        "view=timeline&from=2199-12-31",
        "view=timeline&from=2000-01-01",
    ):
        assert camille.get(f"/bookings?{odd}").status == 200


def test_a_month_is_shown_whole_and_the_next_one_is_a_press_away(camille: Visitor, a_booking: MakeBooking):
    a_booking(**WEEK, title="Marées")
    a_booking(resource="BUD-S1", start="2027-06-07", end="2027-06-12", title="Sillage")
    page = camille.get("/bookings?view=month&from=2027-05-12").text
    assert "Mai 2027" in page
    assert page.index("semaine 17") < page.index("Marées") < page.index("semaine 22")
    assert "semaine 23" not in page
    assert "Sillage" not in page, "it lies in June"
    assert 'href="?view=month&amp;from=2027-06-01"' in page
    assert 'href="?view=month&amp;from=2027-04-01"' in page
    assert 'href="/bookings?view=timeline&amp;from=2027-05-12"' in page, "the day travels to the other views"


def test_a_timeline_has_a_line_for_each_booking_from_the_first_that_comes(
    camille: Visitor, a_booking: MakeBooking
):
    a_booking(**WEEK, title="Marées")
    a_booking(resource="BUD-S1", start="2027-06-07", end="2027-06-12", title="Sillage")
    a_booking(resource="PHX-F1", start="2027-12-06", end="2027-12-11", title="Houle")
    a_booking(resource="CHD-S1", start="2027-05-10", end="2027-05-12", title="Contre-jour", state="declined")
    page = camille.get("/bookings?view=timeline").text
    assert "10 mai – 12 sept. 2027" in page
    assert page.index("Marées") < page.index("Sillage")
    assert "Houle" not in page, "it lies after what is shown"
    assert "Contre-jour" not in page, "no stay comes of it"
    assert 'x="0.0%" y="4" width="3.97%"' in page, "five of 126 days, from the first on"
    assert "Houle" in camille.get("/bookings?view=timeline&from=2027-10-04").text
    assert "Rien n’est prévu." in camille.get("/bookings?view=timeline&from=2028-10-02").text


def test_a_chain_is_a_line_on_the_timeline_with_what_is_missing_between_its_stays(
    app: Flask, api: As, camille: Visitor, statements: Callable[[], Statements]
):
    claims = {
        "PHX": [a_claim("PHX-F2", "2027-03-01", "2027-03-06"), a_claim("PHX-PJ", "2027-03-01", "2027-03-27", 2)],
        "BUD": [a_claim("BUD-S1", "2027-03-08", "2027-03-20")],
        "DGP": [a_claim("DGP-GZ", "2027-03-22", "2027-03-27")],
    }
    parts = [{"venue": venue, "title": "Marées", "claims": each} for venue, each in claims.items()]
    body = {"organisation": organisation_of(api("camille")), "title": "Marées", "bookings": parts}
    assert api("camille").post("/trajectories", body).status == 201
    camille.get("/trajectories")
    with statements() as seen:
        page = camille.get("/trajectories?view=timeline").text
    assert len(seen) <= MOST_STATEMENTS, seen.listing
    assert "1er mars – 4 juil. 2027" in page
    assert "Valenciennes → Kortrijk → Oostende" in page
    assert page.count("train__rail--gap") == 2, "nothing takes the kit on"
    assert "Rien n’est prévu." in camille.get("/trajectories?view=timeline&from=2027-08-02").text
    assert "Marées" in camille.get("/trajectories?view=moon").text
    assert "Marées" not in Visitor(app, "wout").get("/trajectories?view=timeline").text


def test_a_page_of_many_bookings_costs_as_little_as_one_of_few(
    camille: Visitor, a_booking: MakeBooking, statements: Callable[[], Statements]
):
    for n, code in enumerate(("DGP-KZ", "BUD-S1", "PHX-F1", "CHD-S1")):
        for state in ("option", "requested", "confirmed"):
            month = {"option": 3, "requested": 4, "confirmed": 5}[state]
            a_booking(resource=code, start=f"2027-0{month}-0{n + 2}", end=f"2027-0{month}-0{n + 4}", state=state)
    for view in ("/bookings", "/bookings?view=weeks", "/bookings?view=month", "/bookings?view=timeline"):
        camille.get(view)
        with statements() as seen:
            camille.get(view)
        assert len(seen) <= MOST_STATEMENTS, seen.listing


def test_the_first_page_counts_all_and_shows_what_needs_an_answer_before_the_need(
    app: Flask, api: As, a_booking: MakeBooking, statements: Callable[[], Statements]
):
    for day in range(1, 15):
        a_booking(resource="BUD-S1", start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}", state="requested")
    a_booking(resource="PHX-F1", start="2027-02-01", end="2027-02-06", state="confirmed", title="Marées")
    a_booking(**WEEK, title="Onder stroom", company="Zwaluw")
    second = a_booking(**WEEK)
    camille = Visitor(app, "camille")
    with statements() as seen:
        page = camille.get("/").text
    assert len(seen) <= MOST_STATEMENTS, seen.listing
    assert "14 demandes attendent" in page
    assert "Prochaine : Marées" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert api("camille").post(f"/bookings/{second}/challenge", {}).status == 200
    asked = Visitor(app, "wout").get("/").text
    assert asked.index("Onder stroom") < asked.index("vóór do 26 nov") < asked.index("Wat heb je nodig")


@pytest.mark.parametrize("view", ["", "view=timeline&from=2027-03-01", "view=month&from=2027-03-01"])
def test_what_does_not_fit_on_a_page_is_said_and_leads_on(
    camille: Visitor, a_booking: MakeBooking, monkeypatch: pytest.MonkeyPatch, view: str
):
    monkeypatch.setattr(my_bookings, "MOST", 3)
    for day in range(1, 6):
        a_booking(resource="BUD-RH", start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}", title=f"Nuit {day}")
    first = camille.get(f"/bookings?{view}").text
    assert [n for n in range(1, 6) if f"Nuit {n}" in first] == [3, 4, 5]
    assert "Voici les 3 demandées en dernier" in first
    address = re.search(r'href="([^"]*)">Celles demandées avant', first)
    assert address is not None
    second = camille.get(unescape(address[1])).text
    assert [n for n in range(1, 6) if f"Nuit {n}" in second] == [1, 2]
    assert "Celles demandées avant" not in second
    back = re.search(r'href="([^"]*)">Celles demandées en dernier', second)
    assert back is not None
    assert "Nuit 5" in camille.get(unescape(back[1])).text
    assert camille.get("/bookings?before=x").status == 200


def test_a_page_of_several_says_no_number_for_all_of_them(
    camille: Visitor, a_booking: MakeBooking, monkeypatch: pytest.MonkeyPatch
):
    for day in range(1, 6):
        a_booking(resource="BUD-RH", start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}", state="requested")
    whole = camille.get("/bookings").text
    assert "<h1>5 réservations sont encore ouvertes.</h1>" in whole
    assert '<h2>À venir</h2><span class="second">5</span>' in whole
    monkeypatch.setattr(my_bookings, "MOST", 3)
    first = camille.get("/bookings").text
    older = re.search(r'href="([^"]*)">Celles demandées avant', first)
    assert older is not None
    for page in (first, camille.get(unescape(older[1])).text):
        assert "<h1>Réservations</h1>" in page
        assert "<h2>À venir</h2></div>" in page


def test_weeks_without_anything_are_one_line_on_a_phone(camille: Visitor, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-13")
    a_booking(resource="BUD-S1", start="2027-04-12", end="2027-04-17")
    page = camille.get("/bookings?view=weeks&from=2027-03-08").text
    assert page.count('class="week week--empty"') == 4 + 6
    assert re.findall(r'weeks__empty second">([^<]*)<', page) == [
        "15 mars – 11 avr. 2027\N{NO-BREAK SPACE}: rien.",
        "19 avr. – 30 mai 2027\N{NO-BREAK SPACE}: rien.",
    ]


def test_of_a_long_title_a_list_shows_three_lines_and_says_all_of_it(camille: Visitor, a_booking: MakeBooking):
    long = "Wurlitzer" * 22
    a_booking(title=long)
    a_booking(title="Court", resource="BUD-S2")
    page = camille.get("/bookings").text
    assert f'<span class="clamped" title="{long}">{long}</span>' in page
    assert '<span class="clamped">Court</span>' in page
