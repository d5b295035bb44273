"""Five parsers that know nothing of each other, and of us, read the same out of calendars made by chance.

icalendar, vobject and ics in Python; ical.js, which Thunderbird reads with, and node-ical in a browser.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import icalendar
import ics
import pytest
import recurring_ical_events
import vobject
from playwright.sync_api import Browser

from tests.support.generated import Generated, Happening, calendar, told
from tests.support.two_readers import check_lines

HOW_MANY = int(os.environ.get("GENERATED_CALENDARS", "100"))
"""`make soak` reads a thousand."""

VENDOR = Path(__file__).parent / "vendor"
FROM, TO = date(2026, 1, 1), date(2032, 1, 1)

ICAL_JS = """
bodies => bodies.map(body => {
  const calendar = new ICAL.Component(ICAL.parse(body));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const tell = time => time.isDate ? time.toString() : String(time.toUnixTime());
  const found = [];
  const all = calendar.getAllSubcomponents("vevent").map(each => new ICAL.Event(each));
  const exceptions = all.filter(each => each.isRecurrenceException());
  const add = (event, start, end) => {
    if (event.component.getFirstPropertyValue("status") !== "CANCELLED")
      found.push([event.uid, tell(start), tell(end), event.summary]);
  };
  for (const event of all.filter(each => !each.isRecurrenceException())) {
    for (const each of exceptions) if (each.uid === event.uid) event.relateException(each);
    if (!event.isRecurring()) { add(event, event.startDate, event.endDate); continue; }
    const iterator = event.iterator();
    for (let next = iterator.next(); next; next = iterator.next()) {
      const details = event.getOccurrenceDetails(next);
      add(details.item, details.startDate, details.endDate);
    }
  }
  ICAL.TimezoneService.reset();
  return found;
})
"""

NODE_ICAL = """
bodies => bodies.map(body => {
  const found = [];
  const pad = number => String(number).padStart(2, "0");
  const day = when => `${when.getFullYear()}-${pad(when.getMonth() + 1)}-${pad(when.getDate())}`;
  const tell = (when, whole) => whole ? day(when) : String(when.getTime() / 1000);
  for (const event of Object.values(nodeIcal.sync.parseICS(body))) {
    if (event.type !== "VEVENT") continue;
    const window = { from: new Date("2026-01-01"), to: new Date("2032-01-01") };
    const instances = event.rrule || event.recurrences
      ? nodeIcal.expandRecurringEvent(event, window)
      : [{ start: event.start, end: event.end, isFullDay: event.datetype === "date", event }];
    for (const each of instances) {
      if (each.event.status === "CANCELLED") continue;
      const ends = [each.start, each.end].map(when => tell(when, each.isFullDay));
      found.push([each.event.uid, ...ends, each.event.summary]);
    }
  }
  return found;
})
"""


@pytest.fixture(scope="module")
def generated() -> Sequence[Generated]:
    return [calendar(seed) for seed in range(HOW_MANY)]


def by_icalendar(body: bytes) -> Iterator[Happening]:
    read = icalendar.Calendar.from_ical(body)
    del read["X-WR-TIMEZONE"]  # the library that expands would reckon lengths on its clock
    for each in recurring_ical_events.of(read).between(FROM, TO):
        if each.get("STATUS") != "CANCELLED":
            yield Happening(
                str(each["UID"]), told(each["DTSTART"].dt), told(each["DTEND"].dt), str(each["SUMMARY"])
            )


def by_vobject(body: bytes) -> Iterator[Happening]:
    for each in vobject.readOne(body.decode()).vevent_list:
        yield Happening(each.uid.value, told(each.dtstart.value), told(each.dtend.value), each.summary.value)


def by_ics(body: bytes) -> Iterator[Happening]:
    for each in ics.Calendar(body.decode()).events:
        start, end = (moment.date() if each.all_day else moment.datetime for moment in (each.begin, each.end))
        yield Happening(each.uid, told(start), told(end), each.name)


CARELESS = frozenset({"ics", "node-ical.min.js"})
"""They take a backslash before an n for a line's end, whatever stands before it."""


def said_by(parser: str, happenings: Iterable[Happening]) -> list[Happening]:
    """In order; without titles where a parser gets those wrong."""
    return sorted(replace(each, title="") if parser in CARELESS else each for each in happenings)


Reads = Callable[[bytes], Iterator[Happening]]
IN_PYTHON: Mapping[str, Reads] = {"icalendar": by_icalendar, "vobject": by_vobject, "ics": by_ics}


@pytest.mark.parametrize("parser", IN_PYTHON)
def test_python_reads_what_was_written(parser: str, generated: Sequence[Generated]) -> None:
    for each in generated:
        check_lines(each.body)
        if parser != "icalendar" and each.repeats:  # ics knows no recurrence, vobject loses an hour in some zones
            continue
        found = list(IN_PYTHON[parser](each.body))
        assert said_by(parser, found) == said_by(parser, each.happenings), each.body.decode()


@pytest.mark.parametrize(
    ("library", "question"),
    [("ical.min.cjs", ICAL_JS), ("node-ical.min.js", NODE_ICAL)],
    ids=["ical.js", "node-ical"],
)
def test_javascript_reads_what_was_written_and_warns_of_nothing(
    library: str, question: str, generated: Sequence[Generated], browser: Browser
) -> None:
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    source = (VENDOR / library).read_text(encoding="utf-8")
    page.evaluate(f"() => {{ const module = undefined, exports = undefined; {source} }}")
    found = page.evaluate(question, [each.body.decode() for each in generated])
    page.close()
    for each, mine in zip(generated, found, strict=True):
        read = [Happening(*one) for one in mine]
        assert said_by(library, read) == said_by(library, each.happenings), each.body.decode()
    assert said == []
