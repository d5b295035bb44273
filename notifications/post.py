"""The only module that speaks with mail servers, or puts letters in a folder where there is none.

A letter that did not go says whether it may go later: what a server refuses for good (5xx, RFC 5321 §4.2.1)
is permanent, everything else is not.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.charset import QP, Charset
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from booking.settings import Settings
from notifications.domain.headers import header_text
from notifications.storage.letters import LetterRow

UTF_8: Any = Charset("utf-8")
UTF_8.body_encoding = QP  # readable where it is Latin, and never a line that is too long (RFC 5322 §2.1.1)

BEGIN = "BEGIN:VCALENDAR\r\n"
METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)

ON_THE_WIRE = Compat32(linesep="\r\n")

PATIENCE = 30
"""Seconds to wait for each answer of a mail server."""

FOR_GOOD = 500
WHATEVER_THE_LETTER = frozenset({421, 454, 530, 534, 535, 538})
"""Answers about the connection or the account, not about this letter (RFC 4954 §6, RFC 5321 §3.8)."""


class SendFailed(Exception):
    """A letter did not go. `permanent`: it never will, as it is. `unreachable`: no letter would at present."""

    def __init__(self, why: str, *, permanent: bool = False, unreachable: bool = False) -> None:
        super().__init__(why)
        self.why, self.permanent, self.unreachable = why, permanent, unreachable


class Post(Protocol):
    """Somewhere to hand letters in."""

    def send(self, message: Message) -> None:
        """Hand one in. SendFailed."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


class Folder:
    """Letters land as `.eml` files, one per Message-ID: a repeat replaces what is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write the file, in one step."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f"{name}.fresh"
        fresh.write_bytes(message.as_bytes(policy=ON_THE_WIRE))
        fresh.rename(self._folder / f"{name}.eml")

    def close(self) -> None:
        """Nothing is open."""


class Server:
    """A mail server at `smtp://user:pass@host:port` (STARTTLS where it is offered) or `smtps://`.

    A password never travels in clear: without TLS it is not said.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._url = urlsplit(url)
        self._patience = patience
        self._open: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Over the open connection, or a new one. SendFailed."""
        server = self._connected()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise SendFailed(f"This address cannot be written to: {error}", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            raise SendFailed(_said(error)) from error
        finally:
            if self._open is not None and self._open.sock is None:
                self._forget()

    def close(self) -> None:
        """Say goodbye."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):  # it may have gone already
                self._open.quit()
            self._forget()

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connected(self) -> smtplib.SMTP:
        if self._open is None:
            try:
                self._open = self._connect()
            except smtplib.SMTPResponseException as error:
                raise SendFailed(_answer(error.smtp_code, error.smtp_error), unreachable=True) from error
            except (smtplib.SMTPException, OSError) as error:
                raise SendFailed(_said(error), unreachable=True) from error
        return self._open

    def _connect(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=self._patience, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 25, timeout=self._patience)
        try:
            self._begin(server, context)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _begin(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo()
        is_secret = self._url.scheme == "smtps"
        if not is_secret and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            is_secret = True
        if self._url.username:
            if not is_secret:
                raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, and a password does not go in clear")
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def post_of(settings: Settings) -> Callable[[], Post]:
    """How this deployment posts its letters."""
    url = settings.mail_url
    return (lambda: Server(url)) if url else (lambda: Folder(folder_of(settings)))


def folder_of(settings: Settings) -> Path:
    """Where letters lie when there is no mail server."""
    return settings.instance / "mail"


def domain_of(settings: Settings) -> str:
    """What stands behind the @ of a Message-ID: the name of the service, whoever its mail comes from."""
    return urlsplit(settings.base_url).hostname or "localhost"


def envelope(letter: LetterRow, *, sender: str, unsubscribe: str | None) -> Message:
    """The letter as it travels (RFC 5322). SendFailed when its address is none.

    `unsubscribe`: where one POST ends letters of this kind (RFC 8058); None for what nobody may switch off.
    """
    calendars = _calendars(letter.calendar)
    body = MIMEMultipart("alternative")
    message = MIMEMultipart("mixed") if len(calendars) > 1 else body
    message["From"] = _address(*parseaddr(sender))
    message["To"] = _address(letter.name, letter.email)
    subject: Any = Header(header_text(letter.subject or ""), "utf-8", header_name="Subject")
    message["Subject"] = subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = letter.message_id or ""
    if letter.booking_id is not None and letter.message_id is not None:
        thread = f"<booking-{letter.booking_id}@{letter.message_id.strip('<>').partition('@')[2]}>"
        message["References"] = thread
        message["In-Reply-To"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language or "en"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    body.attach(MIMEText(letter.text or "", "plain", UTF_8))
    body.attach(MIMEText(letter.html or "", "html", UTF_8))
    for first in calendars[:1]:
        body.attach(_calendar(first))
    if message is not body:
        message.attach(body)
    for number, other in enumerate(calendars[1:], 2):
        part = _calendar(other)
        part["Content-Disposition"] = f'attachment; filename="booking{number}.ics"'
        message.attach(part)
    return message


def _calendars(stream: str | None) -> list[str]:
    """The calendars of a stream, one by one: mail programs take one for each part."""
    pieces = (stream or "").split(BEGIN)
    return [BEGIN + piece for piece in pieces if piece.strip()]


def _calendar(text: str) -> MIMEText:
    """An invitation as calendar programs know it (RFC 6047 §2.4): the method stands in the header too."""
    part = MIMEText(text, "calendar", UTF_8)
    found = METHOD.search(text)
    part.set_param("method", found[1] if found else "PUBLISH")
    return part


def _address(name: str, address: str) -> str:
    try:
        known = Address(addr_spec=header_text(address))
    except (ValueError, IndexError, HeaderParseError) as error:
        raise SendFailed(f"{address!r} is no address", permanent=True) from error
    if not known.domain:
        raise SendFailed(f"{address!r} is no address", permanent=True)
    return formataddr((header_text(name), known.addr_spec))


def _refused(code: int, words: bytes | str) -> SendFailed:
    said = _answer(code, words)
    if code in WHATEVER_THE_LETTER:
        return SendFailed(said, unreachable=True)
    return SendFailed(said, permanent=code >= FOR_GOOD)


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return header_text(f"{code} {text}")


def _said(error: Exception) -> str:
    return header_text(str(error) or type(error).__name__)
