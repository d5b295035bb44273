"""A page that comes back with a refusal says so before anything else: in its title (WCAG 2.4.2)."""

from flask import Response
from flask_babel import gettext
from markupsafe import escape

REFUSED = frozenset({409, 412, 422})


def refusal_first(response: Response) -> Response:
    """The page, its title beginning with "Not done". Only the status tells, and a template does not know it."""
    if response.status_code in REFUSED and response.mimetype == "text/html" and not response.is_streamed:
        said = escape(gettext("Not done:"))
        response.set_data(response.get_data(as_text=True).replace("<title>", f"<title>{said} ", 1))
    return response
