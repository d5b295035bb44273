"""Everybody chooses what they hear of, how often, and when not; what nobody may miss comes anyway."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.clocks import StoppedClock
from tests.support.letters import mails
from tests.support.pages import form_token, sign_in

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]
CLAIM = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-20"}


def ask(api: Api, title: str = "Marées") -> str:
    organisation = api.get("/me").json["organisations"][0]["id"]
    body = {"title": title, "purpose": "residency", "claims": [CLAIM], "organisation": organisation}
    answer = api.post("/bookings", body)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def test_what_was_chosen_is_told_and_may_be_sent_back(api: ApiOf) -> None:
    joris = api("joris")
    usual = joris.get("/me/preferences").json
    assert usual["channels"]["mail"]["booking.requested"] == "immediate"
    assert usual["channels"]["mail"]["booking.moved-up"] == "weekly"
    assert "booking.expiring" not in usual["channels"]["mail"]  # companies hear of that
    assert "round.overdue-answers" in api("elise").get("/me/preferences").json["channels"]["mail"]
    assert usual["quiet_hours"] is None

    usual["channels"]["mail"]["booking.requested"] = "daily"
    usual["channels"]["inbox"]["booking.requested"] = "never"
    usual["quiet_hours"] = {"from": "22:00", "to": "07:00"}
    answer = joris.put("/me/preferences", usual)
    assert answer.status == 200, answer
    assert answer.json == usual == joris.get("/me/preferences").json
    assert joris.put("/me/preferences", {}).json["channels"]["mail"]["booking.requested"] == "immediate"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"channels": {"mail": {"booking.confirmed": "never"}}}, {"channels.mail.booking.confirmed"}),
        ({"channels": {"mail": {"booking.confirmed": "weekly"}}}, {"channels.mail.booking.confirmed"}),
        ({"channels": {"mail": {"nonsense": "daily"}}}, {"channels.mail.nonsense"}),
        ({"channels": {"pigeon": {"booking.moved-up": "daily"}}}, {"channels.pigeon.booking.moved-up"}),
        ({"channels": {"mail": {"booking.moved-up": "hourly"}}}, {"channels.mail.booking.moved-up"}),
        ({"channels": {"inbox": {"booking.moved-up": "daily"}}}, {"channels.inbox.booking.moved-up"}),
        ({"channels": {"mail": "daily"}}, {"channels.mail.value"}),
        ({"quiet_hours": {"from": "25:00", "to": "07:00"}}, {"quiet_hours.from"}),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, {"quiet_hours.to"}),
        ({"quiet_hours": {"from": "22:00"}}, {"quiet_hours.to"}),
        ({"loud_hours": None}, {"loud_hours"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(api: ApiOf, body: object, errors: set[str]) -> None:
    answer = api("camille").put("/me/preferences", body)
    assert answer.status == 422, answer
    assert set(answer.json["errors"]) == errors


def test_a_daily_digest_gathers_what_happened(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    joris = api("joris")
    joris.put("/me/preferences", {"channels": {"mail": {"booking.requested": "daily"}}})
    api("camille").put("/me/preferences", {"channels": {"mail": {"booking.requested": "never"}}})
    for title in ("Marées", "Ressac"):
        ask(api("camille"), title)
    worker()
    assert mails(tmp_path) == []

    clock.set("2026-11-24T07:59:00+01:00")
    assert worker()["digests gathered"] == 0
    clock.set("2026-11-24T08:00:00+01:00")
    assert worker()["digests gathered"] == 1
    [digest] = mails(tmp_path)
    assert digest.subject == "Wat er met je boekingen gebeurde"
    assert digest.text.index("“Marées”") < digest.text.index("“Ressac”")
    assert worker()["letters sent"] == 0


def test_in_quiet_hours_only_what_cannot_wait_comes(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    quiet = {"quiet_hours": {"from": "20:00", "to": "07:00"}}
    assert api("joris").put("/me/preferences", quiet).status == 200
    assert api("camille").put("/me/preferences", quiet).status == 200
    clock.set("2026-11-23T23:00:00+01:00")
    booking = ask(api("camille"))
    assert worker()["letters sent"] == 0
    clock.set("2026-11-24T06:59:00+01:00")
    assert worker()["letters sent"] == 0
    clock.set("2026-11-24T07:00:00+01:00")
    assert worker()["letters sent"] == 2

    clock.set("2026-11-24T23:00:00+01:00")
    api("joris").post(f"/bookings/{booking}/confirm")
    assert worker()["letters sent"] == 1
    assert mails(tmp_path)[-1].to == "camille@lisiere.example"


def test_one_click_ends_letters_and_looking_at_the_link_does_not(
    api: ApiOf, worker: Worker, tmp_path: Path, client: FlaskClient
) -> None:
    ask(api("camille"))
    worker()
    [letter] = [mail for mail in mails(tmp_path) if mail.to == "joris@buda.example"]
    path = letter.link("/letters/unsubscribe/")
    assert letter.message["List-Unsubscribe"].strip() == f"<http://localhost{path}>"

    assert client.get(path).status_code == 200
    assert api("joris").get("/me/preferences").json["channels"]["mail"]["booking.requested"] == "immediate"
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path).status_code == 200
    assert api("joris").get("/me/preferences").json["channels"]["mail"]["booking.requested"] == "never"
    assert client.post(f"{path}x").status_code == 404

    ask(api("camille"), "Ressac")
    worker()
    assert len([mail for mail in mails(tmp_path) if mail.to == "joris@buda.example"]) == 1
    assert len(api("joris").get("/notifications").json["items"]) == 2


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("joris@buda.example", "Waarover ik bericht krijg"),
        ("camille@lisiere.example", "Heures calmes"),
    ],
)
def test_the_page_keeps_what_is_chosen(client: FlaskClient, email: str, words: str) -> None:
    sign_in(client, email)
    assert words in client.get("/me/preferences").text
    form = {
        "csrf_token": form_token(client, "/me/preferences"),
        "mail:booking.moved-up": "never",
        "inbox:booking.moved-up": "never",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
    }
    assert client.post("/me/preferences", data=form).status_code == 303
    assert 'value="22:00"' in client.get("/me/preferences").text
    wrong = client.post("/me/preferences", data={**form, "quiet_to": ""})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text


def test_whoever_left_a_team_reads_no_more_of_it_in_letters_that_waited(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    wout, camille = api("wout"), api("camille")
    company = wout.get("/me").json["organisations"][0]["id"]
    for member in (wout, camille):
        chosen = {"message.posted": "daily", "booking.requested": "never"}
        member.put("/me/preferences", {"channels": {"mail": chosen}})
    for member in (wout, camille):
        booking = ask(member, title=f"Title of {member.get('/me').json['name']}")
        assert api("joris").post(f"/bookings/{booking}/messages", {"text": "When do you arrive?"}).status == 201
        clock.advance(minutes=1)
    worker()
    new = wout.post(f"/organisations/{company}/members", {"email": "next@zwaluw.example"}).json["id"]
    leaving = wout.get("/me").json["email"]
    person = next(
        each["id"]
        for each in wout.get(f"/organisations/{company}/members").json["items"]
        if each["email"] == leaving
    )
    assert wout.delete(f"/organisations/{company}/members/{person}?successor={new}").status == 204
    clock.set("2026-11-24T08:00:00+01:00")
    worker()
    told = {mail.to: mail.text for mail in mails(tmp_path) if "Title of" in mail.text}
    assert "Title of Camille" in told["camille@lisiere.example"]
    assert leaving not in told
