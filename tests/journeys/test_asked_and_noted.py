"""Who asks reads in a letter that it arrived: as a request, as an option with its end, or confirmed at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, set_rules
from tests.support.letters import mails

CAMILLE = "camille@lisiere.example"
As = Callable[[str | None], Api]
Worker = Callable[[], dict[str, int]]


def letters(folder: Path) -> list[str]:
    return [mail.subject for mail in mails(folder) if mail.to == CAMILLE]


@pytest.mark.parametrize(
    ("policy", "state", "begins"),
    [
        ("request", "requested", "De Grote Post a noté votre demande"),
        ("option", "option", "Option jusqu’au"),
        ("instant", "confirmed", "De Grote Post a confirmé votre réservation"),
    ],
)
def test_whoever_asked_gets_one_letter_and_nothing_in_the_list(
    database: Database, api: As, worker: Worker, tmp_path: Path, policy: str, state: str, begins: str
):
    set_rules(database, "DGP-KZ", policy=policy)
    asked = ask(api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-13"))
    assert asked.json["state"] == state
    worker()
    [subject] = letters(tmp_path)
    assert subject.startswith(begins)
    assert api("camille").get("/notifications").json["items"] == []  # they were there when it happened


def test_whoever_decides_hears_nothing_of_their_own_deed(api: As, worker: Worker, tmp_path: Path):
    booking = ask(api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-13")).json["id"]
    assert answer(api("bram"), booking, "grant").status == 200
    assert answer(api("camille"), booking, "commit").status == 200
    assert answer(api("bram"), booking, "confirm").status == 200
    worker()
    assert sum("a confirmé" in subject for subject in letters(tmp_path)) == 1


def test_one_who_does_not_want_it_is_not_written_to(api: As, worker: Worker, tmp_path: Path):
    chosen = {"channels": {"mail": {"booking.requested": "never"}}}
    assert api("camille").put("/me/preferences", chosen).status == 200
    ask(api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-13"))
    worker()
    assert letters(tmp_path) == []
