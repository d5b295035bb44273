"""What happened, in one sentence, as the reader's side of the booking sees it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext

from booking.domain.states import Side
from booking.web.languages import localised
from booking.web.pages import formats
from booking.web.seats import title_of, why_in_words
from calendars.web.problems import problem_in_words
from notifications.services.ready import KIND
from notifications.storage.notifications import NotificationRow

NEWS: Mapping[str, Any] = {
    "booking.committed": lazy_gettext("%(organisation)s committed; %(venue)s has the last word: “%(title)s”."),
    "booking.taken-back": lazy_gettext("%(venue)s took it back to an option: “%(title)s”."),
    "booking.let-go": lazy_gettext("A chain did not come together, a part is an option again: “%(title)s”."),
    "booking.extended": lazy_gettext("An option was extended: “%(title)s”."),
    "booking.challenged": lazy_gettext("%(organisation)s challenged those before it: “%(title)s”."),
    "booking.challenge-received": lazy_gettext("An option is challenged, commit or release: “%(title)s”."),
    "booking.challenge-won": lazy_gettext("The challenge is won, time to commit: “%(title)s”."),
    "booking.challenge-lost": lazy_gettext("The challenge is lost, another committed: “%(title)s”."),
    "booking.challenge-void": lazy_gettext("The challenge is over without an outcome: “%(title)s”."),
    "booking.lapsed": lazy_gettext("Time ran out, days have lapsed: “%(title)s”."),
    "booking.beaten": lazy_gettext("Days went to another project: “%(title)s”."),
    "booking.suspended": lazy_gettext("An option stands still, something hard stands over it: “%(title)s”."),
    "booking.returned": lazy_gettext("An option is back, under its old place: “%(title)s”."),
    "booking.moved-up": lazy_gettext("An option moved up in the queue: “%(title)s”."),
    "booking.moved-down": lazy_gettext("An option moved down in the queue: “%(title)s”."),
    "booking.ordered": lazy_gettext("%(venue)s gave an option another place in the queue: “%(title)s”."),
    "booking.countered": lazy_gettext("%(venue)s proposes other days or places: “%(title)s”."),
    "booking.change-asked": lazy_gettext("%(organisation)s asks for a change: “%(title)s”."),
    "booking.referred": lazy_gettext("%(venue)s passed a request on to partner houses: “%(title)s”."),
    "booking.referral-asked": lazy_gettext("%(venue)s asks to pass a request on to partner houses: “%(title)s”."),
    "booking.accepted": lazy_gettext("A proposal was accepted: “%(title)s”."),
    "booking.refused": lazy_gettext("A proposal was refused: “%(title)s”."),
    "booking.reinstatement-offered": lazy_gettext("Days are free again and may be had back: “%(title)s”."),
    "booking.reinstatement-refused": lazy_gettext("Days were not wanted back: “%(title)s”."),
    "booking.reinstatement-lapsed": lazy_gettext("Nobody took the days back in time: “%(title)s”."),
    "booking.reinstated": lazy_gettext("Days are back, under the old place: “%(title)s”."),
    "booking.expiring": lazy_gettext("An option runs out soon: “%(title)s”."),
    "booking.answer-due": lazy_gettext("%(organisation)s waits for an answer: “%(title)s”."),
    "booking.answer-overdue": lazy_gettext("An answer to %(organisation)s is overdue: “%(title)s”."),
    "conflict.opened": lazy_gettext("A conflict arose with a booking: “%(title)s”."),
    "conflict.closed": lazy_gettext("A conflict is gone: “%(title)s”."),
    "conflict.resolved": lazy_gettext("A conflict was resolved: “%(title)s”."),
    "equipment.overdue": lazy_gettext("Equipment is not back in time: “%(title)s”."),
    "message.posted": lazy_gettext("A new message about “%(title)s”."),
    "file.added": lazy_gettext("A new file with “%(title)s”."),
    "rider.written": lazy_gettext("What the rooms have to be is written down: “%(title)s”."),
    "arrivals.written": lazy_gettext("Who comes is written down: “%(title)s”."),
    "enquiry.sent": lazy_gettext("%(organisation)s asks what you could offer: “%(title)s”."),
    "enquiry.countered": lazy_gettext("%(venue)s could help at another time: “%(title)s”."),
    "enquiry.declined": lazy_gettext("%(venue)s cannot help this time: “%(title)s”."),
    "enquiry.withdrawn": lazy_gettext("%(organisation)s took its enquiry back: “%(title)s”."),
    "enquiry.settled": lazy_gettext("%(organisation)s found a place elsewhere: “%(title)s”."),
}
"""What reads alike on both sides."""

SENTENCES: Mapping[tuple[str, Side], Any] = {
    **{(kind, side): words for kind, words in NEWS.items() for side in Side},
    ("booking.requested", Side.HOUSE): lazy_gettext("%(organisation)s sent a request: “%(title)s”."),
    ("booking.requested", Side.COMPANY): lazy_gettext("%(venue)s noted your request: “%(title)s”."),
    ("booking.granted", Side.HOUSE): lazy_gettext("%(organisation)s has an option: “%(title)s”."),
    ("booking.granted", Side.COMPANY): lazy_gettext("%(venue)s gave you an option: “%(title)s”."),
    ("booking.confirmed", Side.HOUSE): lazy_gettext("A booking of %(organisation)s is confirmed: “%(title)s”."),
    ("booking.confirmed", Side.COMPANY): lazy_gettext("%(venue)s confirmed your booking: “%(title)s”."),
    ("booking.agreed", Side.HOUSE): lazy_gettext("A part of a chain is held for the others: “%(title)s”."),
    ("booking.agreed", Side.COMPANY): lazy_gettext("%(venue)s said yes, and waits for the others: “%(title)s”."),
    ("booking.declined", Side.HOUSE): lazy_gettext("A request of %(organisation)s was declined: “%(title)s”."),
    ("booking.declined", Side.COMPANY): lazy_gettext("%(venue)s declined your request: “%(title)s”."),
    ("booking.withdrawn", Side.HOUSE): lazy_gettext("%(organisation)s withdrew its request: “%(title)s”."),
    ("booking.withdrawn", Side.COMPANY): lazy_gettext("Your request to %(venue)s was withdrawn: “%(title)s”."),
    ("booking.released", Side.HOUSE): lazy_gettext("%(organisation)s released its option: “%(title)s”."),
    ("booking.released", Side.COMPANY): lazy_gettext("%(venue)s released your option: “%(title)s”."),
    ("booking.cancelled", Side.HOUSE): lazy_gettext("%(organisation)s cancelled its booking: “%(title)s”."),
    ("booking.cancelled", Side.COMPANY): lazy_gettext("%(venue)s cancelled your booking: “%(title)s”."),
    ("booking.changed", Side.HOUSE): lazy_gettext("%(organisation)s changed its booking: “%(title)s”."),
    ("booking.changed", Side.COMPANY): lazy_gettext("%(venue)s changed your booking: “%(title)s”."),
}
WITHOUT_A_BOOKING: Mapping[str, Any] = {
    "waiting.freed": lazy_gettext("%(place)s at %(venue)s has become free: %(period)s. Nobody holds it for you."),
}
"""What concerns no booking: a place and a period."""

OF_A_CALL: Mapping[str, Any] = {
    "call.opened": lazy_gettext("A call of the programme is open until %(due)s: “%(title)s”."),
    "call.closing": lazy_gettext("A call of the programme closes on %(due)s: “%(title)s”."),
    "call.changed": lazy_gettext("A call of the programme was changed: “%(title)s”."),
    "call.closed": lazy_gettext("Applications to a call are closed: “%(title)s”."),
    "call.withdrawn": lazy_gettext("A call of the programme was withdrawn: “%(title)s”."),
    "call.applied": lazy_gettext(
        "%(organisation_name)s applied to a call, and waits for your points: “%(title)s”."
    ),
    "call.granted": lazy_gettext("There is a place for you in the call “%(title)s”."),
    "call.not-granted": lazy_gettext("There is no place for you in the call “%(title)s”."),
}
"""What companies and houses hear of the calls of the programme."""

OF_A_CALENDAR: Mapping[str, Any] = {
    "calendar.failed": lazy_gettext("The calendar “%(label)s” of %(venue)s cannot be read. %(problem)s"),
    "calendar.recovered": lazy_gettext("The calendar “%(label)s” of %(venue)s is read again."),
}
"""What a house hears of the calendars that it connected."""

OF_WORK: Mapping[tuple[str, str], Any] = {
    ("import", "shown"): lazy_gettext("Your table “%(title)s” is read: look at what would change."),
    ("import", "done"): lazy_gettext("Your table “%(title)s” is applied."),
    ("import", "outdated"): lazy_gettext("Your table “%(title)s” was not applied: something changed meanwhile."),
    ("import", "refused"): lazy_gettext("Your table “%(title)s” could not be read."),
    ("import", "unapplied"): lazy_gettext("Your table “%(title)s” could not be applied: nothing was changed."),
    ("call", "proved"): lazy_gettext("It is worked out who goes where in “%(title)s”."),
    ("call", "hurried"): lazy_gettext("It is worked out who goes where in “%(title)s”."),
    ("call", "outdated"): lazy_gettext("“%(title)s” changed while it was worked out: work it out again."),
}
"""What whoever left long work to us hears, by what it was and how it ended."""

SOMETHING_NEW = lazy_gettext("Something changed: “%(title)s”.")
"""For a kind that this version has no sentence for."""


def sentence(row: NotificationRow) -> str:
    """The message in the reader's language."""
    return sentence_of(row.kind, Side(row.facts["side"]), row.facts, row.zone)


def sentence_of(kind: str, side: Side, facts: Mapping[str, Any], zone: str) -> str:
    """The same for any news: messages, letters, and the lines of a digest. `zone`: of the house."""
    if kind == KIND:
        return str(OF_WORK[facts["work"], facts["outcome"]]) % {
            "title": title_of(facts["title"], facts.get("texts"))
        }
    if kind in WITHOUT_A_BOOKING:
        return str(WITHOUT_A_BOOKING[kind]) % _place_and_period(facts, zone)
    if kind in OF_A_CALL:
        return str(OF_A_CALL[kind]) % of_a_call(facts, zone)
    if kind in OF_A_CALENDAR:
        problem = problem_in_words(facts["problem"]) if facts.get("problem") else ""
        return str(OF_A_CALENDAR[kind]) % {
            "label": facts["label"],
            "venue": facts["venue_name"],
            "problem": problem,
        }
    return str(SENTENCES.get((kind, side), SOMETHING_NEW)) % facts


def of_a_call(facts: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """What sentences about a call may name: its title in the reader's language, until when, and why so."""
    said = {**facts, "title": title_of(facts["title"], facts.get("texts"))}
    said["due"] = formats.moment(datetime.fromisoformat(facts["due_at"]), zone, year=True)
    if "code" in facts:
        said["because"] = why_in_words(facts["code"], facts["wish"], facts["wishes"])
    return said


def _place_and_period(facts: Mapping[str, Any], zone: str) -> dict[str, str]:
    start, end = (_moment(facts[name]) for name in ("start", "end"))
    return {
        "place": localised(facts["resource_name"]),
        "venue": facts["venue_name"],
        "period": formats.span(start, end, zone),
    }


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
