"""A feed as HTTP sees it: octets, an ETag for each way they travel, and a date (RFC 9110 §8.8, §13)."""

import gzip
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from flask import Request, Response
from werkzeug.http import http_date

CALENDAR = "text/calendar; charset=utf-8"
ALWAYS_ASK = "private, no-cache"
"""A revoked address must stop at once, and asking costs next to nothing."""


class Document:
    """Immutable; packed once, when the first reader takes it so. `changed_at`: whole seconds."""

    def __init__(self, body: bytes, digest: str, changed_at: datetime, name: str) -> None:
        self.body: Final = body
        self.changed_at: Final = changed_at
        self.tag: Final = f'"{digest}"'
        self.packed_tag: Final = f'"{digest}-gzip"'
        self._last_modified: Final = http_date(changed_at)
        self._disposition: Final = f'inline; filename="{name}"'
        self._packed: bytes | None = None
        self._packing: Final = Lock()

    @property
    def packed(self) -> bytes:
        """The body under gzip; the same octets every time."""
        with self._packing:
            if self._packed is None:
                self._packed = gzip.compress(self.body, 6, mtime=0)
            return self._packed

    def answer(self, request: Request) -> Response:
        """The document, or 304 when the reader has it."""
        packs = request.accept_encodings["gzip"] > 0
        headers = {
            "ETag": self.packed_tag if packs else self.tag,
            "Last-Modified": self._last_modified,
            "Cache-Control": ALWAYS_ASK,
            "Vary": "Accept-Encoding",
        }
        if self.is_known_to(request):
            return Response(status=304, headers=headers)
        headers["Content-Disposition"] = self._disposition
        if packs:
            headers["Content-Encoding"] = "gzip"
        return Response(self.packed if packs else self.body, headers=headers, content_type=CALENDAR)

    def is_known_to(self, request: Request) -> bool:
        """What the reader says it has: If-None-Match goes before If-Modified-Since (§13.2.2).

        Either of the two tags will do: whichever way it travelled, it said the same.
        """
        given = request.headers.get("If-None-Match")
        if given is not None:
            tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
            return "*" in tags or self.tag in tags or self.packed_tag in tags
        since = request.if_modified_since
        return since is not None and self.changed_at <= since.astimezone(UTC)
