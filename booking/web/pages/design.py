"""The sheet of the design language, and of the marks: `/design`, always as the screens really are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext, lazy_gettext

from booking.web.pages.blueprint import pages
from booking.web.pages.ways_out import Offer

LADDER: Sequence[tuple[str, int | None]] = (
    ("requested", None),
    ("option", 1),
    ("option", 2),
    ("option", 3),
    ("suspended", None),
    ("pending", None),
    ("confirmed", None),
    ("completed", None),
    ("closed", None),
    ("external", None),
    ("conflict", None),
    ("cancelled", None),
)

INKS: Sequence[tuple[str, Any]] = (
    ("ink", lazy_gettext("text, actions, selection, today")),
    ("ink-2", lazy_gettext("second line")),
    ("edge", lazy_gettext("edges of fields, brackets")),
    ("rule", lazy_gettext("hairlines")),
    ("wash", lazy_gettext("weekends, holidays")),
    ("paper", lazy_gettext("ground")),
    ("sheet", lazy_gettext("fields, free days, panels")),
    ("amber", lazy_gettext("still open, first in line")),
    ("amber-pale", lazy_gettext("still open, behind others")),
    ("amber-edge", lazy_gettext("edge of every option")),
    ("blue-pale", lazy_gettext("nearly settled")),
    ("blue", lazy_gettext("settled for good")),
    ("closed", lazy_gettext("closed by the house")),
    ("external", lazy_gettext("not ours")),
    ("red", lazy_gettext("conflict, nothing else")),
)
"""Tokens of the style sheet, and what each is for."""
STEPS = (4, 8, 12, 16, 24, 32, 48)
"""Space, in CSS pixels."""
RANKED = {"width": 3, "runs": ((1, 2), (2, 1))}
"""An option that is second on its first day and first on the two after."""
NIGHTS = ((date(2027, 5, 10), 4, 9), (date(2027, 5, 11), 4, 7))
"""Rows of an example: a night, beds that are asked, beds that are left."""


@pages.get("/design")
def design() -> str:
    """How to read the marks, and how the screens are made."""
    return render_template(
        "design.html",
        ladder=LADDER,
        inks=INKS,
        steps=STEPS,
        ranked=RANKED,
        nights=NIGHTS,
        offers=[Offer(gettext("Without Wednesday 12"), (gettext("4 days, to the end of the week"),), None, "")],
    )
