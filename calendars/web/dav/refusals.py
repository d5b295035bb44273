"""A no in the words of WebDAV: a status, and which condition did not hold (RFC 4918 §16)."""


class DavRefusal(Exception):
    """`condition`: the element that names it, such as `C:supported-filter`."""

    def __init__(self, status: int, condition: str = "") -> None:
        super().__init__(status, condition)
        self.status = status
        self.condition = condition
