"""The catalogue, which everybody may read: houses and what can be booked in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, NotFound
from booking.domain.ways_out import Like
from booking.storage import catalogues
from booking.storage.catalogues import CatalogueRow, ResourceFilter

__all__ = [
    "ResourceDetail",
    "ResourceFilter",
    "house",
    "house_to_set_up",
    "like_of",
    "page",
    "parts",
    "resource",
    "resources",
    "to_set_up",
    "venue",
    "venues",
]


@dataclass(frozen=True, slots=True)
class ResourceDetail:
    """One resource with its surroundings: parts, wholes, and what it disturbs."""

    row: CatalogueRow
    parts: Sequence[CatalogueRow]
    wholes: Sequence[CatalogueRow]
    noise: Sequence[CatalogueRow]


def venues(connection: Connection) -> Sequence[CatalogueRow]:
    """Every house, by name: code, name, town, country, region, zone, day_line (minutes), …"""
    return catalogues.venues(connection)


def venue(connection: Connection, code: str) -> CatalogueRow:
    """One house. NotFound."""
    row = catalogues.venue(connection, code)
    if row is None:
        raise NotFound
    return row


def house(connection: Connection, code: str) -> CatalogueRow:
    """One house with `open_conflicts`: how many wait on its desk. NotFound."""
    row = catalogues.house(connection, code)
    if row is None:
        raise NotFound
    return row


def resources(connection: Connection, asked: ResourceFilter) -> Sequence[CatalogueRow]:
    """Every resource that fits, by house and in the house's own order."""
    return catalogues.resources(connection, asked)


def page(
    connection: Connection, asked: ResourceFilter, *, after: str | None, limit: int
) -> Sequence[CatalogueRow]:
    """The same by code, at most `limit`, beginning behind the code `after`."""
    return catalogues.resources(connection, asked, after=after, limit=limit)


def parts(connection: Connection, venue_id: int | None = None) -> dict[int, list[str]]:
    """For every whole: the codes of its parts."""
    return catalogues.parts_by_whole(connection, venue_id)


def to_set_up(connection: Connection, person: Person, code: str) -> CatalogueRow:
    """One resource, for somebody who decides how it is set up. NotFound, Forbidden."""
    row = catalogues.resource(connection, code)
    if row is None:
        raise NotFound
    if not person.decides_for(row.venue_code):
        raise Forbidden
    return row


def house_to_set_up(connection: Connection, person: Person, code: str) -> CatalogueRow:
    """One house, likewise. NotFound, Forbidden."""
    row = venue(connection, code)
    if not person.decides_for(code):
        raise Forbidden
    return row


def resource(connection: Connection, code: str) -> ResourceDetail:
    """One resource with parts, wholes and noise partners: three statements. NotFound."""
    row = catalogues.resource(connection, code)
    if row is None:
        raise NotFound
    parts, wholes = catalogues.made_of(connection, row.id)
    return ResourceDetail(row, parts, wholes, catalogues.noise_partners(connection, row.id))


def like_of(row: CatalogueRow) -> Like:
    """What a resource is compared by."""
    return Like(
        row.code,
        row.kind,
        row.name.get("en") or next(iter(row.name.values())),
        row.venue_code,
        row.venue_name,
        row.technical_sheet,
        row.latitude,
        row.longitude,
    )
