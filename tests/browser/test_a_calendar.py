"""A house connects its own plan: looked at first, then it blocks; compared with what is booked."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.walks import told
from tests.support.builders import MakeBooking
from tests.support.foreign import calendar
from tests.support.serving import Served

SHOWS = [
    f"UID:s{day}\nSUMMARY:Le Sacre\nLOCATION:Studio 1\nDTSTART;VALUE=DATE:202705{day}" for day in range(10, 20)
]
OTHERS = [
    "UID:m\nSUMMARY:Onderhoud 2027\nLOCATION:Studio 1\nDTSTART;VALUE=DATE:20270601",
    "UID:t\nSUMMARY:Marée 2\nSTATUS:TENTATIVE\nLOCATION:Studio 1\nDTSTART;VALUE=DATE:20270603",
    "UID:w\nSUMMARY:Sambre 2027\nLOCATION:Studio 1\nDTSTART;VALUE=DATE:20270604\nRRULE:FREQ=SOMETIMES",
    "UID:n\nSUMMARY:Zwaluw 1",
]


@told(("sqlite", "nl", "phone"), ("postgresql", "fr", "desktop"))
def test_a_plan_of_the_house_is_looked_at_before_it_blocks(
    visit: Visit, served: Served, a_booking: MakeBooking, tmp_path: Path, language: str, size: str
) -> None:
    a_booking(resource="BUD-S1", start="2027-05-10", end="2027-05-20", state="confirmed", title="Sacre")
    a_booking(resource="BUD-S1", start="2027-08-10", end="2027-08-20", state="confirmed", title="Marées")
    file = tmp_path / "plan.ics"
    file.write_bytes(
        calendar("UID:k\nSUMMARY:Sacre\nDTSTART;VALUE=DATE:20270510\nDTEND;VALUE=DATE:20270520", *OTHERS)
    )

    joris = visit(size)
    joris.sign_in("joris@buda.example", language)
    joris.go("/desk/BUD/setup")
    joris.press("Calendars that block here")
    joris.sees("No calendar is connected.")
    joris.look("calendars-none")
    joris.page.set_input_files("[name=file]", file)
    joris.page.select_option("[name=place]", "BUD-S1")
    joris.page.fill("[name=label]", "BUDA 2027")
    joris.press("See what it would block")
    joris.sees("It blocks nothing yet.")
    joris.sees("What was not understood")
    joris.look("calendar-looked-at")
    joris.press("Let it block")
    joris.sees("Saved. It blocks as you see here.")
    joris.look("calendar-blocks")
    joris.go("/desk/BUD/calendars", picture="calendars")
    joris.press("Compare with the bookings")
    joris.sees("Seems to be the same")
    joris.look("calendars-compared")
    joris.press("It is the same")
    joris.sees("No, it is not")
    joris.look("calendars-compared-again")

    file.write_bytes(calendar(*SHOWS))
    joris.open_page("/desk/BUD/calendars")
    joris.page.set_input_files("[name=file]", file)
    joris.press("See what it would block")
    expect(joris.main).to_contain_text("Le Sacre × 10")
    joris.look("calendar-by-its-words")
    joris.expects(422)
    joris.open_page("/desk/BUD/calendars")
    joris.page.fill("[name=url]", "http://10.0.0.1/agenda.ics")
    joris.press("See what it would block")
    joris.sees("This address leads into a private network.")
    joris.look("calendars-refused")
