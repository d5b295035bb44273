"""Every sentence exists in Dutch and in French."""

import pytest

from tests.support.words import LANGUAGES, PACKAGES, problems


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_is_translated(package: str, language: str) -> None:
    assert list(problems(package, language)) == []
