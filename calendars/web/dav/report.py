"""REPORT: items by address, by time or text, since a state; and free and busy time."""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from calendars.domain.queries import matches
from calendars.services import collections
from calendars.services.collections import Item
from calendars.services.synchronising import UnknownState
from calendars.web.dav.asked import query_in, span_in
from calendars.web.dav.places import Kind, Place
from calendars.web.dav.properties import gone, response
from calendars.web.dav.propfind import properties_in
from calendars.web.dav.refusals import DavRefusal
from calendars.web.dav.xml import document, element, name, text

DATA = name("C:calendar-data")
NUMBER = re.compile(r"[0-9]{1,9}")


class Reported(NamedTuple):
    """An answer of 207 with XML, or of 200 with a calendar."""

    body: bytes
    is_calendar: bool = False


def report(place: Place, asked: Element | None) -> Reported:
    """The answer. DavRefusal."""
    known = None if asked is None else REPORTS.get(asked.tag)
    if asked is None or known is None or place.kind is not Kind.COLLECTION:
        raise DavRefusal(403, "D:supported-report")
    return known(place, asked)


def _multiget(place: Place, asked: Element) -> Reported:
    """Items by their addresses, and which of those are not there."""
    answers = []
    for address in dict.fromkeys(map(_address, asked.findall(name("D:href")))):  # each once, however often asked
        item = place.contents.items.get(address.removeprefix(place.href))
        answers.append(gone(address) if item is None else _told(place, item, asked))
    return _multistatus(answers)


def _address(asked: Element) -> str:
    try:
        return unquote(urlsplit((asked.text or "").strip()).path)
    except ValueError as error:
        raise DavRefusal(400) from error


def _query(place: Place, asked: Element) -> Reported:
    """Items by time or text."""
    query = query_in(asked)
    found = (item for item in place.contents.items.values() if matches(query, item.events, item.text))
    return _multistatus(_told(place, item, asked) for item in found)


def _sync(place: Place, asked: Element) -> Reported:
    """What has changed since a state (RFC 6578 §3.2); with a state that nobody remembers the app begins anew."""
    try:
        since = place.changes((asked.findtext(name("D:sync-token")) or "").strip())
    except UnknownState as error:
        raise DavRefusal(403, "D:valid-sync-token") from error
    most = asked.findtext(f"{name('D:limit')}/{name('D:nresults')}")
    if most and NUMBER.fullmatch(most.strip()) and len(since.other) + len(since.gone) > int(most):
        raise DavRefusal(507, "D:number-of-matches-within-limits")
    answers = [_told(place, place.contents.items[each], asked) for each in since.other]
    answers += [gone(f"{place.href}{each}") for each in since.gone]
    return Reported(document("D:multistatus", [*answers, element("D:sync-token", text(since.token))]))


def _free_busy(place: Place, asked: Element) -> Reported:
    period = span_in(asked.find(name("C:time-range")))
    if period is None or place.collection is None:
        raise DavRefusal(400)
    visit = place.visit
    return Reported(
        collections.busy(visit.connection, place.collection, visit.desk, period, at=visit.at), is_calendar=True
    )


Answers = Callable[[Place, Element], Reported]

REPORTS: Mapping[str, Answers] = {
    name("C:calendar-multiget"): _multiget,
    name("C:calendar-query"): _query,
    name("C:free-busy-query"): _free_busy,
    name("D:sync-collection"): _sync,
}


def _told(place: Place, item: Item, asked: Element) -> str:
    """An item with what is asked of it; its text only when that is."""
    wanted = properties_in(asked)
    more: MutableMapping[str, str] = {}
    if DATA in wanted:
        expand = asked.find(f"{name('D:prop')}/{DATA}/{name('C:expand')}")
        during = span_in(expand)
        body = item.body if during is None else item.expanded(during)
        more[DATA] = text(body.decode())
    return response(place.holding(item), wanted, more)


def _multistatus(answers: Iterable[str]) -> Reported:
    return Reported(document("D:multistatus", answers))
