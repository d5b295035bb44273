"""What would happen if the form were sent now, line by line: the verdict that stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms
from booking.domain.conflicts import may_be_forced
from booking.domain.people import Person
from booking.domain.queue import headline
from booking.domain.refusals import Conflict, Malformed, NotFound
from booking.domain.states import State
from booking.services import verdicts
from booking.services.terms import typed
from booking.storage.registers import BookingRow
from booking.web.pages import formats, words
from booking.web.pages.booking_form import BookingForm
from booking.web.pages.lines import Line
from booking.web.wording import explained, field_error

DAYS_OF_A_WEEK = 7

DEEDS: Mapping[State, Any] = {
    State.CONFIRMED: lazy_gettext("Book now"),
    State.OPTION: lazy_gettext("Take an option"),
    State.REQUESTED: lazy_gettext("Send the request"),
}
"""The button says what will happen."""

BEHIND: Mapping[int, Any] = {
    2: lazy_gettext("Take the 2nd option"),
    3: lazy_gettext("Take the 3rd option"),
}
"""The same where others stand before."""

FOLLOWS: Mapping[State, Any] = {
    State.CONFIRMED: lazy_gettext("It is yours at once; the house is told."),
    State.OPTION: lazy_gettext("It is held for you; the house confirms."),
    State.REQUESTED: lazy_gettext("The house answers; until then nothing is held."),
}

FOLLOWS_BEHIND: Mapping[State, Any] = {
    State.OPTION: lazy_gettext("You stand behind another company, and move up when it gives its option back."),
    State.REQUESTED: lazy_gettext(
        "The house answers; until then nothing is held. Another company holds an option: yours would come behind."
    ),
}

DEEDS_OF_THE_HOUSE: Mapping[State, Any] = {
    State.CONFIRMED: lazy_gettext("Book"),
    State.OPTION: lazy_gettext("Give an option"),
    State.REQUESTED: lazy_gettext("Enter a request"),
}


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One line: when it is, whether it can be had, and what it costs (cents, before VAT; None: not known)."""

    line: Line
    when: str
    length: str
    quantity: int
    problems: Sequence[str] = ()
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()
    cents: int | None = None
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict as a page shows it. `conflict_days`: of the first line."""

    lines: Sequence[LineVerdict] = ()
    state: State = State.REQUESTED
    can_be_had: bool = False
    can_be_forced: bool = False
    conflict_days: frozenset[date] = field(default=frozenset())
    conflicts: Sequence[Conflict] = ()

    @property
    def cents(self) -> int | None:
        """The sum, when every line has a price."""
        prices = [line.cents for line in self.lines if line.cents is not None]
        return sum(prices) if prices and len(prices) == len(self.lines) else None

    @property
    def rank(self) -> int:
        """The rank that an option would have: that of its worst line."""
        return max((line.rank for line in self.lines), default=1)

    @property
    def deed(self) -> Any:
        """What a company does by sending the form."""
        if self.state is State.OPTION and self.rank > 1:
            return BEHIND.get(self.rank) or gettext("Take option %(rank)s", rank=self.rank)
        return DEEDS[self.state]

    @property
    def follows(self) -> Any:
        """What comes of it for a company."""
        return (self.rank > 1 and FOLLOWS_BEHIND.get(self.state)) or FOLLOWS[self.state]

    def of(self, key: str) -> LineVerdict | None:
        """The verdict on one line of the form."""
        return next((each for each in self.lines if each.line.key == key), None)


def judge(
    connection: Connection, person: Person, form: BookingForm, at: datetime, *, booking: BookingRow | None = None
) -> Judged | None:
    """The verdict, or None while there is nothing to judge; what the services refuse goes beside its field.

    `booking`: the one that the form changes.
    """
    if not form.is_asking:
        return None
    try:
        verdict = verdicts.check(
            connection,
            person,
            form.terms,
            at=at,
            besides=booking.id if booking else None,
            unchanged=[typed(claim) for claim in booking.claims] if booking else (),
        )
    except Malformed as refusal:
        note_errors(form, refusal)
        return None
    except NotFound:
        form.typed.refuse("organisation", "unknown")
        return None
    ranks = [headline(days) for days in verdict.ranks]
    return judged(form, verdict.state, verdict.conflicts, verdict.warnings, ranks)


def judged(
    form: BookingForm,
    state: State,
    conflicts: Sequence[Conflict],
    warnings: Sequence[Conflict] = (),
    ranks: Sequence[int] = (),
) -> Judged:
    """The verdict in words. Each conflict goes to the first line that asks its resource; `ranks`: line by line."""
    names = {line.place.code: words.name(line.place.name) for line in form.lines}
    lines = []
    told: set[str] = set()
    behind = ranks or [1] * len(form.asked.lines)
    for line, claim, rank in zip(form.asked.lines, form.terms.claims, behind, strict=True):
        mine = line.place.code not in told
        told.add(line.place.code)
        lines.append(
            LineVerdict(
                line,
                formats.span(claim.start, claim.end, line.place.zone, nights_of=line.in_nights),
                formats.length(claim.start, claim.end, nights_of=line.in_nights),
                claim.quantity,
                _said(conflicts, line, names) if mine else (),
                _said(warnings, line, names) if mine else (),
                form.asked.notes.get(line.key, ()),
                cost(claim, line.place.day_rate_cents, line.place.week_rate_cents),
                rank,
            )
        )
    first = form.main.code
    return Judged(
        lines,
        state,
        can_be_had=not conflicts,
        can_be_forced=bool(conflicts) and all(map(may_be_forced, conflicts)),
        conflict_days=frozenset(day for each in conflicts if each.resource == first for day in each.days),
        conflicts=conflicts,
    )


def cost(claim: ClaimTerms, day_rate_cents: int, week_rate_cents: int | None = None) -> int | None:
    """Cents before VAT for whole days or nights; hours are priced by the house. By weeks where that is less.

    >>> from datetime import date
    >>> nine = ClaimTerms("BUD-S1", date(2027, 3, 8), date(2027, 3, 17))
    >>> cost(nine, 9500), cost(nine, 9500, 45000), cost(nine, 9500, 99900)
    (85500, 64000, 85500)
    """
    if isinstance(claim.start, datetime) or isinstance(claim.end, datetime):
        return None if day_rate_cents else 0
    days = (claim.end - claim.start).days
    cheapest = days * day_rate_cents
    if week_rate_cents is not None:
        weeks = range(-(-days // DAYS_OF_A_WEEK) + 1)
        cheapest = min(
            each * week_rate_cents + max(days - each * DAYS_OF_A_WEEK, 0) * day_rate_cents for each in weeks
        )
    return cheapest * claim.quantity


def note_errors(form: BookingForm, refusal: Malformed) -> None:
    """Put what the services found malformed beside the fields it came from."""
    for path, codes in refusal.errors.items():
        for code in codes:
            form.typed.refuse(_field_of(form, path), field_error(code))


def _field_of(form: BookingForm, path: str) -> str:
    parts = path.split(".")
    if parts[0] != "claims" or len(parts) < len(("claims", "n", "field")):
        return parts[0]
    line = form.asked.lines[int(parts[1])]
    return line.name("last" if parts[2] in ("end", "start") else "quantity")


def _said(conflicts: Sequence[Conflict], line: Line, names: Mapping[str, str]) -> list[str]:
    mine = [explained(each, names) for each in conflicts if each.resource == line.place.code]
    return list(dict.fromkeys(mine))
