"""Foreign calendars are read in a process of their own, which knows no secret and can open nothing."""
