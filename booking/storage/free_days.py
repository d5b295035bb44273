"""Free days, kept: what was worked out of an atom's occupancy, and at which revision of the atom.

Every change of what is held raises the revision of its atoms in the same transaction, so a row is true
exactly as long as its revision is still the atom's own. Writers pay nothing for it, and nothing can be
forgotten: what is out of date is worked out again by whoever needs it, and kept by the worker.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, Integer, LargeBinary, Row, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.free_days import YEAR_BYTES
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage.base import Base, among
from booking.storage.bookings import Occupancy
from booking.storage.places import Resource, ResourceAtom, Venue

MOST_BOUND = 5_000
"""More ids than that are not worth naming one by one."""


class FreeDays(Base):
    """The free days of one atom in one year (see `domain/free_days.py`), least significant byte first."""

    __tablename__ = "free_days"
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    bits: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        ForeignKeyConstraint(
            ["venue_id", "resource_id"], ["resource.venue_id", "resource.id"], ondelete="CASCADE"
        ),
    )


def bits_of(row: Row[Any]) -> int:
    """As a number."""
    return int.from_bytes(row.bits, "little")


ATOMS = select(
    Resource.id,
    Resource.venue_id,
    Resource.revision,
    Resource.capacity,
    Resource.exclusive,
    Venue.zone,
    Venue.day_line,
).join(Venue, Venue.id == Resource.venue_id)


def read(connection: Connection, atoms: Collection[int], years: Collection[int]) -> Sequence[Row[Any]]:
    """Each of these atoms with its `year` and `bits` where they are kept and true; one row for each year."""
    query = ATOMS.add_columns(FreeDays.year, FreeDays.bits).outerjoin(
        FreeDays,
        and_(
            FreeDays.venue_id == Resource.venue_id,
            FreeDays.resource_id == Resource.id,
            FreeDays.year.in_(years),
            FreeDays.revision == Resource.revision,
        ),
    )
    if len(atoms) <= MOST_BOUND:
        return connection.execute(query.where(among(Resource.id, atoms, connection.dialect))).all()
    wanted = set(atoms)
    return [row for row in connection.execute(query) if row.id in wanted]


def stale(connection: Connection, year: int) -> list[int]:
    """The atoms of which nothing true is kept for that year."""
    kept = (
        select(FreeDays.resource_id)
        .where(
            FreeDays.venue_id == Resource.venue_id,
            FreeDays.resource_id == Resource.id,
            FreeDays.year == year,
            FreeDays.revision == Resource.revision,
        )
        .exists()
    )
    return list(connection.execute(select(Resource.id).where(~kept).order_by(Resource.id)).scalars())


def atoms_of(connection: Connection, resources: Collection[int] | None = None) -> dict[int, list[int]]:
    """The atoms of every whole; of those among `resources`, when some are named."""
    query = select(ResourceAtom.resource_id, ResourceAtom.atom_id).where(
        ResourceAtom.resource_id != ResourceAtom.atom_id
    )
    if resources is not None:
        query = query.where(ResourceAtom.resource_id.in_(resources))
    query = query.order_by(ResourceAtom.resource_id, ResourceAtom.atom_id)
    found: dict[int, list[int]] = {}
    for whole, atom in connection.execute(query):
        found.setdefault(whole, []).append(atom)
    return found


def hard(connection: Connection, atoms: Collection[int], span: Span) -> Sequence[Row[*tuple[Any, ...]]]:
    """What holds these atoms hard at any moment of `span`."""
    query = select(Occupancy.atom_id, Occupancy.starts, Occupancy.ends, Occupancy.quantity).where(
        Occupancy.atom_id.in_(atoms),
        Occupancy.force == Force.HARD,
        Occupancy.ends > span.start,
        Occupancy.starts < span.end,
    )
    return connection.execute(query).all()


KEEP = text(
    """
    INSERT INTO free_days (venue_id, resource_id, year, revision, bits)
    VALUES (:venue_id, :resource_id, :year, :revision, :bits)
    ON CONFLICT (venue_id, resource_id, year) DO UPDATE SET revision = excluded.revision, bits = excluded.bits
    WHERE free_days.revision < excluded.revision
    """
)


def keep(connection: Connection, rows: Iterable[tuple[Row[Any], int, int]]) -> None:
    """Keep what was worked out: the atom as it was read, the year, the bits; true while its revision is."""
    known = [
        {
            "venue_id": atom.venue_id,
            "resource_id": atom.id,
            "year": year,
            "revision": atom.revision,
            "bits": bits.to_bytes(YEAR_BYTES, "little"),
        }
        for atom, year, bits in rows
    ]
    if known:
        connection.execute(KEEP, known)
