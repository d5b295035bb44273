"""More of a house's work, looked at closely: conflicts, proposals, series, a technician's day, equipment."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.walks import told
from tests.support.builders import MakeBooking
from tests.support.serving import Served

LAMPS = {"resource": "PHX-PAR", "start": "2026-11-23T09:00:00+01:00", "end": "2026-11-23T17:00:00+01:00"}


@told(("sqlite", "nl", "desktop"), ("sqlite", "fr", "phone"))
def test_a_conflict_is_met_with_a_proposal_that_is_accepted(
    visit: Visit, served: Served, a_booking: MakeBooking, language: str, size: str
) -> None:
    booking = a_booking(resource="PHX-ST", start="2027-04-12", end="2027-04-15")
    moved = [{"booking": str(booking), "decision": "move"}]
    grid = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid 04/2027", "decisions": moved}
    assert served.api("nadia").post("/resources/PHX-ST/closures", grid).status == 201

    nadia = visit(size)
    nadia.sign_in("nadia@phenix.example", language)
    nadia.go("/desk/PHX/conflicts")
    expect(nadia.main.locator(".way").first).to_be_visible()
    nadia.press("Propose other days to the company")
    nadia.look("counter")
    nadia.page.fill("[name=first]", "2027-05-10")
    nadia.page.fill("[name=last]", "2027-05-12")
    nadia.page.fill("[name=reason]", "Grid 04/2027")
    nadia.press("Send the proposal")
    nadia.sees("Proposed. The company accepts or refuses.")

    camille = visit(size)
    camille.sign_in("camille@lisiere.example", language)
    camille.go(f"/bookings/{booking}", picture="booking-countered")
    camille.press("Accept")
    camille.sees("Accepted. The other side is told.")
    camille.go(f"/bookings/{booking}/change", picture="change-asked")
    nadia.go("/desk/PHX/conflicts", picture="conflicts-none")
    nadia.sees("Nothing is to be resolved.")


@told(("sqlite", "nl", "phone"), ("sqlite", "fr", "desktop"))
def test_a_class_every_tuesday_is_seen_before_it_is_saved(visit: Visit, language: str, size: str) -> None:
    joris = visit(size)
    joris.sign_in("joris@buda.example", language)
    joris.go("/desk/BUD/book?resource=BUD-S2&from=2027-09-07&to=2027-09-08")
    joris.page.locator("[name=mode][value=hours]").check()
    joris.page.fill("[name=from_time]", "10:00")
    joris.page.fill("[name=to_time]", "12:00")
    joris.page.fill("[name=title]", "Open 18+")
    joris.open("On more dates")
    joris.page.select_option("[name=repeat]", "WEEKLY")
    joris.page.fill("[name=until]", "2027-11-30")
    joris.page.locator("[name='except-school-holidays']").check()
    joris.sees("See the dates")
    joris.look("series-form")
    joris.main.locator("button.button--main").click()
    joris.sees("The clocks change on the way; the hour stays the same on the clock of the house.")
    joris.look("series-preview")
    joris.press("Save %(num)s date", num=12)
    joris.sees("Saved as you saw it. The other side is told.")
    joris.look("series")
    joris.main.locator("a.row__link").first.click()
    joris.sees("One date of a series: see all of them")
    joris.look("booking-of-a-series")


@told(("sqlite", "nl", "phone"), ("sqlite", "fr", "desktop"))
def test_a_technicians_day_and_lamps_that_come_back_in_part(
    visit: Visit, served: Served, a_booking: MakeBooking, language: str, size: str
) -> None:
    a_booking(resource="PHX-ST", start="2026-11-23", end="2026-11-26", title="Marées")
    a_booking(**LAMPS, quantity=24, company="Noordzee", title="Getij")
    farid = visit(size)
    farid.sign_in("farid@phenix.example", language)
    served.clock.set("2026-11-23T08:30:00+01:00")
    farid.go("/desk/PHX/day", picture="day")
    farid.open("Hand over")
    farid.look("day-handing-over")
    farid.press("It is handed over")
    farid.sees("%(num)s piece is handed over.", num=24)
    served.clock.set("2026-11-23T17:01:00+01:00")
    farid.go("/desk/PHX/equipment", picture="equipment-overdue")
    farid.sees("One thing is overdue.", num=1)
    farid.open("Take it back in")
    farid.page.fill("[name=quantity]", "22")
    farid.page.fill("[name=damage]", "PAR-07: lens")
    farid.look("equipment-taking-back")
    farid.press("It is back")
    farid.sees("%(num)s piece is back.", num=22)
    farid.sees("%(num)s piece is overdue", num=2)


@told(("sqlite", "nl", "desktop"), ("sqlite", "fr", "phone"))
def test_a_colleague_who_leaves_hands_over(
    visit: Visit, served: Served, a_booking: MakeBooking, language: str, size: str
) -> None:
    a_booking(state="requested")
    bram = served.api("bram")
    assert bram.post("/feeds", {"scope": "crew", "code": "DGP", "language": "nl"}).status == 201
    absent = {
        "email": "wout@zwaluw.example",
        "start": "2026-12-01T06:00:00+01:00",
        "end": "2026-12-05T06:00:00+01:00",
    }
    assert bram.post("/venues/DGP/deputies", absent).status == 201
    assert bram.post("/venues/DGP/team", {"email": "joris@buda.example", "role": "manager"}).status == 201
    joris = visit(size)
    joris.sign_in("joris@buda.example", language)
    joris.go("/desk/DGP/team", picture="team")
    joris.main.locator("li", has_text="bram@").first.locator("a", has_text=joris.says("Take out")).click()
    joris.look("team-leave")
    joris.page.select_option("[name=successor]", label="Joris, joris@buda.example")
    joris.press("Take %(name)s out", name="Bram")
    joris.sees("Done. Whoever left sees nothing here any more.")
    joris.sees("handed over to %(name)s", name="Joris")
    joris.look("team-left")


@told(("sqlite", "nl", "phone"), ("sqlite", "fr", "desktop"))
def test_other_hours_in_summer_are_looked_at_before_they_are_saved(
    visit: Visit, served: Served, a_booking: MakeBooking, language: str, size: str
) -> None:
    evening = {"start": "2027-07-06T18:00:00+02:00", "end": "2027-07-06T20:00:00+02:00"}
    a_booking(resource="BUD-S1", **evening, state="confirmed")
    joris = visit(size)
    joris.sign_in("joris@buda.example", language)
    joris.go("/desk/BUD/setup/BUD-S1")
    joris.page.get_by_role("link", name=joris.says("Other hours in a season")).click()
    joris.look("seasons")
    joris.page.fill("[name=first-0]", "2027-07-01")
    joris.page.fill("[name=last-0]", "2027-08-31")
    joris.page.fill("[name=tue-0]", "09:00-13:00")
    joris.press("See what would fall outside")
    joris.look("seasons-outside")
    joris.press("Save all the same")
    joris.sees("The seasons are saved.")
    joris.look("seasons-saved")
