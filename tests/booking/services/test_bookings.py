"""Reading the register: each person finds what is theirs to know, filtered and in pages."""

from uuid import uuid4

import pytest

from booking.domain.refusals import NotFound
from booking.domain.states import State, Verb
from booking.services.bookings import BookingFilter, actions, find, history, listing
from booking.storage.database import Database
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.places import when
from tests.support.statements import counted


@pytest.fixture
def season(a_booking: MakeBooking) -> dict[str, object]:
    """Four bookings of two companies and a house, at two houses."""
    return {
        "ours": a_booking(state="requested"),
        "theirs": a_booking(company="Zwaluw", start="2027-05-10", end="2027-05-15"),
        "elsewhere": a_booking(resource="PHX-F1", state="option"),
        "house": a_booking(company=None, resource="BUD-TA", start="2027-04-01", end="2027-04-03"),
    }


def found(database: Database, who: str, season: dict[str, object], **asked: object) -> set[str]:
    names = {booking: name for name, booking in season.items()}
    reader = person(database, who)
    with database.read() as connection:
        return {names[row.id] for row in listing(connection, reader, BookingFilter(**asked))}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("camille", {"ours", "elsewhere"}),
        ("wout", {"theirs"}),
        ("lotte", set()),
        ("joris", {"ours", "theirs", "house"}),
        ("nadia", {"elsewhere"}),
        ("farid", {"elsewhere"}),
        ("griet", set()),
        ("elise", {"ours", "theirs", "elsewhere", "house"}),
        ("admin", {"ours", "theirs", "elsewhere", "house"}),
    ],
)
def test_each_finds_what_is_theirs_to_know_and_can_open_exactly_that(
    database: Database, season: dict[str, object], who: str, expected: set[str]
):
    assert found(database, who, season) == expected
    reader = person(database, who)
    with database.read() as connection:
        for name, booking in season.items():
            if name in expected:
                assert find(connection, reader, booking).id == booking
                assert history(connection, reader, booking)
            else:
                with pytest.raises(NotFound):
                    find(connection, reader, booking)
                with pytest.raises(NotFound):
                    history(connection, reader, booking)


def test_filters_add_up(database: Database, season: dict[str, object]):
    assert found(database, "joris", season, states={State.CONFIRMED}) == {"theirs", "house"}
    assert found(database, "joris", season, resource="BUD-S1") == {"ours", "theirs"}
    assert found(database, "elise", season, venue="PHX") == {"elsewhere"}
    assert found(database, "joris", season, resource="BUD-S1", states={State.REQUESTED}) == {"ours"}
    [zwaluw] = person(database, "wout").organisations
    assert found(database, "elise", season, organisation=zwaluw) == {"theirs"}
    assert found(database, "joris", season, states=set()) == set()


def test_a_period_is_half_open(database: Database, season: dict[str, object]):
    begins, ends = when("2027-03-08 06:00"), when("2027-03-20 06:00")
    assert found(database, "camille", season, resource="BUD-S1", ends_after=begins, starts_before=ends) == {"ours"}
    assert found(database, "camille", season, resource="BUD-S1", ends_after=ends) == set()
    assert found(database, "camille", season, resource="BUD-S1", starts_before=begins) == set()


def test_pages_follow_each_other_in_the_order_of_making(database: Database, a_booking: MakeBooking):
    made = [a_booking(start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}") for day in range(10, 17)]
    joris = person(database, "joris")
    with database.read() as connection:
        first = listing(connection, joris, BookingFilter(limit=3))
        second = listing(connection, joris, BookingFilter(limit=10, after=first[-1].id))
    assert [row.id for row in [*first, *second]] == made


def test_a_listing_is_two_statements_however_long(database: Database, season: dict[str, object]):
    joris = person(database, "joris")
    with database.read() as connection, counted() as statements:
        listing(connection, joris, BookingFilter())
    assert len(statements) == 2, statements.listing


def test_what_does_not_exist_is_not_found(database: Database):
    with database.read() as connection, pytest.raises(NotFound):
        find(connection, person(database, "admin"), uuid4())


@pytest.mark.parametrize(
    ("state", "who", "verbs"),
    [
        ("requested", "joris", {Verb.GRANT, Verb.CONFIRM, Verb.DECLINE, Verb.COUNTER, Verb.REFER}),
        ("requested", "camille", {Verb.WITHDRAW}),
        ("requested", "elise", set()),
        ("option", "joris", {Verb.CONFIRM, Verb.RELEASE, Verb.EXTEND, Verb.COUNTER}),
        ("option", "camille", {Verb.COMMIT, Verb.RELEASE, Verb.EXTEND}),
        ("confirmed", "joris", {Verb.CANCEL, Verb.COUNTER}),
        ("confirmed", "camille", {Verb.CANCEL}),
        ("cancelled", "joris", set()),
    ],
)
def test_the_verbs_on_offer(database: Database, a_booking: MakeBooking, state: str, who: str, verbs: set[Verb]):
    booking, reader = a_booking(state=state), person(database, who)
    with database.read() as connection:
        assert set(actions(find(connection, reader, booking), reader)) == verbs
