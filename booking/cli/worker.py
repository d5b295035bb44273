"""`flask --app wsgi worker`"""

import signal
from collections.abc import Sequence

import click
from flask.cli import with_appcontext
from structlog import get_logger

from booking.jobs import Job, Worker, run_once
from booking.web.context import database, parts

log = get_logger("emerge.worker")


def worker_command(jobs: Sequence[Job]) -> click.Command:
    """The command that does these jobs."""

    @click.command("worker")
    @click.option("--once", is_flag=True, help="Do what is due, once, and say how much that was.")
    @with_appcontext
    def command(*, once: bool) -> None:
        """Do due work: for ever, or --once."""
        if once:
            for name, count in run_once(jobs, database(), parts().clock):
                click.echo(f"{name}: {count}")
        else:
            _for_ever(Worker(jobs, database(), parts().clock))

    return command


def _for_ever(worker: Worker) -> None:
    """Until SIGINT or SIGTERM; what is being done is finished first."""
    stops = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)  # before the threads start, which inherit it
    worker.start()
    log.info("worker started")
    signal.sigwait(stops)
    worker.stop()
    log.info("worker stopped")
