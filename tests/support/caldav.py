"""A calendar app that speaks CalDAV, as small as tests need one."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient

from tests.support.api import Api

NAMES = {"D": "DAV:", "C": "urn:ietf:params:xml:ns:caldav", "S": "http://calendarserver.org/ns/"}
OPEN = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMES.items())


@dataclass(frozen=True)
class Told:
    """One `response`: its address, and the properties that it has."""

    href: str
    status: str
    properties: dict[str, Element]

    def text(self, name: str) -> str:
        """The text of a property."""
        return self.properties[name].text or ""

    def link(self, name: str) -> str:
        """The address in a property."""
        return self.properties[name].findtext("D:href", "", NAMES)


@dataclass(frozen=True)
class App:
    """An app with an account."""

    client: FlaskClient
    user: str
    token: str

    def ask(self, method: str, path: str, body: str = "", *, depth: str = "0", **headers: str) -> Any:
        """One request."""
        key = b64encode(f"{self.user}:{self.token}".encode()).decode()
        sent = {"Authorization": f"Basic {key}", "Depth": depth, **headers}
        return self.client.open(
            path, method=method, headers=sent, data=body, content_type="text/xml; charset=utf-8"
        )

    def propfind(self, path: str, *names: str, depth: str = "0") -> list[Told]:
        """These properties."""
        wanted = "".join(f"<{name}/>" for name in names)
        body = f"<D:propfind {OPEN}><D:prop>{wanted}</D:prop></D:propfind>"
        return multistatus(self.ask("PROPFIND", path, body, depth=depth))

    def report(self, path: str, kind: str, inner: str, *names: str) -> list[Told]:
        """What a REPORT of that kind says."""
        return multistatus(self.ask("REPORT", path, self.report_body(kind, inner, *names), depth="1"))

    def report_body(self, kind: str, inner: str, *names: str) -> str:
        """The question itself."""
        wanted = "".join(f"<{name}/>" for name in names or ("D:getetag",))
        return f"<{kind} {OPEN}><D:prop>{wanted}</D:prop>{inner}</{kind}>"

    def discover(self) -> dict[str, Told]:
        """From the name of the service to the collections, as apps do it; by their last part."""
        (root,) = self.propfind("/", "D:current-user-principal")
        (principal,) = self.propfind(root.link("D:current-user-principal"), "C:calendar-home-set")
        home = principal.link("C:calendar-home-set")
        names = ("D:resourcetype", "D:displayname", "S:getctag", "D:sync-token", "D:supported-report-set")
        found = self.propfind(home, *names, depth="1")
        return {
            each.href.split("/")[-2]: each
            for each in found
            if each.properties["D:resourcetype"].find("C:calendar", NAMES) is not None
        }


def multistatus(answer: Any) -> list[Told]:
    """Every response of it."""
    assert answer.status_code == 207, answer.text
    return [_told(each) for each in fromstring(answer.data).findall("D:response", NAMES)]


def sync_token(answer: Any) -> str:
    """The state that it tells."""
    found = fromstring(answer.data).findtext("D:sync-token", "", NAMES)
    assert found
    return str(found)


def condition(answer: Any) -> str:
    """What did not hold, as `D:error` tells it."""
    (inner,) = fromstring(answer.data)
    return _short(inner.tag)


def connect(api: Api, client: FlaskClient) -> App:
    """Make a key, and give it to an app."""
    answer = api.post("/me/app-tokens", {"name": "telephone"})
    assert answer.status == 201, answer
    return App(client, answer.json["user"], answer.json["token"])


def _told(response: Element) -> Told:
    properties = {}
    for each in response.findall("D:propstat", NAMES):
        if "200" in each.findtext("D:status", "", NAMES):
            properties = {_short(found.tag): found for found in each.find("D:prop", NAMES) or ()}
    return Told(response.findtext("D:href", "", NAMES), response.findtext("D:status", "", NAMES), properties)


def _short(tag: str) -> str:
    address, _, local = tag.removeprefix("{").rpartition("}")
    return f"{next((prefix for prefix, each in NAMES.items() if each == address), '?')}:{local}"
