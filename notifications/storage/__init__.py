"""Tables and named queries of the messages."""
