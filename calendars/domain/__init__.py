"""iCalendar as text: pure functions of their arguments, no clock, no database."""
