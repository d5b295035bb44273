"""What the roof hands to those who send letters."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from booking.fetching import Door
from notifications.domain.retries import Jitter
from notifications.post import Post
from notifications.services.letters import Matter
from notifications.storage.devices import PushRow
from notifications.storage.letters import LetterRow, Written


@dataclass(frozen=True, slots=True)
class Office:
    """How letters are written and posted in this deployment, and webhooks called.

    `invite`: the calendar part of a letter. `say`: what a device is told, and where that leads. `door`: goes out
    to other people's machines; `secret` signs what it brings. `jitter` spreads the repeats of what failed.
    """

    write: Callable[[Matter], Written]
    invite: Callable[[Connection, Matter], str | None]
    unsubscribe: Callable[[LetterRow], str | None]
    say: Callable[[PushRow], tuple[str, str]]
    post: Callable[[], Post]
    door: Door
    secret: str
    sender: str
    domain: str
    jitter: Jitter = random.random
