"""How far everybody can use this, said as it is (EN 301 549, WCAG 2.2 AA)."""

from datetime import date
from email.utils import parseaddr

from flask import render_template

from booking.web.context import parts
from booking.web.pages.blueprint import pages

WRITTEN = date(2026, 11, 26)
"""When somebody last compared it with the product."""


@pages.get("/accessibility")
def accessibility() -> str:
    """The statement, with whom to write to."""
    _, address = parseaddr(parts().settings.mail_from)
    return render_template("accessibility.html", address=address, written=WRITTEN)
