"""What people type: what of it cannot be kept, and what would turn the words around it."""

import re

UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters other than a tab and the end of a line: no text that is kept has them."""

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def straightened(text: str) -> str:
    """Without marks that turn what is written after them, beyond the text itself (UAX #9 §2.1, §2.2, §2.4).

    Nobody sees them, and a title with one would turn the sentence, the letter and the calendar it
    stands in. Writing that runs from right to left needs none.

    >>> straightened("\\u202eabc, שלום")
    'abc, שלום'
    """
    return TURNING.sub("", text)
