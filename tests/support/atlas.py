"""Every page of the map, and who looks at it. A new one must join it: see test_pages_and_statements.py."""

from collections.abc import Iterator, Mapping
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

NOBODY = (
    "/",
    "/venues",
    "/venues/BUD",
    "/resources",
    "/resources?kind=studio&min_width_m=10",
    "/resources?kind=stage&min_width_m=90",
    "/resources/BUD-S1",
    "/resources/CHD-EXP",
    "/invitation/{invitation}",
    "/design",
    "/docs",
    "/docs/problems",
    "/accessibility",
    "/sign-in",
)
COMPANY = (
    "/",
    "/search?kind=studio&min_width_m=10&beds=4&first=2027-03-08&last=2027-03-19&first=2027-04-05&last=2027-04-16",
    "/resources/BUD-S1?from=2027-03-08",
    "/resources/BUD-RH?from=2027-03-08",
    "/enquiries",
    "/enquiries/new?kind=studio&first=2027-03-08&last=2027-03-19&venue=BUD",
    "/enquiries/{enquiry}",
    "/bookings",
    "/bookings?view=timeline&from=2027-03-01",
    "/bookings?view=month&from=2027-03-01",
    "/bookings/new?resource=BUD-S1&from=2027-04-05&to=2027-04-17",
    "/bookings/{booking}",
    "/bookings/{booking}/change",
    "/bookings/{booking}/arrivals",
    "/bookings/{booking}/rider-check",
    "/companies/{company}",
    "/companies/{company}/members/{camille}/leave",
    "/trajectories",
    "/trajectories?view=timeline&from=2027-03-01",
    "/trajectories/new",
    "/trajectories/plan",
    "/trajectories/{trajectory}",
    "/trajectories/{trajectory}/rider-check",
    "/waiting-list",
    "/calls",
    "/calls/{call}",
    "/calls/{call}/applications/{application}",
    "/feeds",
    "/notifications",
    "/me",
)
PLANNER = (
    "/desk/BUD",
    "/desk/BUD/requests",
    "/desk/BUD/enquiries",
    "/desk/BUD/plan?from=2027-03-08&weeks=4",
    "/desk/BUD/plan?from=2027-03-08&weeks=26",
    "/desk/BUD/queue/BUD-TA",
    "/desk/BUD/closures",
    "/desk/BUD/closures/new",
    "/desk/BUD/closures/{closure}",
    "/desk/BUD/conflicts",
    "/desk/BUD/equipment",
    "/desk/BUD/equipment/labels",
    "/desk/BUD/day",
    "/desk/BUD/day/2027-03-08",
    "/desk/BUD/book",
    "/desk/BUD/book?resource=BUD-S1&from=2027-03-08&to=2027-03-20",
    "/desk/BUD/arrivals",
    "/desk/BUD/setup",
    "/desk/BUD/setup/BUD-S1",
    "/desk/BUD/setup/BUD-S1/history",
    "/desk/BUD/setup/BUD-S1/pictures",
    "/desk/BUD/setup/BUD-TA/retire",
    "/desk/BUD/setup/BUD-TA/seasons",
    "/desk/BUD/setup/add",
    "/desk/BUD/setup/house",
    "/desk/BUD/setup/house/history",
    "/desk/BUD/setup/import",
    "/desk/BUD/setup/imports/{import}",
    "/desk/BUD/team",
    "/desk/BUD/team/{joris}/leave",
    "/desk/BUD/templates",
    "/bookings",
    "/bookings/{booking}",
    "/bookings/{booking}/counter",
    "/bookings/{booking}/refer",
    "/series/{series}",
    "/enquiries/{enquiry}",
    "/calls/{call}",
    "/notifications",
)
TECHNICIAN = ("/desk/PHX", "/desk/PHX/day", "/desk/PHX/equipment", "/desk/PHX/equipment/PHX-PAR")
COORDINATOR = (
    "/programme",
    "/programme/companies",
    "/programme/companies/{company}",
    "/reports/unmet?from=2026-07-01&to=2027-01-01",
    "/bookings",
    "/calls/{call}",
    "/calls/{call}/change",
    "/calls/new",
    "/feeds",
)
PAGES = (
    (None, NOBODY),
    ("camille@lisiere.example", COMPANY),
    ("joris@buda.example", PLANNER),
    ("farid@phenix.example", TECHNICIAN),
    ("elise@emerge.example", COORDINATOR),
)
"""Who looks at which; what stands in braces is told by `furnished.furnish`."""
PAGES_OF = ("pages", "calendars", "notifications")
NO_PAGES = {
    "/language": "leads on",
    "/feeds/<uuid:feed_id>/qr.svg": "a picture",
    "/pictures/<uuid:picture>-<any(large,small):size>.webp": "a picture",
    "/bookings/<uuid:subject_id>/files/<uuid:file_id>": "somebody's file",
    "/enquiries/<uuid:subject_id>/files/<uuid:file_id>": "somebody's file",
    "/trajectories/<uuid:subject_id>/files/<uuid:file_id>": "somebody's file",
    "/desk/<venue>/setup/inventory.<ending>": "a table to take home",
    "/reports/unmet.csv": "a table to take home",
    "/desk/<venue>/plan.csv": "a table to take home",
    "/desk/<venue>/plan.ics": "a calendar to take home",
}


def addresses(facts: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    """Everybody's pages, filled in."""
    for who, paths in PAGES:
        for path in paths:
            yield who, path.format(**facts)


def missing_from_it(app: Flask) -> set[str]:
    """Pages that the product has and nobody here looks at."""
    adapter = app.url_map.bind("localhost")
    anything = dict.fromkeys(_names(), str(uuid4()))
    seen = {adapter.match(path.partition("?")[0], return_rule=True)[0].rule for _, path in addresses(anything)}
    return {rule.rule for rule in app.url_map.iter_rules() if _is_page(rule)} - seen - NO_PAGES.keys()


def _names() -> set[str]:
    return {part.partition("}")[0] for _, paths in PAGES for path in paths for part in path.split("{")[1:]}


def _is_page(rule: Rule) -> bool:
    """Whether people look at it, and not machines."""
    package, _, name = rule.endpoint.partition(".")
    return package in PAGES_OF and name != "static" and "GET" in (rule.methods or ())
