"""Several answers at once: the letters that they bring, read and mended before anything is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.domain.states import Side
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.languages import LANGUAGES, NAMES
from booking.web.pages.batch import Ticked
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of
from notifications.services.letters import Matter
from notifications.services.rehearsing import Rehearsed, rehearse
from notifications.web.letters.writing import KEY, Content, Writer

pages = Blueprint("answers", __name__, template_folder="../templates")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter, and how many people of that side read it in that language."""

    side: Side
    content: Content
    readers: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What one request is answered. `reason`: as typed; `problem`: why it cannot be answered so; `stands`: whether
    it goes along all the same, since only the words are wanting."""

    row: BookingRow
    reason: str
    problem: str | None
    stands: bool
    sheets: Sequence[Sheet]


@pages.post("/desk/<venue>/answers/letters")
def letters_of_answers(venue: str) -> ResponseReturnValue:
    """What each company would read, in its language; nothing is sent, nothing changes."""
    person, at = signed_in(), now()
    ticked = Ticked.read(person, venue)
    if not ticked.answers:
        return ticked.nothing()
    said = database().write(partial(rehearse, person=person, answers=ticked.answers, verb=ticked.verb, at=at))
    drafts = [
        _draft(person, each, answer.reason or "") for each, (_, answer) in zip(said, ticked.answers, strict=True)
    ]
    return render_template(
        "letters/before.html",
        venue=venue,
        verb=ticked.verb,
        drafts=drafts,
        languages=NAMES,
        stand=sum(draft.stands for draft in drafts),
    )


def _draft(person: Person, each: Rehearsed, reason: str) -> Draft:
    problem = problem_of(each.refusal).detail if each.refusal else None
    stands = each.refusal is None or isinstance(each.refusal, Malformed)
    known = [
        matter
        for matter in each.letters
        if matter.booking is not None and person.may_know(matter.booking.venue, matter.booking.organisation)
    ]  # an answer may touch a chain, whose other houses are told of what is none of this one's business
    return Draft(each.booking, reason, problem, stands, _sheets(known))


def _sheets(letters: Iterable[Matter]) -> list[Sheet]:
    """Each side and language once: what differs between colleagues is their name."""
    alike: dict[tuple[Side, str], list[Matter]] = {}
    for matter in letters:
        if matter.side is not None and matter.may_be_read:
            known = matter.reader.language in LANGUAGES
            alike.setdefault((matter.side, matter.reader.language if known else "en"), []).append(matter)
    write = cast(Writer, current_app.extensions[KEY])
    return [
        Sheet(side, write.words_of(found[0], language), len(found)) for (side, language), found in alike.items()
    ]
