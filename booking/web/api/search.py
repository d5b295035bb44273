"""POST /search: ask by need, over all houses."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic
from typing import Any

import marshmallow as ma
from flask import Response, current_app, request
from flask_babel import gettext

from booking.domain.distances import Point
from booking.domain.finding import Window
from booking.domain.needs import (
    LONGEST_PERIOD_DAYS,
    MOST_NEEDS,
    MOST_PERIODS,
    Need,
    Period,
    SchoolHolidays,
)
from booking.domain.people import Person
from booking.domain.wall_clock import at_venue
from booking.services import finding, looking
from booking.services.candidates import Candidate, Found, Near, Patience, Search
from booking.services.shelves import Shelf
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint
from booking.web.api.fields import Choice, Flag, Moment, Strict, Text, Whole, check_span
from booking.web.candidates import order_in_words, reasons
from booking.web.context import database, now, require_viewer
from booking.web.languages import language

blueprint = ApiBlueprint("search", "Ask by need, over all houses.")

PATIENCE_SECONDS = 3.0
LARGEST_FIGURE = 100_000.0
GLOBE_KM = 20_100.0
KINDS = ("stage", "studio", "room", "equipment", "accommodation", "expertise")
MOST_WANTED = 200
EXTENSION, MOST_OCTETS = "booking.searches", 16 * 1024 * 1024
MOST_WORDS = 50


class Figure(ma.fields.Float):
    """A number from `least` to `most`; neither text nor true counts as one."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong-type"}

    def __init__(
        self, *, least: float = 0, most: float = LARGEST_FIGURE, beyond: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(allow_nan=False, **kwargs)
        self.least, self.most, self.beyond = least, most, beyond

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ma.ValidationError("wrong-type")
        if not self.least <= value <= self.most:
            raise ma.ValidationError(self.beyond or ("too-few" if value < self.least else "too-many"))
        return value


class PeriodSchema(Strict):
    """When. Dates: so many `days` in a row within it. Times: one claim of just that time. `to` is excluded."""

    from_ = Moment(days=True, required=True, data_key="from")
    to = Moment(days=True, required=True)

    @ma.validates_schema
    def _check(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        try:
            check_span({"start": data["from_"], "end": data["to"]})
        except ma.ValidationError as error:
            raise ma.ValidationError(error.messages, "to") from error
        if (data["to"] - data["from_"]).days > LONGEST_PERIOD_DAYS:
            raise ma.ValidationError("out-of-range", "to")


class NeedSchema(Strict):
    """One thing that is needed: what a resource must be, and how many of it."""

    kind = Choice(KINDS, load_default=None)
    venue = Text(longest=40, load_default=None)
    country = Text(longest=2, load_default=None)
    region = Text(longest=80, load_default=None)
    min_width_m = Figure(load_default=None)
    min_depth_m = Figure(load_default=None)
    min_clear_height_m = Figure(load_default=None)
    min_seats = Whole(load_default=None)
    min_power_amps = Whole(load_default=None)
    sprung_floor = Flag(load_default=None)
    three_phase = Flag(load_default=None)
    dance_vinyl = Flag(load_default=None)
    resource = Text(longest=40, load_default=None)
    q = Text(longest=80, load_default=None)
    quantity = Whole(least=1, load_default=1)


class NearSchema(Strict):
    """A point (degrees, WGS 84) and how far from it, in kilometres as the crow flies."""

    lat = Figure(least=-90, most=90, beyond="not-on-globe", required=True)
    lon = Figure(least=-180, most=180, beyond="not-on-globe", required=True)
    km = Figure(most=GLOBE_KM, load_default=None)


def some(of: Any, most: int, *, least: int = 0, **kwargs: Any) -> Any:
    """A list of at most so many."""
    length = [ma.validate.Length(max=most, error="too-many")]
    if least:
        length.append(ma.validate.Length(min=least, error="required"))
    return ma.fields.List(of, validate=length, **kwargs)


class NeedsSchema(Strict):
    """Needs together, in each of several periods, in order of preference: what a search and an enquiry share."""

    periods = some(ma.fields.Nested(PeriodSchema), MOST_PERIODS, least=1, required=True)
    days = Whole(least=1, most=LONGEST_PERIOD_DAYS, load_default=None)
    needs = some(ma.fields.Nested(NeedSchema), MOST_NEEDS, least=1, required=True)

    @ma.validates_schema
    def _check_days(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        days = data["days"]
        if days is not None and any((each["to"] - each["from_"]).days < days for each in data["periods"]):
            raise ma.ValidationError("longer-than-period", "days")


class SearchPost(NeedsSchema):
    """The same, with where and when not."""

    countries = some(Text(longest=2), MOST_WORDS, load_default=[])
    regions = some(Text(longest=80), MOST_WORDS, load_default=[])
    near = ma.fields.Nested(NearSchema, load_default=None)
    school_holidays = Choice(SchoolHolidays, load_default=None)
    limit = Whole(least=1, most=MOST_WANTED, load_default=finding.MOST_SHOWN)


class SearchAnswer(ma.Schema):
    """Per period and need the candidates, best first. Of each its `answer` (free, option with its `rank`, taken,
    unfit, unknown), and `why` it stands there. `windows`: within them, any so many days in a row; `beside`: the
    same house's best for the other needs, in the same days."""

    periods = ma.fields.List(ma.fields.Dict())
    note = ma.fields.String()


@blueprint.on("POST")
@blueprint.takes(SearchPost)
@blueprint.gives(200, SearchAnswer)
def search(body: dict[str, Any]) -> Response:
    """Who has what is needed, and when: free, as an option behind others, or why not."""
    person, at = require_viewer(), now()
    asked = read_search(body)
    patience = Patience(PATIENCE_SECONDS, monotonic)
    chart = looking.look(database(), asked.periods, at=at, patience=patience, settled=False)
    key = _key(person, at, None if chart is None else chart.version)
    kept = _shelf().take(key)
    if kept is not None:
        return Response(kept, mimetype="application/json")
    if any(need.resource or need.venue for need in asked.needs):
        with database().read() as connection:
            finding.check_known(connection, asked.needs)
    view = None if chart is None else looking.view_of(database(), chart)
    found = finding.search_in(view, person, asked, at=at, patience=patience, most=body["limit"])
    answer = json_answer(search_document(asked, found))
    if not any(need.hurried for needs in found for need in needs):
        text = answer.get_data()
        _shelf().put(key, text, len(text) + len(request.get_data()))
    return answer


def _key(person: Person, at: datetime, version: int | None) -> Hashable:
    """Everything on which an answer depends. Lead times and horizons look at the minute: one begins just after it,
    the other with it, so that the very moment is told from what follows."""
    minute = at.replace(second=0, microsecond=0)
    return (
        request.get_data(),
        language(),
        person.manages,
        bool(person.programme),
        minute,
        at == minute,
        version,
    )


Shelved = Shelf[bytes]


def _shelf() -> Shelved:
    """The answers of this app, as long as they are true."""
    shelf: Shelved = current_app.extensions.setdefault(EXTENSION, Shelved(MOST_OCTETS))
    return shelf


def read_search(body: Mapping[str, Any]) -> Search:
    """What is looked for."""
    near = body.get("near")
    wish = body.get("school_holidays")
    return Search(
        read_needs(body),
        read_periods(body),
        body["days"],
        tuple(body.get("countries", ())),
        tuple(body.get("regions", ())),
        Near(Point(near["lat"], near["lon"]), near["km"]) if near else None,
        SchoolHolidays(wish) if wish else None,
    )


def read_needs(body: Mapping[str, Any]) -> tuple[Need, ...]:
    """The needs, as they were checked."""
    return tuple(Need(**each) for each in body["needs"])


def read_periods(body: Mapping[str, Any]) -> tuple[Period, ...]:
    """The periods, in order of preference."""
    return tuple(Period(each["from_"], each["to"]) for each in body["periods"])


def search_document(asked: Search, found: Sequence[Sequence[Found]]) -> dict[str, Any]:
    """Per period and need the candidates, best first; a note when there was no time to look at all of them."""
    spoken = language()
    periods = [
        {
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "needs": [
                {
                    "candidates": [_document(each, spoken) for each in need.candidates],
                    "left_out": need.left_out,
                }
                for need in needs
            ],
        }
        for period, needs in zip(asked.periods, found, strict=True)
    ]
    hurried = any(need.hurried for needs in found for need in needs)
    note = gettext("There was no time to look at everything: ask for less, or for fewer periods.")
    return {"periods": periods, **({"note": note} if hurried else {})}


def _document(each: Candidate, spoken: str) -> dict[str, Any]:
    """One candidate; `beside` and `km` only where they were asked."""
    beside = [{"need": n, **_short(other)} for n, other in sorted(each.beside.items())]
    return {
        **_short(each),
        "reasons": reasons(each),
        **({"km": round(each.km, 1)} if each.km is not None else {}),
        **({"beside": beside, "complete": each.complete} if each.beside or not each.complete else {}),
        "why": order_in_words(each, spoken),
    }


def _short(each: Candidate) -> dict[str, Any]:
    finding = each.finding
    windows = finding.windows if finding is not None else ()
    return {
        "resource": each.row.code,
        "venue": each.row.venue_code,
        "answer": each.answer,
        **({"rank": each.rank} if each.rank is not None else {}),
        "windows": [_window(window, each.row.zone) for window in windows],
    }


def _window(window: Window, zone: str) -> dict[str, str]:
    return {"start": _told(window.start, zone), "end": _told(window.end, zone)}


def _told(moment: date | datetime, zone: str) -> str:
    return (at_venue(moment, zone) if isinstance(moment, datetime) else moment).isoformat()
