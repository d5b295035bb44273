"""A newer file of a calendar counts in the place of the one before, once somebody has looked at it."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask

from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.foreign import MAY, PENCILLED, REHEARSAL, SENT, blocks, calendar, refusal, send
from tests.support.visits import Visitor


def test_a_newer_file_takes_the_place_of_the_one_before(api: Callable[..., Api], a_booking: MakeBooking):
    joris = api("joris")
    made = send(joris, calendar(REHEARSAL, PENCILLED)).json
    where = f"/resources/BUD-S1/external-calendars/{made['id']}"
    later = REHEARSAL.replace("0515", "0516")
    newer = calendar(later, PENCILLED, "UID:r3\nSUMMARY:New\nDTSTART;VALUE=DATE:20270520")
    seen = joris.post(f"{where}/upload?preview=true", body=newer, headers=SENT)
    assert seen.status == 200, seen
    told = {name: [each["title"] for each in seen.json[name]] for name in ("added", "changed", "removed")}
    assert told == {"added": ["New"], "changed": ["Rehearsal"], "removed": []}
    assert (seen.json["same"], seen.json["believable"]) == (1, True)
    assert blocks(joris)[0] == MAY[0], "a preview changes nothing"
    replaced = joris.post(f"{where}/upload", body=newer, headers=SENT)
    assert (replaced.status, replaced.json["id"], replaced.json["counts"]["hard"]) == (200, made["id"], 2)
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-16T06:00"
    assert refusal(api("camille"), "2027-05-15", "2027-05-16") == "external-busy", "it blocks the next request"

    for bad in (b"", b"<html>", b"/etc/passwd", newer[:-20]):
        refused = joris.post(f"{where}/upload", body=bad, headers=SENT)
        assert (refused.status, list(refused.json["errors"])) == (422, ["body"])
    gone = joris.post(f"{where}/upload", body=calendar(PENCILLED), headers=SENT)
    assert (gone.status, gone.code, gone.json["actions"]) == (409, "half-gone", ["believe"])
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-16T06:00", "the last good copy stays"
    assert joris.post(f"{where}/upload?believe=true", body=calendar(PENCILLED), headers=SENT).status == 200
    assert [item.split()[0] for item in blocks(joris)] == ["option"]

    from_address = joris.post("/resources/BUD-S1/external-calendars", {"url": "https://agenda.example/a.ics"}).json
    elsewhere = f"/resources/BUD-S1/external-calendars/{from_address['id']}/upload"
    assert joris.post(elsewhere, body=newer, headers=SENT).code == "has-address"


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"', maxsplit=1)[0]


def test_a_planner_looks_at_a_newer_file_before_it_counts(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    made = send(joris, calendar(REHEARSAL, PENCILLED)).json
    page = f"/desk/BUD/calendars/{made['id']}"
    assert "nieuwer bestand" in desk.get(page).text
    assert desk.get(f"{page}/newer").status == 404, "nothing was sent yet"
    refused = desk.post(f"{page}/file", {"file": (BytesIO(b"<html>"), "a.ics")})
    assert (refused.status, "geen agenda" in refused.text) == (422, True)

    def sent(*events: str) -> str:
        answered = desk.post(f"{page}/file", {"file": (BytesIO(calendar(*events)), "plan.ics")})
        assert answered.headers["Location"].endswith("/newer"), answered
        return desk.get(f"{page}/newer").text

    looked = sent(REHEARSAL, PENCILLED, "UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    assert "Nieuwe avond" in looked
    assert "Meer dan de helft" not in looked
    assert desk.post(f"{page}/newer", {"step": "drop"}).status == 303
    assert desk.get(f"{page}/newer").status == 404
    assert "Meer dan de helft" in sent("UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    seen = {"digest": digest_in(desk.get(f"{page}/newer").text)}
    assert desk.post(f"{page}/newer", seen).headers["Location"].endswith("/newer"), "not without a word"
    assert blocks(joris)[0] == MAY[0]
    sent("UID:n\nSUMMARY:Iets anders\nDTSTART;VALUE=DATE:20270601")  # by a colleague, meanwhile
    believed = {"believe": "1", **seen}
    assert desk.post(f"{page}/newer", believed).headers["Location"].endswith("/newer"), "nobody looked at that"
    assert blocks(joris)[0] == MAY[0]
    sent("UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    assert desk.post(f"{page}/newer", believed).headers["Location"].endswith(page)
    assert blocks(joris) == []
    assert blocks(joris, first="2027-06-01", end="2027-06-02") == ["external 2027-06-01T06:00 2027-06-02T06:00"]
