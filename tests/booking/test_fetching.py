"""The door to other people's machines, tried by those who would like to come in through it."""

import gzip
import itertools
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from booking.domain.addresses import Reach
from booking.fetching import Answer, Door, Unreachable
from tests.support.strangers import Script, Stranger, answer, canary, saying

GOOD = "agenda.example"
"""A name that this deployment allows, and that leads to the stranger of the test."""
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def names(**also: Sequence[str]) -> Any:
    """A resolver: `GOOD` and what is given, with dots for underscores; numbers as the system reads them."""
    known = {GOOD: ["127.0.0.1"], **{name.replace("_", "."): list(found) for name, found in also.items()}}

    def resolve(host: str, port: int) -> Sequence[tuple[Any, ...]]:
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in known[host]]
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)

    return resolve


def door_to(port: int, *, seconds: float = 5.0, resolve: Any = None) -> Door:
    return Door(Reach.of([f"{GOOD}:{port}"]), resolve=resolve or names(), seconds=seconds)


def asked(script: Script, *, path: str = "/agenda.ics", **options: Any) -> Answer:
    """One fetch from a stranger who follows that script."""
    with Stranger(script) as stranger:
        return door_to(stranger.port, **options).get(f"http://{GOOD}:{stranger.port}{path}")


def refused(script: Script, **options: Any) -> str:
    with pytest.raises(Unreachable) as caught:
        asked(script, **options)
    return caught.value.code


SPELLINGS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.00.00.01", "0x7f.0.0.01", "0177.0.0.1", "0177.0.0.01",
    "0x7f.0.0.1", "0x7F.1", "0x7f000001", "2130706433", "017700000001", "0x7f.0x0.0x0.0x1", "127.0.0.2",
    "127.127.127.127", "127.255.255.254", "0", "0.0.0.00", "0.0.0.1", "00000000", "[::]", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[::127.0.0.1]", "[::7f00:1]",
    "[::ffff:127.0.0.1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:0001::1]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    "[ff02::1]", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "\uff11\uff12\uff17.\uff10.\uff10.\uff11",
    "127\u30020\u30020\u30021", "127\uff610\uff610\uff611",
    "\U0001d7cf\U0001d7d0\U0001d7d5.\U0001d7ce.\U0001d7ce.\U0001d7cf", "localhost", "LOCALHOST", "localhost.",
    "\u24dbocalhost", "a.localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "10.0.0.1",
    "169.254.169.254", "100.64.0.1", "192.168.0.1", "172.16.0.1", "loopback.example", "rebound.example",
    "v6.example", "x@127.0.0.1", "x:y@localhost", "127.0.0.1%00", "127.0.0.1%2eexample.org",
    "example.org\\@127.0.0.1", "[::1%25lo]", "[::ffff:7f00:1%251]",
]  # fmt: skip


def test_there_are_enough_spellings_to_mean_something():
    assert len(set(SPELLINGS)) >= 60


@pytest.fixture(scope="module")
def nobody() -> Iterator[Stranger]:
    with canary() as stranger:
        yield stranger


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_private_address_connects(nobody: Stranger, spelling: str):
    resolve = names(loopback_example=["127.0.0.1"], rebound_example=["127.0.0.1", "10.0.0.1"], v6_example=["::1"])
    with pytest.raises(Unreachable) as caught:
        Door(Reach(), resolve=resolve, seconds=5).get(f"http://{spelling}:{nobody.port}/")
    assert caught.value.permanent
    assert caught.value.code in ("private-address", "not-a-web-address")
    assert nobody.reached == 0


def test_the_canary_does_sing_when_it_is_reached(nobody: Stranger):
    with canary() as bird:
        found = Door(Reach.of(["127.0.0.0/8"]), seconds=5).get(f"http://127.0.0.1:{bird.port}/")
        assert (found.body, bird.reached) == (b"the secret of this machine", 1)


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://user@localhost:{port}/",
        "http://loopback.example:{port}/",
        "https://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_x",
        "ftp://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@agenda.example/",
    ],
)
def test_a_redirect_leads_nowhere_that_an_address_does_not(nobody: Stranger, where: str):
    target = where.format(port=nobody.port)
    moved = saying(answer(b"", f"Location: {target}", status="302 Found"))
    assert refused(moved, resolve=names(loopback_example=["127.0.0.1"])) in (
        "private-address",
        "scheme",
        "not-a-web-address",
    )
    assert nobody.reached == 0


def test_a_name_is_checked_on_the_very_number_that_is_connected_to(nobody: Stranger):
    turns = itertools.count()

    def rebinding(host: str, port: int) -> Sequence[tuple[Any, ...]]:
        number = "193.190.1.1" if next(turns) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    with pytest.raises(Unreachable, match="private-address"):
        Door(Reach(), resolve=rebinding, seconds=5).get(f"http://rebound.example:{nobody.port}/")
    assert (next(turns), nobody.reached) == (1, 0), "the name was looked up once"


def test_five_redirects_are_followed_and_a_sixth_is_not():
    for redirects, fine in ((5, True), (6, False)):
        counted = itertools.count(1)

        def script(caller: socket.socket, head: bytes, last: int = redirects, turn: Any = counted) -> None:
            again = next(turn) <= last
            caller.sendall(answer(b"", "Location: /next", status="307 Moved") if again else answer(ICS))

        if fine:
            assert asked(script).body == ICS
        else:
            assert refused(script) == "too-many-redirects"


@pytest.mark.parametrize(
    "octets",
    [
        answer(gzip.compress(bytes(11 * 1024 * 1024)), "Content-Encoding: gzip"),
        answer(bytes(11 * 1024 * 1024)),
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(11 * 1024 * 1024),
    ],
)
def test_more_than_ten_megabytes_are_not_read_to_the_end(octets: bytes):
    assert refused(saying(octets)) == "too-large"


def test_a_body_without_end_stops_at_the_limit():
    def script(caller: socket.socket, head: bytes) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            caller.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")

    assert refused(script) == "too-large"


def drip(first: bytes, drop: bytes) -> Script:
    """Sends a little for ever, often enough that no single wait is long."""

    def script(caller: socket.socket, head: bytes) -> None:
        caller.sendall(first)
        while True:
            caller.sendall(drop)
            time.sleep(0.02)

    return script


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_whoever_drips_is_left_when_the_time_is_up(first: bytes, drop: bytes):
    began = time.monotonic()
    assert refused(drip(first, drop), seconds=0.4) in ("timed-out", "broken-answer")
    assert time.monotonic() - began < 3


def test_whoever_says_nothing_is_left_too():
    with Stranger() as silent:

        def wait(caller: socket.socket, head: bytes) -> None:
            silent.over.wait(10)

        silent._script = wait
        with pytest.raises(Unreachable, match="timed-out"):
            door_to(silent.port, seconds=0.3).get(f"http://{GOOD}:{silent.port}/")
        silent.over.set()


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00\x01\x02",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nBEGIN:VCALENDAR",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nBEGIN\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nBEGIN\r\n",
        answer(b"not gzip at all", "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 999999999999 OK\r\n\r\n",
    ],
)
def test_half_an_answer_is_no_answer(octets: bytes):
    assert refused(saying(octets)) == "broken-answer"


def test_what_speaks_no_tls_is_not_believed():
    with Stranger(saying(answer(ICS))) as stranger, pytest.raises(Unreachable) as caught:
        door_to(stranger.port).get(f"https://{GOOD}:{stranger.port}/")
    assert caught.value.code in ("insecure", "broken-answer")


def test_nobody_there_and_no_such_name():
    with Stranger() as gone:
        port = gone.port
    with pytest.raises(Unreachable, match="no-connection"):
        door_to(port).get(f"http://{GOOD}:{port}/")
    with pytest.raises(Unreachable, match="name-unknown"):
        door_to(port).get("http://unheard.example/")


def test_a_password_goes_to_where_it_was_typed_for_and_to_nobody_else():
    with Stranger(saying(answer(ICS))) as elsewhere:
        moved = saying(answer(b"", f"Location: http://{GOOD}:{elsewhere.port}/", status="302 Found"))
        with Stranger(moved) as stranger:
            reach = Reach.of([f"{GOOD}:{stranger.port}", f"{GOOD}:{elsewhere.port}"])
            Door(reach, resolve=names(), seconds=5).get(f"http://ann:secret@{GOOD}:{stranger.port}/a")
        assert b"Authorization: Basic YW5uOnNlY3JldA==" in stranger.heads[0]
        assert b"authorization" not in elsewhere.heads[0].lower()


def test_an_answer_carries_status_headers_and_the_decoded_body():
    octets = answer(
        gzip.compress(ICS), 'ETag: W/"1"', "Content-Encoding: gzip", "Set-Cookie: a=b", status="418 Tea"
    )
    with Stranger(saying(octets)) as stranger:
        door = door_to(stranger.port)
        found = door.get(f"http://{GOOD}:{stranger.port}/a?b=c", {"If-None-Match": 'W/"0"'})
        door.get(f"http://{GOOD}:{stranger.port}/a?b=c")
    assert (found.status, found.headers["etag"], found.body) == (418, 'W/"1"', ICS)
    assert stranger.heads[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: {GOOD}:{stranger.port}".encode() in stranger.heads[0]
    assert b'If-None-Match: W/"0"' in stranger.heads[0]
    assert b"cookie" not in stranger.heads[1].lower()


def test_a_post_goes_once_and_follows_nothing(nobody: Stranger):
    moved = saying(answer(b"no", f"Location: http://127.0.0.1:{nobody.port}/", status="307 Moved"))
    with Stranger(moved) as stranger:
        found = door_to(stranger.port).post(f"http://{GOOD}:{stranger.port}/hook", b"{}", {"X-Sign": "1"})
    assert (found.status, found.body, nobody.reached) == (307, b"no", 0)
    assert stranger.heads[0].startswith(b"POST /hook HTTP/1.1\r\n")


def test_no_log_line_holds_an_address(caplog: pytest.LogCaptureFixture):
    with Stranger() as gone:
        port = gone.port
    with pytest.raises(Unreachable) as caught:
        door_to(port).get(f"http://ann:secret@{GOOD}:{port}/private-token.ics?key=hidden")
    for secret in ("secret", "private-token", "hidden"):
        assert secret not in caplog.text + repr(caught.value)
