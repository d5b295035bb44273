"""A technician's pages: the day with what comes in and goes out, and equipment handed over and taken back."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import a_claim, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
LAMPS = {"resource": "PHX-PAR", "start": "2027-05-10T09:00:00+02:00", "end": "2027-05-13T17:00:00+02:00"}


@pytest.fixture
def farid(app: Flask) -> Visitor:
    """The technician of Le Phénix."""
    return Visitor(app, "farid")


@pytest.fixture
def lamps(api: As, a_booking: MakeBooking) -> dict[str, str]:
    """24 spotlights go out on Monday and are due on Thursday at five; the form that moves them."""
    booking = str(a_booking(**LAMPS, quantity=24, company="Noordzee", title="Getij"))
    claim = api("nadia").get(f"/bookings/{booking}").json["claims"][0]["id"]
    return {"booking": booking, "claim": claim}


def test_a_day_tells_who_comes_in_and_who_goes_out(api: As, app: Flask, a_booking: MakeBooking):
    a_booking(resource="DGP-KZ", start="2027-05-10", end="2027-05-13", company="Zwaluw", title="Vlucht")
    a_booking(resource="DGP-KL", start="2027-05-08", end="2027-05-11", title="Marées")
    late = a_claim(
        "DGP-GZ", "2027-05-10T19:00:00+02:00", "2027-05-10T23:00:00+02:00", setup_minutes=120, strike_minutes=150
    )
    assert ask_for_the_house(api("bram"), late, force=True, reason="avond").status == 201
    griet = Visitor(app, "griet")
    page = griet.get("/desk/DGP/day/2027-05-10").text
    comes, goes = page.index("Komt binnen"), page.index("Vertrekt")
    assert comes < page.index("Vlucht") < goes
    assert comes < page.index("17:00") < goes  # the set-up of the evening
    assert page.index("01:30") > goes  # its strike belongs to the evening before
    assert page.index("Marées") > goes
    assert "Vlucht" not in griet.get("/desk/DGP/day/2027-05-13").text
    assert griet.get("/desk/DGP/day/2027-02-30").status == 404


def test_equipment_goes_out_and_comes_back_in_part(
    farid: Visitor, lamps: dict[str, str], clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    path, claim = f"/desk/PHX/equipment/{lamps['booking']}", {"claim": lamps["claim"]}
    clock.set("2027-05-10T08:30:00+02:00")
    assert "encore dans la maison" in farid.get("/desk/PHX/equipment").text
    assert "Getij" in farid.get("/desk/PHX/day").text
    assert farid.post(f"{path}/out", {**claim, "quantity": "25"}).status == 422
    assert farid.post(f"{path}/out", {**claim, "quantity": "24"}).status == 303
    assert "24 sur 24 sorties" in farid.get("/desk/PHX/equipment").text

    clock.set("2027-05-13T17:01:00+02:00")
    worker()
    assert "24 pièces sont en retard" in farid.get("/desk/PHX/equipment").text
    damaged = {**claim, "quantity": "22", "damage": "Lentille fendue.", "piece": "PAR-07"}
    back = farid.post(f"{path}/in", {**damaged, "back": "/desk/PHX/day/2027-05-13"})
    assert back.headers["Location"] == "/desk/PHX/day/2027-05-13"
    assert "2 pièces sont en retard" in farid.get("/desk/PHX/equipment").text
    assert farid.post(f"{path}/in", {**claim, "quantity": "2"}).status == 303
    page = farid.get("/desk/PHX/equipment").text
    assert "Tout est dans la maison." in page
    assert "Rentré" in page


def test_the_sentence_of_a_day_tells_of_kit_though_nobody_comes(farid: Visitor, lamps: dict[str, str]):
    assert lamps["booking"]
    told = {
        "2027-05-10": ("Du matériel part.", True),
        "2027-05-11": ("Du matériel part.", False),
        "2027-05-13": ("Du matériel revient.", True),
    }
    for day, (sentence, is_said) in told.items():
        head = farid.get(f"/desk/PHX/day/{day}").text.partition("<h1>")[2]
        assert (sentence in head.partition("</h1>")[0]) is is_said, day


def test_a_stranger_sees_neither(app: Flask, lamps: dict[str, str]):
    for name in ("camille", "joris"):
        assert Visitor(app, name).get("/desk/PHX/equipment").status == 404
        assert Visitor(app, name).get("/desk/PHX/day/2027-05-10").status == 404


def test_kit_that_goes_out_for_whole_days_is_told_in_days(
    farid: Visitor, a_booking: MakeBooking, clock: StoppedClock
):
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=8, company="Noordzee")
    clock.set("2027-05-09T12:00:00+02:00")
    page = farid.get("/desk/PHX/equipment").text
    assert "lun. 10 – mer. 12 mai 2027" in page
    assert "06:00" not in page


def test_kit_that_goes_out_for_an_evening_is_told_in_hours_of_one_day(
    farid: Visitor, a_booking: MakeBooking, clock: StoppedClock
):
    evening = {"start": "2027-05-10T18:00:00+02:00", "end": "2027-05-10T23:00:00+02:00"}
    a_booking(resource="PHX-VAN", **evening, company="Noordzee")
    clock.set("2027-05-09T12:00:00+02:00")
    assert "lun. 10 mai 2027, 18:00 – 23:00" in farid.get("/desk/PHX/equipment").text
