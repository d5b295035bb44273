"""Clients that cost little: one process, one selector, requests that were written beforehand.

Two cores carry clients, web processes and database alike, so whatever a client takes is missing
on the other side. A request costs this client some 20 µs.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from statistics import median, quantiles

clock = time.perf_counter
"""Seconds of a clock that only runs forward."""

EMPTY = frozenset({204, 304})
LARGEST_READ = 1 << 18
PATIENCE = 30
"""Seconds without any answer after which a run is given up."""


@dataclass(slots=True)
class Run:
    """What came of it: how long it took (seconds), answers by status, and how long each took (seconds)."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def rate(self, *statuses: int) -> float:
        """Answers with one of those statuses per second; all answers when none is named."""
        count = sum(self.statuses[each] for each in statuses) if statuses else self.statuses.total()
        return count / self.seconds if self.seconds else 0.0

    @property
    def typical(self) -> float:
        """The median latency, in seconds."""
        return median(self.latencies)

    @property
    def slow(self) -> float:
        """The latency that 99 of 100 stay under, in seconds."""
        return quantiles(self.latencies, n=100)[98] if len(self.latencies) > 1 else self.latencies[0]

    @property
    def slowest(self) -> float:
        """The longest wait, in seconds."""
        return max(self.latencies)


class Client:
    """One connection, kept alive, that sends its next request when the last one is answered."""

    def __init__(self, port: int, requests: Iterable[bytes]) -> None:
        self._port = port
        self._requests: Iterator[bytes] = iter(requests)
        self._read = bytearray()
        self.sent_at = 0.0
        self.hangs_up = False
        self.socket = self.connect()

    def connect(self) -> socket.socket:
        """A connection; again, when the server keeps none alive."""
        self.hangs_up = False
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def send(self) -> bool:
        """Send the next request; False when there is none."""
        request = next(self._requests, None)
        if request is None:
            return False
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self, *, heads: bool = False) -> tuple[int, bytes] | None:
        """Status and body (or head), once the answer is complete. ConnectionError when the server hung up."""
        data = self.socket.recv(LARGEST_READ)
        if not data:
            raise ConnectionError("the server hung up")
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._read[:end])
        status = int(head[9:12])
        length = 0 if heads or status in EMPTY else _length(head.lower())
        if len(self._read) < end + 4 + length:
            return None
        body = bytes(self._read[end + 4 : end + 4 + length])
        self._read.clear()
        self.hangs_up = head.startswith(b"HTTP/1.0")
        return status, head if heads else body


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def run(
    port: int,
    requests: Sequence[Iterable[bytes]],
    *,
    seconds: float | None = None,
    keep: bool = False,
    heads: bool = False,
) -> Run:
    """One client per sequence of requests, all at once, until each has sent all or the time is over.

    `keep`: remember the bodies; `heads`: the heads instead, for HEAD. TimeoutError when the server
    says nothing for a long time.
    """
    clients = [Client(port, each) for each in requests]
    client: Client
    result = Run()
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        begun = time.perf_counter()
        until = begun + seconds if seconds is not None else float("inf")
        waiting = sum(client.send() for client in clients)
        while waiting:
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"{waiting} requests without an answer for {PATIENCE} seconds")
            for key, _ in ready:
                client = key.data
                answer = client.receive(heads=heads)
                if answer is None:
                    continue
                now = time.perf_counter()
                result.latencies.append(now - client.sent_at)
                result.statuses[answer[0]] += 1
                if keep or heads:
                    result.bodies.append(answer[1])
                if client.hangs_up:
                    selector.unregister(client.socket)
                    client.socket.close()
                    selector.register(client.connect(), selectors.EVENT_READ, client)
                if now >= until or not client.send():
                    waiting -= 1
        result.seconds = time.perf_counter() - begun
    for client in clients:
        client.socket.close()
    return result


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request, ready to be sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def repeated(request: bytes) -> Iterator[bytes]:
    """The same request for ever."""
    return repeat(request)
