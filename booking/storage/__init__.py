"""Tables and named queries. Nothing here decides; the constraints here have the last word."""
