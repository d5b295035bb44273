"""A feed as HTTP sees it: octets, an ETag for each way they travel, and a date (RFC 9110 §8.8, §13)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple

from werkzeug.http import http_date, parse_accept_header, parse_date

from calendars.domain.deflating import Part, gzipped

CALENDAR = "text/calendar; charset=utf-8"
ALWAYS_ASK = "private, no-cache"
"""A revoked address must stop at once, and asking costs next to nothing."""

Headers = list[tuple[str, str]]


class Said(NamedTuple):
    """An answer: 200 or 304, its headers, its octets (none with 304)."""

    status: int
    headers: Headers
    body: bytes


class Document:
    """Immutable; packed once, when the first reader takes it so.

    `changed_at`: whole seconds. `parts`: the body, some of which may be packed already.
    """

    def __init__(
        self, body: bytes, digest: str, changed_at: datetime, name: str, parts: Sequence[Part] = ()
    ) -> None:
        self.body: Final = body
        self._parts: Final = parts or (Part(body),)
        self.changed_at: Final = changed_at
        self._tags: Final = {False: f'"{digest}"', True: f'"{digest}-gzip"'}
        self._last_modified: Final = http_date(changed_at)
        self._disposition: Final = f'inline; filename="{name}"'
        self._packed: bytes | None = None
        self._packing: Final = Lock()

    def answer(self, environ: Mapping[str, str]) -> Said:
        """The document, or 304 when the reader has it; `environ` as in WSGI (PEP 3333)."""
        packs = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = [
            ("ETag", self._tags[packs]),
            ("Cache-Control", ALWAYS_ASK),
            ("Vary", "Accept-Encoding"),
        ]
        if self._is_known(environ):
            return Said(304, headers, b"")
        headers += [
            ("Last-Modified", self._last_modified),
            ("Content-Type", CALENDAR),
            ("Content-Disposition", self._disposition),
        ]
        if packs:
            headers.append(("Content-Encoding", "gzip"))
        return Said(200, headers, self._pack() if packs else self.body)

    def _is_known(self, environ: Mapping[str, str]) -> bool:
        """What the reader says it has: If-None-Match goes before If-Modified-Since (§13.2.2).

        Either of the two tags will do: whichever way it travelled, it said the same.
        """
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given is not None:
            tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
            return "*" in tags or not tags.isdisjoint(self._tags.values())
        since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
        return since is not None and self.changed_at <= since

    def _pack(self) -> bytes:
        """The body under gzip; the same octets every time."""
        with self._packing:
            if self._packed is None:
                self._packed = gzipped(self._parts, self.body)
            return self._packed


def _takes_gzip(accepts: str) -> bool:
    """Whether gzip may be sent (RFC 9110 §12.5.3); read closely only when weights are given."""
    if "gzip" not in accepts and "*" not in accepts:
        return False
    return ";" not in accepts or parse_accept_header(accepts)["gzip"] > 0
