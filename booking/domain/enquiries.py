"""Enquiries: a need with ranked periods, sent to chosen houses. They hold nothing; an offer is an option."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from booking.domain.bookings import Purpose
from booking.domain.needs import Need, Period
from booking.domain.states import ENDS, State

MOST_HOUSES = 50


class EnquiryState(StrEnum):
    """Open until the company commits to an offer, takes the enquiry back, or every house has said no."""

    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class AnswerKind(StrEnum):
    """What a house says: an option on concrete claims, another period, or no."""

    OFFER = "offer"
    COUNTER = "counter"
    DECLINE = "decline"


class HouseState(StrEnum):
    """How one house stands in an enquiry."""

    WAITING = "waiting"
    OFFERED = "offered"
    COUNTERED = "countered"
    DECLINED = "declined"
    CHOSEN = "chosen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class EnquiryTerms:
    """What is asked of several houses at once. `periods` in order of preference; `days` None: all of each."""

    title: str
    purpose: Purpose
    needs: tuple[Need, ...]
    periods: tuple[Period, ...]
    days: int | None = None
    people: int | None = None
    beds: int | None = None
    note: str | None = None
    refer_consent: bool = False

    @property
    def all_needs(self) -> tuple[Need, ...]:
        """The beds are a need too, unless they were named among the needs already."""
        if not self.beds or any(need.kind == "accommodation" for need in self.needs):
            return self.needs
        return (*self.needs, Need(kind="accommodation", quantity=self.beds))

    def document(self) -> dict[str, Any]:
        """As it is stored, without the title."""
        return {
            "purpose": self.purpose,
            "needs": [_said(need) for need in self.needs],
            "periods": [period_document(period) for period in self.periods],
            "days": self.days,
            "people": self.people,
            "beds": self.beds,
            "note": self.note,
            "refer_consent": self.refer_consent,
        }

    @classmethod
    def read(cls, title: str, document: Mapping[str, Any]) -> "EnquiryTerms":
        """From what is stored."""
        return cls(
            title,
            Purpose(document["purpose"]),
            tuple(Need(**need) for need in document["needs"]),
            tuple(read_period(period) for period in document["periods"]),
            document["days"],
            document["people"],
            document["beds"],
            document["note"],
            document["refer_consent"],
        )


def _said(need: Need) -> dict[str, Any]:
    """What was said of a need, without what was not asked."""
    return {name: value for name, value in asdict(need).items() if value is not None}


def period_document(period: Period) -> dict[str, str]:
    """Half-open, as the API has it."""
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}


def read_period(document: Mapping[str, str]) -> Period:
    """From what is stored: dates, or instants."""
    start, end = (_moment(document[name]) for name in ("from", "to"))
    return Period(start, end)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


TAKEN = frozenset({State.PENDING, State.CONFIRMED, State.COMPLETED})


def house_state(kinds: Sequence[AnswerKind], offers: Iterable[State]) -> HouseState:
    """How a house stands, by its answers in order and by what has become of its offers.

    >>> house_state([AnswerKind.COUNTER, AnswerKind.OFFER], [State.OPTION])
    <HouseState.OFFERED: 'offered'>
    """
    states = list(offers)
    if any(state in TAKEN for state in states):
        return HouseState.CHOSEN
    if any(state not in ENDS for state in states):
        return HouseState.OFFERED
    if not kinds:
        return HouseState.WAITING
    return {
        AnswerKind.OFFER: HouseState.ENDED,
        AnswerKind.COUNTER: HouseState.COUNTERED,
        AnswerKind.DECLINE: HouseState.DECLINED,
    }[kinds[-1]]


def overlapping(periods: Sequence[tuple[Period, ...]]) -> list[list[int]]:
    """Which enquiries (by their place) want overlapping times with their first wish: each group one decision."""
    first = [(min(each.days, default=date.max), max(each.days, default=date.max)) for each, *_ in periods]
    groups: list[list[int]] = []
    until = date.min
    for n in sorted(range(len(first)), key=lambda n: first[n]):
        if groups and first[n][0] <= until:
            groups[-1].append(n)
        else:
            groups.append([n])
        until = max(until, first[n][1]) if len(groups[-1]) > 1 else first[n][1]
    return groups
