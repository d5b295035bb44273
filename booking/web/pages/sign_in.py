"""Coming in, going out, and the language one reads in."""

from urllib.parse import urlencode

from flask import redirect, render_template, request, session
from flask_babel import force_locale, gettext
from flask_login import login_user, logout_user
from sqlalchemy import Connection
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.services import demo, people
from booking.web.context import SignedIn, database, parts, viewer
from booking.web.languages import LANGUAGES, LOCALES
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import home, safe_next
from booking.web.pages.hats import under_hat
from booking.web.pages.kept_forms import Kept, come_back, sealed, unsealed
from booking.web.pages.limits import at_many_names, at_one_name

SHOWN_LOGINS = ("camille@lisiere.example", "joris@buda.example", "wout@zwaluw.example", "bram@degrotepost.example")


def signed_in() -> Person:
    """Who is here, under the hat that the address names; anybody else is sent to the sign-in page and comes back
    afterwards."""
    person = viewer()
    if person is None:
        here = request.full_path.rstrip("?") if request.method == "GET" else ""
        abort(redirect(f"/sign-in?{urlencode({'next': here})}" if here else "/sign-in"))
    return under_hat(person)


@pages.get("/sign-in")
def sign_in_form() -> str | Response:
    """The form, with the demo people where there are any."""
    person = viewer()
    if person is not None:
        return redirect(safe_next(request.args.get("next"), home(person)))
    return sign_in_page(request.args.get("next"))


@pages.post("/sign-in")
@at_many_names
@at_one_name
def sign_in() -> str | Response | tuple[str, int]:
    """Come in; the person's own language counts from now on."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    kept = unsealed(request.form.get("kept"))
    with database().read() as connection:
        person = people.sign_in(connection, email, password)
    if person is None or (password == demo.PASSWORD and parts().settings.is_production):
        return sign_in_page(request.form.get("next"), email=email, refused=True, kept=kept), 422
    session.clear()  # whatever was planted in this browser before
    login_user(SignedIn(person))
    if kept is not None:
        with force_locale(LOCALES[person.language]):
            return come_back(person, kept)
    return redirect(safe_next(request.form.get("next"), home(person)))


@pages.post("/sign-out")
def sign_out() -> Response:
    """Go out, and forget everything of this visit but the language."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    return redirect("/")


@pages.route("/language", methods=["GET", "POST"])
def choose_language() -> Response:
    """Read in another language from now on; who is signed in is remembered with it."""
    wanted, person = request.values.get("language"), viewer()
    if wanted in LANGUAGES:
        session["language"] = wanted
        if person is not None and request.method == "POST":
            database().write(lambda connection: _remember(connection, person, str(wanted)))
    return redirect(safe_next(request.values.get("next"), "/"))


def _remember(connection: Connection, person: Person, language: str) -> None:
    people.set_language(connection, person.id, language)


def sign_in_page(
    next_page: str | None, *, email: str = "", refused: bool = False, kept: Kept | None = None
) -> str:
    """The page. `kept`: a form that was sent from a session that is over, which comes back afterwards."""
    words = gettext("This address and this password do not belong together.") if refused else None
    is_demo = not parts().settings.is_production
    logins = [each for each in demo.logins(demo.read_world()) if each[0] in SHOWN_LOGINS] if is_demo else []
    return render_template(
        "sign-in.html",
        next=next_page,
        kept=sealed(kept) if kept else None,
        email=email,
        refused=words,
        logins=logins,
        demo_password=demo.PASSWORD if is_demo else None,
    )
