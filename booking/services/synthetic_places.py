"""The houses, resources and companies of a synthetic world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Role
from booking.storage import synthetic
from booking.storage.base import new_id
from booking.storage.synthetic import Row

REGIONS = (
    ("FR", "Hauts-de-France", "fr", "Europe/Paris", "Zone B"),
    ("BE", "Vlaanderen", "nl", "Europe/Brussels", "Flemish"),
    ("BE", "Wallonie", "fr", "Europe/Brussels", "French"),
)
KINDS = (
    ("stage",) * 3 + ("studio",) * 8 + ("room",) * 3 + ("equipment",) * 3 + ("accommodation",) * 2 + ("expertise",)
)
COUNTED = {"equipment": (4, 48), "accommodation": (4, 20)}
POLICIES = ("instant", "option", "request")


@dataclass(frozen=True, slots=True)
class Room:
    """A resource, as far as its bookings need it."""

    id: int
    venue_id: int
    zone: str
    capacity: int
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation with its one member."""

    id: UUID
    person_id: UUID


def add_places(connection: Connection, draw: Random, *, venues: int, resources: int, prefix: str) -> list[Room]:
    """Houses `{prefix}V0001` … and their resources `{prefix}R000001` …, spread evenly."""
    last_venue, last_resource = synthetic.last_ids(connection)
    houses = [_house(last_venue + n, f"{prefix}V{n:04}", draw) for n in range(1, venues + 1)]
    synthetic.write(connection, synthetic.VENUE, houses)
    rooms, rows = [], []
    for n in range(resources):
        house, kind = houses[n % venues], draw.choice(KINDS)
        capacity = draw.randint(*COUNTED[kind]) if kind in COUNTED else 1
        room = Room(last_resource + n + 1, house["id"], house["zone"], capacity, kind not in COUNTED)
        rooms.append(room)
        rows.append(_resource(room, f"{prefix}R{n + 1:06}", kind, n // venues, draw))
    synthetic.write(connection, synthetic.RESOURCE, rows)
    atoms = [{"resource_id": room.id, "atom_id": room.id, "venue_id": room.venue_id} for room in rooms]
    synthetic.write(connection, synthetic.RESOURCE_ATOM, atoms)
    return rooms


def add_companies(
    connection: Connection, draw: Random, many: int, *, prefix: str, at: datetime
) -> Sequence[Company]:
    """So many companies, each with one member `member-0001@{prefix}.example`, who has no password."""
    companies = [Company(new_id(), new_id()) for _ in range(many)]
    everybody = [_company(company, n, prefix, draw, at) for n, company in enumerate(companies, start=1)]
    for table, rows in zip(PEOPLE, zip(*everybody, strict=True), strict=True):
        synthetic.write(connection, table, rows)
    return companies


PEOPLE = (synthetic.ORGANISATION, synthetic.PERSON, synthetic.HAT)


def _company(company: Company, n: int, prefix: str, draw: Random, at: datetime) -> tuple[Row, Row, Row]:
    country, region, language, _, _ = draw.choice(REGIONS)
    organisation = {
        "id": company.id,
        "name": f"{prefix} company {n:04}",
        "legal_form": "asbl",
        "non_profit": True,
        "country": country,
        "region": region,
        "town": "–",
        "language": language,
        "size": "micro",
        "programme_company": n % 2 == 0,
    }
    member = {
        "id": company.person_id,
        "email": f"member-{n:04}@{prefix.lower()}.example",
        "name": f"Member {n:04}",
        "language": language,
        "created_at": at,
    }
    hat = {"id": new_id(), "person_id": company.person_id, "role": Role.MEMBER, "organisation_id": company.id}
    return organisation, member, hat


def _house(number: int, code: str, draw: Random) -> Row:
    country, region, language, zone, school = draw.choice(REGIONS)
    return {
        "id": number,
        "code": code,
        "name": f"House {code}",
        "fictional": True,
        "town": f"Town {code}",
        "country": country,
        "region": region,
        "language": language,
        "languages": [language],
        "zone": zone,
        "public_holidays": country,
        "school_holidays": {"country": country, "subdivision": school},
        "day_line": 360,
        "latitude": round(draw.uniform(49.3, 51.3), 3),
        "longitude": round(draw.uniform(1.7, 5.6), 3),
    }


def _resource(room: Room, code: str, kind: str, position: int, draw: Random) -> Row:
    return {
        "venue_id": room.venue_id,
        "id": room.id,
        "code": code,
        "name": {language: f"{kind.capitalize()} {code}" for language in ("en", "nl", "fr")},
        "kind": kind,
        "capacity": room.capacity,
        "exclusive": room.exclusive,
        "day_rate_cents": draw.randrange(0, 60_000, 500),
        "technical_sheet": _sheet(draw),
        "rules": {"policy": draw.choice(POLICIES), "opening": "always", "granularity_minutes": 30},
        "in_programme_area": True,
        "position": position,
        "revision": 1,
    }


def _sheet(draw: Random) -> dict[str, Any]:
    """What search asks for; a tenth of each figure is not known."""
    figures = {
        "width_m": round(draw.uniform(5, 20), 1),
        "depth_m": round(draw.uniform(5, 20), 1),
        "clear_height_m": round(draw.uniform(3, 12), 1),
        "seats": draw.randrange(0, 800, 10),
        "power_amps": draw.choice((16, 32, 63, 125)),
        "sprung_floor": draw.random() < 0.4,
    }
    return {name: value for name, value in figures.items() if draw.random() < 0.9}
