"""Feeds: the addresses under which calendar apps read bookings; and the keys of apps that read over CalDAV."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class AppToken(Base):
    """A key with which a calendar app reads over CalDAV, and nothing else; only the SHA-256 of it is kept.

    Deleting the row revokes it in every process at once.
    """

    __tablename__ = "app_token"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    hash: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_app_token_hash", "hash", unique=True),
        Index("ix_app_token_person", "person_id", "id"),
    )


class Feed(Base):
    """One address, made by one person; deleting the row revokes it in every process at once.

    The token in the address is not stored, only its SHA-256 (`token_hash`, hexadecimal).
    `digest`: of what the feed said when it was last written out, empty before the first time;
    `changed_at`: since when it says that. Time passing, other roles of its owner or a renamed room
    change a feed although no booking changed: Last-Modified needs a memory of its own.
    """

    __tablename__ = "feed"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    resource_id: Mapped[int | None]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    trajectory_id: Mapped[UUID | None] = mapped_column(ForeignKey("trajectory.id"))
    detail: Mapped[str]
    language: Mapped[str]
    digest: Mapped[str]
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_feed_token_hash", "token_hash", unique=True),
        Index("ix_feed_person", "person_id", "id"),
        CheckConstraint(
            "scope IN ('resource', 'venue', 'organisation', 'trajectory', 'me', 'expiring', 'crew')", name="scope"
        ),
        CheckConstraint(
            "(scope <> 'resource' OR resource_id IS NOT NULL)"
            " AND (scope <> 'venue' OR venue_id IS NOT NULL)"
            " AND (scope <> 'organisation' OR organisation_id IS NOT NULL)"
            " AND (scope <> 'trajectory' OR trajectory_id IS NOT NULL)"
            " AND (resource_id IS NULL OR venue_id IS NOT NULL)",
            name="fits_scope",
        ),
        CheckConstraint("detail IN ('busy', 'titles', 'full')", name="detail"),
    )
