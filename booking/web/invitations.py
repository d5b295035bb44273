"""Where somebody who was let in chooses a first password."""

from booking.web.context import parts


def invitation_address(token: str) -> str:
    """The address of that page, to be passed on."""
    return f"{parts().settings.base_url}/invitation/{token}"
