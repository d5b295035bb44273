"""Every route × every role: what each may see and do is declared in one table (tests/support/routes), which this
walks. A route that is not in it fails.

The story behind every cell is the same: Compagnie Lisière has asked De Grote Post for DGP-KZ. Its
producer, another company, the house's planner and technician, another house's, the coordinator, the
admin and nobody at all try every address that there is.
"""

import json
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from booking.services import invitations, people
from booking.storage.bookings import Occupancy
from booking.storage.database import Database
from tests.support.api import Answer, Api, in_process
from tests.support.asks import a_claim, ask
from tests.support.builders import MakeBooking
from tests.support.cast import company_of, person
from tests.support.routes.bookings import AN_ENQUIRY
from tests.support.routes.calls import A_CALL, A_CHAIN, AN_APPLICATION
from tests.support.routes.cells import CAST, Case
from tests.support.routes.resources import CLOSED, WAITING
from tests.support.routes.table import SAID_TWICE, TABLE
from tests.support.visits import Visitor
from tests.support.worlds import token_of


def rules(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table_and_nothing_else(app: Flask):
    assert rules(app) == set(TABLE)


def test_every_route_stands_in_the_table_once():
    assert not SAID_TWICE


class Stage:
    """What the paths and bodies of the table name, made anew for each cell that could use it up."""

    def __init__(self, app: Flask, database: Database, a_booking: MakeBooking) -> None:
        self.app, self.database, self.a_booking = app, database, a_booking
        self.camille = person(database, "camille")
        self.facts = {
            "unknown": str(uuid4()),
            "lisiere": str(company_of(self.camille)),
            "used": invitations.make(app.config["SECRET_KEY"], self.camille, at=self.now()),
            "notification": self._notification(),
        }
        self.makers = {  # in this order: an application needs its call
            "{booking}": self._book,
            "{feed}": self._feed,
            "{secret}": self._feed,
            "{token}": self._token,
            "{waiting}": self._wait,
            "{closure}": self._close,
            "{trajectory}": self._chain,
            "{call}": self._call,
            "{application}": self._apply,
            "{app}": self._app_token,
            "{enquiry}": self._enquire,
        }

    def now(self) -> datetime:
        moment: datetime = self.app.extensions["booking"].clock()
        return moment

    def attempt(self, method: str, case: Case, name: str | None) -> Answer:
        """One person's one request, on a stage that nobody else has touched."""
        self._free_everything()
        for fact, make in self.makers.items():
            if fact in case.path or fact in (case.form or {}).values():
                make(case)
        path = case.path.format(**self.facts)
        if case.path.startswith("/api/"):
            body = json.loads(self._filled(json.dumps(case.body))) if case.body is not None else None
            return self._api(name).request(method, path, json=body)
        visitor = Visitor(self.app, name)
        if method != "POST" or case.form is None:
            return visitor.ask(method, path)
        return visitor.post(path, {key: self._filled(value) for key, value in (case.form or {}).items()})

    def _filled(self, text: str) -> str:
        for name in ("lisiere", "unknown", "booking"):
            text = text.replace(f"{{{name}}}", self.facts.get(name, ""))
        return text

    def _api(self, name: str | None) -> Api:
        return Api(in_process(self.app.test_client()), token_of(name) if name else None)

    def _free_everything(self) -> None:
        held = update(Occupancy).where(Occupancy.source == "claim").values(force="none")
        self.database.write(lambda connection: connection.execute(held))

    def _book(self, case: Case) -> None:
        self.facts["booking"] = str(self.a_booking(resource="DGP-KZ", state=case.state))

    def _call(self, _case: Case) -> None:
        self.facts["call"] = self._api("elise").post("/calls", A_CALL).json["id"]

    def _apply(self, _case: Case) -> None:
        body = {**AN_APPLICATION, "organisation": self.facts["lisiere"]}
        made = self._api("camille").post(f"/calls/{self.facts['call']}/applications", body)
        self.facts["application"] = made.json["applications"][0]["id"]

    def _chain(self, _case: Case) -> None:
        made = self._api("camille").post("/trajectories", {**A_CHAIN, "organisation": self.facts["lisiere"]})
        self.facts["trajectory"] = made.json["id"]

    def _feed(self, _case: Case) -> None:
        feed = self._api("camille").post("/feeds", {"scope": "me"}).json
        self.facts |= {"feed": feed["id"], "secret": feed["url"].rpartition("/")[2].removesuffix(".ics")}

    def _enquire(self, _case: Case) -> None:
        body = json.loads(self._filled(json.dumps(AN_ENQUIRY)))
        self.facts["enquiry"] = str(self._api("camille").post("/enquiries", body).json["id"])

    def _wait(self, _case: Case) -> None:
        self.facts["waiting"] = str(self._api("camille").post("/waiting-list", WAITING).json["id"])

    def _close(self, _case: Case) -> None:
        made = self._api("bram").post("/resources/DGP-KL/closures", CLOSED)
        self.facts["closure"] = made.json["id"]

    def _token(self, _case: Case) -> None:
        self.database.write(lambda connection: people.new_token(connection, self.camille.id, "x", at=self.now()))
        with self.database.read() as connection:
            fresh = [token for token in people.tokens_of(connection, self.camille.id) if token.name == "x"]
        self.facts["token"] = str(fresh[0].id)

    def _app_token(self, _case: Case) -> None:
        self.facts["app"] = self._api("camille").post("/me/app-tokens", {"name": "x"}).json["id"]

    def _notification(self) -> str:
        assert ask(self._api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-20")).status == 201
        assert self.app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
        return str(self._api("bram").get("/notifications").json["items"][0]["id"])


def surprises(stage: Stage, *, on_pages: bool) -> list[str]:
    """Every cell in which something else happened than the table says."""
    return [
        f"{method} {case.path} as {role}: {case.expected[role]} expected, {status} came"
        for (method, rule), cases in TABLE.items()
        if rule.startswith("/api/") is not on_pages
        for case in cases
        for role, name in CAST.items()
        if (status := stage.attempt(method, case, name).status) != case.expected[role]
    ]


def test_the_api_lets_everybody_do_what_the_table_says_and_nothing_else(
    app: Flask, database: Database, a_booking: MakeBooking
):
    found = surprises(Stage(app, database, a_booking), on_pages=False)
    assert not found, "\n".join(found)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_let_everybody_do_what_the_table_says_and_nothing_else(
    app: Flask, database: Database, a_booking: MakeBooking
):
    """On one database: pages share the services of the API, which are tried on both."""
    found = surprises(Stage(app, database, a_booking), on_pages=True)
    assert not found, "\n".join(found)
