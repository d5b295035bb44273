"""Every table of this package, for migrations."""

from notifications.storage.devices import Device, Push
from notifications.storage.letters import Letter
from notifications.storage.notifications import Notification
from notifications.storage.preferences import Preference, Quiet
from notifications.storage.reminders import Reminder
from notifications.storage.webhooks import Delivery, Webhook

__all__ = ["Delivery", "Device", "Letter", "Notification", "Preference", "Push", "Quiet", "Reminder", "Webhook"]
