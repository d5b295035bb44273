"""Search, timelines and bookings."""

from tests.support.asks import a_claim
from tests.support.routes.cells import (
    A_FORM,
    A_SEARCH,
    ASK,
    BOTH_SIDES,
    COMPANY_ONLY,
    DESK,
    HOUSE_ONLY,
    KNOWS,
    REASON,
    SEES,
    SIGNED_IN,
    WITH_SESSION,
    Case,
    Expected,
    Table,
    by_form,
    each,
    verb,
)

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
TIMELINE = "/api/v1/resources/DGP-KZ/timeline?from=2027-03-01&to=2027-04-01"
FOR_LISIERE = {**ASK, "organisation": "{lisiere}"}


def button(name: str, expected: Expected, state: str = "requested") -> Case:
    return Case(f"/bookings/{{booking}}/{name}", expected, form=REASON, state=state)


ROUTES: Table = {
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
    ("GET", "/api/v1/bookings/<booking_id>/contact"): (Case("/api/v1/bookings/{booking}/contact", KNOWS),),
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
    ("POST", "/desk/<venue>/answers/letters"): (
        Case("/desk/DGP/answers/letters", each(404, nobody=302, manager=303), form={"verb": "decline"}),
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
}
