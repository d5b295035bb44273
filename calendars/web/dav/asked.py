"""What a REPORT asks for, read out of its XML (RFC 4791 §9.5-9.9)."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from booking.domain.spans import Span
from calendars.domain.queries import PropertyMatch, Query
from calendars.web.dav.refusals import DavRefusal
from calendars.web.dav.xml import name

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""Of a time with one open end."""


def query_in(asked: Element) -> Query:
    """Its filter. DavRefusal when it is none, or one that we do not know."""
    calendar = asked.find(f"{name('C:filter')}/{name('C:comp-filter')}")
    if calendar is None or calendar.get("name") != "VCALENDAR":
        raise DavRefusal(403, "C:valid-filter")
    query = Query()
    for component in calendar:
        query = _narrowed(query, component)
    return query


def span_in(element: Element | None) -> Span | None:
    """`start` and `end` of a time-range, or of `expand`. DavRefusal unless they are UTC, and forward."""
    if element is None:
        return None
    start, end = (_instant(element.get(which)) for which in ("start", "end"))
    if start is None and end is None:
        raise DavRefusal(400)
    try:
        return Span(start or FIRST, end or LAST)
    except ValueError as error:
        raise DavRefusal(400) from error


def _narrowed(query: Query, part: Element) -> Query:
    """With one component of the calendar's filter; all of them must hold."""
    if part.tag != name("C:comp-filter"):
        raise DavRefusal(403, "C:supported-filter")
    is_absent = part.find(name("C:is-not-defined")) is not None
    if part.get("name") != "VEVENT":  # tasks, journals: we have none
        return Query(query.matches_events and is_absent, query.during, query.properties)
    during, properties, fits = query.during, list(query.properties), query.matches_events and not is_absent
    for each in part:
        if each.tag == name("C:time-range"):
            during = span_in(each)
        elif each.tag == name("C:prop-filter"):
            properties.append(_property(each))
        elif each.tag == name("C:comp-filter"):  # alarms: we have none
            fits = fits and each.find(name("C:is-not-defined")) is not None
        elif each.tag != name("C:is-not-defined"):
            raise DavRefusal(403, "C:supported-filter")
    return Query(fits, during, tuple(properties))


def _property(part: Element) -> PropertyMatch:
    if any(each.tag in (name("C:param-filter"), name("C:time-range")) for each in part):
        raise DavRefusal(403, "C:supported-filter")
    sought = part.find(name("C:text-match"))
    return PropertyMatch(
        part.get("name", ""),
        absent=part.find(name("C:is-not-defined")) is not None,
        text=None if sought is None else sought.text or "",
        negated=sought is not None and sought.get("negate-condition") == "yes",
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise DavRefusal(400) from error
