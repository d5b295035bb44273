import pytest

from calendars.domain.foreign_events import Reading, read
from calendars.domain.foreign_lines import NotACalendar
from calendars.domain.season import calendar_of
from tests.support.foreign import busy, period, shown

YEAR = period("2026-09-01", "2027-09-01")


def season(text: str) -> Reading:
    return read(calendar_of(text.encode()), YEAR)


@pytest.mark.parametrize(
    "text",
    [
        "start;end;title;place\n2027-05-10;2027-05-12;Le Sacre;Studio 1\n",
        "Van;Tot en met;Titel;Zaal\r\n10/05/2027;12/05/2027;Le Sacre;Studio 1\r\n",
        '\ufeffDu,Au,Titre,Lieu\n10.5.2027,12.5.2027,"Le Sacre",Studio 1\n',
    ],
)
def test_a_season_is_read_in_every_language_and_its_last_day_counts(text: str):
    event = season(text).events[0]
    assert (event.title, event.location, event.days) == ("Le Sacre", "Studio 1", True)
    assert event.spans[0][1] - event.spans[0][0] == 3


def test_hours_are_those_of_the_house_and_an_option_is_tentative():
    found = season("from;until;what;status\n2027-05-10 20:00;2027-05-10 22:30;Show;optie\n")
    assert shown(busy(found, YEAR)) == ["2027-05-10 18:00 – 2027-05-10 20:30"]
    assert found.events[0].status == "TENTATIVE"


def test_a_line_that_cannot_be_read_is_told_and_spoils_no_other():
    found = season(
        "start;end;title\nsoon;;Lost\n2027-05-10;;Found\n2027-05-11;later;Half\n2027-13-45;;Never\n"
        "2027-05-12;9999-12-31;Endless\n"
    )
    assert [event.title for event in found.events] == ["Found", "Half", "Endless"]
    assert found.notes == [
        ["no-start", "Lost"],
        ["bad-end", "Half"],
        ["no-start", "Never"],
        ["bad-end", "Endless"],
    ]


@pytest.mark.parametrize("body", [b"", b"\x00", b"a;b\n1;2\n", b"<html>", b"start\n", b"\xff\xfe\x00"])
def test_what_has_no_columns_is_no_season(body: bytes):
    with pytest.raises(NotACalendar):
        calendar_of(body)


def test_no_title_breaks_out_of_its_line():
    found = season('start;title\n2027-05-10;"a\\nEND:VEVENT, b; c"\n')
    assert len(found.events) == 1
