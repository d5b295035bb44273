"""The page of calendars: make an address, take it to an app, revoke it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, TooMany
from booking.services import catalogue, organisations
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.web.codes import picture
from booking.web.context import database, now, parts, require_viewer
from booking.web.languages import LANGUAGES, language
from booking.web.refusals import problem_of
from calendars.domain.showing import Detail
from calendars.services import app_tokens, feeds
from calendars.services.feeds import ME, RESOURCE, TRAJECTORY, VENUE, Asked
from calendars.storage.feeds import FeedRow
from calendars.web.addresses import address, webcal
from calendars.web.making import make

pages = Blueprint(
    "calendars",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/feeds/static",
)

LONGEST_NAME = 80

DETAILS = {
    Detail.BUSY: (
        lazy_gettext("only when it is taken"),
        lazy_gettext("Only that something is taken, also of your own bookings."),
    ),
    Detail.TITLES: (
        lazy_gettext("titles"),
        lazy_gettext("The title and the place of every booking that you may know."),
    ),
    Detail.FULL: (
        lazy_gettext("everything"),
        lazy_gettext("The title and the place, and also the company, the people, set-up and strike."),
    ),
}
"""In a few words, and as a sentence."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as the page shows it; `url` None: the address can be told no more."""

    row: FeedRow
    url: str | None
    webcal: str | None


@pages.get("/feeds")
def feeds_page() -> str:
    """What you follow, and a form for one more; `?resource=`, `?venue=` or `?trajectory=` fills it in."""
    return _page(require_viewer())


@pages.post("/feeds/keys")
def make_key() -> ResponseReturnValue:
    """A key for an app that speaks CalDAV, shown this once."""
    person, at, secret = require_viewer(), now(), parts().settings.secret_key
    name = request.form.get("name", "").strip()[:LONGEST_NAME] or gettext("Calendar app")
    try:
        token_id = database().write(
            lambda connection: app_tokens.new(connection, person, name, secret=secret, at=at)
        )
    except TooMany as refusal:
        return _refused(person, refusal)
    return _page(person, key=app_tokens.token_of(secret, token_id))


@pages.post("/feeds/keys/<uuid:token_id>/revoke")
def revoke_key(token_id: UUID) -> ResponseReturnValue:
    """From now on that key opens nothing."""
    person = require_viewer()
    database().write(lambda connection: app_tokens.revoke(connection, person, token_id))
    flash(gettext("The key no longer works."), "done")
    return redirect("/feeds#keys", 303)


@pages.post("/feeds")
def make_feed() -> ResponseReturnValue:
    """Make an address, and show it."""
    person, at, asked = require_viewer(), now(), _asked()
    try:
        row = database().write(lambda connection: make(connection, person, asked, at=at))
    except TooMany as refusal:
        return _refused(person, refusal)
    flash(gettext("The address is made. Take it to your calendar app."), "done")
    return redirect(f"/feeds#feed-{row.id}", 303)


@pages.post("/feeds/<uuid:feed_id>/revoke")
def revoke_feed(feed_id: UUID) -> ResponseReturnValue:
    """Whoever has the address reads nothing any more."""
    person = require_viewer()
    database().write(lambda connection: feeds.revoke(connection, person, feed_id))
    flash(gettext("The address is revoked. Calendar apps that use it show nothing new."), "done")
    return redirect("/feeds", 303)


@pages.get("/feeds/<uuid:feed_id>/qr.svg")
def picture_of_feed(feed_id: UUID) -> Response:
    """The address as a QR code, for the phone."""
    person = require_viewer()
    with database().read() as connection:
        row = next((row for row in feeds.listing(connection, person) if row.id == feed_id), None)
    url = address(row) if row is not None else None
    if url is None:
        raise NotFound
    return Response(picture(webcal(url)), mimetype="image/svg+xml", headers={"Cache-Control": "private, no-store"})


def _refused(person: Person, refusal: TooMany) -> ResponseReturnValue:
    problem = problem_of(refusal)
    flash(problem.detail, "error")
    return _page(person), problem.status


def _page(person: Person, *, key: str | None = None) -> str:
    with database().read() as connection:
        rows = feeds.listing(connection, person)
        choices = _choices(connection, person)
        keys = app_tokens.listing(connection, person)
    return render_template(
        "calendars/feeds.html",
        listed=[_listed(row) for row in rows],
        choices=choices,
        chosen=_chosen(person),
        details=DETAILS,
        wanted_language=language(),
        keys=keys,
        key=key,
        person=person,
        dav=f"{parts().settings.base_url}/dav/",
    )


def _listed(row: FeedRow) -> Listed:
    url = address(row)
    return Listed(row, url, webcal(url) if url else None)


def _choices(connection: Connection, person: Person) -> dict[str, Any]:
    """What this person may follow: companies, chains, the houses where they work, and every house's places."""
    places = catalogue.resources(connection, ResourceFilter())
    companies = (
        [(row.id, row.name) for row in organisations.everyone(connection, person)]
        if person.sees_everything
        else list(person.organisations.items())
    )
    mine = person.manages | person.assists
    houses = _houses(places)
    return {
        "companies": companies,
        "chains": [(str(row.id), row.title) for row in feeds.chains_of(connection, person)],
        "mine": [(code, name) for code, name, _ in houses if code in mine],
        "houses": houses,
    }


def _houses(places: Sequence[CatalogueRow]) -> list[tuple[str, str, list[CatalogueRow]]]:
    """Code, name and places of each house, in the order of the catalogue."""
    return [
        (code, name, list(group))
        for (code, name), group in groupby(places, key=lambda place: (place.venue_code, place.venue_name))
    ]


def _chosen(person: Person) -> str:
    """What the form proposes: where the reader came from, else what is theirs."""
    for scope in (RESOURCE, VENUE, TRAJECTORY):
        if code := request.args.get(scope):
            return f"{scope}:{code}"
    return f"{ME}:" if person.organisations or person.manages or person.assists else ""


def _asked() -> Asked:
    scope, _, code = request.form.get("what", "").partition(":")
    detail, wanted = request.form.get("detail", ""), request.form.get("language", "")
    if detail not in set(Detail):
        raise Malformed({"detail": ["unknown"]})
    if wanted not in LANGUAGES:
        raise Malformed({"language": ["unknown"]})
    return Asked(scope, code or None, Detail(detail), wanted, "imported" in request.form)
