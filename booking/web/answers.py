"""JSON in and out: fast, strict, and the same shape for every no."""

import hashlib
import re
from typing import Any

import orjson
from flask import Flask, Response, request
from flask.json.provider import JSONProvider

from booking.web.refusals import Problem

REVISION = re.compile(r"[0-9]{1,18}")


class StrictJson(JSONProvider):
    """orjson: RFC 8259 to the letter; nesting has a bottom, NaN and lone surrogates are refused."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return json_answer(self._prepare_response_obj(args, kwargs))


def json_answer(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; dates, instants and UUIDs as RFC 3339 and RFC 9562 text."""
    return Response(
        orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE),
        status=status,
        headers=headers,
        mimetype="application/json",
    )


def problem_answer(problem: Problem) -> Response:
    """A problem document (RFC 9457); `type` names the kind of problem in our own documentation."""
    document = {
        "type": f"/docs/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **problem.facts,
    }
    answer = Response(orjson.dumps(document), status=problem.status, mimetype="application/problem+json")
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="EMERGE Booking"'
    return answer


def item_answer(document: Any, *, status: int = 200, revision: int | None = None) -> Response:
    """One item with its ETag: its revision, or a digest of what is answered. 304 when the reader has it."""
    answer = json_answer(document, status)
    tag = str(revision) if revision is not None else hashlib.sha256(answer.get_data()).hexdigest()[:24]
    answer.set_etag(tag)
    if request.method in ("GET", "HEAD"):
        answer.make_conditional(request)
    return answer


def wanted_revisions() -> frozenset[int] | None:
    """The revisions that If-Match names, any of which will do (RFC 9110 §13.1.1); None: nothing is asked."""
    if not request.if_match or request.if_match.star_tag:
        return None
    return frozenset(int(tag) for tag in request.if_match if REVISION.fullmatch(tag or ""))


def install_json(app: Flask) -> None:
    """Use it for everything."""
    app.json = StrictJson(app)
