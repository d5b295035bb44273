"""Refusals become answers here, in one table: status, title, sentence and facts (RFC 9457)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext, ngettext
from werkzeug.exceptions import HTTPException

from booking.domain.claims import ClaimTerms
from booking.domain.refusals import (
    CannotBeHad,
    Conflict,
    DecisionsMissing,
    Forbidden,
    InUse,
    LastOne,
    Malformed,
    NotFound,
    NotUndone,
    Refusal,
    Stale,
    StillToCome,
    TooMany,
    TooManyInvited,
    WrongState,
)
from booking.domain.wall_clock import at_venue
from booking.domain.ways_out import WayOut
from booking.web.wording import (
    explained,
    field_error,
    state_in_words,
    way_out_caveat,
    way_out_in_words,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says no. `facts`: further members of the problem document."""

    status: int
    code: str
    title: str
    detail: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def _not_found(_: NotFound) -> Problem:
    return Problem(
        404, "not-found", gettext("Not found"), gettext("There is nothing here, or nothing for you to see.")
    )


def _forbidden(_: Forbidden) -> Problem:
    return Problem(403, "forbidden", gettext("Not allowed"), gettext("You may see this, but not do this."))


def _stale(refusal: Stale) -> Problem:
    detail = gettext("Somebody changed this since you read it. Look again before you decide.")
    return Problem(412, "stale", gettext("Changed meanwhile"), detail, {"revision": refusal.revision})


def _malformed(refusal: Malformed) -> Problem:
    codes = {code for codes in refusal.errors.values() for code in codes}
    errors = {path: [field_error(code) for code in codes] for path, codes in refusal.errors.items()}
    detail = " ".join(dict.fromkeys(text for texts in errors.values() for text in texts))
    code = "naive-time" if "naive-time" in codes else "malformed"
    return Problem(422, code, gettext("Not understood"), detail, {"errors": errors})


def _wrong_state(refusal: WrongState) -> Problem:
    detail = gettext("This booking is %(state)s; that cannot be done now.", state=state_in_words(refusal.state))
    return Problem(409, "wrong-state", gettext("Not in this state"), detail, {"state": refusal.state})


NOT_UNDONE: Mapping[str, Callable[[], str]] = {
    "late": lambda: gettext("Too late to undo: the others have been told by now."),
    "acted": lambda: gettext("This cannot be undone any more: somebody has acted on it since."),
    "undone": lambda: gettext("This was undone already."),
}


def _not_undone(refusal: NotUndone) -> Problem:
    return Problem(409, "wrong-state", gettext("Not undone"), str(NOT_UNDONE[refusal.why]()), {"why": refusal.why})


def _too_many(refusal: TooMany) -> Problem:
    detail = gettext(
        "You have %(most)s of these, which is as many as anybody may have. Remove one that you no longer use.",
        most=refusal.most,
    )
    return Problem(422, "rule", gettext("Enough of these"), detail, {"most": refusal.most})


def _too_many_invited(refusal: TooManyInvited) -> Problem:
    detail = gettext(
        "%(most)s invitations left from here within two weeks, which is as many as may. Try again in some days.",
        most=refusal.most,
    )
    return Problem(422, "rule", gettext("Enough invitations for now"), detail, {"most": refusal.most})


def _last_one(_: LastOne) -> Problem:
    detail = gettext("Nobody would be left here. Let somebody else in first, or name who takes over.")
    return Problem(409, "last-one", gettext("The last one"), detail)


def _cannot_be_had(refusal: CannotBeHad) -> Problem:
    return Problem(
        409,
        refusal.first_code,
        gettext("This cannot be had"),
        " ".join(dict.fromkeys(explained(conflict) for conflict in refusal.conflicts)),
        {"conflicts": [conflict_document(conflict) for conflict in refusal.conflicts], **_actions(refusal)},
    )


def _actions(refusal: CannotBeHad) -> dict[str, list[str]]:
    """Another way than other days: whoever stands behind a better option may challenge it."""
    jumps = any(conflict.kind == "queue-jump" for conflict in refusal.conflicts)
    return {"actions": ["challenge"]} if jumps else {}


def _in_use(refusal: InUse) -> Problem:
    """What still holds it, so that whoever reads this knows what to end or to wait for."""
    said = [
        ngettext("%(num)d booking", "%(num)d bookings", refusal.bookings) if refusal.bookings else None,
        ngettext("%(num)d closure", "%(num)d closures", refusal.closures) if refusal.closures else None,
        gettext("an imported calendar") if refusal.calendars else None,
    ]
    detail = gettext(
        "What %(place)s is made of cannot change while it is held: %(what)s.",
        place=refusal.resource,
        what=", ".join(each for each in said if each),
    )
    facts = {"bookings": refusal.bookings, "closures": refusal.closures, "calendars": refusal.calendars}
    return Problem(409, "in-use", gettext("Still held"), detail, facts)


def _decisions_missing(refusal: DecisionsMissing) -> Problem:
    """The preview stands in the answer: `confirmed` (which need a decision), `options`, `requests`."""
    undecided = [str(row.id) for row in refusal.preview.undecided]
    detail = ngettext(
        "%(num)d booking lies under this closure: move it, cancel it, or keep the closure off those days.",
        "%(num)d bookings lie under this closure: move, cancel or keep each of them.",
        len(undecided),
    )
    facts = {"undecided": undecided, **refusal.document}
    return Problem(409, "decisions-missing", gettext("Decide first"), detail, facts)


def _still_to_come(refusal: StillToCome) -> Problem:
    undecided = [str(row.id) for row in refusal.preview.undecided]
    detail = ngettext(
        "%(num)d booking is still to come: say whether it stays or ends.",
        "%(num)d bookings are still to come: say of each whether it stays or ends.",
        len(undecided),
    )
    facts = {"undecided": undecided, **refusal.document}
    return Problem(409, "decisions-missing", gettext("Decide first"), detail, facts)


ANSWERS: Mapping[type[Refusal], Callable[[Any], Problem]] = {
    NotFound: _not_found,
    Forbidden: _forbidden,
    Stale: _stale,
    Malformed: _malformed,
    WrongState: _wrong_state,
    CannotBeHad: _cannot_be_had,
    DecisionsMissing: _decisions_missing,
    StillToCome: _still_to_come,
    LastOne: _last_one,
    InUse: _in_use,
    TooMany: _too_many,
    TooManyInvited: _too_many_invited,
    NotUndone: _not_undone,
}


def problem_of(refusal: Refusal, alternatives: Sequence[WayOut] = ()) -> Problem:
    """The answer to a refusal, in the reader's language, with the ways out of it."""
    problem = ANSWERS[type(refusal)](refusal)
    if isinstance(refusal, CannotBeHad):
        ways = [way_out_document(way) for way in alternatives]
        return replace(problem, facts={**problem.facts, "alternatives": ways})
    return problem


def way_out_document(way: WayOut) -> dict[str, Any]:
    """One way out: the bookings that would be posted, and why."""
    bookings = [
        {"venue": venue, "claims": [claim_terms_document(terms) for terms in claims]}
        for venue, claims in way.bookings
    ]
    caveat = {"caveat": way_out_caveat(way)} if way.caveat else {}
    return {"kind": way.kind, "bookings": bookings, "why": way_out_in_words(way), **caveat}


def claim_terms_document(terms: ClaimTerms) -> dict[str, Any]:
    """A claim as it can be posted."""
    crew = {"crew": terms.crew} if terms.crew else {}
    return {
        "resource": terms.resource,
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
        "quantity": terms.quantity,
        "setup_minutes": terms.setup_minutes,
        "strike_minutes": terms.strike_minutes,
        **crew,
    }


HTTP_WORDS: Mapping[int, Callable[[], tuple[str, str]]] = {
    400: lambda: (gettext("Not understood"), gettext("The request could not be read.")),
    401: lambda: (gettext("Sign in first"), gettext("This asks for a valid token, or to sign in.")),
    403: lambda: (gettext("Not allowed"), gettext("You may see this, but not do this.")),
    404: lambda: (gettext("Not found"), gettext("There is nothing here, or nothing for you to see.")),
    405: lambda: (gettext("Not that way"), gettext("This address does not know that method.")),
    413: lambda: (gettext("Too large"), gettext("This is more than we take at once.")),
    415: lambda: (gettext("Not JSON"), gettext("Send the body as application/json.")),
    429: lambda: (gettext("Too many at once"), gettext("Wait a moment, then try again.")),
    500: lambda: (gettext("Our mistake"), gettext("Something went wrong here. Nothing was changed.")),
    503: lambda: (gettext("Busy"), gettext("We cannot answer now. Try again in a moment.")),
}


def problem_of_http(error: HTTPException) -> Problem:
    """The answer to what HTTP itself refuses, without the library's own words."""
    status = error.code or 500
    title, detail = HTTP_WORDS.get(status, HTTP_WORDS[400 if status < 500 else 500])()
    return Problem(status, title=title, detail=detail, code=error.name.lower().replace(" ", "-"))


def conflict_document(conflict: Conflict) -> dict[str, Any]:
    """One conflict as the API tells it; instants at the venue's offset, days as dates."""
    short = {} if conflict.short is None else {"short": conflict.short}
    return {
        "kind": conflict.kind,
        "resource": conflict.resource,
        "start": at_venue(conflict.span.start, conflict.zone).isoformat(),
        "end": at_venue(conflict.span.end, conflict.zone).isoformat(),
        "days": [day.isoformat() for day in conflict.days],
        "hard": conflict.hard,
        "detail": explained(conflict),
        **short,
        **conflict.facts,
    }
