"""Alive, ready, and whom to write to about a weakness."""

from datetime import timedelta
from email.utils import parseaddr

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from booking.storage import migrations
from booking.web.context import database, now, parts

blueprint = Blueprint("health", __name__)
log = get_logger("emerge.health")

HALF_A_YEAR = timedelta(days=180)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """This process answers; nothing else is asked."""
    return {"status": "alive"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when the database answers and its schema is the one that this program knows, else 503 and why."""
    problem = _problem()
    if problem is None:
        return {"status": "ready"}
    log.warning("not ready", why=problem)
    return {"status": "not ready", "why": problem}, 503


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """RFC 9116: whom to tell about a weakness; always valid for another half a year."""
    settings = parts().settings
    _, address = parseaddr(settings.mail_from)
    expires = (now() + HALF_A_YEAR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: mailto:{address}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, fr, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    return Response("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")


def _problem() -> str | None:
    try:
        with database().read() as connection:
            current = migrations.current(connection)
    except SQLAlchemyError:
        return "the database does not answer"
    if current != migrations.head():
        return f"the schema is at {current or 'nothing'} and not at {migrations.head()}: db upgrade is due"
    return None
