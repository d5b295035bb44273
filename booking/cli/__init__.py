"""The command line: `flask --app wsgi …` (`contract.md`, Command line)."""

from collections.abc import Sequence

from flask import Flask

from booking.cli import database, demo, doctor, people, serve, worker
from booking.jobs import Job


def install(app: Flask, jobs: Sequence[Job]) -> None:
    """Add all commands. `jobs`: everything that the worker does, in the order in which it does it once."""
    for command in (database.group, demo.group, people.people, people.tokens, doctor.command, serve.command):
        app.cli.add_command(command)
    app.cli.add_command(worker.command_for(jobs))
