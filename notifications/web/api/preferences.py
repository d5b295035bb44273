"""What you want to hear of."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint
from booking.web.context import database, require_viewer
from notifications.domain.quiet import QuietHours, as_clock, minutes_of
from notifications.services import preferences
from notifications.services.preferences import Preferences

blueprint = ApiBlueprint("preferences", "What you want to hear of, how, and when not.", under="me/preferences")


class QuietSchema(ma.Schema):
    """Hours without letters, as `22:00`; `to` is excluded, and may lie before `from`: past midnight."""

    start = ma.fields.String(required=True, data_key="from", validate=ma.validate.Length(max=5, error="too-long"))
    end = ma.fields.String(required=True, data_key="to", validate=ma.validate.Length(max=5, error="too-long"))


class PreferencesBody(ma.Schema):
    """`channels`: channel (`mail`, `inbox`, `push`) → kind → `immediate`, `daily`, `weekly` or `never`; what is
    left out is as usual. `mandatory` is told, and need not be sent back."""

    channels = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()),
        load_default=dict,
    )
    mandatory = ma.fields.List(ma.fields.String(), load_default=list)
    quiet_hours = ma.fields.Nested(QuietSchema, allow_none=True, load_default=None)


@blueprint.on("GET")
@blueprint.gives(200, PreferencesBody)
def get_preferences() -> Response:
    """Every kind of news that may reach you, and how often it does."""
    person = require_viewer()
    with database().read() as connection:
        return json_answer(document(preferences.of(connection, person)))


@blueprint.on("PUT")
@blueprint.takes(PreferencesBody)
@blueprint.gives(200, PreferencesBody)
def put_preferences(asked: dict[str, Any]) -> Response:
    """Choose all of it anew."""
    person = require_viewer()
    quiet = _quiet(asked["quiet_hours"])
    database().write(lambda connection: preferences.save(connection, person, asked["channels"], quiet))
    return _saved(person)


def _saved(person: Person) -> Response:
    with database().read() as connection:
        return json_answer(document(preferences.of(connection, person)))


def _quiet(asked: Mapping[str, str] | None) -> QuietHours | None:
    if asked is None:
        return None
    errors: dict[str, list[str]] = {}
    minutes = {}
    for name, field in (("from", "start"), ("to", "end")):
        try:
            minutes[field] = minutes_of(asked[field])
        except ValueError:
            errors[f"quiet_hours.{name}"] = ["not-a-clock"]
    if not errors and minutes["start"] == minutes["end"]:
        errors["quiet_hours.to"] = ["not-after-start"]
    if errors:
        raise Malformed(errors)
    return QuietHours(minutes["start"], minutes["end"])


def document(chosen: Preferences) -> dict[str, Any]:
    """Preferences as JSON, fit to be sent back."""
    quiet = chosen.quiet
    return {
        "channels": chosen.channels,
        "mandatory": list(chosen.mandatory),
        "quiet_hours": {"from": as_clock(quiet.starts), "to": as_clock(quiet.ends)} if quiet else None,
    }
