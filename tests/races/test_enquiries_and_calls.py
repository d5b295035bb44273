"""Two at once about one enquiry, or about one call: one outcome, and whoever comes second hears a clean no.

Each check has its control: the same attempts without what keeps them apart go wrong, on both databases.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from booking.storage.database import Database
from tests.races.conftest import Arena
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, organisation_of
from tests.support.crowds import at_once
from tests.support.rows import deadlocks
from tests.support.serving import Served, served
from tests.support.unguarded import WITHOUT_SETTLING, WITHOUT_TURNS

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

ROUNDS = 4
LIVE = ("option", "pending", "confirmed")
CALL = {
    "title": "EMERGE 2027",
    "period": {"from": "2027-03-01", "to": "2027-05-01"},
    "closes_at": "2026-12-15T12:00:00+01:00",
    "venues": ["BUD", "DGP"],
}


def enquire(member: Api, month: int) -> str:
    body = {
        "organisation": organisation_of(member),
        "title": "Marées",
        "people": 3,
        "beds": 0,
        "periods": [{"from": f"2027-{month:02}-01", "to": f"2027-{month:02}-28"}],
        "needs": [{"kind": "studio"}],
        "venues": ["BUD", "DGP"],
        "refer_consent": False,
    }
    sent = member.post("/enquiries", body)
    assert sent.status == 201, sent
    return str(sent.json["id"])


def offer(house: Api, enquiry: str, code: str, days: tuple[str, str]) -> Answer:
    claims = [a_claim(code, *days)]
    return house.post(f"/enquiries/{enquiry}/answers", {"claims": claims})


def two_yeses(running: Served, month: int) -> list[str]:
    """The company commits to both offers of one enquiry in the same second: what is wrong afterwards."""
    camille, joris, bram = (running.api(name) for name in ("camille", "joris", "bram"))
    enquiry = enquire(camille, month)
    offers = [
        offer(house, enquiry, code, (f"2027-{month:02}-08", f"2027-{month:02}-12")).json["answers"][0]["booking"][
            "id"
        ]
        for house, code in ((joris, "BUD-S1"), (bram, "DGP-RS"))
    ]
    said = at_once(*(partial(answer, camille, each, "commit") for each in offers))
    states = sorted(camille.get(f"/bookings/{each}").json["state"] for each in offers)
    codes = sorted((each.status, each.code or "") for each in said)
    found = [] if states == ["pending", "released"] else [f"states {states}"]
    return found + ([] if codes == [(200, ""), (409, "wrong-state")] else [f"answers {codes}"])


def a_withdrawal_and_an_offer(running: Served, month: int) -> list[str]:
    """The company takes its enquiry back while a house offers: nothing live is left of it.

    On other days than those that a yes takes above, which are taken for good in the world that all races share.
    """
    camille, joris = running.api("camille"), running.api("joris")
    enquiry = enquire(camille, month)
    said = at_once(
        lambda: camille.post(f"/enquiries/{enquiry}/withdraw", {}),
        lambda: offer(joris, enquiry, "BUD-S1", (f"2027-{month:02}-20", f"2027-{month:02}-24")),
    )
    period = f"from=2027-{month:02}-01&to=2027-{month:02}-28"
    bookings = camille.get(f"/bookings?resource=BUD-S1&{period}").json["items"]
    live = [each for each in bookings if each["enquiry"] == enquiry and each["state"] in LIVE]
    state = camille.get(f"/enquiries/{enquiry}").json["state"]
    found = [f"withdrawn with {len(live)} live"] if live else []
    found += [] if state == "withdrawn" else [f"the enquiry is {state}"]
    clean = said[0].status == 200 and (said[1].status == 201 or said[1].code == "wrong-state")
    return found + ([] if clean else [f"answers {[(each.status, each.code) for each in said]}"])


def two_grants(running: Served, month: int) -> list[str]:
    """The coordinator presses twice, in two tabs: every company has its option once."""
    elise, camille, wout = (running.api(name) for name in ("elise", "camille", "wout"))
    call = elise.post("/calls", {**CALL, "title": f"Call {month}"}).json["id"]
    for number, member in enumerate((camille, wout)):
        in_month = f"2027-{3 + month % 2:02}"
        periods = [{"from": f"{in_month}-{1 + 12 * number:02}", "to": f"{in_month}-{13 + 12 * number:02}"}]
        body = {"organisation": organisation_of(member), "title": f"Work {month}", "need": {"kind": "studio"}}
        applied = member.post(f"/calls/{call}/applications", {**body, "days": 4, "periods": periods})
        assert applied.status == 201, applied
    assert elise.post(f"/calls/{call}/proposal", {}).status == 200
    said = at_once(*[lambda: elise.post(f"/calls/{call}/grant", {})] * 2)
    made = []
    for member in (camille, wout):
        bookings = member.get("/bookings?limit=200").json["items"]
        mine = [each["id"] for each in bookings if each["title"] == f"Work {month}"]
        made.append(len(mine))
        for each in mine:  # the next round begins with an empty house
            member.post(f"/bookings/{each}/release", {})
    codes = sorted((each.status, each.code or "") for each in said)
    found = [] if made == [1, 1] else [f"options {made}"]
    return found + ([] if codes == [(200, ""), (409, "wrong-state")] else [f"answers {codes}"])


Race = Callable[[Served, int], list[str]]
RACES = [two_yeses, a_withdrawal_and_an_offer, two_grants]


@pytest.mark.parametrize("race", RACES)
def test_there_is_one_outcome(arena: Arena, race: Race):
    for month in range(3, 3 + ROUNDS):
        assert race(arena.served, month) == []
    assert deadlocks(arena.database) == 0


@pytest.mark.parametrize(
    ("race", "factory"),
    [(two_yeses, WITHOUT_SETTLING), (a_withdrawal_and_an_offer, WITHOUT_TURNS), (two_grants, WITHOUT_TURNS)],
)
def test_without_what_keeps_them_apart_the_same_check_finds_it(
    database: Database, database_url: str, tmp_path: Path, race: Race, factory: str
):
    found: list[Any] = []
    with served(database_url, tmp_path, factory=factory) as running:
        for month in range(3, 3 + ROUNDS):
            found += race(running, month)
    assert found, "the control never went wrong"
    wrong = [each for each in found if not each.startswith("answers")]
    assert wrong, found
