"""Headers that keep a page to itself. Nothing inline, nothing from elsewhere (CSP Level 3)."""

from flask import Flask, Response, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from booking.web.context import bearer, is_api

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {source}" for name, source in SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")

NOBODYS, SOMEBODYS = "private, no-cache", "private, no-store"
"""What was shown to somebody is gone with them: the back button of the next one shows no page of theirs."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def install_security(app: Flask) -> None:
    """Headers on every answer; a CSRF token for every change that comes with a session."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # asked below, since machines come with tokens
    csrf.init_app(app)
    app.before_request(_refuse_nul)
    app.before_request(_check_changes)
    app.after_request(_add_headers)


def _refuse_nul() -> None:
    """No database keeps a NUL in a text; it has no business in an address or a form."""
    typed = () if is_api() else request.form.values()
    sent = (request.path, *request.args.values(), *typed)
    if any("\0" in text for text in sent):
        raise BadRequest


def _check_changes() -> None:
    """A change comes with a token of a machine, or from one of our forms; never with a session alone.

    What takes no session at all (CalDAV), and what a signed address says (RFC 8058 §3.2), is exempt.
    """
    if request.method in SAFE or bearer() is not None:
        return
    if not is_api() or current_user.is_authenticated:
        csrf.protect(apply_exemptions=True)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(*TRANSPORT)
    if response.mimetype == "text/html" or is_api():
        response.headers.setdefault("Cache-Control", NOBODYS if g.get("viewer") is None else SOMEBODYS)
    return response
