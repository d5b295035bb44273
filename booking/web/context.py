"""What every view may ask for: the database, the time, and who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request
from flask_login import UserMixin, current_user
from werkzeug.exceptions import Unauthorized

from booking.clock import Clock
from booking.domain.distances import Roads
from booking.domain.people import Person
from booking.services import people
from booking.services.belongings import Belonging
from booking.services.invitations import Send, unsent
from booking.services.shared_ways import SharedWays
from booking.services.timeline import Names, nameless
from booking.settings import Settings
from booking.storage.database import Database

KEY = "booking"
API = "/api/"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the roof hands to every request of one app. `names`: what foreign events are called;
    `belongings`: what a person can have at a team beside their hat; `send_invitation`: the letter to whoever is
    let in."""

    settings: Settings
    database: Database
    clock: Clock
    ways: SharedWays = field(default_factory=SharedWays)
    names: Names = nameless
    belongings: Sequence[Belonging] = ()
    send_invitation: Send = unsent


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A person as flask-login wants to see them."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """The id that the session keeps."""
        return str(self.person.id)


def install_parts(app: Flask, parts: Parts) -> None:
    """Hand them to the app."""
    app.extensions[KEY] = parts


def parts_of(app: Flask) -> Parts:
    """The parts of an app, before it answers anything."""
    return cast(Parts, app.extensions[KEY])


def parts() -> Parts:
    """The parts of the app that is answering."""
    return parts_of(current_app)


def database() -> Database:
    """The database of this app."""
    return parts().database


def roads() -> Roads:
    """What a road makes of the great circle, where this app runs."""
    return parts().settings.roads


def now() -> datetime:
    """The time of this request in UTC: asked once, so that one answer has one time."""
    if "now" not in g:
        g.now = parts().clock()
    moment: datetime = g.now
    return moment


def is_api() -> bool:
    """Whether a machine is asking."""
    return request.path.startswith(API)


def viewer() -> Person | None:
    """Who is asking, by token (API) or by session; None for anybody. One statement, once per request."""
    if "viewer" not in g:
        g.viewer = _of_token() if bearer() is not None else _of_session()
    found: Person | None = g.viewer
    return found


def require_viewer() -> Person:
    """Who is asking; 401 for anybody."""
    person = viewer()
    if person is None:
        raise Unauthorized
    return person


def bearer() -> str | None:
    """The token of an API request (RFC 6750 §2.1); pages know no tokens."""
    if not is_api():
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def load_signed_in(session_id: str) -> SignedIn | None:
    """What the session's id stands for; None when the person is gone."""
    try:
        person_id = UUID(session_id)
    except ValueError:
        return None
    with database().read() as connection:
        person = people.of_id(connection, person_id)
    return SignedIn(person) if person else None


def _of_token() -> Person | None:
    direct = database().direct
    if direct is not None:
        return people.of_token(direct.as_connection(), bearer() or "")
    with database().read() as connection:
        return people.of_token(connection, bearer() or "")


def _of_session() -> Person | None:
    return current_user.person if current_user.is_authenticated else None
