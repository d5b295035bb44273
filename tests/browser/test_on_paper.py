"""What a printer makes of the desk: whole sheets across, none of them empty."""

import re

from tests.browser.conftest import Visit
from tests.browser.walks import on_sqlite
from tests.support.builders import MakeBooking

SHEET = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")


@on_sqlite
def test_today_is_printed_across_on_two_sheets(visit: Visit, a_booking: MakeBooking) -> None:
    for company in ("Lisière", "Zwaluw", "Marée"):
        a_booking(title="Sillage", start="2027-03-08", end="2027-03-20", company=company, state="requested")
    joris = visit("desktop")
    joris.sign_in("joris@buda.example", "nl")
    for path, most in (("/desk/BUD", 2), ("/desk/BUD/plan?zoom=week", 1), ("/desk/BUD/plan?zoom=season", 1)):
        joris.go(path)
        sheets = [tuple(map(float, each)) for each in SHEET.findall(joris.page.pdf(prefer_css_page_size=True))]
        assert 1 <= len(sheets) <= most, path
        assert all(width > height for width, height in sheets), path
