"""Pages for when something goes wrong are in the language of whoever meets them, down to the last word."""

import re

import pytest
from flask import Flask

from booking.web.pages.errors import EXPLANATIONS, error_page
from tests.browser.words import Words

TAG = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.DOTALL)
SAID = re.compile(r'(?:aria-label|title|content)="([^"]*)"')


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_english_is_left_on_the_page_of_any_error(app: Flask, language: str) -> None:
    for status in EXPLANATIONS:
        with app.test_request_context("/nowhere", headers={"Accept-Language": language}):
            page = error_page(status).get_data(as_text=True)
        assert f'<html lang="{language}">' in page
        assert (status, Words.of(language).english_in(_texts(page))) == (status, [])
        assert str(status) in _texts(page)


def _texts(page: str) -> list[str]:
    main = page[page.index("<main") :]
    return [*TAG.sub("\n", main.replace("&#39;", "'")).split("\n"), *SAID.findall(main)]


def test_english_would_be_seen(app: Flask) -> None:
    with app.test_request_context("/nowhere", headers={"Accept-Language": "en"}):
        page = error_page(404).get_data(as_text=True)
    assert Words.of("nl").english_in(_texts(page)) != []
