"""Drafts: what people typed into forms that they have not sent. Nobody reads them but who typed them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Row, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Draft(Base):
    """One form that somebody began. `form`: which; `about`: of what, where there are several (a resource, say).

    `fields`: name → values, as they were typed. `id`: a new one with every change.
    """

    __tablename__ = "draft"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str]
    about: Mapped[str]
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("person_id", "form", "about"),)


def find(
    connection: Connection, person_id: UUID, form: str, about: str, *, after: datetime
) -> Row[*tuple[Any, ...]] | None:
    """`id, fields, saved_at` of the draft that was saved after that instant, or None."""
    query = select(Draft.id, Draft.fields, Draft.saved_at).where(
        _one(person_id, form, about), Draft.saved_at > after
    )
    return connection.execute(query).one_or_none()


def of_person(connection: Connection, person_id: UUID, *, after: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, form, about, fields, saved_at` of everything that this person has begun, the newest first."""
    query = select(Draft.id, Draft.form, Draft.about, Draft.fields, Draft.saved_at)
    query = query.where(Draft.person_id == person_id, Draft.saved_at > after)
    return connection.execute(query.order_by(Draft.saved_at.desc())).all()


def keep(
    connection: Connection, person_id: UUID, form: str, about: str, fields: Mapping[str, Any], *, at: datetime
) -> UUID:
    """Keep it in place of what was kept before; returns its id.

    IntegrityError when another window did so at this very moment.
    """
    draft_id = new_id()
    values = {"id": draft_id, "fields": dict(fields), "saved_at": at}
    changed = connection.execute(update(Draft).where(_one(person_id, form, about)).values(values)).rowcount
    if not changed:
        connection.execute(insert(Draft).values(person_id=person_id, form=form, about=about, **values))
    return draft_id


def throw_away(connection: Connection, person_id: UUID, form: str, about: str) -> None:
    """It is gone."""
    connection.execute(delete(Draft).where(_one(person_id, form, about)))


def keep_newest(connection: Connection, person_id: UUID, *, most: int) -> None:
    """Drop this person's oldest drafts beyond so many."""
    newest = select(Draft.id).where(Draft.person_id == person_id).order_by(Draft.saved_at.desc()).limit(most)
    connection.execute(delete(Draft).where(Draft.person_id == person_id, Draft.id.not_in(newest)))


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop what was saved before that instant; returns how many."""
    return connection.execute(delete(Draft).where(Draft.saved_at < before)).rowcount


def _one(person_id: UUID, form: str, about: str) -> Any:
    return (Draft.person_id == person_id) & (Draft.form == form) & (Draft.about == about)
