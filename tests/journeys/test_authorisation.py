"""Every route × every role: what each may see and do, declared in one table. A route that is not in it fails.

The story behind every cell is the same: Compagnie Lisière has asked De Grote Post for DGP-KZ. Its
producer, another company, the house's planner and technician, another house's, the coordinator, the
admin and nobody at all try every address that there is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from booking.services import invitations, people
from booking.storage.bookings import Occupancy
from booking.storage.database import Database
from calendars.web.dav.doors import READING, WRITING
from tests.support.api import Answer, Api, in_process
from tests.support.asks import a_claim, ask
from tests.support.builders import MakeBooking
from tests.support.cast import company_of, person
from tests.support.visits import Visitor
from tests.support.worlds import token_of

CAST = {
    "nobody": None,
    "member": "camille",
    "stranger": "wout",
    "manager": "bram",
    "technician": "griet",
    "other house": "joris",
    "other technician": "farid",
    "coordinator": "elise",
    "admin": "admin",
}
Expected = Mapping[str, int]


def each(others: int, **named: int) -> Expected:
    """One status for everybody, and for those who are named (with _ for a space) another."""
    return {role: named.get(role.replace(" ", "_"), others) for role in CAST}


PUBLIC = each(200)
# Machines are told 401, people are led to the sign-in page.
SIGNED_IN, WITH_SESSION = each(200, nobody=401), each(200, nobody=302)
KNOWS = each(200, nobody=401, stranger=404, other_house=404, other_technician=404)
SEES = {**KNOWS, "nobody": 302}
HOUSE_ONLY = each(404, nobody=401, manager=200, member=403, technician=403, coordinator=403, admin=403)
COMPANY_ONLY = each(404, nobody=401, member=200, manager=403, technician=403, coordinator=403, admin=403)
BOTH_SIDES = {**HOUSE_ONLY, "member": 200}
DESK = each(200, nobody=302, member=404, stranger=404, other_house=404, other_technician=404)
DECIDES = each(403, nobody=302, member=404, stranger=404, other_house=404, other_technician=404)
OWN = each(404, nobody=401, member=200)
WORKS_THERE = each(404, nobody=401, manager=200, technician=200, coordinator=200, admin=200)
CONNECTS = each(404, nobody=401, manager=202, technician=403, coordinator=403, admin=403)
A_CALENDAR = (
    ("GET", "", None),
    ("PATCH", "", {}),
    ("DELETE", "", None),
    ("POST", "/preview", {}),
    ("POST", "/sync", {}),
    ("POST", "/upload", {}),
)


@dataclass(frozen=True)
class Case:
    """One way to ask at one route. `path` with {booking}, {feed}, …; `state`: of the booking beforehand."""

    path: str
    expected: Expected
    body: Any = None
    form: Mapping[str, str] | None = None
    state: str = "requested"


MANAGES = each(404, nobody=302, manager=200)
A_RESOURCE = {"venue": "DGP", "code": "DGP-NEW", "kind": "room", "name": {"nl": "Nieuw"}}
REASON = {"reason": "because"}
CLOSED = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}
ASK = {"title": "x", "claims": [a_claim("DGP-KL", "2027-03-08", "2027-03-10")]}
AN_ENQUIRY = {
    "organisation": "{lisiere}",
    "title": "x",
    "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
    "needs": [{"kind": "stage"}],
    "venues": ["DGP"],
}
ENQUIRY_FORM = {
    "organisation": "{lisiere}",
    "title": "x",
    "kind": "stage",
    "first": "2027-03-08",
    "last": "2027-03-19",
    "venue": "DGP",
}
COORDINATION = {"coordinator": 200, "admin": 200}
A_SEARCH = {"periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "needs": [{"kind": "studio"}]}
A_CALL = {
    "title": "x",
    "period": {"from": "2027-03-01", "to": "2027-05-01"},
    "closes_at": "2027-01-01T00:00:00Z",
    "venues": ["DGP"],
    "criteria": ["artistic"],
}
CALL_FORM = {
    "title": "x",
    "first": "2027-03-01",
    "last": "2027-04-30",
    "closes": "2027-01-01",
    "venues": "DGP",
    "criteria": "artistic",
}
COORDINATES = each(403, nobody=302, coordinator=200)
APPLICATION_FORM = {
    "organisation": "{lisiere}",
    "title": "x",
    "kind": "studio",
    "days": "3",
    "first": "2027-03-08",
    "last": "2027-03-19",
}
AN_APPLICATION = {
    "organisation": "{lisiere}",
    "title": "x",
    "need": {"kind": "studio"},
    "days": 3,
    "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
}
A_CHAIN = {"title": "x", "bookings": [{"venue": "DGP", "claims": ASK["claims"]}]}
TIMELINE = "/api/v1/resources/DGP-KZ/timeline?from=2027-03-01&to=2027-04-01"
A_FORM = {
    "title": "x",
    "organisation": "{lisiere}",
    "purpose": "residency",
    "resource": "DGP-KL",
    "first": "2027-03-08",
    "last": "2027-03-09",
}
WAITING = {"resource": "DGP-KZ", "start": "2027-03-08", "end": "2027-03-10"}
A_WISH = {"resource": "DGP-KZ", "first": "2027-03-08", "last": "2027-03-09"}
EVERY_WEEK = {"repeat": "WEEKLY", "until": "2027-03-31"}
A_CLOSURE = {"resource": "DGP-KL", "first": "2027-04-12", "last": "2027-04-18", "reason": "Grid inspection"}
A_CHAIN_FORM = {
    "title": "x",
    "organisation": "{lisiere}",
    "stay-1-resource": "DGP-KL",
    "stay-1-first": "2027-03-08",
    "stay-1-last": "2027-03-09",
}
A_FEED = {"what": "organisation:{lisiere}", "detail": "full", "language": "nl"}
AN_ANSWER = {"title": "Not this season", "language": "nl", "text": "Helaas, ons seizoen is vol."}
FOR_LISIERE = {**ASK, "organisation": "{lisiere}"}


def verb(name: str, expected: Expected, state: str = "requested") -> Case:
    return Case(f"/api/v1/bookings/{{booking}}/{name}", expected, REASON, state=state)


def button(name: str, expected: Expected, state: str = "requested") -> Case:
    return Case(f"/bookings/{{booking}}/{name}", expected, form=REASON, state=state)


def by_form(expected: Expected) -> Expected:
    """On pages: nobody is led to the sign-in page, and who succeeds goes on to another page."""
    return {role: {200: 303, 401: 302}.get(status, status) for role, status in expected.items()}


LISIERE = {
    "name": "Compagnie Lisière",
    "legal_form": "SAS",
    "country": "FR",
    "region": "Hauts-de-France",
    "town": "Lille",
    "language": "fr",
    "size": "micro",
    "programme_company": True,
}
A_COMPANY = {**LISIERE, "name": "Les Nouveaux"}
SOMEBODY = {"email": "new@example.org", "name": "New"}
OVERSEES = each(403, nobody=401, coordinator=200, admin=200)
OWN_OR_OVERSEEN = each(404, nobody=401, member=200, coordinator=200, admin=200)


def by_session(expected: Expected) -> Expected:
    """On pages, nobody is led to the sign-in page."""
    return {role: {401: 302}.get(status, status) for role, status in expected.items()}


def created(expected: Expected) -> Expected:
    """Who succeeds has made something."""
    return {role: {200: 201}.get(status, status) for role, status in expected.items()}


METHODS = sorted({*READING, *WRITING} - {"HEAD", "OPTIONS"})
TABLE: Mapping[tuple[str, str], tuple[Case, ...]] = {
    # What everybody may read
    ("GET", "/"): (Case("/", each(302, nobody=200, member=200, stranger=200)),),
    ("GET", "/venues"): (Case("/venues", PUBLIC),),
    ("GET", "/venues/<code>"): (Case("/venues/DGP", PUBLIC), Case("/venues/XXX", each(404))),
    ("GET", "/resources"): (Case("/resources", PUBLIC),),
    ("GET", "/resources/<code>"): (Case("/resources/DGP-KZ", PUBLIC), Case("/resources/XXX", each(404))),
    ("GET", "/api/v1/venues"): (Case("/api/v1/venues", PUBLIC),),
    ("GET", "/api/v1/venues/<code>"): (Case("/api/v1/venues/DGP", PUBLIC),),
    ("GET", "/api/v1/resources"): (Case("/api/v1/resources", PUBLIC),),
    ("GET", "/api/v1/resources/<code>"): (Case("/api/v1/resources/DGP-KZ", PUBLIC),),
    ("GET", "/api/v1/resources/<code>/windows"): (Case("/api/v1/resources/DGP-KZ/windows", PUBLIC),),
    ("GET", "/healthz"): (Case("/healthz", PUBLIC),),
    ("GET", "/readyz"): (Case("/readyz", PUBLIC),),
    ("GET", "/metrics"): (Case("/metrics", PUBLIC),),
    ("GET", "/.well-known/security.txt"): (Case("/.well-known/security.txt", PUBLIC),),
    ("GET", "/openapi.json"): (Case("/openapi.json", PUBLIC),),
    ("GET", "/docs"): (Case("/docs", PUBLIC),),
    ("GET", "/docs/problems"): (Case("/docs/problems", PUBLIC),),
    ("GET", "/accessibility"): (Case("/accessibility", PUBLIC),),
    ("GET", "/design"): (Case("/design", PUBLIC),),
    ("GET", "/static/<path:filename>"): (Case("/static/favicon.svg", PUBLIC),),
    ("GET", "/feeds/static/<path:filename>"): (Case("/feeds/static/none.css", each(404)),),
    # Coming and going
    ("GET", "/sign-in"): (Case("/sign-in", {**each(302), "nobody": 200}),),
    ("POST", "/sign-in"): (Case("/sign-in", each(422), form={"email": "camille@lisiere.example"}),),
    ("POST", "/sign-out"): (Case("/sign-out", each(302), form={}),),
    ("GET", "/language"): (Case("/language?language=nl", each(302)),),
    ("POST", "/language"): (Case("/language", each(302), form={"language": "nl"}),),
    ("GET", "/invitation/<token>"): (
        Case("/invitation/made-up", each(404)),
        Case("/invitation/{used}", each(404)),
    ),
    ("POST", "/invitation/<token>/join"): (Case("/invitation/made-up/join", each(404, nobody=302), form={}),),
    ("POST", "/invitation/<token>"): (
        Case("/invitation/made-up", each(404), form={"password": "ten letters"}),
        Case("/invitation/{used}", each(404), form={"password": "ten letters"}),
    ),
    # Oneself
    ("GET", "/me"): (Case("/me", WITH_SESSION),),
    ("POST", "/me/tokens"): (Case("/me/tokens", WITH_SESSION, form={"name": "x"}),),
    ("POST", "/me/tokens/<uuid:token_id>/revoke"): (Case("/me/tokens/{token}/revoke", by_form(OWN), form={}),),
    ("GET", "/api/v1/me"): (Case("/api/v1/me", SIGNED_IN),),
    ("GET", "/notifications"): (Case("/notifications", SIGNED_IN),),
    ("POST", "/notifications/read"): (Case("/notifications/read", each(303, nobody=401), form={}),),
    ("POST", "/notifications/<uuid:notification_id>/read"): (
        Case("/notifications/{notification}/read", each(404, nobody=401, manager=303), form={}),
    ),
    ("GET", "/api/v1/notifications"): (Case("/api/v1/notifications", SIGNED_IN),),
    ("POST", "/api/v1/notifications/<notification_id>/read"): (
        Case("/api/v1/notifications/{notification}/read", each(404, nobody=401, manager=200), {}),
    ),
    # Letters
    ("GET", "/me/preferences"): (Case("/me/preferences", WITH_SESSION),),
    ("POST", "/me/preferences"): (Case("/me/preferences", by_form(SIGNED_IN), form={}),),
    ("GET", "/api/v1/me/preferences"): (Case("/api/v1/me/preferences", SIGNED_IN),),
    ("PUT", "/api/v1/me/preferences"): (Case("/api/v1/me/preferences", SIGNED_IN, {}),),
    ("GET", "/letters/unsubscribe/<token>"): (Case("/letters/unsubscribe/made-up", each(404)),),
    ("POST", "/letters/unsubscribe/<token>"): (Case("/letters/unsubscribe/made-up", each(404), form={}),),
    ("GET", "/letters/act/<token>"): (Case("/letters/act/made-up", each(404)),),
    ("POST", "/letters/act/<token>"): (Case("/letters/act/made-up", each(404), form={}),),
    ("GET", "/letters/folder"): (Case("/letters/folder", WITH_SESSION),),
    ("GET", "/letters/folder/<uuid:letter_id>"): (Case(f"/letters/folder/{uuid4()}", each(404, nobody=302)),),
    ("GET", "/letters/failed"): (Case("/letters/failed", each(404, nobody=302, coordinator=200, admin=200)),),
    ("POST", "/letters/failed/<uuid:letter_id>/retry"): (
        Case(f"/letters/failed/{uuid4()}/retry", each(404, nobody=302), form={}),
    ),
    ("GET", "/letters/previews"): (Case("/letters/previews", WITH_SESSION),),
    ("GET", "/letters/previews/<kind>/<side>"): (
        Case("/letters/previews/booking.confirmed/company", WITH_SESSION),
    ),
    # Webhooks: whose they are is tried in their own story
    ("GET", "/webhooks"): (Case("/webhooks", WITH_SESSION),),
    ("POST", "/webhooks"): (Case("/webhooks", each(422, nobody=302), form={}),),
    ("GET", "/webhooks/<uuid:webhook_id>"): (Case(f"/webhooks/{uuid4()}", each(404, nobody=302)),),
    **{
        ("POST", f"/webhooks/<uuid:webhook_id>/{deed}"): (
            Case(f"/webhooks/{uuid4()}/{deed}", each(404, nobody=302), form={}),
        )
        for deed in ("rotate", "enable", "delete")
    },
    ("POST", "/webhooks/deliveries/<uuid:delivery_id>/retry"): (
        Case(f"/webhooks/deliveries/{uuid4()}/retry", each(404, nobody=302), form={}),
    ),
    ("GET", "/api/v1/webhooks"): (Case("/api/v1/webhooks", SIGNED_IN),),
    ("POST", "/api/v1/webhooks"): (Case("/api/v1/webhooks", each(422, nobody=401), {}),),
    ("GET", "/api/v1/webhooks/deliveries"): (Case("/api/v1/webhooks/deliveries", SIGNED_IN),),
    ("POST", "/api/v1/webhooks/deliveries/<delivery_id>/retry"): (
        Case(f"/api/v1/webhooks/deliveries/{uuid4()}/retry", each(404, nobody=401), {}),
    ),
    ("GET", "/api/v1/webhooks/<webhook_id>"): (Case(f"/api/v1/webhooks/{uuid4()}", each(404, nobody=401)),),
    ("DELETE", "/api/v1/webhooks/<webhook_id>"): (Case(f"/api/v1/webhooks/{uuid4()}", each(404, nobody=401)),),
    ("POST", "/api/v1/webhooks/<webhook_id>/rotate"): (
        Case(f"/api/v1/webhooks/{uuid4()}/rotate", each(404, nobody=401), {}),
    ),
    ("POST", "/api/v1/webhooks/<webhook_id>/enable"): (
        Case(f"/api/v1/webhooks/{uuid4()}/enable", each(404, nobody=401), {}),
    ),
    ("GET", "/api/v1/webhooks/<webhook_id>/deliveries"): (
        Case(f"/api/v1/webhooks/{uuid4()}/deliveries", each(404, nobody=401)),
    ),
    ("POST", "/api/v1/webhooks/<webhook_id>/deliveries/<delivery_id>/retry"): (
        Case(f"/api/v1/webhooks/{uuid4()}/deliveries/{uuid4()}/retry", each(404, nobody=401), {}),
    ),
    # Search, timelines and bookings
    ("GET", "/search"): (
        Case("/search", WITH_SESSION),
        Case("/search?kind=studio&first=2027-03-08&last=2027-03-19", WITH_SESSION),
    ),
    ("GET", "/bookings/<uuid:booking_id>/rider-check"): (Case("/bookings/{booking}/rider-check", SEES),),
    ("POST", "/bookings/<uuid:booking_id>/rider"): (
        Case("/bookings/{booking}/rider", by_form(BOTH_SIDES), form={"min_width_m": "12"}),
    ),
    ("GET", "/trajectories/<uuid:trajectory_id>/rider-check"): (
        Case("/trajectories/{trajectory}/rider-check", SEES),
    ),
    ("GET", "/api/v1/bookings/<booking_id>/rider-check"): (
        Case("/api/v1/bookings/{booking}/rider-check?min_width_m=12", KNOWS),
    ),
    ("PUT", "/api/v1/bookings/<booking_id>/rider"): (
        Case("/api/v1/bookings/{booking}/rider", BOTH_SIDES, {"min_width_m": 12}),
    ),
    ("GET", "/api/v1/trajectories/<trajectory_id>/rider-check"): (
        Case("/api/v1/trajectories/{trajectory}/rider-check", KNOWS),
    ),
    ("GET", "/reports/unmet"): (Case("/reports/unmet", {**each(403), "nobody": 302, **COORDINATION}),),
    ("GET", "/reports/unmet.csv"): (Case("/reports/unmet.csv", {**each(403), "nobody": 302, **COORDINATION}),),
    ("GET", "/api/v1/reports/unmet"): (
        Case("/api/v1/reports/unmet", {**each(403), "nobody": 401, **COORDINATION}),
    ),
    ("GET", "/enquiries"): (Case("/enquiries", WITH_SESSION),),
    ("GET", "/enquiries/new"): (Case("/enquiries/new", each(403, nobody=302, member=200, stranger=200)),),
    ("POST", "/enquiries"): (
        Case("/enquiries", each(403, nobody=302, member=303, stranger=404), form=ENQUIRY_FORM),
        Case("/enquiries", each(403, nobody=302, member=422, stranger=422), form={}),
    ),
    ("GET", "/enquiries/<uuid:enquiry_id>"): (Case("/enquiries/{enquiry}", SEES),),
    ("POST", "/enquiries/<uuid:enquiry_id>/answers"): (
        Case("/enquiries/{enquiry}/answers", by_form(HOUSE_ONLY), form={"deed": "decline"}),
    ),
    ("POST", "/enquiries/<uuid:enquiry_id>/withdraw"): (
        Case("/enquiries/{enquiry}/withdraw", by_form(COMPANY_ONLY), form={}),
    ),
    ("GET", "/desk/<venue>/enquiries"): (Case("/desk/DGP/enquiries", DESK),),
    ("POST", "/desk/<venue>/enquiries"): (
        Case("/desk/DGP/enquiries", {**DESK, "technician": 403, "coordinator": 403, "admin": 403}, form={}),
    ),
    ("GET", "/api/v1/enquiries"): (Case("/api/v1/enquiries", SIGNED_IN),),
    ("POST", "/api/v1/enquiries"): (
        Case("/api/v1/enquiries", each(404, nobody=401, member=201), AN_ENQUIRY),
        Case("/api/v1/enquiries", each(422, nobody=401), {}),
    ),
    ("GET", "/api/v1/enquiries/<enquiry_id>"): (
        Case("/api/v1/enquiries/{enquiry}", KNOWS),
        Case("/api/v1/enquiries/{unknown}", each(404, nobody=401)),
    ),
    ("POST", "/api/v1/enquiries/<enquiry_id>/answers"): (
        Case("/api/v1/enquiries/{enquiry}/answers", {**HOUSE_ONLY, "manager": 201}, {"decline": True}),
    ),
    ("POST", "/api/v1/enquiries/<enquiry_id>/withdraw"): (
        Case("/api/v1/enquiries/{enquiry}/withdraw", COMPANY_ONLY, {}),
    ),
    ("POST", "/api/v1/search"): (Case("/api/v1/search", SIGNED_IN, A_SEARCH),),
    ("GET", "/api/v1/resources/<code>/timeline"): (Case(TIMELINE, SIGNED_IN),),
    ("GET", "/bookings"): (Case("/bookings", WITH_SESSION),),
    ("GET", "/api/v1/bookings"): (Case("/api/v1/bookings", SIGNED_IN),),
    ("GET", "/bookings/<uuid:booking_id>"): (Case("/bookings/{booking}", SEES),),
    ("GET", "/api/v1/bookings/<booking_id>"): (
        Case("/api/v1/bookings/{booking}", KNOWS),
        Case("/api/v1/bookings/{unknown}", each(404, nobody=401)),
    ),
    ("GET", "/api/v1/bookings/<booking_id>/history"): (Case("/api/v1/bookings/{booking}/history", KNOWS),),
    ("POST", "/api/v1/bookings"): (
        Case("/api/v1/bookings", each(404, nobody=401, member=201, manager=201), FOR_LISIERE),
        Case("/api/v1/bookings", each(403, nobody=401, member=422, stranger=422, manager=201), ASK),
    ),
    ("PATCH", "/api/v1/bookings/<booking_id>"): (
        Case("/api/v1/bookings/{booking}", BOTH_SIDES, {"title": "y"}),
        Case(
            "/api/v1/bookings/{booking}",
            BOTH_SIDES,
            {"claims": [a_claim("DGP-KZ", "2027-03-10", "2027-03-12")]},
            state="confirmed",
        ),
    ),
    ("POST", "/api/v1/bookings/<booking_id>/<verb>"): (
        verb("confirm", HOUSE_ONLY),
        verb("grant", HOUSE_ONLY),
        verb("decline", HOUSE_ONLY),
        verb("withdraw", COMPANY_ONLY),
        verb("refer", {**HOUSE_ONLY, "manager": 422}),
        verb("release", BOTH_SIDES, "option"),
        verb("cancel", BOTH_SIDES, "confirmed"),
        verb("commit", COMPANY_ONLY, "option"),
        verb("extend", BOTH_SIDES, "option"),
        verb("challenge", {**COMPANY_ONLY, "member": 409}, "option"),
        verb("order", {**HOUSE_ONLY, "manager": 422}, "option"),
        verb("take-back", {**HOUSE_ONLY, "manager": 409}, "option"),
        verb("accept", {**BOTH_SIDES, "member": 409, "manager": 409}),
        verb("refuse", {**BOTH_SIDES, "member": 409, "manager": 409}),
        verb("explode", each(404)),
    ),
    ("POST", "/api/v1/bookings/<booking_id>/duplicate"): (
        Case(
            "/api/v1/bookings/{booking}/duplicate",
            {**BOTH_SIDES, "member": 201, "manager": 201},
            {"start": "2027-06-07"},
        ),
    ),
    ("GET", "/bookings/<uuid:booking_id>/refer"): (
        Case(
            "/bookings/{booking}/refer",
            {**SEES, "member": 403, "technician": 403, "coordinator": 403, "admin": 403},
        ),
    ),
    ("POST", "/bookings/<uuid:booking_id>/refer"): (
        Case("/bookings/{booking}/refer", {**by_form(HOUSE_ONLY), "manager": 422}, form={}),
    ),
    ("POST", "/bookings/<uuid:booking_id>/duplicate"): (
        Case("/bookings/{booking}/duplicate", by_form(BOTH_SIDES), form={"start": "2027-06-07"}),
    ),
    ("POST", "/api/v1/bookings/answers"): (
        Case(
            "/api/v1/bookings/answers",
            SIGNED_IN,
            {"bookings": ["00000000-0000-7000-8000-000000000000"], "verb": "decline"},
        ),
    ),
    ("POST", "/desk/<venue>/answers"): (
        Case("/desk/DGP/answers", each(404, nobody=302, manager=303), form={"verb": "decline"}),
    ),
    ("POST", "/bookings/<uuid:booking_id>/<verb>"): (
        button("confirm", by_form(HOUSE_ONLY)),
        button("grant", by_form(HOUSE_ONLY)),
        button("decline", by_form(HOUSE_ONLY)),
        button("withdraw", by_form(COMPANY_ONLY)),
        button("release", by_form(BOTH_SIDES), "option"),
        button("cancel", by_form(BOTH_SIDES), "confirmed"),
    ),
    ("POST", "/bookings/<uuid:booking_id>/ways-out"): (
        Case("/bookings/{booking}/ways-out", each(422, nobody=302), form={"way": "made-up"}),
    ),
    ("GET", "/bookings/new"): (
        Case("/bookings/new?resource=DGP-KL", each(403, nobody=302, member=200, stranger=200, manager=302)),
    ),
    ("POST", "/bookings/check"): (Case("/bookings/check", WITH_SESSION, form=A_FORM),),
    ("POST", "/bookings"): (Case("/bookings", each(404, nobody=302, member=303, manager=303), form=A_FORM),),
    ("GET", "/bookings/<uuid:booking_id>/change"): (
        Case("/bookings/{booking}/change", {**by_form(BOTH_SIDES), "member": 200, "manager": 200}),
    ),
    ("POST", "/bookings/<uuid:booking_id>/change"): (
        Case("/bookings/{booking}/change", by_form(BOTH_SIDES), form={**A_FORM, "resource": "DGP-KZ"}),
    ),
    ("GET", "/bookings/<uuid:booking_id>/counter"): (
        Case("/bookings/{booking}/counter", {**by_form(HOUSE_ONLY), "manager": 200}),
    ),
    ("POST", "/bookings/<uuid:booking_id>/counter"): (
        Case("/bookings/{booking}/counter", by_form(HOUSE_ONLY), form={**A_FORM, "resource": "DGP-KZ"}),
    ),
    # Closures and the conflict desk
    ("GET", "/api/v1/resources/<code>/external-calendars"): (
        Case("/api/v1/resources/DGP-KZ/external-calendars", WORKS_THERE),
    ),
    ("POST", "/api/v1/resources/<code>/external-calendars"): (
        Case("/api/v1/resources/DGP-KZ/external-calendars", CONNECTS, {"url": "https://agenda.example/a.ics"}),
    ),
    **{
        (method, f"/api/v1/resources/<code>/external-calendars/<calendar_id>{rest}"): (
            Case(f"/api/v1/resources/DGP-KZ/external-calendars/{{unknown}}{rest}", each(404, nobody=401), body),
        )
        for method, rest, body in A_CALENDAR
    },
    ("GET", "/api/v1/venues/<code>/external-calendars"): (
        Case("/api/v1/venues/DGP/external-calendars", WORKS_THERE),
    ),
    ("POST", "/api/v1/venues/<code>/external-calendars"): (
        Case("/api/v1/venues/DGP/external-calendars", CONNECTS, {"url": "https://agenda.example/a.ics"}),
    ),
    **{
        (method, f"/api/v1/venues/<code>/external-calendars/<calendar_id>{rest}"): (
            Case(f"/api/v1/venues/DGP/external-calendars/{{unknown}}{rest}", each(404, nobody=401), body),
        )
        for method, rest, body in A_CALENDAR
    },
    ("GET", "/api/v1/resources/<code>/closures"): (Case("/api/v1/resources/DGP-KZ/closures", WORKS_THERE),),
    ("POST", "/api/v1/resources/<code>/closures"): (
        Case("/api/v1/resources/DGP-KZ/closures", {**HOUSE_ONLY, "member": 404}, {**CLOSED, "preview": True}),
    ),
    ("PATCH", "/api/v1/closures/<closure_id>"): (Case("/api/v1/closures/{unknown}", each(404, nobody=401), {}),),
    ("DELETE", "/api/v1/closures/<closure_id>"): (Case("/api/v1/closures/{unknown}", each(404, nobody=401)),),
    ("PATCH", "/api/v1/resources/<code>"): (
        Case("/api/v1/resources/DGP-KZ", {**each(403, nobody=401), "manager": 422}, {"out_of_order": 1}),
    ),
    ("GET", "/api/v1/venues/<code>/inventory"): (Case("/api/v1/venues/DGP/inventory", WORKS_THERE),),
    ("POST", "/api/v1/venues/<code>/imports"): (
        Case("/api/v1/venues/DGP/imports", {**HOUSE_ONLY, "manager": 202, "member": 404}, {"code": "DGP-KZ"}),
    ),
    ("GET", "/api/v1/imports/<import_id>"): (Case("/api/v1/imports/{unknown}", each(404, nobody=401)),),
    ("POST", "/api/v1/imports/<import_id>/apply"): (
        Case("/api/v1/imports/{unknown}/apply", each(404, nobody=401), {"digest": "x"}),
    ),
    ("PATCH", "/api/v1/venues/<code>"): (
        Case("/api/v1/venues/DGP", {**each(403, nobody=401), "manager": 200}, {"phone": "+32 59 00 00 00"}),
    ),
    ("GET", "/api/v1/resources/<code>/history"): (Case("/api/v1/resources/DGP-KZ/history", WORKS_THERE),),
    ("GET", "/api/v1/resources/<code>/pictures"): (Case("/api/v1/resources/DGP-KZ/pictures", PUBLIC),),
    ("POST", "/api/v1/resources/<code>/pictures"): (
        Case("/api/v1/resources/DGP-KZ/pictures", {**each(403, nobody=401), "manager": 422}, {}),
    ),
    ("POST", "/api/v1/resources/<code>/pictures/<picture>/first"): (
        Case("/api/v1/resources/DGP-KZ/pictures/{unknown}/first", {**each(403, nobody=401), "manager": 404}),
    ),
    ("DELETE", "/api/v1/resources/<code>/pictures/<picture>"): (
        Case("/api/v1/resources/DGP-KZ/pictures/{unknown}", {**each(403, nobody=401), "manager": 404}),
    ),
    ("POST", "/api/v1/resources"): (
        Case("/api/v1/resources", {**each(403, nobody=401), "manager": 201}, A_RESOURCE),
        Case("/api/v1/resources", each(404, nobody=401), {**A_RESOURCE, "venue": "XXX"}),
    ),
    ("POST", "/api/v1/resources/<code>/retire"): (
        Case(
            "/api/v1/resources/DGP-KZ/retire",
            {**each(403, nobody=401), "manager": 200},
            {**REASON, "preview": True},
        ),
    ),
    ("POST", "/api/v1/resources/<code>/reopen"): (
        Case("/api/v1/resources/DGP-KZ/reopen", {**each(403, nobody=401), "manager": 409}),
    ),
    ("PUT", "/api/v1/resources/<code>/windows"): (
        Case("/api/v1/resources/DGP-KZ/windows", {**each(403, nobody=401), "manager": 200}, {"windows": []}),
    ),
    ("GET", "/api/v1/waiting-list"): (Case("/api/v1/waiting-list", SIGNED_IN),),
    ("POST", "/api/v1/waiting-list"): (
        Case("/api/v1/waiting-list", each(403, nobody=401, member=201, stranger=201), WAITING),
        Case("/api/v1/waiting-list", each(404, nobody=401, member=201), {**WAITING, "organisation": "{lisiere}"}),
    ),
    ("DELETE", "/api/v1/waiting-list/<waiting_id>"): (
        Case("/api/v1/waiting-list/{waiting}", {**OWN, "member": 204}),
    ),
    ("POST", "/drafts/<form>"): (
        Case("/drafts/booking?about=DGP-KZ", WITH_SESSION, form={"title": "Marées"}),
        Case("/drafts/poem", each(404, nobody=302), form={}),
    ),
    ("POST", "/drafts/<form>/throw-away"): (
        Case("/drafts/booking/throw-away?about=DGP-KZ", each(303, nobody=302), form={}),
    ),
    ("GET", "/waiting-list"): (Case("/waiting-list", WITH_SESSION),),
    ("POST", "/waiting-list"): (
        Case("/waiting-list", each(403, nobody=302, member=303, stranger=303), form=A_WISH),
        Case("/waiting-list", each(404, nobody=302, member=303), form={**A_WISH, "organisation": "{lisiere}"}),
    ),
    ("POST", "/waiting-list/<uuid:waiting_id>/remove"): (
        Case("/waiting-list/{waiting}/remove", by_form(OWN), form={}),
    ),
    ("GET", "/api/v1/equipment"): (
        Case("/api/v1/equipment", SIGNED_IN),
        Case("/api/v1/equipment?venue=DGP", WORKS_THERE),
    ),
    ("POST", "/api/v1/bookings/<booking_id>/check-out"): (
        Case(
            "/api/v1/bookings/{booking}/check-out",
            {**KNOWS, "member": 403, "manager": 422, "technician": 422, "coordinator": 403, "admin": 403},
            {"claim": "00000000-0000-7000-8000-000000000000", "quantity": 1},
        ),
    ),
    ("POST", "/api/v1/bookings/<booking_id>/check-in"): (
        Case(
            "/api/v1/bookings/{booking}/check-in",
            {**KNOWS, "member": 403, "manager": 422, "technician": 422, "coordinator": 403, "admin": 403},
            {"claim": "00000000-0000-7000-8000-000000000000", "quantity": 1},
        ),
    ),
    ("POST", "/api/v1/challenges/<challenge_id>/answer"): (
        Case("/api/v1/challenges/{unknown}/answer", each(404, nobody=401), {"answer": "release"}),
    ),
    ("POST", "/challenges/<uuid:challenge_id>/answer"): (
        Case("/challenges/{unknown}/answer", each(404, nobody=302), form={"answer": "release"}),
    ),
    # Chains of houses
    ("GET", "/api/v1/trajectories"): (Case("/api/v1/trajectories", SIGNED_IN),),
    ("POST", "/api/v1/trajectories"): (
        Case("/api/v1/trajectories", each(404, nobody=401, member=201), {**A_CHAIN, "organisation": "{lisiere}"}),
    ),
    ("POST", "/api/v1/trajectories/plan"): (
        Case(
            "/api/v1/trajectories/plan",
            SIGNED_IN,
            {"period": A_SEARCH["periods"][0], "needs": [{"kind": "studio", "days": 3}]},
        ),
    ),
    ("GET", "/api/v1/trajectories/<trajectory_id>"): (Case("/api/v1/trajectories/{trajectory}", KNOWS),),
    ("PATCH", "/api/v1/trajectories/<trajectory_id>"): (
        Case("/api/v1/trajectories/{trajectory}", COMPANY_ONLY, {"title": "y"}),
    ),
    ("POST", "/api/v1/trajectories/<trajectory_id>/<verb>"): (
        Case("/api/v1/trajectories/{trajectory}/withdraw", COMPANY_ONLY, {}),
        Case("/api/v1/trajectories/{trajectory}/keep-the-rest", {**COMPANY_ONLY, "member": 409}, {}),
        Case("/api/v1/trajectories/{trajectory}/explode", each(404), {}),
    ),
    ("GET", "/trajectories"): (Case("/trajectories", WITH_SESSION),),
    # Calls of the programme
    ("GET", "/api/v1/calls"): (Case("/api/v1/calls", SIGNED_IN),),
    ("GET", "/calls"): (Case("/calls", WITH_SESSION),),
    ("GET", "/calls/new"): (Case("/calls/new", COORDINATES),),
    ("POST", "/calls"): (
        Case("/calls", {**COORDINATES, "coordinator": 303}, form=CALL_FORM),
        Case("/calls", {**COORDINATES, "coordinator": 422}, form={}),
    ),
    ("GET", "/calls/<uuid:call_id>"): (
        Case("/calls/{call}", WITH_SESSION),
        Case("/calls/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/calls/<uuid:call_id>/applications"): (
        Case(
            "/calls/{call}/applications",
            each(403, nobody=302, member=303, stranger=404),
            form=APPLICATION_FORM,
        ),
        Case("/calls/{call}/applications", each(403, nobody=302, member=422, stranger=422), form={}),
    ),
    ("GET", "/calls/<uuid:call_id>/change"): (Case("/calls/{call}/change", COORDINATES),),
    ("POST", "/calls/<uuid:call_id>/change"): (
        Case("/calls/{call}/change", {**COORDINATES, "coordinator": 303}, form=CALL_FORM),
        Case("/calls/{call}/change", {**COORDINATES, "coordinator": 422}, form={}),
    ),
    ("POST", "/calls/<uuid:call_id>/close"): (
        Case("/calls/{call}/close", {**COORDINATES, "coordinator": 303}, form={}),
    ),
    ("POST", "/calls/<uuid:call_id>/withdraw"): (
        Case("/calls/{call}/withdraw", {**COORDINATES, "coordinator": 422}, form={}),
        Case("/calls/{call}/withdraw", {**COORDINATES, "coordinator": 303}, form={"reason": "x"}),
    ),
    ("GET", "/calls/<uuid:call_id>/applications/<uuid:application_id>"): (
        Case("/calls/{call}/applications/{application}", each(404, nobody=302, member=200)),
    ),
    ("POST", "/calls/<uuid:call_id>/applications/<uuid:application_id>"): (
        Case(
            "/calls/{call}/applications/{application}",
            each(404, nobody=302, member=303),
            form=APPLICATION_FORM,
        ),
    ),
    ("POST", "/calls/<uuid:call_id>/applications/<uuid:application_id>/withdraw"): (
        Case("/calls/{call}/applications/{application}/withdraw", each(404, nobody=302, member=303), form={}),
    ),
    ("POST", "/calls/<uuid:call_id>/scores"): (
        Case(
            "/calls/{call}/scores",
            each(403, nobody=302, manager=422),
            form={"application": "{unknown}", "points-0": "1"},
        ),
    ),
    ("POST", "/calls/<uuid:call_id>/proposal"): (
        Case("/calls/{call}/proposal", {**COORDINATES, "coordinator": 303}, form={}),
    ),
    ("POST", "/calls/<uuid:call_id>/proposal/<uuid:application_id>"): (
        Case("/calls/{call}/proposal/{unknown}", {**COORDINATES, "coordinator": 422}, form={}),
    ),
    ("POST", "/calls/<uuid:call_id>/grant"): (
        Case("/calls/{call}/grant", {**COORDINATES, "coordinator": 409}, form={}),
    ),
    ("POST", "/api/v1/calls"): (Case("/api/v1/calls", {**each(403, nobody=401), "coordinator": 201}, A_CALL),),
    ("GET", "/api/v1/calls/<call_id>"): (Case("/api/v1/calls/{call}", SIGNED_IN),),
    ("PATCH", "/api/v1/calls/<call_id>"): (
        Case("/api/v1/calls/{call}", {**each(403, nobody=401), "coordinator": 200}, {"title": "y"}),
    ),
    ("POST", "/api/v1/calls/<call_id>/close"): (
        Case("/api/v1/calls/{call}/close", {**each(403, nobody=401), "coordinator": 200}, {}),
    ),
    ("POST", "/api/v1/calls/<call_id>/withdraw"): (
        Case("/api/v1/calls/{call}/withdraw", {**each(403, nobody=401), "coordinator": 200}, {"reason": "x"}),
    ),
    ("PUT", "/api/v1/calls/<call_id>/applications/<application_id>"): (
        Case(
            "/api/v1/calls/{call}/applications/{application}",
            each(404, nobody=401, member=200),
            {name: value for name, value in AN_APPLICATION.items() if name != "organisation"},
        ),
    ),
    ("DELETE", "/api/v1/calls/<call_id>/applications/<application_id>"): (
        Case("/api/v1/calls/{call}/applications/{application}", each(404, nobody=401, member=204)),
    ),
    ("POST", "/api/v1/calls/<call_id>/applications"): (
        Case("/api/v1/calls/{call}/applications", each(404, nobody=401, member=201), AN_APPLICATION),
    ),
    ("POST", "/api/v1/calls/<call_id>/scores"): (
        Case(
            "/api/v1/calls/{call}/scores",
            {**each(403, nobody=401), "manager": 422},
            {"application": "00000000-0000-7000-8000-000000000000", "scores": {"artistic": 1}},
        ),
    ),
    ("POST", "/api/v1/calls/<call_id>/proposal"): (
        Case("/api/v1/calls/{call}/proposal", {**each(403, nobody=401), "coordinator": 200}, {}),
    ),
    ("POST", "/api/v1/calls/<call_id>/grant"): (
        Case("/api/v1/calls/{call}/grant", {**each(403, nobody=401), "coordinator": 409}, {}),
    ),
    ("GET", "/trajectories/plan"): (
        Case("/trajectories/plan?from=2027-03-01&to=2027-03-31&need-1-days=3", WITH_SESSION),
    ),
    ("GET", "/trajectories/new"): (Case("/trajectories/new", each(403, nobody=302, member=200, stranger=200)),),
    ("POST", "/trajectories"): (Case("/trajectories", each(404, nobody=302, member=303), form=A_CHAIN_FORM),),
    ("GET", "/trajectories/<uuid:trajectory_id>"): (Case("/trajectories/{trajectory}", SEES),),
    ("POST", "/trajectories/<uuid:trajectory_id>/<verb>"): (
        Case("/trajectories/{trajectory}/withdraw", by_form(COMPANY_ONLY), form={}),
        Case("/trajectories/{trajectory}/keep-the-rest", {**by_form(COMPANY_ONLY), "member": 409}, form={}),
        Case("/trajectories/{trajectory}/explode", each(404), form={}),
    ),
    ("POST", "/bookings/series"): (
        Case("/bookings/series", each(404, nobody=302, member=200, manager=200), form={**A_FORM, **EVERY_WEEK}),
    ),
    ("GET", "/series/<uuid:series_id>"): (Case("/series/{unknown}", each(404, nobody=302)),),
    ("POST", "/series/<uuid:series_id>/retry"): (Case("/series/{unknown}/retry", each(404, nobody=302), form={}),),
    ("GET", "/api/v1/series/<series_id>"): (Case("/api/v1/series/{unknown}", each(404, nobody=401)),),
    ("POST", "/api/v1/series/<series_id>/retry"): (
        Case("/api/v1/series/{unknown}/retry", each(404, nobody=401), {}),
    ),
    ("GET", "/api/v1/conflicts"): (
        Case("/api/v1/conflicts", SIGNED_IN),
        Case("/api/v1/conflicts?venue=DGP", WORKS_THERE),
    ),
    ("POST", "/api/v1/conflicts/<conflict_id>/resolve"): (
        Case("/api/v1/conflicts/{unknown}/resolve", each(404, nobody=401), REASON),
    ),
    # The conversation, and who comes
    ("GET", "/api/v1/me/devices"): (Case("/api/v1/me/devices", SIGNED_IN),),
    ("POST", "/api/v1/me/devices"): (Case("/api/v1/me/devices", each(422, nobody=401), {}),),
    ("DELETE", "/api/v1/me/devices/<device_id>"): (Case("/api/v1/me/devices/{unknown}", each(404, nobody=401)),),
    ("POST", "/me/devices"): (Case("/me/devices", each(303, nobody=302), form={}),),
    ("POST", "/me/devices/<uuid:device_id>/remove"): (
        Case("/me/devices/{unknown}/remove", each(404, nobody=302), form={}),
    ),
    ("GET", "/push-worker.js"): (Case("/push-worker.js", PUBLIC),),
    ("GET", "/push/<path:filename>"): (Case("/push/push.js", PUBLIC),),
    ("POST", "/api/v1/undo/<group>"): (Case("/api/v1/undo/{unknown}", each(404, nobody=401), {}),),
    ("POST", "/undo/<uuid:group>"): (Case("/undo/{unknown}", each(404, nobody=302), form={}),),
    ("GET", "/api/v1/enquiries/<subject_id>/messages"): (Case("/api/v1/enquiries/{enquiry}/messages", KNOWS),),
    ("POST", "/api/v1/enquiries/<subject_id>/messages"): (
        Case("/api/v1/enquiries/{enquiry}/messages", created(BOTH_SIDES), {"text": "Hello"}),
    ),
    ("GET", "/api/v1/enquiries/<subject_id>/files"): (Case("/api/v1/enquiries/{enquiry}/files", KNOWS),),
    ("POST", "/api/v1/enquiries/<subject_id>/files"): (
        Case("/api/v1/enquiries/{enquiry}/files", each(422, nobody=401)),
    ),
    ("GET", "/api/v1/enquiries/<subject_id>/files/<file_id>"): (
        Case("/api/v1/enquiries/{enquiry}/files/{unknown}", each(404, nobody=401)),
    ),
    ("DELETE", "/api/v1/enquiries/<subject_id>/files/<file_id>"): (
        Case(
            "/api/v1/enquiries/{enquiry}/files/{unknown}",
            {**each(404, nobody=401), "technician": 403, "coordinator": 403, "admin": 403},
        ),
    ),
    ("GET", "/api/v1/bookings/<subject_id>/messages"): (Case("/api/v1/bookings/{booking}/messages", KNOWS),),
    ("POST", "/api/v1/bookings/<subject_id>/messages"): (
        Case("/api/v1/bookings/{booking}/messages", created(BOTH_SIDES), {"text": "Hello"}),
    ),
    ("GET", "/api/v1/bookings/<subject_id>/files"): (Case("/api/v1/bookings/{booking}/files", KNOWS),),
    ("POST", "/api/v1/bookings/<subject_id>/files"): (
        Case("/api/v1/bookings/{booking}/files", each(422, nobody=401)),
    ),
    ("GET", "/api/v1/bookings/<subject_id>/files/<file_id>"): (
        Case("/api/v1/bookings/{booking}/files/{unknown}", each(404, nobody=401)),
    ),
    ("DELETE", "/api/v1/bookings/<subject_id>/files/<file_id>"): (
        Case(
            "/api/v1/bookings/{booking}/files/{unknown}",
            each(404, nobody=401, technician=403, coordinator=403, admin=403),
        ),
    ),
    ("GET", "/api/v1/bookings/<booking_id>/arrivals"): (
        Case("/api/v1/bookings/{booking}/arrivals", {**KNOWS, "coordinator": 403, "admin": 403}),
    ),
    ("PUT", "/api/v1/bookings/<booking_id>/arrivals"): (
        Case("/api/v1/bookings/{booking}/arrivals", BOTH_SIDES, {"people": [{"name": "Ana"}]}),
    ),
    ("POST", "/bookings/<uuid:subject_id>/messages"): (
        Case("/bookings/{booking}/messages", by_form(BOTH_SIDES), form={"text": "Hello"}),
    ),
    ("POST", "/bookings/<uuid:subject_id>/files"): (
        Case(
            "/bookings/{booking}/files",
            {**each(404), "nobody": 302, "member": 422, "manager": 422}
            | dict.fromkeys(("technician", "coordinator", "admin"), 422),
            form={"kind": "rider"},
        ),
    ),
    ("GET", "/bookings/<uuid:subject_id>/files/<uuid:file_id>"): (
        Case("/bookings/{booking}/files/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/bookings/<uuid:subject_id>/files/<uuid:file_id>/remove"): (
        Case(
            "/bookings/{booking}/files/{unknown}/remove",
            each(404, nobody=302, technician=403, coordinator=403, admin=403),
            form={},
        ),
    ),
    ("POST", "/enquiries/<uuid:subject_id>/messages"): (
        Case("/enquiries/{enquiry}/messages", by_form(BOTH_SIDES), form={"text": "Hello"}),
    ),
    ("POST", "/enquiries/<uuid:subject_id>/files"): (
        Case(
            "/enquiries/{enquiry}/files",
            {**each(404), "nobody": 302, "member": 422, "manager": 422}
            | dict.fromkeys(("technician", "coordinator", "admin"), 422),
            form={"kind": "rider"},
        ),
    ),
    ("GET", "/enquiries/<uuid:subject_id>/files/<uuid:file_id>"): (
        Case("/enquiries/{enquiry}/files/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/enquiries/<uuid:subject_id>/files/<uuid:file_id>/remove"): (
        Case(
            "/enquiries/{enquiry}/files/{unknown}/remove",
            each(404, nobody=302, technician=403, coordinator=403, admin=403),
            form={},
        ),
    ),
    ("POST", "/trajectories/<uuid:subject_id>/messages"): (
        Case("/trajectories/{trajectory}/messages", by_form(BOTH_SIDES), form={"text": "Hello"}),
    ),
    ("POST", "/trajectories/<uuid:subject_id>/files"): (
        Case(
            "/trajectories/{trajectory}/files",
            {**each(404), "nobody": 302, "member": 422, "manager": 422}
            | dict.fromkeys(("technician", "coordinator", "admin"), 422),
            form={"kind": "rider"},
        ),
    ),
    ("GET", "/trajectories/<uuid:subject_id>/files/<uuid:file_id>"): (
        Case("/trajectories/{trajectory}/files/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/trajectories/<uuid:subject_id>/files/<uuid:file_id>/remove"): (
        Case(
            "/trajectories/{trajectory}/files/{unknown}/remove",
            each(404, nobody=302, technician=403, coordinator=403, admin=403),
            form={},
        ),
    ),
    ("GET", "/bookings/<uuid:booking_id>/arrivals"): (
        Case("/bookings/{booking}/arrivals", {**SEES, "coordinator": 403, "admin": 403}),
    ),
    ("POST", "/bookings/<uuid:booking_id>/arrivals"): (
        Case("/bookings/{booking}/arrivals", by_form(BOTH_SIDES), form={"name.0": "Ana"}),
    ),
    ("GET", "/desk/<venue>/arrivals"): (
        Case("/desk/DGP/arrivals", each(404, nobody=302, manager=200, technician=200)),
    ),
    ("GET", "/desk/<venue>/templates"): (Case("/desk/DGP/templates", each(404, nobody=302, manager=200)),),
    ("POST", "/desk/<venue>/templates"): (
        Case("/desk/DGP/templates", each(404, nobody=302, manager=303), form=AN_ANSWER),
    ),
    ("POST", "/desk/<venue>/templates/<uuid:template_id>"): (
        Case("/desk/DGP/templates/{unknown}", each(404, nobody=302), form=AN_ANSWER),
    ),
    ("POST", "/desk/<venue>/templates/<uuid:template_id>/remove"): (
        Case("/desk/DGP/templates/{unknown}/remove", each(404, nobody=302), form={}),
    ),
    ("GET", "/api/v1/trajectories/<subject_id>/messages"): (
        Case("/api/v1/trajectories/{trajectory}/messages", KNOWS),
    ),
    ("POST", "/api/v1/trajectories/<subject_id>/messages"): (
        Case("/api/v1/trajectories/{trajectory}/messages", created(BOTH_SIDES), {"text": "Hello"}),
    ),
    ("GET", "/api/v1/trajectories/<subject_id>/files"): (Case("/api/v1/trajectories/{trajectory}/files", KNOWS),),
    ("POST", "/api/v1/trajectories/<subject_id>/files"): (
        Case("/api/v1/trajectories/{trajectory}/files", each(422, nobody=401)),
    ),
    ("GET", "/api/v1/trajectories/<subject_id>/files/<file_id>"): (
        Case("/api/v1/trajectories/{trajectory}/files/{unknown}", each(404, nobody=401)),
    ),
    ("DELETE", "/api/v1/trajectories/<subject_id>/files/<file_id>"): (
        Case(
            "/api/v1/trajectories/{trajectory}/files/{unknown}",
            each(404, nobody=401, technician=403, coordinator=403, admin=403),
        ),
    ),
    # Companies, teams, deputies
    ("GET", "/api/v1/organisations"): (Case("/api/v1/organisations", OVERSEES),),
    ("POST", "/api/v1/organisations"): (
        Case("/api/v1/organisations", each(403, nobody=401, coordinator=201, admin=422), A_COMPANY),
    ),
    ("GET", "/api/v1/organisations/<organisation_id>"): (
        Case("/api/v1/organisations/{lisiere}", OWN_OR_OVERSEEN),
        Case("/api/v1/organisations/{unknown}", each(404, nobody=401)),
    ),
    ("PUT", "/api/v1/organisations/<organisation_id>"): (
        Case("/api/v1/organisations/{lisiere}", {**OWN_OR_OVERSEEN, "member": 403}, LISIERE),
    ),
    ("GET", "/api/v1/organisations/<organisation_id>/members"): (
        Case("/api/v1/organisations/{lisiere}/members", OWN_OR_OVERSEEN),
    ),
    ("POST", "/api/v1/organisations/<organisation_id>/members"): (
        Case("/api/v1/organisations/{lisiere}/members", created(OWN_OR_OVERSEEN), SOMEBODY),
    ),
    ("DELETE", "/api/v1/organisations/<organisation_id>/members/<person_id>"): (
        Case("/api/v1/organisations/{lisiere}/members/{unknown}", each(404, nobody=401)),
    ),
    ("GET", "/api/v1/venues/<code>/team"): (Case("/api/v1/venues/DGP/team", WORKS_THERE),),
    ("POST", "/api/v1/venues/<code>/team"): (
        Case(
            "/api/v1/venues/DGP/team",
            each(404, nobody=401, manager=201, admin=201, technician=403, coordinator=403),
            SOMEBODY,
        ),
    ),
    ("DELETE", "/api/v1/venues/<code>/team/<person_id>"): (
        Case("/api/v1/venues/DGP/team/{unknown}", each(404, nobody=401, technician=403, coordinator=403)),
    ),
    ("GET", "/api/v1/venues/<code>/deputies"): (Case("/api/v1/venues/DGP/deputies", WORKS_THERE),),
    ("POST", "/api/v1/venues/<code>/deputies"): (
        Case(
            "/api/v1/venues/DGP/deputies",
            each(404, nobody=401, manager=422, admin=422, technician=403, coordinator=403),
            {"email": "nobody@example.org", "start": "2027-03-01T09:00:00Z", "end": "2027-03-05T09:00:00Z"},
        ),
    ),
    ("DELETE", "/api/v1/venues/<code>/deputies/<deputy_id>"): (
        Case("/api/v1/venues/DGP/deputies/{unknown}", each(404, nobody=401, technician=403, coordinator=403)),
    ),
    ("GET", "/companies/<uuid:organisation_id>"): (Case("/companies/{lisiere}", by_session(OWN_OR_OVERSEEN)),),
    ("POST", "/companies/<uuid:organisation_id>/members"): (
        Case("/companies/{lisiere}/members", by_session(OWN_OR_OVERSEEN), form=SOMEBODY),
    ),
    ("POST", "/companies/<uuid:organisation_id>/members/<uuid:person_id>/leave"): (
        Case("/companies/{lisiere}/members/{unknown}/leave", each(404, nobody=302), form={}),
    ),
    ("GET", "/desk/<venue>/team"): (Case("/desk/DGP/team", DESK),),
    ("POST", "/desk/<venue>/team"): (
        Case("/desk/DGP/team", {**DESK, "technician": 403, "coordinator": 403}, form=SOMEBODY),
    ),
    ("POST", "/desk/<venue>/team/<uuid:person_id>/leave"): (
        Case("/desk/DGP/team/{unknown}/leave", each(404, nobody=302, technician=403, coordinator=403), form={}),
    ),
    ("POST", "/desk/<venue>/deputies"): (
        Case(
            "/desk/DGP/deputies",
            {role: 422 if status == 200 else status for role, status in DESK.items()},
            form={"deputy": ""},
        ),
    ),
    ("POST", "/desk/<venue>/deputies/<uuid:deputy_id>/call-off"): (
        Case(
            "/desk/DGP/deputies/{unknown}/call-off",
            each(404, nobody=302, technician=403, coordinator=403),
            form={},
        ),
    ),
    ("GET", "/programme"): (Case("/programme", by_session(each(404, nobody=401, coordinator=200, admin=200))),),
    ("GET", "/programme/companies"): (
        Case("/programme/companies", by_session(each(404, nobody=401, coordinator=200, admin=200))),
    ),
    ("POST", "/programme/companies"): (
        Case(
            "/programme/companies",
            by_session(each(404, nobody=401, coordinator=422, admin=422)),
            form={"name": "x"},
        ),
    ),
    ("GET", "/programme/companies/<uuid:organisation_id>"): (
        Case("/programme/companies/{lisiere}", by_session(each(404, nobody=401, coordinator=200, admin=200))),
    ),
    ("POST", "/programme/companies/<uuid:organisation_id>"): (
        Case(
            "/programme/companies/{lisiere}",
            by_session(each(404, nobody=401, coordinator=422, admin=422)),
            form={"name": "x"},
        ),
    ),
    # Desks
    ("GET", "/desk/<venue>"): (Case("/desk/DGP", DESK), Case("/desk/XXX", {**each(404), "nobody": 302})),
    ("GET", "/desk/<venue>/requests"): (Case("/desk/DGP/requests", DESK),),
    ("GET", "/desk/<venue>/queue/<code>"): (
        Case("/desk/DGP/queue/DGP-KZ", DESK),
        Case("/desk/DGP/queue/BUD-S1", {**each(404), "nobody": 302}),
    ),
    ("GET", "/desk/<venue>/calendars"): (Case("/desk/DGP/calendars", DESK),),
    ("POST", "/desk/<venue>/calendars"): (
        Case("/desk/DGP/calendars", {**DECIDES, "manager": 303}, form={"url": "https://agenda.example/a.ics"}),
    ),
    ("GET", "/desk/<venue>/calendars/compare"): (Case("/desk/DGP/calendars/compare", DESK),),
    ("POST", "/desk/<venue>/calendars/compare"): (
        Case("/desk/DGP/calendars/compare", each(404, nobody=302), form={"uid": "x"}),
    ),
    ("GET", "/desk/<venue>/calendars/<uuid:calendar_id>"): (
        Case("/desk/DGP/calendars/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/calendars/<uuid:calendar_id>"): (
        Case("/desk/DGP/calendars/{unknown}", {**DECIDES, "manager": 404}, form={}),
    ),
    ("POST", "/desk/<venue>/calendars/<uuid:calendar_id>/sync"): (
        Case("/desk/DGP/calendars/{unknown}/sync", each(404, nobody=302), form={}),
    ),
    ("POST", "/desk/<venue>/calendars/<uuid:calendar_id>/file"): (
        Case("/desk/DGP/calendars/{unknown}/file", {**DECIDES, "manager": 404}, form={}),
    ),
    ("GET", "/desk/<venue>/calendars/<uuid:calendar_id>/newer"): (
        Case("/desk/DGP/calendars/{unknown}/newer", {**DECIDES, "manager": 404}),
    ),
    ("POST", "/desk/<venue>/calendars/<uuid:calendar_id>/newer"): (
        Case("/desk/DGP/calendars/{unknown}/newer", each(404, nobody=302), form={}),
    ),
    ("POST", "/desk/<venue>/calendars/<uuid:calendar_id>/remove"): (
        Case("/desk/DGP/calendars/{unknown}/remove", each(404, nobody=302), form={}),
    ),
    ("GET", "/desk/<venue>/closures"): (Case("/desk/DGP/closures", DESK),),
    ("GET", "/desk/<venue>/closures/new"): (
        Case("/desk/DGP/closures/new", {**DESK, "technician": 403, "coordinator": 403, "admin": 403}),
    ),
    ("POST", "/desk/<venue>/closures"): (
        Case("/desk/DGP/closures", {**DECIDES, "manager": 200}, form=A_CLOSURE),
        Case("/desk/DGP/closures", {**DECIDES, "manager": 303}, form={**A_CLOSURE, "step": "save"}),
    ),
    ("GET", "/desk/<venue>/closures/<uuid:closure_id>"): (
        Case("/desk/DGP/closures/{closure}", {**DECIDES, "manager": 200}),
        Case("/desk/DGP/closures/{unknown}", {**DECIDES, "manager": 404}),
    ),
    ("POST", "/desk/<venue>/closures/<uuid:closure_id>"): (
        Case("/desk/DGP/closures/{closure}", {**DECIDES, "manager": 303}, form={**A_CLOSURE, "step": "save"}),
    ),
    ("POST", "/desk/<venue>/closures/<uuid:closure_id>/remove"): (
        Case("/desk/DGP/closures/{closure}/remove", {**DECIDES, "manager": 303}, form={}),
    ),
    ("GET", "/desk/<venue>/conflicts"): (Case("/desk/DGP/conflicts", DESK),),
    ("POST", "/desk/<venue>/conflicts/<uuid:conflict_id>/resolve"): (
        Case("/desk/DGP/conflicts/{unknown}/resolve", each(404, nobody=302), form=REASON),
    ),
    ("GET", "/desk/<venue>/equipment"): (Case("/desk/DGP/equipment", DESK),),
    ("GET", "/desk/<venue>/equipment/labels"): (Case("/desk/DGP/equipment/labels", DESK),),
    ("GET", "/desk/<venue>/equipment/<code>"): (Case("/desk/DGP/equipment/NONE", each(404, nobody=302)),),
    ("POST", "/desk/<venue>/equipment/<uuid:booking_id>/<direction>"): (
        Case(
            "/desk/DGP/equipment/{booking}/out",
            {**DECIDES, "member": 403, "manager": 422, "technician": 422},
            form={"claim": "00000000-0000-7000-8000-000000000000", "quantity": "1"},
        ),
    ),
    ("GET", "/desk/<venue>/day"): (Case("/desk/DGP/day", DESK),),
    ("GET", "/desk/<venue>/day/<day>"): (
        Case("/desk/DGP/day/2027-05-10", DESK),
        Case("/desk/DGP/day/whenever", {**each(404), "nobody": 302}),
    ),
    ("GET", "/desk/<venue>/plan"): (Case("/desk/DGP/plan", DESK),),
    ("POST", "/desk/<venue>/plan/sets"): (
        Case(
            "/desk/DGP/plan/sets",
            each(404, nobody=302, manager=303, technician=303),
            form={"name": "x", "place-DGP-KZ": "1"},
        ),
    ),
    ("POST", "/desk/<venue>/plan/sets/<uuid:set_id>/remove"): (
        Case("/desk/DGP/plan/sets/{unknown}/remove", each(404, nobody=302), form={}),
    ),
    ("POST", "/desk/<venue>/reminders"): (
        Case(
            "/desk/DGP/reminders",
            each(404, nobody=302, manager=303),
            form={"booking": "{booking}"},
            state="option",
        ),
    ),
    ("POST", "/me/shortcuts"): (Case("/me/shortcuts", each(303, nobody=302), form={"on": "0"}),),
    ("GET", "/desk/<venue>/book"): (
        Case("/desk/DGP/book", {**DESK, "technician": 403, "coordinator": 403, "admin": 403}),
    ),
    ("POST", "/desk/<venue>/book"): (Case("/desk/DGP/book", each(404, nobody=302, manager=303), form=A_FORM),),
    ("GET", "/desk/<venue>/setup"): (Case("/desk/DGP/setup", each(404, nobody=302, manager=200)),),
    ("GET", "/desk/<venue>/setup/<code>"): (
        Case("/desk/DGP/setup/DGP-KZ", each(404, nobody=302, manager=200)),
        Case("/desk/DGP/setup/BUD-S1", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/setup/<code>"): (
        Case("/desk/DGP/setup/DGP-KZ", each(404, nobody=302, manager=412), form={"revision": "old"}),
        Case("/desk/DGP/setup/BUD-S1", each(404, nobody=302), form={}),
    ),
    ("GET", "/desk/<venue>/setup/inventory.<ending>"): (
        Case("/desk/DGP/setup/inventory.csv", MANAGES),
        Case("/desk/DGP/setup/inventory.xlsx", MANAGES),
    ),
    ("GET", "/desk/<venue>/setup/import"): (Case("/desk/DGP/setup/import", MANAGES),),
    ("POST", "/desk/<venue>/setup/import"): (
        Case("/desk/DGP/setup/import", {**MANAGES, "manager": 422}, form={}),
    ),
    ("GET", "/desk/<venue>/setup/imports/<uuid:import_id>"): (
        Case("/desk/DGP/setup/imports/{unknown}", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/setup/imports/<uuid:import_id>/apply"): (
        Case("/desk/DGP/setup/imports/{unknown}/apply", each(404, nobody=302), form={}),
    ),
    ("GET", "/pictures/<uuid:picture>-<any(large,small):size>.webp"): (
        Case("/pictures/{unknown}-small.webp", each(404)),
    ),
    ("GET", "/desk/<venue>/setup/<code>/pictures"): (
        Case("/desk/DGP/setup/DGP-KZ/pictures", MANAGES),
        Case("/desk/DGP/setup/BUD-S1/pictures", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/setup/<code>/pictures"): (
        Case("/desk/DGP/setup/DGP-KZ/pictures", {**MANAGES, "manager": 422}, form={}),
        Case("/desk/DGP/setup/BUD-S1/pictures", each(404, nobody=302), form={}),
    ),
    ("POST", "/desk/<venue>/setup/<code>/pictures/<uuid:picture>/<any(first,remove):deed>"): (
        Case("/desk/DGP/setup/DGP-KZ/pictures/{unknown}/remove", each(404, nobody=302), form={}),
        Case("/desk/DGP/setup/BUD-S1/pictures/{unknown}/first", each(404, nobody=302), form={}),
    ),
    ("GET", "/desk/<venue>/setup/house"): (Case("/desk/DGP/setup/house", MANAGES),),
    ("POST", "/desk/<venue>/setup/house"): (Case("/desk/DGP/setup/house", {**MANAGES, "manager": 422}, form={}),),
    ("GET", "/desk/<venue>/setup/house/history"): (Case("/desk/DGP/setup/house/history", MANAGES),),
    ("GET", "/desk/<venue>/setup/<code>/history"): (
        Case("/desk/DGP/setup/DGP-KZ/history", MANAGES),
        Case("/desk/DGP/setup/BUD-S1/history", each(404, nobody=302)),
    ),
    ("GET", "/desk/<venue>/setup/add"): (Case("/desk/DGP/setup/add", MANAGES),),
    ("POST", "/desk/<venue>/setup/add"): (
        Case(
            "/desk/DGP/setup/add", {**MANAGES, "manager": 303}, form={"code": "N1", "kind": "room", "name.nl": "x"}
        ),
    ),
    ("POST", "/desk/<venue>/setup/<code>/around"): (
        Case("/desk/DGP/setup/DGP-KZ/around", {**MANAGES, "manager": 412}, form={"revision": "old"}),
        Case("/desk/DGP/setup/BUD-S1/around", each(404, nobody=302), form={}),
    ),
    ("GET", "/desk/<venue>/setup/<code>/retire"): (
        Case("/desk/DGP/setup/DGP-KZ/retire", MANAGES),
        Case("/desk/DGP/setup/BUD-S1/retire", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/setup/<code>/retire"): (
        Case("/desk/DGP/setup/DGP-KZ/retire", {**MANAGES, "manager": 422}, form={}),
        Case("/desk/DGP/setup/BUD-S1/retire", each(404, nobody=302), form=REASON),
    ),
    ("POST", "/desk/<venue>/setup/<code>/reopen"): (
        Case("/desk/DGP/setup/DGP-KZ/reopen", {**MANAGES, "manager": 409}, form={}),
        Case("/desk/DGP/setup/BUD-S1/reopen", each(404, nobody=302), form={}),
    ),
    ("POST", "/desk/<venue>/setup/<code>/windows"): (
        Case("/desk/DGP/setup/DGP-KZ/windows", each(404, nobody=302, manager=303), form={"first-0": ""}),
    ),
    # Feeds
    ("GET", "/feeds"): (Case("/feeds", SIGNED_IN),),
    ("POST", "/feeds"): (
        Case("/feeds", each(404, nobody=401, member=303, coordinator=303, admin=303), form=A_FEED),
    ),
    ("POST", "/feeds/<uuid:feed_id>/revoke"): (Case("/feeds/{feed}/revoke", {**OWN, "member": 303}, form={}),),
    ("GET", "/feeds/<uuid:feed_id>/qr.svg"): (Case("/feeds/{feed}/qr.svg", OWN),),
    ("GET", "/feeds/<token>.ics"): (Case("/feeds/{secret}.ics", PUBLIC), Case("/feeds/made-up.ics", each(404))),
    ("GET", "/feeds/<token>.ifb"): (Case("/feeds/{secret}.ifb", PUBLIC), Case("/feeds/made-up.ifb", each(404))),
    ("GET", "/api/v1/feeds"): (Case("/api/v1/feeds", SIGNED_IN),),
    ("POST", "/api/v1/feeds"): (
        Case(
            "/api/v1/feeds",
            each(404, nobody=401, member=201, coordinator=201, admin=201),
            {"scope": "organisation", "code": "{lisiere}"},
        ),
        Case("/api/v1/feeds", each(201, nobody=401), {"scope": "venue", "code": "DGP"}),
    ),
    ("DELETE", "/api/v1/feeds/<feed_id>"): (Case("/api/v1/feeds/{feed}", {**OWN, "member": 204}),),
    # CalDAV: neither a session nor a token of the API opens it (tests/journeys/test_caldav.py has what does)
    ("GET", "/api/v1/me/app-tokens"): (Case("/api/v1/me/app-tokens", SIGNED_IN),),
    ("POST", "/api/v1/me/app-tokens"): (Case("/api/v1/me/app-tokens", each(201, nobody=401), {"name": "x"}),),
    ("DELETE", "/api/v1/me/app-tokens/<token_id>"): (
        Case("/api/v1/me/app-tokens/{unknown}", each(404, nobody=401)),
        Case("/api/v1/me/app-tokens/{app}", {**OWN, "member": 204}),
    ),
    ("POST", "/feeds/keys"): (Case("/feeds/keys", each(200, nobody=401), form={"name": "x"}),),
    ("POST", "/feeds/keys/<uuid:token_id>/revoke"): (
        Case("/feeds/keys/{app}/revoke", {**OWN, "member": 303}, form={}),
    ),
    ("PROPFIND", "/"): (Case("/", each(401)),),
    **{(method, "/.well-known/caldav"): (Case("/.well-known/caldav", each(301)),) for method in METHODS},
    **{(method, "/dav/"): (Case("/dav/", each(401)),) for method in METHODS},
    **{(method, "/dav/<path:_below>"): (Case("/dav/calendars/x/y.ics", each(401)),) for method in METHODS},
}


def rules(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table_and_nothing_else(app: Flask):
    assert rules(app) == set(TABLE)


class Stage:
    """What the paths and bodies of the table name, made anew for each cell that could use it up."""

    def __init__(self, app: Flask, database: Database, a_booking: MakeBooking) -> None:
        self.app, self.database, self.a_booking = app, database, a_booking
        self.camille = person(database, "camille")
        self.facts = {
            "unknown": str(uuid4()),
            "lisiere": str(company_of(self.camille)),
            "used": invitations.make(app.config["SECRET_KEY"], self.camille, at=self.now()),
            "notification": self._notification(),
        }
        self.makers = {
            "booking": self._book,
            "feed": self._feed,
            "secret": self._feed,
            "token": self._token,
            "waiting": self._wait,
            "trajectory": self._chain,
            "call": self._call,
            "application": self._apply,
            "app": self._app_token,
        }

    def now(self) -> datetime:
        moment: datetime = self.app.extensions["booking"].clock()
        return moment

    def attempt(self, method: str, case: Case, name: str | None) -> Answer:
        """One person's one request, on a stage that nobody else has touched."""
        self._free_everything()
        for fact, make in (
            ("{booking}", self._book),
            ("{feed}", self._feed),
            ("{secret}", self._feed),
            ("{token}", self._token),
            ("{waiting}", self._wait),
            ("{closure}", self._close),
            ("{trajectory}", self._chain),
            ("{call}", self._call),
            ("{application}", self._apply),
            ("{app}", self._app_token),
            ("{enquiry}", self._enquire),
        ):
            if fact in case.path or fact in (case.form or {}).values():
                make(case)
        path = case.path.format(**self.facts)
        if case.path.startswith("/api/"):
            body = json.loads(self._filled(json.dumps(case.body))) if case.body is not None else None
            return self._api(name).request(method, path, json=body)
        visitor = Visitor(self.app, name)
        if method != "POST" or case.form is None:
            return visitor.ask(method, path)
        return visitor.post(path, {key: self._filled(value) for key, value in (case.form or {}).items()})

    def _filled(self, text: str) -> str:
        for name in ("lisiere", "unknown", "booking"):
            text = text.replace(f"{{{name}}}", self.facts.get(name, ""))
        return text

    def _api(self, name: str | None) -> Api:
        return Api(in_process(self.app.test_client()), token_of(name) if name else None)

    def _free_everything(self) -> None:
        held = update(Occupancy).where(Occupancy.source == "claim").values(force="none")
        self.database.write(lambda connection: connection.execute(held))

    def _book(self, case: Case) -> None:
        self.facts["booking"] = str(self.a_booking(resource="DGP-KZ", state=case.state))

    def _call(self, _case: Case) -> None:
        self.facts["call"] = self._api("elise").post("/calls", A_CALL).json["id"]

    def _apply(self, _case: Case) -> None:
        body = {**AN_APPLICATION, "organisation": self.facts["lisiere"]}
        made = self._api("camille").post(f"/calls/{self.facts['call']}/applications", body)
        self.facts["application"] = made.json["applications"][0]["id"]

    def _chain(self, _case: Case) -> None:
        made = self._api("camille").post("/trajectories", {**A_CHAIN, "organisation": self.facts["lisiere"]})
        self.facts["trajectory"] = made.json["id"]

    def _feed(self, _case: Case) -> None:
        feed = self._api("camille").post("/feeds", {"scope": "me"}).json
        self.facts |= {"feed": feed["id"], "secret": feed["url"].rpartition("/")[2].removesuffix(".ics")}

    def _enquire(self, _case: Case) -> None:
        body = json.loads(self._filled(json.dumps(AN_ENQUIRY)))
        self.facts["enquiry"] = str(self._api("camille").post("/enquiries", body).json["id"])

    def _wait(self, _case: Case) -> None:
        self.facts["waiting"] = str(self._api("camille").post("/waiting-list", WAITING).json["id"])

    def _close(self, _case: Case) -> None:
        made = self._api("bram").post("/resources/DGP-KL/closures", CLOSED)
        self.facts["closure"] = made.json["id"]

    def _token(self, _case: Case) -> None:
        self.database.write(lambda connection: people.new_token(connection, self.camille.id, "x", at=self.now()))
        with self.database.read() as connection:
            fresh = [token for token in people.tokens_of(connection, self.camille.id) if token.name == "x"]
        self.facts["token"] = str(fresh[0].id)

    def _app_token(self, _case: Case) -> None:
        self.facts["app"] = self._api("camille").post("/me/app-tokens", {"name": "x"}).json["id"]

    def _notification(self) -> str:
        assert ask(self._api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-20")).status == 201
        assert self.app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
        return str(self._api("bram").get("/notifications").json["items"][0]["id"])


def surprises(stage: Stage, *, on_pages: bool) -> list[str]:
    """Every cell in which something else happened than the table says."""
    return [
        f"{method} {case.path} as {role}: {case.expected[role]} expected, {status} came"
        for (method, rule), cases in TABLE.items()
        if rule.startswith("/api/") is not on_pages
        for case in cases
        for role, name in CAST.items()
        if (status := stage.attempt(method, case, name).status) != case.expected[role]
    ]


def test_the_api_lets_everybody_do_what_the_table_says_and_nothing_else(
    app: Flask, database: Database, a_booking: MakeBooking
):
    found = surprises(Stage(app, database, a_booking), on_pages=False)
    assert not found, "\n".join(found)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_let_everybody_do_what_the_table_says_and_nothing_else(
    app: Flask, database: Database, a_booking: MakeBooking
):
    """On one database: pages share the services of the API, which are tried on both."""
    found = surprises(Stage(app, database, a_booking), on_pages=True)
    assert not found, "\n".join(found)
