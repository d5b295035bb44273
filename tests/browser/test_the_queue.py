"""The queue of a stage, walked: ranks by day, a jump refused, ways out, force, and days that come back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import told
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.serving import Served

QUEUE = "/desk/DGP/queue/DGP-KZ"
GRANTED = (
    ("A", "Zwaluw", "2027-05-10", "2027-05-13"),
    ("B", "Lisière", "2027-05-12", "2027-05-15"),
    ("C", "Noordzee", "2027-05-14", "2027-05-15"),
)
ADDRESSES = {
    "bram": "bram@degrotepost.example",
    "wout": "wout@zwaluw.example",
    "camille": "camille@lisiere.example",
    "lotte": "lotte@noordzee.example",
}
Come = Callable[[str], Visitor]


@pytest.fixture
def week(a_booking: MakeBooking, clock: StoppedClock) -> dict[str, str]:
    """A Monday to Wednesday, B Wednesday to Friday, C Friday, granted in this order."""
    made = {}
    for minute, (name, company, first, end) in enumerate(GRANTED):
        clock.set(f"2026-11-23T10:0{minute}:00+01:00")
        made[name] = str(
            a_booking(resource="DGP-KZ", company=company, title=name, start=first, end=end, state="option")
        )
    return made


@pytest.fixture
def come(visit: Visit, served: Served, language: str, size: str) -> Come:
    """`come("bram")`: signed in, reading in the language of the walk, once the options are granted."""
    served.clock.set("2026-11-23T16:10:00+01:00")

    def comes(name: str) -> Visitor:
        visitor = visit(size)
        visitor.sign_in(ADDRESSES[name], language)
        return visitor

    return comes


def ranks(visitor: Visitor) -> list[list[str]]:
    """What stands in the bars of each option in line, in order."""
    rows = visitor.main.locator(".queue > li.queued")
    return [row.locator(".bar__text").all_inner_texts() for row in rows.all()]


@told()
def test_a_rank_is_told_day_by_day_and_moves_with_what_is_released(week: dict[str, str], come: Come) -> None:
    bram, wout, camille = come("bram"), come("wout"), come("camille")
    first, second = bram.says("1st option"), bram.says("2nd option")
    bram.go("/desk/DGP/plan?from=2027-05-10&weeks=1")
    bram.press("Queue")
    bram.look("queue")
    expect(bram.headline).to_have_text(bram.says("One option stands in line.", num=3))
    assert ranks(bram) == [[first], [second, first], [second]]

    wout.go(f"/bookings/{week['A']}")
    menu = wout.open("Other actions")
    menu.locator("[name=first]").fill("2027-05-12")
    menu.locator("[name=last]").fill("2027-05-12")
    wout.press("Release the option", menu)
    wout.sees("Released. The other side is told.")
    bram.go(QUEUE)
    assert ranks(bram) == [[first], [first], [second]]

    for view in ("timeline", "month", "weeks"):
        camille.go(f"/bookings?view={view}", picture=f"bookings-{view}")
    camille.go(f"/bookings/{week['B']}", picture="booking-option")
    camille.press_in_menu("Release the option")
    camille.sees("The option was released.")
    bram.go(QUEUE)
    assert ranks(bram) == [[first], [first]]


@told()
def test_a_jump_is_refused_with_ways_out_then_forced_and_the_beaten_come_back(
    week: dict[str, str], come: Come, served: Served
) -> None:
    bram = come("bram")
    bram.expects(409)
    bram.go(QUEUE)
    b = bram.main.locator(".queue > li.queued").nth(1)
    bram.press("Confirm", b)
    refusal = bram.main.locator("#refusal")
    expect(refusal).to_contain_text("12 m")
    bram.sees("Only the days that are free", bram.main.locator(".ways"))
    bram.look("queue-jump-refused")
    bram.page.fill("#reason-force", "Afspraak van het festival.")
    bram.press("%(deed)s nevertheless", deed=bram.says("Confirm"))
    expect(bram.headline).to_have_text(bram.says("Confirmed for %(company)s.", company="Compagnie Lisière"))
    bram.sees("A rule or a closure was overridden.")
    bram.look("booking-forced")

    wout, lotte, camille = come("wout"), come("lotte"), come("camille")
    wout.go(f"/bookings/{week['A']}", picture="booking-partly-beaten")
    wout.sees("No longer held")
    wout.knows_nothing_of(["Lisière", "Camille"])
    lotte.go(f"/bookings/{week['C']}", picture="booking-beaten")
    expect(lotte.headline).to_have_text(lotte.says("These days went to another project."))
    expect(lotte.main.locator(".way")).to_have_count(3)

    served.clock.set("2026-12-07T09:00:00+01:00")
    camille.go(f"/bookings/{week['B']}")
    camille.press_in_menu("Cancel the booking", reason="Plus de budget.")
    for visitor, name in ((wout, "A"), (lotte, "C")):
        visitor.go(f"/bookings/{week[name]}", picture="booking-offered-again")
        visitor.press("Accept")
        visitor.sees("You hold an option.")
    bram.go(QUEUE)
    assert ranks(bram) == [[bram.says("1st option")], [bram.says("1st option")]]


@told()
def test_a_challenge_shows_its_clock_and_why_it_ends_then(
    week: dict[str, str], come: Come, served: Served
) -> None:
    served.clock.set("2026-12-04T10:00:00+01:00")
    camille, wout, bram = come("camille"), come("wout"), come("bram")
    served.clock.set("2026-12-04T10:00:00+01:00")
    camille.go(f"/bookings/{week['B']}")
    camille.press_in_menu("Challenge those before you")
    camille.sees("They are asked to commit or to release.")
    clock = camille.main.locator(".cells--clock")
    expect(clock.locator(".cell.is-option")).to_have_count(3)
    camille.open("Why this date?")
    expect(camille.main).to_contain_text("6 d")  # a Sunday in December
    camille.look("booking-challenger")

    wout.go(f"/bookings/{week['A']}", picture="booking-challenged")
    bram.go(QUEUE, picture="queue-challenged")
    expect(bram.main.locator(".queued__clock").nth(1)).to_contain_text("Collectief Zwaluw")
    wout.press("Release the contested days")
    wout.sees("Released. The other side is told.")
    camille.go(f"/bookings/{week['B']}", picture="booking-challenge-won")
