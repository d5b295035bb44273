"""Two parsers read from an event's text what was put into it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.domain.documents import Frame, opening, vcalendar
from calendars.domain.events import Event, Status, vevent
from calendars.domain.lines import text
from tests.support.two_readers import Seen, read

STRIKE = Event(
    uid="0199-strike@emerge-booking",
    sequence=3,
    created=datetime(2026, 11, 23, 9, tzinfo=UTC),
    modified=datetime(2026, 11, 23, 16, 0, 7, tzinfo=UTC),
    start=datetime(2027, 3, 27, 21, tzinfo=UTC),
    end=datetime(2027, 3, 28, 4, tzinfo=UTC),
    zone="Europe/Brussels",
    status=Status.CONFIRMED,
    summary="Marées",
    location="Grote Zaal, De Grote Post, Oostende",
    description="Compagnie Lisière\n5 people",
    url="https://booking.example/bookings/1",
    categories=("residency", "stage; black box"),
)


FRAME = Frame("BUDA", "Europe/Brussels", 2026, 2029)


def document(*events: Event) -> bytes:
    return vcalendar(opening(FRAME), [vevent(each).encode() for each in events])


def seen(event: Event) -> Seen:
    return read(document(event))[event.uid]


def test_every_property_is_read_back():
    assert seen(STRIKE) == Seen(
        uid=STRIKE.uid,
        sequence=3,
        start=STRIKE.start,
        end=STRIKE.end,
        summary="Marées",
        status="CONFIRMED",
        transparent="OPAQUE",
        busy_status="BUSY",
        location="Grote Zaal, De Grote Post, Oostende",
        description="Compagnie Lisière\n5 people",
        modified=STRIKE.modified,
    )


def test_a_strike_over_the_night_clocks_go_forward_lasts_seven_hours():
    assert "DTSTART;TZID=Europe/Brussels:20270327T220000\r\n" in vevent(STRIKE)
    assert "DTEND;TZID=Europe/Brussels:20270328T060000\r\n" in vevent(STRIKE)
    assert seen(STRIKE).length == 7


def test_a_strike_over_the_night_clocks_go_back_lasts_nine_hours():
    autumn = STRIKE._replace(
        start=datetime(2027, 10, 30, 20, tzinfo=UTC),
        end=datetime(2027, 10, 31, 5, tzinfo=UTC),
    )
    assert "DTEND;TZID=Europe/Brussels:20271031T060000\r\n" in vevent(autumn)
    assert seen(autumn).length == 9


@pytest.mark.parametrize(("hour", "which"), [(0, "first"), (1, "second")])
def test_half_past_two_that_comes_twice_keeps_which_of_the_two_it_is(hour: int, which: str):
    end = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    autumn = STRIKE._replace(start=datetime(2027, 10, 30, 20, tzinfo=UTC), end=end)
    assert seen(autumn).end == end, which
    assert seen(autumn).start == autumn.start


def test_a_residency_from_1_to_5_march_ends_on_the_6th_excluded():
    residency = STRIKE._replace(start=date(2027, 3, 1), end=date(2027, 3, 6))
    assert "DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270306\r\n" in vevent(residency)
    assert seen(residency).end - seen(residency).start == timedelta(days=5)


@pytest.mark.parametrize(
    ("status", "transparent", "busy"),
    [
        (Status.TENTATIVE, "OPAQUE", "TENTATIVE"),
        (Status.CONFIRMED, "OPAQUE", "BUSY"),
        (Status.CANCELLED, "TRANSPARENT", "FREE"),
    ],
)
def test_status_transparency_and_outlooks_own_word_agree(status: Status, transparent: str, busy: str):
    event = seen(STRIKE._replace(status=status))
    assert (event.status, event.transparent, event.busy_status) == (status, transparent, busy)


def test_what_is_not_known_has_no_property():
    bare = vevent(STRIKE._replace(location="", description="", url="", categories=()))
    assert not any(name in bare for name in ("LOCATION", "DESCRIPTION", "URL", "CATEGORIES"))


def test_the_same_event_is_the_same_text_and_its_stamp_is_its_last_change():
    assert vevent(STRIKE) == vevent(STRIKE._replace())
    assert "DTSTAMP:20261123T160007Z\r\n" in vevent(STRIKE)


def test_a_title_cannot_become_another_property():
    event = seen(STRIKE._replace(summary="x\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nBEGIN:VEVENT"))
    assert event.status == "CONFIRMED"
    assert event.summary == "x\nSTATUS:CANCELLED\nEND:VEVENT\nBEGIN:VEVENT"


def test_events_of_several_zones_bring_their_definitions():
    paris = STRIKE._replace(uid="paris@emerge-booking", zone="Europe/Paris")
    frame = Frame("Lisière", "Europe/Brussels", 2026, 2029, frozenset({"Europe/Paris"}))
    body = vcalendar(opening(frame), [vevent(each).encode() for each in (STRIKE, paris)])
    assert body.count(b"BEGIN:VTIMEZONE") == 2
    assert {each.start for each in read(body).values()} == {STRIKE.start}


words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=120)
quarters = st.integers(0, 115_000)
instants = quarters.map(lambda n: datetime(2026, 8, 1, tzinfo=UTC) + n * timedelta(minutes=15))


@given(words, words, instants, st.integers(1, 60 * 24 * 40), st.sampled_from(Status))
def test_two_parsers_agree_on_anything_that_people_type(
    title: str, place: str, start: datetime, minutes: int, status: Status
):
    event = STRIKE._replace(
        summary=title,
        location=place,
        description=place,
        start=start,
        end=start + timedelta(minutes=minutes),
        status=status,
    )
    found = seen(event)
    assert (found.start, found.end, found.status) == (event.start, event.end, status)
    assert text(found.summary) == text(title)
