"""The register of feeds: made, listed, revoked, and found by the hash of their token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    String,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from booking.domain.people import Role
from booking.storage.bookings import Booking
from booking.storage.people import Hat, Organisation
from booking.storage.places import Resource, ResourceAtom, Venue
from calendars.storage.tables import Feed

FeedRow = Row[*tuple[Any, ...]]


def add(connection: Connection, **values: Any) -> None:
    """One more feed."""
    connection.execute(insert(Feed).values(**values))


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
        )
        .outerjoin(Venue, Venue.id == Feed.venue_id)
        .outerjoin(Resource, (Resource.id == Feed.resource_id) & (Resource.venue_id == Feed.venue_id))
        .outerjoin(Organisation, Organisation.id == Feed.organisation_id)
        .where(Feed.person_id == person_id)
        .order_by(Feed.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Feed.id < before)
    return connection.execute(query).all()


def remove(connection: Connection, person_id: UUID, feed_id: UUID) -> bool:
    """Whether there was one to remove."""
    done = connection.execute(delete(Feed).where(Feed.id == feed_id, Feed.person_id == person_id))
    return done.rowcount == 1


def look_up(connection: Connection, token_hash: str) -> FeedRow | None:
    """The feed with its owner's roles and the version of its scope: one indexed statement.

    `hats`: a text that differs whenever the roles do. `version`: a number that rises with every
    change of what the scope shows; nothing counts it up, so no writer waits for another.
    """
    return connection.execute(_LOOK_UP, {"token_hash": token_hash}).one_or_none()


def said(connection: Connection, feed_id: UUID) -> FeedRow | None:
    """`digest` and `changed_at` of a feed, locked until the transaction ends."""
    query = select(Feed.digest, Feed.changed_at).where(Feed.id == feed_id)
    return connection.execute(query.with_for_update()).one_or_none()


def say(connection: Connection, feed_id: UUID, *, digest: str, at: datetime) -> None:
    """Remember what the feed says since `at`."""
    connection.execute(update(Feed).where(Feed.id == feed_id).values(digest=digest, changed_at=at))


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


def _hats() -> ColumnElement[str]:
    hat = (
        Hat.role
        + ":"
        + func.coalesce(cast(Hat.venue_id, String), "")
        + ":"
        + func.coalesce(cast(Hat.organisation_id, String), "")
    )
    query = select(func.aggregate_strings(hat, ",")).where(Hat.person_id == Feed.person_id)
    return func.coalesce(query.correlate(Feed).scalar_subquery(), "")


def _revisions(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.coalesce(func.sum(Resource.revision), 0)).where(*conditions)
    return query.correlate(Feed).scalar_subquery()


def _bookings(condition: ColumnElement[bool]) -> ColumnElement[int]:
    counted = func.coalesce(func.sum(Booking.revision), 0) + func.count()
    return select(counted).where(condition).correlate(Feed).scalar_subquery()


def _version() -> ColumnElement[int]:
    atoms = select(ResourceAtom.atom_id).where(ResourceAtom.resource_id == Feed.resource_id).correlate(Feed)
    own = select(Hat.organisation_id).where(Hat.person_id == Feed.person_id, Hat.role == Role.MEMBER)
    houses = select(Hat.venue_id).where(
        Hat.person_id == Feed.person_id, Hat.role.in_((Role.MANAGER, Role.TECHNICIAN))
    )
    return case(
        (
            Feed.scope == "resource",
            _revisions(
                Resource.venue_id == Feed.venue_id,
                (Resource.id == Feed.resource_id) | Resource.id.in_(atoms),
            ),
        ),
        (Feed.scope == "venue", _revisions(Resource.venue_id == Feed.venue_id)),
        (Feed.scope == "organisation", _bookings(Booking.organisation_id == Feed.organisation_id)),
        else_=_revisions(Resource.venue_id.in_(houses.correlate(Feed)))
        + _bookings(Booking.organisation_id.in_(own.correlate(Feed))),
    )


_LOOK_UP = select(*Feed.__table__.columns, _hats().label("hats"), _version().label("version")).where(
    Feed.token_hash == bindparam("token_hash")
)
