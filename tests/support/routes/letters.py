"""Letters and webhooks."""

from uuid import uuid4

from tests.support.routes.cells import SIGNED_IN, WITH_SESSION, Case, Table, by_form, each

ROUTES: Table = {
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
}
