"""What a resource is made of, and what it disturbs.

A booking of a whole takes its parts, and what it takes is written down for each booking. So a whole is made of
other parts only while nobody has it and nothing closes it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import InUse, Malformed
from booking.domain.resources import SPACES, part_error
from booking.services import events
from booking.services.house import House
from booking.storage import catalogues, occupancies, registers, resources

__all__ = ["pair", "put_together"]


def put_together(
    connection: Connection, person: Person, house: House, code: str, parts: Sequence[str], *, at: datetime
) -> bool:
    """It is made of these parts from now on, or of nothing but itself; whether that is new. Malformed, InUse."""
    place = house.places[code]
    before = [atom.code for atom in place.atoms if atom.id != place.id]
    if set(before) == set(parts) and len(before) == len(parts):
        return False
    error = "not-here" if place.kind not in SPACES else part_error(code, parts, house.places)
    if error:
        raise Malformed({"parts": [error]})
    _refuse_while_held(connection, house, code, at)
    atoms = [house.places[part].id for part in parts] or [place.id]
    resources.set_atoms(connection, house.id, place.id, atoms)
    occupancies.touch(connection, sorted({place.id, *atoms, *(atom.id for atom in place.atoms)}))
    _tell(connection, person, house, code, "parts", sorted(before), sorted(parts), at)
    return True


def pair(
    connection: Connection, person: Person, house: House, code: str, noise: Sequence[str], *, at: datetime
) -> bool:
    """It disturbs these from now on, and they disturb it; whether that is new. Malformed."""
    place = house.places[code]
    before = sorted(row.code for row in catalogues.noise_partners(connection, place.id))
    if before == sorted(noise):
        return False
    if len(set(noise)) != len(noise):
        raise Malformed({"noise": ["twice"]})
    if code in noise or any(other not in house.places for other in noise):
        raise Malformed({"noise": ["unknown"]})
    resources.set_noise(connection, house.id, place.id, [house.places[other].id for other in noise])
    concerned = {code, *before, *noise}
    occupancies.touch(connection, sorted(house.places[each].id for each in concerned))
    _tell(connection, person, house, code, "noise", before, sorted(noise), at)
    return True


def _refuse_while_held(connection: Connection, house: House, code: str, at: datetime) -> None:
    place = house.places[code]
    claims = resources.live_claims(connection, place.id, since=at)
    closures = resources.live_closures(connection, place.id, since=at)
    calendars = resources.imported(connection, [atom.id for atom in place.atoms], since=at)
    if claims or closures or calendars:
        bookings = len(registers.of_claims(connection, claims))
        raise InUse(code, bookings, closures, calendars)


def _tell(
    connection: Connection,
    person: Person,
    house: House,
    code: str,
    what: str,
    old: Sequence[str],
    new: Sequence[str],
    at: datetime,
) -> None:
    was, is_now = {what: list(old)}, {what: list(new)}
    events.put_of_resource(
        connection, "resource.changed", house.id, code, by=person.id, at=at, old=was, new=is_now
    )
