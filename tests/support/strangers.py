"""Other people's servers: ones that misbehave by script, and one that nobody may ever reach."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

Script = Callable[[socket.socket, bytes], None]
"""What to do with one connection, and the head of the request that came over it."""


TLS = b"\x16"
"""How a caller begins who expects an encrypted line."""


class Stranger:
    """Listens on this machine, on `port`. `reached` counts connections, `heads` keeps what was asked."""

    def __init__(self, script: Script | None = None, *, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, 0), family=family)
        self._script = script
        self.port: int = self._socket.getsockname()[1]
        self.reached = 0
        self.heads: list[bytes] = []
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.reached += 1
            with caller, suppress(OSError):
                caller.settimeout(10)
                head = b""
                while b"\r\n\r\n" not in head and head[:1] != TLS and (more := caller.recv(65536)):
                    head += more
                self.heads.append(head)
                if self._script is not None:
                    self._script(caller, head)


def saying(octets: bytes) -> Script:
    """Sends that, and hangs up."""

    def script(caller: socket.socket, head: bytes) -> None:
        caller.sendall(octets)

    return script


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer, of an honest length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def canary() -> Iterator[Stranger]:
    """A listener on this machine that no fetch may reach."""
    with Stranger(saying(answer(b"the secret of this machine"))) as stranger:
        yield stranger
