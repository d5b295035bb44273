"""How often somebody may guess. Only wrong answers count, so that nobody is locked out by working."""

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

WRONG = 422


def guessed_wrong(response: Response) -> bool:
    """Whether the answer was that address and password do not belong together."""
    return response.status_code == WRONG


def door_and_name() -> str:
    """Who guesses at whom."""
    return f"{get_remote_address()} {request.form.get('email', '').strip().lower()[:254]}"


limiter = Limiter(get_remote_address, headers_enabled=False)
"""Counts per process, or together where REDIS_URL is set."""

at_one_name = limiter.limit("10 per minute; 50 per hour", key_func=door_and_name, deduct_when=guessed_wrong)
at_many_names = limiter.limit("100 per hour", deduct_when=guessed_wrong)
