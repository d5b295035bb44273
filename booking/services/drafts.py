"""Drafts of forms: kept by themselves while somebody types, and private to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.storage import drafts

KEPT_FOR = timedelta(days=30)
MOST_DRAFTS = 50
"""Of one person; the oldest make room."""
MOST_FIELDS = 500
MOST_LETTERS = 60_000
"""In all fields of one draft together."""

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: name → values. `id`: of this state of it; `form`, `about`: where; `saved_at` in UTC."""

    id: UUID
    form: str
    about: str
    fields: Fields
    saved_at: datetime


def find(connection: Connection, person: Person, form: str, about: str, *, at: datetime) -> Draft | None:
    """This person's own draft of that form, unless it is older than a month. One statement."""
    row = drafts.find(connection, person.id, form, about, after=at - KEPT_FOR)
    return Draft(row.id, form, about, row.fields, row.saved_at) if row is not None else None


def listing(connection: Connection, person: Person, *, at: datetime) -> list[Draft]:
    """Everything that this person has begun and not sent, the newest first. One statement."""
    rows = drafts.of_person(connection, person.id, after=at - KEPT_FOR)
    return [Draft(row.id, row.form, row.about, row.fields, row.saved_at) for row in rows]


def keep(
    connection: Connection, person: Person, form: str, about: str, fields: Fields, *, at: datetime
) -> UUID | None:
    """Keep what is typed in place of what was kept before; its id, or None when it is more than anybody types."""
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(fields) > MOST_FIELDS or letters > MOST_LETTERS:
        return None
    typed = {name: list(values) for name, values in fields.items()}
    kept = drafts.keep(connection, person.id, form, about, typed, at=at)
    drafts.keep_newest(connection, person.id, most=MOST_DRAFTS)
    return kept


def throw_away(connection: Connection, person: Person, form: str, about: str) -> None:
    """It is gone; nothing happens when there is none."""
    drafts.throw_away(connection, person.id, form, about)


def forget(connection: Connection, *, at: datetime) -> int:
    """What nobody came back to for a month. Returns how many."""
    return drafts.forget(connection, before=at - KEPT_FOR)
