"""What may be kept in a conversation."""

import pytest

from booking.domain.threads import LONGEST_NAME, media_type, safe_name


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20, "image/jpeg"),
        (b"GIF89a" + b"\0" * 20, "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 20, "image/webp"),
        (b"%PDF-1.4\n", "application/pdf"),
        (b"hello", None),
        (b"<html>%PDF-1.4", None),
        (b"PK\x03\x04" + b"\0" * 30, None),
        (b"", None),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, expected: str | None):
    assert media_type(content) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:\\riders\\Marées 2027.PDF", "Marées 2027.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie  x.pdf"),
        ("...", "file.pdf"),
        ("x" * 500, "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_that_every_system_can_keep(name: str, expected: str):
    assert safe_name(name, "application/pdf") == expected
