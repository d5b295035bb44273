"""Pages for when something goes wrong: what happened, and where to go on."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, g, make_response, render_template, request
from flask_babel import lazy_gettext

from booking.web.context import viewer
from booking.web.pages.frame import home
from booking.web.pages.hats import is_another_s, without_hat


class Explained(NamedTuple):
    """What a status means to a person."""

    heading: Any
    explanation: Any


class Way(NamedTuple):
    """A way on."""

    label: Any
    href: str


EXPLANATIONS: Mapping[int, Explained] = {
    400: Explained(
        lazy_gettext("This form was too old, or not complete."),
        lazy_gettext("Go back, load the page again and send it once more. Nothing has been changed."),
    ),
    401: Explained(
        lazy_gettext("Sign in first."),
        lazy_gettext("Who has what and when is shown to people who are signed in."),
    ),
    403: Explained(
        lazy_gettext("You may see this, but not do it."),
        lazy_gettext("Only the house, or only the company that asked, can take this step."),
    ),
    404: Explained(
        lazy_gettext("There is nothing here that you can see."),
        lazy_gettext("The address is wrong, what was here is gone, or it belongs to somebody else."),
    ),
    405: Explained(
        lazy_gettext("This address works in another way."),
        lazy_gettext("Use the buttons of the page instead. Nothing has been changed."),
    ),
    409: Explained(
        lazy_gettext("That is no longer possible."),
        lazy_gettext("Something changed in the meantime. Nothing has been changed by you; look again."),
    ),
    412: Explained(
        lazy_gettext("Somebody changed this while you were looking."),
        lazy_gettext("Read how it is now, and decide again. Nothing has been changed by you."),
    ),
    413: Explained(
        lazy_gettext("That is too large."),
        lazy_gettext("Send less text at once. Nothing has been changed."),
    ),
    415: Explained(
        lazy_gettext("This address works in another way."),
        lazy_gettext("Use the buttons of the page instead. Nothing has been changed."),
    ),
    422: Explained(
        lazy_gettext("Something in the form does not make sense."),
        lazy_gettext("Go back and look at what you filled in. Nothing has been changed."),
    ),
    429: Explained(
        lazy_gettext("That was too often in a short time."),
        lazy_gettext("Wait a minute, then try again."),
    ),
    500: Explained(
        lazy_gettext("Something broke on our side."),
        lazy_gettext("It has been noted. Nothing half done has been kept; try again in a moment."),
    ),
    503: Explained(
        lazy_gettext("The service is not there for a moment."),
        lazy_gettext("It will be back soon. Nothing has been lost."),
    ),
}

ANOTHER_S = Explained(
    lazy_gettext("This page is for a company to which you do not belong."),
    lazy_gettext("Its people can invite you. Until then, look at the same page for yourself."),
)
"""Where the address names a hat that the reader does not have."""

SPENT = Explained(
    lazy_gettext("This invitation does not work any more."),
    lazy_gettext(
        "It works once, for two weeks. If you chose a password, sign in with it; else ask for another one."
    ),
)
"""Whoever presses the link of their letter once more is no stranger."""

SAID_BY_THE_REFUSAL = frozenset({409, 422})
"""Where the facts of the refusal say more than the usual sentence."""

NOT_FOUND, OUR_FAULT = 404, 500


def error_page(status: int, explanation: Any = None) -> Response:
    """The page for an HTTP status; `explanation`: the facts, where they say more than the usual sentence."""
    if status >= OUR_FAULT:
        g.viewer = None  # the database may be what broke: this page asks it nothing
    person = viewer()
    ways = [Way(lazy_gettext("To the first page"), home(person) if person else "/")]
    if person is None and status in (401, 403, 404):
        ways.append(Way(lazy_gettext("Sign in"), "/sign-in"))
    explained = EXPLANATIONS.get(status) or EXPLANATIONS[500 if status >= OUR_FAULT else 400]
    if status == NOT_FOUND and is_another_s():
        explained = ANOTHER_S
        ways.insert(0, Way(lazy_gettext("The same page for myself"), without_hat()))
    elif status == NOT_FOUND and request.path.startswith("/invitation/"):
        explained = SPENT
        ways.reverse()
    page = render_template(
        "errors/error.html",
        status=status,
        heading=explained.heading,
        explanation=(status in SAID_BY_THE_REFUSAL and explanation) or explained.explanation,
        ways=ways,
    )
    return make_response(page, status)
