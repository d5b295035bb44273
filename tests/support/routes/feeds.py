"""Feeds and CalDAV."""

from calendars.web.dav.doors import READING, WRITING
from tests.support.routes.cells import OWN, PUBLIC, SIGNED_IN, Case, Table, each

A_FEED = {"what": "organisation:{lisiere}", "detail": "full", "language": "nl"}
METHODS = sorted({*READING, *WRITING} - {"HEAD", "OPTIONS"})

ROUTES: Table = {
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
