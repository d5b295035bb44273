"""My page: name, language, the keys of my machines; and the invitation with which one first comes in."""

from uuid import UUID

from flask import flash, redirect, render_template, request, session
from flask_babel import gettext
from flask_login import login_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, TooMany
from booking.services import invitations, people, teams
from booking.web.context import SignedIn, database, now, parts, viewer
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import home
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.refusals import problem_of
from booking.web.wording import field_error

LONGEST_NAME = 80


@pages.get("/me")
def me() -> str:
    """Who I am here, and the keys that work for me."""
    return _page(signed_in())


@pages.post("/me/tokens")
def create_token() -> str | tuple[str, int]:
    """A new key, shown this once."""
    person, at = signed_in(), now()
    typed = Typed(request.form)
    name = typed.text("name", longest=LONGEST_NAME, required=True)
    if name is None or typed.errors:
        return _page(person, errors=typed.errors), 422
    try:
        token = database().write(lambda connection: people.new_token(connection, person.id, name, at=at))
    except TooMany as refusal:
        flash(problem_of(refusal).detail, "error")
        return _page(person), 422
    return _page(person, token=token)


@pages.post("/me/tokens/<uuid:token_id>/revoke")
def revoke_token(token_id: UUID) -> Response:
    """From now on that key opens nothing."""
    person, at = signed_in(), now()
    database().write(lambda connection: people.revoke_token(connection, person.id, token_id, at=at))
    flash(gettext("The key no longer works."))
    return redirect("/me", 303)


@pages.post("/me/shortcuts")
def choose_shortcuts() -> Response:
    """Switch the keys of the desk on or off."""
    person, on = signed_in(), request.form.get("on") == "1"
    database().write(lambda connection: people.set_shortcuts(connection, person.id, on=on))
    flash(gettext("The keys of the desk are on.") if on else gettext("The keys of the desk are off."))
    return redirect("/me#shortcuts", 303)


@pages.get("/invitation/<token>")
def invitation(token: str) -> str:
    """Choose a first password."""
    secret = parts().settings.secret_key
    with database().read() as connection:
        offered = invitations.joining(connection, secret, token, at=now())
        if offered is None:
            person = invitations.invited(connection, secret, token, at=now())
            return render_template("invitation.html", person=person, errors=[])
        name = teams.name_of(connection, offered.team)
    viewing = viewer()
    return render_template(
        "joining.html",
        offered=offered,
        name=name,
        is_me=viewing is not None and viewing.id == offered.person.id,
        path=request.path,
    )


@pages.post("/invitation/<token>/join")
def join_team(token: str) -> Response:
    """Put on the hat of a second team."""
    person, at, secret = signed_in(), now(), parts().settings.secret_key

    def work(connection: Connection) -> None:
        offered = invitations.joining(connection, secret, token, at=at)
        if offered is None:
            raise NotFound
        invitations.join(connection, person, offered, at=at)

    database().write(work)
    flash(gettext("You are in."))
    return redirect("/", 303)


@pages.post("/invitation/<token>")
def accept_invitation(token: str) -> Response | tuple[str, int]:
    """Take the invitation up, and come in."""
    password, secret, at = request.form.get("password", ""), parts().settings.secret_key, now()
    try:
        person = database().write(
            lambda connection: invitations.accept(connection, secret, token, password, at=at)
        )
    except Malformed as refusal:
        with database().read() as connection:
            person = invitations.invited(connection, secret, token, at=at)
        errors = [field_error(code) for code in refusal.errors.get("password", ())]
        return render_template("invitation.html", person=person, errors=errors), 422
    session.clear()
    login_user(SignedIn(person))
    return redirect(home(person), 303)


def _page(person: Person, *, token: str | None = None, errors: dict[str, list[str]] | None = None) -> str:
    with database().read() as connection:
        tokens = people.tokens_of(connection, person.id)
    return render_template("me.html", person=person, tokens=tokens, token=token, errors=errors or {})
