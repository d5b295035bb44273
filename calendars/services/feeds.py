"""Making, listing and revoking feeds; and finding one by the token in its address."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound
from booking.services import people
from booking.services.people import token_hash
from booking.storage.base import new_id
from calendars.domain.showing import Detail
from calendars.storage import feeds, showings
from calendars.storage.feeds import FeedRow

RESOURCE, VENUE, ORGANISATION, TRAJECTORY = "resource", "venue", "organisation", "trajectory"
ME, EXPIRING, CREW = "me", "expiring", "crew"
SCOPES = (RESOURCE, VENUE, ORGANISATION, TRAJECTORY, ME, EXPIRING, CREW)

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed that somebody wants. `code`: of a resource or a venue, or the id of an organisation or a chain;
    none for what is one's own. `imported`: with what the calendars say that houses have connected."""

    scope: str
    code: str | None
    detail: Detail
    language: str
    imported: bool = True


@dataclass(frozen=True, slots=True)
class Followed:
    """What somebody follows without having made an address for it: what a feed's row says of one.

    As in a row, the id is there that its scope needs.
    """

    id: UUID
    person_id: UUID
    scope: str
    language: str
    created_at: datetime
    detail: Detail = Detail.FULL
    imported: bool = False
    venue_id: Any = None
    resource_id: Any = None
    organisation_id: Any = None
    trajectory_id: Any = None


Following = FeedRow | Followed


def token_of(secret: str, feed_id: UUID) -> str:
    """The token in a feed's address.

    It follows from the feed's id and this deployment's secret, so that its owner can be shown the
    address again although the database, which keeps only a hash, cannot tell it to anybody.
    """
    return derived(secret, b"feed:", feed_id)


def derived(secret: str, purpose: bytes, identity: UUID) -> str:
    """A secret of one thing that nobody can tell without the deployment's own."""
    digest = hmac.digest(secret.encode(), purpose + identity.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address_token(secret: str, row: FeedRow) -> str | None:
    """The token to show again; None when the secret has changed since: the old address still works."""
    token = token_of(secret, row.id)
    return token if hmac.compare_digest(token_hash(token), row.token_hash) else None


def create(connection: Connection, person: Person, asked: Asked, *, secret: str, at: datetime) -> FeedRow:
    """Make a feed. Malformed; NotFound for what is unknown, or is not this person's to know; TooMany."""
    scope = _scope(connection, person, asked)
    people.refuse_one_too_many(connection, person.id, feeds.count)
    feed_id = new_id()
    feeds.add(
        connection,
        id=feed_id,
        token_hash=token_hash(token_of(secret, feed_id)),
        person_id=person.id,
        scope=asked.scope,
        detail=asked.detail,
        language=asked.language,
        imported=asked.imported,
        digest="",
        changed_at=_second(at),
        created_at=at,
        **scope,
    )
    return next(each for each in feeds.of_person(connection, person.id) if each.id == feed_id)


def listing(
    connection: Connection, person: Person, *, before: UUID | None = None, limit: int | None = None
) -> Sequence[FeedRow]:
    """The person's feeds, newest first."""
    return feeds.of_person(connection, person.id, before=before, limit=limit)


def chains_of(connection: Connection, person: Person) -> Sequence[FeedRow]:
    """`id, title` of the chains that are theirs to follow, newest first."""
    return showings.trajectories_for(connection, list(person.organisations), person.manages | person.assists)


def revoke(connection: Connection, person: Person, feed_id: UUID) -> None:
    """Forget it: its address answers 404 from now on. NotFound unless it is this person's."""
    if not feeds.remove(connection, person.id, feed_id):
        raise NotFound


def present(connection: Connection, token: str) -> tuple[str, datetime | None] | None:
    """What changes whenever the feed at that address may have, and when the next clock runs out; None when there
    is no such feed: one statement."""
    return feeds.present(connection, token_hash(token))


def look_up(connection: Connection, token: str) -> FeedRow:
    """The feed at that address, with its `stamp`. NotFound."""
    row = feeds.look_up(connection, token_hash(token))
    if row is None:
        raise NotFound
    return row


def say(connection: Connection, feed: FeedRow, digest: str, *, at: datetime) -> datetime:
    """Remember what the feed says now; returns since when it does, in whole seconds. NotFound.

    Each change gets a second of its own, since Last-Modified knows no smaller unit. `feed`: as it was read;
    when another process has said something since, that counts.
    """
    said: FeedRow | None = feed
    while said is not None and said.digest != digest:
        since: datetime = max(_second(at), said.changed_at + SECOND) if said.digest else said.changed_at
        if feeds.say(connection, feed.id, before=said.digest, digest=digest, at=since):
            return since
        said = feeds.said(connection, feed.id)
    if said is None:
        raise NotFound
    known: datetime = said.changed_at
    return known


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _scope(connection: Connection, person: Person, asked: Asked) -> dict[str, Any]:
    if asked.scope not in SCOPES:
        raise Malformed({"scope": ["unknown"]})
    if asked.scope == ME and asked.code:
        raise Malformed({"code": ["not-here"]})
    if not asked.code:
        if asked.scope in OWN:
            return {}
        raise Malformed({"code": ["required"]})
    return SCOPE_COLUMNS[asked.scope](connection, person, asked.code)


OWN = (ME, EXPIRING, CREW)
"""Without a code they are about everything that is one's own."""


def _of_resource(connection: Connection, _person: Person, code: str) -> dict[str, Any]:
    found = feeds.resource_ids(connection, code)
    if found is None:
        raise NotFound
    return {"venue_id": found.venue_id, "resource_id": found.id}


def _of_venue(connection: Connection, _person: Person, code: str) -> dict[str, Any]:
    found = feeds.venue_id(connection, code)
    if found is None:
        raise NotFound
    return {"venue_id": found}


def _of_own_venue(connection: Connection, person: Person, code: str) -> dict[str, Any]:
    found = _of_venue(connection, person, code)
    if not works_at(person, code):
        raise Forbidden
    return found


def _of_organisation(connection: Connection, person: Person, code: str) -> dict[str, Any]:
    organisation = _id(code)
    if not may_follow(person, organisation) or not feeds.organisation_exists(connection, organisation):
        raise NotFound
    return {"organisation_id": organisation}


def _of_own_options(connection: Connection, person: Person, code: str) -> dict[str, Any]:
    """The code of a house, or the id of a company."""
    of = _of_own_venue if feeds.venue_id(connection, code) is not None else _of_organisation
    return of(connection, person, code)


def _of_trajectory(connection: Connection, person: Person, code: str) -> dict[str, Any]:
    trajectory = _id(code)
    if not may_follow_chain(connection, person, trajectory):
        raise NotFound
    return {"trajectory_id": trajectory}


def _id(code: str) -> UUID:
    try:
        return UUID(code)
    except ValueError as error:
        raise NotFound from error


def works_at(person: Person, venue: str) -> bool:
    """What a house's crew and planners follow; and those who see everything."""
    return person.sees_everything or venue in person.manages or venue in person.assists


def may_follow(person: Person, organisation: UUID) -> bool:
    """A company's bookings are followed by its members, and by those who see everything."""
    return person.sees_everything or person.speaks_for(organisation)


def may_follow_chain(connection: Connection, person: Person, trajectory_id: UUID) -> bool:
    """A chain is followed by whoever may follow its company, and by the houses that it leads through."""
    found = showings.trajectory(connection, trajectory_id)
    if found is None:
        return False
    return may_follow(person, found.organisation_id) or any(
        works_at(person, place.venue) for place in showings.places_of_trajectory(connection, trajectory_id)
    )


SCOPE_COLUMNS = {
    RESOURCE: _of_resource,
    VENUE: _of_venue,
    ORGANISATION: _of_organisation,
    TRAJECTORY: _of_trajectory,
    EXPIRING: _of_own_options,
    CREW: _of_own_venue,
}
