"""Invitations on their way: a letter to the address that was let in, which alone holds the link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.services.invitations import Invitation
from booking.storage.teams import Team
from notifications.storage import letters

KIND = "team.invited"


def send(connection: Connection, invitation: Invitation) -> None:
    """Put the letter; of one team at most one an hour, so that nobody can fill a mailbox with them."""
    team = invitation.team
    of = team.organisation_id.hex if team.organisation_id else str(team.venue_id)
    letter = {
        "person_id": invitation.person,
        "key": f"invited:{of}:{invitation.role}:{invitation.at:%Y%m%d%H}",
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


def read(reader: UUID, facts: Mapping[str, Any], at: datetime) -> Invitation:
    """The invitation that such a letter tells of, as it was made at that time."""
    company = facts["organisation_id"]
    team = Team(organisation_id=UUID(company)) if company else Team(venue_id=facts["venue_id"])
    return Invitation(reader, team, facts["team"], Role(facts["role"]), facts["name"], at, facts["joins"])


def still_holds(reader: Person, facts: Mapping[str, Any], venue: str | None) -> bool:
    """Whether its reader is still let in: they may have been taken out before the letter went."""
    if facts["joins"]:
        return True
    if facts["organisation_id"]:
        return reader.speaks_for(UUID(facts["organisation_id"]))
    return venue is None or reader.decides_for(venue) or venue in reader.assists
