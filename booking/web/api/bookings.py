"""Bookings and their verbs."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import Response

from booking.domain.refusals import Malformed, NotFound
from booking.domain.states import State, Verb
from booking.services import asking, bookings, changing
from booking.services.answering import Answer, perform
from booking.storage.registers import BookingFilter
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, page_answer, read_id
from booking.web.api.documents import asked_document, booking_document, local
from booking.web.api.schemas import (
    BookingAnswer,
    BookingList,
    BookingPatch,
    BookingPost,
    BookingQuery,
    HistoryAnswer,
    VerbPost,
    change_of,
    terms_of,
)
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("bookings", "What organisations ask of venues, and what becomes of it.")


@blueprint.on("POST")
@blueprint.takes(BookingPost)
@blueprint.gives(201, BookingAnswer)
def post_booking(body: dict[str, Any]) -> Response:
    """Ask for one or more claims of one venue: all of them, or none."""
    person, terms, at = require_viewer(), terms_of(body), now()

    def make(connection: Any) -> Created:
        made = asking.ask(connection, person, terms, at=at)
        return asked_document(made, terms, person, at), f"/api/v1/bookings/{made.id}", 1

    return create_once(person, make)


@blueprint.on("GET")
@blueprint.takes(BookingQuery, location="query")
@blueprint.gives(200, BookingList)
def list_bookings(asked: dict[str, Any]) -> Response:
    """The bookings you may know, in the order in which they were made."""
    person, limit = require_viewer(), asked["limit"]
    wanted = BookingFilter(
        states=_states(asked.get("state")),
        venue=asked.get("venue"),
        resource=asked.get("resource"),
        organisation=asked.get("organisation"),
        ends_after=_at(asked.get("from_")),
        starts_before=_at(asked.get("to")),
        after=read_id(asked["cursor"]) if "cursor" in asked else None,
        limit=limit + 1,
    )
    with database().read() as connection:
        rows = bookings.listing(connection, person, wanted)
    items = [booking_document(row, person) for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("GET", "/<booking_id>")
@blueprint.gives(200, BookingAnswer)
def get_booking(booking_id: str) -> Response:
    """One booking."""
    person = require_viewer()
    with database().read() as connection:
        row = bookings.find(connection, person, read_id(booking_id))
    return item_answer(booking_document(row, person), revision=row.revision)


@blueprint.on("PATCH", "/<booking_id>")
@blueprint.takes(BookingPatch)
@blueprint.gives(200, BookingAnswer)
def patch_booking(body: dict[str, Any], booking_id: str) -> Response:
    """Change its words or its claims. A company moves what is open; what is confirmed is moved by the house."""
    person, wanted, at, revision = require_viewer(), change_of(body), now(), wanted_revisions()
    row = database().write(
        lambda connection: changing.change(
            connection, person, read_id(booking_id), wanted, at=at, if_match=revision
        )
    )
    return item_answer(booking_document(row, person), revision=row.revision)


@blueprint.on("GET", "/<booking_id>/history")
@blueprint.gives(200, HistoryAnswer)
def get_history(booking_id: str) -> Response:
    """Who, when, old, new, why: oldest first, never changed."""
    person = require_viewer()
    with database().read() as connection:
        row = bookings.find(connection, person, read_id(booking_id))
        items = bookings.history(connection, person, row.id)
    documents = [
        {
            "at": local(item.at, row.zone),
            "by": item.by,
            "kind": item.kind,
            "old": item.old,
            "new": item.new,
            "why": item.why,
        }
        for item in items
    ]
    return json_answer({"items": documents, "next": None})


@blueprint.on("POST", "/<booking_id>/<verb>")
@blueprint.takes(VerbPost)
@blueprint.gives(200, BookingAnswer)
def post_verb(body: dict[str, Any], booking_id: str, verb: str) -> Response:
    """House: grant, confirm, decline. Company: withdraw. Both: release, cancel."""
    if verb not in set(Verb):
        raise NotFound
    person, answer, at, revision = require_viewer(), Answer(**body), now(), wanted_revisions()
    row = database().write(
        lambda connection: perform(
            connection, person, read_id(booking_id), Verb(verb), answer, at=at, if_match=revision
        )
    )
    return item_answer(booking_document(row, person), revision=row.revision)


def _states(text: str | None) -> set[State] | None:
    if text is None:
        return None
    try:
        return {State(each) for each in text.split(",")}
    except ValueError as error:
        raise Malformed({"state": ["unknown"]}) from error


def _at(moment: date | None) -> datetime | None:
    """A plain date in a filter counts from midnight UTC."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC)
