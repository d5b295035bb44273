"""Houses: the list, and one house with everything it opens."""

from flask import render_template

from booking.services import catalogue, pictures
from booking.services.catalogue import ResourceFilter
from booking.web.context import database
from booking.web.pages.blueprint import pages
from booking.web.pages.front import houses


@pages.get("/venues")
def venues() -> str:
    """Every house."""
    with database().read() as connection:
        places = catalogue.resources(connection, ResourceFilter())
    return render_template("venues.html", houses=houses(places))


@pages.get("/venues/<code>")
def one_venue(code: str) -> str:
    """One house, with its resources by kind."""
    with database().read() as connection:
        venue = catalogue.venue(connection, code)
        places = catalogue.resources(connection, ResourceFilter(venue=code))
        shown = pictures.of_resources(connection, places)
    kinds = list(dict.fromkeys(place.kind for place in places))
    return render_template("venue.html", venue=venue, places=places, kinds=kinds, pictures=shown)
