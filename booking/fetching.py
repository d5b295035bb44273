"""The one door to other people's machines: calendars are fetched and webhooks are posted through it.

An address that somebody typed must not lead to what only this machine can reach. So the address of the
peer is checked at connect, at every hop, on the very number that is connected to: a name that is public
when asked and private a moment later gains nothing. No cookies, no proxies out of the environment, and
no address in a log or an error: they hold secrets.
"""

import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urljoin

from structlog import get_logger
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.util.connection import create_connection

from booking.domain.addresses import PORTS, Address, BadAddress, Reach

log = get_logger("emerge.fetching")

SECONDS = 30.0
"""For everything together: names, connections, redirects, the last octet."""
MOST_OCTETS = 10 * 1024 * 1024
"""Of a body, as it is after decoding."""
MOST_REDIRECTS = 5
AT_ONCE = 64 * 1024
MOVED = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Sequence[tuple[Any, ...]]]
"""As `socket.getaddrinfo` answers."""


class Unreachable(Exception):
    """Nothing came back that can be used.

    `code`: not-a-web-address, scheme, private-address, name-unknown, no-connection, insecure, timed-out,
    too-large, too-many-redirects or broken-answer. `permanent`: trying the same again is of no use.
    """

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other machine said; `headers` with names in lower case, `body` decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Goes out to `reach` and to nowhere else. `resolve`, `seconds` and `most_octets` are for tests to change."""

    reach: Reach
    resolve: Resolve = lambda host, port: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    seconds: float = SECONDS
    most_octets: int = MOST_OCTETS
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch, following at most five redirects; every status is an answer. Unreachable."""
        with _Visit(self) as visit:
            return visit.follow(url, dict(headers or {}))

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; a redirect is an answer like any other, and is not followed. Unreachable."""
        with _Visit(self) as visit:
            return visit.ask("POST", visit.address(url), dict(headers), body)


class _Visit:
    """One going out, over all its hops, with one deadline."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.ends = time.monotonic() + door.seconds
        self.late = False
        self.open: list[socket.socket] = []
        self.bell = threading.Timer(door.seconds, self._hang_up)
        self.bell.daemon = True

    def __enter__(self) -> "_Visit":
        self.bell.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bell.cancel()
        for handle in self.open:
            handle.close()

    def in_time(self) -> float:
        """The seconds that are left; refuses when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0 or self.late:
            raise Unreachable("timed-out")
        return left

    def address(self, url: str) -> Address:
        try:
            address = Address.parse(url)
            self.door.reach.check(address)
        except BadAddress as error:
            raise Unreachable(error.code, permanent=True) from None
        return address

    def follow(self, url: str, headers: dict[str, str]) -> Answer:
        first = address = self.address(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self.ask("GET", address, headers)
            where = answer.headers.get("location")
            if answer.status not in MOVED or not where:
                return answer
            url = urljoin(url, where)
            address = self.address(url)
            if address.user is None and address.origin == first.origin:
                # What was typed goes back to where it was typed for, and to nobody else.
                address = Address(address.scheme, address.host, address.port, address.target, first.user)
        raise Unreachable("too-many-redirects")

    def ask(self, method: str, address: Address, headers: dict[str, str], body: bytes | None = None) -> Answer:
        connection = self._connection(address)
        try:
            sent = self._headers(address, headers)
            connection.request(method, address.target, body, sent, preload_content=False)
            with closing(connection.getresponse()) as answer:
                return Answer(answer.status, _lowered(answer), self._body(answer))
        except Unreachable as error:
            log.info("not reached", host=address.host, code=error.code)
            raise
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            trouble = self._trouble(error)
            log.info("not reached", host=address.host, code=trouble.code)
            raise trouble from None
        finally:
            connection.close()

    def connect(self, host: str, port: int) -> socket.socket:
        """A socket to the first address of the host that may be gone to, and answers."""
        found = list(dict.fromkeys(str(each[4][0]) for each in self._resolved(host, port)))
        allowed = [peer for peer in found if self.door.reach.allows(ip_address(peer), host, port)]
        if not allowed:
            raise Unreachable("private-address" if found else "name-unknown", permanent=bool(found))
        for peer in allowed:
            try:
                sock = create_connection((peer, port), timeout=self.in_time())
            except OSError:
                continue
            if self._kept(sock, host, port):
                return sock
        self.in_time()
        raise Unreachable("no-connection")

    def _kept(self, sock: socket.socket, host: str, port: int) -> bool:
        """Whether the machine at the other end is one to talk to, asked once more of the connection itself."""
        if not self.door.reach.allows(ip_address(str(sock.getpeername()[0])), host, port):
            sock.close()
            return False
        self.open.append(sock.dup())  # TLS takes the socket itself over; its double can still be hung up
        if self.late:  # the bell may have rung before the double was there
            sock.close()
        return not self.late

    def _connection(self, address: Address) -> HTTPConnection:
        if address.scheme == "https":
            return _Secure(self, address, ssl_context=self.door.trusted())
        return _Plain(self, address)

    def _headers(self, address: Address, headers: dict[str, str]) -> dict[str, str]:
        sent = {"User-Agent": "EMERGE-Booking", "Accept-Encoding": "gzip", "Connection": "close", **headers}
        sent["Host"] = _bracketed(address.host)
        if address.port != PORTS[address.scheme]:
            sent["Host"] += f":{address.port}"
        if address.user is not None:
            secret = ":".join(address.user).encode()
            sent["Authorization"] = f"Basic {base64.b64encode(secret).decode('ascii')}"
        return sent

    def _body(self, answer: HTTPResponse) -> bytes:
        """All of it, decoded piece by piece, so that a bomb stops at the limit and not in memory."""
        pieces, size = [], 0
        while piece := answer.read1(AT_ONCE, decode_content=True):
            size += len(piece)
            if size > self.door.most_octets:
                raise Unreachable("too-large")
            pieces.append(piece)
            self.in_time()
        self.in_time()  # a line that we hung up ourselves ends like a body
        if answer.length_remaining:
            raise Unreachable("broken-answer")
        return b"".join(pieces)

    def _resolved(self, host: str, port: int) -> Sequence[tuple[Any, ...]]:
        """Names are looked up in a thread of their own: the system's own patience cannot be set."""
        answers: SimpleQueue[Sequence[tuple[Any, ...]]] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.door.resolve(host, port))
            except (OSError, UnicodeError):
                answers.put([])

        threading.Thread(target=look_up, daemon=True).start()
        try:
            return answers.get(timeout=self.in_time())
        except Empty:
            raise Unreachable("timed-out") from None

    def _trouble(self, error: Exception) -> Unreachable:
        if self.late or isinstance(error, TimeoutError) or time.monotonic() >= self.ends:
            return Unreachable("timed-out")
        if isinstance(error, SSLError | ssl.SSLError):
            return Unreachable("insecure")
        return Unreachable("broken-answer")

    def _hang_up(self) -> None:
        self.late = True
        for handle in self.open:
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it was over already


class _Plain(HTTPConnection):
    """Connects to numbers that were checked, while host and certificate stay those of the name."""

    def __init__(self, visit: _Visit, address: Address, **options: Any) -> None:
        super().__init__(address.host, address.port, timeout=visit.in_time(), **options)
        self._visit = visit
        self._named = address

    def _new_conn(self) -> socket.socket:
        return self._visit.connect(self._named.host, self._named.port)


class _Secure(_Plain, HTTPSConnection):
    """The same under TLS."""


def _lowered(answer: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
