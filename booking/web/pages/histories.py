"""What happened to a booking, told as sentences: who, when, what changed, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from booking.services.bookings import HistoryItem
from booking.storage.registers import BookingRow
from booking.web.pages import formats, words


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, in words. `changes`: what it was and what it became."""

    when: str
    sentence: str
    why: str | None
    changes: Sequence[str]


SENTENCES: Mapping[str, Callable[[str], str]] = {
    "booking.requested": lambda who: gettext("%(who)s asked for it.", who=who),
    "booking.granted": lambda who: gettext("%(who)s: it became an option.", who=who),
    "booking.confirmed": lambda who: gettext("%(who)s confirmed it.", who=who),
    "booking.referred": lambda who: gettext("%(who)s passed it on to partner houses.", who=who),
    "booking.referral-asked": lambda who: gettext("%(who)s asked whether it may be passed on.", who=who),
    "booking.declined": lambda who: gettext("%(who)s said no.", who=who),
    "booking.withdrawn": lambda who: gettext("%(who)s withdrew the request.", who=who),
    "booking.released": lambda who: gettext("%(who)s released the option.", who=who),
    "booking.cancelled": lambda who: gettext("%(who)s cancelled the booking.", who=who),
    "booking.changed": lambda who: gettext("%(who)s changed it.", who=who),
    "booking.undone": lambda who: gettext("%(who)s undid it at once.", who=who),
    "booking.completed": lambda _: gettext("It has taken place."),
    "booking.committed": lambda who: gettext("%(who)s committed.", who=who),
    "booking.taken-back": lambda who: gettext("%(who)s took it back to an option.", who=who),
    "booking.agreed": lambda who: gettext("%(who)s said yes: it is held for the rest of its chain.", who=who),
    "booking.let-go": lambda _: gettext("The chain did not come together: it is an option again."),
    "booking.extended": lambda who: gettext("%(who)s extended the option.", who=who),
    "booking.challenged": lambda who: gettext("%(who)s challenged those before it.", who=who),
    "booking.challenge-received": lambda _: gettext("It was challenged: commit, or release the contested days."),
    "booking.challenge-won": lambda _: gettext("The challenge is won: time to commit."),
    "booking.challenge-lost": lambda _: gettext("The challenge is lost: another committed."),
    "booking.challenge-void": lambda _: gettext("The challenge is over without an outcome."),
    "booking.lapsed": lambda _: gettext("Time ran out: days have lapsed."),
    "booking.beaten": lambda _: gettext("Days went to another project."),
    "booking.suspended": lambda _: gettext("The option stands still: something hard stands over it."),
    "booking.returned": lambda _: gettext("The option is back, under its old place."),
    "booking.moved-up": lambda _: gettext("It moved up in the queue."),
    "booking.moved-down": lambda _: gettext("It moved down in the queue."),
    "booking.ordered": lambda who: gettext("%(who)s gave it another place in the queue.", who=who),
    "booking.countered": lambda who: gettext("%(who)s proposed other days or places.", who=who),
    "booking.change-asked": lambda who: gettext("%(who)s asked for a change.", who=who),
    "booking.accepted": lambda who: gettext("%(who)s accepted.", who=who),
    "booking.refused": lambda who: gettext("%(who)s refused.", who=who),
    "booking.reinstatement-offered": lambda _: gettext("Its days are free again: it may have them back."),
    "booking.reinstatement-refused": lambda _: gettext("The days were not wanted back."),
    "booking.reinstatement-lapsed": lambda _: gettext("Nobody took the days back in time."),
    "booking.reinstated": lambda _: gettext("The days are back, under the old place."),
    "booking.expiring": lambda _: gettext("A reminder went out: the option runs out soon."),
    "booking.answer-due": lambda _: gettext("A reminder went out: the answer is due soon."),
    "booking.answer-overdue": lambda _: gettext("The answer is overdue."),
    "conflict.opened": lambda _: gettext("A conflict arose with this booking."),
    "conflict.closed": lambda _: gettext("The conflict is gone."),
    "conflict.resolved": lambda who: gettext("%(who)s resolved the conflict.", who=who),
    "equipment.overdue": lambda _: gettext("Equipment is not back in time."),
    "equipment.checked-out": lambda who: gettext("%(who)s handed equipment over.", who=who),
    "message.posted": lambda who: gettext("%(who)s wrote a message.", who=who),
    "file.added": lambda who: gettext("%(who)s added a file.", who=who),
    "file.removed": lambda who: gettext("%(who)s took a file back.", who=who),
    "rider.written": lambda who: gettext("%(who)s wrote down what the rooms have to be.", who=who),
    "arrivals.written": lambda who: gettext("%(who)s wrote down who comes.", who=who),
    "equipment.checked-in": lambda who: gettext("%(who)s took equipment back.", who=who),
}

FIELDS: Mapping[str, Any] = {
    "title": lazy_gettext("Title"),
    "purpose": lazy_gettext("What for"),
    "people": lazy_gettext("People"),
    "note": lazy_gettext("In a few lines"),
}


def told_history(items: Iterable[HistoryItem], row: BookingRow) -> list[Told]:
    """The newest first. Places that the booking has are called by their names, others by their codes."""
    names = {claim.resource: words.name(claim.resource_name) for claim in row.claims}
    return [_told(item, row.zone, names) for item in reversed(list(items))]


def since(items: Sequence[HistoryItem], row: BookingRow) -> list[str]:
    """What happened last, for somebody who did not see it happen: who, when, and both values."""
    last = told_history(items[-1:], row)
    return [f"{each.when}: {each.sentence} {' '.join(each.changes)}".strip() for each in last]


def _told(item: HistoryItem, zone: str, names: Mapping[str, str]) -> Told:
    who = item.by or gettext("The clock")
    tell = SENTENCES.get(item.kind)
    return Told(
        when=formats.moment(item.at, zone, year=True),
        sentence=_together() if item.new.get("chain") else tell(who) if tell else f"{who}: {item.kind}",
        why=item.why,
        changes=_changes(item, zone, names),
    )


def _together() -> str:
    return str(gettext("Every house said yes: the whole chain is confirmed."))


def _changes(item: HistoryItem, zone: str, names: Mapping[str, str]) -> list[str]:
    said = [
        gettext(
            "%(field)s: from %(old)s to %(new)s.",
            field=label,
            old=_value(name, item.old),
            new=_value(name, item.new),
        )
        for name, label in FIELDS.items()
        if name in item.new and name in item.old
    ]
    if "claims" in item.new:
        before, after = (_claims(each.get("claims", ()), zone, names) for each in (item.old, item.new))
        if before:
            said.append(gettext("From: %(old)s.", old=before))
        said.append(gettext("To: %(new)s.", new=after))
    if item.new.get("venues"):
        said.append(gettext("To: %(new)s.", new=", ".join(item.new["venues"])))
    if item.new.get("referred_from"):
        said.append(gettext("Passed on by %(house)s.", house=item.new["referred_from"]))
    if item.new.get("overridden"):
        said.append(gettext("A rule or a closure was overridden."))
    return said


def _value(name: str, values: Mapping[str, Any]) -> str:
    value = values[name]
    if value is None or value == "":
        return "–"
    return str(words.PURPOSES[value]) if name == "purpose" else str(value)


def _claims(claims: Iterable[Mapping[str, Any]], zone: str, names: Mapping[str, str]) -> str:
    said = []
    for claim in claims:
        when = formats.span(_moment(claim["start"]), _moment(claim["end"]), zone)
        many = f" × {claim['quantity']}" if claim.get("quantity", 1) > 1 else ""
        said.append(f"{names.get(claim['resource'], claim['resource'])}{many}, {when}")
    return formats.together(said)


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
