"""Companies come in, people are let in and hand over, deputies stand in for a while."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from booking.storage.database import Database
from notifications.services import invitations as sending
from notifications.storage.letters import Letter
from tests.support.api import Api
from tests.support.asks import a_claim, ask
from tests.support.clocks import StoppedClock
from tests.support.letters import invitation, mails, parsed
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Work = Callable[[], dict[str, int]]
REVISION = re.compile(r'name="revision" value="(\d+)"')
COMPANY = {
    "name": "Compagnie du Canal",
    "legal_form": "asbl",
    "non_profit": True,
    "country": "BE",
    "region": "Wallonie",
    "town": "Charleroi",
    "language": "fr",
    "enterprise_number": "BE 0428.759.497",
    "size": "micro",
}


def test_a_company_comes_in_and_its_people_choose_a_password(app: Flask, api: As, worker: Work, tmp_path: Path):
    elise = api("elise")
    made = elise.post("/organisations", COMPANY)
    assert (made.status, made.json["enterprise_number"]) == (201, "0428759497"), made
    company = made.json["id"]
    invited = elise.post(f"/organisations/{company}/members", {"email": "Lea@canal.example", "name": "Léa"})
    assert invited.status == 201, invited
    worker()
    newcomer = Visitor(app, None)
    link = invitation(tmp_path, "lea@canal.example")
    assert newcomer.post(link, {"password": "a long password"}).status == 303
    pressed_again = Visitor(app, None).get(link, **{"Accept-Language": "fr"})
    assert pressed_again.status == 404
    assert "Cette invitation ne fonctionne plus." in pressed_again.text
    assert pressed_again.text.index('href="/sign-in">Se connecter') < pressed_again.text.index("première page")
    page = newcomer.get(f"/companies/{company}")
    assert (page.status, "Léa" in page.text) == (200, True)
    again = elise.post(f"/organisations/{company}/members", {"email": "lea@canal.example"})
    assert (again.status, again.json["invited"]) == (201, False)
    assert [each["name"] for each in elise.get("/organisations?q=canal").json["items"]] == ["Compagnie du Canal"]
    assert elise.get(f"/organisations/{company}/members").json["items"][0]["invited"] is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"enterprise_number": "0428759498"}, "enterprise_number"),
        ({"country": "FR", "enterprise_number": "552 008 444"}, "enterprise_number"),
        ({"vat": "BE 0428759498"}, "vat"),
        ({"country": "FR", "enterprise_number": None, "vat": "FR 84 404 833 048"}, "vat"),
        ({"name": "compagnie LISIÈRE"}, "name"),
        ({"size": "huge"}, "size"),
        ({"country": "Belgium"}, "country"),
        ({"name": " "}, "name"),
    ],
)
def test_a_company_that_cannot_be_right_is_refused(api: As, wrong: dict[str, str], field: str):
    refused = api("elise").post("/organisations", {**COMPANY, **wrong})
    assert (refused.status, list(refused.json["errors"])) == (422, [field])


def test_the_last_one_stays_or_hands_over(app: Flask, api: As):
    camille = api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    team = camille.get(f"/organisations/{company}/members").json["items"]
    mine = next(each["id"] for each in team if each["email"] == "camille@lisiere.example")
    for each in team:
        if each["id"] != mine:
            assert camille.delete(f"/organisations/{company}/members/{each['id']}").status == 204
    refused = camille.delete(f"/organisations/{company}/members/{mine}")
    assert (refused.status, refused.code) == (409, "last-one")
    new = camille.post(f"/organisations/{company}/members", {"email": "new@lisiere.example"}).json["id"]
    assert camille.delete(f"/organisations/{company}/members/{mine}?successor={mine}").status == 422
    assert camille.delete(f"/organisations/{company}/members/{mine}?successor={new}").status == 204
    assert camille.get(f"/organisations/{company}/members").status == 401, "her keys ended with her last team"
    page = Visitor(app, "camille")
    assert page.get(f"/companies/{company}").status == 404
    assert page.post(f"/companies/{company}/members", {"email": "me@lisiere.example"}).status == 404


def test_a_deputy_decides_on_those_days_and_no_longer(
    app: Flask, api: As, clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    bram, wout = api("bram"), api("wout")
    booking = ask(api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-13")).json["id"]
    asked = {
        "email": "wout@zwaluw.example",
        "start": "2026-11-30T06:00:00+01:00",
        "end": "2026-12-02T06:00:00+01:00",
    }
    named = bram.post("/venues/DGP/deputies", asked)
    assert (named.status, named.json["start"]) == (201, "2026-11-30T06:00:00+01:00"), named
    assert "ma 30 nov – di 1 dec 2026<" in Visitor(app, "bram").get("/desk/DGP/team").text, "days, not day lines"
    assert wout.post(f"/bookings/{booking}/confirm").status == 404
    clock.set("2026-11-30T06:00:00+01:00")
    assert worker()["deputies turned"] == 1
    assert worker()["deputies turned"] == 0
    assert wout.post(f"/bookings/{booking}/grant").status == 200
    clock.set("2026-12-02T06:00:00+01:00")
    assert worker()["deputies turned"] == 1
    assert wout.post(f"/bookings/{booking}/confirm").status == 404
    assert bram.get("/venues/DGP/deputies").json["items"] == []


def test_letters_go_to_the_deputy_on_those_days_and_no_longer(
    api: As, clock: StoppedClock, worker: Work, tmp_path: Path
):
    asked = {
        "email": "wout@zwaluw.example",
        "start": "2026-11-30T06:00:00+01:00",
        "end": "2026-12-02T06:00:00+01:00",
    }
    assert api("bram").post("/venues/DGP/deputies", asked).status == 201

    def told(moment: str, start: str, end: str) -> bool:
        """Whether Wout gets a letter about what Camille asks then."""
        clock.set(moment)
        worker()
        before = sum(mail.to == asked["email"] for mail in mails(tmp_path))
        assert ask(api("camille"), a_claim("DGP-KZ", start, end)).status == 201
        worker()
        return sum(mail.to == asked["email"] for mail in mails(tmp_path)) > before

    assert not told("2026-11-29T10:00:00+01:00", "2027-03-01", "2027-03-06")
    assert told("2026-11-30T10:00:00+01:00", "2027-03-08", "2027-03-13")
    assert not told("2026-12-02T10:00:00+01:00", "2027-03-15", "2027-03-20")


def test_a_deputy_who_is_called_off_or_stays_for_good(api: As, worker: Callable[[], dict[str, int]]):
    bram, wout = api("bram"), api("wout")
    asked = {
        "email": "wout@zwaluw.example",
        "start": "2026-11-23T08:00:00+01:00",
        "end": "2026-12-02T06:00:00+01:00",
    }
    deputy = bram.post("/venues/DGP/deputies", asked).json["id"]
    assert wout.get("/venues/DGP/team").status == 200  # at once
    assert bram.delete(f"/venues/DGP/deputies/{deputy}").status == 204
    assert wout.get("/venues/DGP/team").status == 404
    bram.post("/venues/DGP/deputies", asked)
    assert bram.post("/venues/DGP/team", {"email": asked["email"], "role": "manager"}).status == 201
    assert bram.get("/venues/DGP/deputies").json["items"] == []
    assert wout.get("/venues/DGP/team").status == 200
    assert bram.post("/venues/DGP/deputies", asked).status == 422  # decides anyway


def test_the_pages_of_teams_and_companies(app: Flask):
    elise, bram, camille = Visitor(app, "elise"), Visitor(app, "bram"), Visitor(app, "camille")
    overview = elise.get("/programme").text
    assert "De Grote Post" in overview
    for found in ("/programme", "/programme/companies", "/reports/unmet"):
        assert f'href="{found}"' in overview, "what a coordinator does stands where it is looked for"
    idle = elise.get("/programme?from=2031-01-01", headers={"Accept-Language": "fr"}).text
    nothing = (
        "Aucune réservation n’est confirmée.",
        "Aucune demande n’attend ce semestre.",
        "Aucune option ne court.",
    )
    for sentence in nothing:
        assert sentence in idle, "in French nought is a singular, so that one would be said"
    assert camille.get("/programme").status == 404
    form = {**{key: str(value) for key, value in COMPANY.items()}, "non_profit": "1", "enterprise_number": "1"}
    refused = elise.post("/programme/companies", form)
    assert refused.status == 422
    assert 'value="Compagnie du Canal"' in refused.text
    made = elise.post("/programme/companies", {**form, "enterprise_number": "0428.759.497"})
    assert made.status == 303
    company = made.headers["Location"].rpartition("/")[2]
    assert elise.post(f"/companies/{company}/members", {"email": "nobody"}).status == 422
    assert "lea@canal.example" in elise.post(f"/companies/{company}/members", {"email": "lea@canal.example"}).text
    seen = REVISION.findall(elise.get(f"/programme/companies/{company}").text)[0]
    corrected = {**form, "enterprise_number": "", "town": "Namur", "revision": seen}
    assert elise.post(f"/programme/companies/{company}", corrected).status == 303
    late = elise.post(f"/programme/companies/{company}", {**corrected, "town": "Liège"})
    assert late.status == 412, "from another tab, and nothing is overwritten"
    assert 'value="Liège"' in late.text, "what was typed stays"
    assert "Namur" in late.text
    assert elise.post(f"/programme/companies/{company}", {**corrected, "revision": "²"}).status == 412
    again = {**corrected, "revision": REVISION.findall(late.text)[0], "country": "Belgium", "town": "Liège"}
    assert elise.post(f"/programme/companies/{company}", again).status == 422
    assert "Namur" in elise.get(f"/companies/{company}").text
    deputy = {"deputy": "wout@zwaluw.example", "first": "2026-12-01", "last": "2026-11-30"}
    assert bram.post("/desk/DGP/deputies", deputy).status == 422
    over = bram.post("/desk/DGP/deputies", {**deputy, "first": "2026-10-01", "last": "2026-10-02"})
    assert (over.status, "Dit is voorbij." in over.text) == (422, True)
    assert bram.post("/desk/DGP/deputies", {**deputy, "last": "2026-12-02"}).status == 303
    assert "di 1 – wo 2 dec 2026<" in bram.get("/desk/DGP/team").text


def test_a_deputy_cannot_stay_let_others_in_or_take_anybody_out(app: Flask, api: As):
    bram, wout = api("bram"), api("wout")
    asked = {
        "email": "wout@zwaluw.example",
        "start": "2026-11-23T08:00:00+01:00",
        "end": "2026-12-02T06:00:00+01:00",
    }
    deputy = bram.post("/venues/DGP/deputies", asked).json["id"]
    team = wout.get("/venues/DGP/team").json["items"]
    manager = next(each["id"] for each in team if each["email"].startswith("bram@"))
    assert wout.post("/venues/DGP/deputies", {**asked, "end": "2029-12-02T06:00:00+01:00"}).status == 403
    assert wout.post("/venues/DGP/team", {"email": asked["email"], "role": "manager"}).status == 403
    assert wout.delete(f"/venues/DGP/team/{manager}").status == 403
    assert wout.delete(f"/venues/DGP/deputies/{deputy}").status == 403
    page = Visitor(app, "wout")
    assert "/leave" not in page.get("/desk/DGP/team").text
    assert page.post("/desk/DGP/team", {"email": "friend@zwaluw.example"}).status == 403


def test_no_invitation_to_one_team_opens_another_or_ends_it(app: Flask, api: As, worker: Work, tmp_path: Path):
    camille, bram = api("camille"), api("bram")
    company = camille.get("/me").json["organisations"][0]["id"]
    people = f"/organisations/{company}/members"
    known = {"email": "new@dgp.example", "role": "manager"}
    assert bram.post("/venues/DGP/team", known).status == 201
    worker()
    first = invitation(tmp_path, known["email"])
    second = camille.post(people, {"email": known["email"]})
    assert second.status == 201
    worker()
    joining = invitation(tmp_path, known["email"])
    assert joining != first
    assert known["email"] not in str(camille.get(people).json)  # nobody is in before they came

    stranger = Visitor(app, None)
    assert stranger.get(joining).status == 200
    assert 'name="password"' not in stranger.get(joining).text  # whoever made it cannot come in as its reader
    assert stranger.post(joining, {"password": "a long password"}).status == 404
    assert stranger.post(f"{joining}/join").status == 302
    assert stranger.get(first).status == 200  # and the first link lives
    assert stranger.post(first, {"password": "a long password"}).status == 303
    hats = api("bram").get("/venues/DGP/team").json["items"]
    assert [each["invited"] for each in hats if each["email"] == known["email"]] == [False]
    assert known["email"] not in str(camille.get(people).json)
    assert 'action="' + joining + '/join"' in stranger.get(joining).text  # signed in as themselves by now
    stranger.forget_token()  # coming in began another session
    assert stranger.post(f"{joining}/join").status == 303
    assert known["email"] in str(camille.get(people).json)
    assert Visitor(app, "wout").post(f"{joining}/join").status == 404


def test_whoever_was_taken_out_of_a_team_is_not_let_in_again_by_the_link_that_let_them_in(
    app: Flask, api: As, clock: StoppedClock, worker: Work, tmp_path: Path
):
    bram, joris, address = api("bram"), api("joris"), "new@dgp.example"
    bram.post("/venues/DGP/team", {"email": address, "role": "technician"})
    worker()
    first = invitation(tmp_path, address)
    made = joris.post("/venues/BUD/team", {"email": address, "role": "manager"})
    worker()
    joining = invitation(tmp_path, address)
    stranger = Visitor(app, None)
    assert stranger.post(first, {"password": "a long password"}).status == 303
    stranger.forget_token()
    assert stranger.post(f"{joining}/join").status == 303
    clock.advance(minutes=1)
    assert joris.delete(f"/venues/BUD/team/{made.json['id']}").status == 204
    assert stranger.get(joining).status == 404
    assert stranger.post(f"{joining}/join").status == 404
    assert address not in str(joris.get("/venues/BUD/team").json)


def test_an_invitation_to_join_grows_old_and_is_nobody_elses(
    app: Flask, api: As, clock: StoppedClock, worker: Work, tmp_path: Path
):
    company = api("camille").get("/me").json["organisations"][0]["id"]
    api("bram").post("/venues/DGP/team", {"email": "new@dgp.example", "role": "technician"})
    worker()
    api("camille").post(f"/organisations/{company}/members", {"email": "new@dgp.example"})
    worker()
    joining = invitation(tmp_path, "new@dgp.example")
    assert Visitor(app, None).get(f"{joining[:-2]}AA").status == 404
    clock.advance(days=15)
    assert Visitor(app, None).get(joining).status == 404


def test_the_whole_way_from_a_new_company_to_its_first_booking(app: Flask, api: As, worker: Work, tmp_path: Path):
    """The coordinator brings it in by a form, its first member lets a colleague in, who asks for a studio."""
    elise = Visitor(app, "elise")
    form = {**{key: str(value) for key, value in COMPANY.items()}, "non_profit": "1"}
    company = elise.post("/programme/companies", form).headers["Location"].rpartition("/")[2]

    def invited(by: Visitor, email: str) -> str:
        page = by.post(f"/companies/{company}/members", {"email": email, "language": "fr"})
        assert page.status == 200, page
        worker()
        return invitation(tmp_path, email)

    first, second = Visitor(app, None), Visitor(app, None)
    assert first.post(invited(elise, "lea@canal.example"), {"password": "a long password"}).status == 303
    first._token = second._token = None  # who signs in gets another
    link = invited(first, "noor@canal.example")
    assert second.post(link, {"password": "another password"}).status == 303
    second._token = None
    assert Visitor(app, None).get(link).status == 404
    asked = {
        "resource": "BUD-S2",
        "organisation": company,
        "title": "Premier pas",
        "purpose": "residency",
        "mode": "days",
        "first": "2027-03-08",
        "last": "2027-03-12",
        "people": "3",
    }
    made = second.post("/bookings", asked)
    assert made.status == 303, made.text
    booking = made.headers["Location"]
    assert "Premier pas" in first.get(booking).text
    assert Visitor(app, "camille").get(booking).status == 404
    seen = api("joris").get("/bookings?state=requested&resource=BUD-S2").json["items"]
    assert [each["organisation_name"] for each in seen if each["title"] == "Premier pas"] == ["Compagnie du Canal"]


def test_an_invitation_stands_in_the_letter_to_its_address_and_nowhere_else(
    app: Flask, api: As, database: Database, worker: Work, tmp_path: Path
):
    """Else whoever lets somebody in could come in as them, and no address would be proven."""
    desk, address = Visitor(app, "bram"), "lotte@degrotepost.example"
    made = api("bram").post("/venues/DGP/team", {"email": address, "name": "Lotte", "role": "manager"})
    shown = [
        made.body.decode(),
        desk.post("/desk/DGP/team", {"email": address, "role": "manager"}).text,
        desk.get("/desk/DGP/team").text,
    ]
    shown.append(str(api("bram").get("/venues/DGP/team").json))
    assert not [each for each in shown if "/invitation/" in each]
    with database.read() as connection:
        waiting = [repr(row) for row in connection.execute(select(*Letter.__table__.columns))]
    worker()
    token = invitation(tmp_path, address).rpartition("/")[2]
    assert token not in "".join(waiting), "it is made when the letter is written"
    assert {mail.to for mail in mails(tmp_path) if token in mail.text} == {address}
    assert Visitor(app, None).post(f"/invitation/{token}", {"password": "a long password"}).status == 303


@pytest.mark.parametrize(
    ("language", "subject", "deed"),
    [
        ("nl", "Je bent uitgenodigd op EMERGE Booking", "Kies een wachtwoord"),
        ("fr", "Vous êtes invité·e sur EMERGE Booking", "Choisir un mot de passe"),
        ("en", "You are invited to EMERGE Booking", "Choose a password"),
    ],
)
def test_the_letter_says_who_lets_them_in_in_the_language_that_was_chosen(
    api: As, worker: Work, tmp_path: Path, language: str, subject: str, deed: str
):
    asked = {"email": "lotte@degrotepost.example", "role": "technician", "language": language}
    assert api("bram").post("/venues/DGP/team", asked).status == 201
    worker()
    [letter] = [mail for mail in mails(tmp_path) if mail.to == asked["email"]]
    assert letter.subject == subject
    for part in (letter.text, letter.html):
        assert "Bram" in part
        assert "De Grote Post" in part
        assert deed in part
        assert "/me/preferences" not in part, "they cannot come in yet"


def test_it_is_sent_again_after_an_hour_and_never_to_whoever_was_taken_out_meanwhile(
    app: Flask, api: As, clock: StoppedClock, worker: Work, tmp_path: Path
):
    address = "lotte@degrotepost.example"

    def sent() -> int:
        worker()
        return sum(mail.to == address for mail in mails(tmp_path))

    desk = Visitor(app, "bram")
    for _ in range(3):
        assert desk.post("/desk/DGP/team", {"email": address, "role": "technician"}).status == 200
    assert sent() == 1, "nobody fills a mailbox"
    assert "Uitnodiging opnieuw versturen" in desk.get("/desk/DGP/team").text
    clock.advance(hours=1)
    desk.post("/desk/DGP/team", {"email": address, "role": "technician"})
    assert sent() == 2
    clock.advance(hours=1)
    made = api("bram").post("/venues/DGP/team", {"email": address, "role": "technician"})
    assert api("bram").delete(f"/venues/DGP/team/{made.json['id']}").status == 204
    assert sent() == 2


def test_it_says_when_no_other_letter_goes_and_one_that_was_dropped_keeps_nobody_waiting(
    app: Flask, api: As, worker: Work, tmp_path: Path
):
    bram, desk, asked = api("bram"), Visitor(app, "bram"), {"email": "lotte@dgp.example", "role": "technician"}
    made = bram.post("/venues/DGP/team", asked)
    assert made.json["last_letter_at"] is None
    assert bram.delete(f"/venues/DGP/team/{made.json['id']}").status == 204
    worker()
    assert not [mail for mail in mails(tmp_path) if mail.to == asked["email"]]
    assert "gaat een brief" in desk.post("/desk/DGP/team", asked).text
    worker()
    assert sum(mail.to == asked["email"] for mail in mails(tmp_path)) == 1
    again = desk.post("/desk/DGP/team", asked).text
    assert "gaat nu geen nieuwe brief" in again
    assert "gaat een brief" not in again
    assert bram.post("/venues/DGP/team", asked).json["last_letter_at"] is not None


def test_whoever_came_in_with_the_first_letter_gets_no_second(
    app: Flask, api: As, clock: StoppedClock, worker: Work, tmp_path: Path
):
    asked = {"email": "lotte@dgp.example", "role": "technician"}
    api("bram").post("/venues/DGP/team", asked)
    worker()
    clock.advance(hours=2)
    api("bram").post("/venues/DGP/team", asked)
    link = invitation(tmp_path, asked["email"])
    assert Visitor(app, None).post(link, {"password": "a long password"}).status == 303
    worker()
    assert sum(mail.to == asked["email"] for mail in mails(tmp_path)) == 1


def test_the_words_of_an_invitation_are_forgotten_once_it_went_and_only_its_reader_finds_its_file(
    app: Flask, api: As, database: Database, worker: Work, tmp_path: Path
):
    api("bram").post("/venues/DGP/team", {"email": "lotte@dgp.example", "role": "technician"})
    worker()
    token = invitation(tmp_path, "lotte@dgp.example").rpartition("/")[2]
    with database.read() as connection:
        kept = connection.execute(select(Letter.text, Letter.html).where(Letter.kind == "team.invited")).all()
    assert [tuple(row) for row in kept] == [(None, None)]
    [file] = [each for each in (tmp_path / "mail").glob("*.eml") if token in parsed(each.read_bytes()).text]
    elise = Visitor(app, "elise")
    assert file.stem not in elise.get("/letters/folder").text
    assert elise.get(f"/letters/folder/{file.stem}").status == 404


def test_a_team_that_takes_people_out_again_has_no_more_letters_sent(
    app: Flask, api: As, monkeypatch: pytest.MonkeyPatch, worker: Work
):
    monkeypatch.setattr(sending, "MOST_LETTERS", 2)
    bram = api("bram")
    for n in range(2):
        made = bram.post("/venues/DGP/team", {"email": f"p{n}@dgp.example", "role": "technician"})
        assert made.status == 201
        worker()
        assert bram.delete(f"/venues/DGP/team/{made.json['id']}").status == 204
    one_more = {"email": "p2@dgp.example", "role": "technician"}
    refused = bram.post("/venues/DGP/team", one_more)
    assert (refused.status, refused.code) == (422, "rule")
    page = Visitor(app, "bram").post("/desk/DGP/team", one_more)
    assert (page.status, 'value="p2@dgp.example"' in page.text) == (422, True)
    assert "2 uitnodigingen" in page.text
    assert "p2@dgp.example" not in str(bram.get("/venues/DGP/team").json)


def test_the_api_refuses_to_correct_what_changed_since(api: As):
    elise = api("elise")
    company = elise.post("/organisations", COMPANY).json["id"]
    read = elise.get(f"/organisations/{company}")
    path, seen = f"/organisations/{company}", {"If-Match": read.headers["ETag"]}
    done = elise.put(path, {**COMPANY, "town": "Namur"}, headers=seen)
    assert (done.status, done.json["town"]) == (200, "Namur")
    assert elise.put(path, {**COMPANY, "town": "Mons"}, headers=seen).status == 412
    assert elise.put(path, {**COMPANY, "town": "Mons"}, headers={"If-Match": done.headers["ETag"]}).status == 200
    assert elise.put(path, {**COMPANY, "town": "Liège"}).status == 200
