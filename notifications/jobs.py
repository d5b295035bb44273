"""What the worker does for this package."""

from collections.abc import Sequence

from booking.services.outbox import Handler
from notifications.services import notifications

HANDLERS: Sequence[Handler] = (notifications.tell,)
