"""A title that is too long: every form says so at the field, in the language of whoever typed it, and keeps it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

TOO_LONG = "Marées " * 43
DAYS = {"first": "2027-03-08", "last": "2027-03-12"}
Form = tuple[str, dict[str, str]]
SENTENCES = {"nl": "te lang", "fr": "trop long", "en": "too long"}


def asking(_app: Flask, _make: MakeBooking) -> Form:
    return "/bookings", {"resource": "BUD-S1", "purpose": "residency", "mode": "days", **DAYS}


def changing(_app: Flask, make: MakeBooking) -> Form:
    booking = make(resource="BUD-S1", state="requested")
    return f"/bookings/{booking}/change", {
        "booking": str(booking),
        "resource": "BUD-S1",
        "purpose": "residency",
        **DAYS,
    }


def enquiring(_app: Flask, _make: MakeBooking) -> Form:
    return "/enquiries", {"kind": "studio", "venue": "BUD", **DAYS}


def chaining(_app: Flask, _make: MakeBooking) -> Form:
    stay = {"stay-1-resource": "PHX-F2", "stay-1-first": "2027-03-01", "stay-1-last": "2027-03-05"}
    return "/trajectories", {"stays": "1", **stay}


def applying(app: Flask, _make: MakeBooking) -> Form:
    call = {
        "title": "EMERGE 2027",
        "first": "2027-03-01",
        "last": "2027-04-30",
        "closes": "2026-12-15",
        "closes_hour": "12:00",
        "venues": ["BUD"],
        "criteria": ["artistic"],
    }
    made = Visitor(app, "elise").post("/calls", call).headers["Location"]
    return f"{made}/applications", {"kind": "studio", "days": "5", **DAYS}


@pytest.mark.parametrize("form", [asking, changing, enquiring, chaining, applying])
def test_a_title_of_three_hundred_letters_is_refused_at_its_field_and_kept(
    app: Flask, a_booking: MakeBooking, form: Callable[[Flask, MakeBooking], Form]
):
    address, typed = form(app, a_booking)
    camille = Visitor(app, "camille")
    for language, words in SENTENCES.items():
        camille.post("/language", {"language": language, "next": "/"})
        page = camille.post(address, {**typed, "title": TOO_LONG})
        assert page.status == 422
        field = re.search(r'<input id="title"[^>]*>', page.text)
        assert field is not None
        assert f'value="{TOO_LONG.strip()}' in field[0], "nothing typed is lost"
        assert 'aria-invalid="true"' in field[0]
        said = re.search(r'id="title-error".*?</p>', page.text, re.DOTALL)
        assert said is not None
        assert words in said[0]
