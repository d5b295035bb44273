"""A search is never staler than the last commit: whatever its answer depends on, changed, changes the next answer.

Each question is asked twice beforehand, so that every memory of the process has what it would wrongly repeat.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from booking.storage.database import Database
from booking.storage.people import Organisation
from booking.storage.places import Resource, Venue
from tests.support.api import Api
from tests.support.asks import a_claim, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]
PERIOD = {"from": "2027-03-08", "to": "2027-03-20"}


def answer_of(
    api: Api, code: str = "BUD-S1", *, days: int = 12, period: Mapping[str, str] = PERIOD, **more: Any
) -> Any:
    """What the search says of one resource: its answer, its rank, its windows."""
    need = {"resource": code, "quantity": more.pop("quantity", 1), **more.pop("need", {})}
    found = api.post("/search", {"periods": [period], "days": days, "needs": [need], **more})
    assert found.status == 200, found
    [candidate] = found.json["periods"][0]["needs"][0]["candidates"]
    return candidate["answer"], candidate.get("rank"), candidate["windows"]


def twice(api: Api, *args: Any, **more: Any) -> Any:
    """Asked again it is the same."""
    first = answer_of(api, *args, **more)
    assert answer_of(api, *args, **more) == first
    return first


def set_house(database: Database, **values: Any) -> None:
    database.write(
        lambda connection: connection.execute(update(Venue).where(Venue.code == "BUD").values(**values))
    )


def test_how_far_down_a_queue(api: As, database: Database, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    assert twice(api("camille"))[:2] == ("option", 2)
    set_house(database, settings={"most_rank": 1})
    assert answer_of(api("camille"))[0] == "unfit"
    set_house(database, settings={})
    assert answer_of(api("camille"))[:2] == ("option", 2)


def test_school_holidays_of_the_house(api: As, database: Database):
    easter = {"from": "2027-03-22", "to": "2027-04-20"}
    flemish = twice(api("camille"), days=5, period=easter, school_holidays="avoid")
    set_house(database, school_holidays={"country": "FR", "subdivision": "Zone B"})
    assert answer_of(api("camille"), days=5, period=easter, school_holidays="avoid") != flemish


def test_where_the_house_is(api: As, database: Database):
    near = {"lat": 50.83, "lon": 3.26, "km": 20}
    body = {"periods": [PERIOD], "days": 12, "needs": [{"kind": "studio"}], "near": near}

    def houses() -> set[str]:
        found = api("camille").post("/search", body).json
        return {each["venue"] for each in found["periods"][0]["needs"][0]["candidates"]}

    assert "BUD" in houses() & houses()
    set_house(database, latitude=43.6, longitude=3.9)
    assert "BUD" not in houses()


def test_whether_the_company_is_of_the_programme(api: As, database: Database):
    rules = {"policy": "option", "opening": "always", "granularity_minutes": 30, "audience": "programme"}
    api("joris").patch("/resources/BUD-S1", {"rules": rules})
    before = twice(api("camille"))[0]
    name = "Compagnie Lisière"

    def set_programme(*, to: bool) -> None:
        change = update(Organisation).where(Organisation.name == name).values(programme_company=to)
        database.write(lambda connection: connection.execute(change))

    answers = {}
    for programme in (False, True, False):
        set_programme(to=programme)
        answers[programme] = answer_of(api("camille"))[0]
    assert answers == {False: "unfit", True: "free"}
    assert before in answers.values()


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"rules": {"horizon_days": 30}}, "unfit"),
        ({"rules": {"lead_minutes": 200 * 1440}}, "unfit"),
        ({"rules": {"longest_minutes": 3 * 1440}}, "unfit"),
    ],
)
def test_rules_of_the_resource(api: As, change: dict[str, Any], answer: str):
    assert twice(api("camille"))[0] == "free"
    changed = api("joris").patch("/resources/BUD-S1", change)
    assert changed.status == 200, changed
    assert answer_of(api("camille"))[0] == answer


def test_the_technical_sheet(api: As):
    need = {"min_width_m": 10}
    assert twice(api("camille"), need=need)[0] == "free"
    changed = api("joris").patch("/resources/BUD-S1", {"technical_sheet": {"width_m": 9}})
    assert changed.status == 200, changed
    assert answer_of(api("camille"), need=need)[0] == "unfit"


def test_windows_closures_bookings_and_their_ends(api: As):
    camille, joris = api("camille"), api("joris")
    assert twice(camille)[0] == "free"
    closed = joris.post(
        "/resources/BUD-S1/closures", {"start": "2027-03-10", "end": "2027-03-11", "reason": "floor"}
    )
    assert closed.status == 201, closed
    assert twice(camille)[0] == "taken"
    joris.delete(f"/closures/{closed.json['id']}")
    assert twice(camille)[0] == "free"
    made = ask_for_the_house(joris, a_claim("BUD-S1", "2027-03-08", "2027-03-20"))
    assert twice(camille)[0] == "taken"
    assert joris.post(f"/bookings/{made.json['id']}/cancel", {"reason": "moved"}).status == 200
    assert twice(camille)[0] == "free"
    windows = joris.put("/resources/BUD-S1/windows", {"items": [{"start": "2027-05-01", "end": "2027-06-01"}]})
    assert windows.status == 200, windows
    assert answer_of(camille)[0] == "unfit"


def test_parts_of_a_whole(api: As, a_booking: MakeBooking):
    assert twice(api("camille"), "DGP-HOUSE")[0] == "free"
    a_booking(resource="DGP-RS", start="2027-03-10", end="2027-03-11")
    assert answer_of(api("camille"), "DGP-HOUSE")[0] == "taken"


def test_what_a_whole_is_made_of(api: As, a_booking: MakeBooking):
    bram, camille = api("bram"), api("camille")
    parts = bram.get("/resources/DGP-HOUSE").json["parts"]
    others = [each for each in parts if each != "DGP-RS"]
    assert bram.patch("/resources/DGP-HOUSE", {"parts": others}).status == 200
    assert twice(camille, "DGP-HOUSE")[0] == "free"
    assert bram.patch("/resources/DGP-HOUSE", {"parts": parts}).status == 200
    assert twice(camille, "DGP-HOUSE")[0] == "free"
    a_booking(resource="DGP-RS", start="2027-03-10", end="2027-03-11")
    assert twice(camille, "DGP-HOUSE")[0] == "taken"
    assert bram.patch("/resources/DGP-HOUSE", {"parts": others}).status == 200
    assert twice(camille, "DGP-HOUSE")[0] == "free"
    assert bram.patch("/resources/DGP-HOUSE", {"parts": parts}).status == 200
    assert answer_of(camille, "DGP-HOUSE")[0] == "taken"


def test_counted_stock(api: As, a_booking: MakeBooking):
    assert twice(api("camille"), "PHX-PAR", quantity=20)[0] == "free"
    a_booking(resource="PHX-PAR", start="2027-03-10", end="2027-03-13", quantity=10)
    assert twice(api("camille"), "PHX-PAR", quantity=20)[0] == "taken"
    assert answer_of(api("camille"), "PHX-PAR", quantity=14)[0] == "free"


def test_an_option_that_ran_out_meanwhile(api: As, clock: StoppedClock, a_booking: MakeBooking):
    booking = a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    due = api("joris").get(f"/bookings/{booking}").json["due_at"]
    assert twice(api("camille"))[:2] == ("option", 2)
    clock.set((datetime.fromisoformat(due) - timedelta(seconds=1)).isoformat())
    assert answer_of(api("camille"))[:2] == ("option", 2)
    clock.set(due)
    assert answer_of(api("camille"))[0] == "free"


def test_a_lead_time_that_passes_within_the_same_minute(api: As, clock: StoppedClock):
    hours = {"from": "2026-11-24T10:00:00+01:00", "to": "2026-11-24T12:00:00+01:00"}
    api("joris").patch("/resources/BUD-S1", {"rules": {"lead_minutes": 1440}})
    clock.set("2026-11-23T10:00:00+01:00")
    assert twice(api("camille"), days=None, period=hours)[0] == "free"
    clock.set("2026-11-23T10:00:01+01:00")
    assert answer_of(api("camille"), days=None, period=hours)[0] == "unfit"


def test_a_resource_that_is_new_or_dearer(api: As, database: Database):
    need = {"kind": "studio"}
    body = {"periods": [PERIOD], "days": 12, "needs": [need]}

    def order() -> list[str]:
        found = api("camille").post("/search", body).json
        return [
            each["resource"] for each in found["periods"][0]["needs"][0]["candidates"] if each["answer"] == "free"
        ]

    first = order()
    assert order() == first
    dearer = {"day_rate_cents": 99_999, "revision": Resource.revision + 1}
    change = update(Resource).where(Resource.code == first[0]).values(**dearer)
    database.write(lambda connection: connection.execute(change))
    assert order() == [*first[1:], first[0]]
