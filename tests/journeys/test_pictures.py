"""Pictures of a place: written anew, with words in three languages, in order, seen by everybody."""

import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from booking.domain.refusals import Malformed
from booking.services.pictures import LARGEST_PICTURE, prepared
from tests.support.api import Answer, Api
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
PAGE = "/desk/BUD/setup/BUD-S1/pictures"
ALT = {"alt.nl": "Een lichte zaal", "alt.fr": "Une salle claire", "alt.en": "A light room"}
WHERE = b"51.0N 3.7E, secret garden"


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, (180, 90, 40))
    image.save(file, kind, exif=exif)
    return file.getvalue()


def a_bomb() -> bytes:
    """A PNG of ten thousand million pixels in a few hundred octets."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def test_a_picture_as_large_as_may_be_is_made_small_in_little_memory():
    """Fifty million pixels take 200 MB in colours: not four times that, for each picture that is sent."""
    program = """
import resource, struct, zlib
from booking.services.pictures import prepared
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
head = struct.pack(">IIBBBBB", 7000, 7000, 8, 0, 0, 0, 0)
rows = zlib.compress((b"\\0" + b"\\x80" * 7000) * 7000, 1)
sent = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert prepared(sent).shape == (1600, 1600)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert int(told.stdout) < 300, "MB"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_taken_on_its_side_stands_upright(kind: str):
    exif = Image.Exif()
    exif[0x0112] = 6
    file = BytesIO()
    Image.new("RGB", (2400, 1200), (180, 90, 40)).save(file, kind, exif=exif)
    assert prepared(file.getvalue()).shape == (800, 1600)


def send(visitor: Visitor, content: bytes, **other: str) -> Answer:
    return visitor.post(PAGE, {**ALT, **other, "file": (BytesIO(content), "hall.jpg")})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_and_seen_by_everybody(app: Flask, api: As, kind: str):
    joris = Visitor(app, "joris")
    assert send(joris, a_picture(kind)).status == 303
    (picture,) = api(None).get("/resources/BUD-S1/pictures").json["items"]
    assert picture["alt"] == {"nl": "Een lichte zaal", "fr": "Une salle claire", "en": "A light room"}
    assert (picture["width"], picture["height"]) == (1600, 800)
    stranger = Visitor(app, None)
    for size, side in (("large", 1600), ("small", 480)):
        answer = stranger.get(f"/pictures/{picture['id']}-{size}.webp")
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
        assert WHERE not in answer.body
        with Image.open(BytesIO(answer.body)) as found:
            assert found.width == side
            assert not found.getexif()
    shown = stranger.get("/resources/BUD-S1").text
    assert 'alt="A light room"' in shown
    small = f'src="/pictures/{picture["id"]}-small.webp"'
    sized = 'alt="A light room" width="1600" height="800" loading="lazy"'
    need = "kind=studio&first=2027-03-08&last=2027-03-19"
    for page in (
        stranger.get("/venues/BUD"),
        stranger.get("/resources?kind=studio"),
        Visitor(app, "camille").get(f"/search?{need}"),
    ):
        assert small in page.text
    assert sized in stranger.get("/resources?kind=studio").text, "nothing jumps when it comes"


@pytest.mark.parametrize(
    ("content", "other", "said"),
    [
        (b"", {}, "Dit is nodig."),
        (b"GIF89a" + b"\0" * 40, {}, "Alleen foto’s"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "Alleen foto’s"),
        (a_picture()[:500], {}, "Alleen foto’s"),
        (a_bomb(), {}, "foto"),
        (a_picture(size=(40, 20)), {"alt.fr": " "}, "Dit is nodig."),
    ],
    ids=["nothing", "gif", "svg", "cut short", "bomb", "without words"],
)
def test_what_is_no_picture_or_has_no_words_is_refused(
    app: Flask, api: As, content: bytes, other: dict[str, str], said: str
):
    refused = send(Visitor(app, "joris"), content, **other)
    assert refused.status == 422
    assert said in refused.text
    assert api(None).get("/resources/BUD-S1/pictures").json["items"] == []


def test_a_repeat_over_the_api_gets_the_same_picture(app: Flask, api: As):
    boundary = "b0undary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}'
        for name, text in ALT.items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = "\r\n".join([*parts, file]).encode() + a_picture(size=(60, 40)) + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": "once"}
    first, again = (
        api("joris").request("POST", "/resources/BUD-S1/pictures", body=body, headers=headers) for _ in range(2)
    )
    assert (first.status, again.status, first.json) == (201, 201, again.json)
    assert len(api(None).get("/resources/BUD-S1/pictures").json["items"]) == 1
    assert api("bram").request("POST", "/resources/BUD-S1/pictures", body=body, headers=headers).status == 403


def test_more_than_ten_megabytes_are_not_even_looked_at():
    with pytest.raises(Malformed) as refused:
        prepared(b"\xff\xd8\xff" + b"x" * LARGEST_PICTURE)
    assert refused.value.errors == {"file": ["too-large"]}


def test_pictures_are_put_in_order_and_taken_away(app: Flask, api: As):
    joris = Visitor(app, "joris")
    for n in range(3):
        assert send(joris, a_picture(size=(60 + n, 40))).status == 303

    def widths() -> list[int]:
        return [each["width"] for each in api(None).get("/resources/BUD-S1/pictures").json["items"]]

    assert widths() == [60, 61, 62]
    last = api(None).get("/resources/BUD-S1/pictures").json["items"][-1]["id"]
    assert joris.post(f"{PAGE}/{last}/first").status == 303
    assert widths() == [62, 60, 61]
    assert api("joris").delete(f"/resources/BUD-S1/pictures/{last}").status == 204
    assert widths() == [60, 61]
    assert Visitor(app, None).get(f"/pictures/{last}-small.webp").status == 404
    log = joris.get("/desk/BUD/setup/BUD-S1/history").text
    assert len(re.findall("A light room", log)) >= 3


@pytest.mark.parametrize(("text", "status"), [("Une salle\N{NO-BREAK SPACE}: claire", 303), ("Une\x07salle", 422)])
def test_its_words_may_hold_the_spaces_of_french_and_no_control_characters(app: Flask, text: str, status: int):
    assert send(Visitor(app, "joris"), a_picture(size=(40, 20)), **{"alt.fr": text}).status == status
