"""A calendar app follows a class that comes back every Tuesday (B6, as a feed shows it)."""

from collections.abc import Callable
from typing import Any

import icalendar
from flask.testing import FlaskClient

from booking.domain.wall_clock import at_venue
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.clocks import StoppedClock
from tests.support.expanded import Occurrence, expanded
from tests.support.feeds import Subscription, subscribe

As = Callable[[str | None], Api]
TUESDAY = a_claim("BUD-S2", "2027-09-07T10:00:00+02:00", "2027-09-07T12:00:00+02:00", setup_minutes=30)
RULE = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20280627"


def every_tuesday(api: Api, **more: Any) -> list[dict[str, Any]]:
    """The occurrences of the class, in order."""
    saved = ask_for_the_house(
        api,
        TUESDAY,
        title="Les op dinsdag",
        purpose="workshop",
        recurrence={"rule": RULE, "except": ["school-holidays"]},
        **more,
    )
    assert saved.status == 201, saved
    occurrences: list[dict[str, Any]] = api.get(f"/series/{saved.json['series']}").json["occurrences"]
    return occurrences


def components(feed: Subscription) -> list[Any]:
    found: list[Any] = icalendar.Calendar.from_ical(feed.get().data).walk("VEVENT")
    return found


def live(feed: Subscription) -> list[Occurrence]:
    return [each for each in expanded(feed.get().data) if each.status != "CANCELLED"]


def times(feed: Subscription) -> set[str]:
    return {f"{at_venue(each.start, 'Europe/Brussels'):%H:%M}" for each in live(feed)}


def test_thirty_seven_tuesdays_are_one_event_at_ten_on_the_clock_of_the_house(
    api: As, client: FlaskClient, clock: StoppedClock
) -> None:
    joris = api("joris")
    feed = subscribe(joris, client, "resource", "BUD-S2")
    occurrences = every_tuesday(joris)
    (master,) = components(feed)
    assert (master["RRULE"]["FREQ"], master["SUMMARY"], master["STATUS"]) == (
        ["WEEKLY"],
        "Les op dinsdag",
        "CONFIRMED",
    )
    assert len(live(feed)) == 37
    assert times(feed) == {"10:00"}
    assert [each.start.isoformat()[:10] for each in live(feed)] == [each["start"][:10] for each in occurrences]

    clock.advance(minutes=1)
    january = next(each for each in occurrences if each["start"].startswith("2028-01-11"))
    moved = joris.patch(
        f"/bookings/{january['booking']}",
        {
            "scope": "following",
            "claims": [a_claim("BUD-S2", "2028-01-11T14:00:00+01:00", "2028-01-11T16:00:00+01:00")],
        },
    )
    assert moved.status == 200, moved
    assert len(live(feed)) == 37
    assert times(feed) == {"10:00", "14:00"}
    after = components(feed)
    assert {str(each["UID"]) for each in after} == {str(master["UID"])}
    assert all(each["SEQUENCE"] > master["SEQUENCE"] for each in after)
    assert all(each["LAST-MODIFIED"].dt > master["LAST-MODIFIED"].dt for each in after)
    assert {each["SEQUENCE"] for each in after} == {after[0]["SEQUENCE"]}


def test_an_occurrence_that_is_cancelled_is_told_for_sixty_days_and_then_left_out(
    api: As, client: FlaskClient, clock: StoppedClock
) -> None:
    joris = api("joris")
    feed = subscribe(joris, client, "venue", "BUD", language="nl")
    occurrences = every_tuesday(joris)
    first = components(feed)[0]
    clock.advance(minutes=1)
    answer(joris, occurrences[3]["booking"], "cancel", reason="ill")
    told = components(feed)
    assert [str(each["STATUS"]) for each in told] == ["CONFIRMED", "CANCELLED"]
    assert told[1]["RECURRENCE-ID"].dt.isoformat() == "2027-09-28T10:00:00+02:00"
    assert len(live(feed)) == 36
    etag = feed.get().headers["ETag"]

    clock.advance(days=60)
    gone = components(feed)
    assert len(gone) == 1
    assert len(live(feed)) == 36
    assert gone[0]["SEQUENCE"] > told[0]["SEQUENCE"] > first["SEQUENCE"]
    assert gone[0]["LAST-MODIFIED"].dt > told[0]["LAST-MODIFIED"].dt
    assert feed.get().headers["ETag"] != etag


def test_the_past_leaves_a_series_after_ninety_days(api: As, client: FlaskClient, clock: StoppedClock) -> None:
    joris = api("joris")
    every_tuesday(joris)
    feed = subscribe(joris, client, "me")
    clock.set("2027-12-07T09:59:59+01:00")  # the first ended 91 days ago on the clock; the second 84
    assert [each.start.day for each in live(feed)][:2] == [14, 21]
    assert len(live(feed)) == 36


def test_strangers_see_when_it_is_taken_from_set_up_on_and_nothing_else(api: As, client: FlaskClient) -> None:
    every_tuesday(api("joris"))
    feed = subscribe(api("camille"), client, "venue", "BUD", detail="full", language="fr")
    assert {each.summary for each in live(feed)} == {"Pris"}
    assert times(feed) == {"09:30"}
    assert len(live(feed)) == 37
    assert "dinsdag" not in feed.get().text


def test_the_crew_reads_set_up_as_an_item_of_its_own(api: As, client: FlaskClient) -> None:
    every_tuesday(api("joris"))
    feed = subscribe(api("joris"), client, "crew", "BUD", language="nl")
    summaries = [each.summary for each in live(feed)]
    assert (summaries.count("Opbouw · Les op dinsdag"), summaries.count("Les op dinsdag")) == (37, 37)
    assert len(components(feed)) == 2
    assert len({str(each["UID"]) for each in components(feed)}) == 2
