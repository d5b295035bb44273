"""The kinds of news in a few words, for whoever chooses among them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext

from notifications.domain.frequency import Frequency

TOPICS: Mapping[str, Any] = {
    "requests": lazy_gettext("Questions that wait"),
    "answers": lazy_gettext("Answers and decisions"),
    "deadlines": lazy_gettext("Deadlines"),
    "queue": lazy_gettext("The queue of options"),
    "booking": lazy_gettext("Changes"),
    "conflicts": lazy_gettext("Conflicts"),
    "equipment": lazy_gettext("Equipment"),
    "thread": lazy_gettext("Messages and files"),
    "waiting": lazy_gettext("Waiting list"),
    "calls": lazy_gettext("Calls of the programme"),
    "calendar": lazy_gettext("Calendars of the house"),
}
OTHER_TOPIC = lazy_gettext("Other news")

LABELS: Mapping[str, Any] = {
    "booking.requested": lazy_gettext("A request comes in, or was entered for you"),
    "booking.committed": lazy_gettext("A company commits"),
    "booking.withdrawn": lazy_gettext("A request is taken back"),
    "booking.change-asked": lazy_gettext("A change is asked for"),
    "booking.granted": lazy_gettext("An option is given"),
    "booking.confirmed": lazy_gettext("A booking is confirmed"),
    "booking.declined": lazy_gettext("A request is declined"),
    "booking.taken-back": lazy_gettext("The house cannot confirm yet"),
    "booking.countered": lazy_gettext("The house proposes something else"),
    "booking.cancelled": lazy_gettext("A booking is cancelled"),
    "booking.agreed": lazy_gettext("A house agrees to its part of a chain"),
    "booking.let-go": lazy_gettext("A chain does not come together"),
    "booking.beaten": lazy_gettext("Days go to another project"),
    "booking.suspended": lazy_gettext("An option stands still"),
    "booking.answer-due": lazy_gettext("Your answer is due soon"),
    "booking.answer-overdue": lazy_gettext("Your answer is overdue"),
    "booking.expiring": lazy_gettext("Your option runs out soon"),
    "booking.challenge-received": lazy_gettext("Somebody asks the first option to decide"),
    "booking.challenge-won": lazy_gettext("It is your turn to commit"),
    "booking.reinstatement-offered": lazy_gettext("Lost days are free again"),
    "booking.lapsed": lazy_gettext("An option has lapsed"),
    "booking.moved-up": lazy_gettext("An option moves up"),
    "booking.moved-down": lazy_gettext("An option moves down"),
    "booking.ordered": lazy_gettext("A house changes the order of its queue"),
    "booking.extended": lazy_gettext("An option is extended"),
    "booking.returned": lazy_gettext("An option is back"),
    "booking.challenged": lazy_gettext("Somebody challenges those before"),
    "booking.challenge-lost": lazy_gettext("A challenge is lost"),
    "booking.challenge-void": lazy_gettext("A challenge ends without an outcome"),
    "booking.reinstated": lazy_gettext("Lost days are taken back"),
    "booking.reinstatement-refused": lazy_gettext("Lost days are not wanted back"),
    "booking.reinstatement-lapsed": lazy_gettext("Nobody takes lost days back"),
    "booking.released": lazy_gettext("Days are given back"),
    "booking.changed": lazy_gettext("A booking is changed"),
    "booking.accepted": lazy_gettext("A proposal is accepted"),
    "booking.refused": lazy_gettext("A proposal is refused"),
    "booking.referral-asked": lazy_gettext("A house asks whether it may pass a request on"),
    "booking.referred": lazy_gettext("A request is passed on to partner houses"),
    "rider.written": lazy_gettext("What the rooms have to be is written down"),
    "calendar.failed": lazy_gettext("A calendar cannot be read"),
    "calendar.recovered": lazy_gettext("A calendar is read again"),
    "call.opened": lazy_gettext("A call opens"),
    "call.closing": lazy_gettext("A call to which you have not applied closes soon"),
    "call.changed": lazy_gettext("A call is changed"),
    "call.closed": lazy_gettext("Applications to a call are closed early"),
    "call.withdrawn": lazy_gettext("A call is withdrawn"),
    "call.applied": lazy_gettext("A company applies to a call of your house"),
    "call.granted": lazy_gettext("There is a place for you in a call"),
    "call.not-granted": lazy_gettext("There is no place for you in a call"),
    "enquiry.sent": lazy_gettext("A company asks several houses at once"),
    "enquiry.withdrawn": lazy_gettext("An enquiry is taken back"),
    "enquiry.settled": lazy_gettext("A company found a place elsewhere"),
    "enquiry.countered": lazy_gettext("A house names other days for your enquiry"),
    "enquiry.declined": lazy_gettext("A house cannot help with your enquiry"),
    "conflict.opened": lazy_gettext("Something stands in the way"),
    "conflict.closed": lazy_gettext("What stood in the way is gone"),
    "conflict.resolved": lazy_gettext("A conflict is resolved"),
    "equipment.overdue": lazy_gettext("Equipment is not back in time"),
    "message.posted": lazy_gettext("Somebody writes about a booking"),
    "file.added": lazy_gettext("A file is added"),
    "arrivals.written": lazy_gettext("The list of arrivals is there"),
    "waiting.freed": lazy_gettext("Something on your waiting list is free"),
    "booking.undone": lazy_gettext("A house takes back what it just did"),
    "booking.completed": lazy_gettext("A booking has taken place"),
    "closure.added": lazy_gettext("A house closes something"),
    "closure.changed": lazy_gettext("A closure is changed"),
    "closure.removed": lazy_gettext("A closure is lifted"),
    "equipment.checked-out": lazy_gettext("Equipment is handed over"),
    "equipment.checked-in": lazy_gettext("Equipment comes back"),
    "file.removed": lazy_gettext("A file is removed"),
    "resource.windows-changed": lazy_gettext("A house changes when companies may ask"),
    "resource.stock-changed": lazy_gettext("There is more or less of something"),
    "round.expiring-options": lazy_gettext("Every Monday: options that run out this week"),
    "round.overdue-answers": lazy_gettext("Every Monday: answers that houses still owe"),
}

FREQUENCIES: Mapping[Frequency, Any] = {
    Frequency.IMMEDIATE: lazy_gettext("at once"),
    Frequency.DAILY: lazy_gettext("once a day"),
    Frequency.WEEKLY: lazy_gettext("on Mondays"),
    Frequency.NEVER: lazy_gettext("never"),
}


def label(kind: str) -> str:
    """A kind in a few words; one that is newer than this list shows its name."""
    return str(LABELS.get(kind, kind))
