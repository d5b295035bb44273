"""Bookings for tests, made by the services; a test names only what matters to it."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.clock import Clock
from booking.domain.bookings import Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.domain.states import State, Verb
from booking.services import asking, people
from booking.services.answering import Answer, perform
from booking.storage.database import Database

MANAGERS = {
    "BUD": "joris@buda.example",
    "PHX": "nadia@phenix.example",
    "DGP": "bram@degrotepost.example",
    "V04": "lieselot@viernulvier.example",
    "CHD": "aurelie@charleroi-danse.example",
    "TNA": "simon@namur.example",
    "MCA": "ines@amiens.example",
    "SUC": "karim@sucrerie.example",
    "HAD": "maud@halle.example",
    "CAR": "luc@carreau.example",
}
COMPANIES = {
    "Lisière": "camille@lisiere.example",
    "Pas Perdus": "pauline@pasperdus.example",
    "Zwaluw": "wout@zwaluw.example",
    "Sambre": "samira@sambre.example",
    "Noordzee": "lotte@noordzee.example",
    "Marée": "theo@maree.example",
}
MADE_AS = {
    State.REQUESTED: State.REQUESTED,
    State.OPTION: State.OPTION,
    State.CONFIRMED: State.CONFIRMED,
    State.DECLINED: State.REQUESTED,
    State.WITHDRAWN: State.REQUESTED,
    State.RELEASED: State.OPTION,
    State.CANCELLED: State.CONFIRMED,
}
ENDED_BY = {
    State.DECLINED: (Verb.DECLINE, "house"),
    State.WITHDRAWN: (Verb.WITHDRAW, "company"),
    State.RELEASED: (Verb.RELEASE, "company"),
    State.CANCELLED: (Verb.CANCEL, "house"),
}

MakeBooking = Callable[..., UUID]


def booking_maker(database: Database, clock: Clock) -> MakeBooking:
    """A function that makes one booking and returns its id. Rules may be overridden, what is held not."""

    def a_booking(
        *,
        resource: str = "BUD-S1",
        start: str = "2027-03-08",
        end: str = "2027-03-20",
        quantity: int = 1,
        company: str | None = "Lisière",
        state: State | str = State.CONFIRMED,
        title: str = "Marées",
        purpose: Purpose = Purpose.RESIDENCY,
        note: str | None = None,
        reason: str = "a builder of tests",
    ) -> UUID:
        """`start`, `end`: dates, or instants with an offset. `company`: its short name, or the address of a
        member; None is the house's own programme."""
        wanted = State(state)
        claim = ClaimTerms(resource, _when(start), _when(end), quantity)

        def work(connection: Connection) -> UUID:
            manager = people.of_email(connection, MANAGERS[resource[:3]])
            producer = people.of_email(connection, COMPANIES.get(company, company)) if company else None
            terms = Terms(
                title=title,
                purpose=purpose,
                claims=(claim,),
                organisation=next(iter(producer.organisations)) if producer else None,
                state=MADE_AS[wanted],
                force=True,
                reason=reason,
                note=note,
            )
            booking_id = asking.ask(connection, manager, terms, at=clock()).id
            if wanted in ENDED_BY:
                verb, side = ENDED_BY[wanted]
                actor = producer if side == "company" and producer else manager
                perform(connection, actor, booking_id, verb, Answer(reason), at=clock())
            return booking_id

        return database.write(work)

    return a_booking


def _when(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
