"""Two planners of one house have the same request before them: the second is told, and undoes nothing."""

from playwright.sync_api import expect

from booking.domain.people import Role
from booking.services import people
from booking.storage.database import Database
from tests.browser.conftest import Visit
from tests.browser.walks import on_sqlite
from tests.support.asks import history
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.serving import Served

REASON = "Die weken is er al iemand."


@on_sqlite
def test_the_second_of_two_planners_is_told_kindly_and_keeps_his_words(
    visit: Visit, served: Served, database: Database, a_booking: MakeBooking
) -> None:
    simon_id = person(database, "simon").id
    database.write(lambda connection: people.give_hat(connection, simon_id, Role.MANAGER, venue="BUD"))
    booking = str(a_booking(state="requested", title="Marées"))
    joris, simon = visit("desktop"), visit("phone")
    for planner, email in ((joris, "joris@buda.example"), (simon, "simon@namur.example")):
        planner.sign_in(email, "fr")
        planner.open_page("/desk/BUD/requests")

    asked = joris.main.locator("li.request").filter(has_text="Marées")
    asked.get_by_role("button", name=joris.says("Confirm")).dblclick()
    joris.sees("Confirmed. The company is told.")

    late = simon.main.locator("li.request").filter(has_text="Marées")
    simon.open("Otherwise", late)
    late.locator("textarea").fill(REASON)
    simon.expects(409, 412)
    simon.press("Decline", late)
    simon.sees("Somebody changed this since you read it. Look again before you decide.")
    simon.look("too-late")
    expect(simon.main).to_contain_text(REASON)

    joris_api = served.api("joris")
    assert joris_api.get(f"/bookings/{booking}").json["state"] == "confirmed"
    assert [each["kind"] for each in history(joris_api, booking)].count("booking.confirmed") == 1
