"""Nothing is ever booked twice: many clients, two web processes, each database."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.database import Database
from booking.storage.events import Event
from booking.storage.places import Venue
from tests.races.conftest import Arena
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of
from tests.support.rows import deadlocks, overlaps, peak
from tests.support.stampede import stampede

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

COMPANIES = ("camille", "pauline", "wout", "samira", "lotte", "theo")
FIRST = date(2027, 3, 1)


def day(number: int) -> str:
    """The first of March 2027, and the days after it."""
    return (FIRST + timedelta(days=number)).isoformat()


def in_venue(database: Database, venue: str, state: str = "confirmed") -> int:
    """How many bookings of a house are in that state."""
    query = select(func.count(Booking.id)).join(Venue, Venue.id == Booking.venue_id)
    with database.read() as connection:
        return connection.execute(query.where(Venue.code == venue, Booking.state == state)).scalar_one()


def test_two_thousand_attempts_at_24_slots_sell_each_once(arena: Arena):
    """V04-DS, at once if it is free: 24 afternoons, six companies, 2,000 attempts."""
    chance = Random(24)
    members = {name: arena.served.api(name) for name in COMPANIES}
    organisations = {name: organisation_of(member) for name, member in members.items()}

    def attempt(number: int) -> Callable[[], Answer]:
        who, slot = chance.choice(COMPANIES), day(number % 24)
        claim = a_claim("V04-DS", f"{slot}T14:00:00+01:00", f"{slot}T18:00:00+01:00")
        return lambda: ask(members[who], claim, organisation=organisations[who])

    numbers = list(range(2000))
    chance.shuffle(numbers)
    outcome = stampede([attempt(number) for number in numbers])
    outcome.assert_clean("time-taken")
    assert outcome.counts == {(201, None): 24, (409, "time-taken"): 1976}
    assert len({won.json["claims"][0]["start"] for won in outcome.won}) == 24
    for lost in outcome.answers:
        assert lost.status == 201 or lost.json["conflicts"][0]["days"], "a loser learns which day"
    assert overlaps(arena.database) == 0
    assert in_venue(arena.database, "V04") == 24
    with arena.database.read() as connection:
        told = (
            connection.execute(select(Event.booking_id).where(Event.kind == "booking.confirmed")).scalars().all()
        )
    assert len({str(each) for each in told} & {won.json["id"] for won in outcome.won}) == 24


def test_a_hall_and_its_halves_are_never_sold_to_two(arena: Arena):
    """HAD-PS is PSA and PSB: 600 attempts at twelve days, the whole or a half by chance."""
    chance, maud = Random(2), arena.served.api("maud")

    def attempt(number: int) -> Callable[[], Answer]:
        code = chance.choice(("HAD-PS", "HAD-PSA", "HAD-PSB"))
        slot = number % 12
        return lambda: ask_for_the_house(maud, a_claim(code, day(slot), day(slot + 1)))

    outcome = stampede([attempt(number) for number in range(600)])
    outcome.assert_clean("time-taken")
    sold: dict[str, list[str]] = {}
    for won in outcome.won:
        [claim] = won.json["claims"]
        sold.setdefault(claim["start"], []).append(claim["resource"])
    assert len(sold) == 12
    for halls in sold.values():
        assert sorted(halls) in (["HAD-PS"], ["HAD-PSA", "HAD-PSB"]), halls
    assert overlaps(arena.database) == 0


def test_24_lamps_are_never_25(arena: Arena):
    """PHX-PAR, counted: 600 attempts at random quantities over random days peak at 24 and no higher."""
    chance = Random(25)
    members = {name: arena.served.api(name) for name in COMPANIES}
    organisations = {name: organisation_of(member) for name, member in members.items()}

    def attempt() -> Callable[[], Answer]:
        who, start = chance.choice(COMPANIES), chance.randrange(12)
        claim = a_claim("PHX-PAR", day(start), day(start + chance.randint(1, 4)), chance.randint(1, 8))
        return lambda: ask(members[who], claim, organisation=organisations[who])

    outcome = stampede([attempt() for _ in range(600)])
    outcome.assert_clean("capacity")
    out: Counter[date] = Counter()
    for won in outcome.won:
        [claim] = won.json["claims"]
        start, end = date.fromisoformat(claim["start"]), date.fromisoformat(claim["end"])
        for number in range((end - start).days):
            out[start + timedelta(days=number)] += claim["quantity"]
    assert max(out.values()) == peak(arena.database, "PHX-PAR") == 24
    for lost in outcome.answers:
        assert lost.status == 201 or lost.json["conflicts"][0]["short"] >= 1


def test_several_resources_in_any_order_are_had_together_or_not_at_all(arena: Arena):
    """Three of BUDA's five, in random order, booked and cancelled by 400: nothing partial, nobody deadlocked."""
    chance, joris = Random(5), arena.served.api("joris")
    rooms = ("BUD-TA", "BUD-TB", "BUD-S1", "BUD-S2", "BUD-RH")

    def attempt() -> Callable[[], Answer]:
        slot, cancels = chance.randrange(6), chance.random() < 0.5
        claims = [a_claim(code, day(slot), day(slot + 2)) for code in chance.sample(rooms, 3)]

        def book() -> Answer:
            made = ask_for_the_house(joris, *claims)
            if made.status == 201 and cancels:
                return answer(joris, made.json["id"], "cancel", reason="for somebody else")
            return made

        return book

    outcome = stampede([attempt() for _ in range(400)])
    outcome.assert_clean("time-taken")
    assert overlaps(arena.database) == 0
    assert deadlocks(arena.database) == 0
    query = (
        select(Booking.id, Booking.state, func.count(Claim.id.distinct()), func.count(Occupancy.id))
        .join(Venue, Venue.id == Booking.venue_id)
        .join(Claim, Claim.booking_id == Booking.id)
        .join(Occupancy, Occupancy.claim_id == Claim.id)
        .where(Venue.code == "BUD")
        .group_by(Booking.id, Booking.state)
    )
    with arena.database.read() as connection:
        rows = connection.execute(query).all()
    assert len(rows) == len(outcome.won)
    assert {(claims, held) for _, _, claims, held in rows} == {(3, 3)}


def test_many_requests_for_one_week_are_confirmed_once(arena: Arena):
    """Thirty requests for DGP-KZ; Bram confirms them all at once."""
    bram = arena.served.api("bram")
    wanted = a_claim("DGP-KZ", day(0), day(5))
    made = stampede([lambda: ask(arena.served.api("camille"), wanted)] * 30)
    requests = [each.json["id"] for each in made.won]
    assert len(requests) == 30
    outcome = stampede([lambda each=each: answer(bram, each, "confirm") for each in requests])
    outcome.assert_clean("time-taken")
    assert len(outcome.won) == 1
    assert (in_venue(arena.database, "DGP"), in_venue(arena.database, "DGP", "requested")) == (1, 29)


def test_bookings_that_move_to_one_day_do_not_end_up_on_top_of_each_other(arena: Arena):
    """Twenty days of TNA-GS all want to be the first of May; one is, the others stay where they were."""
    simon = arena.served.api("simon")
    booked = [ask_for_the_house(simon, a_claim("TNA-GS", day(n), day(n + 1))).json["id"] for n in range(20)]
    there = {"claims": [a_claim("TNA-GS", "2027-05-01", "2027-05-02")]}
    outcome = stampede([lambda each=each: simon.patch(f"/bookings/{each}", there) for each in booked])
    outcome.assert_clean("time-taken")
    assert len(outcome.won) == 1
    where = Counter(_days(simon, each) for each in booked)
    assert where["2027-05-01"] == 1
    assert max(where.values()) == 1
    assert overlaps(arena.database) == 0


def _days(api: Api, booking: str) -> str:
    start: str = api.get(f"/bookings/{booking}").json["claims"][0]["start"]
    return start
