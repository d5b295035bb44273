"""Real conversations with mail servers: good ones, strict ones, slow ones, dying ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from notifications.domain.kinds import ROUNDS
from notifications.post import Folder, SendFailed, Server, envelope
from notifications.storage.letters import LetterRow
from tests.support.letters import mails
from tests.support.mail_servers import CERTIFICATE, Receiver, mail_server, silent_server

ID = "<01a2149b-0000-7000-8000-000000000001@localhost>"


@pytest.fixture
def server() -> Iterator[Receiver]:
    with mail_server() as receiver:
        yield receiver


def letter(**changed: object) -> LetterRow:
    row = LetterRow(
        id=UUID(int=1),
        person_id=UUID(int=2),
        name="Joris",
        email="joris@buda.example",
        venue=None,
        zone=None,
        kind=next(iter(ROUNDS)),
        side=None,
        event_id=None,
        booking_id=None,
        facts={},
        state="waiting",
        created_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
        next_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
        attempts=1,
        failure=None,
        language="nl",
        address=None,
        subject="Opties die deze week vervallen: “Marées” à 9 h",
        text="Dag Joris,\n.\neen punt alleen op een regel\n",
        html="<p>Dag</p>",
        calendar=None,
        message_id=ID,
    )
    return replace(row, **changed)  # type: ignore[arg-type]  # a test names the fields that matter to it


def send(server: Server, **changed: object) -> None:
    try:
        server.send(envelope(letter(**changed), sender="EMERGE <booking@emerge.example>", unsubscribe=None))
    finally:
        server.close()


def at(receiver: Receiver, user: str = "") -> Server:
    return Server(f"smtp://{user}127.0.0.1:{receiver.port}", patience=5)


def test_a_letter_arrives_as_it_was_written(server: Receiver) -> None:
    send(at(server))
    [mail] = server.letters
    assert mail.subject == "Opties die deze week vervallen: “Marées” à 9 h"
    assert mail.text.replace("\r\n", "\n") == "Dag Joris,\n.\neen punt alleen op een regel\n"
    assert server.ids == [ID]


def test_with_starttls_it_travels_encrypted_and_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(tls=True, login=True) as receiver:
        send(at(receiver, "emerge:pass%20word@"))
        assert receiver.encrypted == [True]
        assert receiver.logins == [(b"emerge", b"pass word")]
        with pytest.raises(SendFailed) as refused:
            send(at(receiver, "emerge:wrong@"))
    assert refused.value.unreachable
    assert "wrong" not in refused.value.why


def test_a_certificate_that_nobody_vouches_for_gets_neither_letter_nor_password() -> None:
    with mail_server(tls=True, login=True) as receiver:
        with pytest.raises(SendFailed) as refused:
            send(at(receiver, "emerge:pass%20word@"))
        assert (receiver.letters, receiver.logins) == ([], [])
    assert refused.value.unreachable


def test_a_password_never_travels_in_clear(server: Receiver) -> None:
    with pytest.raises(SendFailed) as refused:
        send(at(server, "emerge:pass%20word@"))
    assert refused.value.unreachable
    assert "pass" not in refused.value.why.replace("password", "")
    assert (server.letters, server.logins) == ([], [])


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 5.1.1 No such user", True), ("451 4.7.1 Greylisted", False)]
)
def test_what_is_refused_for_good_is_permanent_and_what_is_put_off_is_not(
    server: Receiver, where: str, answer: str, permanent: bool
) -> None:
    getattr(server, where).append(answer)
    with pytest.raises(SendFailed) as refused:
        send(at(server))
    assert (refused.value.permanent, refused.value.unreachable) == (permanent, False)
    assert answer[:3] in refused.value.why
    send(at(server))
    assert server.ids == [ID]


def test_a_server_that_dies_in_the_middle_gets_the_same_letter_again(server: Receiver) -> None:
    server.die_in_data = 1
    post = at(server)
    with pytest.raises(SendFailed) as refused:
        post.send(envelope(letter(), sender="a@b.example", unsubscribe=None))
    assert not refused.value.permanent
    post.send(envelope(letter(), sender="a@b.example", unsubscribe=None))
    post.close()
    assert server.ids == [ID]


def test_one_connection_carries_many_letters_past_one_that_is_refused(server: Receiver) -> None:
    post = at(server)
    server.at_recipient.append("550 5.1.1 No such user")
    with pytest.raises(SendFailed):
        post.send(envelope(letter(), sender="a@b.example", unsubscribe=None))
    for _ in range(3):
        post.send(envelope(letter(), sender="a@b.example", unsubscribe=None))
    post.close()
    assert len(server.letters) == 3


def test_a_server_that_never_speaks_is_given_up() -> None:
    with silent_server() as port, pytest.raises(SendFailed) as refused:
        send(Server(f"smtp://127.0.0.1:{port}", patience=0.2))
    assert refused.value.unreachable


def test_nobody_at_home_is_said_so() -> None:
    with silent_server() as port:
        pass
    with pytest.raises(SendFailed) as refused:
        send(Server(f"smtp://127.0.0.1:{port}", patience=1))
    assert refused.value.unreachable


@pytest.mark.parametrize("email", ["", "nobody", "a b@c.example", "a@", "x@y\r\nBcc: z@z", "@", "a@b@c", "<>"])
def test_an_address_that_is_none_is_set_aside(server: Receiver, email: str) -> None:
    with pytest.raises(SendFailed) as refused:
        send(at(server), email=email)
    assert refused.value.permanent
    assert server.letters == []


def test_nothing_in_a_name_or_a_subject_begins_another_header(server: Receiver) -> None:
    evil = "Marées\r\nBcc: everybody@example.org\r\n\r\n<script>\0\u2028x"
    send(at(server), name=evil, subject=evil)
    [mail] = server.letters
    assert mail.message["Bcc"] is None
    assert mail.to == "joris@buda.example"
    assert "\n" not in mail.subject
    assert "\0" not in mail.subject


def test_a_calendar_travels_as_one(server: Receiver) -> None:
    send(at(server), calendar="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
    part = list(server.letters[0].message.iter_parts())[-1]
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "REQUEST"


def test_of_several_calendars_each_travels_in_a_part_of_its_own(server: Receiver) -> None:
    one = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    send(at(server), calendar=one + one)
    kinds = [part.get_content_type() for part in server.letters[0].message.walk()]
    assert kinds[:2] == ["multipart/mixed", "multipart/alternative"]
    assert kinds.count("text/calendar") == 2


def test_without_a_server_a_repeat_replaces_what_is_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    for _ in range(2):
        folder.send(envelope(letter(), sender="a@b.example", unsubscribe=None))
    assert len(mails(tmp_path)) == 1
    assert [file.suffix for file in (tmp_path / "mail").iterdir()] == [".eml"]
