"""What a calendar app asks for: events of a time, or with a text (RFC 4791 §9.7)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from booking.domain.spans import Span
from calendars.domain.events import Event
from calendars.domain.expanding import occurrences, span

ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class PropertyMatch:
    """A property that is there, is not (`absent`), or holds a text, in any case (`negated`: does not)."""

    name: str
    absent: bool = False
    text: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`matches_events` False: what is asked for is none of ours (tasks, alarms). All of the rest must hold."""

    matches_events: bool = True
    during: Span | None = None
    properties: tuple[PropertyMatch, ...] = ()


def matches(query: Query, events: Sequence[Event], text: bytes) -> bool:
    """Whether the events of one UID, with their text, are asked for."""
    if not query.matches_events:
        return False
    if query.during is not None and not any(happening(events, query.during)):
        return False
    return all(_has(each, text) for each in query.properties)


def happening(events: Sequence[Event], during: Span) -> Iterator[Event]:
    """The occurrences that touch that time."""
    return (each for each in occurrences(events) if span(each).overlaps(during))


def _has(wanted: PropertyMatch, text: bytes) -> bool:
    values = [value for name, value in _properties(text) if name == wanted.name.upper()]
    if wanted.absent:
        return not values
    if wanted.text is None:
        return bool(values)
    sought = wanted.text.casefold()
    found = any(sought in value.casefold() for value in values)
    return found is not wanted.negated


def _properties(text: bytes) -> Iterator[tuple[str, str]]:
    """Names and values of our own lines: no parameter of them holds a colon."""
    for line in text.decode().replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        plain = ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], value)
        yield name.partition(";")[0], plain
