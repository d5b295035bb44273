"""The rules of a resource as sentences: when, how long, how far ahead, and who answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from booking.domain.rules import FULL_DAY, HORIZON_DAYS, Audience, Opening, Policy, Rules
from booking.domain.wall_clock import DAY
from booking.web.pages.formats import days, duration
from booking.web.pages.words import PURPOSES

POLICIES: Mapping[Policy, Any] = {
    Policy.INSTANT: lazy_gettext("Booked at once when it is free."),
    Policy.OPTION: lazy_gettext("You get an option at once; the house confirms."),
    Policy.REQUEST: lazy_gettext("The house answers your request."),
}

AUDIENCES: Mapping[Audience, Any] = {
    Audience.PROGRAMME: lazy_gettext("For companies of the programme."),
    Audience.HOUSE: lazy_gettext("Only the house itself books this."),
}

WEEKDAYS: Sequence[Any] = (
    lazy_gettext("Monday"),
    lazy_gettext("Tuesday"),
    lazy_gettext("Wednesday"),
    lazy_gettext("Thursday"),
    lazy_gettext("Friday"),
    lazy_gettext("Saturday"),
    lazy_gettext("Sunday"),
)


def rules_in_words(rules: Rules) -> list[str]:
    """Every rule that a company meets, one sentence each."""
    return [
        str(POLICIES[rules.policy]),
        *_automatic(rules),
        *_opening(rules),
        *_lengths(rules),
        *_buffers(rules),
        *_ahead(rules),
        *_quota(rules),
    ]


def opening_hours(opening: Opening) -> list[tuple[str, str]]:
    """Days and hours, neighbours with the same hours together: `Monday – Friday`, `08:00 – 24:00`."""
    rows: list[tuple[int, int, str]] = []
    for day in range(7):
        text = ", ".join(f"{_clock(start)} – {_clock(end)}" for start, end in opening.hours.get(day, ()))
        if not text:
            continue
        if rows and rows[-1][1] == day - 1 and rows[-1][2] == text:
            rows[-1] = (rows[-1][0], day, text)
        else:
            rows.append((day, day, text))
    return [(_days(first, last), text) for first, last, text in rows]


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return str(gettext("Every day"))
    if first == last:
        return str(WEEKDAYS[first])
    return f"{WEEKDAYS[first]} – {WEEKDAYS[last]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _automatic(rules: Rules) -> Iterator[str]:
    rule = rules.auto_confirm
    if rule is not None:
        yield gettext(
            "Confirmed at once when at most %(ahead)s days ahead, at most %(days)s days long and without beds.",
            ahead=rule.at_most_days_ahead,
            days=rule.at_most_days,
        )


def opening_in_words(rules: Rules) -> Iterator[str]:
    """When people may be in, a sentence each."""
    if rules.opening is None:
        yield gettext("People may be in day and night.")
    else:
        for weekdays, hours in opening_hours(rules.opening):
            yield gettext("Open: %(days)s, %(hours)s.", days=weekdays, hours=hours)
        for season in rules.opening.seasons:
            period = days(season.start, season.end - DAY)
            if not any(season.hours.values()):
                yield gettext("Closed: %(period)s.", period=period)
            for weekdays, hours in opening_hours(Opening(season.hours)):
                yield gettext("%(period)s: open %(days)s, %(hours)s.", period=period, days=weekdays, hours=hours)


def _opening(rules: Rules) -> Iterator[str]:
    yield from opening_in_words(rules)
    if rules.whole_days_only:
        yield gettext("Only whole days.")
    elif rules.granularity == FULL_DAY:
        yield gettext("Hours begin and end on the day.")
    else:
        yield gettext("Hours begin and end in steps of %(length)s.", length=duration(rules.granularity))


def _lengths(rules: Rules) -> Iterator[str]:
    if rules.shortest is not None:
        yield gettext("At least %(length)s at a time.", length=duration(rules.shortest))
    if rules.longest is not None:
        yield gettext("At most %(length)s at a time.", length=duration(rules.longest))
    if rules.before:
        yield gettext("%(length)s are kept free before hours that you book.", length=duration(rules.before))
    if rules.after:
        yield gettext("%(length)s are kept free after hours that you book.", length=duration(rules.after))


def _buffers(rules: Rules) -> Iterator[str]:
    for purpose, (before, after) in rules.purposes.items():
        yield gettext(
            "For a %(purpose)s: %(before)s before and %(after)s after are kept free.",
            purpose=str(PURPOSES.get(purpose, purpose)).lower(),
            before=duration(before),
            after=duration(after),
        )


def _quota(rules: Rules) -> Iterator[str]:
    quota = rules.quota
    if quota is not None and quota.bookings_ahead is not None:
        yield ngettext(
            "At most %(num)s booking still to come for one organisation.",
            "At most %(num)s bookings still to come for one organisation.",
            quota.bookings_ahead,
        )
    if quota is not None and quota.days_per_year is not None:
        yield ngettext(
            "At most %(num)s day a year for one organisation.",
            "At most %(num)s days a year for one organisation.",
            quota.days_per_year,
        )


def _ahead(rules: Rules) -> Iterator[str]:
    if rules.lead:
        yield gettext("Ask at least %(length)s ahead.", length=duration(rules.lead))
    if rules.horizon_days != HORIZON_DAYS:
        yield ngettext(
            "Can be booked up to %(num)s day ahead.", "Can be booked up to %(num)s days ahead.", rules.horizon_days
        )
    if rules.audience in AUDIENCES:
        yield str(AUDIENCES[rules.audience])
