"""The page of preferences: what I hear of, how often, and when not. And the end of letters, with one click."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.web.context import database, parts
from booking.web.pages.sign_in import signed_in
from booking.web.security import csrf
from booking.web.wording import field_error
from notifications.domain.frequency import ZONE
from notifications.domain.kinds import CHANNELS, INBOX, MAIL, PUSH, kind_of
from notifications.domain.quiet import QuietHours, as_clock, minutes_of
from notifications.services import preferences, pushing, signed
from notifications.services.preferences import Preferences, options
from notifications.web.kinds import FREQUENCIES, OTHER_TOPIC, TOPICS, label

pages = Blueprint("preferences", __name__, template_folder="../templates")


@pages.get("/me/preferences")
def preferences_page() -> ResponseReturnValue:
    """Every kind of news, by topic."""
    return _page(signed_in())


@pages.post("/me/preferences")
def save_preferences() -> ResponseReturnValue:
    """Choose all of it anew."""
    person = signed_in()
    channels: dict[str, dict[str, str]] = {channel: {} for channel in CHANNELS}
    for name, often in request.form.items():
        channel, _, kind = name.partition(":")
        if channel in channels and kind:
            channels[channel][kind] = often
    try:
        quiet = _quiet(request.form)
        database().write(lambda connection: preferences.save(connection, person, channels, quiet))
    except Malformed as refusal:
        return _page(person, errors=refusal.errors), 422
    flash(gettext("Kept. It counts from now on."))
    return redirect("/me/preferences", 303)


@pages.get("/letters/unsubscribe/<token>")
def unsubscribe_form(token: str) -> ResponseReturnValue:
    """Ask once: a program that only looks at the links of a letter changes nothing."""
    ended = signed.read_unsubscription(parts().settings.secret_key, token)
    return render_template("letters/unsubscribe.html", kind=label(ended.kind), done=False)


@pages.post("/letters/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """No more letters of that kind; from the page, or from a mail program at once (RFC 8058)."""
    ended = signed.read_unsubscription(parts().settings.secret_key, token)
    database().write(lambda connection: preferences.end_letters(connection, ended.person, ended.kind))
    return render_template("letters/unsubscribe.html", kind=label(ended.kind), done=True)


def install(app: Flask) -> None:
    """The pages, with the one whose address vouches for itself."""
    app.register_blueprint(pages)
    csrf.exempt(unsubscribe)


def _quiet(form: Mapping[str, str]) -> QuietHours | None:
    first, last = form.get("quiet_from", "").strip(), form.get("quiet_to", "").strip()
    if not first and not last:
        return None
    errors = {}
    minutes = []
    for name, text in (("quiet_from", first), ("quiet_to", last)):
        try:
            minutes.append(minutes_of(text))
        except ValueError:
            errors[name] = ["not-a-clock"]
    if not errors and minutes[0] == minutes[1]:
        errors["quiet_to"] = ["not-after-start"]
    if errors:
        raise Malformed(errors)
    return QuietHours(*minutes)


def _page(person: Person, *, errors: Mapping[str, Sequence[str]] | None = None) -> str:
    with database().read() as connection:
        chosen = preferences.of(connection, person)
        devices = pushing.listing(connection, person)
    known = errors or {}
    typed = request.form if known else {}
    quiet = chosen.quiet
    return render_template(
        "letters/preferences.html",
        topics=_topics(chosen),
        devices=devices,
        server_key=pushing.server_key(parts().settings.secret_key),
        zone=ZONE,
        quiet_from=typed.get("quiet_from", as_clock(quiet.starts) if quiet else ""),
        quiet_to=typed.get("quiet_to", as_clock(quiet.ends) if quiet else ""),
        errors={name: [field_error(code) for code in codes] for name, codes in known.items()},
    )


def _topics(chosen: Preferences) -> list[tuple[str, list[dict[str, Any]]]]:
    """`(topic, rows)`; the rows of kinds that no topic here names come last."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, often in chosen.channels[MAIL].items():
        row = {
            "kind": kind,
            "label": label(kind),
            "often": often,
            "options": [(each, FREQUENCIES[each]) for each in options(MAIL, kind, chosen.mandatory)],
            "mandatory": kind in chosen.mandatory,
            "inbox": chosen.channels[INBOX].get(kind),
            "push": chosen.channels[PUSH].get(kind),
        }
        rows[str(TOPICS.get(kind_of(kind).topic, OTHER_TOPIC))].append(row)
    return list(rows.items())
