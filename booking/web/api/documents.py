"""What machines are told: one function per noun, with times at the venue's own offset."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request

from booking.domain.bookings import Terms
from booking.domain.claims import Asked
from booking.domain.contacts import Contact
from booking.domain.options import DueKind
from booking.domain.people import Person
from booking.domain.refusals import Conflict
from booking.domain.wall_clock import at_venue
from booking.services import venues
from booking.services.asking import Asking
from booking.services.bookings import actions_in
from booking.services.catalogue import ResourceDetail
from booking.services.granting import DayRank
from booking.services.resources import rates_of
from booking.services.standing import NOTHING, ChallengeView, Standing, verbs
from booking.services.timeline import TimelineItem
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow, ClaimRow
from booking.web.languages import localised
from booking.web.refusals import conflict_document


def venue_document(row: CatalogueRow) -> dict[str, Any]:
    """A house."""
    return {
        "code": row.code,
        "name": row.name,
        "town": row.town,
        "country": row.country,
        "region": row.region,
        "language": row.language,
        "languages": row.languages,
        "timezone": row.zone,
        "planning_day_starts": f"{row.day_line // 60:02}:{row.day_line % 60:02}",
        "public_holidays": row.public_holidays,
        "school_holidays": row.school_holidays,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "fictional": row.fictional,
        "email": row.email,
        "phone": row.phone,
        "address": row.address,
        "about": localised(row.about) or None,
        "practical": localised(row.practical) or None,
        "translations": {"about": row.about, "practical": row.practical},
        "settings": venues.rules_of(row),
    }


def resource_document(row: CatalogueRow, parts: list[str]) -> dict[str, Any]:
    """A resource; `name` in the caller's language."""
    return {
        "code": row.code,
        "name": localised(row.name),
        "venue": row.venue_code,
        "kind": row.kind,
        "capacity": row.capacity,
        "unit": row.unit,
        "parts": parts,
        "technical_sheet": row.technical_sheet,
        "notes": localised(row.notes) or None,
        "rules": row.rules,
        "day_rate_cents": row.day_rate_cents,
        "rates": rates_of(row),
        "in_programme_area": row.in_programme_area,
        "retired": row.retired_at is not None,
    }


def detail_document(found: ResourceDetail) -> dict[str, Any]:
    """The same with what it disturbs, and its texts in every language."""
    return {
        **resource_document(found.row, [part.code for part in found.parts]),
        "noise": [each.code for each in found.noise],
        "translations": {"name": found.row.name, "notes": found.row.notes},
    }


def contact_document(contact: Contact | None, zone: str) -> dict[str, Any]:
    """Whom to call at the company, if anybody."""
    if contact is None:
        return {"name": None, "email": None, "left_at": None}
    left_at = str(local(contact.left_at, zone)) if contact.left_at else None
    return {"name": contact.name, "email": contact.email, "left_at": left_at}


def timeline_document(item: TimelineItem, zone: str) -> dict[str, Any]:
    """One thing that holds a resource; who and what only for those who may know."""
    start, end = item.days or (local(item.start, zone), local(item.end, zone))
    known = {"booking": item.booking, "organisation": item.organisation} if item.booking else {}
    title = {"title": item.title} if item.title else {}
    rank = {"rank": item.rank} if item.rank is not None else {}
    return {
        "start": str(start),
        "end": str(end),
        "force": item.force,
        "quantity": item.quantity,
        **rank,
        **known,
        **title,
    }


def booking_document(
    row: BookingRow, person: Person, standing: Standing = NOTHING, warnings: tuple[Conflict, ...] = ()
) -> dict[str, Any]:
    """A booking, as far as this person may know: whoever reads it may know it all. `standing`: in the queue."""
    return {
        "id": str(row.id),
        "state": row.state,
        "venue": row.venue,
        "organisation": str(row.organisation) if row.organisation else None,
        "organisation_name": row.organisation_name,
        "title": row.title,
        "purpose": row.purpose,
        "people": row.people,
        "note": row.note,
        "claims": [
            claim_document(claim, row.zone) | _rank((standing.ranks or {}).get(claim.id)) for claim in row.claims
        ],
        "moments": [moment_document(moment, row.zone) for moment in row.moments],
        "refer_consent": row.refer_consent,
        "created_at": local(row.created_at, row.zone),
        "modified_at": local(row.modified_at, row.zone),
        "ended_at": local(row.ended_at, row.zone) if row.ended_at else None,
        "revision": row.revision,
        "url": f"{request.url_root}bookings/{row.id}",
        "warnings": [conflict_document(warning) for warning in warnings],
        "verbs": [str(verb) for verb in verbs(row, person, standing)],
        "series": str(row.series_id) if row.series_id else None,
        "trajectory": str(row.trajectory_id) if row.trajectory_id else None,
        "enquiry": str(row.enquiry_id) if row.enquiry_id else None,
        **_clock(row.due_at, row.due_kind, row.expires_at, row.zone),
        **_rank(standing.rank),
        **standing_document(row, person, standing),
    }


def standing_document(row: BookingRow, person: Person, standing: Standing) -> dict[str, Any]:
    """Ranks per day, the challenge with its deadlines, what waits for an answer, and what was lost."""
    found: dict[str, Any] = {}
    if standing.rank is not None:
        found["days"] = [day_document(day) for day in standing.days]
    if standing.challenge is not None:
        found["challenge"] = _challenge(standing.challenge, row, person)
    if standing.proposal is not None:
        found["proposal"] = {
            "kind": standing.proposal.kind,
            "by": standing.proposal.side,
            "claims": standing.proposal.claims,
            "reason": standing.proposal.reason,
            "at": local(standing.proposal.at, row.zone),
        }
    if standing.offer is not None:
        found["reinstatement"] = {"due_at": local(standing.offer.due_at, row.zone)}
    if standing.referrals:
        known = person.sees_everything or person.speaks_for(row.organisation)
        found["referrals"] = [referral_document(each, row.zone, known=known) for each in standing.referrals]
    if standing.referred_from is not None:
        origin = standing.referred_from
        theirs = (
            {"booking": str(origin.booking_id)} if person.may_know(origin.from_venue, row.organisation) else {}
        )
        found["referred_from"] = {"venue": origin.from_venue, **theirs}
    if standing.lost:
        found["lost"] = [
            {
                "resource": each.resource,
                "start": str(each.start_date or local(each.starts, row.zone)),
                "end": str(each.end_date or local(each.ends, row.zone)),
                "why": each.why,
                "at": local(each.at, row.zone),
            }
            for each in standing.lost
        ]
    return found


def referral_document(referral: Any, zone: str, *, known: bool) -> dict[str, Any]:
    """One partner house; the request that it became there only for those who may know it."""
    sent = "sent" if referral.to_id else "not-possible"
    return {
        "venue": referral.to_venue,
        "state": {None: "asked", "refuse": "refused", "accept": sent}[referral.answer],
        "booking": str(referral.to_id) if referral.to_id and known else None,
        "at": local(referral.answered_at or referral.asked_at, zone),
    }


def day_document(day: DayRank) -> dict[str, Any]:
    """The rank on one resource and planning day."""
    return {"date": day.date.isoformat(), "resource": day.resource, "rank": day.rank}


def _challenge(view: ChallengeView, row: BookingRow, person: Person) -> dict[str, Any]:
    """Deadlines and days; whose booking is challenged only for those who may know the house's bookings."""
    known = person.may_know(row.venue, None) or not view.mine
    return {
        "id": str(view.id),
        "state": view.state,
        "mine": view.mine,
        "at": local(view.at, row.zone),
        "due_at": local(view.due_at, row.zone) if view.due_at else None,
        "answers_due": [
            {
                "booking": str(each.booking) if known else None,
                "due_at": local(each.due_at, row.zone),
                "answer": each.answer,
                "days": [{"date": day.isoformat(), "resource": code} for code, day in each.days],
            }
            for each in view.asked
        ],
    }


def _rank(rank: int | None) -> dict[str, int]:
    return {} if rank is None else {"rank": rank}


def _clock(
    due_at: datetime | None, due_kind: str | None, expires_at: datetime | None, zone: str
) -> dict[str, str | None]:
    return {
        "due_at": local(due_at, zone) if due_at else None,
        "due_kind": str(due_kind) if due_kind else None,
        "expires_at": local(expires_at, zone) if expires_at else None,
    }


def claim_document(claim: ClaimRow, zone: str) -> dict[str, Any]:
    """What is claimed; whole days as plain dates, `end` excluded."""
    days = claim.start_date is not None
    return {
        "id": str(claim.id),
        "resource": claim.resource,
        "start": str(claim.start_date) if days else local(claim.starts, zone),
        "end": str(claim.end_date) if days else local(claim.ends, zone),
        "quantity": claim.quantity,
        "setup_minutes": claim.setup_minutes,
        "strike_minutes": claim.strike_minutes,
        "crew": claim.crew,
    }


def moment_document(moment: dict[str, Any], zone: str) -> dict[str, Any]:
    """Something that happens inside a booking."""
    return {
        "kind": moment["kind"],
        "start": local(datetime.fromisoformat(moment["start"]), zone),
        "end": local(datetime.fromisoformat(moment["end"]), zone),
    }


def local(moment: datetime, zone: str) -> str:
    """RFC 3339 at the venue's offset."""
    return at_venue(moment, zone).isoformat()


def asked_document(made: Asking, terms: Terms, person: Person, at: datetime) -> dict[str, Any]:
    """A booking that was just made, without reading it again: what `booking_document` would say."""
    verdict = made.verdict
    place = verdict.asked[0].place
    made_at = local(at, place.zone)
    return {
        "id": str(made.id),
        "state": verdict.state,
        "venue": verdict.venue,
        "organisation": str(terms.organisation) if terms.organisation else None,
        "organisation_name": verdict.asker.name,
        "title": terms.title,
        "purpose": terms.purpose,
        "people": terms.people,
        "note": terms.note,
        "claims": [
            asked_claim_document(claim_id, asked) | _rank(rank)
            for claim_id, asked, rank in zip(made.claims, verdict.asked, _claim_ranks(made), strict=True)
        ],
        "moments": [moment_document(moment.document(), place.zone) for moment in terms.moments],
        "refer_consent": terms.refer_consent,
        "created_at": made_at,
        "modified_at": made_at,
        "ended_at": None,
        "revision": 1,
        "url": f"{request.url_root}bookings/{made.id}",
        "warnings": [conflict_document(warning) for warning in verdict.warnings],
        "verbs": [
            str(verb) for verb in actions_in(verdict.state, person.sides(verdict.venue, terms.organisation))
        ],
        "series": None,
        "trajectory": None,
        "enquiry": None,
        **_asked_option(made, place.zone),
    }


def _claim_ranks(made: Asking) -> Sequence[int | None]:
    return made.option.ranks if made.option else [None] * len(made.claims)


def _asked_option(made: Asking, zone: str) -> dict[str, Any]:
    option = made.option
    if option is None:
        return _clock(None, None, None, zone)
    return {
        **_clock(option.expires_at, DueKind.EXPIRY, option.expires_at, zone),
        **_rank(max(option.ranks)),
        "days": [day_document(day) for day in option.days],
    }


def asked_claim_document(claim_id: UUID, asked: Asked) -> dict[str, Any]:
    """A claim that was just made."""
    terms, zone = asked.terms, asked.place.zone
    days = terms.in_whole_days
    return {
        "id": str(claim_id),
        "resource": terms.resource,
        "start": str(terms.start) if days else local(asked.span.start, zone),
        "end": str(terms.end) if days else local(asked.span.end, zone),
        "quantity": terms.quantity,
        "setup_minutes": terms.setup_minutes,
        "strike_minutes": terms.strike_minutes,
        "crew": terms.crew,
    }
