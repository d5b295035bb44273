"""People: what everybody may read, coming and going, oneself, companies, teams and deputies."""

from tests.support.routes.cells import (
    DESK,
    OWN,
    PUBLIC,
    SIGNED_IN,
    WITH_SESSION,
    WORKS_THERE,
    Case,
    Expected,
    Table,
    by_form,
    created,
    each,
)

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


ROUTES: Table = {
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
    ("GET", "/api/v1/organisations/<organisation_id>/members/left"): (
        Case("/api/v1/organisations/{lisiere}/members/left", OWN_OR_OVERSEEN),
    ),
    ("GET", "/api/v1/organisations/<organisation_id>/members/<person_id>/hand-over"): (
        Case("/api/v1/organisations/{lisiere}/members/{unknown}/hand-over", each(404, nobody=401)),
    ),
    ("GET", "/api/v1/venues/<code>/team/left"): (Case("/api/v1/venues/DGP/team/left", WORKS_THERE),),
    ("GET", "/api/v1/venues/<code>/team/<person_id>/hand-over"): (
        Case(
            "/api/v1/venues/DGP/team/{unknown}/hand-over",
            each(404, nobody=401, technician=403, coordinator=403),
        ),
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
    ("GET", "/companies/<uuid:organisation_id>/members/<uuid:person_id>/leave"): (
        Case("/companies/{lisiere}/members/{unknown}/leave", each(404, nobody=302)),
    ),
    ("GET", "/desk/<venue>/team/<uuid:person_id>/leave"): (
        Case("/desk/DGP/team/{unknown}/leave", each(404, nobody=302, technician=403, coordinator=403)),
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
}
