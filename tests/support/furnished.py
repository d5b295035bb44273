"""A world in which every page has something to show, and where people call their work strange things."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from booking.clock import Clock
from booking.settings import Settings
from booking.storage.database import Database
from booking.web.context import parts_of
from tests.support import serving
from tests.support.api import Answer, Api, in_process
from tests.support.asks import a_claim, ask, ask_for_the_house, organisation_of
from tests.support.builders import booking_maker
from tests.support.clocks import StoppedClock
from tests.support.letters import invitation
from tests.support.worlds import token_of
from wsgi import create_app

As = Callable[[str], Api]
HOSTILE = "<b>x</b>🎭שלום \u202eabc " + "W" * 175
"""Markup, a picture, two directions, no space; as long as a title may be."""
WEEKS = {"from": "2027-03-08", "to": "2027-03-20"}
TUESDAYS = {"rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601", "except": ["school-holidays"]}


def furnish_at(url: str, folder: Path) -> dict[str, str]:
    """The same for a database that is served afterwards (`serving.served`)."""
    settings = Settings(
        url, secret_key=serving.SECRET, base_url="http://localhost", instance=folder, log_level="WARNING"
    )
    app = create_app(settings, clock=StoppedClock())
    try:
        return furnish(app)
    finally:
        parts_of(app).database.dispose()


def furnish(app: Flask) -> dict[str, str]:
    """Ask, answer, close and call as people would; returns what addresses name: `{"booking": …, "call": …}`."""

    def api(name: str) -> Api:
        return Api(in_process(app.test_client()), token_of(name))

    parts = parts_of(app)
    _season(parts.database, parts.clock)
    facts = {**_asked(api), **_of_the_house(api), **_overall(api)}
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    letter = invitation(parts.settings.instance, "new@example.org")
    return {**facts, "invitation": letter.rpartition("/")[2]}


def _season(database: Database, clock: Clock) -> None:
    """Requests and options of every company, and a month of single nights."""
    a_booking = booking_maker(database, clock)
    for day in range(1, 20, 2):
        a_booking(resource="BUD-RH", start=f"2027-03-{day:02}", end=f"2027-03-{day + 2:02}", title=f"Nacht {day}")
    for company in ("Zwaluw", "Pas Perdus", "Sambre", "Marée"):
        a_booking(state="requested", company=company, title=f"Werk van {company}")
        a_booking(state="option", company=company, resource="BUD-TA", start="2027-03-08", end="2027-03-13")
    for state in ("declined", "withdrawn", "released", "cancelled"):
        a_booking(state=state, resource="BUD-S2", title=HOSTILE)


def _asked(api: As) -> dict[str, str]:
    camille = api("camille")
    company = organisation_of(camille)
    stays = [
        {"venue": "PHX", "title": HOSTILE, "claims": [a_claim("PHX-F2", "2027-03-01", "2027-03-06")]},
        {"venue": "BUD", "title": HOSTILE, "claims": [a_claim("BUD-S1", "2027-03-08", "2027-03-20")]},
        {"venue": "DGP", "title": HOSTILE, "claims": [a_claim("DGP-GZ", "2027-03-22", "2027-03-27")]},
    ]
    chain = {"organisation": company, "title": HOSTILE, "rule": "all-or-nothing", "bookings": stays}
    enquiry = {
        "organisation": company,
        "title": HOSTILE,
        "people": 5,
        "beds": 4,
        "periods": [WEEKS],
        "needs": [{"kind": "studio", "sprung_floor": True, "min_width_m": 10}],
        "venues": ["BUD", "DGP", "PHX"],
        "refer_consent": True,
    }
    waiting = {"resource": "BUD-TA", "start": "2027-03-08", "end": "2027-03-10"}
    _made(camille.post("/waiting-list", waiting))
    _made(camille.post("/feeds", {"scope": "me"}))
    kit = a_claim("PHX-PAR", "2026-11-23T14:00:00+01:00", "2026-11-24T12:00:00+01:00", 4)
    _made(ask(camille, kit, title=HOSTILE))
    return {
        "company": company,
        "camille": _id_in(camille, f"/organisations/{company}/members"),
        "booking": _made(ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-20"), title=HOSTILE)),
        "trajectory": _made(camille.post("/trajectories", chain)),
        "enquiry": _made(camille.post("/enquiries", enquiry)),
    }


def _of_the_house(api: As) -> dict[str, str]:
    joris = api("joris")
    closed = {"start": "2027-04-12", "end": "2027-04-19", "reason": HOSTILE}
    claim = a_claim("BUD-S2", "2027-04-06T10:00:00+02:00", "2027-04-06T12:00:00+02:00")
    seen = ask_for_the_house(joris, claim, title=HOSTILE, recurrence={**TUESDAYS, "preview": True})
    again = {**TUESDAYS, "preview_digest": seen.json["preview_digest"]}
    table = joris.get("/venues/BUD/inventory", headers={"Accept": "text/csv"}).body
    sent = joris.request("POST", "/venues/BUD/imports", body=table, headers={"Content-Type": "text/csv"})
    return {
        "joris": _id_in(joris, "/venues/BUD/team"),
        "closure": _made(joris.post("/resources/BUD-TA/closures", closed)),
        "series": str(ask_for_the_house(joris, claim, title=HOSTILE, recurrence=again).json["series"]),
        "import": _made(sent),
    }


def _overall(api: As) -> dict[str, str]:
    elise, camille = api("elise"), api("camille")
    call = {
        "title": HOSTILE,
        "period": {"from": "2027-03-01", "to": "2027-05-01"},
        "closes_at": "2026-12-15T12:00:00+01:00",
        "venues": ["BUD", "PHX"],
        "criteria": ["artistic", "cross-border"],
    }
    call_id = _made(elise.post("/calls", call))
    wish = {
        "organisation": organisation_of(camille),
        "title": HOSTILE,
        "need": {"kind": "studio"},
        "days": 12,
        "periods": [WEEKS],
    }
    applied = camille.post(f"/calls/{call_id}/applications", wish)
    member = {"email": "new@example.org", "name": "Noor", "role": "member"}
    assert camille.post(f"/organisations/{wish['organisation']}/members", member).status == 201
    return {
        "call": call_id,
        "application": str(applied.json["applications"][0]["id"]),
    }


def _id_in(member: Api, team: str) -> str:
    """The one who asks, among those of a team."""
    mine = member.get("/me").json["email"]
    return next(str(each["id"]) for each in member.get(team).json["items"] if each["email"] == mine)


def _made(answer: Answer) -> str:
    """The id of what somebody has just made."""
    document: Mapping[str, Any] = answer.json
    assert answer.status in (200, 201, 202), answer
    return str(document["id"])
