"""Bookings and their verbs."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import Response
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.domain.states import State, Verb
from booking.services import asking, bookings, contacts, duplicating, series, standing, warnings
from booking.services.answering import Answer, answer_challenge
from booking.services.standing import NOTHING
from booking.services.undoing import Offer, Press
from booking.storage.registers import BookingFilter, BookingRow
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, page_answer, read_id
from booking.web.api.documents import asked_document, booking_document, contact_document, local
from booking.web.api.recurring import post_series
from booking.web.api.schemas import (
    BookingAnswer,
    BookingList,
    BookingPatch,
    BookingPost,
    BookingQuery,
    ChallengeAnswerPost,
    ContactAnswer,
    DuplicatePost,
    HistoryAnswer,
    VerbPost,
    answer_of,
    change_of,
    terms_of,
)
from booking.web.api.undoing import undo_document
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("bookings", "What organisations ask of venues, and what becomes of it.")


@blueprint.on("POST")
@blueprint.takes(BookingPost)
@blueprint.gives(201, BookingAnswer)
def post_booking(body: dict[str, Any]) -> Response:
    """Ask for one or more claims of one venue: all of them, or none."""
    person, terms, at = require_viewer(), terms_of(body), now()
    if body["recurrence"] is not None:
        return post_series(person, terms, body["recurrence"], at)

    def told(made: asking.Asking) -> Created:
        return asked_document(made, terms, person, at), f"/api/v1/bookings/{made.id}", 1

    def at_once(connection: Connection) -> Created | None:
        made = asking.ask_at_once(connection, person, terms, at=at)
        return None if made is None else told(made)

    return create_once(person, lambda connection: told(asking.ask(connection, person, terms, at=at)), at_once)


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
        stand = standing.of(connection, rows, at=now())
    items = [booking_document(row, person, stand.get(row.id, NOTHING)) for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("GET", "/<booking_id>")
@blueprint.gives(200, BookingAnswer)
def get_booking(booking_id: str) -> Response:
    """One booking."""
    person = require_viewer()
    with database().read() as connection:
        return _answer(connection, bookings.find(connection, person, read_id(booking_id)), person)


@blueprint.on("PATCH", "/<booking_id>")
@blueprint.takes(BookingPatch)
@blueprint.gives(200, BookingAnswer)
def patch_booking(body: dict[str, Any], booking_id: str) -> Response:
    """Change its words or its claims. More of what is confirmed a company asks for, and the house answers."""
    person, wanted, at, revision = require_viewer(), change_of(body), now(), wanted_revisions()

    def work(connection: Connection) -> Response:
        booking, offer = read_id(booking_id), None

        def do() -> BookingRow:
            return series.change(connection, person, booking, wanted, body["scope"], at=at, if_match=revision)

        if body["undoable"]:
            row, offer = Press.of(person, at).move(connection, booking, do)
        else:
            row = do()
        return _answer(connection, row, person, offer)

    return database().write(work)


@blueprint.on("GET", "/<booking_id>/contact")
@blueprint.gives(200, ContactAnswer)
def get_contact(booking_id: str) -> Response:
    """Whom to call at the company: who asked, or who took over from them. All null for a house's own booking."""
    person = require_viewer()
    with database().read() as connection:
        row = bookings.find(connection, person, read_id(booking_id))
        found = contacts.of_booking(connection, row)
    return item_answer(contact_document(found, row.zone))


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


@blueprint.on("POST", "/<booking_id>/duplicate")
@blueprint.takes(DuplicatePost)
@blueprint.gives(201, BookingAnswer)
def post_duplicate(body: dict[str, Any], booking_id: str) -> Response:
    """The same again, as a booking of its own: on the same days, or from `start` on at the same hours."""
    person, at = require_viewer(), now()

    def make(connection: Connection) -> Created:
        made, terms = duplicating.duplicate(
            connection, person, read_id(booking_id), at=at, start=body["start"], title=body["title"]
        )
        return asked_document(made, terms, person, at), f"/api/v1/bookings/{made.id}", 1

    return create_once(person, make)


@blueprint.on("POST", "/<booking_id>/<verb>")
@blueprint.takes(VerbPost)
@blueprint.gives(200, BookingAnswer)
def post_verb(body: dict[str, Any], booking_id: str, verb: str) -> Response:
    """House: grant, confirm, decline, take-back, counter, order, refer. Company: commit, withdraw, challenge.

    Both: release (`from`, `to`, `resource` for a part), extend, cancel, accept, refuse.
    """
    if verb not in set(Verb):
        raise NotFound
    person, answer, at, revision = require_viewer(), answer_of(body), now(), wanted_revisions()

    def work(connection: Connection) -> Response:
        booking, scope, offer = read_id(booking_id), body["scope"], None
        said = Verb(verb)

        def do() -> BookingRow:
            return series.perform_on(connection, person, booking, said, answer, scope, at=at, if_match=revision)

        if body["undoable"] and said in (Verb.DECLINE, Verb.REFER):
            row, offer = Press.of(person, at).answer(connection, booking, said, do)
        else:
            row = do()
        return _answer(connection, row, person, offer)

    return database().write(work)


challenges = ApiBlueprint("challenges", "Who is ready to commit asks those before them to commit or to release.")


@challenges.on("POST", "/<challenge_id>/answer")
@challenges.takes(ChallengeAnswerPost)
@challenges.gives(200, BookingAnswer)
def post_challenge_answer(body: dict[str, Any], challenge_id: str) -> Response:
    """A challenged holder commits, or releases the contested days. Too late: 409 `wrong-state`."""
    person, says, answer, at = require_viewer(), Verb(body["answer"]), Answer(body["reason"]), now()

    def work(connection: Connection) -> Response:
        row = answer_challenge(connection, person, read_id(challenge_id), says, answer, at=at)
        return _answer(connection, row, person)

    return database().write(work)


def _answer(connection: Connection, row: BookingRow, person: Person, offer: Offer | None = None) -> Response:
    """A booking with its place in the queue, and the way back from what was done to it just now."""
    stand = standing.of(connection, [row], at=now()).get(row.id, NOTHING)
    soft = warnings.of_booking(connection, row)
    document = {**booking_document(row, person, stand, soft), **undo_document(offer)}
    return item_answer(document, revision=row.revision)


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
