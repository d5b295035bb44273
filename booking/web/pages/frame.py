"""What surrounds every page: who is here, under which hat, and where they can go (five places at most)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import g, request
from flask_babel import gettext, lazy_gettext

from booking.domain.people import Person
from booking.services import conflicts
from booking.web.context import database, viewer
from booking.web.languages import NAMES, language
from booking.web.pages.hats import has_several, hatted, worn


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. `icon`: a symbol of `icons.svg`."""

    label: Any
    href: str
    icon: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Hat:
    """One way in which this person is here: for a company, for a house, or for the programme."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` needs. `here`: the address to come back to after changing the language; `keys`: whether
    letters of the keyboard act here."""

    viewer: Person | None
    language: str
    here: str
    entries: Sequence[Entry]
    hats: Sequence[Hat]
    hat: str | None
    keys: bool = False
    languages: Sequence[tuple[str, str]] = tuple(NAMES.items())


CATALOGUE = Entry(lazy_gettext("Search"), "/resources", "search")
SEARCH = Entry(lazy_gettext("Search"), "/search", "search")
BOOKINGS = Entry(lazy_gettext("Bookings"), "/bookings", "list")
FEEDS = Entry(lazy_gettext("Calendars"), "/feeds", "feed")
NEWS = Entry(lazy_gettext("Messages"), "/notifications", "bell")
HOUSES = Entry(lazy_gettext("Houses"), "/venues", "house")

ANYONE = (
    Entry(lazy_gettext("Start"), "/", "today"),
    HOUSES,
    CATALOGUE,
    Entry(lazy_gettext("Sign in"), "/sign-in", "key"),
)
CHAINS = Entry(lazy_gettext("Trajectories"), "/trajectories", "train")
CALLS = Entry(lazy_gettext("Calls"), "/calls", "inbox")
COMPANY = (SEARCH, BOOKINGS, CHAINS, FEEDS, NEWS)
PROGRAMME = (
    Entry(lazy_gettext("Programme"), "/programme", "today"),
    Entry(lazy_gettext("Companies"), "/programme/companies", "house"),
    Entry(lazy_gettext("Needs"), "/reports/unmet", "search"),
    BOOKINGS,
    CALLS,
)
"""Messages are in the menu of the person."""
OVERSEEN = ("/programme", "/reports/")
"""Where the pages begin that are for nobody but those who oversee the programme."""
OVERALL = (HOUSES, SEARCH, BOOKINGS, FEEDS, NEWS)
"""Of somebody who is here for nobody: taken out of a team, say."""


def frame() -> Frame:
    """The frame of the page that is being answered."""
    person = viewer()
    company = worn(person)
    oversees = _oversees(person, company)
    venue = None if company or oversees else _venue(person)
    return Frame(
        viewer=person,
        language=language(),
        here=_here(),
        entries=[replace(entry, href=hatted(entry.href)) for entry in _marked(_entries(person, venue, oversees))],
        hats=_hats(person, venue, company, oversees),
        hat=_hat(person, venue, company, oversees),
        keys=bool(person and person.shortcuts) and request.path.startswith("/desk/"),
    )


def home(person: Person) -> str:
    """The first page of somebody who has just come in."""
    venues = sorted(person.manages) or sorted(person.assists)
    if venues:
        return f"/desk/{venues[0]}" if person.manages else f"/desk/{venues[0]}/day"
    return "/programme" if person.sees_everything and not person.organisations else "/"


def safe_next(wanted: str | None, otherwise: str) -> str:
    """An address of ours to go on to; anything that could lead elsewhere is dropped."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return otherwise
    return wanted if wanted.isprintable() and "\\" not in wanted else otherwise


def _oversees(person: Person | None, company: UUID | None) -> bool:
    """Whether this is a page of the programme, read by somebody who oversees it."""
    return person is not None and person.sees_everything and company is None and request.path.startswith(OVERSEEN)


def _hat(person: Person | None, venue: str | None, company: UUID | None, oversees: bool) -> str | None:
    """For whom this page is; nobody in particular where it is for several companies at once."""
    if person is None:
        return None
    if oversees:
        return gettext("The programme") if has_several(person) else None
    if company is not None:
        return person.organisations[company]
    only = next(iter(person.organisations.values()), None) if len(person.organisations) == 1 else None
    return venue or only


def _venue(person: Person | None) -> str | None:
    """The house whose desk this is; else the first of this person's."""
    if person is None:
        return None
    venues = sorted(person.manages) + sorted(person.assists - person.manages)
    asked = (request.view_args or {}).get("venue")
    return asked if asked in venues else next(iter(venues), None)


def _entries(person: Person | None, venue: str | None, oversees: bool) -> Sequence[Entry]:
    if person is None:
        return ANYONE
    if oversees:
        return PROGRAMME
    if venue is not None and venue not in person.manages:
        return (
            Entry(lazy_gettext("Today"), f"/desk/{venue}/day", "today"),
            Entry(lazy_gettext("Week"), f"/desk/{venue}/plan", "plan"),
            Entry(lazy_gettext("Equipment"), f"/desk/{venue}/equipment", "list"),
            Entry(lazy_gettext("Requests"), f"/desk/{venue}/requests", "inbox"),
            NEWS,
        )
    if venue is not None:
        return (
            Entry(lazy_gettext("Today"), f"/desk/{venue}", "today"),
            Entry(lazy_gettext("Plan"), f"/desk/{venue}/plan", "plan"),
            Entry(lazy_gettext("Requests"), f"/desk/{venue}/requests", "inbox"),
            Entry(
                lazy_gettext("To resolve"), f"/desk/{venue}/conflicts", "conflict", count=_open_conflicts(venue)
            ),
            NEWS,
        )
    if person.organisations:
        return COMPANY
    return PROGRAMME if person.sees_everything else OVERALL


def _open_conflicts(venue: str) -> int:
    """Counted at the desk alone: elsewhere it is not worth a statement. Its house's pages know it already."""
    if not request.path.startswith("/desk/"):
        return 0
    if (known := g.get("open_conflicts")) is not None and known[0] == venue:
        return int(known[1])
    with database().read() as connection:
        return conflicts.count_open(connection, venue)


DESK = re.compile(r"/desk/[^/]+")
BELONGS = (
    (re.compile(r"(/desk/[^/]+)/(?:enquiries|templates)\b"), "{}/requests"),
    (re.compile(r"(/desk/[^/]+)/(?:queue|closures|book)\b"), "{}/plan"),
    (re.compile(r"(/desk/[^/]+)/(?:day|arrivals)\b"), "{}"),
    (re.compile(r"()/enquiries/new\b"), "/search"),
    (re.compile(r"()/(?:enquiries|series|waiting-list)\b"), "/bookings"),
    (re.compile(r"()/(?:resources|venues)\b"), "/search"),
    (re.compile(r"()/search\b"), "/resources"),
)
"""Under which entry a page is found that stands below none; what is not here is nobody's entry."""


def _marked(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with the one marked that fits best: the longest beginning of this address, or where it belongs.

    The beginning of a desk is its first page, and not of all that lies below it.
    """
    path = request.path
    below = [entry.href for entry in entries if not DESK.fullmatch(entry.href)]
    fits = [entry.href for entry in entries if entry.href == path]
    fits += [href for href in below if href != "/" and path.startswith(f"{href}/")]
    best = max(fits, key=len, default=None) or next(
        (to.format(found[1]) for what, to in BELONGS if (found := what.match(path))), None
    )
    return [replace(entry, current=entry.href == best) for entry in entries]


def _hats(person: Person | None, venue: str | None, company: UUID | None, oversees: bool) -> list[Hat]:
    if person is None:
        return []
    houses = sorted(person.manages | person.assists)
    hats = [
        Hat(name, f"/bookings?organisation={each}", each == company) for each, name in person.organisations.items()
    ]
    hats += [Hat(code, f"/desk/{code}", code == venue) for code in houses]
    if person.sees_everything:
        hats.append(Hat(gettext("The programme"), "/programme", oversees))
    return hats if len(hats) > 1 else []


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
