"""Every no, on its way out: problem documents for machines, pages for people, one line for the log."""

from flask import Flask, Response, make_response, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from structlog import get_logger
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from booking.domain.refusals import CannotBeHad, Refusal
from booking.domain.ways_out import WayOut
from booking.storage.database import broken_constraint, guarded
from booking.web.answers import problem_answer
from booking.web.context import database, is_api, now, parts, viewer
from booking.web.pages.errors import error_page
from booking.web.pages.kept_forms import being_sent, come_back
from booking.web.pages.sign_in import sign_in_page
from booking.web.refusals import Problem, problem_of, problem_of_http

log = get_logger(__name__)

BUSY_SQLSTATES = {"55P03", "40P01", "40001", "57014"}
"""lock_not_available, deadlock_detected, serialization_failure, query_canceled"""


def install_failures(app: Flask) -> None:
    """One handler per kind of no."""
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, answer_outdated)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(DBAPIError, _answer_database)


def answer_refusal(refusal: Refusal) -> Response:
    """A rule said no; where days or rooms are the reason, machines are told the ways out."""
    if is_api() and isinstance(refusal, CannotBeHad):
        return _answer(problem_of(refusal, alternatives_to(refusal)))
    return _answer(problem_of(refusal))


def alternatives_to(refusal: CannotBeHad) -> list[WayOut]:
    """Looked for once the refused transaction is over: nothing waits for it."""
    person = viewer()
    if refusal.asked is None or person is None:
        return []
    codes = {claim.resource for claim in refusal.asked.claims}
    with database().look() as connection:
        return parts().ways.of_terms(
            connection,
            person,
            refusal.asked,
            [each for each in refusal.conflicts if each.resource in codes],
            at=now(),
            besides=refusal.besides,
            neighbours=refusal.neighbours,
        )


def answer_outdated(error: CSRFError) -> Response:
    """A form from a session that is over: what was typed into it is kept, until somebody has signed in."""
    kept = None if is_api() else being_sent()
    if kept is None:
        return answer_http(error)
    person = viewer()
    if person is not None:
        return make_response(come_back(person, kept))
    return make_response(sign_in_page(None, kept=kept), 401)


def answer_http(error: HTTPException) -> Response:
    """HTTP said no, or we broke (500: Flask has logged the traceback)."""
    if error.code is not None and error.code < 400:
        return Response(response=error.get_body(), status=error.code, headers=error.get_headers())
    answer = _answer(problem_of_http(error))
    answer.headers.extend((name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After"))
    return answer


def _answer_database(error: DBAPIError) -> Response:
    if getattr(error.orig, "sqlstate", None) in BUSY_SQLSTATES:
        log.warning("database busy", route=_route())
        return answer_http(ServiceUnavailable())
    if guarded(error):  # the rules saw nothing, the database has the last word
        log.warning("guard refused", route=_route(), guard=broken_constraint(error))
        title = gettext("This cannot be had")
        return _answer(Problem(409, "time-taken", title, gettext("Somebody else was faster."), {"conflicts": []}))
    log.error("database failed", route=_route(), exc_info=error)
    return answer_http(InternalServerError())


def _route() -> str | None:
    """The rule and not the path: an invitation's path is its secret."""
    return request.url_rule.rule if request.url_rule else None


def _answer(problem: Problem) -> Response:
    return problem_answer(problem) if is_api() else error_page(problem.status, problem.detail)
