"""Properties of what lives under `/dav/`: one table, a function each; None where there is none (404)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from calendars.web.dav.places import PRINCIPALS, ROOT, Kind, Place
from calendars.web.dav.xml import element, name, named, text

CALENDAR_TYPE = "text/calendar; charset=utf-8; component=VEVENT"
REPORTS = ("C:calendar-query", "C:calendar-multiget", "C:free-busy-query", "D:sync-collection")
READS = ("D:read", "D:read-current-user-privilege-set")
LARGEST = 1024 * 1024

Value = Callable[[Place], str | None]

TYPES: Mapping[Kind, Sequence[str]] = {
    Kind.ROOT: ("D:collection",),
    Kind.PRINCIPAL: ("D:collection", "D:principal"),
    Kind.HOME: ("D:collection",),
    Kind.COLLECTION: ("D:collection", "C:calendar"),
    Kind.ITEM: (),
}


def href(address: str) -> str:
    """An address as an element."""
    return element("D:href", text(quote(address)))


def _at(*kinds: Kind) -> Callable[[Value], Value]:
    """A property that only these have."""
    return lambda value: lambda place: value(place) if place.kind in kinds else None


@_at(Kind.PRINCIPAL, Kind.HOME, Kind.COLLECTION)
def _displayname(place: Place) -> str | None:
    return text(place.collection.name if place.collection else place.visit.person.name)


@_at(Kind.COLLECTION)
def _description(place: Place) -> str | None:
    return text(place.collection.name if place.collection else "")


@_at(Kind.ITEM)
def _item_tag(place: Place) -> str | None:
    return f'"{place.item.tag}"' if place.item else None


@_at(Kind.ITEM)
def _length(place: Place) -> str | None:
    return str(len(place.item.body)) if place.item else None


@_at(Kind.ITEM)
def _last_modified(place: Place) -> str | None:
    return (
        f"{max(event.modified for event in place.item.events):%a, %d %b %Y %H:%M:%S GMT}" if place.item else None
    )


@_at(Kind.ITEM)
def _item_type(_: Place) -> str | None:
    return CALENDAR_TYPE


@_at(Kind.COLLECTION)
def _ctag(place: Place) -> str | None:
    return f'"{place.contents.digest}"'


@_at(Kind.COLLECTION)
def _sync_token(place: Place) -> str | None:
    return place.changes("").token


@_at(Kind.COLLECTION)
def _reports(_: Place) -> str | None:
    return "".join(element("D:supported-report", element("D:report", element(each))) for each in REPORTS)


@_at(Kind.COLLECTION)
def _components(_: Place) -> str | None:
    return '<C:comp name="VEVENT"/>'


@_at(Kind.COLLECTION)
def _supported_data(_: Place) -> str | None:
    return '<C:calendar-data content-type="text/calendar" version="2.0"/>'


@_at(Kind.COLLECTION)
def _largest(_: Place) -> str | None:
    return str(LARGEST)


@_at(Kind.ROOT, Kind.PRINCIPAL, Kind.HOME)
def _home_set(place: Place) -> str | None:
    return href(place.visit.home)


@_at(Kind.PRINCIPAL)
def _addresses(place: Place) -> str | None:
    return element("D:href", text(f"mailto:{place.visit.person.email}")) + href(place.visit.principal)


def _types(place: Place) -> str | None:
    return "".join(map(element, TYPES[place.kind]))


def _principal(place: Place) -> str | None:
    return href(place.visit.principal)


def _principals(_: Place) -> str | None:
    return href(f"{ROOT}{PRINCIPALS}/")


def _privileges(_: Place) -> str | None:
    return "".join(element("D:privilege", element(each)) for each in READS)


PROPERTIES: Mapping[str, Value] = {
    name(short): value
    for short, value in {
        "D:resourcetype": _types,
        "D:displayname": _displayname,
        "D:getetag": _item_tag,
        "D:getcontenttype": _item_type,
        "D:getcontentlength": _length,
        "D:getlastmodified": _last_modified,
        "D:current-user-principal": _principal,
        "D:principal-URL": _at(Kind.PRINCIPAL)(_principal),
        "D:owner": _principal,
        "D:principal-collection-set": _principals,
        "D:current-user-privilege-set": _privileges,
        "D:supported-report-set": _reports,
        "D:sync-token": _sync_token,
        "C:calendar-home-set": _home_set,
        "C:calendar-user-address-set": _addresses,
        "C:calendar-description": _description,
        "C:supported-calendar-component-set": _components,
        "C:supported-calendar-data": _supported_data,
        "C:max-resource-size": _largest,
        "S:getctag": _ctag,
    }.items()
}

UNASKED = tuple(
    name(each)
    for each in (
        "D:resourcetype",
        "D:displayname",
        "D:getetag",
        "D:getcontenttype",
        "D:getcontentlength",
        "D:getlastmodified",
    )
)
"""What `allprop` means (RFC 4918 §9.1): others are told when they are asked for by name."""


def response(place: Place, wanted: Iterable[str], more: Mapping[str, str] | None = None) -> str:
    """The properties of one place, those that it has and those that it has not; `more`: known already."""
    found, missing = [], []
    for each in wanted:
        value = _value(place, each, more or {})
        if value is None:
            missing.append(named(each))
        else:
            found.append(named(each, value))
    told = "".join(_propstat(found, "200 OK") + _propstat(missing, "404 Not Found"))
    return element("D:response", href(place.href) + (told or "".join(_propstat([""], "200 OK"))))


def gone(address: str) -> str:
    """What is not there (any more)."""
    return element("D:response", href(address) + element("D:status", "HTTP/1.1 404 Not Found"))


def names_of(place: Place) -> Iterator[str]:
    """The names of all properties that it has."""
    return (each for each, value in PROPERTIES.items() if value(place) is not None)


def _value(place: Place, wanted: str, more: Mapping[str, str]) -> str | None:
    if wanted in more:
        return more[wanted]
    return PROPERTIES[wanted](place) if wanted in PROPERTIES else None


def _propstat(properties: list[str], status: str) -> list[str]:
    if not properties:
        return []
    inner = element("D:prop", "".join(properties)) + element("D:status", f"HTTP/1.1 {status}")
    return [element("D:propstat", inner)]
