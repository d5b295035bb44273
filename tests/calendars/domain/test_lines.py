"""Nothing that a person types can break out of its own line."""

import re
import unicodedata

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calendars.domain.lines import LINE_OCTETS, folded, text, text_line, uri_line


def unfolded(lines: str) -> str:
    return lines.removesuffix("\r\n").replace("\r\n ", "")


def test_a_short_line_stays_one_line():
    assert text_line("SUMMARY", "Marées") == "SUMMARY:Marées\r\n"


def test_a_line_of_exactly_75_octets_is_not_folded():
    assert folded("X" * 75).count("\r\n") == 1
    assert folded("X" * 76) == "X" * 75 + "\r\n X\r\n"


def test_a_line_is_folded_between_characters_never_inside_one():
    lines = folded("SUMMARY:" + "é" * 200).removesuffix("\r\n").split("\r\n")
    assert len(lines) > 1
    for each in lines:
        assert len(each.encode()) <= LINE_OCTETS
        assert set(each.removeprefix("SUMMARY:").strip(" ")) == {"é"}


@pytest.mark.parametrize("mark", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_kind_of_line_break_begins_another_property(mark: str):
    assert text(f"Marées{mark}STATUS:CONFIRMED") == "Marées\\nSTATUS:CONFIRMED"


def test_control_characters_are_left_out_and_a_tab_stays():
    assert text("a\x00b\x1bc\x7fd\x9fe\tf") == "abcde\tf"


def test_half_a_character_becomes_a_replacement_mark():
    assert text_line("SUMMARY", "a\ud800b").encode() == "SUMMARY:a\ufffdb\r\n".encode()


def test_an_address_cannot_hold_a_line_break():
    assert uri_line("URL", "https://x.example/a\r\nSTATUS:CONFIRMED") == (
        "URL:https://x.example/aSTATUS:CONFIRMED\r\n"
    )


@given(st.text(max_size=300))
@example("\\n\\;\\,\n;,")
@example("ends in a space " * 20)
@example("🎭" * 60)
def test_what_is_written_is_read_back(words: str):
    lines = text_line("SUMMARY", words)
    assert all(len(each.encode()) <= LINE_OCTETS for each in lines.split("\r\n"))
    assert len(unfolded(lines).splitlines()) == 1
    event = icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + lines.encode() + b"END:VEVENT\r\n")
    assert str(event["SUMMARY"]) == cleaned(words)


def cleaned(words: str) -> str:
    """What of the words a calendar can hold."""
    without_breaks = "\n".join(re.split("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", words))
    return "".join(
        "\ufffd" if unicodedata.category(each) == "Cs" else each
        for each in without_breaks
        if each in "\n\t" or unicodedata.category(each) != "Cc"
    )
