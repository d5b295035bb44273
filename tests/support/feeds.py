"""Feeds for tests: made through the API, read as a calendar app reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.two_readers import Seen, read


@dataclass(frozen=True)
class Subscription:
    """A feed as its owner's calendar app has it."""

    id: str
    path: str
    client: FlaskClient

    def get(self, *, method: str = "GET", **headers: str) -> Any:
        """One request of the app: `if_none_match=…` becomes the header."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return self.client.open(self.path, method=method, headers=named)

    def events(self) -> Mapping[str, Seen]:
        """By UID, as two parsers read them."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return read(answer.data)

    def only(self) -> Seen:
        """The one event of the feed."""
        (event,) = self.events().values()
        return event

    def busy(self) -> str:
        """Free and busy time."""
        answer = self.client.get(self.path.removesuffix(".ics") + ".ifb")
        assert answer.status_code == 200, answer.text
        return answer.text


def subscribe(
    api: Api,
    client: FlaskClient,
    scope: str,
    code: str | None = None,
    *,
    detail: str = "titles",
    language: str = "en",
    imported: bool = True,
) -> Subscription:
    """Make a feed and take its address."""
    asked = {"scope": scope, "code": code, "detail": detail, "language": language, "imported": imported}
    answer = api.post("/feeds", asked)
    assert answer.status == 201, answer
    return Subscription(answer.json["id"], answer.json["url"].removeprefix("http://localhost"), client)
