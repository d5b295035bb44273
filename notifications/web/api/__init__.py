"""Messages, for machines."""
