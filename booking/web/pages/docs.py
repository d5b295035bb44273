"""The API for people who read: every endpoint out of its own declaration, and every code of a no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext

from booking.web.pages.blueprint import pages

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a field of a body or an answer. `type` in JSON Schema's words."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `answers`: status → its document."""

    method: str
    path: str
    summary: str
    parameters: Sequence[Member]
    body: "Document"
    answers: Sequence[tuple[str, "Document"]]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


@dataclass(frozen=True, slots=True)
class Document:
    """What is sent or answered. `name`: of its declaration, which endpoints may share; "": it has none."""

    name: str
    fields: Sequence[Member]


PROBLEMS: Sequence[tuple[int, str, Any]] = (
    (
        400,
        "bad-request",
        lazy_gettext("The request could not be read: it is not JSON, or nests too deeply."),
    ),
    (401, "unauthorized", lazy_gettext("There is no token, or it is unknown or revoked.")),
    (403, "forbidden", lazy_gettext("You may see this, but only the other side may do it.")),
    (404, "not-found", lazy_gettext("It does not exist, or it is not yours to know: the same answer.")),
    (405, "method-not-allowed", lazy_gettext("The address is right, the method is not.")),
    (409, "wrong-state", lazy_gettext("The booking is in a state in which this cannot be done.")),
    (409, "time-taken", lazy_gettext("Somebody else has it then.")),
    (409, "capacity", lazy_gettext("There are not enough left; `short` says how many are missing.")),
    (409, "closed", lazy_gettext("The house is closed then.")),
    (409, "external-busy", lazy_gettext("The house uses it itself then.")),
    (409, "buffer", lazy_gettext("It needs its turnaround time beside another booking.")),
    (409, "outside-hours", lazy_gettext("People may not be in at that hour.")),
    (409, "rule", lazy_gettext("A rule of the house refuses it; `conflicts` says which.")),
    (409, "last-one", lazy_gettext("Nobody would be left to answer for the company or the house.")),
    (409, "in-use", lazy_gettext("It is held, so what it is made of cannot change now.")),
    (412, "stale", lazy_gettext("Somebody changed it since you read it: `If-Match` names another revision.")),
    (413, "request-entity-too-large", lazy_gettext("More than 1 MB at once.")),
    (415, "unsupported-media-type", lazy_gettext("The body is not sent as application/json.")),
    (422, "malformed", lazy_gettext("A value makes no sense; `errors` says which, by field.")),
    (422, "naive-time", lazy_gettext("A time came without its offset; it is refused, never guessed.")),
    (429, "too-many-requests", lazy_gettext("Wait a moment, then try again.")),
    (500, "internal-server-error", lazy_gettext("Our mistake. Nothing was changed.")),
    (503, "service-unavailable", lazy_gettext("Busy. Try again in a moment.")),
)
"""Every code that a problem document can carry, with its status and what it means."""


@pages.get("/docs")
def docs() -> Response:
    """Every endpoint, from the same declarations that check what is sent. 304 when the reader has the page."""
    spec = current_app.extensions["booking.api"].spec.to_dict()
    groups = operations(spec)
    page = make_response(render_template("docs.html", groups=groups, told_first=_told_first(groups)))
    page.add_etag(weak=True)  # it may travel compressed or not
    page.make_conditional(request)
    return page


@pages.get("/docs/problems")
def problems() -> str:
    """Every code of a no; `type` of a problem document leads here."""
    return render_template("docs-problems.html", problems=PROBLEMS)


def operations(spec: Mapping[str, Any]) -> Mapping[str, list[Operation]]:
    """The operations of an OpenAPI document by its first tag, in order."""
    groups: dict[str, list[Operation]] = {tag["description"]: [] for tag in spec["tags"]}
    names = {tag["name"]: tag["description"] for tag in spec["tags"]}
    for path, methods in spec["paths"].items():
        for method in METHODS:
            if method in methods:
                declared = methods[method]
                shared = methods.get("parameters", [])
                groups[names[declared["tags"][0]]].append(_operation(spec, method, path, declared, shared))
    return groups


def _told_first(groups: Mapping[str, Sequence[Operation]]) -> Mapping[str, Operation]:
    """Where each document stands: at the first endpoint that has it; all others lead there."""
    told: dict[str, Operation] = {}
    for each in (operation for group in groups.values() for operation in group):
        for document in (each.body, *(answer for _, answer in each.answers)):
            told.setdefault(document.name, each)
    return told


def _operation(
    spec: Mapping[str, Any], method: str, path: str, declared: Mapping[str, Any], shared: Sequence[Any]
) -> Operation:
    body = declared.get("requestBody", {}).get("content", {})
    parameters = [_resolved(spec, each) for each in (*shared, *declared.get("parameters", ()))]
    return Operation(
        method.upper(),
        path,
        " ".join(declared.get(name, "") for name in ("summary", "description")).strip(),
        [
            Member(each["name"], _type(each["schema"]), each.get("required", False), each.get("description", ""))
            for each in parameters
        ],
        _document(spec, body),
        [
            (status, _document(spec, answer.get("content", {})))
            for status, answer in ((key, _resolved(spec, each)) for key, each in declared["responses"].items())
            if status.startswith("2")
        ],
    )


def _document(spec: Mapping[str, Any], content: Mapping[str, Any]) -> Document:
    media: list[Mapping[str, Any]] = list(content.values())
    declared = media[0].get("schema", {}) if media else {}
    schema = _resolved(spec, declared)
    required = schema.get("required", ())
    return Document(
        _type(declared) if "$ref" in declared else "",
        [
            Member(name, _type(each), name in required, each.get("description", ""))
            for name, each in schema.get("properties", {}).items()
        ],
    )


def _resolved(spec: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = spec
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(f'"{each}"' for each in schema["enum"])
    kinds = schema.get("type", "any")
    kind = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{_type(schema['items'])}[]" if "items" in schema else kind
