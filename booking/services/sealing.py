"""Documents that the database keeps without being able to read them: sealed with this deployment's secret."""

import base64
import hmac
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, purpose: str, document: Mapping[str, Any]) -> str:
    """The document as text that nobody reads without the secret and the purpose for which it was sealed.

    >>> sealed = seal("only-for-doctests", "an answer", {"secret": "whsec_1"})
    >>> "whsec_1" in sealed, unseal("only-for-doctests", "an answer", sealed)
    (False, {'secret': 'whsec_1'})
    >>> unseal("only-for-doctests", "another answer", sealed) is None
    True
    """
    return _fernet(secret, purpose).encrypt(orjson.dumps(document)).decode("ascii")


def unseal(secret: str, purpose: str, sealed: str) -> dict[str, Any] | None:
    """The document; None when it was sealed with another secret or for another purpose."""
    try:
        document: dict[str, Any] = orjson.loads(_fernet(secret, purpose).decrypt(sealed.encode()))
    except InvalidToken:
        return None
    return document


def _fernet(secret: str, purpose: str) -> Fernet:
    key = hmac.digest(secret.encode(), b"sealed:" + purpose.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
