"""Why a foreign calendar is not read, or not understood, in words."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

WORDS: Mapping[str, Callable[[], str]] = {
    "empty": lambda: gettext("Nothing came: the answer is empty."),
    "not-a-calendar": lambda: gettext("This is not a calendar."),
    "no-columns": lambda: gettext("No column tells when: name one start, van or début."),
    "cut-off": lambda: gettext("This is half a calendar: it breaks off."),
    "too-long": lambda: gettext("Reading this calendar takes too long."),
    "too-much": lambda: gettext("Reading this calendar takes too much memory."),
    "not-understood": lambda: gettext("This calendar cannot be read."),
    "half-gone": lambda: gettext("More than half of what was still to come is gone from it."),
    "not-allowed": lambda: gettext("Its server wants a password, or another one."),
    "gone": lambda: gettext("There is no calendar at this address any more."),
    "asked-too-often": lambda: gettext("Its server is asked too often."),
    "server-error": lambda: gettext("Its server has trouble of its own."),
    "no-answer": lambda: gettext("Its server answers something else than a calendar."),
    "not-a-web-address": lambda: gettext("This is not a web address."),
    "scheme": lambda: gettext("Only addresses that begin with https:// or http:// can be read."),
    "private-address": lambda: gettext("This address leads into a private network."),
    "name-unknown": lambda: gettext("Nobody knows a server of this name."),
    "no-connection": lambda: gettext("Its server cannot be reached."),
    "insecure": lambda: gettext("The connection to its server is not secure."),
    "timed-out": lambda: gettext("Its server takes too long."),
    "too-large": lambda: gettext("It is larger than ten megabytes."),
    "too-many-redirects": lambda: gettext("Its address leads from one to the next and nowhere."),
    "broken-answer": lambda: gettext("The answer of its server is broken."),
    "row-no-start": lambda: gettext("It says no start: nothing is made of it."),
    "row-start": lambda: gettext("Its start is no date: write 31/12/2027 or 2027-12-31. Nothing is made of it."),
    "row-end": lambda: gettext("Its end is no date of the kind of its start: it blocks the rest of its day."),
    "row-no-end": lambda: gettext("It says an hour to start, and none to end: it blocks the rest of its day."),
    "row-status": lambda: gettext("Its status is not known: it counts as certain."),
    "unknown-place": lambda: gettext("This is no place of yours: it blocks nothing until you say which it means."),
    "no-start": lambda: gettext("It says no start: it blocks nothing."),
    "not-closed": lambda: gettext("It is not closed: read as far as it goes."),
    "unknown-zone": lambda: gettext("Its time zone is not known: read on the clock of the house."),
    "bad-end": lambda: gettext("Its end cannot be read: it blocks the rest of its day."),
    "reversed": lambda: gettext("It ends before it starts: it blocks the time between."),
    "bad-rule": lambda: gettext("Its repetition is not understood: only the first time blocks."),
    "too-many": lambda: gettext("It repeats too often: only the first times block."),
    "bad-exception": lambda: gettext("An exception of it is not understood: that day blocks."),
}


def problem_in_words(code: str) -> str:
    """One code as one sentence."""
    return WORDS[code]() if code in WORDS else code
