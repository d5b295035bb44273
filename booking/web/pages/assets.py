"""Addresses of static files that change with their content, so that browsers may keep them for good."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import has_request_context, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup


def asset_for(folder: Path) -> Callable[..., str]:
    """A function that gives the address of a file in `folder`. FileNotFoundError when there is none."""

    @lru_cache(maxsize=64)
    def fingerprint(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]

    @lru_cache(maxsize=256)
    def address(name: str, _root: str, *, versioned: bool) -> str:
        """Made once for each place that the service hangs at: a plan names its icons some thousand times."""
        if versioned:
            return url_for("static", filename=name, v=fingerprint(name))
        return url_for("static", filename=name)

    def asset(name: str, *, versioned: bool = True) -> str:
        if not has_request_context():  # whole addresses, which are no page's
            return address.__wrapped__(name, "", versioned=versioned)
        return address(name, request.script_root, versioned=versioned)

    return asset


def csrf_field() -> Markup:
    """The hidden field that shows that a form came from one of our pages."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
