"""The register of feeds: made, listed, revoked, and found by the hash of their token."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from booking.domain.people import Role
from booking.storage import queues
from booking.storage.bookings import Booking, Trajectory
from booking.storage.people import Hat, Organisation
from booking.storage.places import Resource, ResourceAtom, Venue
from booking.storage.teams import Team
from calendars.storage.tables import Feed

FeedRow = Row[*tuple[Any, ...]]


def add(connection: Connection, **values: Any) -> None:
    """One more feed."""
    connection.execute(insert(Feed).values(**values))


def count(connection: Connection, person_id: UUID) -> int:
    """How many a person has."""
    return connection.execute(select(func.count()).where(Feed.person_id == person_id)).scalar_one()


def of_person(
    connection: Connection, person_id: UUID, *, before: UUID | None = None, limit: int | None = None
) -> Sequence[FeedRow]:
    """A person's feeds with the names of what they show, newest first; `before` an id goes on."""
    query = (
        select(
            *Feed.__table__.columns,
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            Organisation.name.label("organisation_name"),
            Trajectory.title.label("trajectory_title"),
        )
        .outerjoin(Venue, Venue.id == Feed.venue_id)
        .outerjoin(Resource, (Resource.id == Feed.resource_id) & (Resource.venue_id == Feed.venue_id))
        .outerjoin(Organisation, Organisation.id == Feed.organisation_id)
        .outerjoin(Trajectory, Trajectory.id == Feed.trajectory_id)
        .where(Feed.person_id == person_id)
        .order_by(Feed.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Feed.id < before)
    return connection.execute(query).all()


def follows(connection: Connection, person_id: UUID) -> bool:
    """Whether this person has a feed."""
    return connection.execute(select(Feed.id).where(Feed.person_id == person_id).limit(1)).first() is not None


def remove(connection: Connection, person_id: UUID, feed_id: UUID) -> bool:
    """Whether there was one to remove."""
    done = connection.execute(delete(Feed).where(Feed.id == feed_id, Feed.person_id == person_id))
    return done.rowcount == 1


def present(connection: Connection, token_hash: str) -> tuple[str, datetime | None] | None:
    """The stamp of a feed, and when the next clock of anybody runs out; None when there is no such feed.

    The stamp is a text that is another one as soon as anything that the feed shows may have changed. It holds the
    roles of the feed's owner, and the version of its scope: a number that rises with every change of what the
    scope shows. Nothing counts it up, so no writer waits for another. One indexed statement.
    """
    row = connection.execute(PRESENT[connection.dialect.name], {"token_hash": token_hash}).one_or_none()
    return None if row is None else (row[0], queues.first_of(row[1:]))


def look_up(connection: Connection, token_hash: str) -> FeedRow | None:
    """The feed, with its `stamp`."""
    return connection.execute(LOOK_UP[connection.dialect.name], {"token_hash": token_hash}).one_or_none()


def said(connection: Connection, feed_id: UUID) -> FeedRow | None:
    """`digest` and `changed_at` of a feed, locked until the transaction ends."""
    query = select(Feed.digest, Feed.changed_at).where(Feed.id == feed_id)
    return connection.execute(query.with_for_update()).one_or_none()


def say(connection: Connection, feed_id: UUID, *, before: str, digest: str, at: datetime) -> bool:
    """Remember what the feed says since `at`; whether it still said what it did before."""
    done = connection.execute(
        update(Feed).where(Feed.id == feed_id, Feed.digest == before).values(digest=digest, changed_at=at)
    )
    return done.rowcount == 1


def count_of_team(person_id: UUID, team: Team) -> ColumnElement[int]:
    """How many of a person's feeds show what only the team may see, as a part of a statement."""
    return select(func.count()).select_from(Feed).where(*_of_team(person_id, team)).scalar_subquery()


def remove_of_team(connection: Connection, person_id: UUID, team: Team) -> None:
    """They are gone."""
    connection.execute(delete(Feed).where(*_of_team(person_id, team)))


def _of_team(person_id: UUID, team: Team) -> tuple[ColumnElement[bool], ...]:
    """Of a house, but for busy times, which anybody who is signed in may follow; of a company, chains too."""
    if team.venue_id is not None:
        apart = or_(Feed.detail != "busy", Feed.scope.in_(["expiring", "crew"]))
        return (Feed.person_id == person_id, Feed.venue_id == team.venue_id, apart)
    chains = select(Trajectory.id).where(Trajectory.organisation_id == team.organisation_id)
    its = or_(Feed.organisation_id == team.organisation_id, Feed.trajectory_id.in_(chains))
    return (Feed.person_id == person_id, its)


def venue_id(connection: Connection, code: str) -> int | None:
    """The venue with that code, or None."""
    return connection.execute(select(Venue.id).where(Venue.code == code)).scalar()


def resource_ids(connection: Connection, code: str) -> FeedRow | None:
    """`venue_id` and `id` of the resource with that code, or None."""
    return connection.execute(select(Resource.venue_id, Resource.id).where(Resource.code == code)).one_or_none()


def organisation_exists(connection: Connection, organisation_id: UUID) -> bool:
    """Whether there is such an organisation."""
    query = select(Organisation.id).where(Organisation.id == organisation_id)
    return connection.execute(query).one_or_none() is not None


def _word(value: str) -> ColumnElement[str]:
    """A constant of the program, written into the statement: what is bound costs time at every look."""
    return literal_column(f"'{value}'", String)


ZERO: ColumnElement[int] = literal_column("0", Integer)
NOTHING = _word("")
COLON = _word(":")


def _hats(joined: Callable[..., ColumnElement[str]]) -> ColumnElement[str]:
    venue = func.coalesce(cast(Hat.venue_id, String), NOTHING)
    organisation = func.coalesce(cast(Hat.organisation_id, String), NOTHING)
    hat = Hat.role + COLON + venue + COLON + organisation
    query = select(joined(hat, _word(","))).where(Hat.person_id == Feed.person_id)
    return func.coalesce(query.correlate(Feed).scalar_subquery(), NOTHING)


def _version() -> ColumnElement[int]:
    """By what the feed names: one room, a chain, a house, a company, or nothing but its owner."""
    return case(
        (Feed.resource_id.is_not(None), _around_resource()),
        (Feed.trajectory_id.is_not(None), _bookings(Booking.trajectory_id == Feed.trajectory_id)),
        (Feed.venue_id.is_not(None), _revisions(Resource.venue_id == Feed.venue_id)),
        (Feed.organisation_id.is_not(None), _bookings(Booking.organisation_id == Feed.organisation_id)),
        else_=_of_my_houses() + _of_my_companies(),
    )


def _around_resource() -> ColumnElement[int]:
    atoms = select(ResourceAtom.atom_id).where(ResourceAtom.resource_id == Feed.resource_id).correlate(Feed)
    return _revisions(
        Resource.venue_id == Feed.venue_id, (Resource.id == Feed.resource_id) | Resource.id.in_(atoms)
    )


def _of_my_houses() -> ColumnElement[int]:
    """Joined rather than IN: SQLite would look at every resource there is."""
    works = (Hat.role == _word(Role.MANAGER)) | (Hat.role == _word(Role.TECHNICIAN))
    return _revisions(Hat.person_id == Feed.person_id, works, Resource.venue_id == Hat.venue_id)


def _of_my_companies() -> ColumnElement[int]:
    member = Hat.role == _word(Role.MEMBER)
    return _bookings(Hat.person_id == Feed.person_id, member, Booking.organisation_id == Hat.organisation_id)


def _revisions(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.coalesce(func.sum(Resource.revision), ZERO)).where(*conditions)
    return query.correlate(Feed).scalar_subquery()


def _bookings(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.coalesce(func.sum(Booking.revision), ZERO) + func.count()).where(*conditions)
    return query.correlate(Feed).scalar_subquery()


def _stamp(joined: Callable[..., ColumnElement[str]]) -> ColumnElement[str]:
    return _hats(joined) + COLON + cast(_version(), String)


JOINS: Mapping[str, Callable[..., ColumnElement[str]]] = {
    "sqlite": func.group_concat,
    "postgresql": func.string_agg,
}
"""The portable `aggregate_strings` has to be rewritten by SQLAlchemy at every look."""

_BY_TOKEN = Feed.token_hash == bindparam("token_hash")
PRESENT = {name: select(_stamp(joined), *queues.CLOCKS).where(_BY_TOKEN) for name, joined in JOINS.items()}
LOOK_UP = {
    name: select(*Feed.__table__.columns, _stamp(joined).label("stamp")).where(_BY_TOKEN)
    for name, joined in JOINS.items()
}
