"""What holds the resources that somebody asks for."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, Held, outer_span
from booking.domain.spans import Span
from booking.storage import occupancies


class Surroundings:
    """What holds some atoms, read once and looked at many times: a claim is moved about in it without a statement.

    What was not read before is read when it is asked for. `besides`: a booking that does not count.
    """

    def __init__(self, connection: Connection, *, besides: UUID | None = None) -> None:
        self._connection, self._besides = connection, besides
        self._spans: dict[int, Span] = {}
        self._held: dict[int, list[Held]] = {}

    def read(self, atoms: Collection[int], span: Span) -> None:
        """Read what holds these atoms at any moment of `span`: one statement."""
        unread = sorted(atom for atom in set(atoms) if not self._knows(atom, span))
        if not unread:
            return
        for atom in unread:
            self._spans[atom], self._held[atom] = span, []
        for each in occupancies.held(self._connection, unread, span, besides=self._besides):
            self._held[each.atom_id].append(each)

    def within(self, atoms: Collection[int], span: Span) -> list[Held]:
        """What holds these atoms at any moment of `span`."""
        self.read(atoms, span)
        return [each for atom in atoms for each in self._held[atom] if each.occupied.overlaps(span)]

    def around(self, asked: Sequence[Asked]) -> list[Held]:
        """As `held_around`."""
        return self.within(atom_ids(asked), outer_span(asked))

    def _knows(self, atom: int, span: Span) -> bool:
        return atom in self._spans and self._spans[atom].holds(span)


def held_around(connection: Connection, asked: Sequence[Asked], *, besides: UUID | None = None) -> list[Held]:
    """Everything that holds what is asked, from its first moment to its last."""
    return occupancies.held(connection, atom_ids(asked), outer_span(asked), besides=besides)


def atom_ids(asked: Sequence[Asked]) -> list[int]:
    """What all claims take, each atom once, in order."""
    return sorted({atom.id for claim in asked for atom in claim.place.atoms})
