"""Joris declines too fast, walks on, and takes it back: Camille never hears of it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.walks import told
from tests.support.builders import MakeBooking
from tests.support.serving import Served


@told(("sqlite", "fr", "phone"), ("postgresql", "nl", "desktop"))
def test_a_planner_takes_back_what_he_did_a_moment_ago(
    visit: Visit,
    served: Served,
    a_booking: MakeBooking,
    worker: Callable[[], dict[str, int]],
    language: str,
    size: str,
) -> None:
    a_booking(state="requested", title="Marées")
    joris = visit(size)
    joris.sign_in("joris@buda.example", language)
    joris.go("/desk/BUD/requests")
    asked = joris.main.locator("li.request").filter(has_text="Marées")
    joris.open("Otherwise", asked)
    asked.locator("textarea").fill("Die weken is er al iemand.")
    joris.press("Decline", asked)
    joris.sees("It is done, and nobody is told for a minute yet.")
    joris.look("undo-desk")
    joris.go("/bookings", picture="undo-elsewhere")
    joris.press("Undo")
    joris.sees("Undone. Nobody was told.")
    expect(joris.page.locator(".undo")).to_have_count(0)
    joris.go("/desk/BUD/requests")
    expect(joris.main.locator("li.request").filter(has_text="Marées")).to_be_visible()
    worker()
    heard = [each["kind"] for each in served.api("camille").get("/notifications").json["items"]]
    assert "booking.declined" not in heard
