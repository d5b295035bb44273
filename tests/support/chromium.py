"""A Chromium for tests: the machine's own."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_ONE = "no Chromium: install one (Debian: apt-get install chromium)"


def find() -> str | None:
    """The path of the first that is there, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
