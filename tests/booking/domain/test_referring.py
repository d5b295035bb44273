"""What a partner house has instead: alike first, then of the kind; kit by its name alone."""

from datetime import date
from typing import Any

from booking.domain.claims import ClaimTerms
from booking.domain.referring import alike_at, candidates, partners
from booking.domain.ways_out import Like


def a_like(code: str, kind: str = "studio", name: str = "Studio", **sheet: Any) -> Like:
    return Like(code, kind, name, code[:3], code[:3], sheet, 50.0, 3.0)


MINE = a_like("BUD-S1", width_m=14, depth_m=11, sprung_floor=True)
SMALL = a_like("PHX-F1", width_m=10, depth_m=9, sprung_floor=True)
HARD = a_like("PHX-HARD", width_m=20, depth_m=20)
LARGE = a_like("PHX-Z9", width_m=14, depth_m=12, sprung_floor=True)
BEDS, LAMPS = a_like("BUD-RH", "accommodation", "Rooms"), a_like("BUD-PAR", "equipment", "PAR 64")
LIKES = {
    each.code: each for each in (MINE, SMALL, HARD, LARGE, BEDS, LAMPS, a_like("PHX-VAN", "equipment", "Van"))
}


def claiming(*codes: str) -> list[ClaimTerms]:
    return [ClaimTerms(code, date(2027, 3, 8), date(2027, 3, 13)) for code in codes]


def test_what_is_alike_comes_first_then_the_larger():
    assert [each.code for each in candidates(MINE, LIKES, "PHX")] == ["PHX-Z9", "PHX-HARD", "PHX-F1"]


def test_beds_that_are_not_there_are_left_out_and_a_room_is_not():
    found = alike_at(claiming("BUD-S1", "BUD-RH"), LIKES, "PHX")
    assert found is not None
    assert [claim.resource for claim, _ in found] == ["BUD-S1"]
    assert (
        alike_at(claiming("BUD-S1"), {"BUD-S1": MINE, "DGP-RH": a_like("DGP-RH", "accommodation")}, "DGP") is None
    )


def test_a_lamp_is_no_van():
    assert alike_at(claiming("BUD-PAR"), LIKES, "PHX") is None


def test_partners_say_whether_they_have_something_alike():
    assert partners(claiming("BUD-S1"), LIKES) == {"PHX": True}
    without = {code: like for code, like in LIKES.items() if code != "PHX-Z9"}
    assert partners(claiming("BUD-S1"), without) == {"PHX": False}
