"""B5: the whole house and its rooms, the divisible hall and its halves."""

from collections.abc import Callable

import pytest

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask_for_the_house, timeline

As = Callable[[str | None], Api]
SUMMER = ("2027-07-29", "2027-08-02")
ROOMS = ("DGP-GZ", "DGP-KZ", "DGP-KL", "DGP-RS")


def test_the_whole_house_blocks_every_room(api: As):
    bram = api("bram")
    assert ask_for_the_house(bram, a_claim("DGP-HOUSE", *SUMMER)).status == 201
    for room in ROOMS:
        refused = ask_for_the_house(bram, a_claim(room, "2027-08-01T18:00:00+02:00", "2027-08-01T20:00:00+02:00"))
        assert (refused.status, refused.code) == (409, "time-taken"), room
        assert refused.json["conflicts"][0]["days"] == ["2027-08-01"]
        assert ask_for_the_house(bram, a_claim(room, SUMMER[1], "2027-08-03")).status == 201, "the day after"


@pytest.mark.parametrize("room", ROOMS)
def test_any_room_blocks_the_whole_house_and_is_named(api: As, room: str):
    bram = api("bram")
    hour = a_claim(room, "2027-07-30T18:00:00+02:00", "2027-07-30T20:00:00+02:00")
    booked = ask_for_the_house(bram, hour).json["id"]
    refused = ask_for_the_house(bram, a_claim("DGP-HOUSE", *SUMMER))
    assert (refused.status, refused.code) == (409, "time-taken")
    [conflict] = refused.json["conflicts"]
    assert (conflict["resource"], conflict["part"], conflict["days"]) == ("DGP-HOUSE", room, ["2027-07-30"])
    assert answer(bram, booked, "cancel", reason="toch niet").status == 200
    assert ask_for_the_house(bram, a_claim("DGP-HOUSE", *SUMMER)).status == 201


def test_half_a_hall_blocks_the_hall_but_not_the_other_half(api: As):
    maud = api("maud")
    assert ask_for_the_house(maud, a_claim("HAD-PSA", *SUMMER)).status == 201
    assert ask_for_the_house(maud, a_claim("HAD-PS", *SUMMER)).code == "time-taken"
    assert ask_for_the_house(maud, a_claim("HAD-PSB", *SUMMER)).status == 201


def test_a_hall_and_its_half_cannot_be_asked_together(api: As):
    refused = ask_for_the_house(api("maud"), a_claim("HAD-PS", *SUMMER), a_claim("HAD-PSB", *SUMMER))
    assert (refused.status, refused.code) == (409, "time-taken")
    both = ask_for_the_house(api("maud"), a_claim("HAD-PSA", *SUMMER), a_claim("HAD-PSB", *SUMMER))
    assert both.status == 201


def test_a_whole_shows_once_on_itself_and_on_every_room(api: As):
    bram = api("bram")
    ask_for_the_house(bram, a_claim("DGP-HOUSE", *SUMMER))
    for code in ("DGP-HOUSE", *ROOMS):
        assert len(timeline(bram, code, "2027-07-01", "2027-09-01")) == 1, code


def test_parts_of_a_whole_are_told_by_the_catalogue(api: As):
    house = api(None).get("/resources/DGP-HOUSE").json
    assert sorted(house["parts"]) == sorted(ROOMS)
    assert api(None).get("/resources/DGP-GZ").json["parts"] == []
