"""Every table of this package, for migrations."""

from notifications.storage.notifications import Notification

__all__ = ["Notification"]
