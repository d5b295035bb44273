"""Houses and what can be booked in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base


class Venue(Base):
    """A house. `day_line` is in minutes after local midnight; coordinates in degrees (WGS 84).

    `about`, `practical`: what it says of itself, and what is good to know there, by language.
    `settings`: what it chose of `domain/house_rules.py`; what is not in it is as for every house.
    """

    __tablename__ = "venue"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    fictional: Mapped[bool]
    town: Mapped[str]
    country: Mapped[str]
    region: Mapped[str]
    language: Mapped[str]
    languages: Mapped[list[Any]]
    zone: Mapped[str]
    public_holidays: Mapped[str]
    school_holidays: Mapped[dict[str, Any]]
    day_line: Mapped[int]
    latitude: Mapped[float]
    longitude: Mapped[float]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    address: Mapped[str | None]
    about: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    practical: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class Resource(Base):
    """Something of a venue that can be booked.

    `exclusive`: at most one at a time; otherwise counted stock of `capacity` pieces.
    `revision` rises with everything that changes what holds it or what a feed shows of it;
    the row itself is the lock that every writer takes (see `locks.py`).
    `notes`: by language, as `name`. Rates in cents, None where there is none of that kind.
    `retired_at`: since when nobody can book it any more; what was booked stays.
    """

    __tablename__ = "resource"
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, Any]]
    kind: Mapped[str]
    capacity: Mapped[int]
    exclusive: Mapped[bool]
    unit: Mapped[str | None]
    slot_rate_cents: Mapped[int | None]
    half_day_rate_cents: Mapped[int | None]
    day_rate_cents: Mapped[int]
    week_rate_cents: Mapped[int | None]
    technical_sheet: Mapped[dict[str, Any]]
    notes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    rules: Mapped[dict[str, Any]]
    in_programme_area: Mapped[bool]
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_resource_id", "id", unique=True),
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("NOT exclusive OR capacity = 1", name="exclusive"),
    )


class ResourceNumber(Base):
    """The last number that a resource got, in its only row: whoever adds some waits there for others."""

    __tablename__ = "resource_number"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class ResourceAtom(Base):
    """What a resource takes when it is booked: itself, or for a whole all its parts."""

    __tablename__ = "resource_atom"
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    atom_id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        ForeignKeyConstraint(
            ["venue_id", "atom_id"],
            ["resource.venue_id", "resource.id"],
            name="fk_resource_atom_atom",
        ),
        Index("ix_resource_atom_atom", "atom_id"),
    )


class NoisePair(Base):
    """Two resources of one house that disturb each other. `first_id` < `second_id`."""

    __tablename__ = "noise_pair"
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(primary_key=True)
    second_id: Mapped[int] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "first_id"], ["resource.venue_id", "resource.id"]),
        ForeignKeyConstraint(
            ["venue_id", "second_id"],
            ["resource.venue_id", "resource.id"],
            name="fk_noise_pair_second",
        ),
        CheckConstraint("first_id < second_id", name="order"),
    )
