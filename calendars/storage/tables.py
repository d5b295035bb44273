"""Feeds and keys, by which calendar apps read bookings; and the calendars of others, which block."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
    true,
)
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


class CollectionState(Base):
    """What a person's collection said when it was last told to an app: the `number` of that state, of all it says
    the `digest`. `id`: of the row of numbers; a row that was begun anew has another one. `oldest`: states before
    that number are not remembered.
    """

    __tablename__ = "collection_state"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    collection: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id)
    number: Mapped[int]
    oldest: Mapped[int]
    digest: Mapped[str]

    __table_args__ = (CheckConstraint("oldest <= number", name="order"),)


class CollectionItem(Base):
    """One item of such a collection: since which state it is as its `tag` says; None when it is gone."""

    __tablename__ = "collection_item"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    tag: Mapped[str | None]
    number: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "collection"],
            ["collection_state.person_id", "collection_state.collection"],
            ondelete="CASCADE",
        ),
    )


class Feed(Base):
    """One address, made by one person; deleting the row revokes it in every process at once.

    The token in the address is not stored, only its SHA-256 (`token_hash`, hexadecimal).
    `imported`: whether it shows what the house's own calendars block.
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
    imported: Mapped[bool] = mapped_column(server_default=true())
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


class KeptShare(Base):
    """What one resource or company brings into feeds, as it was last written: nothing is lost when it is.

    `key`: tells what, for whom, in which words, and how it was written. `told`: what each text was written from;
    `own`, `moments`: the texts, packed. `until`: None when time takes nothing out of it.
    """

    __tablename__ = "kept_share"
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger())
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    digest: Mapped[str]
    zones: Mapped[list[Any]]
    years: Mapped[list[Any]]
    told: Mapped[bytes]
    own: Mapped[bytes]
    moments: Mapped[bytes]

    __table_args__ = (Index("ix_kept_share_since", "since"),)


class ExternalCalendar(Base):
    """A foreign calendar that blocks one resource, or by its own words several of a house.

    `url` None: it was uploaded. `state`: waiting (never read), fine, or failing (the last good copy stays,
    `problem` says why). `read_at`: of the copy that is in force; `tried_at`, `due_at`: the last and the next
    attempt. `digest`: of the copy's octets; `etag`, `last_modified`: as its server gave them; `until`: to when
    it was expanded; `believes`: somebody said that the next copy counts, also when most is gone.
    """

    __tablename__ = "external_calendar"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    resource_id: Mapped[int | None]
    label: Mapped[str]
    url: Mapped[str | None]
    blocks: Mapped[dict[str, Any]]
    split: Mapped[dict[str, Any]]
    state: Mapped[str]
    problem: Mapped[str | None]
    failures: Mapped[int]
    believes: Mapped[bool]
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    digest: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[str]
    counts: Mapped[dict[str, Any]]
    notes: Mapped[list[Any]]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    revision: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        UniqueConstraint("venue_id", "id"),
        Index("ix_external_calendar_due", "due_at"),
        CheckConstraint("state IN ('waiting', 'fine', 'failing')", name="state"),
        CheckConstraint("(state = 'failing') = (problem IS NOT NULL)", name="problem"),
        CheckConstraint("url IS NOT NULL OR due_at IS NULL", name="due"),
    )


class ExternalCopy(Base):
    """The last good octets of a calendar, compressed: time moves on, and choices change, without its server."""

    __tablename__ = "external_copy"
    calendar_id: Mapped[UUID] = mapped_column(
        ForeignKey("external_calendar.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[bytes]


class ExternalOffer(Base):
    """A newer file of a calendar that was sent, looked at, and not yet let count."""

    __tablename__ = "external_offer"
    calendar_id: Mapped[UUID] = mapped_column(
        ForeignKey("external_calendar.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[bytes]


class ExternalEvent(Base):
    """One event of a foreign calendar that blocks, would block, or is left out; what it takes is occupancy.

    `block`: hard, option or ignore. `digest`: another one as soon as what it does is. `ends`: when it is over.
    For feeds: `stretches`, when it takes time, and `over`, what of it was called off and when (packed, see
    `domain/stretches.py`); `days`: whole days; `repeats`: it has, or had, several stretches; `sequence`,
    `modified_at`: rise with every change. `ended_at`: its calendar does not have it any more; it may come back.
    """

    __tablename__ = "external_event"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    calendar_id: Mapped[UUID]
    venue_id: Mapped[int]
    key: Mapped[str]
    uid: Mapped[str]
    title: Mapped[str]
    location: Mapped[str]
    block: Mapped[str]
    targets: Mapped[list[Any]]
    digest: Mapped[str]
    starts: Mapped[datetime | None]
    ends: Mapped[datetime | None]
    created_at: Mapped[datetime]
    stretches: Mapped[bytes | None]
    over: Mapped[bytes | None]
    days: Mapped[bool] = mapped_column(server_default=false())
    repeats: Mapped[bool] = mapped_column(server_default=false())
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    modified_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["venue_id", "calendar_id"],
            ["external_calendar.venue_id", "external_calendar.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("calendar_id", "key"),
        Index("ix_external_event_venue", "venue_id"),
        CheckConstraint("block IN ('hard', 'option', 'ignore')", name="block"),
    )


class ExternalSame(Base):
    """A foreign event, by its UID, that is the same as a booking: copied from here into the house's own tool."""

    __tablename__ = "external_same"
    calendar_id: Mapped[UUID] = mapped_column(
        ForeignKey("external_calendar.id", ondelete="CASCADE"), primary_key=True
    )
    uid: Mapped[str] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    venue_id: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),)
