"""XML of WebDAV: read without its bombs, written by hand."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from calendars.web.dav.refusals import DavRefusal

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "S": "http://calendarserver.org/ns/",
    "A": "http://apple.com/ns/ical/",
}
DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
PREFIXES = {address: prefix for prefix, address in NAMESPACES.items()}

_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold (XML 1.0 §2.2)."""


def name(short: str) -> str:
    """The name as the parser tells it.

    >>> name("D:href")
    '{DAV:}href'
    """
    prefix, _, local = short.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def read(body: bytes) -> Element | None:
    """The document; None when there is none. DavRefusal when it is not one, or is one that means harm."""
    if not body.strip():
        return None
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DavRefusal(400) from error
    return root


def text(value: str) -> str:
    """Text between tags; carriage returns stay what they are."""
    return escape(_IMPOSSIBLE.sub("", value), {"\r": "&#13;"})


def element(short: str, inner: str = "") -> str:
    """An element of a namespace that every answer declares.

    >>> element("D:href", "/dav/")
    '<D:href>/dav/</D:href>'
    """
    return f"<{short}>{inner}</{short}>" if inner else f"<{short}/>"


def named(clark: str, inner: str = "") -> str:
    """The same for any name that an app has asked for."""
    address, _, local = clark.removeprefix("{").rpartition("}")
    if address in PREFIXES:
        return element(f"{PREFIXES[address]}:{local}", inner)
    return f"<{local} xmlns={quoteattr(address)}/>"


def document(short: str, inner: Iterable[str]) -> bytes:
    """A whole answer."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{short} {DECLARED}>{"".join(inner)}</{short}>\n'.encode()
