"""What the worker does for this package. Everything here that touches the network holds no transaction."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parseaddr
from functools import partial
from typing import TypeVar

from structlog import get_logger

from booking.clock import Clock
from booking.fetching import Unreachable
from booking.jobs import Job
from booking.services.outbox import Handler
from booking.storage.database import Database
from notifications.domain.retries import MOST_TRIES, next_try, pause
from notifications.office import Office
from notifications.post import Post, SendFailed, envelope
from notifications.services import letters, pushing, ready, reminders, telling, webhooks
from notifications.services.letters import CLAIMED_FOR, Matter
from notifications.services.webhooks import Outcome
from notifications.storage import devices as messages
from notifications.storage import letters as kept
from notifications.storage import reminders as planned
from notifications.storage import webhooks as calls
from notifications.storage.devices import PushRow
from notifications.storage.letters import LetterRow
from notifications.storage.webhooks import DeliveryRow

log = get_logger("emerge.letters")

HANDLERS: Sequence[Handler] = (telling.tell, ready.tell, reminders.plan, webhooks.tell)

Sent = TypeVar("Sent", DeliveryRow, PushRow)
CALLERS = 4

MARGIN = timedelta(minutes=2)
"""So long before its claim ends a worker begins no other letter: by then it has an answer, or none will come."""


def jobs_with(office: Office) -> Sequence[Job]:
    """What follows events, in the order in which it is done once."""
    return (
        Job("rounds made", timedelta(minutes=5), make_rounds),
        Job("digests gathered", timedelta(minutes=1), gather_digests),
        Job("letters sent", timedelta(seconds=2), partial(send_letters, office)),
        Job("webhooks called", timedelta(seconds=2), partial(call_webhooks, office)),
        Job("devices told", timedelta(seconds=2), partial(tell_devices, office)),
    )


def say_reminders(database: Database, clock: Clock) -> int:
    """Reminders whose moment has come. Looks first: an idle worker writes nothing."""
    total = 0
    while _some(database, planned.waits, clock):
        done = database.write(partial(reminders.say_due, at=clock()))
        if not done:  # another worker is saying them
            break
        total += done
    return total


REMINDERS = Job("reminders said", timedelta(seconds=10), say_reminders)
"""Apart, since what it says are events: it comes before those are handled."""


def make_rounds(database: Database, clock: Clock) -> int:
    """The letters of every Monday."""
    return database.write(partial(reminders.make_rounds, at=clock()))


def gather_digests(database: Database, clock: Clock) -> int:
    """Daily and weekly letters whose hour has come."""
    if not _some(database, kept.lines_wait, clock):
        return 0
    return database.write(partial(letters.gather, at=clock()))


def send_letters(office: Office, database: Database, clock: Clock) -> int:
    """Every letter that is due; returns how many went. When no letter would go, it ends for now."""
    total, post = 0, office.post()
    try:
        while _some(database, kept.waits, clock):
            claimed = database.write(partial(letters.claim, at=clock()))
            until = clock() + CLAIMED_FOR - MARGIN
            if not claimed:  # another worker has them
                break
            done, goes_on = Round(office, database, clock, post).run(claimed, until)
            total += done
            if not goes_on:
                break
    finally:
        post.close()
    return total


def call_webhooks(office: Office, database: Database, clock: Clock) -> int:
    """Every delivery that is due; returns how many arrived."""
    return _all_sent(database, clock, calls.waits, webhooks.claim, partial(_call, office, database, clock))


def _all_sent(
    database: Database,
    clock: Clock,
    waits: Callable[..., bool],
    claim: Callable[..., Sequence[Sent]],
    send: Callable[[Sent], bool],
) -> int:
    """What is due is claimed and sent until nothing is, by some at once: a slow receiver keeps few others waiting.

    Returns how many arrived.
    """
    arrived = 0
    while _some(database, waits, clock):
        claimed = database.write(partial(claim, at=clock()))
        if not claimed:  # another worker has them
            break
        with ThreadPoolExecutor(CALLERS) as callers:
            arrived += sum(callers.map(send, claimed))
    return arrived


def _call(office: Office, database: Database, clock: Clock, delivery: DeliveryRow) -> bool:
    sent = webhooks.headers(office.secret, delivery, at=clock())
    try:
        answer = office.door.post(delivery.webhook.url, delivery.body.encode(), sent)
        outcome = Outcome(answer.status, answer.body.decode("utf-8", "replace"))
    except Unreachable as error:
        outcome = Outcome(failure=error.code, permanent=error.permanent)
    note = partial(webhooks.note, row=delivery, outcome=outcome, at=clock(), jitter=office.jitter)
    database.write(note)
    return outcome.is_well


def tell_devices(office: Office, database: Database, clock: Clock) -> int:
    """Every message to a device that is due; returns how many its push service took."""
    return _all_sent(database, clock, messages.waits, pushing.claim, partial(_push, office, database, clock))


def _push(office: Office, database: Database, clock: Clock, row: PushRow) -> bool:
    if database.write(partial(pushing.is_held_back, row=row, at=clock())):
        return False
    status, permanent = None, False
    try:
        title, link = office.say(row)
        contact = parseaddr(office.sender)[1]
        message = pushing.sealed(office.secret, row, title, link, contact=contact, at=clock())
        status = office.door.post(row.device.endpoint, message.body, message.headers).status
    except Unreachable as error:
        permanent = error.permanent
    except Exception:
        log.exception("device not told", push_id=str(row.id), kind=row.kind)
        permanent = True
    note = partial(pushing.note, row=row, status=status, permanent=permanent, at=clock(), jitter=office.jitter)
    database.write(note)
    return status is not None and status in pushing.WELL


@dataclass(frozen=True, slots=True)
class Round:
    """The letters that one worker claimed, one after another. Each result is noted before the next one goes."""

    office: Office
    database: Database
    clock: Clock
    post: Post

    def run(self, claimed: Sequence[LetterRow], until: datetime) -> tuple[int, bool]:
        """How many went, and whether others would. What is not begun by `until` is put back."""
        sent = 0
        for n, letter in enumerate(claimed):
            try:
                if self.clock() >= until:
                    raise SendFailed("the claim is over", unreachable=True)
                sent += self._send(letter)
            except SendFailed as failure:
                log.warning("no letters go", why=failure.why)
                self._put_back(claimed[n:])
                return sent, False
        return sent, True

    def _send(self, letter: LetterRow) -> bool:
        try:
            ready = self._written(letter)
            if ready is None:
                return False
            self.post.send(self._in_envelope(ready))
        except SendFailed as failure:
            if failure.unreachable:
                raise
            self._note_failure(letter, failure)
            return False
        self.database.write(partial(kept.note_sent, letter_id=letter.id, at=self.clock()))
        return True

    def _in_envelope(self, letter: LetterRow) -> Message:
        try:
            return envelope(letter, sender=self.office.sender, unsubscribe=self.office.unsubscribe(letter))
        except ValueError as error:  # nothing that may be typed leads here; one letter must not stop the others
            log.exception("letter not put in its envelope", letter_id=str(letter.id))
            raise SendFailed("it could not be put in its envelope", permanent=True) from error

    def _written(self, letter: LetterRow) -> LetterRow | None:
        """The letter with its words; None when it does not go, or not yet."""
        matter, quiet_until, calendar = self._about(letter)
        why_not = letters.why_not(matter)
        if why_not is not None:
            self.database.write(partial(kept.drop, letter_id=letter.id, reader=letter.person_id, why=why_not))
            return None
        if quiet_until is not None:
            self.database.write(partial(kept.put_back, ids=[letter.id], next_at=quiet_until))
            return None
        return letter if letter.is_written else self._write(matter, calendar)

    def _about(self, letter: LetterRow) -> tuple[Matter, datetime | None, str | None]:
        try:
            with self.database.read() as connection:
                matter = letters.about(connection, letter, at=self.clock())
                calendar = None if letter.is_written else self.office.invite(connection, matter)
                return matter, letters.quiet_until(connection, matter), calendar
        except Exception as error:
            log.exception("letter not understood", letter_id=str(letter.id), kind=letter.kind)
            raise SendFailed("what it is about could not be read") from error

    def _write(self, matter: Matter, calendar: str | None) -> LetterRow | None:
        letter = matter.letter
        try:
            words = replace(self.office.write(matter), calendar=calendar)
        except Exception as error:
            log.exception("letter not written", letter_id=str(letter.id), kind=letter.kind)
            raise SendFailed("its words could not be written", permanent=True) from error
        message_id = letter.message_id or f"<{letter.id}@{self.office.domain}>"
        keep = partial(kept.write_down, words=words, address=letter.email, message_id=message_id)
        if not self.database.write(partial(keep, letter_id=letter.id, reader=letter.person_id)):
            return None
        return replace(
            letter,
            language=words.language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            calendar=words.calendar,
            address=letter.email,
            message_id=message_id,
        )

    def _note_failure(self, letter: LetterRow, failure: SendFailed) -> None:
        at = self.clock()
        again = next_try(letter.attempts, most=MOST_TRIES, at=at, jitter=self.office.jitter)
        if failure.permanent or again is None:
            log.warning("letter set aside", letter_id=str(letter.id), why=failure.why)
            self.database.write(partial(kept.set_aside, letter_id=letter.id, failure=failure.why))
            return
        log.info("letter comes again", letter_id=str(letter.id), why=failure.why)
        note = partial(kept.note_later, letter_id=letter.id, next_at=again, failure=failure.why)
        self.database.write(note)

    def _put_back(self, rest: Sequence[LetterRow]) -> None:
        next_at = self.clock() + pause(1, self.office.jitter)
        self.database.write(partial(kept.put_back, ids=[letter.id for letter in rest], next_at=next_at))


def _some(database: Database, waits: Callable[..., bool], clock: Clock) -> bool:
    with database.read() as connection:
        return waits(connection, at=clock())
