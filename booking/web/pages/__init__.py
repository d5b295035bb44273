"""Pages for people. One module per noun; every view is about ten lines and shares its service with the API."""

from pathlib import Path

from flask import Flask

from booking.web.context import parts_of
from booking.web.pages import (
    applications,
    arrivals,
    asking,
    batch,
    bookings,
    call_changes,
    calls,
    changes,
    closures,
    conflicts,
    day,
    design,
    desk,
    docs,
    drafts,
    enquiries,
    equipment,
    formats,
    front,
    houses,
    inventories,
    inventory,
    me,
    my_bookings,
    my_trajectories,
    pictures,
    plan_files,
    plan_sets,
    planning,
    plans,
    programme,
    proposals,
    queues,
    recurrences,
    referrals,
    resources,
    riders,
    running_clocks,
    search,
    seasons,
    series,
    setup,
    sign_in,
    statement,
    teams,
    threads,
    trajectories,
    undoing,
    unmet,
    venues,
    waiting,
    words,
)
from booking.web.pages.assets import asset_for, csrf_field
from booking.web.pages.blueprint import pages
from booking.web.pages.compression import compress
from booking.web.pages.days import together
from booking.web.pages.frame import frame
from booking.web.pages.hats import hat_field, hatted
from booking.web.pages.kept_forms import whose_field
from booking.web.pages.limits import limiter
from booking.web.pages.once import once_field
from booking.web.pages.titles import refusal_first
from booking.web.wording import field_error

__all__ = [
    "applications",
    "arrivals",
    "asking",
    "batch",
    "bookings",
    "call_changes",
    "calls",
    "changes",
    "closures",
    "conflicts",
    "day",
    "design",
    "desk",
    "docs",
    "drafts",
    "enquiries",
    "equipment",
    "front",
    "houses",
    "install_pages",
    "inventories",
    "inventory",
    "me",
    "my_bookings",
    "my_trajectories",
    "pictures",
    "plan_files",
    "plan_sets",
    "planning",
    "plans",
    "programme",
    "proposals",
    "queues",
    "referrals",
    "resources",
    "riders",
    "running_clocks",
    "search",
    "seasons",
    "series",
    "setup",
    "sign_in",
    "statement",
    "teams",
    "threads",
    "trajectories",
    "undoing",
    "unmet",
    "venues",
    "waiting",
]


def install_pages(app: Flask) -> None:
    """Register every page, and give the templates their words. `base.html` serves other packages too."""
    app.jinja_env.globals.update(
        asset=asset_for(Path(app.static_folder or "static")),
        csrf_field=csrf_field,
        once_field=once_field,
        whose_field=whose_field,
        hat_field=hat_field,
        words=words,
        formats=formats,
    )
    app.jinja_env.filters.update(
        money=formats.money,
        number=formats.number,
        day=formats.day,
        house_language=words.LANGUAGES.__getitem__,
        skipped_in_words=lambda code: str(recurrences.SKIPPED_WORDS.get(code, code)),
        in_words=lambda codes: [field_error(code) for code in codes or ()],
        hatted=hatted,
        together=together,
        company_choice=lambda row: (row.id, f"{row.name}, {row.town}"),
    )
    app.context_processor(lambda: {"frame": frame()})
    app.config.setdefault("RATELIMIT_STORAGE_URI", parts_of(app).settings.redis_url or "memory://")
    limiter.init_app(app)
    # No limit holds everywhere: the two of the sign-in ask for themselves, and no other request asks for nothing.
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001 -- it has no switch for it
    app.after_request(compress)  # the last of all: they run in the order of this list, from its end
    app.after_request(refusal_first)
    app.register_blueprint(pages)
