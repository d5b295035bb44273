"""Files in and out: how much one request may send, and how what was kept leaves again."""

from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from flask import Flask, Response, current_app, request, send_file

from booking.storage.threads import FileRow

View = TypeVar("View", bound=Callable[..., object])

LARGEST = "largest_body"
BESIDES = 64 * 1024
"""What a form sends around its file."""


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let this view take a body of that many bytes, and a little for what surrounds it."""

    def marked(view: View) -> View:
        setattr(view, LARGEST, size + BESIDES)
        return view

    return marked


def received(name: str, most: int) -> bytes:
    """The octets of a file of a form, one more than may be at most; none when there is no such file."""
    sent = request.files.get(name)
    if sent is None:
        return b""
    with sent.stream as file:  # a large one lies on the disk until it is closed
        return file.read(most + 1)


def install_uploads(app: Flask) -> None:
    """Before anything reads the body: the limit of the view that will get it."""
    app.before_request(_widen)


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, LARGEST, None)
    if largest is not None:
        request.max_content_length = largest


def sent_file(row: FileRow, content: bytes) -> Response:
    """To be saved, as what it is by its content: nothing that a stranger made opens as a page of ours."""
    return send_file(
        BytesIO(content), mimetype=row.media_type, as_attachment=True, download_name=row.name, max_age=0
    )
