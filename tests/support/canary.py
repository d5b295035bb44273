"""A company whose name, title and people nobody else may ever see: planted, then looked for everywhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Role
from booking.services import people
from booking.storage import worlds
from booking.storage.database import Database
from tests.support.builders import MakeBooking

NAME = "Kanarie Zevenslag"
TITLE = "Zang in de mijn"
PERSON = "Goudvink Vogelaar"
EMAIL = "goudvink@kanarie.example"
NOTE = "Pluimage in kist 44"
REASON = "Ziek sinds dinsdagnacht"
WORDS = ("Kanarie", "Zevenslag", "Zang in de mijn", "Goudvink", "Vogelaar", "Pluimage", "dinsdagnacht")
COMPANY = {
    "name": NAME,
    "legal_form": "vzw",
    "non_profit": True,
    "country": "BE",
    "region": "Vlaanderen",
    "town": "Genk",
    "language": "nl",
    "vat": None,
    "enterprise_number": None,
    "size": "micro",
    "programme_company": False,
}


@dataclass(frozen=True)
class Canary:
    """One booking of that company."""

    booking: UUID
    organisation: UUID
    resource: str

    def seen_in(self, text: str) -> list[str]:
        """What of it can be read in this text; ids count too."""
        words = (*WORDS, str(self.booking), str(self.organisation))
        return [word for word in words if word.casefold() in text.casefold()]

    def assert_unseen(self, text: str, where: str) -> None:
        """Fails, and says where, when anything of it can be read."""
        seen = self.seen_in(text)
        assert not seen, f"{where} shows {seen}"


def plant(database: Database, a_booking: MakeBooking, *, at: datetime, **where: str) -> Canary:
    """The company, its producer and one booking; `where`: resource, start, end and state, as for `a_booking`."""

    def work(connection: Connection) -> UUID:
        worlds.add_organisation(connection, COMPANY)
        person_id = people.create(connection, email=EMAIL, name=PERSON, language="nl", at=at)
        people.give_hat(connection, person_id, Role.MEMBER, organisation=NAME)
        return next(iter(people.of_email(connection, EMAIL).organisations))

    organisation = database.write(work)
    booking = a_booking(**{"resource": "BUD-S1", **where}, company=EMAIL, title=TITLE, note=NOTE, reason=REASON)
    return Canary(booking, organisation, where.get("resource", "BUD-S1"))
