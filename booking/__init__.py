"""Decides who has what, when. Speaks neither iCalendar nor to people: see `calendars` and `notifications`."""
