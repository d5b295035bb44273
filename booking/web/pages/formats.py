"""Days, hours and money as people of the reader's language write them.

Monday first, 24 hours, ISO weeks; `€ 1.234,56` in Flanders, `1 234,56 €` in French. Instants are
shown on the venue's wall clock, never on the reader's.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, reduce

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask_babel import gettext, ngettext

from booking.domain.wall_clock import DAY, at_venue, day_start
from booking.storage.registers import ClaimRow
from booking.web.languages import LOCALES, language

HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES


def _locale() -> str:
    return LOCALES[language()]


def money(cents: int) -> str:
    """Whole cents as euros."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=_locale())


def number(value: float) -> str:
    """A figure with the decimal sign of the language."""
    return format_decimal(value, locale=_locale())


def size(count: int) -> str:
    """A number of bytes as people say it: `340 kB`, `2,4 MB`."""
    if count < 1000 * 1000:
        return f"{format_decimal(max(count // 1000, 1), locale=_locale())} kB"
    return f"{format_decimal(round(count / 1_000_000, 1), locale=_locale())} MB"


@lru_cache(maxsize=8192)
def _written(value: date, pattern: str, locale: str) -> str:
    """A season writes the same days some thousand times; so does `_days`."""
    return format_date(value, pattern, locale=locale)


def weekday(value: date, *, long: bool = False) -> str:
    """`ma`, `lun.`, `Mon`."""
    return _written(value, "EEEE" if long else "EEE", _locale())


def month(value: date, *, short: bool = False) -> str:
    """`maart 2027`; `short`: `mrt`, with the year where it begins."""
    if short:
        return _written(value, "LLL yyyy" if value.month == 1 else "LLL", _locale())
    return _written(value, "LLLL yyyy", _locale())


def week(value: date) -> int:
    """ISO week number."""
    return value.isocalendar().week


def _number_of(value: date, locale: str) -> str:
    return "1er" if value.day == 1 and locale == LOCALES["fr"] else str(value.day)


def _day_month(value: date, locale: str, *, long: bool = False) -> str:
    return f"{_number_of(value, locale)} {_written(value, 'MMMM' if long else 'MMM', locale)}"


def day(value: date, *, year: bool = False, long: bool = False) -> str:
    """`ma 8 mrt`, or `maandag 8 maart 2027`."""
    return _day(value, _locale(), year=year, long=long)


def _day(value: date, locale: str, *, year: bool, long: bool = False) -> str:
    text = f"{_written(value, 'EEEE' if long else 'EEE', locale)} {_day_month(value, locale, long=long)}"
    return f"{text} {value.year}" if year else text


def sentence(text: str) -> str:
    """With a capital in front, whatever comes after."""
    return text[:1].upper() + text[1:]


def _day_number(value: date, locale: str) -> str:
    return f"{_written(value, 'EEE', locale)} {_number_of(value, locale)}"


def days(first: date, last: date, *, year: bool = True) -> str:
    """From the first day to the last, both included: `ma 8 – vr 19 mrt 2027`."""
    return _days(first, last, _locale(), year=year)


@lru_cache(maxsize=4096)
def _days(first: date, last: date, locale: str, *, year: bool) -> str:
    if first == last:
        return _day(first, locale, year=year)
    end = _day(last, locale, year=year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_day_number(first, locale)} – {end}"
    return f"{_day(first, locale, year=year and first.year != last.year)} – {end}"


def dates(first: date, last: date) -> str:
    """`8 – 14 maart 2027`, without weekdays."""
    locale = _locale()
    end = f"{_day_month(last, locale)} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{_number_of(first, locale)} – {end}"
    start = _day_month(first, locale)
    return f"{start if first.year == last.year else f'{start} {first.year}'} – {end}"


def nights(first: date, end: date) -> str:
    """`zo 7 → vr 19 mrt 2027`: from the day of arrival to the day of departure."""
    return days(first, end).replace(" – ", " → ")


def clock(moment: datetime, zone: str) -> str:
    """`13:00` at the venue."""
    return at_venue(moment, zone).strftime("%H:%M")


def moment(value: datetime, zone: str, *, year: bool = False) -> str:
    """`ma 14 dec 10:00` at the venue."""
    return f"{day(at_venue(value, zone).date(), year=year)} {clock(value, zone)}"


def hours(start: datetime, end: datetime, zone: str) -> str:
    """`ma 8 mrt 2027, 13:00 – 17:00`; both days when it runs past midnight."""
    first, last = at_venue(start, zone).date(), at_venue(end, zone).date()
    if first == last:
        return f"{day(first, year=True)}, {clock(start, zone)} – {clock(end, zone)}"
    return f"{moment(start, zone)} – {moment(end, zone, year=True)}"


def stretch(start: datetime, end: datetime, zone: str, day_line: int) -> str:
    """Two instants: as days from one day line of the venue to another, else as hours."""
    first, last = at_venue(start, zone).date(), at_venue(end, zone).date()
    if first < last and (start, end) == (day_start(first, zone, day_line), day_start(last, zone, day_line)):
        return days(first, last - DAY)
    return hours(start, end, zone)


def together(said: Sequence[str]) -> str:
    """`one; two`, with the space that French has before it."""
    if not said:
        return ""
    return reduce(lambda some, more: str(gettext("%(some)s; %(more)s", some=some, more=more)), said)


def span(start: date, end: date, zone: str, *, nights_of: bool = False) -> str:
    """Half-open: two instants as hours at the venue, two dates as days, or as nights."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return hours(start, end, zone)
    return nights(start, end) if nights_of else days(start, end - DAY)


def length(start: date, end: date, *, nights_of: bool = False) -> str:
    """`12 days`, `12 nights`, `7 hours`: the time that really passes, from `start` to `end` (excluded)."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return duration(round((end - start).total_seconds() / 60))
    count = (end - start).days
    if nights_of:
        return str(ngettext("%(num)s night", "%(num)s nights", count))
    return str(ngettext("%(num)s day", "%(num)s days", count))


def claim_when(claim: ClaimRow, zone: str) -> str:
    """When a claim is: days, nights or hours, as it was typed."""
    return span(*_ends(claim), zone, nights_of=claim.kind == "accommodation")


def claim_length(claim: ClaimRow) -> str:
    """How long a claim lasts."""
    return length(*_ends(claim), nights_of=claim.kind == "accommodation")


def claim_weeks(claim: ClaimRow, zone: str) -> str:
    """`week 10`, or `weeks 10–11`: the ISO weeks that a claim touches."""
    first = claim.start_date or at_venue(claim.starts, zone).date()
    last = claim.end_date - DAY if claim.end_date else at_venue(claim.ends, zone).date()
    if week(first) == week(last):
        return str(gettext("week %(number)s", number=week(first)))
    return str(gettext("weeks %(first)s–%(last)s", first=week(first), last=week(last)))


def _ends(claim: ClaimRow) -> tuple[date, date]:
    return claim.start_date or claim.starts, claim.end_date or claim.ends


def duration(minutes: int) -> str:
    """`14 days`, `7 hours`, `4 h 30 min`, `45 minutes`: in the largest units that are exact."""
    if minutes % DAY_MINUTES == 0:
        return str(ngettext("%(num)s day", "%(num)s days", minutes // DAY_MINUTES))
    if minutes % HOUR_MINUTES == 0:
        return str(ngettext("%(num)s hour", "%(num)s hours", minutes // HOUR_MINUTES))
    if minutes > HOUR_MINUTES:
        return str(
            gettext("%(hours)s h %(minutes)s min", hours=minutes // HOUR_MINUTES, minutes=minutes % HOUR_MINUTES)
        )
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))
