"""What is told of several things in one breath."""

import pytest
from flask import Flask
from flask_babel import force_locale

from booking.web.pages import formats


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "a\u00a0; b\u00a0; c"), ("nl", "a; b; c"), ("en", "a; b; c")]
)
def test_one_thing_stands_beside_another_as_the_language_has_it(app: Flask, language: str, said: str):
    with app.test_request_context(), force_locale(language):
        assert formats.together(["a", "b", "c"]) == said
        assert (formats.together(["a"]), formats.together([])) == ("a", "")
