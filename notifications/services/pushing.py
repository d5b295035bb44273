"""Web push: a short word on the devices that a person chose (RFC 8030), encrypted for each of them (RFC 8291).

What travels is a sentence and where it leads, no more, and nobody on the way reads it. The key that signs it
(RFC 8292) follows from this deployment's secret, so no table holds it; the one door goes out.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import Connection

from booking.domain.addresses import PORTS, Address, BadAddress, Reach
from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.domain.states import Side
from booking.services import people
from booking.storage import registers
from notifications.domain.frequency import Frequency
from notifications.domain.kinds import PUSH, is_mandatory
from notifications.domain.retries import Jitter, next_try
from notifications.services.news import News, still_concerns
from notifications.storage import devices, preferences
from notifications.storage.devices import DeviceRow, PushRow

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of that curve (FIPS 186-4, D.1.2.3): a private key is a number from 1 to one less."""

LIFETIME = timedelta(days=1)
"""So long a message is worth showing: its push service drops it then, and so do we."""

SIGNED_FOR = timedelta(hours=12)
"""At most a day (RFC 8292 section 2)."""

CLAIMED_FOR = timedelta(minutes=5)
AT_ONCE = 20
MOST_TRIES = 6
LONGEST_TITLE = 300
"""A push service takes 4096 octets at the least (RFC 8030 section 7.2)."""

PUBLIC_KEY, AUTH_SECRET = 65, 16
"""Octets of an uncompressed point, and of the secret of RFC 8291."""

GONE = frozenset({404, 410})
REFUSED = frozenset({400, 401, 403, 413})
WELL = range(200, 300)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser says of itself: `endpoint`, and its keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str
    name: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message as it travels."""

    body: bytes
    headers: dict[str, str]


def signing_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key with which this deployment signs."""
    digest = hmac.digest(secret.encode(), b"web push", "sha512")
    return ec.derive_private_key(int.from_bytes(digest, "big") % (ORDER - 1) + 1, CURVE)


def server_key(secret: str) -> str:
    """Its public half, as browsers want it: `applicationServerKey`, in base64url."""
    point = signing_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def subscribe(
    connection: Connection, person: Person, asked: Subscription, *, reach: Reach, at: datetime
) -> DeviceRow:
    """Tell this device from now on. Malformed: no address, a private one, keys that are none; TooMany."""
    errors: dict[str, list[str]] = {}
    try:
        reach.check(Address.parse(asked.endpoint))
    except BadAddress as error:
        errors["endpoint"] = ["not-a-web-address" if error.code == "not-an-address" else error.code]
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, octets(asked.p256dh, PUBLIC_KEY))
    except ValueError:
        errors["p256dh"] = ["wrong-type"]
    try:
        octets(asked.auth, AUTH_SECRET)
    except ValueError:
        errors["auth"] = ["wrong-type"]
    if errors:
        raise Malformed(errors)
    people.refuse_one_too_many(connection, person.id, partial(devices.count, besides=asked.endpoint))
    device_id = devices.add(
        connection,
        person_id=person.id,
        name=asked.name,
        endpoint=asked.endpoint,
        p256dh=asked.p256dh,
        auth=asked.auth,
        created_at=at,
    )
    return next(each for each in devices.of_person(connection, person.id) if each.id == device_id)


def listing(connection: Connection, person: Person) -> list[DeviceRow]:
    """The devices of this person, newest first."""
    return devices.of_person(connection, person.id)


def unsubscribe(connection: Connection, person: Person, device_id: UUID) -> None:
    """From now on it is told nothing. NotFound unless it is this person's."""
    if not devices.remove(connection, device_id, person.id):
        raise NotFound


def octets(text: str, length: int) -> bytes:
    """Out of base64url, with or without its padding. ValueError when it is none, or of another length."""
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not base64url") from error
    if len(found) != length:
        raise ValueError("another length")
    return found


def tell(connection: Connection, news: News) -> None:
    """A message for every device of everybody who wants this kind there."""
    wanted = {
        person: side for person, side in news.told.items() if news.how_often(person, PUSH) is not Frequency.NEVER
    }
    event = news.event
    devices.put(
        connection,
        [
            {
                "device_id": device,
                "key": event.id.hex,
                "kind": event.kind,
                "side": wanted[person],
                "booking_id": event.booking_id,
                "venue_id": event.venue_id,
                "facts": {name: value for name, value in news.facts.items() if name != "why"},
                "created_at": event.at,
                "next_at": event.at,
            }
            for device, person in (devices.of_people(connection, list(wanted)) if wanted else ())
        ],
    )


def claim(connection: Connection, *, at: datetime) -> list[PushRow]:
    """Some messages that are due, for this worker alone."""
    return devices.claim(connection, at=at, until=at + CLAIMED_FOR, limit=AT_ONCE)


def is_held_back(connection: Connection, row: PushRow, *, at: datetime) -> bool:
    """Whether it waits for the end of its reader's quiet hours (it is put back then), or is worth telling no more:
    it has grown old, or its reader left the team meanwhile."""
    if at - row.created_at >= LIFETIME or not _may_be_read(connection, row):
        devices.done(connection, row.id)
        return True
    if is_mandatory(row.kind, {Side(row.side)}):
        return False
    quiet = preferences.quiet_hours(connection, row.device.person_id)
    over = quiet.over_at(at, row.zone) if quiet else at
    if over > at:
        devices.note_later(connection, row.id, next_at=over, attempt=1)
    return over > at


def _may_be_read(connection: Connection, row: PushRow) -> bool:
    reader = people.of_id(connection, row.device.person_id)
    if reader is None or row.booking_id is None:
        return reader is not None and still_concerns(reader, row.side, row.venue, row.facts)
    booking = registers.find(connection, row.booking_id)
    return booking is not None and reader.may_know(booking.venue, booking.organisation)


def sealed(secret: str, row: PushRow, title: str, link: str, *, contact: str, at: datetime) -> Sealed:
    """The sentence and its link, encrypted for that device alone, and signed for its push service.

    `contact`: whom that service may write to, an address of mail.
    """
    said = orjson.dumps({"title": title[:LONGEST_TITLE], "link": link, "tag": row.id.hex})
    body = http_ece.encrypt(
        said,
        private_key=ec.generate_private_key(CURVE),
        dh=octets(row.device.p256dh, PUBLIC_KEY),
        auth_secret=octets(row.device.auth, AUTH_SECRET),
    )
    claims = {
        "aud": origin(row.device.endpoint),
        "exp": int((at + SIGNED_FOR).timestamp()),
        "sub": f"mailto:{contact}",
    }
    signed = Vapid02(private_key=signing_key(secret), conf={"no-strict": True}).sign(claims)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(int(LIFETIME.total_seconds())),
        "Urgency": "high" if is_mandatory(row.kind, {Side(row.side)}) else "normal",
        **signed,
    }
    return Sealed(body, headers)


def origin(endpoint: str) -> str:
    """Scheme, host and, where it is not the usual one, port: for whom a signature counts."""
    address = Address.parse(endpoint)
    port = "" if address.port == PORTS[address.scheme] else f":{address.port}"
    return f"{address.scheme}://{address.host}{port}"


def note(
    connection: Connection,
    row: PushRow,
    *,
    status: int | None,
    permanent: bool = False,
    at: datetime,
    jitter: Jitter,
) -> None:
    """What came of an attempt. A device that is gone is forgotten (RFC 8030 section 7.3); what its service refuses
    is not sent again."""
    if status in GONE:
        devices.remove(connection, row.device.id)
        return
    again = next_try(row.attempts, most=MOST_TRIES, at=at, jitter=jitter)
    if (status is not None and status in WELL) or status in REFUSED or permanent or again is None:
        devices.done(connection, row.id)
    else:
        devices.note_later(connection, row.id, next_at=again)
