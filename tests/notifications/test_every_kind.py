"""Every kind of event is told by letter, in words of its own or by its sentence, or is said to be silent."""

from booking.domain.states import MOVES, TURNS
from booking.web.pages.histories import SENTENCES
from notifications.domain.audience import TOLD
from notifications.domain.kinds import KINDS, SILENT, kind_of
from notifications.web.kinds import LABELS
from notifications.web.letters.words import LETTERS

BY_THEIR_SENTENCE = {"waiting.freed"}
"""Kinds whose sentence says all that there is to say."""


def test_every_event_has_letters_or_is_silent() -> None:
    happens = {*SENTENCES, *(move.event for move in MOVES.values()), *(turn.event for turn in TURNS)}
    assert sorted(happens - TOLD - SILENT) == []
    assert not TOLD & SILENT


def test_every_side_that_is_told_has_its_own_words() -> None:
    lacking = [
        (kind, side)
        for kind in sorted(TOLD - BY_THEIR_SENTENCE)
        for side in sorted(kind_of(kind).sides)
        if kind not in LETTERS[side]
    ]
    assert lacking == []


def test_every_kind_can_be_chosen_by_its_name() -> None:
    assert sorted((TOLD | SILENT) - set(LABELS)) == []
    assert sorted(set(KINDS) - TOLD) == []
