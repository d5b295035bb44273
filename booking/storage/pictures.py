"""Pictures of places, stored: what each shows, in which order, and its content in two sizes, apart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.places import Resource


class Picture(Base):
    """One picture. `alt`: what it shows, in every language; `width`, `height`: of the large one, in pixels."""

    __tablename__ = "picture"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int]
    resource_id: Mapped[int]
    position: Mapped[int]
    alt: Mapped[dict[str, Any]]
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_picture_resource", "resource_id", "position"),
    )


class PictureContent(Base):
    """Its octets (WebP) in one size, apart, so that no list reads them."""

    __tablename__ = "picture_content"
    picture_id: Mapped[UUID] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True)
    size: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("size IN ('large', 'small')", name="size"),)


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One picture, without its octets."""

    id: UUID
    resource: str
    alt: Mapping[str, str]
    width: int
    height: int


def of_resources(connection: Connection, resources: Collection[int]) -> dict[str, list[PictureRow]]:
    """The pictures of these, by code, in their order."""
    query = (
        select(Picture.id, Resource.code, Picture.alt, Picture.width, Picture.height)
        .join(Resource, Resource.id == Picture.resource_id)
        .where(Picture.resource_id.in_(resources))
        .order_by(Picture.resource_id, Picture.position, Picture.id)
    )
    found: dict[str, list[PictureRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.code, []).append(PictureRow(*row))
    return found


def add(
    connection: Connection,
    venue_id: int,
    resource_id: int,
    alt: Mapping[str, str],
    shape: tuple[int, int],
    contents: Mapping[str, bytes],
    *,
    by: UUID,
    at: datetime,
) -> UUID:
    """One more, behind the others."""
    last = select(func.coalesce(func.max(Picture.position), 0)).where(Picture.resource_id == resource_id)
    picture = new_id()
    connection.execute(
        insert(Picture).values(
            id=picture,
            venue_id=venue_id,
            resource_id=resource_id,
            position=connection.execute(last).scalar_one() + 1,
            alt=dict(alt),
            width=shape[0],
            height=shape[1],
            at=at,
            by_id=by,
        )
    )
    rows = [{"picture_id": picture, "size": size, "content": content} for size, content in contents.items()]
    connection.execute(insert(PictureContent), rows)
    return picture


def put_first(connection: Connection, resource_id: int, picture: UUID) -> None:
    """Before all others of its resource."""
    first = select(func.coalesce(func.min(Picture.position), 0)).where(Picture.resource_id == resource_id)
    position = connection.execute(first).scalar_one() - 1
    connection.execute(update(Picture).where(Picture.id == picture).values(position=position))


def remove(connection: Connection, picture: UUID) -> None:
    """It and its octets."""
    connection.execute(delete(Picture).where(Picture.id == picture))


def content(connection: Connection, picture: UUID, size: str) -> bytes | None:
    """Its octets in one size, or None."""
    query = select(PictureContent.content).where(PictureContent.picture_id == picture, PictureContent.size == size)
    return connection.execute(query).scalar_one_or_none()
