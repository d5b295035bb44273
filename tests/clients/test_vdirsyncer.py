"""vdirsyncer, which khal and many a desktop read with: finds the collections, copies them, follows them (E2)."""

from pathlib import Path

import pytest

from tests.support import clients
from tests.support.asks import answer
from tests.support.builders import MakeBooking
from tests.support.serving import Served

CONFIG = """
[general]
status_path = "{folder}/status/"

[pair season]
a = "here"
b = "emerge"
collections = ["from b"]
conflict_resolution = "b wins"
metadata = ["displayname"]
implicit = "create"

[storage here]
type = "filesystem"
path = "{folder}/calendars/"
fileext = ".ics"

[storage emerge]
type = "caldav"
url = "{url}/"
username = "{user}"
password = "{key}"
read_only = true
"""
WORRIES = ("warning", "error", "critical", "traceback", "deprecat", "invalid", "unknown")


class Vdirsyncer:
    """One person's, with the calendars of the service on one side and a folder on the other."""

    def __init__(self, served: Served, name: str, folder: Path) -> None:
        self.folder = folder
        user, key = clients.a_key(served.api(name))
        config = CONFIG.format(folder=folder, url=served.url, user=user, key=key)
        (folder / "config").write_text(config)

    def __call__(self, *arguments: str) -> list[str]:
        """What it says, line by line, none of which is a worry; that its own folder is new does not count."""
        said = clients.run("vdirsyncer", "-c", str(self.folder / "config"), *arguments, folder=self.folder)
        about_us = [line for line in said.splitlines() if not line.endswith("found for storage here.")]
        assert not any(worry in line.lower() for worry in WORRIES for line in about_us), said
        return about_us

    def copied(self) -> list[str]:
        """Synchronise; which items came or changed."""
        return [line for line in self("sync") if line.startswith(("Copying", "Deleting"))]

    def files(self, collection: str) -> dict[str, str]:
        """What lies here now."""
        found = (self.folder / "calendars" / collection).glob("*.ics")
        return {path.name: path.read_text() for path in found}


@pytest.fixture
def season(served: Served, a_booking: MakeBooking) -> str:
    """Two options of a company, and a booking beside them; the id of the first option."""
    served.clock.set("2026-11-23T08:00:00Z")
    a_booking(resource="BUD-TA", start="2027-05-10T10:00:00+02:00", end="2027-05-10T12:00:00+02:00")
    a_booking(resource="BUD-S2", start="2027-03-08", end="2027-03-20", state="option")
    return str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option"))


def test_it_finds_copies_and_follows(served: Served, season: str, tmp_path: Path):
    sync = Vdirsyncer(served, "joris", tmp_path)
    found = sync("discover", "--list")
    for name in ("mine", "expiring", "house-BUD", "crew-BUD"):
        assert any(f'"{name}"' in line for line in found), found
    first = sync.copied()
    assert len(sync.files("house-BUD")) == 3
    assert len(first) == sum(len(sync.files(name)) for name in ("mine", "expiring", "house-BUD", "crew-BUD"))
    assert sync.copied() == [], "nothing changed"
    sync("metasync")
    assert (tmp_path / "calendars" / "house-BUD" / "displayname").read_text() == "Kunstencentrum BUDA"

    served.clock.advance(minutes=1)
    assert answer(served.api("joris"), season, "confirm").status == 200
    changed = [line for line in sync.copied() if "house-BUD" in line]
    assert len(changed) == 1, changed
    assert any("STATUS:CONFIRMED" in text and season in text for text in sync.files("house-BUD").values())
    assert sync.copied() == []


def test_what_is_changed_there_comes_back_as_it_was(served: Served, season: str, tmp_path: Path):
    sync = Vdirsyncer(served, "camille", tmp_path)
    sync("discover")
    sync.copied()
    before = sync.files("mine")
    name = next(iter(before))
    (tmp_path / "calendars" / "mine" / name).unlink()
    sync("sync")
    sync("sync")
    assert sorted(sync.files("mine").values()) == sorted(before.values())
    assert served.api("camille").get(f"/bookings/{season}").json["state"] == "option", "nothing is ended from afar"
