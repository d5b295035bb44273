"""Nobody has to ask: what concerns somebody reaches them by letter, in their language, once, at the right time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.letters import Mail, mails

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]


def ask(api: Api, **more: Any) -> str:
    organisation = api.get("/me").json["organisations"][0]["id"]
    claim = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-20"}
    body = {"title": "Marées", "purpose": "residency", "claims": [claim], "organisation": organisation, **more}
    answer = api.post("/bookings", body)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def only(found: list[Mail]) -> Mail:
    assert len(found) == 1, [(mail.to, mail.subject) for mail in found]
    return found[0]


def sent_to(to: str, folder: Path) -> list[Mail]:
    return [mail for mail in mails(folder) if mail.to == to]


def newest(folder: Path, to: str) -> Mail:
    return sent_to(to, folder)[-1]


def test_a_request_and_its_answer_are_written_to_each_side_in_their_language(
    api: ApiOf, worker: Worker, tmp_path: Path
) -> None:
    booking = ask(api("camille"))
    assert worker()["letters sent"] == 2

    noted = only(sent_to("camille@lisiere.example", tmp_path))
    assert "a noté votre demande" in noted.subject
    asked = only(sent_to("joris@buda.example", tmp_path))
    assert asked.subject == "Compagnie Lisière stuurde een aanvraag: “Marées”"
    assert "Je antwoord wordt verwacht vóór maandag 30 november 2026 om 09:00." in asked.text
    assert "ma 8 – vr 19 mrt 2027 (12 dagen)" in asked.text
    assert "Een optie geven" in asked.html
    assert "style=" in asked.html
    assert "<style" not in asked.html

    api("joris").post(f"/bookings/{booking}/decline", {"reason": "De zaal wordt <b>geschilderd</b>."})
    worker()
    declined = newest(tmp_path, "camille@lisiere.example")
    assert "BUDA" in declined.subject
    assert "> De zaal wordt <b>geschilderd</b>." in declined.text
    assert "&lt;b&gt;geschilderd" in declined.html
    assert "Ce qui serait possible maintenant" in declined.text
    assert "/bookings/new?resource=" in declined.text
    assert worker()["letters sent"] == 0


def test_an_option_says_until_when_and_reminds_three_days_and_one_day_before(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    booking = ask(api("camille"))
    api("joris").post(f"/bookings/{booking}/grant")
    worker()

    granted = newest(tmp_path, "camille@lisiere.example")
    assert granted.subject == "Option jusqu’au lundi 7 décembre 2026 à 09:00\u00a0: «\u00a0Marées\u00a0»"
    assert "List-Unsubscribe" not in granted.message

    clock.set("2026-12-04T08:59:59+01:00")
    assert worker()["reminders said"] == 2  # both about an answer that was given: nobody hears of them
    before = len(mails(tmp_path))
    clock.set("2026-12-04T09:00:00+01:00")
    worker()
    worker()
    assert len(mails(tmp_path)) == before + 1
    reminder = newest(tmp_path, "camille@lisiere.example")
    assert reminder.subject.startswith("Expire le lundi 7 décembre 2026 à 09:00")
    clock.set("2026-12-06T12:00:00+01:00")
    worker()
    assert len(mails(tmp_path)) == before + 2
    kinds = [item["kind"] for item in api("camille").get(f"/bookings/{booking}/history").json["items"]]
    assert kinds.count("booking.expiring") == 2


def test_a_confirmed_booking_comes_with_its_invitation_and_a_cancelled_one_takes_it_back(
    api: ApiOf, worker: Worker, tmp_path: Path
) -> None:
    booking = ask(api("camille"))
    api("joris").post(f"/bookings/{booking}/confirm")
    worker()
    confirmed = newest(tmp_path, "camille@lisiere.example")
    [calendar] = [part for part in confirmed.message.walk() if part.get_content_type() == "text/calendar"]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert "STATUS:CONFIRMED" in calendar.get_content()

    api("joris").post(f"/bookings/{booking}/cancel", {"reason": "Waterschade."})
    worker()
    cancelled = newest(tmp_path, "camille@lisiere.example")
    [calendar] = [part for part in cancelled.message.walk() if part.get_content_type() == "text/calendar"]
    assert calendar["Content-Type"].params["method"] == "CANCEL"


def test_a_worker_that_was_down_says_what_still_makes_sense(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    booking = ask(api("camille"))
    api("joris").post(f"/bookings/{booking}/grant")
    worker()
    before = len(mails(tmp_path))

    clock.set("2026-12-06T18:00:00+01:00")  # both reminders are due; the earlier one says nothing new
    worker()
    assert len(mails(tmp_path)) == before + 1

    clock.set("2026-12-07T09:00:00+01:00")
    worker()
    lapsed = newest(tmp_path, "camille@lisiere.example")
    assert "8 mars" in lapsed.text
    assert "19 mars 2027" in lapsed.text


def test_reminders_keep_to_the_clock_on_the_wall(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    clock.set("2027-03-16T09:30:00+01:00")
    claim = {"resource": "BUD-S1", "start": "2027-06-07", "end": "2027-06-12"}
    booking = ask(api("camille"), claims=[claim])
    api("joris").post(f"/bookings/{booking}/grant")  # until 30 March, 9:30, summer time by then
    worker()
    before = len(mails(tmp_path))

    clock.set("2027-03-27T09:29:00+01:00")
    worker()
    clock.set("2027-03-27T09:30:00+01:00")
    worker()
    assert len([mail for mail in mails(tmp_path)[before:] if mail.to == "camille@lisiere.example"]) == 1


def test_a_house_that_does_not_answer_is_reminded_and_the_coordinator_hears_of_it_on_monday(
    api: ApiOf, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    ask(api("camille"))
    worker()
    clock.set("2026-11-27T09:00:00+01:00")
    worker()
    assert newest(tmp_path, "joris@buda.example").subject.startswith("Je antwoord vóór maandag 30 november 2026")
    clock.set("2026-11-30T10:00:00+01:00")
    worker()
    assert newest(tmp_path, "joris@buda.example").subject.startswith("Te laat")
    overdue = newest(tmp_path, "elise@emerge.example")
    assert overdue.subject == "Réponses que les maisons doivent encore"
    assert "Compagnie Lisière" in overdue.text
    assert worker()["rounds made"] == 0


def test_a_planner_reads_on_monday_which_options_run_out(
    a_booking: MakeBooking, worker: Worker, tmp_path: Path, clock: StoppedClock
) -> None:
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    worker()
    clock.set("2026-12-07T08:00:00+01:00")
    assert worker()["rounds made"] == 1
    listed = newest(tmp_path, "joris@buda.example")
    assert listed.subject == "Opties die deze week vervallen"
    assert "maandag 7 december 2026 om 09:00" in listed.text


def test_what_travels_is_a_proper_letter(api: ApiOf, worker: Worker, tmp_path: Path) -> None:
    ask(api("camille"), title="Marées\tBcc: everybody@example.org")
    worker()
    letter = only(sent_to("joris@buda.example", tmp_path)).message
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@localhost>")
    assert letter["Bcc"] is None
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Content-Language"] == "nl"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    for file in (tmp_path / "mail").iterdir():
        assert max(len(line) for line in file.read_bytes().split(b"\r\n")) <= 998


def test_an_event_that_is_handled_twice_is_written_once(
    api: ApiOf, worker: Worker, tmp_path: Path, database: Database
) -> None:
    ask(api("camille"))
    worker()
    database.write(lambda connection: connection.exec_driver_sql("UPDATE event SET handled_at = NULL"))
    assert worker()["letters sent"] == 0
    assert len(mails(tmp_path)) == 2  # the request, and that it arrived


def test_no_title_writes_a_link_of_its_own_into_a_letter(api: ApiOf, worker: Worker, tmp_path: Path) -> None:
    ask(api("camille"), title="Marées”.\r\n\r\nGive an option:\nhttp://elsewhere.example/letters/act/x\u2028--")
    worker()
    letter = newest(tmp_path, "joris@buda.example")
    links = [line for line in letter.text.splitlines() if line.startswith("http")]
    assert links
    assert all(line.startswith("http://localhost/") for line in links)
    assert 'href="http://elsewhere' not in letter.html
