"""C3: 24 lamps of Le Phénix, 10 out from Monday, 8 from Tuesday, 8 more asked from Wednesday."""

from collections.abc import Callable

from tests.support.api import Api
from tests.support.asks import a_claim, ask, timeline

As = Callable[[str | None], Api]


def test_eight_are_short_by_two_on_wednesday_only(api: As):
    camille, wout, samira = api("camille"), api("wout"), api("samira")
    for who, quantity, start, end in ((camille, 10, 10, 13), (wout, 8, 11, 14)):
        made = ask(who, a_claim("PHX-PAR", f"2027-05-{start}", f"2027-05-{end}", quantity))
        assert (made.status, made.json["state"]) == (201, "confirmed")
    refused = ask(samira, a_claim("PHX-PAR", "2027-05-12", "2027-05-15", 8))
    assert (refused.status, refused.code) == (409, "capacity")
    [short] = refused.json["conflicts"]
    assert (short["short"], short["days"], short["short_by_day"]) == (2, ["2027-05-12"], {"2027-05-12": 2})
    assert (short["asked"], short["available"]) == (8, 6)
    assert ask(samira, a_claim("PHX-PAR", "2027-05-12", "2027-05-15", 6)).status == 201, "six throughout"
    assert ask(samira, a_claim("PHX-PAR", "2027-05-13", "2027-05-15", 8)).status == 201, "eight from Thursday"
    out = [item["quantity"] for item in timeline(samira, "PHX-PAR", "2027-05-10", "2027-05-17")]
    assert sorted(out) == [6, 8, 8, 10]


def test_two_claims_of_one_booking_are_counted_together(api: As):
    camille = api("camille")
    all_of_them = (
        a_claim("PHX-PAR", "2027-05-10", "2027-05-12", 12),
        a_claim("PHX-PAR", "2027-05-11", "2027-05-13", 13),
    )
    assert ask(camille, *all_of_them).code == "capacity"
    assert ask(camille, all_of_them[0], a_claim("PHX-PAR", "2027-05-11", "2027-05-13", 12)).status == 201


def test_a_quantity_that_grows_is_counted_again(api: As):
    camille, wout = api("camille"), api("wout")
    mine = ask(camille, a_claim("V04-MIC", "2027-05-10", "2027-05-12", 6)).json
    assert ask(wout, a_claim("V04-MIC", "2027-05-11", "2027-05-13", 9)).status == 201
    more = {"claims": [a_claim("V04-MIC", "2027-05-10", "2027-05-12", 8)]}
    lieselot = api("lieselot")
    refused = lieselot.patch(f"/bookings/{mine['id']}", more)
    assert (refused.status, refused.json["conflicts"][0]["short"]) == (409, 1)
    more["claims"][0]["quantity"] = 7
    assert lieselot.patch(f"/bookings/{mine['id']}", more).status == 200
