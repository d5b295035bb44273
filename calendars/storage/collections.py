"""What collections said, state by state, so that an app can be told what changed since the one it knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from booking.storage.base import new_id
from calendars.storage.tables import CollectionItem, CollectionState


@dataclass(frozen=True, slots=True)
class StateRow:
    """The last state that was told. `digest`: of everything it says; `oldest`: the first that is remembered."""

    id: UUID
    number: int
    oldest: int
    digest: str


def state(connection: Connection, person_id: UUID, collection: str, *, lock: bool = False) -> StateRow | None:
    """The last that was told; None before the first time."""
    query = select(CollectionState.id, CollectionState.number, CollectionState.oldest, CollectionState.digest)
    query = query.where(*_of(CollectionState, person_id, collection))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return StateRow(**row._mapping) if row else None


def begin(connection: Connection, person_id: UUID, collection: str) -> None:
    """A state that says nothing, unless somebody else was faster."""
    values = {"person_id": person_id, "collection": collection, "id": new_id()}
    values |= {"number": 0, "oldest": 0, "digest": ""}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(CollectionState).values(**values).on_conflict_do_nothing())


def tags(connection: Connection, person_id: UUID, collection: str) -> dict[str, str | None]:
    """The tag of each item in the last state, also of those that are gone (None)."""
    query = select(CollectionItem.name, CollectionItem.tag).where(*_of(CollectionItem, person_id, collection))
    return {row.name: row.tag for row in connection.execute(query)}


def advance(
    connection: Connection, person_id: UUID, collection: str, number: int, digest: str, *, oldest: int
) -> None:
    """The next state."""
    values = {"number": number, "digest": digest, "oldest": oldest}
    query = update(CollectionState).where(*_of(CollectionState, person_id, collection))
    connection.execute(query.values(**values))


def put(
    connection: Connection,
    person_id: UUID,
    collection: str,
    number: int,
    *,
    fresh: Mapping[str, str],
    other: Mapping[str, str | None],
) -> None:
    """What is new, and what is other than before (None: gone), since that state."""
    place = {"person_id": person_id, "collection": collection, "number": number}
    if fresh:
        rows = [{**place, "name": name, "tag": tag} for name, tag in fresh.items()]
        connection.execute(insert(CollectionItem), rows)
    for name, tag in other.items():
        query = update(CollectionItem).where(
            *_of(CollectionItem, person_id, collection), CollectionItem.name == name
        )
        connection.execute(query.values(tag=tag, number=number))


def changed_since(
    connection: Connection, person_id: UUID, collection: str, number: int
) -> Sequence[tuple[str, str | None]]:
    """Name and tag of each item that changed after that state; None: it is gone."""
    query = select(CollectionItem.name, CollectionItem.tag).where(
        *_of(CollectionItem, person_id, collection), CollectionItem.number > number
    )
    return [(row.name, row.tag) for row in connection.execute(query.order_by(CollectionItem.name))]


def forget_gone(connection: Connection, person_id: UUID, collection: str) -> None:
    """Items that are no more are remembered no more."""
    gone = (*_of(CollectionItem, person_id, collection), CollectionItem.tag.is_(None))
    connection.execute(delete(CollectionItem).where(*gone))


def forget(connection: Connection, person_id: UUID) -> None:
    """Everything that this person's apps were told."""
    for table in (CollectionItem, CollectionState):
        connection.execute(delete(table).where(table.person_id == person_id))


def _of(
    table: type[CollectionState] | type[CollectionItem], person_id: UUID, collection: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.person_id == person_id, table.collection == collection
