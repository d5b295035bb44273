"""The letters that landed in the folder of a test, read as a mail program reads them."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    """One letter as it arrived."""

    message: EmailMessage

    @property
    def to(self) -> str:
        """The address."""
        return str(self.message["To"].addresses[0].addr_spec)

    @property
    def subject(self) -> str:
        """The subject."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain part."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        """The HTML part."""
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    def link(self, under: str) -> str:
        """The path of the first link that leads there: `/letters/act/`."""
        found = re.search(rf"http://localhost({re.escape(under)}[\w.~-]+)", self.text)
        assert found is not None, self.text
        return found[1]


def parsed(raw: bytes) -> Mail:
    """A letter out of its octets."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return Mail(message)


def mails(folder: Path) -> list[Mail]:
    """Everything that landed, in the order in which it was written."""
    files = sorted((folder / "mail").glob("*.eml"), key=lambda file: file.name)
    return [parsed(file.read_bytes()) for file in files]


def invitation(folder: Path, to: str) -> str:
    """The path in the newest letter that lets somebody in; the worker has sent it."""
    found = [mail for mail in mails(folder) if mail.to == to and "/invitation/" in mail.text]
    assert found, [mail.to for mail in mails(folder)]
    return found[-1].link("/invitation/")
