"""What people call their work: markup, pictures, two directions, no space; every page that shows it is whole."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.walks import on_sqlite
from tests.support.asks import a_claim, ask
from tests.support.serving import Served

HOSTILE = "<b>x</b>🎭שלום \u202eabc " + "W" * 175
PAGES = ("/", "/bookings", "/bookings?view=weeks", "/bookings/{id}", "/bookings/{id}/change", "/notifications")


@on_sqlite
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_hostile_title_breaks_no_page(visit: Visit, served: Served, size: str) -> None:
    made = ask(served.api("camille"), a_claim("BUD-S2", "2027-03-08", "2027-03-13"), title=HOSTILE).json
    camille = visit(size)
    camille.sign_in("camille@lisiere.example", "fr")
    for path in PAGES:
        camille.go(path.format(id=made["id"]))
        assert "<b>x</b>" not in camille.page.content()
    joris = visit("desktop")
    joris.sign_in("joris@buda.example", "nl")
    for path in ("/desk/BUD", "/desk/BUD/requests", "/desk/BUD/plan?from=2027-03-08"):
        joris.go(path)
