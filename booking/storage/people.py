"""Organisations, people, the hats they wear, and the tokens of their machines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Organisation(Base):
    """A company. `enterprise_number`: SIREN in France, KBO/BCE in Belgium."""

    __tablename__ = "organisation"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    legal_form: Mapped[str]
    non_profit: Mapped[bool]
    country: Mapped[str]
    region: Mapped[str]
    town: Mapped[str]
    language: Mapped[str]
    vat: Mapped[str | None]
    enterprise_number: Mapped[str | None]
    size: Mapped[str]
    programme_company: Mapped[bool]


class Person(Base):
    """Someone who signs in. `password_hash` is None until an invitation is taken up. `shortcuts`: letters of the
    keyboard act on the desk."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    shortcuts: Mapped[bool] = mapped_column(server_default=true())


class Hat(Base):
    """One role of one person: member of an organisation, manager or technician of a venue, or overall."""

    __tablename__ = "hat"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    __table_args__ = (
        UniqueConstraint("person_id", "role", "venue_id", "organisation_id"),
        CheckConstraint(
            "(role = 'member' AND organisation_id IS NOT NULL AND venue_id IS NULL)"
            " OR (role IN ('manager', 'technician') AND venue_id IS NOT NULL AND organisation_id IS NULL)"
            " OR (role IN ('coordinator', 'admin') AND venue_id IS NULL AND organisation_id IS NULL)",
            name="fits_role",
        ),
    )


class Token(Base):
    """A key for a machine. Only the SHA-256 of it is kept."""

    __tablename__ = "token"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    hash: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_token_hash", "hash", unique=True),
        Index("ix_token_person", "person_id"),
    )
