"""What somebody who leaves a team has here: what they have not read, what is on its way, webhooks."""

from sqlalchemy import ColumnElement, Connection

from booking.services import people, teams
from booking.services.belongings import NONE, Leaving
from notifications.storage import letters, notifications, webhooks


def count_messages(leaving: Leaving) -> ColumnElement[int]:
    """Messages about the team that they have not read."""
    return notifications.count_of_team(leaving.person, leaving.team)


def hand_messages_over(connection: Connection, leaving: Leaving) -> None:
    """But for those that the successor has too."""
    if leaving.successor is not None:
        notifications.hand_over(connection, leaving.person, leaving.team, leaving.successor)


def count_letters(leaving: Leaving) -> ColumnElement[int]:
    """Letters about the team that are not written yet."""
    return letters.count_of_team(leaving.person, leaving.team)


def hand_letters_over(connection: Connection, leaving: Leaving) -> None:
    """But for those that go to the successor too, who is told in a letter that they took over."""
    if leaving.successor is None:
        return
    letters.hand_over(connection, leaving.person, leaving.team, leaving.successor)
    person = people.of_id(connection, leaving.person)
    told = {
        "person_id": leaving.successor,
        "key": f"handed-over:{leaving.person.hex}:{leaving.at.isoformat()}",
        "kind": "team.handed-over",
        "facts": {
            "name": person.name if person is not None else "",
            "team": teams.name_of(connection, leaving.team),
            "link": "/notifications",
        },
        "created_at": leaving.at,
        "next_at": leaving.at,
    }
    letters.add(connection, [told])


def count_webhooks(leaving: Leaving) -> ColumnElement[int]:
    """Webhooks, when nothing is left of which they would be told."""
    return webhooks.how_many(leaving.person) if leaving.is_last else NONE


def end_webhooks(connection: Connection, leaving: Leaving) -> None:
    """Nothing is sent there any more."""
    if leaving.is_last:
        for each in webhooks.of_person(connection, leaving.person):
            webhooks.remove(connection, each.id)
