"""The command line, as a person or a script meets it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from booking.settings import ROOT, Environment
from booking.storage.database import Database
from tests.support.api import Api, in_process
from tests.support.builders import MakeBooking
from tests.support.pages import sign_in

LISIERE = "Compagnie Lisière"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*arguments: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)

    return invoke


def flask(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with nothing but these variables."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_a_new_token_is_all_that_is_printed_and_it_works(app: Flask, run: Run) -> None:
    result = run("tokens", "create", "camille@lisiere.example", "--name", "calendar script")

    token = result.stdout.strip()
    assert result.exit_code == 0
    assert result.stdout == f"{token}\n"
    assert result.stderr == ""
    me = Api(in_process(app.test_client()), token).get("/me")
    assert me.json["email"] == "camille@lisiere.example"


def test_a_token_for_nobody_is_refused_and_prints_nothing(run: Run) -> None:
    result = run("tokens", "create", "nobody@nowhere.example")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Nobody here has the address" in result.stderr


def test_a_person_is_let_in_with_a_password(app: Flask, run: Run) -> None:
    arguments = ("people", "create", "An@Buda.example", "--role", "manager", "--venue", "BUD", "--language", "nl")
    result = run(*arguments, typed="a long password\n")

    assert result.exit_code == 0, result.output
    client = app.test_client()
    sign_in(client, "an@buda.example", "a long password")


def test_a_person_is_let_in_with_an_invitation(app: Flask, run: Run) -> None:
    arguments = (
        "people",
        "create",
        "an@lisiere.example",
        "--role",
        "member",
        "--organisation",
        LISIERE,
    )
    result = run(*arguments)

    link = result.stdout.splitlines()[-1]
    assert link.startswith("http://localhost/invitation/")
    assert app.test_client().get(link).status_code == 200


def test_a_second_role_keeps_name_and_password(app: Flask, run: Run) -> None:
    result = run("people", "create", "camille@lisiere.example", "--role", "technician", "--venue", "BUD")

    assert result.exit_code == 0
    assert "invitation" not in result.stdout
    sign_in(app.test_client(), "camille@lisiere.example")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("an@buda.example", "--role", "manager"), "--venue CODE"),
        (("an@buda.example", "--role", "manager", "--venue", "XXX"), "no house 'XXX'"),
        (
            ("an@buda.example", "--role", "manager", "--venue", "BUD", "--organisation", LISIERE),
            "--venue",
        ),
        (("an@buda.example", "--role", "member"), "--organisation NAME"),
        (("an@buda.example", "--role", "member", "--organisation", "Nobody"), "no company 'Nobody'"),
        (("an@buda.example", "--role", "coordinator", "--venue", "BUD"), "belongs to no house"),
        (("an@buda.example", "--role", "emperor"), "emperor"),
        (("no address", "--role", "admin"), "is no e-mail address"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    run: Run, database: Database, arguments: tuple[str, ...], words: str
) -> None:
    result = run("people", "create", *arguments)

    assert result.exit_code != 0
    assert words in result.stderr
    with database.read() as connection:
        known = connection.exec_driver_sql("SELECT count(*) FROM person WHERE email = 'an@buda.example'").scalar()
    assert known == 0


def test_a_password_that_is_too_short_is_refused(run: Run) -> None:
    result = run("people", "create", "an@emerge.example", "--role", "admin", typed="short\n")

    assert result.exit_code == 1
    assert "at least 10 characters" in result.stderr


def test_loading_the_demo_world_again_changes_nothing(run: Run) -> None:
    assert "was there already" in run("demo", "load").stdout


def test_stories_are_told_once(run: Run, database: Database) -> None:
    assert "new bookings" in run("demo", "load", "--stories").stdout
    assert "told already" in run("demo", "load", "--stories").stdout


def test_a_synthetic_world_has_the_size_that_was_asked(run: Run, database: Database) -> None:
    result = run("demo", "load", "--venues", "2", "--resources", "20", "--bookings", "300", "--years", "1")

    assert "2 houses, 20 resources, 300 bookings" in result.stdout, result.output
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM booking").scalar() == 300


def test_demo_data_is_refused_in_production(database_url: str, build: Callable[..., Flask]) -> None:
    app = build(database_url, environment=Environment.PRODUCTION)
    result = app.test_cli_runner().invoke(args=["demo", "load", "--stories"])

    assert result.exit_code == 1
    assert "refused" in result.stderr


def test_the_doctor_is_content_with_a_sound_deployment(database_url: str) -> None:
    result = flask("doctor", DATABASE_URL=database_url)

    assert result.returncode == 0, result.stdout
    assert "WRONG" not in result.stdout
    assert "Time zones" in result.stdout


def test_the_doctor_finds_demo_people_in_production(database_url: str, build: Callable[..., Flask]) -> None:
    result = build(database_url, environment=Environment.PRODUCTION).test_cli_runner().invoke(args=["doctor"])

    assert result.exit_code == 1
    assert "can sign in with the demo password" in result.stdout


def test_the_doctor_names_a_database_that_does_not_answer_without_its_password() -> None:
    result = flask("doctor", DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/none")

    assert result.returncode == 1
    assert "cannot be used" in result.stdout
    assert "hidden" not in result.stdout + result.stderr


def test_a_configuration_that_cannot_be_used_is_told_in_words() -> None:
    result = flask("doctor", ENVIRONMENT="production", PORT="many")

    assert result.returncode == 1
    assert "SECRET_KEY must be set" in result.stderr
    assert "PORT is 'many'" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_is_made_from_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/down/emerge.db"

    assert "from nothing to" in flask("db", "upgrade", DATABASE_URL=url).stdout
    assert "the newest" in flask("db", "upgrade", DATABASE_URL=url).stdout


def test_many_who_migrate_at_once_end_at_one_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/emerge.db"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    several = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    assert [process.communicate()[1] for process in several] == [b""] * 3
    assert [process.returncode for process in several] == [0] * 3


def test_the_worker_says_what_it_did_of_each_kind(run: Run, a_booking: MakeBooking) -> None:
    a_booking()

    assert "events handled: 1" in run("worker", "--once").stdout.splitlines()
    assert "events handled: 0" in run("worker", "--once").stdout.splitlines()
