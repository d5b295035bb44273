"""Tells people what happened to what is theirs."""
