"""What a calendar app can follow: a chain over several houses, a house's crew, options that run out (E2)."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from booking.storage.base import new_id
from booking.storage.bookings import Booking, Trajectory
from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask_for_the_house, organisation_of
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.feeds import subscribe

As = Callable[[str | None], Api]


@pytest.fixture
def a_chain(database: Database, api: As) -> Callable[..., UUID]:
    """Bookings of Lisière, made into one chain."""

    def chain(*bookings: UUID) -> UUID:
        made = new_id()
        lisiere = UUID(organisation_of(api("camille")))

        def work(connection: object) -> None:
            terms = {"id": made, "organisation_id": lisiere, "title": "Marées", "rule": "each", "state": "open"}
            connection.execute(insert(Trajectory).values(**terms))
            connection.execute(update(Booking).where(Booking.id.in_(bookings)).values(trajectory_id=made))

        database.write(work)
        return made

    return chain


def test_a_chain_is_followed_by_its_company_and_by_each_house_that_it_leads_through(
    api: As, client: FlaskClient, a_booking: MakeBooking, a_chain: Callable[..., UUID], clock: StoppedClock
) -> None:
    valenciennes = a_booking(resource="PHX-F2", start="2027-03-01", end="2027-03-06", title="Marées, début")
    kortrijk = a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", title="Marées, suite")
    a_booking(resource="BUD-S2", start="2027-03-08", end="2027-03-20", title="Autre chose")
    chain = str(a_chain(valenciennes, kortrijk))
    mine = subscribe(api("camille"), client, "trajectory", chain)
    theirs = subscribe(api("joris"), client, "trajectory", chain)
    assert [each.summary for each in mine.events().values()] == ["Marées, début", "Marées, suite"]
    assert [each.summary for each in theirs.events().values()] == ["Taken", "Marées, suite"]
    assert "X-WR-CALNAME:Marées" in mine.get().text
    assert mine.busy().count("FREEBUSY;FBTYPE=BUSY:") == 2
    assert api("wout").post("/feeds", {"scope": "trajectory", "code": chain}).status == 404

    before = mine.events()
    clock.advance(minutes=1)
    answer(api("joris"), str(kortrijk), "cancel", reason="so it is")
    after = mine.events()
    assert before.keys() == after.keys()
    assert [each.status for each in after.values()] == ["CONFIRMED", "CANCELLED"]
    assert api("camille").get("/feeds").json["items"][0]["code"] == chain


def test_set_up_and_strike_are_items_of_their_own_for_the_crew_of_the_house(
    api: As, client: FlaskClient, a_booking: MakeBooking
) -> None:
    claim = a_claim(
        "BUD-TA",
        "2027-03-10T20:00:00+01:00",
        "2027-03-10T22:00:00+01:00",
        setup_minutes=120,
        strike_minutes=60,
        crew="A",
    )
    made = ask_for_the_house(api("joris"), claim, title="Concert", purpose="performance")
    assert made.status == 201, made
    a_booking(resource="BUD-S1")
    feed = subscribe(api("joris"), client, "crew", "BUD", language="fr")
    found = {each.summary: each for each in feed.events().values()}
    assert found.keys() == {"Concert", "Montage · Concert", "Démontage · Concert", "Marées"}
    assert found["Montage · Concert"].end == found["Concert"].start
    assert found["Démontage · Concert"].start == found["Concert"].end
    assert (found["Montage · Concert"].length, found["Démontage · Concert"].length) == (2, 1)
    assert found["Montage · Concert"].description == "Équipe\N{NO-BREAK SPACE}: A"
    before = {each.uid: each for each in found.values()}

    answer(api("joris"), made.json["id"], "cancel", reason="so it is")
    after = feed.events()
    assert after.keys() == before.keys()
    assert [each.status for each in after.values()].count("CANCELLED") == 3

    refused = api("camille").post("/feeds", {"scope": "crew", "code": "BUD"})
    assert (refused.status, refused.code) == (403, "forbidden")
    everything = subscribe(api("joris"), client, "crew").events()
    assert everything.keys() == after.keys()


def test_an_option_stands_in_the_calendar_when_it_runs_out(
    api: As, client: FlaskClient, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    booking = str(a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="option"))
    a_booking(resource="BUD-S1")
    feeds = {
        name: subscribe(api(person), client, "expiring", code, language="nl")
        for name, person, code in (
            ("company", "camille", None),
            ("house", "joris", "BUD"),
            ("one company", "camille", organisation_of(api("camille"))),
        )
    }
    due_at = datetime.fromisoformat(api("camille").get(f"/bookings/{booking}").json["due_at"])
    for feed in feeds.values():
        clock_item = feed.only()
        assert (clock_item.summary, clock_item.status) == ("Optie vervalt · OPT 1 · Marées", "TENTATIVE")
        assert clock_item.start == due_at.astimezone(UTC)
        assert clock_item.busy_status == "FREE"
    assert subscribe(api("wout"), client, "expiring").events() == {}

    before = feeds["company"].only()
    clock.advance(minutes=1)
    answer(api("joris"), booking, "extend", reason="they asked kindly")
    later = feeds["company"].only()
    assert later.uid == before.uid
    assert later.start > before.start
    assert later.sequence > before.sequence
    answer(api("camille"), booking, "release")
    assert feeds["company"].only().status == "CANCELLED"
