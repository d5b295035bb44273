"""Feeds, for machines."""
