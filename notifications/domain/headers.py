"""Text on its way into one line: a header, an answer that is kept."""

import re
from unicodedata import category

LONGEST = 200
LINE_ENDS = "\u2028\u2029"


def header_text(text: str, longest: int = LONGEST) -> str:
    r"""Without control characters, in one line, and not endless: nothing that could begin another header.

    >>> header_text("Marées\r\nBcc: everybody@example.org\0")
    'Marées Bcc: everybody@example.org'
    >>> header_text("x" * 300)[-3:]
    'xx…'
    """
    visible = "".join(" " if category(each)[0] == "C" or each in LINE_ENDS else each for each in text)
    line = re.sub(" {2,}", " ", visible).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
