"""Companies of the programme."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection, Row

from booking.domain.organisations import LONGEST_REGION, Company, SizeClass
from booking.services import organisations
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import PREFIX, ApiBlueprint, Created, create_once, read_id
from booking.web.api.fields import Choice, Flag, Strict, Text
from booking.web.context import database, now, require_viewer
from booking.web.languages import LANGUAGES

blueprint = ApiBlueprint("organisations", "Companies of the programme, and who belongs to them.")

COUNTRY = ma.validate.Regexp(r"[A-Z]{2}\Z", error="unknown")
FACTS = (
    "name",
    "legal_form",
    "non_profit",
    "country",
    "region",
    "town",
    "language",
    "vat",
    "enterprise_number",
    "size",
    "programme_company",
)


class OrganisationPut(Strict):
    """All that is known of a company. `enterprise_number`: SIREN in France, KBO/BCE in Belgium; it is checked."""

    name = Text(required=True, required_text=True)
    legal_form = Text(required=True, required_text=True, longest=80)
    non_profit = Flag(load_default=False)
    country = Text(required=True, validate=COUNTRY)
    region = Text(required=True, required_text=True, longest=LONGEST_REGION)
    town = Text(required=True, required_text=True)
    language = Choice(LANGUAGES, required=True)
    vat = Text(longest=20, allow_none=True, load_default=None)
    enterprise_number = Text(longest=40, allow_none=True, load_default=None)
    size = Choice([size.value for size in SizeClass], required=True)
    programme_company = Flag(load_default=False)


class CompanyAnswer(ma.Schema):
    """A company; `members`: how many people belong to it (in lists)."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    legal_form = ma.fields.String()
    non_profit = ma.fields.Boolean()
    country = ma.fields.String()
    region = ma.fields.String()
    town = ma.fields.String()
    language = ma.fields.String()
    vat = ma.fields.String(allow_none=True)
    enterprise_number = ma.fields.String(allow_none=True)
    size = ma.fields.String()
    programme_company = ma.fields.Boolean()
    members = ma.fields.Integer()


class OrganisationList(ma.Schema):
    """Companies by name."""

    items = ma.fields.List(ma.fields.Nested(CompanyAnswer))
    next = ma.fields.String(allow_none=True)


class OrganisationQuery(Strict):
    """`q`: a part of the name, the town or the number."""

    q = Text(longest=80, load_default=None)


@blueprint.on("GET")
@blueprint.takes(OrganisationQuery, location="query")
@blueprint.gives(200, OrganisationList)
def list_organisations(asked: dict[str, Any]) -> Response:
    """Every company, for the programme."""
    person = require_viewer()
    with database().read() as connection:
        rows = organisations.listing(connection, person, q=asked["q"])
    return json_answer({"items": [{**_facts(row), "members": row.members} for row in rows], "next": None})


@blueprint.on("POST")
@blueprint.takes(OrganisationPut)
@blueprint.gives(201, CompanyAnswer)
def post_organisation(body: dict[str, Any]) -> Response:
    """Bring a company in."""
    person = require_viewer()

    def make(connection: Connection) -> Created:
        made = organisations.add(connection, person, _company(body))
        return _facts(organisations.find(connection, person, made)), f"{PREFIX}/organisations/{made}", None

    return create_once(person, make)


@blueprint.on("GET", "/<organisation_id>")
@blueprint.gives(200, CompanyAnswer)
def get_organisation(organisation_id: str) -> Response:
    """One company, for its members and the programme."""
    person, wanted = require_viewer(), read_id(organisation_id)
    with database().read() as connection:
        row = organisations.find(connection, person, wanted)
    return item_answer(_facts(row), revision=organisations.revision(row))


@blueprint.on("PUT", "/<organisation_id>")
@blueprint.takes(OrganisationPut)
@blueprint.gives(200, CompanyAnswer)
def put_organisation(body: dict[str, Any], organisation_id: str) -> Response:
    """Correct what is known of a company; `If-Match` with its ETag refuses what changed since."""
    person, wanted, at, seen = require_viewer(), read_id(organisation_id), now(), wanted_revisions()

    def work(connection: Connection) -> Row[*tuple[Any, ...]]:
        organisations.alter(connection, person, wanted, _company(body), at=at, seen=seen)
        return organisations.find(connection, person, wanted)

    row = database().write(work)
    return item_answer(_facts(row), revision=organisations.revision(row))


def _facts(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {"id": str(row.id), **{name: getattr(row, name) for name in FACTS}}


def _company(body: dict[str, Any]) -> Company:
    return Company(**{**body, "size": SizeClass(body["size"])})
