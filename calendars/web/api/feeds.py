"""POST, GET and DELETE /feeds."""

from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response
from sqlalchemy import Connection

from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.fields import Choice, Flag, Strict, Text
from booking.web.context import database, now, require_viewer
from booking.web.languages import LANGUAGES
from calendars.domain.showing import Detail
from calendars.services import feeds
from calendars.services.feeds import SCOPES, Asked
from calendars.storage.feeds import FeedRow
from calendars.web.addresses import address, new_address, webcal
from calendars.web.making import make

blueprint = ApiBlueprint("feeds", "Addresses under which calendar apps read bookings.")


class FeedPost(Strict):
    """`code`: of a resource or a venue, or the id of an organisation or a trajectory; none for `me`.

    `expiring` and `crew` are about everything that is yours, or about one venue where you work; `expiring`
    also about one organisation of yours.
    `detail`: busy, titles or full; of others' bookings a feed never tells more than that a place is taken.
    `imported`: whether places and houses show what their own calendars block. Leave it out in the tool that
    those calendars come from: everything would stand there twice.
    """

    scope = Choice(SCOPES, required=True)
    code = Text(longest=100, allow_none=True, load_default=None)
    detail = Choice(Detail, load_default=Detail.TITLES)
    language = Choice(LANGUAGES, load_default=None)
    imported = Flag(load_default=True)


class FeedAnswer(ma.Schema):
    """A feed. `url` is a secret: whoever has it reads the feed. It ends in `.ics`; `.ifb` is free/busy time."""

    id = ma.fields.UUID()
    scope = ma.fields.String()
    code = ma.fields.String(allow_none=True)
    detail = ma.fields.String()
    language = ma.fields.String()
    imported = ma.fields.Boolean()
    url = ma.fields.Url(allow_none=True)
    webcal_url = ma.fields.String(allow_none=True)
    created_at = ma.fields.DateTime()


class FeedList(ma.Schema):
    """Newest first."""

    items = ma.fields.List(ma.fields.Nested(FeedAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(FeedPost)
@blueprint.gives(201, FeedAnswer)
def post_feed(body: dict[str, Any]) -> Response:
    """Make an address for one resource, venue, organisation or trajectory, or for what is yours."""
    person, at = require_viewer(), now()
    language = body["language"] or person.language
    asked = Asked(body["scope"], body["code"], Detail(body["detail"]), language, body["imported"])

    def made(connection: Connection) -> Created:
        row = make(connection, person, asked, at=at)
        return document(row), f"/api/v1/feeds/{row.id}", None

    return _with_address(create_once(person, made))


@blueprint.on("GET")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, FeedList)
def list_feeds(asked: dict[str, Any]) -> Response:
    """Your feeds, newest first."""
    person, limit = require_viewer(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        rows = feeds.listing(connection, person, before=before, limit=limit + 1)
    items = [{**document(row), **links(address(row))} for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("DELETE", "/<feed_id>")
@blueprint.gives(204)
def delete_feed(feed_id: str) -> Response:
    """Revoke it: its address answers 404 at once."""
    person, wanted = require_viewer(), read_id(feed_id)
    database().write(lambda connection: feeds.revoke(connection, person, wanted))
    return Response(status=204)


def document(row: FeedRow) -> dict[str, Any]:
    """One feed as JSON, without its address: answers are kept for repeated requests, secrets are not."""
    organisation = str(row.organisation_id) if row.organisation_id else None
    trajectory = str(row.trajectory_id) if row.trajectory_id else None
    return {
        "id": str(row.id),
        "scope": row.scope,
        "code": row.resource or row.venue or trajectory or organisation,
        "detail": row.detail,
        "language": row.language,
        "imported": row.imported,
        "created_at": row.created_at.isoformat(),
    }


def links(url: str | None) -> dict[str, str | None]:
    """The address, and the same for calendar apps; nothing when it can be told no more."""
    return {"url": url, "webcal_url": webcal(url) if url else None}


def _with_address(answer: Response) -> Response:
    made = orjson.loads(answer.get_data())
    answer.set_data(orjson.dumps({**made, **links(new_address(UUID(made["id"])))}))
    return answer
