"""The whole table: every route there is, with what each role may do there."""

from collections import Counter

from tests.support.routes import bookings, calls, conversations, desks, feeds, letters, people, resources
from tests.support.routes.cells import Table

SECTIONS = (people, letters, bookings, resources, calls, conversations, desks, feeds)
TABLE: Table = {route: cases for section in SECTIONS for route, cases in section.ROUTES.items()}
SAID_TWICE = [
    route
    for route, times in Counter(route for section in SECTIONS for route in section.ROUTES).items()
    if times > 1
]
