"""What people want to hear of: read, chosen, and ended with one click from a letter."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.domain.states import Side
from booking.services import people
from notifications.domain.frequency import Frequency
from notifications.domain.kinds import CHANNELS, MAIL, ROUNDS, choosable, is_mandatory, usual
from notifications.domain.quiet import QuietHours
from notifications.storage import preferences
from notifications.storage.preferences import Choice


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one person hears of. `channels`: channel → kind → how often. `mandatory`: kinds whose letters always
    come."""

    channels: Mapping[str, Mapping[str, Frequency]]
    mandatory: Collection[str]
    quiet: QuietHours | None


def of(connection: Connection, person: Person) -> Preferences:
    """Everything that this person may choose, as it is now."""
    chosen = preferences.of_person(connection, person.id)
    sides = sides_of(person)
    mandatory = [kind for kind in kinds_of(person) if is_mandatory(kind, sides)]
    channels: dict[str, dict[str, Frequency]] = {channel: {} for channel in CHANNELS}
    for kind in kinds_of(person):
        for channel in CHANNELS:
            if options(channel, kind, mandatory):
                often = Frequency(chosen.get((channel, kind), _usual(channel, kind, sides)))
                channels[channel][kind] = often if often in options(channel, kind, mandatory) else _FIRST
    return Preferences(channels, mandatory, preferences.quiet_hours(connection, person.id))


_FIRST = Frequency.IMMEDIATE


def kinds_of(person: Person) -> list[str]:
    """The kinds of news that may reach this person, by topic."""
    return choosable(sides_of(person), coordinator=person.coordinator)


def sides_of(person: Person) -> frozenset[Side]:
    """On which sides of bookings this person may stand."""
    sides = {Side.HOUSE: bool(person.manages), Side.COMPANY: bool(person.organisations)}
    return frozenset(side for side, stands in sides.items() if stands)


def options(channel: str, kind: str, mandatory: Collection[str]) -> tuple[Frequency, ...]:
    """How often one kind may come through one channel; nothing: it does not come that way."""
    if channel != MAIL:
        return () if kind in ROUNDS else (Frequency.IMMEDIATE, Frequency.NEVER)
    if kind in mandatory:
        return (Frequency.IMMEDIATE,)
    return (Frequency.IMMEDIATE, Frequency.NEVER) if kind in ROUNDS else tuple(Frequency)


def save(
    connection: Connection,
    person: Person,
    channels: Mapping[str, Mapping[str, str]],
    quiet: QuietHours | None,
) -> None:
    """These choices instead of the earlier ones; what is not named is as usual. Malformed, by channel and kind."""
    known, sides = kinds_of(person), sides_of(person)
    mandatory = [kind for kind in known if is_mandatory(kind, sides)]
    errors: dict[str, list[str]] = {}
    choices = []
    for channel, kinds in channels.items():
        for kind, often in kinds.items():
            wrong = _wrong(channel, kind, often, known, mandatory)
            if wrong is not None:
                errors[f"channels.{channel}.{kind}"] = [wrong]
            elif often != _usual(channel, kind, sides):
                choices.append(Choice(person.id, channel, kind, often))
    if errors:
        raise Malformed(errors)
    preferences.replace(connection, person.id, choices, quiet)


def end_letters(connection: Connection, person_id: UUID, kind: str) -> None:
    """No more letters of that kind, until the person chooses otherwise. NotFound when the person is gone."""
    if people.of_id(connection, person_id) is None:
        raise NotFound
    preferences.choose(connection, Choice(person_id, MAIL, kind, Frequency.NEVER))


def _wrong(channel: str, kind: str, often: str, known: Collection[str], mandatory: Collection[str]) -> str | None:
    if channel not in CHANNELS or kind not in known or often not in set(Frequency):
        return "unknown"
    if often in options(channel, kind, mandatory):
        return None
    return "mandatory" if channel == MAIL and kind in mandatory else "not-here"


def _usual(channel: str, kind: str, sides: Collection[Side]) -> Frequency:
    """Of somebody on both sides the more frequent one counts."""
    if channel != MAIL:
        return Frequency.IMMEDIATE
    order = list(Frequency)
    return min((usual(kind, side) for side in sides), key=order.index, default=Frequency.IMMEDIATE)
