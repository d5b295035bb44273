"""Programs are told what happens: signed, at once, again when they were away, and never inside a private net."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Request, Response

import notifications.web
from tests.support.api import Api, in_process
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.letters import mails
from tests.support.pages import form_token, sign_in
from tests.support.worlds import token_of

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]
HEARS = {"events": ["booking.confirmed", "booking.cancelled"]}


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    """A program of somebody else's, on this machine."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask], receiver: HTTPServer) -> Flask:
    """The service, which may go to that one address although it is private."""
    return build(database_url, fetch_allow=(f"127.0.0.1:{receiver.port}",))


def make(api: Api, receiver: HTTPServer, path: str = "/hook") -> dict[str, Any]:
    answer = api.post("/webhooks", {"url": receiver.url_for(path), **HEARS})
    assert answer.status == 201, answer
    made: dict[str, Any] = answer.json
    return made


def deliveries(api: Api, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/webhooks/{webhook['id']}/deliveries").json["items"]
    return items


def test_what_happens_arrives_signed_once_and_only_what_was_asked_for(
    api: ApiOf, worker: Worker, receiver: HTTPServer, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    joris = api("joris")
    webhook = make(joris, receiver)
    receiver.expect_request("/hook", method="POST").respond_with_data("thank you")
    booking = a_booking(resource="BUD-S1", note="only for the house")
    a_booking(resource="PHX-F1")
    assert worker()["webhooks called"] == 1
    assert worker()["webhooks called"] == 0

    [(request, _)] = receiver.log
    signer = Webhook(webhook["secret"])
    expected = signer.sign(request.headers["webhook-id"], clock(), request.get_data(as_text=True))
    assert request.headers["webhook-signature"] == expected
    assert request.json["type"] == "booking.confirmed"
    assert request.json["data"]["booking"] == str(booking)
    assert (request.json["data"]["venue"], request.json["data"]["state"]) == ("BUD", "confirmed")
    [delivery] = deliveries(joris, webhook)
    assert (delivery["state"], delivery["status"], delivery["answer"]) == ("delivered", 200, "thank you")
    assert delivery["id"] == request.headers["webhook-id"]

    again = joris.post(f"/webhooks/deliveries/{delivery['id']}/retry")
    assert again.status == 200
    assert worker()["webhooks called"] == 1
    assert receiver.log[1][0].headers["webhook-id"] == delivery["id"]


def test_the_secret_is_told_once_and_changes_in_peace(
    api: ApiOf, worker: Worker, receiver: HTTPServer, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    joris = api("joris")
    webhook = make(joris, receiver)
    address = f"/webhooks/{webhook['id']}"
    assert webhook["secret"].startswith("whsec_")
    assert "secret" not in joris.get(address).json
    assert "secret" not in joris.get("/webhooks").json["items"][0]

    new = joris.post(f"{address}/rotate").json["secret"]
    assert new != webhook["secret"]
    receiver.expect_request("/hook").respond_with_data("")
    for resource, hours, secrets in (("BUD-S1", 0, {new, webhook["secret"]}), ("BUD-S2", 25, {new})):
        clock.advance(hours=hours)
        a_booking(resource=resource)
        worker()
        request = receiver.log[-1][0]
        body = request.get_data(as_text=True)
        signed = {Webhook(each).sign(request.headers["webhook-id"], clock(), body) for each in secrets}
        assert set(request.headers["webhook-signature"].split(" ")) == signed


def test_only_its_owner_knows_a_webhook(api: ApiOf, receiver: HTTPServer) -> None:
    webhook = make(api("joris"), receiver)
    wout = api("wout")
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/deliveries"),
        ("POST", "/rotate"),
        ("POST", "/enable"),
    ):
        assert wout.request(method, f"/webhooks/{webhook['id']}{path}").status == 404
    assert wout.get("/webhooks").json["items"] == []
    assert api("joris").delete(f"/webhooks/{webhook['id']}").status == 204
    assert api("joris").get(f"/webhooks/{webhook['id']}").status == 404


def test_a_stranger_is_told_nothing_of_others(
    api: ApiOf, worker: Worker, receiver: HTTPServer, a_booking: MakeBooking
) -> None:
    make(api("wout"), receiver)
    make(api("nadia"), receiver)
    a_booking(resource="BUD-S1", company="Lisière")
    assert worker()["webhooks called"] == 0
    assert receiver.log == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"url": "http://127.0.0.1:9/x", **HEARS}, {"url"}),
        ({"url": "http://10.0.0.8/x", **HEARS}, {"url"}),
        ({"url": "http://[::1]/x", **HEARS}, {"url"}),
        ({"url": "http://localhost/x", **HEARS}, {"url"}),
        ({"url": "http://169.254.169.254/latest", **HEARS}, {"url"}),
        ({"url": "file:///etc/passwd", **HEARS}, {"url"}),
        ({"url": "nonsense", **HEARS}, {"url"}),
        ({"url": "https://a.example/\r\nX: y", **HEARS}, {"url"}),
        ({"url": "https://a.example/" + "x" * 3000, **HEARS}, {"url"}),
        ({"url": "https://a.example/x", "events": []}, {"events"}),
        ({"url": "https://a.example/x", "events": ["booking.eaten"]}, {"events.0"}),
        ({"url": "https://a.example/x", **HEARS, "secret": "mine"}, {"secret"}),
        ({**HEARS}, {"url"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(api: ApiOf, body: object, errors: set[str]) -> None:
    answer = api("joris").post("/webhooks", body)
    assert answer.status == 422, answer
    assert set(answer.json["errors"]) == errors


def test_who_fails_is_tried_ever_later_then_switched_off_and_its_owner_told(
    api: ApiOf,
    worker: Worker,
    receiver: HTTPServer,
    a_booking: MakeBooking,
    clock: StoppedClock,
    tmp_path: Path,
) -> None:
    joris = api("joris")
    webhook = make(joris, receiver)
    receiver.expect_request("/hook").respond_with_data("out of order \0", status=500)
    a_booking(resource="BUD-S1")
    worker()
    [first] = deliveries(joris, webhook)
    assert (first["state"], first["status"], first["attempts"]) == ("waiting", 500, 1)
    clock.advance(seconds=30)
    worker()
    assert len(receiver.log) == 1
    for _ in range(9):
        clock.advance(hours=10)
        worker()
    waiting = deliveries(joris, webhook)[0]
    assert (waiting["state"], waiting["attempts"]) == ("waiting", 9)
    told = joris.get(f"/webhooks/{webhook['id']}").json
    assert told["disabled_at"] is not None
    assert any(mail.subject == "We roepen je webhook niet meer aan" for mail in mails(tmp_path))

    receiver.clear()
    receiver.expect_request("/hook").respond_with_data("back")
    assert joris.post(f"/webhooks/{webhook['id']}/enable").json["disabled_at"] is None
    clock.advance(hours=10)
    assert worker()["webhooks called"] == 1
    assert joris.get(f"/webhooks/{webhook['id']}").json["failing_since"] is None


def test_a_redirect_to_a_private_address_is_not_followed(
    api: ApiOf, worker: Worker, receiver: HTTPServer, a_booking: MakeBooking
) -> None:
    joris = api("joris")
    webhook = make(joris, receiver)
    receiver.expect_request("/hook").respond_with_data(
        "", status=302, headers={"Location": receiver.url_for("/in")}
    )
    receiver.expect_request("/in").respond_with_data("secrets")
    a_booking(resource="BUD-S1")
    worker()
    assert [request.path for request, _ in receiver.log] == ["/hook"]
    [delivery] = deliveries(joris, webhook)
    assert (delivery["state"], delivery["status"]) == ("waiting", 302)


def test_a_receiver_that_never_answers_holds_nobody_else_up(
    database_url: str,
    build: Callable[..., Flask],
    receiver: HTTPServer,
    a_booking: MakeBooking,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notifications.web, "CALL_SECONDS", 0.5)
    app = build(database_url, fetch_allow=(f"127.0.0.1:{receiver.port}",))
    joris, over = Api(in_process(app.test_client()), token_of("joris")), Event()
    slow, quick = make(joris, receiver, "/slow"), make(joris, receiver, "/quick")

    def never(_: Request) -> Response:
        over.wait(20)
        return Response("late")

    receiver.expect_request("/slow").respond_with_handler(never)
    receiver.expect_request("/quick").respond_with_data("")
    a_booking(resource="BUD-S1")
    done = app.test_cli_runner().invoke(args=["worker", "--once"])
    over.set()
    assert "webhooks called: 1" in done.stdout.splitlines()
    assert deliveries(joris, quick)[0]["state"] == "delivered"
    assert deliveries(joris, slow)[0]["failure"] == "timed-out"


def test_the_page_shows_a_failing_webhook_and_sends_again(
    client: FlaskClient, worker: Worker, receiver: HTTPServer, a_booking: MakeBooking
) -> None:
    sign_in(client, "joris@buda.example")
    form = {"csrf_token": form_token(client, "/webhooks"), "url": receiver.url_for("/hook"), **HEARS}
    made = client.post("/webhooks", data=form)
    assert "whsec_" in made.text
    wrong = client.post("/webhooks", data={**form, "url": "http://10.0.0.1/"})
    assert wrong.status_code == 422
    assert "privénetwerk" in wrong.text

    receiver.expect_oneshot_request("/hook").respond_with_data("<b>broken</b>", status=503)
    a_booking(resource="BUD-S1")
    worker()
    listed = client.get("/webhooks").text
    assert "mislukt" in listed
    path = listed.split('href="/webhooks/')[1].split('"')[0]
    page = client.get(f"/webhooks/{path}").text
    assert "503" in page
    assert "&lt;b&gt;broken" in page
    assert "whsec_" not in page

    receiver.expect_request("/hook").respond_with_data("thank you")
    retry = page.split('action="/webhooks/deliveries/')[1].split('"')[0]
    token = form_token(client, f"/webhooks/{path}")
    assert client.post(f"/webhooks/deliveries/{retry}", data={"csrf_token": token}).status_code == 303
    assert worker()["webhooks called"] == 1
    assert "aangekomen" in client.get(f"/webhooks/{path}").text
