"""Content lines that others wrote (RFC 5545 §3.1): octets in, components out, however badly they are made.

Only octets are read: a text that happens to be a path or an address is a text like any other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_TEXT = 500
"""Characters that are kept of a title or a place."""

KEPT = frozenset(
    {
        *("BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("STATUS", "TRANSP", "SUMMARY", "LOCATION", "CATEGORIES", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY"),
        *("X-WR-TIMEZONE", "X-WR-CALNAME", "NAME", "TZID", "TZOFFSETFROM", "TZOFFSETTO"),
    }
)
"""What busy time depends on; every other line is left unread."""

FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
ESCAPED = re.compile(r"\\([nN;,\\])")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows them."""
NO_PARAMETERS: Mapping[str, str] = {}


class NotACalendar(ValueError):
    """Nothing here can be read. `code`: empty, not-a-calendar or cut-off (half an answer)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Property:
    """One line: its parameters by name in capitals, and its value as it stands there."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Component:
    """What stood between BEGIN and END. `whole`: it was closed by its own name."""

    name: str
    lines: dict[str, list[Property]] = field(default_factory=dict)
    whole: bool = False

    def first(self, name: str) -> Property | None:
        """The first line of that name."""
        found = self.lines.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first TEXT of that name as people read it; empty when there is none."""
        found = self.lines.get(name)
        return plain(found[0].value) if found else ""


@dataclass(slots=True)
class ZoneComponent(Component):
    """A VTIMEZONE with its observances."""

    observances: list[Component] = field(default_factory=list)


def components(body: bytes) -> list[Component]:
    """Everything on the first floor of all calendars in the body, their own lines as `VCALENDAR`, and all events.

    A component that stands there without a calendar around it is read too.

    NotACalendar when it is empty, something else, or does not come to its end.

    >>> components(b"/etc/passwd")
    Traceback (most recent call last):
        ...
    calendars.domain.foreign_lines.NotACalendar: not-a-calendar
    """
    text = _decoded(body)
    if not text.strip("\x00 \t\n"):
        raise NotACalendar("empty")
    if not _begins(text):
        raise NotACalendar("not-a-calendar")
    reader = _Reader()
    for name, line in _lines(text):
        reader.take(name, line)
    if reader.open:
        raise NotACalendar("cut-off")
    return reader.found


def is_calendar(body: bytes) -> bool:
    """Whether it begins as one.

    >>> is_calendar(b"\xef\xbb\xbf\r\nbegin:vcalendar"), is_calendar(b"start;title")
    (True, False)
    """
    return _begins(_decoded(body[:200]))


def _begins(text: str) -> bool:
    return text.lstrip("\x00 \t\n")[:7].upper() == "BEGIN:V"


class _Reader:
    """Keeps the components that are open, and forgives what closes them wrongly."""

    def __init__(self) -> None:
        self.found: list[Component] = []
        self.open: list[Component] = []

    def take(self, name: str, line: Property) -> None:
        if name == "BEGIN":
            self._begin(line.value.strip().upper())
        elif name == "END":
            self._end(line.value.strip().upper())
        elif self.open:
            self.open[-1].lines.setdefault(name, []).append(line)

    def _begin(self, name: str) -> None:
        if name == "VCALENDAR":
            self.open.clear()
        made = ZoneComponent(name) if name == "VTIMEZONE" else Component(name)
        outer = self.open[-1] if self.open else None
        if name == "VEVENT" and outer is not None and outer.name == "VEVENT":
            self.open.pop()  # the one before was never closed: it counts, and is no container
            outer = self.open[-1] if self.open else None
        if isinstance(outer, ZoneComponent):
            outer.observances.append(made)
        elif name == "VEVENT" or outer is None or outer.name == "VCALENDAR":
            self.found.append(made)
        self.open.append(made)

    def _end(self, name: str) -> None:
        if name.startswith("VCALENDAR"):
            self.open.clear()
        elif self.open and self.open[-1].name != "VCALENDAR":
            last = self.open.pop()
            last.whole = last.name == name


def _decoded(body: bytes) -> str:
    """UTF-8 as the standard wants it, else what old programs write; folds go first, they may cut a character."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body.decode("utf-16", "replace").encode("utf-8", "replace")
    octets = FOLD.sub(b"", body.removeprefix(b"\xef\xbb\xbf"))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> Iterator[tuple[str, Property]]:
    for raw in text.split("\n"):
        head, colon, value = raw.partition(":")
        if ";" not in head:
            name = head.strip().upper()
            if name in KEPT and colon:
                yield name, Property(value, NO_PARAMETERS)
            continue
        name = head.partition(";")[0].strip().upper()
        if name in KEPT:
            yield name, _with_parameters(raw, len(raw.partition(";")[0]))


def _with_parameters(raw: str, at: int) -> Property:
    """A value begins after the first colon that stands in no quotes."""
    parameters: dict[str, str] = {}
    while match := PARAMETER.match(raw, at):
        parameters[match[1].upper()] = match[2].strip().strip('"')
        at = match.end()
    colon = raw.find(":", at)
    if raw.startswith("//", colon + 1) and "TZID" in parameters:  # Outlook's tzone://…, unquoted
        last = raw.rfind(":")
        parameters["TZID"] += raw[colon:last].partition(";")[0]
        colon = last
    return Property(raw[colon + 1 :] if colon >= 0 else "", parameters)


def plain(value: str) -> str:
    r"""A TEXT as people read it: unescaped, in one line, cut, without what hides or turns it.

    >>> plain("Mar\\, nuit\\n2")
    'Mar, nuit 2'
    """
    shown = ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value[: 2 * LONGEST_TEXT])
    return UNSEEN.sub("", shown).strip()[:LONGEST_TEXT]


def listed(value: str) -> list[str]:
    """The members of a list of TEXTs, such as CATEGORIES."""
    return [word for piece in re.split(r"(?<!\\),", value) if (word := plain(piece))]
