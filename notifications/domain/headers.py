"""Text on its way into one line: a header, an answer that is kept."""

LONGEST = 200


def header_text(text: str, longest: int = LONGEST) -> str:
    r"""Without control characters, in one line, and not endless: nothing that could begin another header.

    >>> header_text("Marées\r\nBcc: everybody@example.org\0")
    'Marées Bcc: everybody@example.org'
    >>> header_text("x" * 300)[-3:]
    'xx…'
    """
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
