"""A pytest plugin for `make fast`: few examples of each property; `make test` tries many."""

from hypothesis import settings

settings.register_profile("in-a-breath", max_examples=5, database=None)
settings.load_profile("in-a-breath")
