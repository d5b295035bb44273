"""Writing a letter: from what it is about to its words, as plain text and as HTML, in the reader's language."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from css_inline import CSSInliner
from flask import Flask
from flask_babel import force_locale, gettext, pgettext

from booking.domain.claims import ClaimTerms
from booking.domain.contacts import Contact
from booking.domain.enquiries import read_period
from booking.domain.resources import SPACES, Kind
from booking.domain.rules import read_rules
from booking.domain.states import Side, Verb
from booking.domain.wall_clock import at_venue
from booking.domain.ways_out import WayOut
from booking.services.standing import verbs
from booking.settings import Settings
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow, ClaimRow
from booking.web.languages import LANGUAGES, LOCALES, localised
from booking.web.pages import formats
from booking.web.pages.rules_in_words import opening_in_words
from booking.web.wording import days_in_words, way_out_caveat, way_out_in_words
from notifications.domain.frequency import ZONE
from notifications.domain.headers import header_text
from notifications.services import invitations
from notifications.services.letters import Matter
from notifications.storage.letters import Written
from notifications.web.leads import THREAD, path_of
from notifications.web.letters.links import Links
from notifications.web.letters.words import (
    CAUSES,
    DO,
    LEADS,
    LETTERS,
    OF_A_CHAIN,
    OF_AN_ENQUIRY,
    READ_AND_ANSWER,
    SAYS,
    SUBJECTS,
    Words,
)
from notifications.web.sentences import OF_A_CALL, of_a_call, sentence_of

KEY = "letters"
"""Under which an app keeps its writer."""

LONGEST_REASON = 2000
LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
NO_WORDS = Words(())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its words, and where it leads."""

    text: str
    link: str | None = None
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A letter before it has a shape: the same for text and for HTML."""

    language: str
    subject: str
    sender: str
    paragraphs: Sequence[str]
    reason: str | None = None
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[Line] = ()
    ways: Sequence[Line] = ()
    sheet: Sequence[tuple[str, str]] = ()
    buttons: Sequence[Line] = ()
    link: Line | None = None
    why_you: str = ""
    preferences: Line | None = None
    unsubscribe: Line | None = None


class Writer:
    """Writes letters, outside of any request."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self.links = Links.of(settings)
        self._inliner = CSSInliner(load_remote_stylesheets=False)

    def __call__(self, matter: Matter) -> Written:
        """The letter in the language of its reader."""
        language = matter.reader.language
        with self._app.app_context():
            return self.in_language(matter, language if language in LANGUAGES else "en")

    def in_language(self, matter: Matter, language: str) -> Written:
        """The letter in one language, for who reads it or who checks it."""
        with force_locale(LOCALES[language]):
            content = _content(matter, self.links, language)
            html = self._app.jinja_env.get_template("letters/letter.html").render(letter=content)
            return Written(language, header_text(content.subject), as_text(content), self._inliner.inline(html))

    def words_of(self, matter: Matter, language: str) -> Content:
        """What the letter says, for somebody else to read before: without any link that acts for its reader."""
        with force_locale(LOCALES[language]):
            content = _content(matter, self.links, language)
        return replace(content, buttons=(), link=None, why_you="", preferences=None, unsubscribe=None)


def _content(matter: Matter, links: Links, language: str) -> Content:
    if matter.side is None or matter.booking is None or matter.event is None:
        return _of_no_booking(matter, links, language)
    return _of_booking(matter, matter.booking, matter.side, links, language)


def _of_booking(matter: Matter, row: BookingRow, side: Side, links: Links, language: str) -> Content:
    kind = matter.letter.kind
    words = LETTERS[side].get(kind, NO_WORDS)
    if "trajectory" in matter.letter.facts:
        words = OF_A_CHAIN.get(kind, words)
    said = _facts(matter, row)
    told = sentence_of(matter.letter.kind, side, said, row.zone)
    paragraphs = [text for each in words.says if (text := _filled(each, said)) is not None]
    subject = _filled(words.subject, said) if words.subject is not None else None
    return Content(
        language=language,
        subject=subject or told.rstrip(".").rstrip(),
        sender=f"{row.venue_name}, {row.town}",
        paragraphs=paragraphs or [told],
        reason=_shortened(matter.event.why if matter.event else None),
        facts=[*_booking_facts(row, side, matter.contact)],
        ways=[_way(way, matter.places, links) for way in matter.ways_out],
        sheet=[*_sheet(row, matter.places, links)] if words.sheet else (),
        buttons=[*_buttons(matter, row, words, links)],
        link=_onward(matter, links),
        **_footer(matter, links),
    )


def _of_no_booking(matter: Matter, links: Links, language: str) -> Content:
    kind, facts = matter.letter.kind, matter.letter.facts
    if kind == invitations.KIND:
        return _of_an_invitation(matter, links, language)
    lines = [_digest_line(each, links) for each in matter.lines]
    lines += [_round_line(each, links) for each in facts.get("lines", ())]
    paragraphs = [text for each in SAYS.get(kind, ()) if (text := _filled(each, facts)) is not None]
    subject = str(SUBJECTS[kind]) if kind in SUBJECTS else None
    if matter.event is not None:
        side = matter.side or Side.COMPANY
        told = sentence_of(kind, side, facts, matter.zone)
        facts = of_a_call(facts, matter.zone) if kind in OF_A_CALL else facts
        usual = LETTERS[side].get(kind, NO_WORDS)
        says = (OF_AN_ENQUIRY.get(kind, usual) if "enquiry" in facts else usual).says
        paragraphs = [text for each in says if (text := _filled(each, facts)) is not None]
        subject, paragraphs = subject or told.strip().rstrip("."), paragraphs or [told]
    return Content(
        language=language,
        subject=subject or gettext("News"),
        sender="EMERGE Booking",
        paragraphs=paragraphs,
        reason=None if kind.startswith("calendar.") else _shortened(facts.get("why")),
        facts=[*_enquiry_facts(matter)] if "enquiry" in facts else (),
        lines=lines,
        link=_onward(matter, links),
        **_footer(matter, links),
    )


def _of_an_invitation(matter: Matter, links: Links, language: str) -> Content:
    """For somebody who may never have heard of us: who lets them in, and the one button."""
    letter, facts = matter.letter, matter.letter.facts
    invitation = invitations.read(matter.reader.id, facts, letter.created_at)
    if invitation.joins:
        said = gettext(
            "Another team awaits you too: come in there first, then use this link. It works for two weeks."
        )
        deed = gettext("Join %(team)s", team=invitation.name)
    else:
        said = gettext("Choose a password and you are in. The link works for two weeks, once.")
        deed = gettext("Choose a password")
    return Content(
        language=language,
        subject=str(SUBJECTS[letter.kind]),
        sender="EMERGE Booking",
        paragraphs=[*(str(each) % facts for each in SAYS[letter.kind]), said],
        buttons=[Line(deed, links.invitation(matter.reader, invitation))],
        why_you=gettext(
            "You get this letter because %(name)s typed in your address. If that was a mistake, leave it:"
            " nothing happens then.",
            name=invitation.by,
        ),
    )


def _onward(matter: Matter, links: Links) -> Line | None:
    """The page of what the letter is about, called by what it is."""
    letter = matter.letter
    booking = matter.booking.id if matter.booking else None
    path = path_of(letter.kind, letter.facts, booking=booking, venue=letter.venue)
    if path is None:
        return None
    known = next((words for start, words in LEADS.items() if path.startswith(start)), pgettext("verb", "Open"))
    return Line(str(READ_AND_ANSWER if letter.kind in THREAD else known), links.page(path))


def _enquiry_facts(matter: Matter) -> Iterator[tuple[str, str]]:
    """What was asked, between whom, and the periods that a house names instead."""
    facts = matter.letter.facts
    yield gettext("Project"), facts["title"]
    if matter.side is Side.HOUSE:
        yield (
            gettext("Company"),
            facts["organisation_name"] if "organisation_name" in facts else facts["organisation"],
        )
    else:
        yield gettext("House"), facts["venue"]
    periods = [read_period(each) for each in facts.get("periods", ())]
    if periods:
        when = [formats.span(period.start, period.end, matter.zone) for period in periods]
        yield gettext("Other days"), formats.together(when)


def _footer(matter: Matter, links: Links) -> dict[str, Any]:
    unsubscribe = links.unsubscribe(matter.letter)
    return {
        "why_you": gettext("You get this letter because it concerns %(name)s.", name=matter.reader.name)
        if unsubscribe
        else gettext("You always get letters of this kind: by not knowing, you would lose something."),
        "preferences": Line(gettext("Choose what you hear of"), links.preferences()),
        "unsubscribe": Line(gettext("No more letters of this kind"), unsubscribe) if unsubscribe else None,
    }


def _filled(words: Any, said: Mapping[str, Any]) -> str | None:
    """The sentence with its facts; None when one of them is not known."""
    try:
        return str(words) % said
    except KeyError:
        return None


def _facts(matter: Matter, row: BookingRow) -> dict[str, Any]:
    """What sentences may name: every value is there only when it is known."""
    told = matter.event.new if matter.event else {}
    known: dict[str, Any] = {
        "title": row.title,
        "venue": row.venue_name,
        "organisation": row.organisation_name or row.venue_name,
        "until": _moment(told.get("expires_at") or row.expires_at, row.zone),
        "due": _moment(told.get("due_at") or matter.answer_by, row.zone),
        "rank": matter.standing.rank if (matter.standing.rank or 1) > 1 else None,
        "new_rank": told.get("rank"),
        "days": _days(told.get("days")),
        "claims": _claims(told.get("claims"), row),
        "cause": CAUSES.get(told.get("cause", "")),
        "resource": _named(told.get("resource"), row),
        "missing": told.get("missing"),
        "since": _moment(matter.event.at, row.zone) if matter.event else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _named(code: str | None, row: BookingRow) -> str | None:
    """The name of a place of the booking; its code when it is none of them."""
    names = {claim.resource: localised(claim.resource_name) for claim in row.claims}
    return names.get(code, code) if code else None


def _moment(value: str | datetime | None, zone: str) -> str | None:
    """`maandag 7 december 2026 om 16:00`: never a number of days, which grows old on the way."""
    if value is None:
        return None
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    day = formats.day(at_venue(at, zone).date(), year=True, long=True)
    return str(gettext("%(day)s at %(clock)s", day=day, clock=formats.clock(at, zone)))


def _days(told: Sequence[Any] | None) -> str | None:
    days = [date.fromisoformat(each["date"] if isinstance(each, Mapping) else each) for each in told or ()]
    return days_in_words(days) if days else None


def _claims(told: Sequence[Mapping[str, Any]] | None, row: BookingRow) -> str | None:
    if not told:
        return None
    names = {claim.resource: localised(claim.resource_name) for claim in row.claims}
    said = []
    for each in told:
        when = formats.span(_end(each["start"]), _end(each["end"]), row.zone)
        many = f" × {each['quantity']}" if each.get("quantity", 1) > 1 else ""
        said.append(f"{names.get(each['resource'], each['resource'])}{many}, {when}")
    return formats.together(said)


def _end(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _booking_facts(row: BookingRow, side: Side, contact: Contact | None) -> Iterator[tuple[str, str]]:
    yield gettext("Project"), row.title
    if side is Side.HOUSE and row.organisation_name:
        yield gettext("Company"), row.organisation_name
        if contact is not None:
            yield gettext("Contact"), f"{contact.name}, {contact.email}"
    for claim in row.claims:
        yield _place(claim), f"{formats.claim_when(claim, row.zone)} ({formats.claim_length(claim)})"
    if row.people:
        yield gettext("People"), str(row.people)


def _place(claim: ClaimRow) -> str:
    many = f" × {claim.quantity}" if claim.quantity > 1 else ""
    return f"{localised(claim.resource_name)}{many}"


def _sheet(row: BookingRow, places: Mapping[str, CatalogueRow], links: Links) -> Iterator[tuple[str, str]]:
    """What one needs to know before one comes: where, when one may be in, when what happens, whom to call."""
    named = {claim.resource: localised(claim.resource_name) for claim in row.claims}
    inside = {claim.resource for claim in row.claims if claim.kind in INSIDE} & places.keys()
    known = [(name, places[code]) for code, name in named.items() if code in inside]
    yield gettext("Where"), f"{row.venue_name}, {row.town}"
    yield gettext("How to get there"), links.page(f"/venues/{row.venue}")
    for name, place in known:
        yield gettext("Opening hours, %(place)s", place=name), " ".join(opening_in_words(read_rules(place.rules)))
    yield from _hours(row)
    for name, place in known:
        if place.notes:
            yield gettext("House rules, %(place)s", place=name), localised(place.notes)
    if row.venue_phone:
        yield gettext("Call"), row.venue_phone
    if row.venue_email:
        yield gettext("Write"), row.venue_email
    for code, name in named.items():
        yield gettext("Technical sheet of %(place)s", place=name), links.page(f"/resources/{code}")


def _hours(row: BookingRow) -> Iterator[tuple[str, str]]:
    for claim in row.claims:
        if claim.setup_minutes:
            yield _setup(claim, gettext("Set-up")), formats.duration(claim.setup_minutes)
        if claim.strike_minutes:
            yield _setup(claim, gettext("Strike")), formats.duration(claim.strike_minutes)
    for moment in row.moments:
        start, end = (datetime.fromisoformat(moment[name]) for name in ("start", "end"))
        yield _moment_words(moment["kind"]), formats.hours(start, end, row.zone)


INSIDE = SPACES | {Kind.ACCOMMODATION}
"""Where people are in: equipment has no doors."""


def _setup(claim: ClaimRow, what: str) -> str:
    return f"{what}, {localised(claim.resource_name)}"


MOMENTS: Mapping[str, Callable[[], str]] = {
    "get-in": lambda: gettext("Get-in"),
    "showing": lambda: gettext("Showing"),
    "arrival": lambda: gettext("Arrival of kit"),
}


def _moment_words(kind: str) -> str:
    return MOMENTS[kind]() if kind in MOMENTS else kind


def _way(way: WayOut, places: Mapping[str, CatalogueRow], links: Links) -> Line:
    claims = [terms for _, each in way.bookings for terms in each]
    link = links.asking(claims[0]) if len(claims) == 1 else links.page("/resources")
    other = places.get(way.facts.get("resource", ""))
    named = replace(way, facts={**way.facts, "resource": localised(other.name)}) if other else way
    when = formats.together([_claim_words(terms, places.get(terms.resource)) for terms in claims])
    caveat = f" {way_out_caveat(way)}" if way.caveat else ""
    return Line(formats.sentence(way_out_in_words(named)), link, f"{when}.{caveat}")


def _claim_words(terms: ClaimTerms, place: CatalogueRow | None) -> str:
    many = f" × {terms.quantity}" if terms.quantity > 1 else ""
    if place is None:
        what, how = f"{terms.resource}{many}", formats.span(terms.start, terms.end, ZONE)
        return str(gettext("%(what)s: %(how)s", what=what, how=how))
    when = formats.span(terms.start, terms.end, place.zone, nights_of=place.kind == "accommodation")
    return str(gettext("%(what)s: %(how)s", what=f"{localised(place.name)}{many}, {place.venue_name}", how=when))


def _buttons(matter: Matter, row: BookingRow, words: Words, links: Links) -> Iterator[Line]:
    """What the reader may do now, of what this letter is about."""
    possible = set(verbs(row, matter.reader, matter.standing)) if row.claims else set()
    challenge = _challenge(matter)
    told_at = matter.event.at if matter.event else matter.at
    for verb in words.verbs:
        if verb in possible:
            answers = challenge if verb in (Verb.COMMIT, Verb.RELEASE) else None
            yield Line(str(DO[verb]), links.action(matter.reader.id, row.id, verb, answers, at=told_at))


def _challenge(matter: Matter) -> UUID | None:
    told = matter.event.new if matter.event else {}
    return UUID(told["challenge"]) if matter.letter.kind == "booking.challenge-received" else None


def _digest_line(matter: Matter, links: Links) -> Line:
    facts, zone = matter.letter.facts, matter.zone
    side = matter.side or Side.COMPANY
    text = sentence_of(matter.letter.kind, side, facts, zone)
    letter = matter.letter
    path = path_of(letter.kind, facts, booking=letter.booking_id, venue=letter.venue)
    link = links.page(path) if path else None
    at = matter.event.at if matter.event else matter.letter.created_at
    return Line(text, link, formats.moment(at, zone, year=True))


def _round_line(line: Mapping[str, Any], links: Links) -> Line:
    text = gettext("%(what)s: %(how)s", what=line["organisation"], how=f"{line['title']}, {line['venue']}")
    return Line(text, links.booking(line["booking"]), _moment(line["at"], line["zone"]))


def _shortened(reason: str | None) -> str | None:
    """A reason as a letter quotes it: all of it stands on the page of the booking."""
    if not reason or not reason.strip():
        return None
    text = reason.strip().replace("\0", "")
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"


def as_text(letter: Content) -> str:
    """The letter for who reads plain text: every link in full, nothing that needs a picture."""
    blocks = ["\n\n".join(map(_one_line, letter.paragraphs))]
    if letter.reason:
        quoted = "\n".join(f"> {line}" for line in letter.reason.splitlines())
        blocks.append(f"{gettext('The reason:')}\n{quoted}")
    blocks += [_listed(letter.lines), "\n".join(_said(label, value) for label, value in letter.facts)]
    if letter.ways:
        blocks.append(f"{gettext('What would be possible now:')}\n\n{_listed(letter.ways)}")
    blocks.append("\n".join(_said(label, value) for label, value in letter.sheet))
    blocks += [_said(each.text, f"\n{each.link}") for each in (*letter.buttons, letter.link) if each]
    footer = [letter.why_you]
    footer += [_said(each.text, each.link or "") for each in (letter.preferences, letter.unsubscribe) if each]
    return (
        "\n\n".join([*(block for block in blocks if block), "-- \n" + "\n".join([letter.sender, *footer])]) + "\n"
    )


def _said(label: str, value: str) -> str:
    """With the colon of the language: French has a space before it. A value that begins a line keeps its own."""
    said = gettext("%(what)s: %(how)s", what=_one_line(label), how=_one_line(value.lstrip("\n")))
    return said.replace(": ", ":\n", 1) if value.startswith("\n") else str(said)


def _listed(lines: Sequence[Line]) -> str:
    return "\n\n".join(
        "\n".join(_one_line(part) for part in (f"- {each.text}", each.second, each.link) if part) for each in lines
    )


def _one_line(text: str) -> str:
    """What somebody typed over several lines must not look like another part of the letter: a link of ours."""
    return LINE_ENDS.sub(" ", text)
