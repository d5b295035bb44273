"""How much one organisation may have of a resource."""

from uuid import UUID

from booking.domain.claims import Place
from booking.domain.quotas import Used, beyond
from tests.support.places import a_room, asking, span, when

TODAY = when("2026-11-23 09:00")
ONE, TWO = UUID(int=1), UUID(int=2)


def used(place: Place, one: UUID, start: str, end: str) -> Used:
    return Used(one, place.id, span(f"{start} 06:00", f"{end} 06:00"))


def broken(place: Place, start: str, end: str, *there: Used) -> list[tuple[str, int | None]]:
    found = beyond([asking(place, start, end)], there, TODAY)
    return [(each.facts["rule"], each.facts.get("year")) for each in found]


def test_bookings_still_to_come_are_counted_and_a_series_is_one():
    room = a_room(rules={"quota": {"bookings_ahead": 2}})
    first, second = (used(room, ONE, f"2027-03-0{day}", f"2027-03-0{day + 1}") for day in (1, 2))
    assert not broken(room, "2027-04-01", "2027-04-02", first, second)
    assert broken(room, "2027-04-01", "2027-04-02", first, used(room, TWO, "2027-03-08", "2027-03-09")) == [
        ("quota-bookings", None)
    ]


def test_what_is_over_is_not_to_come():
    room = a_room(rules={"quota": {"bookings_ahead": 1}})
    assert not broken(room, "2027-04-01", "2027-04-02", used(room, ONE, "2026-11-02", "2026-11-06"))


def test_days_are_counted_by_calendar_year():
    room = a_room(rules={"quota": {"days_per_year": 10}})
    there = used(room, ONE, "2027-12-01", "2027-12-09")
    assert not broken(room, "2027-12-30", "2028-01-10", there)
    assert broken(room, "2027-12-29", "2028-01-10", there) == [("quota-days", 2027)]
    assert broken(room, "2027-12-31", "2028-01-12", there) == [("quota-days", 2028)]


def test_another_room_counts_apart():
    room = a_room(rules={"quota": {"bookings_ahead": 1, "days_per_year": 1}})
    assert not broken(room, "2027-04-01", "2027-04-02", used(a_room("OTHER"), ONE, "2027-03-01", "2027-03-20"))
