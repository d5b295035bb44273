"""Numbers for Prometheus at `/metrics`: requests, their durations, and events still to be handled.

Several web processes share their counts through the folder PROMETHEUS_MULTIPROC_DIR (the
library's own variable); without it each process tells its own.
"""

import os
import time

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from booking.services import outbox
from booking.web.context import database, now

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""

blueprint = Blueprint("metrics", __name__)


class Meters:
    """What one app counts. Endpoints are labels, never paths: a path can be anything."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "emerge_requests",
            "Requests answered.",
            ["method", "endpoint", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "emerge_request_seconds",
            "How long answers took.",
            ["endpoint"],
            buckets=BUCKETS,
            registry=self.registry,
        )


def install_metrics(app: Flask) -> None:
    """Count every request of this app, and answer `/metrics`."""
    app.extensions["meters"] = Meters()
    app.before_request(_begin)
    app.after_request(_count)
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """In Prometheus' text format."""
    told = _told()
    _outbox_depth(told)
    return Response(generate_latest(told), content_type=CONTENT_TYPE_LATEST)


def _told() -> CollectorRegistry:
    """A registry of its own for this answer: what this process, or all of them, counted so far."""
    told = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]  # published half typed
    else:
        meters: Meters = current_app.extensions["meters"]
        told.register(meters.registry)
    return told


def _outbox_depth(told: CollectorRegistry) -> None:
    """Left out when the database cannot be asked: `/readyz` says so, and the other numbers still count."""
    try:
        with database().read() as connection:
            depth, oldest = outbox.depth(connection, at=now())
    except SQLAlchemyError:
        return
    Gauge("emerge_outbox_events", "Events that no worker has handled yet.", registry=told).set(depth)
    age = max((now() - oldest).total_seconds(), 0) if oldest else 0
    Gauge("emerge_outbox_age_seconds", "Age of the oldest of them.", registry=told).set(age)


def _begin() -> None:
    g.metered_from = time.perf_counter()


def _count(response: Response) -> Response:
    if "metered_from" not in g:
        return response
    meters: Meters = current_app.extensions["meters"]
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"
    meters.requests.labels(method, endpoint, response.status_code).inc()
    meters.seconds.labels(endpoint).observe(time.perf_counter() - g.metered_from)
    return response


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anything else is a guess of somebody's, and would be a new label each."""
