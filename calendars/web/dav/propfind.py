"""PROPFIND (RFC 4918 §9.1)."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from calendars.web.dav.places import Place
from calendars.web.dav.properties import UNASKED, names_of, response
from calendars.web.dav.refusals import DavRefusal
from calendars.web.dav.xml import document, element, name, named

DEPTHS = ("0", "1")
MOST_PROPERTIES = 200


def propfind(place: Place, asked: Element | None, depth: str) -> bytes:
    """Properties of the place, and at depth 1 of what is right below it. DavRefusal."""
    if depth not in DEPTHS:
        raise DavRefusal(403, "D:propfind-finite-depth")
    places = [place, *(place.children() if depth == "1" else ())]
    if asked is not None and asked.tag != name("D:propfind"):
        raise DavRefusal(400)
    if asked is not None and asked.find(name("D:propname")) is not None:
        return document("D:multistatus", [_names(each) for each in places])
    wanted = properties_in(asked) or list(UNASKED)
    return document("D:multistatus", [response(each, wanted) for each in places])


def properties_in(asked: Element | None) -> list[str]:
    """The names in its `prop` and, beside `allprop`, in `include`, each once. DavRefusal when there is no end."""
    if asked is None:
        return []
    named_in = asked.find(name("D:prop"))
    if named_in is not None:
        return _few(each.tag for each in named_in)
    included = asked.find(name("D:include"))
    more: Iterable[Element] = included if included is not None else ()
    return _few((*UNASKED, *(each.tag for each in more)))


def _few(names: Iterable[str]) -> list[str]:
    """They are answered for every item: apps ask for ten or twenty."""
    found = list(dict.fromkeys(names))
    if len(found) > MOST_PROPERTIES:
        raise DavRefusal(400)
    return found


def _names(place: Place) -> str:
    found = "".join(named(each) for each in names_of(place))
    inner = element("D:prop", found) + element("D:status", "HTTP/1.1 200 OK")
    return response(place, ()) if not found else _whole(place, element("D:propstat", inner))


def _whole(place: Place, told: str) -> str:
    return element("D:response", element("D:href", place.href) + told)
