"""The least that could do the job: bare Flask views on the same server, with plain SQL and no rules.

Booking (S1): check a token by its hash, then one statement that locks the resource and inserts
under the same exclusion constraint. Feed (S6): one indexed look-up, then the same bytes or a 304.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson
import psycopg
from flask import Flask, Response, request

TABLE = """
CREATE TABLE IF NOT EXISTS floor_occupancy (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    venue_id integer NOT NULL, atom_id integer NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL,
    CONSTRAINT floor_taken EXCLUDE USING gist
        (venue_id WITH =, atom_id WITH =, tstzrange(starts, ends) WITH &&)
)
"""

FILL = """
INSERT INTO floor_occupancy (venue_id, atom_id, starts, ends)
SELECT venue_id, atom_id, starts, ends FROM occupancy WHERE exclusive AND force = 'hard' AND source = 'claim'
"""

TOKEN = "SELECT person_id FROM token WHERE hash = %s AND revoked_at IS NULL"  # noqa: S105 -- a statement

TAKE = """
WITH locked AS MATERIALIZED (
    SELECT venue_id, id FROM resource WHERE id = ANY(%s) ORDER BY venue_id, id FOR NO KEY UPDATE
)
INSERT INTO floor_occupancy (venue_id, atom_id, starts, ends) SELECT venue_id, id, %s, %s FROM locked RETURNING id
"""

FEED = "SELECT 1 FROM feed WHERE token_hash = %s"


def prepare(url: str) -> None:
    """Give a database the table of the floor, with everything that is held in it."""
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)
        connection.execute(FILL)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE floor_occupancy")


def create_app() -> Flask:
    """Both floors, on the database and with the feed that the environment names."""
    app = Flask(__name__)
    connection = _per_thread(os.environ["DATABASE_URL"])
    feed = Path(os.environ["FLOOR_FEED"]).read_bytes() if "FLOOR_FEED" in os.environ else b""
    tag = f'"{hashlib.sha256(feed).hexdigest()[:24]}"'

    @app.get("/healthz")
    def alive() -> Response:
        return Response("alive")

    @app.get("/json")
    def hello() -> Response:
        return Response(orjson.dumps({"hello": "world"}), mimetype="application/json")

    @app.post("/bookings")
    def book() -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        known = connection().execute(TOKEN, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
        if known is None:
            return Response(status=401)
        body = orjson.loads(request.get_data())
        start, end = (datetime.fromisoformat(body[name]) for name in ("start", "end"))
        try:
            made = connection().execute(TAKE, ([body["resource"]], start, end)).fetchone()
        except psycopg.errors.ExclusionViolation:
            return Response(status=409)
        return Response(orjson.dumps({"id": made[0] if made else None}), status=201, mimetype="application/json")

    @app.get("/feeds/<token>.ics")
    def read(token: str) -> Response:
        known = connection().execute(FEED, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
        if known is None:
            return Response(status=404)
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(feed, content_type="text/calendar; charset=utf-8", headers={"ETag": tag})

    return app


def _per_thread(url: str) -> Callable[[], psycopg.Connection]:
    """One connection for each thread of the server, each statement its own transaction."""
    kept = threading.local()

    def connection() -> psycopg.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = psycopg.connect(url, autocommit=True)
        opened: psycopg.Connection = kept.connection
        return opened

    return connection
