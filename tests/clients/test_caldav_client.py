"""The python `caldav` client and its tester of servers: what an account is to software of others (E2)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import clients
from tests.support.asks import answer
from tests.support.builders import MakeBooking
from tests.support.serving import Served

SCRIPT = Path(__file__).with_name("reading.py")
WITHOUT_WRITING = (
    *("CheckGetCurrentUserPrincipal", "CheckWWWAuthenticate", "CheckWellKnown", "CheckPropfindAllprop"),
    *("CheckMakeDeleteCalendar", "CheckPrincipalSearch", "CheckScheduling"),
)
"""The checks of caldav-server-tester that need no event of their own; all others begin with writing one."""

FOUND = {
    "auth.www-authenticate": "full",
    "auth.www-authenticate.usable-scheme": "full",
    "create-calendar": "unsupported",  # whoever reads makes none
    "principal-search": "ungraceful",  # nobody looks others up here: refused, as RFC 3253 §3.6 has it
    "scheduling": "unsupported",
}
"""What it says of us besides what it takes for granted; what it cannot try it calls unknown."""


@pytest.fixture
def option(served: Served, a_booking: MakeBooking) -> str:
    served.clock.set("2026-11-23T08:00:00Z")
    a_booking(resource="BUD-TA", start="2027-05-10T10:00:00+02:00", end="2027-05-10T12:00:00+02:00", title="Later")
    return str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option", title="Marées"))


def test_it_finds_reads_and_follows_and_writes_nothing(served: Served, option: str, tmp_path: Path):
    user, key = clients.a_key(served.api("joris"))

    def reading(*token: str) -> Any:
        account = (f"{served.url}/", user, key, "house-BUD", *token)
        return json.loads(clients.run("python", str(SCRIPT), *account, folder=tmp_path))

    told = reading()
    assert list(told["calendars"]) == ["mine", "expiring", "house-BUD", "crew-BUD"]
    assert told["calendars"]["house-BUD"] == "Kunstencentrum BUDA"
    assert told["principal"].startswith(f"{served.url}/dav/principals/")
    assert told["components"] == ["VEVENT"]
    assert told["events"] == ["Later", "OPT 1 · Marées"]
    assert (told["found"], told["expanded"], told["by_uid"]) == (["OPT 1 · Marées"], 1, True)
    assert set(told["refused"].values()) == {"not allowed"}
    assert told["after"] == 2
    assert len(told["since"]) == 2
    assert reading(told["token"])["since"] == []
    served.clock.advance(minutes=1)
    assert answer(served.api("joris"), option, "confirm").status == 200
    changed = reading(told["token"])
    assert len(changed["since"]) == 1
    assert changed["found"] == ["Marées"]


def test_the_tester_of_servers_finds_what_a_read_only_one_should_be(served: Served, option: str, tmp_path: Path):
    user, key = clients.a_key(served.api("joris"))
    account = ("--caldav-url", f"{served.url}/", "--caldav-username", user, "--caldav-password", key)
    checks = [word for check in WITHOUT_WRITING for word in ("--run-checks", check)]
    said = clients.run("caldav-server-tester", *account, *checks, "--format", "json", folder=tmp_path)
    document = json.loads(said[said.index("{\n") : said.rindex("\n}") + 2])
    features = {name: found["support"] for name, found in document["features"].items()}
    assert {name: support for name, support in features.items() if support != "unknown"} == FOUND
