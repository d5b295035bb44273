"""The page of messages."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from booking.web.context import database, now, require_viewer, viewer
from notifications.services import notifications
from notifications.storage.notifications import NotificationRow
from notifications.web.leads import path_of
from notifications.web.sentences import sentence

pages = Blueprint("notifications", __name__, template_folder="../templates")

PAGE = 50


@pages.get("/notifications")
def notifications_page() -> ResponseReturnValue:
    """The newest messages; `?before=ID` goes on with older ones."""
    person = require_viewer()
    before = request.args.get("before", type=UUID)
    with database().read() as connection:
        rows = notifications.listing(connection, person, limit=PAGE + 1, before=before)
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "notifications/list.html", rows=rows[:PAGE], sentence=sentence, address_of=address_of, older=older
    )


@pages.post("/notifications/<uuid:notification_id>/read")
def read_one(notification_id: UUID) -> ResponseReturnValue:
    """Note that it was read, and go on to its booking."""
    person, at = require_viewer(), now()
    row = database().write(lambda connection: notifications.mark_read(connection, person, notification_id, at=at))
    return redirect(address_of(row), 303)


def address_of(row: NotificationRow) -> str:
    """Where a message leads; to the list itself when it is about nothing that has a page."""
    return path_of(row.kind, row.facts, booking=row.booking_id, venue=row.venue) or "/notifications"


@pages.post("/notifications/read")
def read_all() -> ResponseReturnValue:
    """Note that everything was read."""
    person, at = require_viewer(), now()
    database().write(lambda connection: notifications.mark_all_read(connection, person, at=at))
    return redirect("/notifications", 303)


def unread_messages() -> int:
    """For the mark beside "Messages" on every page: one statement, and only for who is signed in."""
    person = viewer()
    if person is None:
        return 0
    with database().read() as connection:
        return notifications.unread_count(connection, person)
