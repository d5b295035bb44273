"""What holds the resources that somebody asks for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, Held, outer_span
from booking.storage import occupancies


def held_around(connection: Connection, asked: Sequence[Asked], *, besides: UUID | None = None) -> list[Held]:
    """Everything that holds what is asked, from its first moment to its last."""
    return occupancies.held(connection, atom_ids(asked), outer_span(asked), besides=besides)


def atom_ids(asked: Sequence[Asked]) -> list[int]:
    """What all claims take, each atom once, in order."""
    return sorted({atom.id for claim in asked for atom in claim.place.atoms})
