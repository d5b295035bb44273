"""Clients of calendars that others wrote, in an environment of their own; and what they say when they run."""

import os
import subprocess
from pathlib import Path

from booking.settings import ROOT
from tests.support.api import Api
from tests.support.machine import lacking

BIN = ROOT / ".venv-clients" / "bin"
HOW_TO_GET_THEM = "needs vdirsyncer and the caldav client: `make test` puts them into .venv-clients"
PATIENCE = 120


def run(name: str, *arguments: str, folder: Path) -> str:
    """What the program says when all is well; it finds nothing of whoever runs the tests."""
    program = BIN / name
    if not program.exists():
        lacking(HOW_TO_GET_THEM)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(program), *arguments],
        check=False,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, f"{name} {arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def a_key(api: Api) -> tuple[str, str]:
    """A user name and a password for calendar apps."""
    made = api.post("/me/app-tokens", {"name": "test"})
    assert made.status == 201, made
    return made.json["user"], made.json["token"]
