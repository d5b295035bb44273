"""What was done just now and may be taken back for a minute."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, Row, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.events import Event
from booking.storage.proposals import Proposal, Referral


class Undo(Base):
    """One deed that its author may take back before `until`.

    `group_id`: what was done with one press goes back with one press. `was`: what to restore; `events`: those of
    which nobody has been told yet, each with its booking. `undone_at`: when it was taken back.
    """

    __tablename__ = "undo"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    deed: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime]
    was: Mapped[dict[str, Any]]
    events: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_undo_group", "group_id"),
        CheckConstraint("at < until", name="span"),
        CheckConstraint("deed IN ('answer', 'refer', 'move', 'resolve')", name="deed"),
    )


def add(connection: Connection, **values: Any) -> UUID:
    """Remember one; returns its id."""
    undo_id = new_id()
    connection.execute(insert(Undo).values(id=undo_id, **values))
    return undo_id


def of_group(connection: Connection, group: UUID, person: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What this person did with one press, in that order."""
    query = select(*Undo.__table__.columns).where(Undo.group_id == group, Undo.person_id == person)
    return connection.execute(query.order_by(Undo.id)).all()


def note_undone(connection: Connection, undo_id: UUID, *, at: datetime) -> bool:
    """Whether it was still to be taken back: of two who press at once, one does it."""
    change = update(Undo).where(Undo.id == undo_id, Undo.undone_at.is_(None)).values(undone_at=at)
    return connection.execute(change).rowcount == 1


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop what was done before that instant; returns how many."""
    return connection.execute(delete(Undo).where(Undo.at < before)).rowcount


def reopen_proposals(connection: Connection, booking_id: UUID, *, at: datetime) -> None:
    """What was overtaken at that instant waits for an answer again."""
    overtaken = (Proposal.booking_id == booking_id, Proposal.answer == "void", Proposal.answered_at == at)
    connection.execute(update(Proposal).where(*overtaken).values(answer=None, answered_at=None))


def has_happened_since(connection: Connection, booking_id: UUID, event: UUID, *, besides: Collection[str]) -> bool:
    """Whether anything of another kind than `besides` happened to the booking after that event."""
    later = select(Event.id).where(Event.booking_id == booking_id, Event.id > event, Event.kind.not_in(besides))
    return connection.scalar(select(later.exists())) or False


def forget_referrals(connection: Connection, referrals: Collection[UUID]) -> None:
    """These were never passed on."""
    connection.execute(delete(Referral).where(Referral.id.in_(referrals)))
