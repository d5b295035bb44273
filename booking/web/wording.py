"""Refusals, conflicts and days in words, in the reader's language: the same for pages, API and letters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import format_date, format_decimal, gettext, ngettext

from booking.domain.refusals import Conflict
from booking.domain.wall_clock import at_venue
from booking.domain.ways_out import WayOut
from booking.web.context import roads
from booking.web.languages import localised

MOST_PIECES = 4
DAY = timedelta(days=1)


def days_in_words(days: Sequence[date]) -> str:
    """`Wed 12 May 2027`, `Mon 8 – Fri 12 Mar 2027, Wed 17 Mar 2027`; neighbours are joined."""
    pieces: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if pieces and day - pieces[-1][1] == DAY:
            pieces[-1] = (pieces[-1][0], day)
        else:
            pieces.append((day, day))
    words = [_piece(first, last) for first, last in pieces[:MOST_PIECES]]
    more = len(pieces) - MOST_PIECES
    if more > 0:
        words.append(ngettext("%(num)d more", "%(num)d more", more))
    return ", ".join(words)


def _piece(first: date, last: date) -> str:
    if first == last:
        return str(format_date(last, "EEE d MMM y"))
    pattern = "EEE d MMM" if first.year == last.year else "EEE d MMM y"
    return f"{format_date(first, pattern)} – {format_date(last, 'EEE d MMM y')}"


def _length(minutes: int) -> str:
    if minutes % 1440 == 0:
        return str(ngettext("%(num)d day", "%(num)d days", minutes // 1440))
    if minutes % 60 == 0:
        return str(ngettext("%(num)d hour", "%(num)d hours", minutes // 60))
    return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))


Sentence = Callable[[Conflict, str, str], str]


def _capacity(conflict: Conflict, place: str, _days: str) -> str:
    words = gettext(
        "%(place)s: %(short)d short on %(days)s. %(available)d of the %(asked)d asked can be had.",
        place=place,
        short=conflict.short or 0,
        days=_short_days(conflict),
        available=conflict.facts["available"],
        asked=conflict.facts["asked"],
    )
    return str(words)


def _short_days(conflict: Conflict) -> str:
    return days_in_words([date.fromisoformat(day) for day in conflict.facts["short_by_day"]])


def _window(conflict: Conflict, place: str, days: str) -> str:
    """What is not offered, and the first period that is."""
    windows = conflict.facts["open"]
    if not windows:
        words = gettext("%(place)s is not open for requests on %(days)s.", place=place, days=days)
    else:
        start, end = (datetime.fromisoformat(windows[0][name]) for name in ("start", "end"))
        words = gettext(
            "%(place)s is not open for requests on %(days)s. Open for requests: %(period)s.",
            place=place,
            days=days,
            period=_piece(start.date(), (end - DAY).date() if end - DAY > start else start.date()),
        )
    return str(words)


RULE_WORDS: Mapping[str, Sentence] = {
    "granularity": lambda conflict, place, _: gettext(
        "%(place)s is booked in steps of %(length)s.", place=place, length=_length(conflict.facts["minutes"])
    ),
    "whole-days": lambda _, place, __: gettext("%(place)s is booked by whole days.", place=place),
    "shortest": lambda conflict, place, _: gettext(
        "%(place)s is booked for at least %(length)s.", place=place, length=_length(conflict.facts["minutes"])
    ),
    "longest": lambda conflict, place, _: gettext(
        "%(place)s is booked for at most %(length)s.", place=place, length=_length(conflict.facts["minutes"])
    ),
    "lead": lambda conflict, place, _: gettext(
        "%(place)s is asked at least %(length)s ahead.", place=place, length=_length(conflict.facts["minutes"])
    ),
    "past": lambda _, place, days: gettext("%(place)s: %(days)s has passed.", place=place, days=days),
    "horizon": lambda conflict, place, _: gettext(
        "%(place)s is booked at most %(length)s ahead.",
        place=place,
        length=_length(conflict.facts["days"] * 1440),
    ),
    "most-rank": lambda conflict, place, days: gettext(
        "%(place)s: the queue is full on %(days)s; at most %(num)d options stand behind one another.",
        place=place,
        days=days,
        num=conflict.facts["rank"],
    ),
    "most-options": lambda conflict, _, __: gettext(
        "One organisation holds at most %(num)d options at this house.", num=conflict.facts["options"]
    ),
    "extensions": lambda conflict, _, __: gettext(
        "This option was extended %(num)d times; that is the most.", num=conflict.facts["extensions"]
    ),
    "asked-apart": lambda _, place, __: gettext(
        "The house itself grants %(place)s: ask for it in a booking of its own.", place=place
    ),
    "window": _window,
    "retired": lambda _, place, __: gettext("%(place)s is not open for bookings any more.", place=place),
    "quota-bookings": lambda conflict, place, _: gettext(
        "One organisation has at most %(num)d bookings of %(place)s still to come.",
        num=conflict.facts["bookings"],
        place=place,
    ),
    "quota-days": lambda conflict, place, _: gettext(
        "One organisation has %(place)s for at most %(num)d days a year; in %(year)d it has %(used)d.",
        place=place,
        num=conflict.facts["days"],
        year=conflict.facts["year"],
        used=conflict.facts["used"],
    ),
    "nothing-alike": lambda conflict, place, _: gettext(
        "%(house)s has nothing like %(place)s.", house=conflict.facts["house"], place=place
    ),
    "audience": lambda _, place, __: gettext("%(place)s is not open to this company.", place=place),
}

CONFLICT_WORDS: Mapping[str, Sentence] = {
    "time-taken": lambda _, place, days: gettext("%(place)s is taken on %(days)s.", place=place, days=days),
    "capacity": _capacity,
    "closed": lambda _, place, days: gettext("%(place)s is closed on %(days)s.", place=place, days=days),
    "external-busy": lambda _, place, days: gettext(
        "The house uses %(place)s itself on %(days)s.", place=place, days=days
    ),
    "buffer": lambda _, place, days: gettext(
        "%(place)s needs its turnaround time beside another booking on %(days)s.", place=place, days=days
    ),
    "outside-hours": lambda _, place, days: gettext(
        "%(place)s is not open at that hour on %(days)s.", place=place, days=days
    ),
    "noise": lambda conflict, place, days: gettext(
        "%(place)s and %(other)s disturb each other on %(days)s.",
        place=place,
        other=conflict.facts["disturbs"],
        days=days,
    ),
    "crew-rest": lambda conflict, _, days: gettext(
        "Crew %(crew)s has %(hours)s h of rest on %(days)s, less than 11: %(earliest)s at the earliest.",
        crew=conflict.facts["crew"],
        hours=format_decimal(conflict.facts["rest_minutes"] / 60, "0.#"),
        days=days,
        earliest=conflict.facts["earliest"][11:16],
    ),
    "queue-jump": lambda _, place, days: gettext(
        "%(place)s: another company holds the 1st option on %(days)s.", place=place, days=days
    ),
    "option": lambda _, place, days: gettext(
        "Another company holds an option on %(place)s on %(days)s.", place=place, days=days
    ),
    "transport": lambda conflict, _, __: gettext(
        "Nothing takes %(kit)s from %(origin)s to %(destination)s by %(days)s: plan a leg of transport.",
        kit=", ".join(conflict.facts["kit"]),
        origin=conflict.facts["from"],
        destination=conflict.facts["to"],
        days=days_in_words(conflict.days[-1:]),
    ),
    "rule": lambda conflict, place, days: RULE_WORDS[conflict.facts["rule"]](conflict, place, days),
}


def explained(conflict: Conflict, names: Mapping[str, str] | None = None) -> str:
    """One conflict as one sentence. `names`: code → name of the resource; else the code stands for it."""
    place = (names or {}).get(conflict.resource, conflict.resource)
    return CONFLICT_WORDS[conflict.kind](conflict, place, days_in_words(conflict.days))


FIELD_WORDS: Mapping[str, Callable[[], str]] = {
    "required": lambda: gettext("This is needed."),
    "unknown": lambda: gettext("This is not known here."),
    "unknown-field": lambda: gettext("There is no such field."),
    "not-after-start": lambda: gettext("The end comes after the start."),
    "same-house": lambda: gettext("A leg leads from one house to another."),
    "applications-outside": lambda: gettext("Companies have applied for days that would lie outside."),
    "asked-for": lambda: gettext("A company has applied for a house that would be left out."),
    "scored": lambda: gettext("Houses have given points for a criterion that would be left out."),
    "two-venues": lambda: gettext("One booking asks one house; make a second booking for the other house."),
    "too-short": lambda: gettext("Take at least ten characters."),
    "naive-time": lambda: gettext("Give the time with its offset, as 2027-03-08T09:00:00+01:00."),
    "not-a-time": lambda: gettext("Give a date, or a time with its offset."),
    "not-a-day": lambda: gettext("Give a date, such as 2027-03-08."),
    "mixed-ends": lambda: gettext("Start and end are both dates, or both times."),
    "out-of-range": lambda: gettext("This is too far away."),
    "not-on-globe": lambda: gettext("This is no place on the globe."),
    "longer-than-period": lambda: gettext("One of the periods is shorter than that."),
    "nothing-free": lambda: gettext("Nothing of this house is free for all of it in any of the periods."),
    "outside-booking": lambda: gettext("This lies outside the days that are asked."),
    "control-characters": lambda: gettext("This text has characters that cannot be kept."),
    "too-long": lambda: gettext("This is too long."),
    "wrong-type": lambda: gettext("This is not the right kind of value."),
    "too-many": lambda: gettext("This is too many."),
    "too-few": lambda: gettext("This is too few."),
    "past": lambda: gettext("This has passed."),
    "not-hours": lambda: gettext("Give opening hours as mon-fri: 09:00-18:00, or always."),
    "twice": lambda: gettext("This is named twice."),
    "not-hit": lambda: gettext("This booking is not under the closure, or needs no decision."),
    "not-a-rule": lambda: gettext("This is not a rule that a series can follow."),
    "one-end": lambda: gettext("Say how often (COUNT) or until when (UNTIL), one of the two."),
    "until-before-start": lambda: gettext("The series ends before it starts."),
    "never-happens": lambda: gettext("No date follows from this rule."),
    "too-large": lambda: gettext("This file is too large; ten megabytes are the most."),
    "not-a-kept-kind": lambda: gettext("Only PDF files and pictures (PNG, JPEG, GIF, WebP) are kept here."),
    "not-an-address": lambda: gettext("This is no e-mail address."),
    "not-a-number-there": lambda: gettext("No register of that country gives such a number."),
    "not-here": lambda: gettext("This does not apply here."),
    "mandatory": lambda: gettext("This cannot be switched off: whoever misses it would lose something."),
    "not-a-clock": lambda: gettext("Give a time of day, as 22:00."),
    "not-a-web-address": lambda: gettext("This is not a web address."),
    "scheme": lambda: gettext("Only addresses that begin with https:// or http:// can be read."),
    "private-address": lambda: gettext("This address leads into a private network."),
    "not-a-code": lambda: gettext(
        "A code is the code of the house, a dash, then capital letters and digits, as BUD-S3."
    ),
    "taken": lambda: gettext("Something else has this code already."),
    "fixed": lambda: gettext("This cannot be changed any more."),
    "retired": lambda: gettext("This is retired: open it again first."),
    "in-use": lambda: gettext("It is held, so what it is made of cannot change now."),
    "not-a-whole-number": lambda: gettext("Give a whole number."),
    "not-a-number": lambda: gettext("Give a number, such as 7.5."),
    "not-an-amount": lambda: gettext("Give an amount in euros, such as 95 or 95,50."),
    "not-yes-or-no": lambda: gettext("Say yes or no."),
    "not-a-table": lambda: gettext("This is no table: send CSV, or XLSX as a spreadsheet saves it."),
    "lines-wrong": lambda: gettext(
        "Nothing can be applied while a line is not understood: mend the file and send it again."
    ),
    "days-held": lambda: gettext(
        "Whole days that are booked or closed run from this hour: it can change when none is to come."
    ),
    "not-a-picture": lambda: gettext("Only pictures (JPEG, PNG, WebP) are kept here."),
    "too-many-pixels": lambda: gettext("This picture has too many pixels; fifty million are the most."),
    "no-rows": lambda: gettext("There is nothing in this file."),
    "no-code-column": lambda: gettext("The first row names the columns, and one of them is “code”."),
    "column-twice": lambda: gettext("Two columns have the same name."),
    "unknown-column": lambda: gettext("A column has a name that is not known here: take those of an export."),
    "too-many-rows": lambda: gettext("There are more rows than are read at once; five thousand are the most."),
    "too-many-columns": lambda: gettext("There are more columns than are read."),
    "too-large-unpacked": lambda: gettext("This file is far larger than it looks; it was not read."),
    "not-of-the-team": lambda: gettext("Only somebody who is here already can take over."),
    "not-come-in": lambda: gettext("They have not come in yet: they can take over once they have."),
    "overlaps": lambda: gettext("Two seasons have a day in common."),
    "too-many-waiting": lambda: gettext("Five files of this house wait already: look at those first."),
    "given-up": lambda: gettext(
        "Work on this file broke off three times. Nothing was changed: take a fresh table out,"
        " and change less of it."
    ),
    "part-of-a-part": lambda: gettext("A part cannot have parts of its own, nor be made of any."),
    "other-body": lambda: gettext("This key was used for another request."),
}


def field_error(code: str) -> str:
    """One error of one field in words; a text that is no code stays as it is."""
    words = FIELD_WORDS.get(code)
    return words() if words else code


STATE_WORDS: Mapping[str, Callable[[], str]] = {
    "requested": lambda: gettext("requested"),
    "option": lambda: gettext("option"),
    "pending": lambda: gettext("pending"),
    "confirmed": lambda: gettext("confirmed"),
    "completed": lambda: gettext("completed"),
    "suspended": lambda: gettext("suspended"),
    "declined": lambda: gettext("declined"),
    "withdrawn": lambda: gettext("withdrawn"),
    "released": lambda: gettext("released"),
    "lapsed": lambda: gettext("lapsed"),
    "beaten": lambda: gettext("went to another"),
    "cancelled": lambda: gettext("cancelled"),
    "resolved": lambda: gettext("resolved"),
    "open": lambda: gettext("open"),
    "granted": lambda: gettext("granted"),
    "settled": lambda: gettext("settled"),
    "broken": lambda: gettext("not together any more"),
    "removed": lambda: gettext("removed"),
}


def state_in_words(state: str) -> str:
    """A state as people say it."""
    return STATE_WORDS[state]()


def _like_house(way: WayOut) -> str:
    facts = {
        "place": way.facts["resource"],
        "house": way.facts["house"],
        "km": round(roads().kilometres(way.facts["km"])),
        "before": round(roads().kilometres(way.facts["before"])),
    }
    if way.facts["across"]:
        said = gettext(
            "%(place)s at %(house)s, across the border: %(km)d km by road in all, instead of %(before)d", **facts
        )
    else:
        said = gettext("%(place)s at %(house)s: %(km)d km by road in all, instead of %(before)d", **facts)
    return str(said)


WAY_WORDS: Mapping[str, Callable[[WayOut], str]] = {
    "later": lambda way: gettext(
        "The same day, from %(hour)s", hour=f"{at_venue(way.facts['start'], way.facts['zone']):%H:%M}"
    ),
    "shift": lambda way: (
        ngettext("%(num)d day later", "%(num)d days later", way.facts["days"])
        if way.facts["days"] > 0
        else ngettext("%(num)d day earlier", "%(num)d days earlier", -way.facts["days"])
    ),
    "same-house": lambda way: gettext("%(place)s, in the same house", place=way.facts["resource"]),
    "other-house": lambda way: gettext(
        "%(place)s at %(house)s, %(km)d km by road",
        place=way.facts["resource"],
        house=way.facts["house"],
        km=round(roads().kilometres(way.facts["km"])),
    ),
    "like-house": _like_house,
    "fewer-days": lambda _: gettext("Only the days that are free"),
    "around": lambda _: gettext("The same days, around what is in the room for some hours"),
    "less": lambda way: gettext("%(num)d throughout", num=way.facts["quantity"]),
    "split": lambda way: gettext(
        "What is missing from %(house)s, %(km)d km by road",
        house=way.facts["house"],
        km=round(roads().kilometres(way.facts["km"])),
    ),
}


def way_out_in_words(way: WayOut) -> str:
    """What a way out is, in a few words."""
    return str(WAY_WORDS[way.kind](way))


def way_out_caveat(way: WayOut) -> str:
    """What a way out would cost nevertheless."""
    return str(CAVEAT_WORDS[way.caveat or "option"](way))


def _meets(house: str) -> str:
    return str(gettext("It meets the stay at %(house)s in the same chain.", house=house))


def _costs_in_a_chain(way: WayOut) -> Iterator[str]:
    """What a stay in another house would cost the chain: other stays that it meets, legs, kit, a queue."""
    facts = way.facts
    yield from map(_meets, facts["meets"])
    if facts.get("legs"):
        legs = ", ".join(f"{origin} → {destination}" for origin, destination in facts["legs"])
        yield ngettext(
            "A transport has to be planned: %(legs)s.",
            "%(num)d transports have to be planned: %(legs)s.",
            len(facts["legs"]),
            legs=legs,
        )
    if facts["without"]:
        kit = ", ".join(localised(name) for name in facts["without"])
        yield gettext("This house does not have: %(kit)s.", kit=kit)
    if facts["smaller"]:
        width, depth = (format_decimal(metres) for metres in facts["smaller"])
        yield gettext("It is smaller: %(width)s × %(depth)s m.", width=width, depth=depth)
    if facts["warns"]:
        yield str(CAVEAT_WORDS[facts["warns"]](way))


CAVEAT_WORDS: Mapping[str, Callable[[WayOut], str]] = {
    "around": lambda _: gettext("Somebody else has the room for some hours in between; the house has to agree."),
    "noise": lambda _: gettext("A room that it disturbs is in use then."),
    "crew-rest": lambda _: gettext("The crew would not have its rest."),
    "option": lambda _: gettext("Another company holds an option there; yours would be the next."),
    "meets": lambda way: _meets(way.facts["meets"]),
    "chain": lambda way: " ".join(_costs_in_a_chain(way)),
}
