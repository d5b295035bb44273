"""Every table of this package, for migrations."""

from notifications.storage.letters import Letter
from notifications.storage.notifications import Notification
from notifications.storage.preferences import Preference, Quiet
from notifications.storage.reminders import Reminder

__all__ = ["Letter", "Notification", "Preference", "Quiet", "Reminder"]
