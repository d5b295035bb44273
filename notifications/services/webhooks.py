"""Webhooks: made, listed, switched on again, given another secret, forgotten; and what is delivered to them.

Signed as Standard Webhooks say: `webhook-id` is that of the delivery, and the same at every attempt. A webhook is
told what its owner may read in the history of a booking, and nothing else.
"""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection
from standardwebhooks import Webhook as Signer

from booking.domain.addresses import Address, BadAddress, Reach
from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.services import people
from booking.storage import registers
from booking.storage.outbox import EventRow
from notifications.domain.audience import TOLD
from notifications.domain.headers import header_text
from notifications.domain.kinds import SILENT
from notifications.domain.retries import MOST_TRIES, Jitter, next_try
from notifications.storage import letters, webhooks
from notifications.storage.webhooks import DELIVERED, FAILED, DeliveryRow, WebhookRow

KINDS = TOLD | SILENT
"""Every kind of event."""

OVERLAP = timedelta(days=1)
"""How long the secret before the present one still signs too, so that a receiver can change in peace."""

PATIENCE = timedelta(days=3)
"""A webhook to which nothing has arrived for so long is switched off."""

CLAIMED_FOR = timedelta(minutes=10)
AT_ONCE = 20
LONGEST_ANSWER = 2000
WELL = range(200, 300)
GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. `status` None: nothing came back, `failure` says why; `permanent`: for good."""

    status: int | None = None
    answer: str | None = None
    failure: str | None = None
    permanent: bool = False

    @property
    def is_well(self) -> bool:
        """Whether it arrived."""
        return self.status is not None and self.status in WELL


def secret_of(secret: str, row: WebhookRow, generation: int | None = None) -> str:
    """The secret of a webhook, `whsec_…`; from this deployment's, so that no table holds it."""
    said = b"webhook:" + row.id.bytes + (generation or row.generation).to_bytes(4, "big")
    return "whsec_" + base64.b64encode(hmac.digest(secret.encode(), said, "sha256")).decode("ascii")


def create(
    connection: Connection, person: Person, url: str, events: Sequence[str], *, reach: Reach, at: datetime
) -> WebhookRow:
    """A new webhook. Malformed: no address, a private one, or a kind that there is not. TooMany."""
    errors: dict[str, list[str]] = {}
    try:
        reach.check(Address.parse(url))
    except BadAddress as error:
        errors["url"] = [URL_CODES.get(error.code, error.code)]
    if not events:
        errors["events"] = ["required"]
    errors |= {f"events.{n}": ["unknown"] for n, kind in enumerate(events) if kind not in KINDS}
    if errors:
        raise Malformed(errors)
    people.refuse_one_too_many(connection, person.id, webhooks.count)
    webhook_id = webhooks.add(connection, person_id=person.id, url=url, events=sorted(set(events)), created_at=at)
    return find(connection, person, webhook_id)


URL_CODES = {"not-an-address": "not-a-web-address"}
"""Codes of addresses, in words of their own: an e-mail address is another thing."""


def listing(connection: Connection, person: Person) -> list[WebhookRow]:
    """The webhooks of this person, newest first."""
    return webhooks.of_person(connection, person.id)


def find(connection: Connection, person: Person, webhook_id: UUID) -> WebhookRow:
    """One of this person's. NotFound."""
    row = webhooks.find(connection, person.id, webhook_id)
    if row is None:
        raise NotFound
    return row


def remove(connection: Connection, person: Person, webhook_id: UUID) -> None:
    """Forget it. NotFound."""
    webhooks.remove(connection, find(connection, person, webhook_id).id)


def rotate(connection: Connection, person: Person, webhook_id: UUID, *, at: datetime) -> WebhookRow:
    """Another secret from now on; for a day both sign. NotFound."""
    row = find(connection, person, webhook_id)
    webhooks.alter(connection, row.id, generation=row.generation + 1, rotated_at=at)
    return find(connection, person, webhook_id)


def switch_on(connection: Connection, person: Person, webhook_id: UUID) -> WebhookRow:
    """Send there again: what waited meanwhile, and what happens from now on. NotFound."""
    webhooks.alter(connection, find(connection, person, webhook_id).id, disabled_at=None, failing_since=None)
    return find(connection, person, webhook_id)


def deliveries(
    connection: Connection, person: Person, *, webhook: UUID | None, limit: int, before: UUID | None = None
) -> list[DeliveryRow]:
    """What was sent to one webhook of this person's, or to all, newest first. NotFound."""
    if webhook is not None:
        find(connection, person, webhook)
    return webhooks.listing(connection, person.id, webhook=webhook, before=before, limit=limit)


def retry(connection: Connection, person: Person, delivery_id: UUID, *, at: datetime) -> DeliveryRow:
    """Send it once more, now; whoever has it already knows it by its id. NotFound."""
    row = webhooks.delivery(connection, person.id, delivery_id)
    if row is None:
        raise NotFound
    webhooks.again(connection, row.id, at=at)
    found = webhooks.delivery(connection, person.id, delivery_id)
    if found is None:
        raise NotFound
    return found


def tell(connection: Connection, event: EventRow) -> None:
    """Note a delivery for every webhook that wants this event and whose owner may know it."""
    booking = registers.find(connection, event.booking_id) if event.booking_id else None
    named = event.new.get("organisation") if booking is None else None
    organisation = booking.organisation if booking else UUID(named) if named else None
    listening = webhooks.listening(connection, event.venue_id, organisation)
    webhooks.put(
        connection,
        [
            {
                "webhook_id": webhook_id,
                "event_id": event.id,
                "kind": event.kind,
                "body": _body(event, venue, booking.state if booking else None),
                "created_at": event.at,
                "next_at": event.at,
            }
            for webhook_id, events, venue in {each[0]: each for each in listening}.values()
            if event.kind in events
        ],
    )


def _body(event: EventRow, venue: str, state: str | None) -> str:
    """The payload of Standard Webhooks: type, timestamp, data."""
    data: dict[str, Any] = {
        "event": event.id,
        "booking": event.booking_id,
        "venue": venue,
        "state": state,
        "old": event.old,
        "new": event.new,
        "why": event.why,
    }
    document = {"type": event.kind, "timestamp": event.at.astimezone(UTC).isoformat(), "data": data}
    return orjson.dumps(document).decode()


def claim(connection: Connection, *, at: datetime) -> list[DeliveryRow]:
    """Some deliveries that are due, for this worker alone."""
    return webhooks.claim(connection, at=at, until=at + CLAIMED_FOR, limit=AT_ONCE)


def headers(secret: str, row: DeliveryRow, *, at: datetime) -> dict[str, str]:
    """What travels with the body: its id, when it was sent, and one signature for every secret that counts now."""
    webhook = row.webhook
    generations = [webhook.generation]
    if webhook.rotated_at is not None and at - webhook.rotated_at < OVERLAP:
        generations.append(webhook.generation - 1)
    moment = at.astimezone(UTC)
    signatures = [
        Signer(secret_of(secret, webhook, each)).sign(str(row.id), moment, row.body) for each in generations
    ]
    return {
        "Content-Type": "application/json",
        "webhook-id": str(row.id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def note(connection: Connection, row: DeliveryRow, outcome: Outcome, *, at: datetime, jitter: Jitter) -> None:
    """Write down what came of an attempt; who fails for days is switched off, and told."""
    webhook = row.webhook
    told = {"status": outcome.status, "answer": _kept(outcome.answer), "failure": outcome.failure}
    if outcome.is_well:
        webhooks.note(connection, row.id, state=DELIVERED, delivered_at=at, **told)
        webhooks.alter(connection, webhook.id, failing_since=None)
        return
    again = next_try(row.attempts, most=MOST_TRIES, at=at, jitter=jitter)
    if outcome.permanent or again is None:
        webhooks.note(connection, row.id, state=FAILED, **told)
    else:
        webhooks.note(connection, row.id, next_at=again, **told)
    since = webhook.failing_since or at
    if webhook.failing_since is None:
        webhooks.alter(connection, webhook.id, failing_since=at)
    if webhook.disabled_at is None and (at - since >= PATIENCE or outcome.status == GONE):
        _switch_off(connection, webhook, at)


def _switch_off(connection: Connection, webhook: WebhookRow, at: datetime) -> None:
    webhooks.alter(connection, webhook.id, disabled_at=at)
    letters.add(
        connection,
        [
            {
                "person_id": webhook.person_id,
                "key": f"webhook:{webhook.id.hex}:{at.isoformat()}",
                "kind": "webhook.disabled",
                "facts": {"url": header_text(webhook.url), "link": f"/webhooks/{webhook.id}"},
                "created_at": at,
                "next_at": at,
            }
        ],
    )


def _kept(answer: str | None) -> str | None:
    """The beginning of an answer, as text that a database keeps."""
    return answer[:LONGEST_ANSWER].replace("\0", "\N{REPLACEMENT CHARACTER}") if answer is not None else None
