"""Invitations on their way: a letter to the address that was let in, which alone holds the link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.domain.refusals import TooManyInvited
from booking.services.invitations import EVERY, LIFETIME, MOST_LETTERS, Invitation
from booking.storage.base import new_id
from booking.storage.teams import Team
from notifications.storage import letters

KIND = letters.INVITED


def send(connection: Connection, invitation: Invitation) -> datetime | None:
    """Put the letter, unless one waits already. None when a letter goes; else when the last one left, less than
    `EVERY` ago. Whoever calls holds the team. TooManyInvited.

    What was never sent, because its reader was taken out or the address failed, keeps nobody waiting.
    """
    team = invitation.team
    before = letters.last_invitation(connection, invitation.person, team, invitation.role)
    if before is not None:
        left_at: datetime | None = before.sent_at
        if left_at is None or left_at > invitation.at - EVERY:
            return left_at
    if letters.count_invitations(connection, team, since=invitation.at - LIFETIME) >= MOST_LETTERS:
        raise TooManyInvited(MOST_LETTERS)
    letter = {
        "person_id": invitation.person,
        "key": f"invited:{new_id().hex}",
        "kind": KIND,
        "venue_id": team.venue_id,
        "facts": {
            "organisation_id": str(team.organisation_id) if team.organisation_id else None,
            "venue_id": team.venue_id,
            "team": invitation.name,
            "role": invitation.role,
            "name": invitation.by,
            "joins": invitation.joins,
        },
        "created_at": invitation.at,
        "next_at": invitation.at,
    }
    letters.add(connection, [letter])
    return None


def read(reader: UUID, facts: Mapping[str, Any], at: datetime) -> Invitation:
    """The invitation that such a letter tells of, as it was made at that time."""
    company = facts["organisation_id"]
    team = Team(organisation_id=UUID(company)) if company else Team(venue_id=facts["venue_id"])
    return Invitation(reader, team, facts["team"], Role(facts["role"]), facts["name"], at, facts["joins"])


def still_holds(reader: Person, facts: Mapping[str, Any], venue: str | None, *, awaited: bool) -> bool:
    """Whether its reader is still let in: they may have been taken out before the letter went, or have come in
    with an earlier one. `awaited`: they have no password yet."""
    if facts["joins"]:
        return True
    if not awaited:
        return False
    if facts["organisation_id"]:
        return reader.speaks_for(UUID(facts["organisation_id"]))
    return venue is None or reader.decides_for(venue) or venue in reader.assists
