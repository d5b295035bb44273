"""What each kind of news says by letter, to the company and to the house. A new kind is one entry here.

A paragraph whose facts are not known is left out: `%(until)s` needs an end, `%(days)s` days. A kind without an
entry says its sentence, which it has anyway (`sentences.py`), above the booking that it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from booking.domain.states import Side, Verb

ANSWERS = (Verb.GRANT, Verb.CONFIRM)
HOLDER = (Verb.COMMIT, Verb.RELEASE)
PROPOSAL = (Verb.ACCEPT, Verb.REFUSE)


@dataclass(frozen=True, slots=True)
class Words:
    """`says`: its paragraphs. `subject` None: the sentence of its kind. `verbs`: what can be done from the letter,
    where the booking allows it. `sheet`: with what one needs to know before one comes."""

    says: tuple[Any, ...]
    subject: Any = None
    verbs: tuple[Verb, ...] = ()
    sheet: bool = False


NOTHING_HELD = lazy_gettext("A request holds nothing yet: others can ask for the same days.")
STANDS_NOW = lazy_gettext("This is how it stands now.")
SAME_PLACE = lazy_gettext("It keeps its old place in the queue, and runs until %(until)s.")
STAYS = lazy_gettext("Everything stays as it was.")
PLACE_IN_QUEUE = lazy_gettext("Others stand before you on some of these days: yours is option number %(rank)s.")

BECAUSE = "%(because)s"
"""Why a call ended so for a company: words of their own."""

TO_THE_COMPANY: Mapping[str, Words] = {
    "booking.requested": Words(
        (
            lazy_gettext("%(venue)s noted your request for the days below."),
            NOTHING_HELD,
            lazy_gettext("The house answers by %(due)s."),
        )
    ),
    "booking.granted": Words(
        (
            lazy_gettext("%(venue)s holds the days below for you as an option, until %(until)s."),
            PLACE_IN_QUEUE,
            lazy_gettext(
                "Before then you commit and the house confirms, or you give the days back so that others can have "
                "them. If nothing happens, the option lapses at that moment."
            ),
        ),
        subject=lazy_gettext("Option until %(until)s: “%(title)s”"),
        verbs=HOLDER,
    ),
    "booking.confirmed": Words(
        (lazy_gettext("The days below are yours. Here is what you need to know before you come."),), sheet=True
    ),
    "booking.declined": Words((lazy_gettext("%(venue)s cannot give you the days below."),)),
    "booking.withdrawn": Words((lazy_gettext("Your request is taken back, and nothing is held any more."),)),
    "booking.released": Words((lazy_gettext("%(venue)s had to take back these days of your option: %(days)s."),)),
    "booking.cancelled": Words(
        (lazy_gettext("%(venue)s had to cancel the booking below. Call the house if anything is unclear."),)
    ),
    "booking.changed": Words((lazy_gettext("%(venue)s changed the booking below."), STANDS_NOW)),
    "booking.committed": Words(
        (lazy_gettext("You are committed: the days are held firmly. %(venue)s answers by %(due)s."),)
    ),
    "booking.taken-back": Words(
        (
            lazy_gettext("%(venue)s cannot confirm now. Your days are an option again."),
            SAME_PLACE,
        ),
        verbs=HOLDER,
    ),
    "booking.agreed": Words(
        (
            lazy_gettext(
                "%(venue)s said yes. Its part of your chain is held firmly until every house has answered."
            ),
        )
    ),
    "booking.let-go": Words(
        (
            lazy_gettext("Your chain did not come together, so the part below is an option again."),
            SAME_PLACE,
            lazy_gettext("Look for another period, or keep the rest: the page of the chain has both."),
        )
    ),
    "message.posted": Words(
        (lazy_gettext("There is a new message in the conversation about the booking below. Answer it there."),)
    ),
    "file.added": Words((lazy_gettext("There is a new file with the booking below."),)),
    "arrivals.written": Words((lazy_gettext("The list of who comes, and of what they need, is there."),)),
    "booking.extended": Words((lazy_gettext("Your option now runs until %(until)s."),), verbs=HOLDER),
    "booking.challenged": Words(
        (
            lazy_gettext("Everybody who stands before you is asked to commit or to release."),
            lazy_gettext("You hear the outcome as soon as the last answer is in."),
        )
    ),
    "booking.challenge-received": Words(
        (
            lazy_gettext(
                "Another company is ready to commit to days on which your option comes first: %(days)s. "
                "It asks you to decide."
            ),
            lazy_gettext(
                "Commit, or release those days, before %(due)s. Without an answer they lapse at that moment; "
                "the rest of your option stays."
            ),
        ),
        subject=lazy_gettext("Decide by %(due)s: somebody waits behind “%(title)s”"),
        verbs=HOLDER,
    ),
    "booking.challenge-won": Words(
        (
            lazy_gettext("Nobody stands before you any more on the days that you asked about."),
            lazy_gettext("Commit before %(due)s; otherwise your option lapses."),
        ),
        subject=lazy_gettext("Your turn, until %(due)s: “%(title)s”"),
        verbs=(Verb.COMMIT,),
    ),
    "booking.challenge-lost": Words(
        (
            lazy_gettext("Somebody who stood before you has committed."),
            lazy_gettext("Your option keeps its place behind; should those days come free, you hear of it."),
        )
    ),
    "booking.challenge-void": Words((lazy_gettext("Your question to those before you is no longer open."),)),
    "booking.lapsed": Words((lazy_gettext("The time of your option ran out. Others can now have: %(days)s."),)),
    "booking.beaten": Words(
        (
            lazy_gettext("%(venue)s confirmed another project on days of your option: %(days)s."),
            lazy_gettext("What is left of your option, if anything, keeps its place and its end."),
        )
    ),
    "booking.suspended": Words(
        (
            lazy_gettext(
                "Your option stands still: a closure, or a booking that is nearly confirmed, lies over its days."
            ),
            lazy_gettext(
                "Its time stands still too. If those days come free, the option returns at its old place, with at "
                "least two working days."
            ),
        )
    ),
    "booking.returned": Words((lazy_gettext("Your option is back."), SAME_PLACE), verbs=HOLDER),
    "booking.moved-up": Words(
        (lazy_gettext("You moved up in the queue: yours is option number %(new_rank)s now."),), verbs=HOLDER
    ),
    "booking.moved-down": Words(
        (lazy_gettext("You moved down in the queue: yours is option number %(new_rank)s now."),)
    ),
    "booking.ordered": Words(
        (lazy_gettext("%(venue)s changed the order of the queue: yours is option number %(new_rank)s now."),)
    ),
    "booking.countered": Words(
        (
            lazy_gettext("%(venue)s cannot give you exactly what you asked, and proposes: %(claims)s."),
            lazy_gettext("Accept or refuse; until you do, everything stays as it is."),
        ),
        verbs=PROPOSAL,
    ),
    "booking.change-asked": Words((lazy_gettext("The house was asked to change the booking to: %(claims)s."),)),
    "booking.accepted": Words((lazy_gettext("%(venue)s said yes to what you asked."), STANDS_NOW)),
    "booking.refused": Words((lazy_gettext("%(venue)s said no to what you asked."), STAYS)),
    "booking.reinstatement-offered": Words(
        (
            lazy_gettext("A booking was cancelled, and days that you had lost are free again."),
            lazy_gettext(
                "Accept before %(due)s and they are your option again, at your old place in the queue. Nothing "
                "happens by itself: without an answer they go to the next."
            ),
        ),
        subject=lazy_gettext("Free again, yours until %(due)s: “%(title)s”"),
        verbs=PROPOSAL,
    ),
    "booking.reinstatement-refused": Words(
        (lazy_gettext("The days that were free again go to the next in the queue."),)
    ),
    "booking.reinstatement-lapsed": Words(
        (lazy_gettext("The time to take your days back is over; they go to the next in the queue."),)
    ),
    "booking.reinstated": Words((lazy_gettext("Your days are back."), SAME_PLACE), verbs=HOLDER),
    "booking.expiring": Words(
        (
            lazy_gettext("Your option at %(venue)s runs out on %(until)s."),
            lazy_gettext(
                "Commit, ask the house for more time, or give the days back. If nothing happens, they lapse at "
                "that moment."
            ),
        ),
        subject=lazy_gettext("Runs out on %(until)s: your option “%(title)s”"),
        verbs=HOLDER,
    ),
    "booking.referral-asked": Words(
        (
            lazy_gettext(
                "%(venue)s cannot help itself, and asks whether it may pass your request on to partners."
            ),
            lazy_gettext("Accept or refuse; until you do, everything stays as it is."),
        ),
        verbs=PROPOSAL,
    ),
    "booking.referred": Words(
        (lazy_gettext("%(venue)s passed your request on to partner houses. They answer you themselves."),)
    ),
    "rider.written": Words(
        (lazy_gettext("What the rooms have to be is written down, and checked against them."),)
    ),
    "enquiry.countered": Words(
        (lazy_gettext("%(venue)s cannot help on the days that you asked for, and names others."),)
    ),
    "enquiry.declined": Words((lazy_gettext("%(venue)s cannot help this time."),)),
    "call.opened": Words(
        (
            lazy_gettext("The programme looks for companies, in houses on both sides of the border."),
            lazy_gettext("Say what you need and when, the best first. Applications are open until %(due)s."),
        )
    ),
    "call.closing": Words(
        (
            lazy_gettext("Applications are open until %(due)s. You have not applied yet."),
            lazy_gettext("If this call is not for you, you need not do anything."),
        )
    ),
    "call.changed": Words(
        (
            lazy_gettext(
                "Its days, its houses or its deadline are different now. Applications are open until %(due)s."
            ),
        )
    ),
    "call.closed": Words((lazy_gettext("Nobody can apply any more. Who has applied hears how it ends."),)),
    "call.withdrawn": Words((lazy_gettext("It will not be granted. What was applied with holds nothing."),)),
    "call.granted": Words(
        (
            lazy_gettext("What you asked for is yours as an option. %(because)s"),
            lazy_gettext("It runs out like every option: commit in time, or give the days back."),
        )
    ),
    "call.not-granted": Words(
        (
            BECAUSE,
            lazy_gettext("Ask the houses directly: what is free can be booked as ever."),
        )
    ),
    "conflict.opened": Words(
        (
            lazy_gettext("Something came up that stands in the way of your booking on %(days)s: %(cause)s."),
            lazy_gettext("Nothing is cancelled. The house looks for a way out with you; call when it is urgent."),
        )
    ),
    "conflict.closed": Words((lazy_gettext("What stood in the way of your booking is gone."),)),
    "conflict.resolved": Words((lazy_gettext("The house found a way out for your booking."), STANDS_NOW)),
    "equipment.overdue": Words(
        (
            lazy_gettext("Not back yet: %(missing)s × %(resource)s. It was due on %(since)s."),
            lazy_gettext("Others need it next. Please bring it back, or call the house."),
        )
    ),
}

TO_THE_HOUSE: Mapping[str, Words] = {
    "booking.requested": Words(
        (
            lazy_gettext("%(organisation)s asks for the days below."),
            NOTHING_HELD,
            lazy_gettext("Your answer is expected by %(due)s."),
        ),
        verbs=ANSWERS,
    ),
    "booking.granted": Words(
        (lazy_gettext("%(organisation)s has an option on the days below, until %(until)s."),)
    ),
    "booking.confirmed": Words((lazy_gettext("The booking below is confirmed for %(organisation)s."),)),
    "booking.declined": Words((lazy_gettext("The request below was declined."),)),
    "booking.withdrawn": Words(
        (lazy_gettext("%(organisation)s takes back what it asked. You need not do anything."),)
    ),
    "booking.released": Words(
        (
            lazy_gettext("%(organisation)s gives back: %(days)s."),
            lazy_gettext("Whoever stands behind it moves up, and is told."),
        )
    ),
    "booking.cancelled": Words(
        (
            lazy_gettext("%(organisation)s cancelled the booking below."),
            lazy_gettext("Whoever had lost these days to it is offered them first."),
        )
    ),
    "booking.changed": Words((lazy_gettext("%(organisation)s changed the booking below."), STANDS_NOW)),
    "booking.committed": Words(
        (
            lazy_gettext("%(organisation)s commits to the days below; they are held firmly from now on."),
            lazy_gettext("Confirm, or take it back to an option with a reason, by %(due)s."),
        ),
        subject=lazy_gettext("Your yes by %(due)s: %(organisation)s commits to “%(title)s”"),
        verbs=(Verb.CONFIRM,),
    ),
    "booking.taken-back": Words((lazy_gettext("The booking below is an option again."), SAME_PLACE)),
    "booking.agreed": Words(
        (lazy_gettext("The part of a chain below is held firmly until the other houses have answered."),)
    ),
    "booking.let-go": Words(
        (lazy_gettext("The chain did not come together, so the part below is an option again."), SAME_PLACE)
    ),
    "message.posted": Words(
        (lazy_gettext("There is a new message in the conversation about the booking below. Answer it there."),)
    ),
    "file.added": Words((lazy_gettext("There is a new file with the booking below."),)),
    "arrivals.written": Words((lazy_gettext("The list of who comes, and of what they need, is there."),)),
    "booking.extended": Words((lazy_gettext("The option below now runs until %(until)s."),)),
    "booking.challenged": Words(
        (
            lazy_gettext("%(organisation)s is ready to commit."),
            lazy_gettext("Everybody who stands before it is asked to commit or to release."),
        )
    ),
    "booking.challenge-received": Words(
        (lazy_gettext("%(organisation)s is asked to commit to %(days)s, or to release, before %(due)s."),),
        subject=lazy_gettext("%(organisation)s has to decide by %(due)s: “%(title)s”"),
    ),
    "booking.challenge-won": Words(
        (lazy_gettext("%(organisation)s comes first now, and has until %(due)s to commit."),),
        subject=lazy_gettext("%(organisation)s comes first now: “%(title)s”"),
    ),
    "booking.challenge-lost": Words((lazy_gettext("Somebody who stood before %(organisation)s has committed."),)),
    "booking.challenge-void": Words(
        (lazy_gettext("The question of %(organisation)s to those before it is no longer open."),)
    ),
    "booking.lapsed": Words((lazy_gettext("The time of the option below ran out. Free again: %(days)s."),)),
    "booking.beaten": Words((lazy_gettext("The option below lost days to a confirmed booking: %(days)s."),)),
    "booking.suspended": Words(
        (
            lazy_gettext(
                "The option below stands still: a closure or a booking that is nearly confirmed lies over it."
            ),
        )
    ),
    "booking.returned": Words((lazy_gettext("The option below is back."), SAME_PLACE)),
    "booking.moved-up": Words((lazy_gettext("The option below is number %(new_rank)s now."),)),
    "booking.moved-down": Words((lazy_gettext("The option below is number %(new_rank)s now."),)),
    "booking.ordered": Words(
        (lazy_gettext("The order of the queue was changed: the option below is number %(new_rank)s now."),)
    ),
    "booking.countered": Words((lazy_gettext("%(organisation)s is proposed: %(claims)s."),)),
    "booking.change-asked": Words(
        (
            lazy_gettext("%(organisation)s would like to change what is booked to: %(claims)s."),
            lazy_gettext("Accept or refuse; until you do, everything stays as it is."),
        ),
        verbs=PROPOSAL,
    ),
    "booking.accepted": Words((lazy_gettext("%(organisation)s said yes to your proposal."), STANDS_NOW)),
    "booking.refused": Words((lazy_gettext("%(organisation)s said no to your proposal."), STAYS)),
    "booking.reinstatement-offered": Words(
        (lazy_gettext("%(organisation)s may have the days back that it had lost, until %(due)s."),)
    ),
    "booking.reinstatement-refused": Words(
        (lazy_gettext("%(organisation)s does not want its days back; they are offered to the next in the queue."),)
    ),
    "booking.reinstatement-lapsed": Words(
        (lazy_gettext("%(organisation)s did not answer; its days are offered to the next in the queue."),)
    ),
    "booking.reinstated": Words((lazy_gettext("%(organisation)s has its days back."), SAME_PLACE)),
    "booking.expiring": Words((lazy_gettext("The option below runs out on %(until)s."),)),
    "booking.answer-due": Words(
        (lazy_gettext("%(organisation)s waits for your answer. It is expected by %(due)s."),),
        subject=lazy_gettext("Your answer by %(due)s: “%(title)s”"),
        verbs=ANSWERS,
    ),
    "booking.answer-overdue": Words(
        (
            lazy_gettext("%(organisation)s still waits for your answer. It was expected by %(due)s."),
            lazy_gettext("A short answer helps more than a late one, also when it is no."),
        ),
        subject=lazy_gettext("Overdue: %(organisation)s waits for your answer about “%(title)s”"),
        verbs=ANSWERS,
    ),
    "booking.referral-asked": Words(
        (lazy_gettext("%(organisation)s is asked whether its request may be passed on to partner houses."),)
    ),
    "booking.referred": Words((lazy_gettext("The request below was passed on to partner houses."),)),
    "rider.written": Words(
        (lazy_gettext("What the rooms have to be is written down, and checked against them."),)
    ),
    "call.changed": Words(
        (
            lazy_gettext(
                "Its days, its houses or its deadline are different now. Applications are open until %(due)s."
            ),
        )
    ),
    "call.closed": Words(
        (lazy_gettext("Nobody can apply any more. Give your points, so that it can be granted."),)
    ),
    "call.withdrawn": Words((lazy_gettext("It will not be granted. You need not give points any more."),)),
    "call.applied": Words((lazy_gettext("Read what it needs, and give points for each criterion of the call."),)),
    "calendar.failed": Words(
        (
            lazy_gettext("What it said last still holds, so no room comes free by mistake."),
            lazy_gettext("Mend the address, or upload the calendar by hand."),
        )
    ),
    "calendar.recovered": Words((lazy_gettext("What it says counts again from now on."),)),
    "enquiry.sent": Words(
        (
            lazy_gettext("%(organisation)s looks for a place and asks you, perhaps others too. It holds nothing."),
            lazy_gettext("Answer with an offer, with other days, or with a kind no."),
        )
    ),
    "enquiry.withdrawn": Words((lazy_gettext("The enquiry is taken back; you need not answer."),)),
    "enquiry.settled": Words(
        (lazy_gettext("%(organisation)s found a place elsewhere. What you offered is released by itself."),)
    ),
    "conflict.opened": Words(
        (
            lazy_gettext("Something came up that stands in the way of the booking below on %(days)s: %(cause)s."),
            lazy_gettext("It stays on the conflict desk until it is gone, or until one of you resolves it."),
        )
    ),
    "conflict.closed": Words((lazy_gettext("What stood in the way of the booking below is gone."),)),
    "conflict.resolved": Words((lazy_gettext("The conflict with the booking below is resolved."), STANDS_NOW)),
    "equipment.overdue": Words(
        (
            lazy_gettext("Not back yet: %(missing)s × %(resource)s. It was due on %(since)s."),
            lazy_gettext("If somebody needs it next, that stands on the conflict desk."),
        )
    ),
}

OF_AN_ENQUIRY: Mapping[str, Words] = {
    "message.posted": Words(
        (lazy_gettext("There is a new message in the conversation about the enquiry below. Answer it there."),)
    ),
    "file.added": Words((lazy_gettext("There is a new file with the enquiry below."),)),
}
"""What reads otherwise when it is about an enquiry, on both sides."""

OF_A_CHAIN: Mapping[str, Words] = {
    "message.posted": Words(
        (lazy_gettext("There is a new message in the conversation of the chain “%(title)s”. Answer it there."),)
    ),
    "file.added": Words((lazy_gettext("There is a new file with the chain “%(title)s”."),)),
}
"""What reads otherwise when a whole chain talks."""

LEADS: Mapping[str, Any] = {
    "/bookings/": lazy_gettext("The booking, with everything that happened"),
    "/enquiries/": lazy_gettext("The enquiry, with all its answers"),
    "/trajectories/": lazy_gettext("The chain, stay by stay"),
    "/desk/": lazy_gettext("The calendars of the house"),
    "/resources/": lazy_gettext("Look at the place"),
    "/notifications": lazy_gettext("Your messages"),
    "/webhooks/": lazy_gettext("The webhook, with what was sent to it"),
}
"""What a link is called, by where it leads."""
READ_AND_ANSWER = lazy_gettext("Read and answer in the conversation")

LETTERS: Mapping[Side, Mapping[str, Words]] = {Side.COMPANY: TO_THE_COMPANY, Side.HOUSE: TO_THE_HOUSE}

CAUSES: Mapping[str, Any] = {
    "closure": lazy_gettext("the place is closed"),
    "external": lazy_gettext("the house's own calendar has something there"),
    "breakage": lazy_gettext("equipment broke, and there is too little left"),
    "late-return": lazy_gettext("equipment is not back in time"),
    "capacity": lazy_gettext("there is too little of it"),
}
"""What brought a conflict."""

SUBJECTS: Mapping[str, Any] = {
    "digest": lazy_gettext("What happened to what is yours"),
    "round.expiring-options": lazy_gettext("Options that run out this week"),
    "round.overdue-answers": lazy_gettext("Answers that houses still owe"),
    "webhook.disabled": lazy_gettext("We stopped calling your webhook"),
    "team.handed-over": lazy_gettext("You take over from a colleague"),
    "team.invited": lazy_gettext("You are invited to EMERGE Booking"),
}
"""Letters that are about no single booking."""

SAYS: Mapping[str, tuple[Any, ...]] = {
    "digest": (lazy_gettext("Since the last letter of this kind:"),),
    "round.expiring-options": (lazy_gettext("These options of your house run out this week:"),),
    "round.overdue-answers": (lazy_gettext("These companies wait longer than was promised:"),),
    "team.handed-over": (
        lazy_gettext("%(name)s left %(team)s and handed over to you."),
        lazy_gettext("What was on its way to them comes to you from now on."),
    ),
    "team.invited": (lazy_gettext("%(name)s lets you in for %(team)s, on EMERGE Booking."),),
    "webhook.disabled": (
        lazy_gettext("%(url)s has not answered for days, so nothing is sent there any more."),
        lazy_gettext("What was not delivered is kept. Mend the address, switch it on again, and send it again."),
    ),
}

DO: Mapping[Verb, Any] = {
    Verb.GRANT: lazy_gettext("Give an option"),
    Verb.CONFIRM: lazy_gettext("Confirm"),
    Verb.COMMIT: lazy_gettext("Commit"),
    Verb.RELEASE: lazy_gettext("Give the days back"),
    Verb.ACCEPT: lazy_gettext("Accept"),
    Verb.REFUSE: lazy_gettext("Refuse"),
}
"""The buttons of a letter."""
