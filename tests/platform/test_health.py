"""Alive, ready, counted, logged."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.builders import MakeBooking

Build = Callable[..., Flask]


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json == {"status": "ready"}


def test_without_its_schema_it_is_alive_but_not_ready(tmp_path: Path, build: Build) -> None:
    client = build(f"sqlite:///{tmp_path}/empty.db").test_client()

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "the schema is at nothing" in answer.json["why"]


def test_without_a_database_it_is_alive_but_not_ready_and_says_no_secret(build: Build) -> None:
    client = build("postgresql://u:hidden@127.0.0.1:1/none").test_client()

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "hidden" not in answer.text
    assert client.get("/metrics").status_code == 200


def test_metrics_count_requests_and_waiting_events(client: FlaskClient, a_booking: MakeBooking) -> None:
    a_booking()
    client.get("/healthz")
    client.get("/no/such/page")
    client.open("/healthz", method="BREW")

    told = client.get("/metrics").text

    assert 'emerge_requests_total{endpoint="health.healthz",method="GET",status="200"} 1.0' in told
    assert 'emerge_requests_total{endpoint="none",method="GET",status="404"} 1.0' in told
    assert "BREW" not in told
    assert "emerge_outbox_events 1.0" in told


def test_security_txt_is_valid_for_another_half_a_year(client: FlaskClient) -> None:
    lines = client.get("/.well-known/security.txt").text.split("\r\n")

    assert lines[0] == "Contact: mailto:booking@localhost"
    assert lines[1] == "Expires: 2027-05-22T00:00:00Z"


@pytest.fixture
def talkative(database_url: str, build: Build) -> Flask:
    app = build(database_url, log_level="INFO")
    app.testing = False  # as in production, what breaks is answered and not raised
    return app


def test_a_request_leaves_one_line_without_what_people_typed(
    talkative: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    talkative.test_client().get("/api/v1/resources?q=my-secret-plan", headers={"Authorization": "Bearer my-token"})

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "route=/api/v1/resources" in lines[0]
    assert "my-" not in lines[0]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/bookings", b"{"),
        ("/api/v1/bookings", b"[" * 20_000),
        ("/api/v1/bookings", b'{"title": "\xff"}'),
        ("/api/v1/bookings", b'{"title": "\\u0000"}'),
        ("/api/v1/nothing\n2026 [info] forged", b""),
        ("/%00", b""),
    ],
)
def test_bad_input_leaves_one_line_and_no_traceback(
    talkative: Flask, capsys: pytest.CaptureFixture[str], path: str, body: bytes
) -> None:
    answer = talkative.test_client().post(path, data=body, content_type="application/json")

    lines = capsys.readouterr().err.splitlines()
    assert 400 <= answer.status_code < 500
    assert len(lines) == 1, lines
    assert f"status={answer.status_code}" in lines[0]


def test_our_own_faults_are_logged_with_the_id_that_the_caller_got(
    talkative: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    @talkative.get("/breaks")
    def breaks() -> None:
        raise ZeroDivisionError

    answer = talkative.test_client().get("/breaks", headers={"X-Request-Id": "from-the-proxy-1"})

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
    error = capsys.readouterr().err
    assert "ZeroDivisionError" in error
    assert "request_id=from-the-proxy-1" in error


def test_a_forged_request_id_is_replaced(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": "a b=c"})

    assert answer.headers["X-Request-Id"] != "a b=c"


def test_building_many_apps_leaves_one_log_handler(app: Flask, talkative: Flask) -> None:
    assert app is not talkative
    ours = [each for each in logging.getLogger().handlers if type(each).__name__ == "ToStandardError"]
    assert len(ours) == 1
