"""Pictures of places: sent in, put in order, taken away; and served to everybody."""

from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed, NotFound
from booking.services import pictures
from booking.services.pictures import LANGUAGES, LARGEST_PICTURE
from booking.storage import pictures as stored
from booking.web.context import database, now
from booking.web.files import received, takes_up_to
from booking.web.pages.blueprint import pages
from booking.web.pages.setup import manager_of, of_house
from booking.web.pages.typed import Typed

A_YEAR = "public, max-age=31536000, immutable"


@pages.get("/pictures/<uuid:picture>-<any(large,small):size>.webp")
def picture_file(picture: UUID, size: str) -> FlaskResponse:
    """A picture: it never changes under its address, so browsers keep it."""
    with database().read() as connection:
        content = stored.content(connection, picture, size)
    if content is None:
        raise NotFound
    answer = FlaskResponse(content, mimetype="image/webp")
    answer.headers["Cache-Control"] = A_YEAR
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@pages.get("/desk/<venue>/setup/<code>/pictures")
def pictures_of(venue: str, code: str) -> str:
    """The pictures of one resource, and a form for one more."""
    manager_of(venue)
    return _page(venue, code, Typed({}))


@pages.post("/desk/<venue>/setup/<code>/pictures")
@takes_up_to(LARGEST_PICTURE)
def add_picture(venue: str, code: str) -> Response | tuple[str, int]:
    """One more."""
    person, at, typed = manager_of(venue), now(), Typed(request.form)
    alt = {each: typed.raw(f"alt.{each}") for each in LANGUAGES}
    with database().read() as connection:
        of_house(connection, venue, code)
    try:
        picture = pictures.prepared(received("file", LARGEST_PICTURE))
        database().write(lambda connection: pictures.add(connection, person, code, picture, alt, at=at))
    except Malformed as refusal:
        typed.errors.update({name: list(codes) for name, codes in refusal.errors.items()})
        return _page(venue, code, typed), 422
    flash(gettext("The picture is there."))
    return redirect(f"/desk/{venue}/setup/{code}/pictures", 303)


@pages.post("/desk/<venue>/setup/<code>/pictures/<uuid:picture>/<any(first,remove):deed>")
def order_pictures(venue: str, code: str, picture: UUID, deed: str) -> Response:
    """Put it first, or take it away."""
    person, at = manager_of(venue), now()
    with database().read() as connection:
        of_house(connection, venue, code)
    do = pictures.put_first if deed == "first" else pictures.remove
    database().write(lambda connection: do(connection, person, code, picture, at=at))
    flash(gettext("Done."))
    return redirect(f"/desk/{venue}/setup/{code}/pictures", 303)


def _page(venue: str, code: str, typed: Typed) -> str:
    with database().read() as connection:
        row = of_house(connection, venue, code).row
        found = pictures.of_resources(connection, [row]).get(code, [])
    return render_template("desk-pictures.html", place=row, pictures=found, typed=typed)
