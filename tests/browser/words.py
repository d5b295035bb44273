"""The words of the pages in one language, and a way to tell English that was left behind."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.words import PACKAGES, translated

GAP = re.compile(r"%\(\w+\)[sd]")
WORD = re.compile(r"[^\W\d_]+")
SURE = 3
"""As many words in a row are not chance."""
PLAIN_ENGLISH = re.compile(r"\b(the|and|with|your|this|that|from|are|you|has|been|have|will)\b", re.IGNORECASE)
"""Words that neither Dutch nor French has."""


@dataclass(frozen=True)
class Words:
    """`language`: of the page; `en` says everything as it is."""

    language: str
    known: Mapping[str, tuple[str, ...]]

    @classmethod
    @cache
    def of(cls, language: str) -> "Words":
        """Read from the catalogues that the pages use."""
        if language == "en":
            return cls(language, {})
        return cls(language, dict(_catalogues(language)))

    def __call__(self, sentence: str, **facts: Any) -> str:
        """A sentence of the product (its singular, where it counts). KeyError when no page says it any more."""
        forms = self.known[sentence] if self.known else (sentence,)
        text = forms[0] if facts.get("num", 1) == 1 else forms[-1]
        return text % facts if facts else text

    def english_in(self, texts: Iterable[str]) -> list[str]:
        """What among the texts of a page is still English."""
        if self.language == "en":
            return []
        pieces = [" ".join(text.split()) for text in texts]
        whole = "\n".join(pieces)
        exact = set(pieces)
        found = [piece for piece in pieces if PLAIN_ENGLISH.search(piece)]
        for longest, pattern, sentence in _english(self.language):
            if sentence in exact or (pattern is not None and longest in whole and pattern.search(whole)):
                found.append(sentence)
        return sorted(set(found))


def _catalogues(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    messages = [message for package in PACKAGES for message in translated(package, language)]
    for context in (True, False):  # what is said without one is meant, unless somebody says more
        for message in messages:
            if message.id and bool(message.context) is context:
                single = message.id if isinstance(message.id, str) else message.id[0]
                yield single, (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@cache
def _english(language: str) -> list[tuple[str, re.Pattern[str] | None, str]]:
    """Every English sentence that reads otherwise in this language, and how to find the longer ones anywhere.

    Its longest piece comes first: where that is not, the pattern need not look.
    """
    known = Words.of(language).known
    own = {form for _, forms in _catalogues(language) for form in forms}  # one word may be a verb and a state
    return [(max(_pieces(each), key=len), _pattern(each), each) for each in known if each not in own]


def _pieces(sentence: str) -> list[str]:
    return GAP.split(" ".join(sentence.split()).replace("%%", "%"))


def _pattern(sentence: str) -> re.Pattern[str] | None:
    pieces = _pieces(sentence)
    if sum(len(WORD.findall(piece)) for piece in pieces) < SURE:
        return None
    return re.compile(r"[^\n]{1,80}?".join(map(re.escape, pieces)))
