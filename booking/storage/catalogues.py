"""Houses and resources, read for the catalogue: one statement each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sqlalchemy import Connection, Float, Row, Select, bindparam, cast, func, or_, select

from booking.domain.claims import Place
from booking.storage.house_affairs import DeskConflict
from booking.storage.locks import NEEDED, places_in
from booking.storage.places import NoisePair, Resource, ResourceAtom, Venue

CatalogueRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """What a resource must be; None is not asked. Metres, amperes; `q` is looked for in names and notes.

    `beside`: in the house of the resource with this code; `retired`: with those that nobody can book any more.
    """

    venue: str | None = None
    beside: str | None = None
    kind: str | None = None
    country: str | None = None
    region: str | None = None
    min_width_m: float | None = None
    min_depth_m: float | None = None
    min_clear_height_m: float | None = None
    min_seats: int | None = None
    min_power_amps: int | None = None
    sprung_floor: bool | None = None
    q: str | None = None
    retired: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked at all."""
        return all(getattr(self, each.name) == each.default for each in fields(self))


MINIMA = ("width_m", "depth_m", "clear_height_m", "seats", "power_amps")


def venues(connection: Connection) -> Sequence[CatalogueRow]:
    """Every house, by name."""
    return connection.execute(select(*Venue.__table__.columns).order_by(Venue.name)).all()


def venue(connection: Connection, code: str) -> CatalogueRow | None:
    """One house, or None."""
    return connection.execute(select(*Venue.__table__.columns).where(Venue.code == code)).one_or_none()


def venue_ids(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    """The ids of houses by their codes; unknown ones are left out."""
    query = select(Venue.code, Venue.id).where(Venue.code.in_(codes))
    return {row.code: row.id for row in connection.execute(query)}


def house(connection: Connection, code: str) -> CatalogueRow | None:
    """One house with `open_conflicts`: how many wait on its desk. None when there is none."""
    waiting = (
        select(func.count())
        .select_from(DeskConflict)
        .where(DeskConflict.resolved_at.is_(None), DeskConflict.venue_id == Venue.id)
        .correlate(Venue)
        .scalar_subquery()
    )
    query = select(*Venue.__table__.columns, waiting.label("open_conflicts")).where(Venue.code == code)
    return connection.execute(query).one_or_none()


def resources(
    connection: Connection,
    asked: ResourceFilter,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[CatalogueRow]:
    """The resources that fit; by house and position, or by code when asked in pages (`after` a code)."""
    query = _filtered(_resources(), asked)
    if limit is None:
        query = query.order_by(Venue.name, Resource.position)
    else:
        query = query.order_by(Resource.code).limit(limit)
    if after is not None:
        query = query.where(Resource.code > after)
    return connection.execute(query).all()


def count(connection: Connection, asked: ResourceFilter) -> int:
    """How many resources fit."""
    found = _filtered(select(func.count()).select_from(Resource).join(Venue, Venue.id == Resource.venue_id), asked)
    return int(connection.execute(found).scalar_one())


def resource(connection: Connection, code: str) -> CatalogueRow | None:
    """One resource, or None."""
    return connection.execute(_coded(), {"code": code}).one_or_none()


def numbered(connection: Connection, resource_ids: Collection[int]) -> Sequence[CatalogueRow]:
    """The resources with these numbers, in any order."""
    return connection.execute(_numbered(), {"ids": list(resource_ids)}).all()


def with_places(
    connection: Connection, codes: Collection[str]
) -> tuple[dict[str, CatalogueRow], dict[str, Place]]:
    """The resources with these codes, and what a booking of each would take: one statement, without a lock."""
    rows = connection.execute(_with_places(), {"codes": list(codes)}).all()
    return {row.code: row for row in rows if row.asked_id == row.id}, places_in(connection, rows)


@cache
def _with_places() -> Select[*tuple[Any, ...]]:
    """Built once: every search runs it."""
    there = set(NEEDED.selected_columns.keys())
    return NEEDED.add_columns(*(each for each in _resources().selected_columns if each.key not in there))


def numbers(connection: Connection, words: str) -> Sequence[int]:
    """The numbers of the resources in whose names, notes or places these words are."""
    query = select(Resource.id).join(Venue, Venue.id == Resource.venue_id)
    return connection.execute(_filtered(query, ResourceFilter(q=words))).scalars().all()


@cache
def _coded() -> Select[*tuple[Any, ...]]:
    """Built once: every refusal runs it."""
    return _resources().where(Resource.code == bindparam("code"))


@cache
def _numbered() -> Select[*tuple[Any, ...]]:
    """Built once: every search runs it."""
    return _resources().where(Resource.id.in_(bindparam("ids", expanding=True)))


def made_of(connection: Connection, resource_id: int) -> tuple[Sequence[CatalogueRow], Sequence[CatalogueRow]]:
    """What a whole is made of, and the wholes of which this is a part: one statement."""
    is_part = (ResourceAtom.resource_id == resource_id) & (Resource.id == ResourceAtom.atom_id)
    is_whole = (ResourceAtom.atom_id == resource_id) & (Resource.id == ResourceAtom.resource_id)
    query = _resources().join(ResourceAtom, or_(is_part, is_whole)).add_columns(is_part.label("is_part"))
    query = query.where(ResourceAtom.resource_id != ResourceAtom.atom_id).order_by(Resource.position)
    rows = connection.execute(query).all()
    return [row for row in rows if row.is_part], [row for row in rows if not row.is_part]


def noise_partners(connection: Connection, resource_id: int) -> Sequence[CatalogueRow]:
    """The resources that this one disturbs, and that disturb it."""
    query = _resources().join(
        NoisePair,
        or_(
            (NoisePair.first_id == Resource.id) & (NoisePair.second_id == resource_id),
            (NoisePair.second_id == Resource.id) & (NoisePair.first_id == resource_id),
        ),
    )
    return connection.execute(query.order_by(Resource.position)).all()


def parts_by_whole(connection: Connection, venue_id: int | None = None) -> dict[int, list[str]]:
    """For every whole (of one house, or of all): the codes of its parts."""
    query = (
        select(ResourceAtom.resource_id, Resource.code)
        .join(Resource, Resource.id == ResourceAtom.atom_id)
        .where(ResourceAtom.resource_id != ResourceAtom.atom_id)
        .order_by(ResourceAtom.resource_id, Resource.position)
    )
    if venue_id is not None:
        query = query.where(ResourceAtom.venue_id == venue_id)
    found: dict[int, list[str]] = {}
    for whole, code in connection.execute(query):
        found.setdefault(whole, []).append(code)
    return found


def noise_by_resource(connection: Connection, venue_id: int) -> dict[int, list[str]]:
    """For every resource of a house that disturbs others: their codes."""
    pairs = select(NoisePair.first_id, NoisePair.second_id).where(NoisePair.venue_id == venue_id)
    named = select(Resource.id, Resource.code).where(Resource.venue_id == venue_id)
    codes = {row.id: row.code for row in connection.execute(named)}
    found: dict[int, list[str]] = {}
    for first, second in connection.execute(pairs):
        found.setdefault(first, []).append(codes[second])
        found.setdefault(second, []).append(codes[first])
    return found


def _resources() -> Select[*tuple[Any, ...]]:
    return select(
        *Resource.__table__.columns,
        Venue.code.label("venue_code"),
        Venue.name.label("venue_name"),
        Venue.town,
        Venue.country,
        Venue.region,
        Venue.zone,
        Venue.day_line,
        Venue.language.label("venue_language"),
        Venue.latitude,
        Venue.longitude,
    ).join(Venue, Venue.id == Resource.venue_id)


def _filtered(query: Select[*tuple[Any, ...]], asked: ResourceFilter) -> Select[*tuple[Any, ...]]:
    equals = {
        Venue.code: asked.venue,
        Resource.kind: asked.kind,
        Venue.country: asked.country,
    }
    for column, value in {**equals, Venue.region: asked.region}.items():
        if value is not None:
            query = query.where(column == value)
    if asked.beside is not None:
        of = select(Resource.venue_id).where(Resource.code == asked.beside).scalar_subquery()
        query = query.where(Resource.venue_id == of)
    for name in MINIMA:
        least = getattr(asked, f"min_{name}")
        if least is not None:  # an unknown figure never counts as one that fits
            query = query.where(cast(Resource.technical_sheet[name].as_string(), Float) >= least)
    if asked.sprung_floor is not None:
        query = query.where(Resource.technical_sheet["sprung_floor"].as_boolean() == asked.sprung_floor)
    if not asked.retired:
        query = query.where(Resource.retired_at.is_(None))
    if asked.q:
        pattern = f"%{_escaped(asked.q.lower())}%"
        names = [
            func.lower(func.coalesce(text[language].as_string(), ""))
            for text in (Resource.name, Resource.notes)
            for language in ("en", "nl", "fr")
        ]
        places = [
            func.lower(Resource.code),
            func.lower(Venue.name),
            func.lower(Venue.town),
        ]
        query = query.where(or_(*(text.like(pattern, escape="\\") for text in (*names, *places))))
    return query


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
