"""The API for machines: one module per noun, every endpoint sharing its service with the pages."""

from threading import RLock
from typing import cast

from apispec import APISpec
from flask import Flask
from flask_smorest import Api, Blueprint

from booking.domain.threads import Subject
from booking.web.api import arrivals, inventory, pictures, planning, teams
from booking.web.api.blueprint import ProblemSchema
from booking.web.api.bookings import challenges
from booking.web.api.calls import blueprint as calls
from booking.web.api.closures import blueprint as closures
from booking.web.api.conflicts import blueprint as conflicts
from booking.web.api.enquiries import blueprint as enquiries
from booking.web.api.equipment import blueprint as equipment
from booking.web.api.inventories import blueprint as imports
from booking.web.api.me import blueprint as me
from booking.web.api.organisations import blueprint as organisations
from booking.web.api.recurring import blueprint as recurring
from booking.web.api.reports import blueprint as reports
from booking.web.api.riders import bookings, trajectories
from booking.web.api.search import blueprint as search
from booking.web.api.threads import add_thread
from booking.web.api.undoing import blueprint as undoing
from booking.web.api.venues import blueprint as venues
from booking.web.api.waiting import blueprint as waiting
from booking.web.api.windows import resources

EXTENSION = "booking.api"

__all__ = ["api_of", "arrivals", "install_api", "inventory", "pictures", "planning", "teams"]

add_thread(bookings, Subject.BOOKING)
add_thread(trajectories, Subject.TRAJECTORY)

DESCRIPTION = """
Every time carries its offset (RFC 3339) or is a plain date (whole days at the venue); every `end` and
`to` is exclusive. Errors are problem documents (RFC 9457). One item has an `ETag`; changes honour
`If-Match`. POSTs that create honour `Idempotency-Key`.
"""


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest without its hold on HTTP errors (`failures.py` answers those, for pages too), and without
    describing every endpoint before the first request: that is half of what starting costs, and few ask for it."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        self._turn = RLock()
        self._to_describe: list[Blueprint] = []
        super().__init__(app)

    @property
    def spec(self) -> APISpec:
        """The description of all endpoints, worked out when it is first asked for."""
        with self._turn:
            while self._to_describe:
                blueprint = self._to_describe.pop(0)
                blueprint.register_views_in_doc(self, self._app, self._spec, name=blueprint.name, parameters=None)
                self._spec.tag({"name": blueprint.name, "description": blueprint.description})
            return self._spec

    @spec.setter
    def spec(self, empty: APISpec) -> None:
        self._spec = empty

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Its endpoints answer from now on."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._to_describe.append(blueprint)

    def _register_error_handlers(self) -> None:
        return


def install_api(app: Flask) -> None:
    """Register the endpoints and `/openapi.json`; the other packages register theirs through `api_of`."""
    app.config.update(
        API_TITLE="EMERGE Booking",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION.strip()},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    api = ProblemApi(app)
    app.extensions[EXTENSION] = api
    nouns = (
        venues,
        imports,
        resources,
        search,
        enquiries,
        reports,
        bookings,
        challenges,
        calls,
        trajectories,
        closures,
        conflicts,
        equipment,
        recurring,
        waiting,
        organisations,
        undoing,
        me,
    )
    for blueprint in nouns:
        api.register_blueprint(blueprint)


def api_of(app: Flask) -> ProblemApi:
    """The API into which other packages register their endpoints."""
    return cast(ProblemApi, app.extensions[EXTENSION])
