"""Use cases of feeds. Nothing here commits."""
