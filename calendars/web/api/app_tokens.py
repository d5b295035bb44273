"""POST, GET and DELETE /me/app-tokens: keys with which calendar apps read over CalDAV."""

from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.fields import Strict, Text
from booking.web.context import database, now, parts, require_viewer
from calendars.services import app_tokens
from calendars.storage.app_tokens import AppTokenRow

blueprint = ApiBlueprint("me/app-tokens", "Keys with which calendar apps read over CalDAV, and nothing else.")


class AppTokenPost(Strict):
    """`name`: so that you know it again, such as the app or the telephone."""

    name = Text(longest=80, load_default="")


class AppTokenAnswer(ma.Schema):
    """A key; `token` is told this once. The app asks for `url`, `user` and `token`."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    created_at = ma.fields.DateTime()


class NewAppToken(AppTokenAnswer):
    """With what only its maker is told."""

    token = ma.fields.String()
    url = ma.fields.Url()
    user = ma.fields.String()


class AppTokenList(ma.Schema):
    """Newest first."""

    items = ma.fields.List(ma.fields.Nested(AppTokenAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(AppTokenPost)
@blueprint.gives(201, NewAppToken)
def post_app_token(body: dict[str, Any]) -> Response:
    """A new key; only this answer tells it."""
    person, at, name = require_viewer(), now(), body["name"]

    def made(connection: Connection) -> Created:
        token_id = app_tokens.new(connection, person, name, secret=parts().settings.secret_key, at=at)
        document = {"id": str(token_id), "name": name, "created_at": at.isoformat()}
        return document, f"/api/v1/me/app-tokens/{token_id}", None

    answer = create_once(person, made)
    document = orjson.loads(answer.get_data())
    answer.set_data(orjson.dumps({**document, **access(person, UUID(document["id"]))}))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def access(person: Person, token_id: UUID) -> dict[str, str]:
    """What an app asks for: answers are kept for repeated requests, secrets are not."""
    settings = parts().settings
    token = app_tokens.token_of(settings.secret_key, token_id)
    return {"token": token, "url": f"{settings.base_url}/dav/", "user": person.email}


@blueprint.on("GET")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, AppTokenList)
def list_app_tokens(asked: dict[str, Any]) -> Response:
    """Your keys, newest first."""
    person, limit = require_viewer(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        rows = app_tokens.listing(connection, person, before=before, limit=limit + 1)
    return page_answer([_document(row) for row in rows], limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("DELETE", "/<token_id>")
@blueprint.gives(204)
def delete_app_token(token_id: str) -> Response:
    """Revoke it: it opens nothing from now on."""
    person, wanted = require_viewer(), read_id(token_id)
    database().write(lambda connection: app_tokens.revoke(connection, person, wanted))
    return Response(status=204)


def _document(row: AppTokenRow) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "created_at": row.created_at.isoformat()}
