"""Addresses as pictures that a camera reads."""

from io import BytesIO

import segno


def picture(url: str) -> bytes:
    """A QR code of it as SVG, in black on white whatever the theme: cameras like it so."""
    drawn = BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue()
