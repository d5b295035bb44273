"""GET /me."""

import marshmallow as ma
from flask import Response

from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint
from booking.web.context import require_viewer

blueprint = ApiBlueprint("me", "Whose token this is.")


class OrganisationAnswer(ma.Schema):
    """An organisation of mine."""

    id = ma.fields.UUID()
    name = ma.fields.String()


class MeAnswer(ma.Schema):
    """Who I am, and under which hats."""

    email = ma.fields.String()
    name = ma.fields.String()
    language = ma.fields.String()
    organisations = ma.fields.List(ma.fields.Nested(OrganisationAnswer))
    venues = ma.fields.List(ma.fields.String())
    roles = ma.fields.List(ma.fields.String())


@blueprint.on("GET")
@blueprint.gives(200, MeAnswer)
def get_me() -> Response:
    """Who is asking."""
    person = require_viewer()
    organisations = [{"id": str(key), "name": name} for key, name in person.organisations.items()]
    return json_answer(
        {
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "organisations": organisations,
            "venues": sorted(person.manages | person.assists),
            "roles": [str(role) for role in person.roles],
        }
    )
