"""Feeds, for people."""
