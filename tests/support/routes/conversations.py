"""The conversation, and who comes."""

from tests.support.routes.cells import (
    BOTH_SIDES,
    KNOWS,
    PUBLIC,
    SEES,
    SIGNED_IN,
    Case,
    Table,
    by_form,
    created,
    each,
)

AN_ANSWER = {"title": "Not this season", "language": "nl", "text": "Helaas, ons seizoen is vol."}

ROUTES: Table = {
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
}
