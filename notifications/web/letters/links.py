"""The addresses that letters name: whole ones, since nothing stands around a letter."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.states import Side, Verb
from booking.services.invitations import Invitation, token_of
from booking.settings import Settings
from notifications.domain.kinds import SERVICE, is_mandatory
from notifications.services import signed
from notifications.services.signed import Action, Unsubscription
from notifications.storage.letters import LetterRow


@dataclass(frozen=True, slots=True)
class Links:
    """Those of one deployment. `secret` signs the ones that do something."""

    base_url: str
    secret: str

    @classmethod
    def of(cls, settings: Settings) -> "Links":
        """From its settings."""
        return cls(settings.base_url, settings.secret_key)

    def booking(self, booking_id: UUID | str) -> str:
        """The page of a booking."""
        return f"{self.base_url}/bookings/{booking_id}"

    def page(self, path: str) -> str:
        """Any page."""
        return f"{self.base_url}{path}"

    def preferences(self) -> str:
        """Where one chooses what to hear of."""
        return f"{self.base_url}/me/preferences"

    def asking(self, terms: ClaimTerms) -> str:
        """The form for such a claim, filled in; with clock times only the resource travels."""
        query = {"resource": terms.resource}
        if terms.in_whole_days:
            query |= {"from": terms.start.isoformat(), "to": terms.end.isoformat()}
        if terms.quantity > 1:
            query["quantity"] = str(terms.quantity)
        return f"{self.base_url}/bookings/new?{urlencode(query)}"

    def action(self, person: UUID, booking: UUID, verb: Verb, challenge: UUID | None, *, at: datetime) -> str:
        """Where a click asks once more before it does that. `at`: when what the letter tells happened."""
        token = signed.action_token(self.secret, Action(person, booking, verb, challenge), at=at)
        return f"{self.base_url}/letters/act/{token}"

    def invitation(self, person: Person, invitation: Invitation) -> str:
        """Where somebody who was let in chooses a password, or puts on a second hat."""
        return f"{self.base_url}/invitation/{token_of(self.secret, person, invitation)}"

    def unsubscribe(self, letter: LetterRow) -> str | None:
        """Where letters of this kind end; None for what nobody may switch off, and for what is no news."""
        sides = {Side(letter.side)} if letter.side else set()
        if letter.kind in SERVICE or is_mandatory(letter.kind, sides):
            return None
        token = signed.unsubscription_token(self.secret, Unsubscription(letter.person_id, letter.kind))
        return f"{self.base_url}/letters/unsubscribe/{token}"
