"""What is known already is answered before Flask is asked, as WhiteNoise does for static files.

Calendar apps ask all day for what has not changed. That needs one statement and no session, no
language, no routing; whatever is not in memory (any more) goes on to `served.py`. Every request is
counted; none of these is logged, as with `/healthz`.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from booking.clock import Clock
from booking.web.metrics import Meters
from booking.web.security import HEADERS
from calendars.web.desk import FeedDesk
from calendars.web.documents import Document, Said

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

ADDRESS = re.compile(r"/feeds/([^/]+)\.(ics|ifb)")
ENDPOINTS = {"ics": "feeds.calendar", "ifb": "feeds.free_busy"}
STATUS = {200: "200 OK", 304: "304 Not Modified"}


class FromMemory:
    """WSGI middleware (PEP 3333)."""

    def __init__(self, app: Flask, desk: FeedDesk, clock: Clock) -> None:
        self._next: Wsgi = app.wsgi_app
        self._desk = desk
        self._clock = clock
        self._meters: Meters = app.extensions["meters"]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand on."""
        method = environ["REQUEST_METHOD"]
        wanted = ADDRESS.fullmatch(environ.get("PATH_INFO", "")) if method in ("GET", "HEAD") else None
        if wanted is None:
            return self._next(environ, start_response)
        began = perf_counter()
        document = self._remembered(wanted[1], wanted[2])
        if document is None:
            return self._next(environ, start_response)
        said = document.answer(environ)
        start_response(STATUS[said.status], self._headers(said, environ))
        self._meters.requests.labels(method, ENDPOINTS[wanted[2]], said.status).inc()
        self._meters.seconds.labels(ENDPOINTS[wanted[2]]).observe(perf_counter() - began)
        return [b"" if method == "HEAD" else said.body]

    def _remembered(self, token: str, kind: str) -> Document | None:
        try:
            return self._desk.remembered(token, kind, at=self._clock())
        except SQLAlchemyError:
            return None  # the view meets the same trouble, and has words for it

    def _headers(self, said: Said, environ: Environ) -> list[tuple[str, str]]:
        headers = [*said.headers, *HEADERS.items()]
        if said.status == HTTPStatus.OK:
            headers.append(("Content-Length", str(len(said.body))))
        if environ.get("wsgi.url_scheme") == "https":
            headers.append(("Strict-Transport-Security", "max-age=31536000"))
        return headers
