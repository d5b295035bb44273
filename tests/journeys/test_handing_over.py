"""Somebody leaves: what was theirs alone goes to a colleague in one deed, or ends, and it is written down."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection

from booking.services import teams
from booking.web.context import parts_of
from notifications.jobs import Round
from notifications.storage.letters import LetterRow
from tests.support.api import Api
from tests.support.asks import a_claim, ask
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.letters import invitation, mails
from tests.support.statements import Statements
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Worker = Callable[[], dict[str, int]]
SEEN = re.compile(r'name="seen" value="([^"]+)"')
CSV = {"Content-Type": "text/csv"}
ABSENT = {"start": "2026-12-01T06:00:00+01:00", "end": "2026-12-05T06:00:00+01:00"}


def ids(of: Api, team: str) -> dict[str, str]:
    return {each["email"]: each["id"] for each in of.get(team).json["items"]}


def kinds(preview: Api, path: str) -> dict[str, int]:
    return {each["kind"]: each["count"] for each in preview.get(path).json["items"]}


def test_a_planner_hands_over_what_was_hers_alone(
    app: Flask,
    api: As,
    worker: Worker,
    clock: StoppedClock,
    tmp_path: Path,
    statements: Callable[[], AbstractContextManager[Statements]],
):
    joris, camille = api("joris"), api("camille")
    worker()
    assert joris.put("/me/preferences", {"channels": {"mail": {"booking.requested": "daily"}}}).status == 200
    assert joris.post("/feeds", {"scope": "crew", "code": "BUD", "language": "nl"}).status == 201
    feed = joris.post("/feeds", {"scope": "venue", "code": "BUD", "detail": "titles", "language": "nl"}).json[
        "url"
    ]
    joris.post("/feeds", {"scope": "venue", "code": "BUD", "detail": "busy", "language": "nl"})
    joris.request("POST", "/venues/BUD/imports", body=b"code\nBUD-S1\n", headers=CSV)
    joris.post("/venues/BUD/deputies", {"email": "wout@zwaluw.example", **ABSENT})
    desk = Visitor(app, "joris")
    desk.post("/desk/BUD/plan/sets", {"name": "Studio's", "room": ["BUD-S1"]})
    asked = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-13"), title="Marées hautes")
    assert asked.status == 201
    worker()
    new = joris.post("/venues/BUD/team", {"email": "griet@buda.example", "name": "Griet", "role": "technician"})
    mine, hers = ids(joris, "/venues/BUD/team")[joris.get("/me").json["email"]], new.json["id"]
    refused = joris.delete(f"/venues/BUD/team/{mine}?successor={hers}")
    assert (refused.status, list(refused.json["errors"])) == (422, ["successor"]), "she would never get in"
    griet = Visitor(app, None)
    worker()
    assert griet.post(invitation(tmp_path, "griet@buda.example"), {"password": "a long password"}).status == 303
    seen = kinds(joris, f"/venues/BUD/team/{mine}/hand-over")
    assert seen["feeds"] == 2, "what anybody may follow is left to him"
    assert seen.keys() >= {"absences", "letters", "messages", "feeds", "keys"}, seen

    address = f"/desk/BUD/team/{mine}/leave"
    with statements() as asked_for:
        page = desk.get(address)
    assert len(asked_for) <= 12, asked_for.listing
    assert "2 kalenderadressen" in page.text
    assert ">Niemand<" not in page.text, "somebody has to answer"
    assert desk.post(address, {"successor": ""}).status == 409
    outsider = camille.get("/me").json["organisations"][0]["id"]
    wrong = desk.post(address, {"successor": outsider})
    assert (wrong.status, "die hier al is" in wrong.text) == (422, True)
    assert desk.post(address, {"successor": hers, "seen": "another"}).status == 412
    left = desk.post(address, {"successor": hers, "seen": SEEN.findall(page.text)[0]})
    assert left.headers["Location"] == "/"

    assert joris.get("/me").status == 401, "his keys open nothing"
    assert desk.get("/desk/BUD/team").status == 404
    assert app.test_client().get(feed.partition("http://localhost")[2]).status_code == 404
    team = griet.get("/desk/BUD/team").text
    assert "handed over to Griet" in team
    assert "for Griet" in team, "wout stands in for her now"
    assert "Marées hautes" in griet.get("/notifications").text
    assert griet.get("/desk/BUD/setup/import").text.count("Griet") >= 1
    clock.set("2026-11-24T09:00:00+01:00")
    worker()
    told = [mail for mail in mails(tmp_path) if mail.to == "griet@buda.example"]
    assert any("handed over to you" in mail.text for mail in told)
    assert any("Marées hautes" in mail.text for mail in told), "what was on its way follows"
    assert not [mail for mail in mails(tmp_path) if mail.to.startswith("joris@") and "Marées" in mail.text]


def test_a_letter_that_is_about_to_be_written_goes_to_the_successor_too(
    app: Flask, api: As, worker: Worker, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    joris, bram = api("joris"), api("bram")
    worker()
    successor = UUID(joris.post("/venues/BUD/team", {"email": bram.get("/me").json["email"]}).json["id"])
    mine = UUID(ids(joris, "/venues/BUD/team")[joris.get("/me").json["email"]])
    ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-13"), title="Marées hautes")
    parts, run = parts_of(app), Round.run

    def leave(connection: Connection) -> None:
        team = teams.house(connection, person(parts.database, "admin"), "BUD")
        teams.leave(connection, team, mine, by=mine, known=parts.belongings, at=clock(), successor=successor)

    def leaving(self: Round, claimed: Sequence[LetterRow], until: datetime) -> tuple[int, bool]:
        monkeypatch.undo()
        parts.database.write(leave)
        return run(self, claimed, until)

    monkeypatch.setattr(Round, "run", leaving)
    worker()
    clock.set("2026-11-23T12:00:00+01:00")
    worker()
    to = [mail.to.partition("@")[0] for mail in mails(tmp_path) if "Marées" in mail.text]
    assert (to.count("bram"), to.count("joris")) == (1, 0), to


def test_a_member_of_two_teams_hands_over_one_side_and_keeps_the_keys(api: As, worker: Worker):
    joris, camille = api("joris"), api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    people = f"/organisations/{company}/members"
    his = joris.get("/me").json["email"]
    assert camille.post(people, {"email": his}).status == 201
    booking = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-13")).json["id"]
    assert joris.post(f"/bookings/{booking}/grant").status == 200
    worker()
    unread = len(joris.get("/notifications?unread=true").json["items"])
    mine = ids(camille, people)
    assert "keys" not in kinds(camille, f"{people}/{mine[his]}/hand-over")
    hers = mine["camille@lisiere.example"]
    assert camille.delete(f"{people}/{mine[his]}?successor={hers}").status == 204
    assert joris.get("/me").json["venues"] == ["BUD"]
    assert len(joris.get("/notifications?unread=true").json["items"]) == unread, "as the house he read it"
    assert [(each["name"], each["successor"]) for each in camille.get(f"{people}/left").json["items"]] == [
        ("Joris", "Camille")
    ]


def test_a_lent_hat_is_nobodys_to_keep_and_no_house_is_left_to_a_deputy(
    api: As, clock: StoppedClock, worker: Worker
):
    bram, wout = api("bram"), api("wout")
    team = "/venues/DGP/team"
    bram.post(
        "/venues/DGP/deputies", {"email": "wout@zwaluw.example", **ABSENT, "start": "2026-11-23T08:00:00+01:00"}
    )
    people = ids(bram, team)
    managers = [each for each in bram.get(team).json["items"] if each["role"] == "manager"]
    mine = next(each["id"] for each in managers if each["email"].startswith("bram@"))
    for each in managers:
        if each["id"] not in (mine, people["wout@zwaluw.example"]):
            assert bram.delete(f"{team}/{each['id']}").status == 204
    assert bram.delete(f"{team}/{mine}").code == "last-one", "a deputy is there for a while only"
    assert bram.delete(f"{team}/{mine}?successor={people['wout@zwaluw.example']}").status == 204
    clock.set("2026-12-05T06:00:00+01:00")
    worker()
    assert wout.get(team).status == 200, "who took over stays"


def test_who_left_is_not_let_in_again_by_an_arrangement_to_come(api: As, clock: StoppedClock, worker: Worker):
    bram, joris = api("bram"), api("joris")
    technician = bram.post("/venues/DGP/team", {"email": joris.get("/me").json["email"]}).json["id"]
    bram.post("/venues/DGP/deputies", {"email": joris.get("/me").json["email"], **ABSENT})
    assert kinds(bram, f"/venues/DGP/team/{technician}/hand-over") == {"stand-ins": 1}
    assert bram.delete(f"/venues/DGP/team/{technician}").status == 204
    clock.set("2026-12-01T06:00:00+01:00")
    worker()
    assert joris.get("/venues/DGP/team").status == 404


def test_a_house_reads_whom_to_call_when_who_asked_has_left_the_company(
    app: Flask, api: As, worker: Worker, tmp_path: Path
):
    camille, joris = api("camille"), api("joris")
    company = camille.get("/me").json["organisations"][0]["id"]
    people = f"/organisations/{company}/members"
    booking = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-13"), title="Marées").json["id"]
    mine = ids(camille, people)["camille@lisiere.example"]
    assert joris.get(f"/bookings/{booking}/contact").json == {
        "name": "Camille",
        "email": "camille@lisiere.example",
        "left_at": None,
    }
    for email, each in ids(camille, people).items():
        if email != "camille@lisiere.example":
            camille.delete(f"{people}/{each}")
    for email, name in (("anna@lisiere.example", "Anna"), ("zoe@lisiere.example", "Zoé")):
        camille.post(people, {"email": email, "name": name})
    worker()
    zoe = Visitor(app, None)
    assert zoe.post(invitation(tmp_path, "zoe@lisiere.example"), {"password": "a long password"}).status == 303
    shown = Visitor(app, "camille").get(f"/companies/{company}/members/{mine}/leave")
    assert "Une réservation à venir, pour laquelle les maisons l’appellent" in shown.text
    hers = ids(camille, people)["zoe@lisiere.example"]
    assert camille.delete(f"{people}/{mine}?successor={hers}").status == 204

    called = joris.get(f"/bookings/{booking}/contact").json
    assert called["email"] == "zoe@lisiere.example", "and not Anna, who comes first by name"
    assert called["left_at"] == "2026-11-23T09:00:00+01:00"
    page = Visitor(app, "joris").get(f"/bookings/{booking}").text
    assert 'href="mailto:zoe@lisiere.example"' in page
    assert "Camille verliet het gezelschap op ma 23 nov 2026 09:00." in page
    assert zoe.get(f"/bookings/{booking}").status == 200
    assert api("bram").get(f"/bookings/{booking}/contact").status == 404


def test_letters_to_the_house_name_whom_to_call(api: As, worker: Worker, tmp_path: Path):
    asked = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-13"), title="Marées")
    assert asked.status == 201
    worker()
    [letter] = [mail for mail in mails(tmp_path) if mail.to == "joris@buda.example"]
    assert "Camille, camille@lisiere.example" in letter.text
    theirs = [mail for mail in mails(tmp_path) if mail.to == "camille@lisiere.example"]
    assert theirs
    assert not [mail for mail in theirs if "Contact" in mail.text]
