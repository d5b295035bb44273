"""What stands in the way of a claim: each kind just beyond its edge, and just within."""

from datetime import timedelta

import pytest

from booking.domain.claims import Asked, Held
from booking.domain.conflicts import obstacles
from booking.domain.refusals import CannotBeHad, Conflict
from tests.support.places import a_room, a_whole, asking, holding, some_stock, span


def kinds(*asked: Asked, held: list[Held]) -> list[str]:
    return [each.kind for each in obstacles(asked, held)]


def told(conflict: Conflict) -> list[str]:
    return [day.isoformat() for day in conflict.days]


STUDIO = a_room("BUD-S1")
STAGE = a_room("BUD-TA", rules={"buffer_minutes": {"before": 30, "after": 60}})


class TestARoom:
    def test_a_taken_hour_is_taken(self):
        held = holding(asking(STUDIO, "2027-05-10 09:00", "2027-05-10 12:00"))
        assert kinds(asking(STUDIO, "2027-05-10 11:30", "2027-05-10 13:00"), held=held) == ["time-taken"]

    def test_the_next_hour_is_free(self):
        held = holding(asking(STUDIO, "2027-05-10 09:00", "2027-05-10 12:00"))
        assert not kinds(asking(STUDIO, "2027-05-10 12:00", "2027-05-10 13:00"), held=held)
        assert not kinds(asking(STUDIO, "2027-05-10 08:00", "2027-05-10 09:00"), held=held)

    def test_set_up_and_strike_take_time_too(self):
        held = holding(asking(STUDIO, "2027-05-10 09:00", "2027-05-10 12:00", strike_minutes=60))
        assert kinds(asking(STUDIO, "2027-05-10 12:30", "2027-05-10 14:00"), held=held) == ["time-taken"]
        assert kinds(asking(STUDIO, "2027-05-10 14:00", "2027-05-10 15:00", setup_minutes=90), held=held) == [
            "time-taken"
        ]
        assert not kinds(asking(STUDIO, "2027-05-10 14:00", "2027-05-10 15:00", setup_minutes=60), held=held)

    def test_an_option_does_not_stand_in_the_way(self):
        held = holding(asking(STUDIO, "2027-05-10", "2027-05-15"), force="soft")
        assert not kinds(asking(STUDIO, "2027-05-10", "2027-05-15"), held=held)

    def test_whole_days_keep_the_room_through_the_night(self):
        held = holding(asking(STUDIO, "2027-05-10", "2027-05-12"))
        assert kinds(asking(STUDIO, "2027-05-11 02:00", "2027-05-11 04:00"), held=held) == ["time-taken"]
        assert not kinds(asking(STUDIO, "2027-05-12 06:00", "2027-05-12 08:00"), held=held)
        assert not kinds(asking(STUDIO, "2027-05-12", "2027-05-13"), held=held)

    def test_the_conflict_names_the_shared_days_alone(self):
        held = holding(asking(STUDIO, "2027-05-10", "2027-05-13"))
        [taken] = obstacles([asking(STUDIO, "2027-05-12", "2027-05-16")], held)
        assert told(taken) == ["2027-05-12"]
        assert taken.span == span("2027-05-12 06:00", "2027-05-13 06:00")

    def test_a_late_strike_is_a_conflict_of_the_evening_before(self):
        held = holding(asking(STUDIO, "2027-05-10 20:00", "2027-05-11 02:00"))
        [taken] = obstacles([asking(STUDIO, "2027-05-11 01:00", "2027-05-11 03:00")], held)
        assert told(taken) == ["2027-05-10"]

    def test_there_is_only_one_of_it_and_of_a_whole(self):
        for place in (STUDIO, a_whole("HAD-PS", [a_room("HAD-PSA"), a_room("HAD-PSB")])):
            [short] = obstacles([asking(place, "2027-05-10", "2027-05-12", quantity=3)], [])
            assert (short.kind, short.short, short.facts["available"]) == ("capacity", 2, 1)
            assert short.facts["short_by_day"] == {"2027-05-10": 2, "2027-05-11": 2}

    def test_another_room_is_another_matter(self):
        held = holding(asking(a_room("BUD-S2"), "2027-05-10", "2027-05-13"))
        assert not kinds(asking(STUDIO, "2027-05-10", "2027-05-13"), held=held)


class TestBuffers:
    """The stage wants 30 minutes before and 60 after: between two bookings 90."""

    def test_neighbouring_buffers_add_up(self):
        held = holding(asking(STAGE, "2027-05-10 09:00", "2027-05-10 12:00"))
        assert kinds(asking(STAGE, "2027-05-10 13:00", "2027-05-10 14:00"), held=held) == ["buffer"]
        assert not kinds(asking(STAGE, "2027-05-10 13:30", "2027-05-10 14:00"), held=held)
        assert kinds(asking(STAGE, "2027-05-10 07:00", "2027-05-10 08:00"), held=held) == ["buffer"]
        assert not kinds(asking(STAGE, "2027-05-10 06:30", "2027-05-10 07:30"), held=held)

    def test_what_is_really_taken_is_called_taken_and_not_a_buffer(self):
        held = holding(asking(STAGE, "2027-05-10 09:00", "2027-05-10 12:00"))
        assert kinds(asking(STAGE, "2027-05-10 11:30", "2027-05-10 13:00"), held=held) == ["time-taken"]

    def test_one_claim_can_run_into_a_booking_and_into_anothers_buffer(self):
        held = [
            *holding(asking(STAGE, "2027-05-10 09:00", "2027-05-10 12:00")),
            *holding(asking(STAGE, "2027-05-10 18:00", "2027-05-10 20:00"), by="another"),
        ]
        assert kinds(asking(STAGE, "2027-05-10 11:00", "2027-05-10 17:00"), held=held) == ["time-taken", "buffer"]

    def test_whole_days_have_no_buffer_of_their_own(self):
        held = holding(asking(STAGE, "2027-05-10", "2027-05-11"))
        assert not kinds(asking(STAGE, "2027-05-11", "2027-05-12"), held=held)

    def test_a_clock_time_claim_keeps_its_buffer_beside_whole_days(self):
        held = holding(asking(STAGE, "2027-05-10", "2027-05-11"))
        assert kinds(asking(STAGE, "2027-05-11 06:00", "2027-05-11 08:00"), held=held) == ["buffer"]
        assert not kinds(asking(STAGE, "2027-05-11 06:30", "2027-05-11 08:00"), held=held)


@pytest.mark.parametrize(("source", "kind"), [("closure", "closed"), ("external", "external-busy")])
class TestTheHouseSaysNo:
    def test_a_closed_day_is_refused_and_the_next_is_not(self, source: str, kind: str):
        held = holding(asking(STUDIO, "2027-05-10", "2027-05-12"), source=source)
        assert kinds(asking(STUDIO, "2027-05-11", "2027-05-13"), held=held) == [kind]
        assert not kinds(asking(STUDIO, "2027-05-12", "2027-05-13"), held=held)

    def test_stock_is_closed_however_little_is_asked(self, source: str, kind: str):
        lamps = some_stock(24)
        held = holding(asking(lamps, "2027-05-10", "2027-05-12", quantity=24), source=source)
        assert kinds(asking(lamps, "2027-05-11", "2027-05-13"), held=held) == [kind]

    def test_a_buffer_may_reach_into_a_closed_hour(self, source: str, kind: str):
        held = holding(asking(STAGE, "2027-05-10 13:00", "2027-05-10 18:00"), source=source)
        assert not kinds(asking(STAGE, "2027-05-10 10:00", "2027-05-10 13:00"), held=held)
        assert kinds(asking(STAGE, "2027-05-10 10:00", "2027-05-10 13:30"), held=held) == [kind]


class TestWholesAndParts:
    HALLS = [a_room("HAD-PSA"), a_room("HAD-PSB")]
    WHOLE = a_whole("HAD-PS", HALLS)

    def test_the_whole_blocks_every_part(self):
        held = holding(asking(self.WHOLE, "2027-07-29", "2027-08-02"))
        for hall in self.HALLS:
            assert kinds(asking(hall, "2027-08-01", "2027-08-02"), held=held) == ["time-taken"]

    def test_any_part_blocks_the_whole_and_is_named(self):
        held = holding(asking(self.HALLS[0], "2027-07-30 10:00", "2027-07-30 12:00"))
        [taken] = obstacles([asking(self.WHOLE, "2027-07-29", "2027-08-02")], held)
        assert (taken.kind, taken.resource, taken.facts) == ("time-taken", "HAD-PS", {"part": "HAD-PSA"})

    def test_one_part_does_not_block_the_other(self):
        held = holding(asking(self.HALLS[0], "2027-07-29", "2027-08-02"))
        assert not kinds(asking(self.HALLS[1], "2027-07-29", "2027-08-02"), held=held)

    def test_a_whole_takes_all_of_a_part_that_is_counted(self):
        chairs = some_stock(60, "CHAIRS")
        house = a_whole("HOUSE", [*self.HALLS, chairs])
        held = holding(asking(house, "2027-07-29", "2027-08-02"))
        [short] = obstacles([asking(chairs, "2027-08-01", "2027-08-02")], held)
        assert (short.kind, short.short) == ("capacity", 1)


class TestClaimsOfOneBooking:
    def test_they_stand_in_each_others_way(self):
        twice = asking(STUDIO, "2027-05-10", "2027-05-12"), asking(STUDIO, "2027-05-11", "2027-05-13")
        assert kinds(*twice, held=[]) == ["time-taken"]

    def test_they_may_follow_each_other(self):
        assert not kinds(
            asking(STUDIO, "2027-05-10", "2027-05-12"), asking(STUDIO, "2027-05-12", "2027-05-13"), held=[]
        )

    def test_a_whole_and_its_part_cannot_both_be_asked(self):
        hall = a_room("HAD-PSA")
        whole = a_whole("HAD-PS", [hall, a_room("HAD-PSB")])
        assert kinds(asking(whole, "2027-05-10", "2027-05-12"), asking(hall, "2027-05-11", "2027-05-12"), held=[])

    def test_their_quantities_add_up(self):
        lamps = some_stock(24)
        assert not kinds(
            asking(lamps, "2027-05-10", "2027-05-12", quantity=12),
            asking(lamps, "2027-05-11", "2027-05-13", quantity=12),
            held=[],
        )
        assert kinds(
            asking(lamps, "2027-05-10", "2027-05-12", quantity=12),
            asking(lamps, "2027-05-11", "2027-05-13", quantity=13),
            held=[],
        ) == ["capacity"]


def test_the_code_of_a_refusal_is_that_of_its_worst_conflict():
    held = [
        *holding(asking(STUDIO, "2027-05-10", "2027-05-12"), source="closure"),
        *holding(asking(STUDIO, "2027-05-11", "2027-05-13")),
    ]
    found = obstacles([asking(STUDIO, "2027-05-10", "2027-05-13")], held)
    assert {each.kind for each in found} == {"closed", "time-taken"}
    assert CannotBeHad(list(reversed(found))).first_code == "time-taken"


def test_what_is_held_is_not_changed_by_asking():
    held = holding(asking(STUDIO, "2027-05-10", "2027-05-12"))
    before = list(held)
    obstacles([asking(STUDIO, "2027-05-11", "2027-05-13")] * 2, held)
    assert held == before
    assert held[0].occupied.length == timedelta(days=2)
