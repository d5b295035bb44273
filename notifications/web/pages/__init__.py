"""Messages, for people."""
