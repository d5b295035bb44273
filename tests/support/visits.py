"""Pages as somebody sees them, without a browser: signed in by their session, forms sent with their token."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask

from tests.support.api import Answer
from tests.support.cast import person

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """One person's session; `None` for somebody who is not signed in."""

    def __init__(self, app: Flask, name: str | None) -> None:
        self._client = app.test_client()
        self._token: str | None = None
        if name is not None:
            who = person(app.extensions["booking"].database, name)
            with self._client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = str(who.id), True

    def get(self, path: str, **headers: str) -> Answer:
        """A page; redirects are shown, not followed."""
        return self._send("GET", path, headers)

    def ask(self, method: str, path: str) -> Answer:
        """In any way of HTTP, with nothing but the session."""
        return self._send(method, path, {})

    def post(self, path: str, form: Mapping[str, Any] | None = None, *, with_token: bool = True) -> Answer:
        """Send a form; a file is a pair of its content and its name."""
        token = {"csrf_token": self._csrf()} if with_token else {}
        return self._send("POST", path, {}, {**(form or {}), **token})

    def forget_token(self) -> None:
        """The session is another one by now, and so is its token."""
        self._token = None

    def _csrf(self) -> str:
        if self._token is None:
            found = CSRF.search(self.get("/sign-in").text) or CSRF.search(self.get("/me").text)
            assert found is not None, "no page had a form"
            self._token = found[1]
        return self._token

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], form: Mapping[str, Any] | None = None
    ) -> Answer:
        sent = {"Accept-Language": "en", **headers}
        with self._client.open(path, method=method, headers=sent, data=form) as answer:
            return Answer(answer.status_code, answer.headers, answer.get_data())
