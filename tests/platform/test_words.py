"""Every sentence exists in Dutch and in French."""

import re

import pytest

from tests.support.words import LANGUAGES, PACKAGES, problems, translated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_is_translated(package: str, language: str) -> None:
    assert list(problems(package, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_several_packages_say_is_translated_once(language: str) -> None:
    """The catalogues are laid over each other: of two translations one would stand where the other was meant."""
    found: dict[tuple[object, object], set[object]] = {}
    for package in PACKAGES:
        for message in translated(package, language):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                found.setdefault((message.context, key), set()).add(str(message.string))
    assert {key: words for key, words in found.items() if len(words) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_french_mark_stands_alone_at_the_beginning_of_a_line(package: str) -> None:
    """French puts a space before them that does not break (Imprimerie nationale, Lexique des règles)."""
    said = [
        form
        for message in translated(package, "fr")
        for form in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert [each for each in said if re.search(r" [:;?!»]|« ", each)] == []
