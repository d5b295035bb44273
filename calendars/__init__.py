"""Speaks iCalendar: feeds out, calendars in. May use booking; booking never uses it."""
