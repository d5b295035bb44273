"""A letter arrives once, whatever its mail server does; what cannot arrive is set aside, seen, and sent again."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.storage.database import Database
from notifications.storage import letters
from tests.support.api import Api
from tests.support.clocks import StoppedClock
from tests.support.mail_servers import Receiver, mail_server
from tests.support.pages import form_token, sign_in

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]


@pytest.fixture
def server() -> Iterator[Receiver]:
    with mail_server() as receiver:
        yield receiver


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask], server: Receiver) -> Flask:
    """The service, with that mail server."""
    return build(database_url, mail_url=f"smtp://127.0.0.1:{server.port}")


def ask(api: Api, **more: object) -> str:
    """A request, of which the house alone is written to."""
    api.put("/me/preferences", {"channels": {"mail": {"booking.requested": "never"}}})
    organisation = api.get("/me").json["organisations"][0]["id"]
    claim = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-20"}
    body = {"title": "Marées", "purpose": "residency", "claims": [claim], "organisation": organisation, **more}
    answer = api.post("/bookings", body)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def states(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return letters.count(connection)


def test_greylisting_and_a_death_in_the_middle_delay_a_letter_and_double_it_not(
    api: ApiOf, worker: Worker, server: Receiver, clock: StoppedClock, database: Database
) -> None:
    server.at_recipient.append("451 4.7.1 Try again in a minute")
    server.die_in_data = 1
    ask(api("camille"))
    assert worker()["letters sent"] == 0
    assert worker()["letters sent"] == 0  # not before its time
    clock.advance(minutes=2)
    assert worker()["letters sent"] == 0
    clock.advance(minutes=7)
    assert worker()["letters sent"] == 1
    clock.advance(days=1)
    worker()
    assert len([mail for mail in server.letters if "stuurde een aanvraag" in mail.subject]) == 1
    assert "waiting" not in states(database)


def test_what_is_refused_for_good_is_seen_and_sent_again(
    api: ApiOf, worker: Worker, server: Receiver, client: FlaskClient, database: Database
) -> None:
    server.at_recipient.append("550 5.1.1 No such user <b>here</b>")
    ask(api("camille"))
    worker()
    assert states(database) == {"failed": 1}

    sign_in(client, "elise@emerge.example")
    page = client.get("/letters/failed").text
    assert "joris@buda.example" in page
    assert "550 5.1.1 No such user &lt;b&gt;here" in page
    retry = next(part.split('"')[0] for part in page.split('action="') if part.startswith("/letters/failed/"))
    assert client.post(retry, data={"csrf_token": form_token(client, "/letters/failed")}).status_code == 303
    worker()
    assert states(database) == {"sent": 1}
    assert client.post(retry, data={"csrf_token": form_token(client, "/me")}).status_code == 404


def test_a_server_that_is_away_costs_no_attempt_and_no_letter(
    api: ApiOf,
    worker: Worker,
    server: Receiver,
    clock: StoppedClock,
    database: Database,
    database_url: str,
    build: Callable[..., Flask],
) -> None:
    with mail_server() as gone:
        pass
    while_away = build(database_url, mail_url=f"smtp://127.0.0.1:{gone.port}").test_cli_runner()
    ask(api("camille"))
    ask(api("camille"), title="Ressac")
    for _ in range(30):  # for more than a day
        assert "letters sent: 0" in while_away.invoke(args=["worker", "--once"]).stdout.splitlines()
        clock.advance(hours=1)
    assert states(database)["waiting"] >= 2
    worker()
    asked = [mail.subject for mail in server.letters if "stuurde een aanvraag" in mail.subject]
    assert len(asked) == 2
    assert "waiting" not in states(database)


def test_what_somebody_typed_stays_harmless_and_short(api: ApiOf, worker: Worker, server: Receiver) -> None:
    booking = ask(api("camille"), title="<script>alert(1)</script> Bcc: all@example.org")
    reason = "x" * 900_000
    answer = api("joris").post(f"/bookings/{booking}/decline", {"reason": reason})
    assert answer.status in (200, 422)
    if answer.status == 422:
        api("joris").post(f"/bookings/{booking}/decline", {"reason": reason[:9000]})
    worker()
    for mail in server.letters:
        assert mail.message["Bcc"] is None
        assert "<script>" not in mail.html
        assert len(mail.message.as_bytes()) < 60_000
