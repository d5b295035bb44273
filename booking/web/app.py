"""One app out of its parts: settings, database, clock, languages, pages and API."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_babel import Babel
from flask_login import LoginManager
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from booking.clock import Clock
from booking.services import settling
from booking.settings import ROOT, Environment, Settings
from booking.storage.database import Database
from booking.web import health
from booking.web.answers import install_json
from booking.web.api import install_api
from booking.web.belongings import OWN
from booking.web.context import Parts, database, install_parts, load_signed_in, now
from booking.web.failures import install_failures
from booking.web.files import install_uploads
from booking.web.languages import choose_locale
from booking.web.logging import install_logging
from booking.web.metrics import install_metrics
from booking.web.pages import install_pages
from booking.web.security import install_security

UNCLOCKED = frozenset({"health.healthz", "health.readyz", "metrics.metrics", "static", None})
LARGEST_BODY = 1024 * 1024
TRANSLATIONS = ";".join(str(ROOT / name / "translations") for name in ("booking", "calendars", "notifications"))


class LateRule(Rule):
    """A rule that is made to write addresses when it first writes one. Hardly any does, and to make them all took
    two fifths of the time in which an app is built."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(super(LateRule, self)._compile_builder(append_unknown))
            return made[0](rule, **values)

        return build


class App(Flask):
    """Flask without coroutines: every hook and view is called as it is, not first looked at for being one."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def settle_before_reading() -> None:
    """What is past due has ended for whoever reads, also while no worker runs. Commands settle for themselves."""
    if request.method in ("GET", "HEAD") and request.endpoint not in UNCLOCKED:
        settling.settle_due(database(), at=now())


def build_app(settings: Settings, clock: Clock) -> Flask:
    """The app of this package; calendars and notifications install themselves into it."""
    app = App("booking", root_path=str(ROOT / "booking" / "web"), static_folder="static")
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        BABEL_TRANSLATION_DIRECTORIES=TRANSLATIONS,
        BABEL_DEFAULT_LOCALE="en_GB",
        DEMO=settings.environment is not Environment.PRODUCTION,
    )
    install_logging(app, settings)
    install_uploads(app)
    install_parts(app, Parts(settings, Database(settings.database_url), clock, belongings=OWN))
    install_metrics(app)
    app.register_blueprint(health.blueprint)
    install_json(app)
    Babel(app, locale_selector=choose_locale)
    app.before_request(settle_before_reading)
    login = LoginManager(app)
    login.user_loader(load_signed_in)
    install_security(app)
    install_api(app)
    install_pages(app)
    install_failures(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way Flask documents for middleware
        app.wsgi_app, root=f"{app.root_path}/static", prefix="static/", max_age=3600
    )
    return app
