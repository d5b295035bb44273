"""Every letter that a state change owes somebody, one by one: what is not sent fails here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booking.storage.database import Database
from booking.storage.people import Person
from notifications.storage.letters import SENT, Letter
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, organisation_of
from tests.support.clocks import StoppedClock
from tests.support.letters import Mail, mails

As = Callable[[str | None], Api]
WEEK = a_claim("DGP-KZ", "2027-05-10", "2027-05-15")
FRIDAY = a_claim("DGP-KZ", "2027-05-14", "2027-05-15")
CAMILLE, WOUT, BRAM, ELISE = (
    "camille@lisiere.example",
    "wout@zwaluw.example",
    "bram@degrotepost.example",
    "elise@emerge.example",
)


@dataclass
class Stage:
    """De Grote Post, its planner Bram, Camille of Lisière and Wout of Zwaluw, and the clock."""

    api: As
    clock: StoppedClock
    work: Callable[[], dict[str, int]]

    def asked(self, who: str = "camille", claim: dict[str, Any] = WEEK, **more: Any) -> str:
        made = ask(self.api(who), claim, **more)
        assert made.status == 201, made
        return str(made.json["id"])

    def option(self, who: str = "camille", claim: dict[str, Any] = WEEK) -> str:
        booking = self.asked(who, claim)
        self.does("bram", booking, "grant")
        return booking

    def confirmed(self, who: str = "camille", claim: dict[str, Any] = WEEK) -> str:
        booking = self.asked(who, claim)
        self.does("bram", booking, "confirm")
        return booking

    def does(self, who: str, booking: str, verb: str, **body: Any) -> None:
        done = answer(self.api(who), booking, verb, **body)
        assert done.status == 200, done

    def at(self, moment: str) -> None:
        """Everything until then is done; then it is that moment."""
        self.work()
        self.clock.set(moment)


def chain_that_breaks(stage: Stage) -> None:
    """De Grote Post says yes to its part, BUDA says no to the other."""
    camille = stage.api("camille")
    parts = [
        {"venue": "DGP", "purpose": "residency", "claims": [WEEK]},
        {"venue": "BUD", "purpose": "residency", "claims": [a_claim("BUD-S1", "2027-05-17", "2027-05-22")]},
    ]
    body = {
        "organisation": organisation_of(camille),
        "title": "Marées",
        "rule": "all-or-nothing",
        "bookings": parts,
    }
    made = camille.post("/trajectories", body)
    assert made.status == 201, made
    first, second = made.json["bookings"]
    stage.does("bram", first["id"], "confirm")
    stage.does("joris", second["id"], "decline", reason="Vol.")


def lamps_that_break(stage: Stage) -> None:
    stage.asked(claim=a_claim("PHX-PAR", "2027-05-10", "2027-05-13", 20))
    assert stage.api("nadia").patch("/resources/PHX-PAR", {"out_of_order": 7}).status == 200


def kit_that_stays_out(stage: Stage) -> None:
    claim = a_claim("PHX-PAR", "2026-11-24T09:00:00+01:00", "2026-11-25T17:00:00+01:00", 4)
    booking = stage.asked(claim=claim)
    row = stage.api("nadia").get(f"/bookings/{booking}").json
    if row["state"] != "confirmed":
        stage.does("nadia", booking, "confirm")
    stage.at("2026-11-24T09:00:00+01:00")
    out = {"claim": row["claims"][0]["id"], "quantity": 4}
    assert stage.api("nadia").post(f"/bookings/{booking}/check-out", out).status == 200
    stage.at("2026-11-25T17:01:00+01:00")


def a_closure_over_an_option(stage: Stage) -> None:
    stage.option()
    closure = {"start": "2027-05-12", "end": "2027-05-13", "reason": "Keuring"}
    assert stage.api("bram").post("/resources/DGP-KZ/closures", closure).status == 201


def a_calendar_that_breaks(stage: Stage) -> None:
    url = "https://planning.invalid/kleine-zaal.ics"
    made = stage.api("bram").post("/resources/DGP-KZ/external-calendars", {"url": url, "label": "Planning"})
    assert made.status == 202, made


def a_challenge(stage: Stage) -> tuple[str, str]:
    first, second = stage.option("wout"), stage.option("camille")
    stage.does("camille", second, "challenge")
    return first, second


def a_winner_that_leaves(stage: Stage) -> None:
    stage.option("camille", FRIDAY)
    winner = stage.asked("wout", FRIDAY)
    stage.does("bram", winner, "confirm", force=True, reason="Festival.")
    stage.work()
    stage.does("wout", winner, "cancel", reason="Te laat.")


def reminded(moment: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.option()  # until Monday 7 December, nine in the morning
        stage.at(moment)

    return play


def unanswered(moment: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.asked()
        stage.at(moment)

    return play


def moved_up(stage: Stage) -> None:
    first, _ = stage.option("wout"), stage.option("camille")
    stage.work()
    stage.does("wout", first, "release")


def challenge_answered(stage: Stage) -> None:
    first, _ = a_challenge(stage)
    stage.does("wout", first, "release")


def challenge_lost(stage: Stage) -> None:
    first, _ = a_challenge(stage)
    stage.does("wout", first, "commit")


def lapsed(stage: Stage) -> None:
    stage.option()
    stage.at("2026-12-07T09:00:00+01:00")


def beaten(stage: Stage) -> None:
    stage.option("camille", FRIDAY)
    stage.does("bram", stage.asked("wout", FRIDAY), "confirm", force=True, reason="Festival.")


OWED: dict[str, tuple[str, str, Callable[[Stage], object]]] = {
    "new request": ("booking.requested", BRAM, lambda stage: stage.asked()),
    "request noted for a company": (
        "booking.requested",
        CAMILLE,
        lambda stage: stage.api("bram").post(
            "/bookings",
            {
                "title": "Marées",
                "claims": [WEEK],
                "organisation": organisation_of(stage.api("camille")),
                "state": "requested",
            },
        ),
    ),
    "granted with its expiry": ("booking.granted", CAMILLE, lambda stage: stage.option()),
    "confirmed": ("booking.confirmed", CAMILLE, lambda stage: stage.confirmed()),
    "declined": (
        "booking.declined",
        CAMILLE,
        lambda stage: stage.does("bram", stage.asked(), "decline", reason="Vol."),
    ),
    "counter-proposal": (
        "booking.countered",
        CAMILLE,
        lambda stage: stage.does(
            "bram", stage.asked(), "counter", claims=[a_claim("DGP-KZ", "2027-05-17", "2027-05-22")]
        ),
    ),
    "three days before": ("booking.expiring", CAMILLE, reminded("2026-12-04T09:00:00+01:00")),
    "one day before": ("booking.expiring", CAMILLE, reminded("2026-12-06T09:00:00+01:00")),
    "moved up": ("booking.moved-up", CAMILLE, moved_up),
    "challenged with its deadline": ("booking.challenge-received", WOUT, a_challenge),
    "answered": ("booking.challenge-won", CAMILLE, challenge_answered),
    "answered with a commitment": ("booking.challenge-lost", CAMILLE, challenge_lost),
    "committed": ("booking.committed", BRAM, lambda stage: stage.does("camille", stage.option(), "commit")),
    "lapsed": ("booking.lapsed", CAMILLE, lapsed),
    "beaten": ("booking.beaten", CAMILLE, beaten),
    "reinstatement offered": ("booking.reinstatement-offered", CAMILLE, a_winner_that_leaves),
    "changed": (
        "booking.changed",
        CAMILLE,
        lambda stage: stage.api("bram").patch(
            f"/bookings/{stage.confirmed()}", {"claims": [a_claim("DGP-KZ", "2027-05-17", "2027-05-22")]}
        ),
    ),
    "cancelled": (
        "booking.cancelled",
        CAMILLE,
        lambda stage: stage.does("bram", stage.confirmed(), "cancel", reason="Brand."),
    ),
    "a closure hits you": ("booking.suspended", CAMILLE, a_closure_over_an_option),
    "a part of a chain is declined": ("booking.declined", CAMILLE, chain_that_breaks),
    "the other part goes back": ("booking.let-go", CAMILLE, chain_that_breaks),
    "referred": (
        "booking.referred",
        CAMILLE,
        lambda stage: stage.does("bram", stage.asked(refer_consent=True), "refer", venues=["V04"]),
    ),
    "asked whether it may be referred": (
        "booking.referral-asked",
        CAMILLE,
        lambda stage: stage.does("bram", stage.asked(), "refer", venues=["V04"]),
    ),
    "equipment overdue": ("equipment.overdue", CAMILLE, kit_that_stays_out),
    "import broken": ("calendar.failed", BRAM, a_calendar_that_breaks),
    "conflict opened": ("conflict.opened", CAMILLE, lamps_that_break),
    "answer due soon": ("booking.answer-due", BRAM, unanswered("2026-11-27T09:00:00+01:00")),
    "answer overdue": ("booking.answer-overdue", BRAM, unanswered("2026-11-30T09:00:00+01:00")),
    "to the coordinator": ("round.overdue-answers", ELISE, unanswered("2026-12-07T10:00:00+01:00")),
    "weekly digest of expiring options": (
        "round.expiring-options",
        BRAM,
        reminded("2026-12-07T08:00:00+01:00"),
    ),
}


@pytest.mark.parametrize(("kind", "reader", "play"), OWED.values(), ids=OWED.keys())
def test_the_letter_is_sent(
    database: Database,
    api: As,
    clock: StoppedClock,
    worker: Callable[[], dict[str, int]],
    tmp_path: Path,
    kind: str,
    reader: str,
    play: Callable[[Stage], object],
):
    play(Stage(api, clock, worker))
    worker()
    with database.read() as connection:
        query = select(Letter.message_id, Letter.subject).join(Person, Person.id == Letter.person_id)
        mine = query.where(Letter.kind == kind, Person.email == reader, Letter.state == SENT)
        sent = connection.execute(mine).all()
    assert sent, f"no letter of {kind} to {reader}"
    landed: list[Mail] = [mail for mail in mails(tmp_path) if mail.to == reader]
    ids = {str(mail.message["Message-ID"]) for mail in landed}
    assert {row.message_id for row in sent} <= ids
    assert not [mail for mail in landed if "%(" in mail.text or "%(" in mail.subject]
