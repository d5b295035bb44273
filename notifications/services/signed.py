"""Links in letters: signed with the deployment's secret, so that nobody can make one up.

An action says who may do what to which booking, and until when; it does nothing until its page is answered. An
unsubscription says whose letters of which kind end; it never grows old, since the letter that carries it does not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from booking.domain.refusals import NotFound
from booking.domain.states import Verb

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that one person may do from a letter. `challenge`: it answers that one. `told_at`: when what the
    letter tells happened, in whole seconds; what was proposed later is not what its reader read."""

    person: UUID
    booking: UUID
    verb: Verb
    challenge: UUID | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Letters of one kind to one person."""

    person: UUID
    kind: str


def action_token(secret: str, action: Action, *, at: datetime) -> str:
    """A token for an address: letters, digits, `-`, `_` and `.`."""
    until = int((at + LIFETIME).timestamp())
    challenge = action.challenge.hex if action.challenge else None
    said = [action.person.hex, action.booking.hex, action.verb, challenge, until]
    return _signer(secret, "letter-action").dumps(said)


def read_action(secret: str, token: str, *, at: datetime) -> Action:
    """What the token says. NotFound when it is not ours, or too old."""
    try:
        person, booking, verb, challenge, until = _signer(secret, "letter-action").loads(token)
    except BadSignature as error:
        raise NotFound from error
    if at >= datetime.fromtimestamp(until, UTC):
        raise NotFound
    ends = datetime.fromtimestamp(until, UTC)
    answers = UUID(hex=challenge) if challenge else None
    return Action(UUID(hex=person), UUID(hex=booking), Verb(verb), answers, ends - LIFETIME)


def unsubscription_token(secret: str, unsubscription: Unsubscription) -> str:
    """The same for letters that nobody wants."""
    said = [unsubscription.person.hex, unsubscription.kind]
    return _signer(secret, "letter-unsubscribe").dumps(said)


def read_unsubscription(secret: str, token: str) -> Unsubscription:
    """What the token says. NotFound when it is not ours."""
    try:
        person, kind = _signer(secret, "letter-unsubscribe").loads(token)
    except BadSignature as error:
        raise NotFound from error
    return Unsubscription(UUID(hex=person), kind)


def _signer(secret: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=salt)
