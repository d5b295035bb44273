"""The conversation of a booking, an enquiry or a trajectory: messages and files that both sides read."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

import puremagic

LONGEST_MESSAGE = 10_000
LARGEST_FILE = 10 * 1024 * 1024
"""In bytes: a rider with pictures fits, a film does not."""
MOST_FILES = 50
"""In one conversation."""
LONGEST_NAME = 120

SUFFIXES: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
"""What may be kept, by media type, and how its name ends. SVG is not among them: it is a program."""

UNWANTED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


class Subject(StrEnum):
    """What is talked about."""

    BOOKING = "booking"
    ENQUIRY = "enquiry"
    TRAJECTORY = "trajectory"


class FileKind(StrEnum):
    """What a file is for."""

    PROJECT = "project"
    RIDER = "rider"
    PLAN = "plan"
    PICTURE = "picture"
    OTHER = "other"


def media_type(content: bytes) -> str | None:
    """What the file is by its first bytes, whatever its name says; None: nothing that may be kept.

    >>> media_type(b"%PDF-1.7 and so on"), media_type(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    ('application/pdf', None)
    """
    if not content:
        return None
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError:
        return None
    return next((each.mime_type for each in found if each.mime_type in SUFFIXES), None)


def safe_name(name: str, kind_of_media: str) -> str:
    """A name that every system can keep and that ends as its content says.

    Without folders, control characters and the marks that turn writing round (Unicode category Cf).

    >>> safe_name("../../etc/Fiche technique.exe", "application/pdf")
    'Fiche technique.pdf'
    >>> safe_name("", "image/png")
    'file.png'
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cf", "Cs"))
    stem = PurePosixPath(UNWANTED.sub(" ", visible)).stem.strip(" .")
    suffix = SUFFIXES[kind_of_media]
    return f"{stem[: LONGEST_NAME - len(suffix)] or 'file'}{suffix}"
