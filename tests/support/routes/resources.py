"""Resources: their inventory, closures, calendars that come in; waiting, drafts, challenges and kit."""

from tests.support.routes.cells import (
    HOUSE_ONLY,
    KNOWS,
    OWN,
    PUBLIC,
    REASON,
    SIGNED_IN,
    WITH_SESSION,
    WORKS_THERE,
    Case,
    Table,
    by_form,
    each,
)

CONNECTS = each(404, nobody=401, manager=202, technician=403, coordinator=403, admin=403)
A_CALENDAR = (
    ("GET", "", None),
    ("PATCH", "", {}),
    ("DELETE", "", None),
    ("POST", "/preview", {}),
    ("POST", "/sync", {}),
    ("POST", "/upload", {}),
)
A_RESOURCE = {"venue": "DGP", "code": "DGP-NEW", "kind": "room", "name": {"nl": "Nieuw"}}
CLOSED = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}
WAITING = {"resource": "DGP-KZ", "start": "2027-03-08", "end": "2027-03-10"}
A_WISH = {"resource": "DGP-KZ", "first": "2027-03-08", "last": "2027-03-09"}

ROUTES: Table = {
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
}
