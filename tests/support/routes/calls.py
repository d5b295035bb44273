"""Chains of houses, and calls of the programme."""

from tests.support.routes.cells import (
    A_FORM,
    A_SEARCH,
    ASK,
    COMPANY_ONLY,
    KNOWS,
    REASON,
    SEES,
    SIGNED_IN,
    WITH_SESSION,
    WORKS_THERE,
    Case,
    Table,
    by_form,
    each,
)

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
EVERY_WEEK = {"repeat": "WEEKLY", "until": "2027-03-31"}
A_CHAIN_FORM = {
    "title": "x",
    "organisation": "{lisiere}",
    "stay-1-resource": "DGP-KL",
    "stay-1-first": "2027-03-08",
    "stay-1-last": "2027-03-09",
}

ROUTES: Table = {
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
}
