"""POST /trajectories/plan: the best chains for ordered needs, with what each costs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.needs import Need, Period
from booking.domain.planning import Blocked
from booking.services import finding, planning, settling
from booking.services.planning import MOST_GAP, MOST_NEEDS, Planned, PlannedStay, Stage
from booking.web.answers import json_answer
from booking.web.api.fields import Flag, Strict, Text, Whole
from booking.web.api.search import GLOBE_KM, Figure, NeedSchema, PeriodSchema, some
from booking.web.api.trajectories import blueprint
from booking.web.context import database, now, require_viewer, roads
from booking.web.planned import blocked_in_words
from booking.web.refusals import claim_terms_document

LONGEST_SECONDS = 10.0
USUAL_SECONDS = 3.0
SIDES = ("BE", "FR")
"""Of the border."""


class StageSchema(NeedSchema):
    """One need of the chain. `min_gap_days`, `max_gap_days`: between the end of the stay before and this one.

    `showing_weekday`: one of its days is that weekday (1 is Monday). `beds`: in the same house.
    """

    days = Whole(least=1, most=MOST_GAP, required=True)
    min_gap_days = Whole(most=MOST_GAP, load_default=0)
    max_gap_days = Whole(most=MOST_GAP, load_default=MOST_GAP)
    beds = Whole(most=1000, load_default=0)
    showing_weekday = Whole(least=1, most=7, load_default=None, allow_none=True)

    @ma.validates_schema
    def _check_gaps(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data["min_gap_days"] > data["max_gap_days"]:
            raise ma.ValidationError("too-few", "max_gap_days")


class PlanPost(Strict):
    """A chain that is looked for: needs in order, within a period.

    `each_side_of_border`: a stay in Belgium and one in France at least; `countries`: one in each of these.
    `another_house_each_time`: no stay in the house of the one before.
    `max_travel_km`: by road, from stay to stay. `time_limit_seconds`: then the answer is what was found.
    """

    period = ma.fields.Nested(PeriodSchema, required=True)
    needs = some(ma.fields.Nested(StageSchema), MOST_NEEDS, least=1, required=True)
    each_side_of_border = Flag(load_default=False)
    another_house_each_time = Flag(load_default=False)
    countries = some(Text(longest=2), 4, load_default=[])
    max_travel_km = Figure(most=GLOBE_KM, load_default=None)
    limit = Whole(least=1, most=20, load_default=5)
    time_limit_seconds = Figure(least=0.1, most=LONGEST_SECONDS, load_default=USUAL_SECONDS)

    @ma.validates_schema
    def _check_days(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if isinstance(data["period"]["from_"], datetime):
            raise ma.ValidationError("not-here", "period.from")


class PlanAnswer(ma.Schema):
    """The best chains, best first: fewest ranks, then fewest days, then fewest kilometres. `proved`: none is
    better. `blocked`: when there is none, the need (from 0) that makes it impossible, and why."""

    chains = ma.fields.List(ma.fields.Dict())
    proved = ma.fields.Boolean()
    blocked = ma.fields.Dict(allow_none=True)


@blueprint.on("POST", "/plan")
@blueprint.takes(PlanPost)
@blueprint.gives(200, PlanAnswer)
def plan_trajectory(body: dict[str, Any]) -> Response:
    """Propose chains: exact, not greedy. Each can be posted to `/trajectories` as it stands."""
    person, at = require_viewer(), now()
    asked = planning.Asked(
        tuple(_stage(need) for need in body["needs"]),
        Period(body["period"]["from_"], body["period"]["to"]),
        tuple(dict.fromkeys((*body["countries"], *(SIDES if body["each_side_of_border"] else ())))),
        body["max_travel_km"],
        body["limit"],
        body["another_house_each_time"],
    )
    settling.settle_due(database(), at=at)
    with database().read() as connection:
        finding.check_known(connection, [stage.need for stage in asked.stages])
        answer = planning.make(connection, person, asked, at=at, seconds=body["time_limit_seconds"], roads=roads())
    chains = [_document(each) for each in answer.plans]
    blocked = _blocked(answer.blocked) if answer.blocked else None
    return json_answer({"chains": chains, "proved": answer.proved, "blocked": blocked})


def _stage(body: Mapping[str, Any]) -> Stage:
    own = {"days", "min_gap_days", "max_gap_days", "beds", "showing_weekday"}
    need = Need(**{name: value for name, value in body.items() if name not in own})
    return Stage(
        need, body["days"], body["min_gap_days"], body["max_gap_days"], body["beds"], body["showing_weekday"]
    )


def _document(each: Planned) -> dict[str, Any]:
    return {
        "bookings": [_stay(stay) for stay in each.stays],
        "days": each.days,
        "km": round(each.km, 1),
        "ranks": each.ranks,
    }


def _stay(stay: PlannedStay) -> dict[str, Any]:
    return {
        "venue": stay.room.venue_code,
        "resource": stay.room.code,
        "start": stay.first.isoformat(),
        "end": stay.end.isoformat(),
        "rank": stay.rank,
        "answer": "free" if stay.rank == 1 else "option",
        "claims": [claim_terms_document(terms) for terms in stay.claims],
    }


def _blocked(blocked: Blocked) -> dict[str, Any]:
    least = {} if blocked.least_km is None else {"least_km": round(blocked.least_km, 1)}
    return {"need": blocked.need, "why": blocked.why, "detail": blocked_in_words(blocked), **least}
