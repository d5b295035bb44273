"""A calendar app follows a booking (scenarios C1, C2, E1–E3)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from booking.storage.database import Database
from booking.storage.people import Hat, Person
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.canary import Canary
from tests.support.clocks import StoppedClock
from tests.support.feeds import Subscription, subscribe
from tests.support.two_readers import read

As = Callable[[str | None], Api]
Subscribe = Callable[..., Subscription]


@pytest.fixture
def follow(api: As, client: FlaskClient) -> Subscribe:
    """`follow("camille", "resource", "BUD-S1")`."""

    def following(name: str, scope: str, code: str | None = None, **more: str) -> Subscription:
        return subscribe(api(name), client, scope, code, **more)

    return following


def organisation_of(api: Api) -> str:
    return str(api.get("/me").json["organisations"][0]["id"])


def test_an_option_that_is_confirmed_stays_the_same_event(
    api: As, follow: Subscribe, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    booking = a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="option")
    feed = follow("camille", "organisation", organisation_of(api("camille")))
    option = feed.only()
    assert (option.summary, option.status, option.busy_status) == ("OPT 1 · Marées", "TENTATIVE", "TENTATIVE")

    assert api("joris").post(f"/bookings/{booking}/confirm", {}).status == 200
    confirmed = feed.only()
    assert confirmed.uid == option.uid
    assert confirmed.sequence > option.sequence
    assert confirmed.modified > option.modified
    assert (confirmed.summary, confirmed.status, confirmed.busy_status) == ("Marées", "CONFIRMED", "BUSY")
    assert (confirmed.start, confirmed.end) == (option.start, option.end)


def test_a_neighbours_release_that_makes_me_first_changes_my_event(
    api: As, follow: Subscribe, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    first = a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="option", company="Zwaluw")
    clock.advance(minutes=1)
    a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="option")
    feed = follow("camille", "organisation", organisation_of(api("camille")))
    second = feed.only()
    assert (second.summary, second.status) == ("OPT 2 · Marées", "TENTATIVE")
    clock.advance(minutes=1)
    assert api("wout").post(f"/bookings/{first}/release", {}).status == 200
    moved_up = feed.only()
    assert (moved_up.uid, moved_up.summary) == (second.uid, "OPT 1 · Marées")
    assert moved_up.sequence > second.sequence
    assert moved_up.modified > second.modified


def test_a_released_option_is_told_as_cancelled_for_sixty_days_and_then_gone(
    api: As, follow: Subscribe, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    booking = a_booking(state="option", start="2027-09-06", end="2027-09-11")
    feed = follow("camille", "me")
    before = feed.only()
    clock.advance(minutes=1)
    assert api("camille").post(f"/bookings/{booking}/release", {}).status == 200
    ended = feed.only()
    assert (ended.uid, ended.status, ended.transparent) == (before.uid, "CANCELLED", "TRANSPARENT")
    assert ended.sequence > before.sequence

    clock.advance(days=60, seconds=-1)
    assert feed.only() == ended
    told = feed.get()
    clock.advance(seconds=1)
    after = feed.get(if_modified_since=told.headers["Last-Modified"])
    assert after.status_code == 200
    assert read(after.data) == {}
    assert after.headers["ETag"] != told.headers["ETag"]


@pytest.mark.parametrize("state", ["requested", "declined", "withdrawn"])
def test_what_was_never_granted_is_never_shown(
    state: str, api: As, follow: Subscribe, a_booking: MakeBooking
) -> None:
    a_booking(state=state)
    assert follow("camille", "organisation", organisation_of(api("camille"))).events() == {}
    assert follow("joris", "venue", "BUD").events() == {}


def test_a_cancelled_booking_is_told_to_everybody_who_saw_it(follow: Subscribe, a_booking: MakeBooking) -> None:
    a_booking(state="cancelled")
    for name in ("camille", "joris", "wout"):
        assert follow(name, "resource", "BUD-S1").only().status == "CANCELLED"


def test_a_claim_that_is_taken_out_is_cancelled_while_the_booking_goes_on(
    api: As, follow: Subscribe, a_booking: MakeBooking
) -> None:
    booking = a_booking(start="2027-03-08", end="2027-03-20")
    claim = api("joris").get(f"/bookings/{booking}").json["claims"][0]["id"]
    moved = api("joris").patch(
        f"/bookings/{booking}",
        {"claims": [{"resource": "BUD-TA", "start": "2027-03-08", "end": "2027-03-20"}]},
    )
    assert moved.status == 200, moved
    events = follow("joris", "venue", "BUD").events()
    assert events[f"{claim}@emerge-booking"].status == "CANCELLED"
    assert sorted(each.status for each in events.values()) == ["CANCELLED", "CONFIRMED"]


def test_a_residency_from_1_to_5_march_ends_on_the_6th(follow: Subscribe, a_booking: MakeBooking) -> None:
    a_booking(start="2027-03-01", end="2027-03-06")
    feed = follow("camille", "resource", "BUD-S1")
    event = feed.only()
    assert (event.start, event.end) == (date(2027, 3, 1), date(2027, 3, 6))
    body = feed.get().text
    assert "DTEND;VALUE=DATE:20270306" in body
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Brussels" in body


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2027-03-27T22:00:00+01:00", "2027-03-28T06:00:00+02:00", 7),
        ("2027-10-30T22:00:00+02:00", "2027-10-31T06:00:00+01:00", 9),
        ("2027-10-30T22:00:00+02:00", "2027-10-31T02:30:00+02:00", 4.5),
        ("2027-10-30T22:00:00+02:00", "2027-10-31T02:30:00+01:00", 5.5),
    ],
)
def test_a_strike_over_the_night_when_clocks_change_keeps_its_length(
    start: str, end: str, hours: float, follow: Subscribe, a_booking: MakeBooking
) -> None:
    a_booking(resource="DGP-GZ", start=start, end=end)
    feed = follow("bram", "resource", "DGP-GZ")
    assert feed.only().length == hours


def test_past_days_stay_for_ninety_days(follow: Subscribe, a_booking: MakeBooking, clock: StoppedClock) -> None:
    a_booking(start="2026-12-07", end="2026-12-19")
    feed = follow("camille", "me")
    clock.set("2027-03-19T05:59:59+01:00")
    assert len(feed.events()) == 1
    clock.set("2027-03-19T06:00:01+01:00")
    assert feed.events() == {}


def test_strangers_read_taken_and_never_a_name(
    follow: Subscribe, canary: Callable[..., Canary], api: As, clock: StoppedClock
) -> None:
    planted = canary(start="2027-03-08", end="2027-03-20", state="option")
    feeds = [
        follow("camille", scope, code, detail=detail, language=language)
        for scope, code in (("resource", "BUD-S1"), ("venue", "BUD"))
        for detail, language in (("busy", "en"), ("titles", "nl"), ("full", "fr"))
    ]
    for verb in (None, "confirm", "cancel"):
        if verb:
            assert api("joris").post(f"/bookings/{planted.booking}/{verb}", {"reason": "so it is"}).status == 200
        for feed in feeds:
            planted.assert_unseen(feed.get().text, "a feed for others")
            planted.assert_unseen(feed.busy(), "free and busy time for others")
    assert {feed.only().summary for feed in feeds} == {"Taken", "Bezet", "Pris"}


def test_the_house_itself_reads_titles_and_companies(follow: Subscribe, canary: Callable[..., Canary]) -> None:
    planted = canary(start="2027-03-08", end="2027-03-20")
    event = follow("joris", "venue", "BUD", detail="full", language="nl").only()
    assert event.summary == "Zang in de mijn"
    assert event.description.splitlines()[:2] == ["Kanarie Zevenslag", "Residentie"]
    assert follow("joris", "venue", "BUD", detail="busy").only().summary == "Taken"
    planted.assert_unseen(follow("joris", "venue", "BUD", detail="busy").get().text, "a busy feed")


def test_a_planner_who_leaves_the_house_sees_titles_no_more(
    follow: Subscribe, canary: Callable[..., Canary], database: Database
) -> None:
    planted = canary(start="2027-03-08", end="2027-03-20")
    feed = follow("joris", "venue", "BUD", detail="full", language="nl")
    assert planted.seen_in(feed.get().text)
    before = feed.get()
    take_hats(database, "joris@buda.example")
    after = feed.get(if_none_match=before.headers["ETag"], if_modified_since=before.headers["Last-Modified"])
    assert after.status_code == 200
    planted.assert_unseen(after.text, "the feed of somebody who left")
    assert feed.get(if_modified_since=before.headers["Last-Modified"]).status_code == 200


def test_somebody_who_leaves_a_company_is_told_that_its_feed_does_not_exist(
    api: As, follow: Subscribe, a_booking: MakeBooking, database: Database
) -> None:
    a_booking()
    feed = follow("camille", "organisation", organisation_of(api("camille")))
    assert len(feed.events()) == 1
    take_hats(database, "camille@lisiere.example")
    assert feed.get().status_code == 404


def test_a_part_is_taken_when_its_whole_is_and_the_other_way_round(
    follow: Subscribe, a_booking: MakeBooking
) -> None:
    a_booking(resource="DGP-HOUSE", start="2027-07-29", end="2027-08-02")
    a_booking(resource="DGP-KZ", start="2027-09-06", end="2027-09-11")
    assert [each.start for each in follow("camille", "resource", "DGP-KZ").events().values()] == [
        date(2027, 7, 29),
        date(2027, 9, 6),
    ]
    assert len(follow("camille", "resource", "DGP-HOUSE").events()) == 2
    assert [each.start for each in follow("camille", "resource", "DGP-GZ").events().values()] == [
        date(2027, 7, 29)
    ]


def test_counted_stock_tells_how_much_of_it_is_taken(follow: Subscribe, a_booking: MakeBooking) -> None:
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=10)
    feed = follow("wout", "resource", "PHX-PAR")
    assert feed.only().summary == "Taken (10 of 24)"
    assert "FREEBUSY" not in feed.busy().replace("VFREEBUSY", "")
    a_booking(resource="PHX-PAR", start="2027-05-11", end="2027-05-12", quantity=14)
    assert "FREEBUSY;FBTYPE=BUSY:20270511T040000Z/20270512T040000Z" in feed.busy()


def test_a_closure_is_shown_and_why_only_to_the_house(follow: Subscribe) -> None:
    theirs, ours = follow("camille", "resource", "SUC-TH"), follow("karim", "resource", "SUC-TH")
    assert theirs.only().summary == "Closed"
    assert ours.only().summary == "Closed · building works"
    assert theirs.only().status == "CONFIRMED"
    assert "FBTYPE=BUSY-UNAVAILABLE" in theirs.busy()


def test_moments_are_shown_to_those_who_may_know_and_hold_nothing(api: As, follow: Subscribe) -> None:
    made = api("joris").post(
        "/bookings",
        {
            "organisation": organisation_of(api("camille")),
            "title": "Marées",
            "state": "confirmed",
            "claims": [
                {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-13"},
                {"resource": "BUD-RH", "start": "2027-03-08", "end": "2027-03-13", "quantity": 2},
            ],
            "moments": [
                {"kind": "showing", "start": "2027-03-12T20:00:00+01:00", "end": "2027-03-12T21:00:00+01:00"}
            ],
        },
    )
    assert made.status == 201, made
    events = follow("camille", "me").events().values()
    assert sorted(each.summary for each in events) == ["Marées", "Marées (2 of 15)", "Showing · Marées"]
    (showing,) = (each for each in events if each.summary.startswith("Showing"))
    assert (showing.busy_status, showing.length) == ("FREE", 1)
    assert len(follow("wout", "venue", "BUD").events()) == 2


def test_set_up_and_strike_are_taken_for_others_and_told_to_those_who_know(api: As, follow: Subscribe) -> None:
    made = api("joris").post(
        "/bookings",
        {
            "title": "Concert",
            "purpose": "performance",
            "state": "confirmed",
            "claims": [
                {
                    "resource": "BUD-TA",
                    "start": "2027-03-10T20:00:00+01:00",
                    "end": "2027-03-10T22:00:00+01:00",
                    "setup_minutes": 120,
                    "strike_minutes": 60,
                }
            ],
        },
    )
    assert made.status == 201, made
    ours = follow("joris", "resource", "BUD-TA", detail="full").only()
    theirs = follow("camille", "resource", "BUD-TA", detail="full").only()
    assert ours.length == 2
    assert "Set-up: 120 min before" in ours.description
    assert ours.start - theirs.start == timedelta(minutes=120)
    assert theirs.end - ours.end == timedelta(minutes=60)


def test_the_feed_of_a_house_reads_identically_in_two_parsers(follow: Subscribe, a_booking: MakeBooking) -> None:
    a_booking(resource="BUD-S1", start="2027-03-01", end="2027-03-06", title="Öst, \\n; «été» " + "😀" * 30)
    a_booking(
        resource="BUD-TA", start="2027-03-27T22:00:00+01:00", end="2027-03-28T06:00:00+02:00", state="option"
    )
    a_booking(resource="BUD-RH", start="2027-03-07", end="2027-03-19", quantity=4, company=None)
    a_booking(resource="BUD-S2", start="2027-04-05", end="2027-04-10", state="cancelled")
    for language in ("nl", "fr", "en"):
        assert len(follow("joris", "venue", "BUD", detail="full", language=language).events()) == 4


def take_hats(database: Database, email: str) -> None:
    """The person keeps the account and loses every role."""
    mine = select(Person.id).where(Person.email == email).scalar_subquery()
    database.write(lambda connection: connection.execute(delete(Hat).where(Hat.person_id == mine)))
