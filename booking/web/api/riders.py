"""The rider check: the rooms of a booking or of a chain against what the project needs."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.needs import Need
from booking.services import riders
from booking.services.riders import RiderCheck, Room
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.batch import bookings
from booking.web.api.blueprint import read_id
from booking.web.api.fields import Flag, Strict, Whole
from booking.web.api.search import Figure
from booking.web.api.trajectories import blueprint as trajectories
from booking.web.candidates import lack_document, need_in_words, unknown_in_words
from booking.web.context import database, now, require_viewer
from booking.web.languages import localised

__all__ = ["bookings", "trajectories"]

MOST_METRES = 1000.0


def _at_least() -> Any:
    return ma.fields.Float(allow_nan=False, validate=ma.validate.Range(0, MOST_METRES, error="out-of-range"))


def _so_many() -> Any:
    return ma.fields.Integer(validate=ma.validate.Range(0, 10**6, error="out-of-range"))


class RiderQuery(ma.Schema):
    """What the rooms have to be; without any of it, what was written down with the booking."""

    min_width_m = _at_least()
    min_depth_m = _at_least()
    min_clear_height_m = _at_least()
    min_seats = _so_many()
    min_power_amps = _so_many()
    sprung_floor = ma.fields.Boolean()
    three_phase = ma.fields.Boolean()
    dance_vinyl = ma.fields.Boolean()


class RiderPut(Strict):
    """What the rooms have to be, as a whole; an empty body forgets it."""

    min_width_m = Figure(most=MOST_METRES, load_default=None, allow_none=True)
    min_depth_m = Figure(most=MOST_METRES, load_default=None, allow_none=True)
    min_clear_height_m = Figure(most=MOST_METRES, load_default=None, allow_none=True)
    min_seats = Whole(load_default=None, allow_none=True)
    min_power_amps = Whole(load_default=None, allow_none=True)
    sprung_floor = Flag(load_default=None, allow_none=True)
    three_phase = Flag(load_default=None, allow_none=True)
    dance_vinyl = Flag(load_default=None, allow_none=True)


class RiderAnswer(ma.Schema):
    """`rooms`: those of the project with `answer` fits, unfit or unknown, and why. `unknown`: those whose sheet
    does not say. `elsewhere`: rooms that fit, nearest first, where one of its own does not."""

    rider = ma.fields.Dict()
    text = ma.fields.String()
    rooms = ma.fields.List(ma.fields.Dict())
    unknown_ = ma.fields.List(ma.fields.String(), data_key="unknown")
    elsewhere = ma.fields.List(ma.fields.Dict())


@bookings.on("GET", "/<booking_id>/rider-check")
@bookings.takes(RiderQuery, location="query")
@bookings.gives(200, RiderAnswer)
def get_booking_rider_check(asked: dict[str, Any], booking_id: str) -> Response:
    """Whether the rooms of a booking fit: 1 m short, or what nobody wrote down."""
    person = require_viewer()
    with database().read() as connection:
        found = riders.of_booking(connection, person, read_id(booking_id), Need(**asked) if asked else None)
    return json_answer(check_document(found))


@bookings.on("PUT", "/<booking_id>/rider")
@bookings.takes(RiderPut)
@bookings.gives(200, RiderAnswer)
def put_booking_rider(body: dict[str, Any], booking_id: str) -> Response:
    """Write down what the rooms have to be; the answer is the check."""
    person, at, wanted, about = require_viewer(), now(), wanted_revisions(), read_id(booking_id)
    found = database().write(
        lambda connection: riders.keep(connection, person, about, Need(**body), at=at, if_match=wanted)
    )
    return item_answer(check_document(found))


@trajectories.on("GET", "/<trajectory_id>/rider-check")
@trajectories.takes(RiderQuery, location="query")
@trajectories.gives(200, RiderAnswer)
def get_trajectory_rider_check(asked: dict[str, Any], trajectory_id: str) -> Response:
    """The same for every room of a chain that the reader may know."""
    person = require_viewer()
    with database().read() as connection:
        found = riders.of_trajectory(connection, person, read_id(trajectory_id), Need(**asked) if asked else None)
    return json_answer(check_document(found))


def check_document(found: RiderCheck) -> dict[str, Any]:
    """The check as machines are told."""
    return {
        "rider": riders.written(found.rider),
        "text": need_in_words(found.rider),
        "rooms": [_room(room) for room in found.rooms],
        "unknown": [room.row.code for room in found.unknown],
        "elsewhere": [_room(room) for room in found.elsewhere],
    }


def _room(room: Room) -> dict[str, Any]:
    how = room.fit
    reasons = [lack_document(lack) for lack in how.lacks]
    if how.unknown:
        names = list(how.unknown)
        reasons.append({"code": "unknown", "names": names, "detail": unknown_in_words(how.unknown)})
    return {
        "resource": room.row.code,
        "name": localised(room.row.name),
        "venue": room.row.venue_code,
        "answer": "unfit" if how.lacks else "unknown" if how.unknown else "fits",
        "reasons": reasons,
        **({"km": round(room.km, 1)} if room.km is not None else {}),
    }
