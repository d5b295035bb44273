"""Web push: a sentence and a link, encrypted for one browser; what stands in for it decrypts as it does."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from py_vapid import Vapid02
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from booking.domain.people import MOST_KEYS
from booking.storage.database import Database
from notifications.services import pushing
from tests.support.api import Api, in_process
from tests.support.asks import a_claim, answer, ask
from tests.support.clocks import StoppedClock
from tests.support.rows import counted
from tests.support.visits import Visitor
from tests.support.worlds import token_of

ApiOf = Callable[[str | None], Api]
Worker = Callable[[], int]
NARROW = "\N{NO-BREAK SPACE}"


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@dataclass
class Browser:
    """A browser with its keys, and its push service: what arrived, and what is answered."""

    server: HTTPServer
    path: str = "/push/1"
    status: int = 201
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen octets!!"
    arrived: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(self.path, method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        request.get_data()
        self.arrived.append(request)
        return Response(status=self.status)

    @property
    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64url(point), "auth": base64url(self.auth)}
        return {"endpoint": self.server.url_for(self.path), "keys": keys, "name": "My phone"}

    def read(self, request: Request) -> dict[str, str]:
        """What the browser shows."""
        said = http_ece.decrypt(request.get_data(), private_key=self.key, auth_secret=self.auth)
        return dict(json.loads(said))


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as running:
        yield running


@pytest.fixture
def phone(server: HTTPServer) -> Browser:
    return Browser(server)


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask], server: HTTPServer) -> Flask:
    return build(database_url, fetch_allow=(f"127.0.0.1:{server.port}",))


@pytest.fixture
def api(app: Flask) -> ApiOf:
    return lambda name: Api(in_process(app.test_client()), token_of(name) if name else None)


@pytest.fixture
def told(app: Flask) -> Worker:
    """Do all work once; how many messages were taken by push services."""

    def once() -> int:
        done = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert done.exit_code == 0, done.output
        return int(dict(line.split(": ") for line in done.stdout.splitlines())["devices told"])

    return once


def an_option(api: ApiOf, **when: str) -> str:
    claim = a_claim("BUD-S1", when.get("start", "2027-03-08"), when.get("end", "2027-03-20"))
    booking = ask(api("camille"), claim, title="Marées secrètes", note="Nobody reads this on the way").json["id"]
    assert answer(api("joris"), booking, "grant").status == 200
    return str(booking)


def test_a_device_is_told_once_in_words_that_only_its_browser_reads(api: ApiOf, told: Worker, phone: Browser):
    assert api("camille").post("/me/devices", phone.subscription).status == 201
    booking = an_option(api)
    assert told() == 1
    assert told() == 0
    [request] = phone.arrived
    assert phone.read(request) == {
        "title": "Kunstencentrum BUDA vous a accordé une option~: «~Marées secrètes~».".replace("~", NARROW),
        "link": f"/bookings/{booking}",
        "tag": phone.read(request)["tag"],
    }
    assert b"Mar" not in request.get_data()
    headers = request.headers
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "86400", "high")
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(request.get_data(), private_key=phone.key, auth_secret=b"another secret!!")


def test_its_push_service_knows_who_sends(api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock):
    key = api("camille").get("/me/devices").json["application_server_key"]
    api("camille").post("/me/devices", phone.subscription)
    an_option(api)
    told()
    authorization = phone.arrived[0].headers["Authorization"]
    assert Vapid02.verify(authorization)
    assert f"k={key}" in authorization
    claims = json.loads(base64.urlsafe_b64decode(authorization.split(".")[1] + "=="))
    assert claims["aud"] == phone.server.url_for("").rstrip("/")
    assert 0 < claims["exp"] - clock().timestamp() <= 24 * 3600
    assert claims["sub"].startswith("mailto:")


def test_nobody_elses_device_is_told(api: ApiOf, told: Worker, phone: Browser, server: HTTPServer):
    other = Browser(server, "/push/2")
    api("wout").post("/me/devices", phone.subscription)
    made = api("camille").post("/me/devices", other.subscription).json["id"]
    assert api("wout").delete(f"/me/devices/{made}").status == 404
    an_option(api)
    assert told() == 1
    assert (phone.arrived, len(other.arrived)) == ([], 1)
    assert api("camille").delete(f"/me/devices/{made}").status == 204
    an_option(api, start="2027-04-05", end="2027-04-08")
    assert told() == 0


def test_a_browser_that_changes_hands_tells_its_new_owner_alone(api: ApiOf, told: Worker, phone: Browser):
    api("camille").post("/me/devices", phone.subscription)
    api("wout").post("/me/devices", phone.subscription)
    assert api("camille").get("/me/devices").json["items"] == []
    an_option(api)
    assert told() == 0


def test_what_was_on_its_way_to_a_browser_does_not_change_hands_with_it(
    api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock, database: Database
):
    api("camille").post("/me/devices", phone.subscription)
    phone.status = 503
    an_option(api)
    assert told() == 0
    assert counted(database)["push"] == 1
    api("wout").post("/me/devices", phone.subscription)
    assert counted(database)["push"] == 0
    phone.status = 201
    clock.advance(hours=1)
    assert told() == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(api: ApiOf, told: Worker, phone: Browser, status: int):
    phone.status = status
    api("camille").post("/me/devices", phone.subscription)
    an_option(api)
    assert told() == 0
    assert api("camille").get("/me/devices").json["items"] == []
    assert told() == 0
    assert len(phone.arrived) == 1


def test_a_service_that_is_down_is_tried_again_for_a_day_and_no_longer(
    api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock
):
    phone.status = 503
    api("camille").post("/me/devices", phone.subscription)
    an_option(api)
    assert told() == 0
    clock.advance(minutes=2)
    phone.status = 201
    assert told() == 1
    phone.status = 503
    an_option(api, start="2027-04-05", end="2027-04-08")
    told()
    clock.advance(days=2)
    phone.status = 201
    assert told() == 0  # nobody wants to be woken by the news of the day before yesterday
    assert len(phone.arrived) == 3


def test_what_a_person_does_not_want_there_does_not_come_and_quiet_hours_hold_it_back(
    api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock
):
    camille = api("camille")
    camille.post("/me/devices", phone.subscription)
    quiet = {"from": "20:00", "to": "08:00"}
    chosen = {"channels": {"push": {"booking.granted": "never"}}, "quiet_hours": quiet}
    assert camille.put("/me/preferences", chosen).status == 200
    assert camille.get("/me/preferences").json["channels"]["push"]["booking.granted"] == "never"
    booking = an_option(api)
    assert told() == 0
    clock.set("2026-11-23T21:00:00+01:00")
    assert api("joris").post(f"/bookings/{booking}/messages", {"text": "Tot dan!"}).status == 201
    assert told() == 0
    clock.set("2026-11-24T08:00:00+01:00")
    assert told() == 1
    assert phone.read(phone.arrived[0])["link"] == f"/bookings/{booking}#conversation"


def test_whoever_left_a_team_is_told_nothing_that_waited(
    api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock
):
    camille = api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    camille.post("/me/devices", phone.subscription)
    quiet = {"channels": {}, "quiet_hours": {"from": "20:00", "to": "08:00"}}
    assert camille.put("/me/preferences", quiet).status == 200
    booking = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-20")).json["id"]
    told()
    clock.set("2026-11-23T21:00:00+01:00")
    api("joris").post(f"/bookings/{booking}/messages", {"text": "Tot dan!"})
    assert told() == 0
    camille.post(f"/organisations/{company}/members", {"email": "successor@lisiere.example"})
    members = camille.get(f"/organisations/{company}/members").json["items"]
    ids = {each["email"]: each["id"] for each in members}
    leaving = f"/organisations/{company}/members/{ids['camille@lisiere.example']}"
    assert camille.delete(leaving).status == 204
    clock.set("2026-11-24T08:00:00+01:00")
    assert told() == 0
    assert phone.arrived == []


def test_whoever_left_a_house_is_told_nothing_more_of_its_enquiries(
    api: ApiOf, told: Worker, phone: Browser, clock: StoppedClock
):
    joris, camille = api("joris"), api("camille")
    joris.post("/me/devices", phone.subscription)
    quiet = {"channels": {}, "quiet_hours": {"from": "20:00", "to": "08:00"}}
    assert joris.put("/me/preferences", quiet).status == 200
    clock.set("2026-11-23T21:00:00+01:00")
    asked = {
        "organisation": camille.get("/me").json["organisations"][0]["id"],
        "title": "Marées secrètes",
        "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
        "needs": [{"kind": "studio"}],
        "venues": ["BUD"],
    }
    enquiry = camille.post("/enquiries", asked)
    assert enquiry.status == 201, enquiry
    assert told() == 0
    team = {each["email"]: each["id"] for each in joris.get("/venues/BUD/team").json["items"]}
    [leaving] = [each for address, each in team.items() if address.startswith("joris@")]
    new = joris.post("/venues/BUD/team", {"email": "next@buda.example", "role": "manager"}).json["id"]
    assert joris.delete(f"/venues/BUD/team/{leaving}?successor={new}").status == 204
    clock.set("2026-11-24T08:00:00+01:00")
    assert told() == 0
    assert phone.arrived == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": "http://10.0.0.7/push"}, "endpoint"),
        ({"endpoint": "nonsense"}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": base64url(b"sixteen octets!!")}}, "p256dh"),
        ({"keys": {"p256dh": base64url(b"\x04" + b"\x01" * 64), "auth": "x"}}, "p256dh"),
    ],
)
def test_what_is_no_subscription_is_refused_by_field(
    api: ApiOf, phone: Browser, change: dict[str, Any], field: str
):
    refused = api("camille").post("/me/devices", {**phone.subscription, **change})
    assert refused.status == 422
    assert field in refused.json["errors"]


def test_nobody_has_more_than_fifty(database: Database, api: ApiOf, phone: Browser):
    server = phone.server
    for number in range(MOST_KEYS):
        subscription = {**phone.subscription, "endpoint": server.url_for(f"/push/many/{number}")}
        assert api("camille").post("/me/devices", subscription).status == 201
    refused = api("camille").post("/me/devices", phone.subscription)
    assert (refused.status, refused.json["code"]) == (422, "rule")
    again = {**phone.subscription, "endpoint": server.url_for("/push/many/7")}
    assert api("camille").post("/me/devices", again).status == 201  # the same browser anew


def test_the_page_adds_and_removes_a_device(app: Flask, phone: Browser):
    camille = Visitor(app, "camille")
    page = camille.get("/me/preferences").text
    assert f'data-key="{pushing.server_key(app.config["SECRET_KEY"])}"' in page
    said = phone.subscription
    form = {"endpoint": said["endpoint"], **said["keys"], "name": "Mon téléphone"}
    assert camille.post("/me/devices", form).status == 303
    page = camille.get("/me/preferences").text
    assert "Mon téléphone" in page
    assert 'name="push:booking.granted"' in page
    device = page.partition("/me/devices/")[2].partition("/")[0]
    assert camille.post(f"/me/devices/{device}/remove").status == 303
    assert "Mon téléphone" not in camille.get("/me/preferences").text
    worker = camille.get("/push-worker.js")
    assert (worker.status, worker.headers["Content-Type"].partition(";")[0]) == (200, "text/javascript")
    assert "showNotification" in worker.text
