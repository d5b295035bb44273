"""What people type into fields, and what is said beside the field when it makes no sense."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from flask import Flask
from flask_babel import Babel

from booking.web.pages.typed import Typed


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("14:30", time(14, 30)),
        ("14.30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("9", time(9)),
        ("9h", time(9)),
        ("24:00", time(0)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hour: time):
    typed = Typed({"from_time": text})
    assert typed.hour("from_time") == hour
    assert not typed.errors


@pytest.mark.parametrize("text", ["25:00", "24:30", "14:75", "half three", "1430"])
def test_what_is_no_hour_is_refused_beside_the_field(text: str):
    typed = Typed({"from_time": text})
    assert typed.hour("from_time") is None
    assert list(typed.errors) == ["from_time"]


@pytest.mark.parametrize("text", ["2027-13-01", "8/3/2027", "9999-12-31", "1999-12-31", "tomorrow"])
def test_what_is_no_date_in_reach_is_refused(text: str):
    typed = Typed({"first": text})
    assert typed.day("first") is None
    assert list(typed.errors) == ["first"]


def test_a_date_is_read_and_an_empty_field_is_nothing():
    typed = Typed({"first": " 2027-03-08 ", "last": ""})
    assert typed.day("first") == date(2027, 3, 8)
    assert typed.day("last") is None
    assert not typed.errors


@pytest.mark.parametrize("text", ["-1", "1e3", "²", "12 people"])
def test_numbers_are_whole_and_plain(text: str):
    typed = Typed({"people": text})
    assert typed.whole("people", least=1, most=10_000) is None
    assert typed.errors == {"people": ["Give a whole number."]}


def test_numbers_keep_within_bounds():
    typed = Typed({"few": "0", "many": "10001"})
    typed.whole("few", least=1, most=10_000)
    typed.whole("many", least=1, most=10_000)
    assert typed.errors == {"few": ["too-few"], "many": ["too-many"]}


def test_texts_lose_their_edges_and_keep_their_lines():
    assert Typed({"note": " one\r\ntwo "}).text("note") == "one\ntwo"


def test_a_text_that_is_needed_is_missed():
    typed = Typed({"title": "   "})
    typed.text("title", required=True)
    assert typed.errors == {"title": ["required"]}


def test_control_characters_and_length_are_refused():
    typed = Typed({"title": "a\x07b", "note": "n" * 11})
    typed.text("title")
    typed.text("note", longest=10)
    assert typed.errors == {"title": ["control-characters"], "note": ["too-long"]}


def test_marks_that_would_turn_the_words_around_a_title_are_left_out():
    typed = Typed({"title": "\u202eשלם abc\u2066", "note": "\u202e"})
    assert (typed.text("title"), typed.text("note")) == ("שלם abc", None)
    assert typed.errors == {}
