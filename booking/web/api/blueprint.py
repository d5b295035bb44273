"""What all endpoints share: strict reading of what is sent, paging, and answering a repeat alike."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, cast
from urllib.parse import urlencode
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Request, Response, request
from flask_smorest import Blueprint
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, Unauthorized, UnsupportedMediaType

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.services import sealing
from booking.storage import kept_answers
from booking.web.answers import item_answer, json_answer
from booking.web.context import database, now, parts, viewer

PREFIX = "/api/v1"
LARGEST_PAGE = 200
LONGEST_KEY = 200
SEALED = "sealed"
"""Under which a kept answer stands: it may hold a secret that is told once."""

MOST_VALUES = 2000
"""In one body: a hundred claims with everything that can be said of them are half of it. Telling what is
wrong with each of a million would take minutes, so more is refused unread."""

LIBRARYS_OWN = {
    "Unknown field.": "unknown-field",
    "Missing data for required field.": "required",
    "Field may not be null.": "required",
}


View = Callable[..., Response]
Decorator = Callable[[View], View]


class StrictParser(FlaskParser):
    """Unknown fields are refused, everywhere; errors become one refusal with a flat list of paths."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.RAISE, "query": ma.RAISE, "view_args": ma.RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return {}
        if not req.is_json:
            raise UnsupportedMediaType
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequest from error
        if holds_more_than(MOST_VALUES, document):
            raise Malformed({"body": ["too-many"]})
        return document

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        if request.method != "GET" and viewer() is None:
            raise Unauthorized from error  # who may not write is not told how to
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own gap
        raise Malformed(dict(flattened(next(iter(messages.values()), {})))) from error


def holds_more_than(most: int, document: Any) -> bool:
    """Whether a JSON document has more values than that, at whatever depth.

    >>> holds_more_than(3, {"claims": [{"resource": "BUD-S1"}]}), holds_more_than(2, [1, 2, 3])
    (False, True)
    """
    count, waiting = 0, [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (dict, list)):
            count += len(each)
            if count > most:
                return True
            waiting.extend(each.values() if isinstance(each, dict) else each)
    return False


def flattened(messages: Any, path: str = "") -> Sequence[tuple[str, list[str]]]:
    """marshmallow's nested messages as `claims.0.start` → codes.

    >>> flattened({"claims": {0: {"start": ["naive-time"]}}})
    [('claims.0.start', ['naive-time'])]
    """
    if isinstance(messages, Mapping):
        return [
            each
            for key, inner in messages.items()
            for each in flattened(inner, path if key == "_schema" else f"{path}.{key}".lstrip("."))
        ]
    return [(path or "body", [_code(str(message)) for message in messages])]


def _code(message: str) -> str:
    """Our own fields fail with codes; what the library's fail with is a sentence, in English alone."""
    return LIBRARYS_OWN.get(message, "wrong-type") if " " in message else message


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint under `/api/v1` that reads strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str, *, under: str | None = None) -> None:
        """`under`: the address below `/api/v1`, where it is not the name."""
        place = f"{PREFIX}/{name if under is None else under}".rstrip("/")
        super().__init__(f"api-{name}", __name__, url_prefix=place, description=description)

    def on(self, method: str, rule: str = "") -> Decorator:
        """The endpoint of one method at one address below the blueprint's own; the view names the operation."""
        route = self.route(rule, methods=[method])
        return lambda view: cast(View, route(self.doc(operationId=view.__name__)(view)))

    def takes(self, schema: type[ma.Schema], *, location: str = "json") -> Decorator:
        """Hand the checked body (or query) to the view as its first argument."""
        return cast(Decorator, self.arguments(schema(), location=location))  # made once, not for every request

    def gives(self, status: int, schema: type[ma.Schema] | None = None) -> Decorator:
        """What the endpoint answers, for the documentation: views make their answers themselves."""
        return cast(Decorator, self.response(status, schema))


class ProblemSchema(ma.Schema):
    """A problem document (RFC 9457)."""

    class Meta:
        """Every problem has facts of its own."""

        unknown = ma.INCLUDE

    type = ma.fields.String()
    title = ma.fields.String()
    status = ma.fields.Integer()
    detail = ma.fields.String()
    code = ma.fields.String()
    errors = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))
    conflicts = ma.fields.List(ma.fields.Dict())


class PageArgs(ma.Schema):
    """Where a list goes on, and how much of it."""

    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, LARGEST_PAGE, error="out-of-range"))
    cursor = ma.fields.String(validate=ma.validate.Length(max=100, error="too-long"))


def page_answer(
    items: Sequence[Mapping[str, Any]], *, limit: int, cursor: Callable[[Mapping[str, Any]], str]
) -> Response:
    """A list with its `next` (also as `Link`, RFC 8288). `items` may hold one more than `limit`."""
    shown = items[:limit]
    following = None
    if len(items) > limit:
        query = {**request.args.to_dict(), "cursor": cursor(shown[-1])}
        following = f"{request.url_root.rstrip('/')}{request.path}?{urlencode(query)}"
    headers = {"Link": f'<{following}>; rel="next"'} if following else None
    return json_answer({"items": shown, "next": following}, headers=headers)


def read_id(text: str) -> UUID:
    """An opaque id out of an address; what is none is not found."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


Created = tuple[dict[str, Any], str, int | None]
"""A document, its address, its revision."""


def create_once(
    person: Person,
    make: Callable[[Connection], Created],
    at_once: Callable[[Connection], Created | None] | None = None,
) -> Response:
    """Make it in one transaction; a repeat with the same Idempotency-Key gets the same answer.

    Malformed when the key was used for another request. `at_once`: tried before, where the database has a way past
    the pool and there is no answer to keep; None of it, and it is made after all.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        direct = database().direct
        made = at_once(direct.as_connection()) if at_once is not None and direct is not None else None
        return _created(*(made or database().write(make)))
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Malformed({"Idempotency-Key": ["too-long"]})
    try:
        return _created(*database().write(lambda connection: _kept(connection, person, key, make)))
    except IntegrityError:  # the same key, at the same moment: the other one's answer is there now
        return _created(*database().write(lambda connection: _kept(connection, person, key, make)))


def _kept(connection: Connection, person: Person, key: str, make: Callable[[Connection], Created]) -> Created:
    fingerprint = hashlib.sha256(request.path.encode() + b"\0" + _sent()).hexdigest()
    secret, purpose = parts().settings.secret_key, f"answer:{person.id}:{key}"
    kept = kept_answers.find(connection, person.id, key)
    if kept is not None:
        said = (
            sealing.unseal(secret, purpose, kept.body.get(SEALED, "")) if kept.fingerprint == fingerprint else None
        )
        if said is None:
            raise Malformed({"Idempotency-Key": ["other-body"]})
        return said, kept.address, kept.revision
    document, address, revision = make(connection)
    body = {SEALED: sealing.seal(secret, purpose, document)}
    kept_answers.keep(
        connection, person.id, key, fingerprint, body=body, address=address, revision=revision, at=now()
    )
    return document, address, revision


def _sent() -> bytes:
    """What makes a request the same as another: its body; of a form its parts, since a repeat has other boundaries
    between them."""
    if not request.files and not request.form:
        return request.get_data()
    said = [(name, value.encode()) for name, value in request.form.items(multi=True)]
    for name, file in request.files.items(multi=True):
        file.stream.seek(0)
        said += [(name, (file.filename or "").encode()), (name, hashlib.sha256(file.stream.read()).digest())]
    return repr(sorted(said)).encode()


def _created(document: dict[str, Any], address: str, revision: int | None) -> Response:
    answer = item_answer(document, status=201, revision=revision)
    answer.headers["Location"] = address
    return answer
