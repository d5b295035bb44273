"""The sheet of the design language, and of the marks: `/design`, always as the screens really are."""

from collections.abc import Sequence

from flask import render_template

from booking.web.pages.blueprint import pages

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

INKS: Sequence[str] = (
    "ink", "ink-2", "edge", "rule", "wash", "paper", "sheet",
    "amber", "amber-pale", "amber-edge", "blue-pale", "blue", "closed", "external", "red",
)  # fmt: skip


@pages.get("/design")
def design() -> str:
    """How to read the marks, and how the screens are made."""
    return render_template("design.html", ladder=LADDER, inks=INKS)
