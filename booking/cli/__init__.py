"""The command line: `flask --app wsgi …`."""

from collections.abc import Sequence

from flask import Flask

from booking.cli.database import db_group
from booking.cli.demo import demo_group
from booking.cli.doctor import doctor_command
from booking.cli.people import people_group, tokens_group
from booking.cli.serve import serve_command
from booking.cli.worker import worker_command
from booking.jobs import Job


def install(app: Flask, jobs: Sequence[Job]) -> None:
    """Add all commands. `jobs`: everything that the worker does, in the order in which it does it once."""
    commands = (
        db_group,
        demo_group,
        people_group,
        tokens_group,
        doctor_command,
        serve_command,
        worker_command(jobs),
    )
    for command in commands:
        app.cli.add_command(command)
