"""A planner looks at a calendar of the house's own tool, chooses how it is read, and lets it block."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask

from tests.support.api import Api
from tests.support.asks import timeline
from tests.support.builders import MakeBooking
from tests.support.foreign import MAY, PENCILLED, REHEARSAL, SENT, blocks, calendar, send
from tests.support.visits import Visitor


def test_a_planner_looks_first_and_then_lets_it_block(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    assert desk.get("/desk/BUD/calendars").status == 200
    shows = [f"UID:s{day}\nSUMMARY:Le Sacre\nDTSTART;VALUE=DATE:202705{day}" for day in range(10, 20)]
    file = (BytesIO(calendar(*shows, "UID:x\nSUMMARY:Broken")), "plan.ics")
    made = desk.post("/desk/BUD/calendars", {"place": "BUD-S1", "label": "Ons plan", "file": file})
    assert made.status == 303, made
    assert blocks(joris) == [], "it is looked at first"
    page = desk.get(made.headers["Location"])
    assert page.text.count("Le Sacre") == 1, "ten days of one production are one block"
    assert "× 10" in page.text
    assert "Broken" in page.text
    assert desk.post(made.headers["Location"], {"block-CONFIRMED": "option", "step": "preview"}).status == 200
    assert blocks(joris) == []
    assert desk.post(made.headers["Location"]).status == 303
    assert blocks(joris)[0].startswith("external 2027-05-10")
    assert desk.post(f"{made.headers['Location']}/remove").status == 303
    assert blocks(joris) == []


def test_the_house_reads_its_own_titles_on_its_plan_and_others_do_not(api: Callable[..., Api], app: Flask):
    joris = api("joris")
    shows = [
        f"UID:s{day}\nSUMMARY:Le Sacre\nDTSTART;TZID=Europe/Brussels:202611{day}T200000\nDURATION:PT3H"
        for day in range(24, 30)
    ]
    works = "UID:w\nSUMMARY:Works\nSTATUS:TENTATIVE\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261203"
    assert send(joris, calendar(*shows, works)).status == 201
    assert [item.get("title") for item in timeline(joris, "BUD-S1", "2026-11-23", "2026-12-07")] == [
        *["Le Sacre"] * 6,
        "Works",
    ]
    for stranger in ("camille", "nadia"):
        seen = timeline(api(stranger), "BUD-S1", "2026-11-23", "2026-12-07")
        assert {item["force"] for item in seen} == {"external", "option"}
        assert not any("title" in item or "booking" in item for item in seen)
    plan = Visitor(app, "joris").get("/desk/BUD/plan?from=2026-11-23&weeks=2").text
    assert plan.count("<b>Le Sacre</b>") == 1, "six evenings of one production are one block"
    assert "× 6" in plan
    assert "<b>Works</b>" in plan
    assert "06:00–06:00" not in plan
    season = Visitor(app, "joris").get("/desk/BUD/plan?from=2026-11-23&weeks=26")
    assert (season.status, "Le Sacre × 6" in season.text) == (200, True)
    page = Visitor(app, "camille").get("/resources/BUD-S1?from=2026-11-23").text
    assert "Le Sacre" not in page
    assert "Works" not in page


def test_the_page_says_what_is_wrong_beside_the_field(app: Flask):
    desk = Visitor(app, "joris")
    for form, said in (
        ({"url": "http://10.0.0.1/"}, "privénetwerk"),
        ({"url": "agenda"}, "webadres"),
        ({"file": (BytesIO(b"<html>"), "a.ics")}, "geen agenda"),
        ({"place": "DGP-KZ", "url": "https://agenda.example/"}, "niet bekend"),
    ):
        refused = desk.post("/desk/BUD/calendars", form)
        assert (refused.status, said in refused.text) == (422, True), refused.text[-3000:]


def test_what_was_copied_is_said_to_be_the_same_and_leaves_the_list(
    api: Callable[..., Api], app: Flask, a_booking: MakeBooking
):
    joris, desk = api("joris"), Visitor(app, "joris")
    booking = str(a_booking(resource="BUD-S1", start="2027-05-10", end="2027-05-15", state="confirmed"))
    a_booking(resource="BUD-S1", start="2027-06-10", end="2027-06-15", state="confirmed")
    made = send(joris, calendar(REHEARSAL, "UID:own\nSUMMARY:Onderhoud\nDTSTART;VALUE=DATE:20270701")).json
    page = desk.get("/desk/BUD/calendars/compare").text
    assert "Eén boeking" in page or "1 boeking" in page, "the one of June is to be copied"
    assert "Rehearsal" in page
    assert "Onderhoud" in page
    same = {"calendar": made["id"], "uid": "r1", "booking": booking}
    assert desk.post("/desk/BUD/calendars/compare", same).status == 303
    assert [item.split()[0] for item in blocks(joris)] == ["confirmed"], "it blocks nothing beside the booking"
    joris.post(f"/bookings/{booking}/cancel", {"reason": "ill"})
    moved = joris.patch(f"/resources/BUD-S1/external-calendars/{made['id']}", {"map": {}})
    assert moved.status == 200
    assert blocks(joris) == MAY, "the booking is gone, the event is still there"
    assert desk.post("/desk/BUD/calendars/compare", {**same, "booking": ""}).status == 303


def test_a_preview_tells_what_it_would_hit(api: Callable[..., Api], app: Flask, a_booking: MakeBooking):
    joris, desk = api("joris"), Visitor(app, "joris")
    settled = a_booking(resource="BUD-S1", start="2027-05-12", end="2027-05-20", state="confirmed", title="Getij")
    option = a_booking(resource="BUD-S1", start="2027-05-08", end="2027-05-11", state="option", title="Vloed")
    a_booking(resource="BUD-S1", start="2027-05-11", end="2027-05-12", state="requested", title="Wens")
    a_booking(resource="BUD-S2", start="2027-05-10", end="2027-05-15", state="confirmed", title="Elders")
    a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="confirmed", title="Gekopieerd")
    copied = REHEARSAL.replace("r1", "r9") + "\nLOCATION:BUD-TA"
    body = calendar(REHEARSAL + "\nLOCATION:BUD-S1", copied)
    seen = joris.post("/venues/BUD/external-calendars?preview=true", body=body, headers=SENT).json
    assert {each["booking"]: each["state"] for each in seen["over"]} == {
        str(settled): "confirmed",
        str(option): "option",
    }
    made = desk.post("/desk/BUD/calendars", {"file": (BytesIO(body), "plan.ics")}).headers["Location"]
    page = desk.get(made).text
    assert "Getij" in page
    assert "Vloed" in page
    assert "Wens" not in page
    assert "Gekopieerd" not in page
    assert desk.post(made).status == 303
    assert "Getij" not in desk.get(made).text, "it stands on the desk now"
    assert joris.get(f"/bookings/{option}").json["state"] == "suspended"
    assert len(joris.get("/conflicts?venue=BUD&state=open").json["items"]) == 1


def test_two_planners_who_choose_how_a_calendar_is_read_overwrite_nothing(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = calendar(f"{REHEARSAL}\nLOCATION:De tuin", f"{PENCILLED}\nLOCATION:Zolder")
    made = joris.post("/venues/BUD/external-calendars", body=text, headers=SENT).json
    page = f"/desk/BUD/calendars/{made['id']}"
    seen = desk.get(page).text.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    where = f"/venues/BUD/external-calendars/{made['id']}"
    assert joris.patch(where, {"split": {"LOCATION": {"De tuin": "BUD-S1"}}}).status == 200
    attic = {"field-0": "LOCATION", "word-0": "Zolder", "target-0": "BUD-S2", "label": "Ons plan", "seen": seen}
    late = desk.post(page, attic)
    assert late.status == 412
    assert "Iemand anders" in late.text
    assert 'value="Ons plan"' in late.text
    assert joris.get(where).json["split"] == {"LOCATION": {"De tuin": "BUD-S1"}}
    again = late.text.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    assert desk.post(page, {**attic, "seen": again}).status == 303
    assert joris.get(where).json["split"] == {"LOCATION": {"De tuin": "BUD-S1", "Zolder": "BUD-S2"}}
