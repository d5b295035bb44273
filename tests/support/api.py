"""A small client for the API, over Flask's test client or over the wire, with one shape of answer."""

import json as jsonlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3
from flask.testing import FlaskClient

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers in any case. `json` is None when it was not JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The document, read; problem documents too."""
        return jsonlib.loads(self.body) if "json" in self.headers.get("Content-Type", "") else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def code(self) -> str | None:
        """The code of a refusal."""
        return self.json.get("code") if isinstance(self.json, dict) else None

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:400]!r}>"


Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]
"""Method, path, headers, body → answer."""


class Api:
    """Asks as one person, or as nobody when `token` is None. Paths are those below `/api/v1`."""

    def __init__(self, send: Send, token: str | None) -> None:
        self._send = send
        self._token = token

    def get(self, path: str, **more: Any) -> Answer:
        """GET; a `next` link can be passed as it came."""
        return self.request("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Answer:
        """POST."""
        return self.request("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> Answer:
        """PUT."""
        return self.request("PUT", path, json=json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> Answer:
        """PATCH."""
        return self.request("PATCH", path, json=json, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        """DELETE."""
        return self.request("DELETE", path, **more)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any method; `body` is sent as it is, as JSON unless the headers say otherwise."""
        sent = {"Accept": "application/json", "Accept-Language": "en", **(headers or {})}
        if self._token is not None:
            sent.setdefault("Authorization", f"Bearer {self._token}")
        if json is not None:
            body = jsonlib.dumps(json).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        return self._send(method, _below(path), sent, body)


def in_process(client: FlaskClient) -> Send:
    """Through Flask's test client."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        answer = client.open(path, method=method, headers=dict(headers), data=body)
        return Answer(answer.status_code, answer.headers, answer.get_data())

    return send


def over_the_wire(pool: urllib3.PoolManager, base_url: str) -> Send:
    """Over HTTP; usable by many threads at once. No redirects are followed."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        answer = pool.request(method, base_url + path, headers=headers, body=body, redirect=False, retries=False)
        return Answer(answer.status, answer.headers, answer.data)

    return send


def _below(path: str) -> str:
    if "://" in path:
        path = "/" + path.split("/", 3)[3]
    return path if path.startswith(f"{PREFIX}/") else PREFIX + path
