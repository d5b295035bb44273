"""Pages travel compressed; feeds and the API look after themselves."""

import gzip

from flask import Response, request

SMALLEST = 1024
LEVEL = 6


def compress(response: Response) -> Response:
    """The page under gzip, for browsers that take it (RFC 9110 §8.4).

    The session cookie is SameSite=Lax, so nobody else's page can make a browser fetch ours
    again and again and learn a secret from the length.
    """
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) < SMALLEST or request.accept_encodings["gzip"] <= 0 or "Content-Encoding" in response.headers:
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
