"""One body under gzip out of parts that were packed before (RFC 1951, RFC 1952): only what is new is packed.

One member, not one for each part: some apps read no further than the first.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import Self

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Deflated, without a name or a date: the same octets every time."""
LAST_BLOCK = b"\x03\x00"
"""Empty, and the end of the stream."""
RAW = -zlib.MAX_WBITS
EFFORT = 6


class Part:
    """Some octets and how they travel packed; each is worked out from the other when it is first asked for."""

    __slots__ = ("_body", "_packed")

    def __init__(self, body: bytes | None, packed: bytes | None = None) -> None:
        self._body = body
        self._packed = packed

    @classmethod
    def kept(cls, packed: bytes) -> Self:
        """As it was packed once."""
        return cls(None, packed)

    @property
    def body(self) -> bytes:
        """As it is read."""
        if self._body is None:
            self._body = zlib.decompressobj(RAW).decompress(self._packed or b"")
        return self._body

    @property
    def packed(self) -> bytes:
        """Deflated by itself, up to a whole octet, so that another part can follow."""
        if self._packed is None:
            squeezer = zlib.compressobj(EFFORT, zlib.DEFLATED, RAW)
            self._packed = squeezer.compress(self.body) + squeezer.flush(zlib.Z_FULL_FLUSH)
        return self._packed


def gzipped(parts: Iterable[Part], body: bytes) -> bytes:
    """`body`, which is all the parts in turn, under gzip.

    >>> import gzip
    >>> gzip.decompress(gzipped([Part(b"a kept text, "), Part(b"and another")], b"a kept text, and another"))
    b'a kept text, and another'
    """
    end = struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    return b"".join((HEADER, *(part.packed for part in parts), LAST_BLOCK, end))
