"""Where a process keeps what took work: the most recently used, up to a weight."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


@dataclass
class Shelf(Generic[Kept]):
    """A bounded memory for threads to share. `most`: octets, or pieces, as whoever puts something says.

    Losing what is on it costs time, never truth: everything carries the version it was made from,
    and whoever takes it compares.
    """

    most: int
    _kept: OrderedDict[Hashable, tuple[Kept, int]] = field(default_factory=OrderedDict)
    _weight: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: Hashable) -> Kept | None:
        """What was last put there, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Kept, weight: int) -> None:
        """Keep it in the place of what was there; what was least recently used falls off."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._kept[key] = (value, weight)
            self._weight += weight - before
            while self._weight > self.most and len(self._kept) > 1:
                _, (_, lost) = self._kept.popitem(last=False)
                self._weight -= lost
