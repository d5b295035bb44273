"""The door in front of Flask: a feed that has not changed is answered from memory.

Calendar apps ask all day and are told the same nearly every time. While nothing was committed and
nothing is due, one statement that reads no row says so, and the answer is octets that lie there.
Whatever is not that simple (an unknown address, a change, trouble) goes through Flask, as everything does.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from structlog import get_logger

from booking.clock import Clock
from booking.storage.base import new_id
from booking.web.context import parts_of
from booking.web.metrics import Meters
from booking.web.security import HEADERS, TRANSPORT
from calendars.web.desk import FeedDesk
from calendars.web.documents import Said

log = get_logger("emerge.feeds")

PREFIX = "/feeds/"
KINDS = {".ics": "ics", ".ifb": "ifb"}
ENDPOINTS = {"ics": "feeds.calendar", "ifb": "feeds.free_busy"}
"""As Flask counts them."""

LINES = {status: f"{status} {HTTPStatus(status).phrase}" for status in (200, 304)}
ALWAYS = list(HEADERS.items())


class FeedDoor:
    """A WSGI application (PEP 3333) around another."""

    def __init__(self, inner: WSGIApplication, desk: FeedDesk, clock: Clock, meters: Meters) -> None:
        self._inner = inner
        self._desk = desk
        self._clock = clock
        self._meters = meters
        self._counted: dict[tuple[str, str, int], Callable[[], None]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        method: str = environ["REQUEST_METHOD"]
        kind = KINDS.get(path[-4:]) if path.startswith(PREFIX) and method in ("GET", "HEAD") else None
        if kind is None:
            return self._inner(environ, start_response)
        began = time.perf_counter()
        said = self._said(path[len(PREFIX) : -4], kind, environ)
        if said is None:
            return self._inner(environ, start_response)
        start_response(LINES[said.status], _headers(said, environ))
        self._count(method, kind, said.status, time.perf_counter() - began)
        return [said.body] if method == "GET" else []

    def _said(self, token: str, kind: str, environ: Mapping[str, str]) -> Said | None:
        try:
            document = self._desk.at_hand(token, kind, at=self._clock())
        except Exception as error:  # noqa: BLE001 -- whatever the driver raises: Flask's way meets it again
            log.warning("feed not from memory", error=type(error).__name__)
            return None
        return document.answer(environ) if document is not None else None

    def _count(self, method: str, kind: str, status: int, seconds: float) -> None:
        endpoint = ENDPOINTS[kind]
        count = self._counted.get((method, endpoint, status))
        if count is None:
            count = self._meters.requests.labels(method, endpoint, status).inc
            self._counted[method, endpoint, status] = count
        count()
        self._meters.seconds.labels(endpoint).observe(seconds)


def _headers(said: Said, environ: WSGIEnvironment) -> list[tuple[str, str]]:
    """What Flask's way adds too. The id is there to be told; a feed from memory is counted, not logged."""
    headers = [*said.headers, *ALWAYS, ("X-Request-Id", new_id().hex)]
    if said.status == HTTPStatus.OK:
        headers.append(("Content-Length", str(len(said.body))))
    if environ.get("wsgi.url_scheme") == "https":
        headers.append(TRANSPORT)
    return headers


def install(app: Flask, desk: FeedDesk) -> None:
    """Hang it before everything else."""
    meters: Meters = app.extensions["meters"]
    app.wsgi_app = FeedDoor(app.wsgi_app, desk, parts_of(app).clock, meters)  # type: ignore[method-assign]  # as Flask documents
