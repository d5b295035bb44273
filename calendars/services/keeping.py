"""Shares on their way into the database and back: what a restart would otherwise write anew."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from calendars.domain.deflating import Part
from calendars.domain.showing import Place
from calendars.services.shares import FAR_AWAY, Share, Source, Told
from calendars.storage import kept_shares
from calendars.storage.kept_shares import KeptRow

PACKAGE = Path(__file__).parents[1]
WRITERS = ("domain/*.py", "services/shares.py")
"""The modules that decide what a share looks like."""


def key_of(*what: object) -> str:
    """Under which a share is kept: another one for other readers, other words, and other ways of writing."""
    return hashlib.sha256(repr((_ways(), *what)).encode()).hexdigest()


@lru_cache(maxsize=1)
def _ways() -> str:
    """How this release writes: a text of another one is never taken for ours."""
    sources = sorted(path for pattern in WRITERS for path in PACKAGE.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def take(connection: Connection, places: Mapping[str, tuple[Place, ...]]) -> dict[str, Share]:
    """What is kept, by key; `places`: those of each share."""
    rows = kept_shares.take(connection, places.keys()) if places else ()
    return {row.key: _read(row, {place.id: place for place in places[row.key]}) for row in rows}


def keep(connection: Connection, shares: Iterable[tuple[str, Share]]) -> None:
    """Keep them for others, and for later."""
    kept_shares.keep(connection, (_row(key, share) for key, share in shares))


def _row(key: str, share: Share) -> dict[str, Any]:
    return {
        "key": key,
        "version": share.version,
        "since": share.since,
        "until": None if share.until == FAR_AWAY else share.until,
        "digest": share.digest.hex(),
        "zones": sorted(share.zones),
        "years": list(share.years or ()),
        "told": zlib.compress(orjson.dumps([_noted(*each, share) for each in share.told.items()]), 1),
        "own": share.own.packed,
        "moments": zlib.compress(orjson.dumps({uid: text.decode() for uid, text in share.moments.items()}), 1),
    }


def _noted(identity: str, told: Told, share: Share) -> tuple[Any, ...]:
    """Whose texts follow one another in what is the share's own, and how long each is; a moment has none there."""
    lengths = [(uid, None if uid in share.moments else len(text)) for uid, text in told.texts]
    return (identity, told.source.sequence, told.source.place.id, told.source.company, lengths)


def _read(row: KeptRow, places: Mapping[int, Place]) -> Share:
    own = Part.kept(row.own)
    moments = {uid: text.encode() for uid, text in orjson.loads(zlib.decompress(row.moments)).items()}
    years = row.years
    return Share(
        version=row.version,
        since=row.since,
        until=row.until or FAR_AWAY,
        own=own,
        moments=moments,
        digest=bytes.fromhex(row.digest),
        zones=frozenset(row.zones),
        years=(years[0], years[1]) if years else None,
        weight=len(row.own) * PACKED,
        recall=partial(_recalled, row.told, own, moments, places),
        has_events=False,
    )


PACKED = 12
"""How many times smaller a text is when it is packed, about."""


def _recalled(
    noted: bytes, own: Part, moments: Mapping[str, bytes], places: Mapping[int, Place]
) -> Mapping[str, Told]:
    """What each text was written from; the events themselves are gone."""
    found: dict[str, Told] = {}
    at, body = 0, own.body
    for identity, sequence, place, company, lengths in orjson.loads(zlib.decompress(noted)):
        texts = []
        for uid, length in lengths:
            texts.append((uid, moments[uid] if length is None else body[at : at + length]))
            at += length or 0
        found[identity] = Told(Source(sequence, places[place], company), (), tuple(texts))
    return found
