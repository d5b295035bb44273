"""Content lines: escaped, cleaned, folded (RFC 5545 §3.1, §3.3.11).

Everything that a person typed passes through here, so that no title can end its own line and
begin another property.
"""

import re
from datetime import UTC, datetime

LINE_OCTETS = 75
"""The most octets of one physical line, without its CRLF (RFC 5545 §3.1)."""

_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
"""What ends a line here or in some parser: Python's own `splitlines` knows all of these."""

_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Control characters besides the tab; iCalendar has no way to write them."""

_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, as broken JSON can bring: it has no UTF-8."""

_NOT_URI = re.compile("[^!-~]")


def text(value: str) -> str:
    r"""A TEXT value, escaped; line breaks of any kind become `\n`, control characters go.

    >>> print(text("Marées; été, nuit"))
    Marées\; été\, nuit
    """
    if not value.replace("\n", "").isprintable():  # nearly every text is, and has nothing to look for
        value = _SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", _BREAK.sub("\n", value)))
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def clock(moment: datetime) -> str:
    """A DATE-TIME (§3.3.5) in whole seconds, as that clock shows it; no zone is told.

    >>> clock(datetime(2027, 3, 27, 21, tzinfo=UTC))
    '20270327T210000'
    """
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def utc(instant: datetime) -> str:
    """The same in UTC, and it says so.

    >>> utc(datetime(2027, 3, 27, 21, tzinfo=UTC))
    '20270327T210000Z'
    """
    return f"{clock(instant if instant.tzinfo is UTC else instant.astimezone(UTC))}Z"


def line(name: str, value: str) -> str:
    """One property with a value that is already of its type, folded, with its CRLF.

    `name` may carry parameters; both are the program's own, never a person's.
    """
    return folded(f"{name}:{value}")


def text_line(name: str, value: str) -> str:
    """One property whose value is what a person typed."""
    return folded(f"{name}:{text(value)}")


def parameter(value: str) -> str:
    """A parameter's value in quotes (§3.2), which has no way to write a quote: it becomes an apostrophe.

    >>> print(parameter('Compagnie "Lisière"'))
    "Compagnie 'Lisière'"
    """
    cleaned = _SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", _BREAK.sub(" ", value)))
    return '"' + cleaned.replace('"', "'") + '"'


def uri_line(name: str, value: str) -> str:
    """One property with an address; characters that an address cannot hold go."""
    if not value.isascii() or not value.isprintable() or " " in value:
        value = _NOT_URI.sub("", value)
    return folded(f"{name}:{value}")


def folded(content: str) -> str:
    """At most 75 octets a line, broken between characters; a continuation begins with a space."""
    if len(content) <= LINE_OCTETS and content.isascii():
        return f"{content}\r\n"
    octets = content.encode()
    if len(octets) <= LINE_OCTETS:
        return f"{content}\r\n"
    pieces, start, room = [], 0, LINE_OCTETS
    while start < len(octets):
        end = _between_characters(octets, start + room)
        pieces.append(octets[start:end].decode())
        start, room = end, LINE_OCTETS - 1
    return "\r\n ".join(pieces) + "\r\n"


def _between_characters(octets: bytes, end: int) -> int:
    """The last place up to `end` that is not inside a character (UTF-8 continues with 10xxxxxx)."""
    while end < len(octets) and octets[end] & 0xC0 == 0x80:
        end -= 1
    return end
