"""What a person wants to be told, how, and when not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CheckConstraint, Connection, ForeignKey, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base
from notifications.domain.quiet import QuietHours


class Preference(Base):
    """One choice: how often one kind of news comes through one channel. What was not chosen is as usual."""

    __tablename__ = "preference"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    frequency: Mapped[str]

    __table_args__ = (CheckConstraint("frequency IN ('immediate', 'daily', 'weekly', 'never')", name="frequency"),)


class Quiet(Base):
    """The hours in which a person wants no letters: minutes after midnight, the second excluded."""

    __tablename__ = "quiet_hours"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts: Mapped[int]
    ends: Mapped[int]

    __table_args__ = (
        CheckConstraint("starts >= 0 AND starts < 1440 AND ends >= 0 AND ends < 1440", name="minutes"),
        CheckConstraint("starts <> ends", name="span"),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of them."""

    person_id: UUID
    channel: str
    kind: str
    frequency: str


def of_kind(connection: Connection, people: Collection[UUID], kind: str) -> Mapping[tuple[UUID, str], str]:
    """`(person, channel)` → how often these people want this kind, where they chose."""
    query = select(Preference.person_id, Preference.channel, Preference.frequency)
    rows = connection.execute(query.where(Preference.person_id.in_(people), Preference.kind == kind))
    return {(row.person_id, row.channel): row.frequency for row in rows}


def of_person(connection: Connection, person_id: UUID) -> Mapping[tuple[str, str], str]:
    """`(channel, kind)` → how often, where this person chose."""
    query = select(Preference.channel, Preference.kind, Preference.frequency)
    rows = connection.execute(query.where(Preference.person_id == person_id))
    return {(row.channel, row.kind): row.frequency for row in rows}


def replace(connection: Connection, person_id: UUID, choices: Sequence[Choice], quiet: QuietHours | None) -> None:
    """These, instead of everything that was chosen before."""
    connection.execute(delete(Preference).where(Preference.person_id == person_id))
    if choices:
        connection.execute(
            insert(Preference),
            [
                {"person_id": person_id, "channel": each.channel, "kind": each.kind, "frequency": each.frequency}
                for each in choices
            ],
        )
    connection.execute(delete(Quiet).where(Quiet.person_id == person_id))
    if quiet is not None:
        connection.execute(insert(Quiet).values(person_id=person_id, starts=quiet.starts, ends=quiet.ends))


def choose(connection: Connection, choice: Choice) -> None:
    """One choice; the others stay."""
    insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {
        "person_id": choice.person_id,
        "channel": choice.channel,
        "kind": choice.kind,
        "frequency": choice.frequency,
    }
    connection.execute(
        insert_into(Preference)
        .values(values)
        .on_conflict_do_update(
            index_elements=["person_id", "channel", "kind"], set_={"frequency": choice.frequency}
        )
    )


def quiet_hours(connection: Connection, person_id: UUID) -> QuietHours | None:
    """The quiet hours of a person, if they have any."""
    row = connection.execute(select(Quiet.starts, Quiet.ends).where(Quiet.person_id == person_id)).one_or_none()
    return QuietHours(row.starts, row.ends) if row else None
