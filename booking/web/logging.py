"""One line of log per thing that happened, and one per request, with the request's id.

Locally the lines are for eyes, in production they are JSON. No line holds what people typed,
a token, a cookie or a query string: of a request only the route, its outcome and its duration.
"""

import logging
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from booking.settings import Settings
from booking.storage.base import new_id

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
"""What a proxy may hand us as X-Request-Id; anything else gets an id of our own."""

NOWHERE = "none"
"""Of an address that is none of ours: it may be one of ours with a slip in it, and hold a feed's token."""

QUIET = frozenset({"health.healthz", "health.readyz", "metrics.metrics", "static"})
"""Asked for all day by machines and for every page: logged only when something is wrong."""

TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Without local variables: those hold what people typed, and sometimes a token."""

log = structlog.stdlib.get_logger("emerge.request")


class ToStandardError(logging.Handler):
    """Writes to what standard error is at that moment, which tests exchange."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 -- as every handler of the standard library: logging never breaks work
            self.handleError(record)


def configure(settings: Settings) -> None:
    """Send everything that is logged, by us or by libraries, through one handler. May be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor]
    if settings.is_production:
        last = [TRACEBACKS, structlog.processors.JSONRenderer()]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = ToStandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if not isinstance(each, ToStandardError)] + [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("emerge").setLevel(settings.log_level)


def install_logging(app: Flask, settings: Settings) -> None:
    """Number and log every request of this app."""
    configure(settings)
    app.logger.handlers.clear()  # Flask adds its own when it finds none; ours is on the root
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if GIVEN_ID.match(given) else new_id().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response  # refused before anything of ours ran
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint in QUIET and response.status_code < 500:
        return response
    log.info(
        "request",
        method=_word(request.method),
        route=request.url_rule.rule if request.url_rule else NOWHERE,
        status=response.status_code,
        ms=round((time.perf_counter() - g.began) * 1000, 1),
    )
    return response


def _word(method: str) -> str:
    return method if method.isascii() and method.isalpha() and len(method) <= 10 else "?"
