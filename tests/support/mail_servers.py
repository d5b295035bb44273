"""Mail servers for tests: real SMTP on this machine, which accept, refuse, put off, or die as a test wants."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.letters import Mail, parsed
from tests.support.postgresql import free_port

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Key and certificate of `localhost` and 127.0.0.1, for tests alone; nobody trusts it who is not told to."""


@dataclass
class Receiver:
    """What arrived, and what the server says. `answers`: of coming RCPT or DATA commands, one after another;
    then it accepts. `die_in_data`: how often it hangs up in the middle of a message."""

    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    die_in_data: int = 0
    letters: list[Mail] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0
    _one: Condition = field(default_factory=Condition)

    @property
    def ids(self) -> list[str]:
        """The Message-ID of everything that arrived."""
        return [str(mail.message["Message-ID"]) for mail in self.letters]

    async def handle_RCPT(  # noqa: N802 -- the name that the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Accept, or say the next answer."""
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, refuse it, or die."""
        if self.die_in_data:
            self.die_in_data -= 1
            assert server.transport is not None
            server.transport.close()
            return "250 never said"
        if self.at_data:
            return self.at_data.pop(0)
        with self._one:
            self.letters.append(parsed(envelope.content if isinstance(envelope.content, bytes) else b""))
            self.encrypted.append(session.ssl is not None)
            self._one.notify_all()
        return "250 Message accepted"

    def wait_for(self, letters: int, *, seconds: float) -> bool:
        """Until so many arrived in all. False when they did not in that time."""
        with self._one:
            return self._one.wait_for(lambda: len(self.letters) >= letters, seconds)

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any
    ) -> AuthResult:
        """One name and one password are right."""
        assert isinstance(said, LoginPassword)
        self.logins.append((said.login, said.password))
        return AuthResult(success=(said.login, said.password) == (b"emerge", b"pass word"))


@contextmanager
def mail_server(*, tls: bool = False, login: bool = False) -> Iterator[Receiver]:
    """A server in a thread of its own. `tls`: it offers STARTTLS; `login`: it wants a name and a password."""
    receiver = Receiver(port=free_port())
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
    controller = Controller(
        receiver,
        hostname="127.0.0.1",
        port=receiver.port,
        tls_context=context,
        authenticator=receiver.authenticate if login else None,
        auth_required=login,
        auth_require_tls=tls,
    )
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port at which everybody may knock and nobody ever speaks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])
