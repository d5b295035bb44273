"""Desks."""

from tests.support.routes.cells import A_FORM, DESK, REASON, Case, Table, each

DECIDES = each(403, nobody=302, member=404, stranger=404, other_house=404, other_technician=404)
MANAGES = each(404, nobody=302, manager=200)
A_CLOSURE = {"resource": "DGP-KL", "first": "2027-04-12", "last": "2027-04-18", "reason": "Grid inspection"}

ROUTES: Table = {
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
    ("GET", "/desk/<venue>/plan.csv"): (Case("/desk/DGP/plan.csv", DESK),),
    ("GET", "/desk/<venue>/plan.ics"): (Case("/desk/DGP/plan.ics", DESK),),
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
    ("GET", "/desk/<venue>/setup/<code>/seasons"): (
        Case("/desk/DGP/setup/DGP-KZ/seasons", MANAGES),
        Case("/desk/DGP/setup/BUD-S1/seasons", each(404, nobody=302)),
    ),
    ("POST", "/desk/<venue>/setup/<code>/seasons"): (
        Case("/desk/DGP/setup/DGP-KZ/seasons", {**MANAGES, "manager": 422}, form={"first-0": "2027-07-01"}),
        Case("/desk/DGP/setup/BUD-S1/seasons", each(404, nobody=302), form={}),
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
}
