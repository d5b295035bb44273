"""`/dav/` and `/.well-known/caldav`: who comes in, what they may ask, and every no in the words of WebDAV."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from booking.domain.people import Person
from booking.domain.refusals import NotFound, Refusal
from booking.services import settling
from booking.web.context import database, now, parts
from booking.web.security import csrf
from calendars.services import app_tokens
from calendars.web.dav.places import Kind, Place, Visit, place_at
from calendars.web.dav.properties import CALENDAR_TYPE
from calendars.web.dav.propfind import propfind
from calendars.web.dav.refusals import DavRefusal
from calendars.web.dav.report import report
from calendars.web.dav.xml import document, element, read
from calendars.web.desk import desk

blueprint = Blueprint("dav", __name__)
csrf.exempt(blueprint)
log = get_logger("emerge.dav")

ABILITIES = "1, 3, calendar-access"
READING = ("OPTIONS", "GET", "HEAD", "PROPFIND", "REPORT")
WRITING = (
    "PUT",
    "DELETE",
    "POST",
    "PATCH",
    "PROPPATCH",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "COPY",
    "LOCK",
    "UNLOCK",
    "ACL",
)
XML = "application/xml; charset=utf-8"


@blueprint.route("/.well-known/caldav", methods=[*READING, *WRITING])
def well_known() -> Response:
    """Where CalDAV is (RFC 6764 §5)."""
    return Response(status=301, headers={"Location": f"{parts().settings.base_url}/dav/"})


@blueprint.route("/", methods=["PROPFIND"], provide_automatic_options=False)
@blueprint.route("/dav/", methods=[*READING, *WRITING])
@blueprint.route("/dav/<path:_below>", methods=[*READING, *WRITING])
def dav(_below: str = "") -> Response:
    """One address, asked in one of the ways of WebDAV; whoever asks comes with a key of an app.

    An app that was told no more than our name asks at `/`, and loses its question on the way of a redirect.
    """
    if request.method == "OPTIONS":
        return _with_abilities(Response(status=200))
    settling.settle_due(database(), at=now())
    with database().read() as connection:
        person = _visitor(connection)
        if person is None:
            return _who_are_you()
        if request.method in WRITING:
            raise DavRefusal(403, "D:need-privileges")
        visit = Visit(person, connection, desk().writing, parts().settings.base_url, now(), database().write)
        return _with_abilities(VERBS[request.method](place_at(request.path, visit)))


def _visitor(connection: Connection) -> Person | None:
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    return app_tokens.visitor(connection, given.username or "", given.password or "")


def _propfind(place: Place) -> Response:
    body = propfind(place, read(request.get_data()), request.headers.get("Depth", "0"))
    return Response(body, 207, content_type=XML)


def _report(place: Place) -> Response:
    said = report(place, read(request.get_data()))
    if said.is_calendar:
        return Response(said.body, content_type="text/calendar; charset=utf-8")
    return Response(said.body, 207, content_type=XML)


def _get(place: Place) -> Response:
    """An item; a collection is no document, and has its feed for that."""
    if place.kind is not Kind.ITEM or place.item is None:
        raise DavRefusal(405)
    answer = Response(place.item.body, content_type=CALENDAR_TYPE, headers={"Cache-Control": "private, no-cache"})
    answer.set_etag(place.item.tag)
    answer.last_modified = max(event.modified for event in place.item.events)
    answer.make_conditional(request)
    return answer


VERBS: Mapping[str, Callable[[Place], Response]] = {
    "GET": _get,
    "HEAD": _get,
    "PROPFIND": _propfind,
    "REPORT": _report,
}


@blueprint.errorhandler(DavRefusal)
def refused(refusal: DavRefusal) -> Response:
    """A status, and the condition that did not hold."""
    body = document("D:error", [element(refusal.condition)]) if refusal.condition else b""
    return _with_abilities(Response(body, refusal.status, content_type=XML))


@blueprint.errorhandler(Refusal)
def not_found(refusal: Refusal) -> Response:
    """Unknown, or not yours to know: the same answer."""
    return _with_abilities(Response(status=404 if isinstance(refusal, NotFound) else 403))


@blueprint.errorhandler(HTTPException)
def http(error: HTTPException) -> Response:
    """What HTTP itself refuses."""
    return _with_abilities(Response(status=error.code or 500))


@blueprint.errorhandler(DBAPIError)
def without_database(error: DBAPIError) -> Response:
    """An app keeps what it has, and asks again."""
    log.error("caldav without database", exc_info=error)
    return Response(status=503, headers={"Retry-After": "300"})


def _who_are_you() -> Response:
    answer = Response("Your address of mail, and a key for calendar apps.\n", 401, mimetype="text/plain")
    answer.headers["WWW-Authenticate"] = 'Basic realm="EMERGE Booking", charset="UTF-8"'
    return answer


def _with_abilities(answer: Response) -> Response:
    answer.headers["DAV"] = ABILITIES
    answer.headers["Allow"] = ", ".join(READING)
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer
