"""Several answers at once: the letters that they bring, read and mended before anything is said."""

from collections.abc import Sequence
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
from notifications.services.rehearsing import Copies, Rehearsed, rehearse
from notifications.web.letters.writing import KEY, Content, Writer

pages = Blueprint("answers", __name__, template_folder="../templates")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter, and how many people of that side read it in that language. `company`: another one than that of
    the request, which loses or gains something by its answer."""

    side: Side
    company: str | None
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
    sheets = [found for copies in each.letters if (found := _sheet(person, copies, each.booking)) is not None]
    return Draft(each.booking, reason, problem, stands, sheets)


def _sheet(person: Person, copies: Copies, asked: BookingRow) -> Sheet | None:
    """None: an answer may touch a chain, whose other houses are told of what is none of this one's business."""
    matter = copies.matter
    about = matter.booking
    if about is None or matter.side is None or not matter.may_be_read:
        return None
    if not person.may_know(about.venue, about.organisation):
        return None
    language = matter.reader.language if matter.reader.language in LANGUAGES else "en"
    write = cast(Writer, current_app.extensions[KEY])
    is_another = matter.side is Side.COMPANY and about.organisation != asked.organisation
    company = about.organisation_name if is_another else None
    return Sheet(matter.side, company, write.words_of(matter, language), copies.count)
