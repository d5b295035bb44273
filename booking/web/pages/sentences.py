"""The sentence at the head of a booking: how it stands, and who moves next, from where the reader stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from booking.domain.people import Person
from booking.domain.states import Side, State
from booking.storage.registers import BookingRow


@dataclass(frozen=True, slots=True)
class Said:
    """A headline and what follows from it."""

    headline: str
    follows: str = ""


Teller = Callable[[str, str], Said]
"""From the names of the company and of the house to the sentence."""


def company_of(row: BookingRow) -> str:
    """The company, or the house when it is the house's own."""
    return row.organisation_name or row.venue_name


TO_THE_COMPANY: Mapping[State, Teller] = {
    State.REQUESTED: lambda _, house: Said(
        gettext("%(house)s still has to answer.", house=house),
        gettext("Your request holds nothing yet: others can ask for the same days."),
    ),
    State.OPTION: lambda _, house: Said(
        gettext("You hold an option."),
        gettext("%(house)s confirms it, or you give it back.", house=house),
    ),
    State.PENDING: lambda _, house: Said(gettext("Nearly confirmed: %(house)s has the last word.", house=house)),
    State.CONFIRMED: lambda _, __: Said(gettext("Confirmed: these days are yours.")),
    State.DECLINED: lambda _, house: Said(gettext("%(house)s said no.", house=house)),
    State.CANCELLED: lambda _, __: Said(gettext("This booking was cancelled.")),
}

TO_THE_HOUSE: Mapping[State, Teller] = {
    State.REQUESTED: lambda company, __: Said(
        gettext("%(company)s waits for your answer.", company=company),
        gettext("The request holds nothing yet."),
    ),
    State.OPTION: lambda company, __: Said(
        gettext("%(company)s holds an option.", company=company),
        gettext("You confirm it, or you release it with a reason."),
    ),
    State.PENDING: lambda company, __: Said(
        gettext("%(company)s has committed and waits for your yes.", company=company)
    ),
    State.CONFIRMED: lambda company, house: Said(
        gettext("Confirmed for %(company)s.", company=company)
        if company != house
        else gettext("Confirmed for the house's own programme.")
    ),
    State.DECLINED: lambda company, __: Said(gettext("You said no to %(company)s.", company=company)),
}

TO_ANYBODY: Mapping[State, Teller] = {
    State.REQUESTED: lambda company, house: Said(
        gettext("%(company)s waits for an answer of %(house)s.", company=company, house=house)
    ),
    State.OPTION: lambda company, __: Said(gettext("%(company)s holds an option.", company=company)),
    State.PENDING: lambda _, __: Said(gettext("Nearly confirmed.")),
    State.CONFIRMED: lambda company, __: Said(gettext("Confirmed for %(company)s.", company=company)),
    State.COMPLETED: lambda _, __: Said(gettext("This booking has taken place.")),
    State.SUSPENDED: lambda _, __: Said(gettext("The option stands still: something hard stands over it.")),
    State.DECLINED: lambda _, house: Said(gettext("%(house)s said no.", house=house)),
    State.WITHDRAWN: lambda _, __: Said(gettext("The request was withdrawn.")),
    State.RELEASED: lambda _, __: Said(gettext("The option was released.")),
    State.LAPSED: lambda _, __: Said(gettext("The option lapsed.")),
    State.BEATEN: lambda _, __: Said(gettext("These days went to another project.")),
    State.CANCELLED: lambda _, __: Said(gettext("This booking was cancelled.")),
}

PROPOSED: Mapping[Side, Teller] = {
    Side.COMPANY: lambda _, house: Said(
        gettext("%(house)s proposes other days or places.", house=house),
        gettext("You accept or refuse. Until then nothing is held."),
    ),
    Side.HOUSE: lambda company, __: Said(
        gettext("%(company)s still has to answer your proposal.", company=company),
        gettext("The request holds nothing yet."),
    ),
}
"""To each side of a request for which the house proposed something else: it has answered, so the company moves."""


def told(row: BookingRow, person: Person, *, proposed: bool = False) -> Said:
    """The sentence for this reader. `proposed`: what the house proposed instead awaits the company's answer."""
    sides = person.sides(row.venue, row.organisation)
    if proposed and row.state is State.REQUESTED:
        side = next((each for each in (Side.HOUSE, Side.COMPANY) if each in sides), None)
        if side is not None:
            return PROPOSED[side](company_of(row), row.venue_name)
    own = TO_THE_HOUSE if Side.HOUSE in sides else TO_THE_COMPANY if Side.COMPANY in sides else TO_ANYBODY
    return (own.get(row.state) or TO_ANYBODY[row.state])(company_of(row), row.venue_name)
