"""A house changes what it opens: sheet, rules, stock. What breaks is shown first, then stands on the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from booking.storage.database import Database
from booking.storage.places import Resource
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of, timeline
from tests.support.builders import MakeBooking
from tests.support.rows import counted, held_by

As = Callable[[str | None], Api]
TUESDAY = "2027-03-09"


def hours(start: str, end: str, resource: str = "BUD-TA", day: str = TUESDAY) -> dict[str, str]:
    return {"resource": resource, "start": f"{day}T{start}:00+01:00", "end": f"{day}T{end}:00+01:00"}


def patch(api: Api, code: str = "BUD-TA", **body: Any) -> Any:
    answered = api.patch(f"/resources/{code}", body)
    assert answered.status == 200, answered
    return answered.json


def desk(api: Api, venue: str = "BUD") -> list[tuple[str, str]]:
    items = api.get(f"/conflicts?venue={venue}&state=open").json["items"]
    return [(item["kind"], item["booking"]) for item in items]


def test_members_are_changed_and_null_takes_one_away(api: As):
    joris = api("joris")
    before = joris.get("/resources/BUD-S1")
    changed = patch(
        joris, "BUD-S1", technical_sheet={"clear_height_m": 4.6, "load_in": None}, rules={"policy": "option"}
    )
    assert changed["technical_sheet"]["clear_height_m"] == 4.6
    assert "load_in" not in changed["technical_sheet"]
    assert changed["technical_sheet"]["width_m"] == before.json["technical_sheet"]["width_m"]
    assert changed["breaks"] == []
    assert ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-10")).json["state"] == "option"
    stale = joris.patch(
        "/resources/BUD-S1", {"rules": {"policy": "request"}}, headers={"If-Match": before.headers["ETag"]}
    )
    assert stale.status == 412
    fresh = joris.get("/resources/BUD-S1").headers["ETag"]
    again = joris.patch("/resources/BUD-S1", {"rules": {"policy": "request"}}, headers={"If-Match": fresh})
    assert again.status == 200
    assert again.headers["ETag"] != fresh


def test_other_buffers_are_written_into_what_is_to_come(api: As, a_booking: MakeBooking):
    joris, camille = api("joris"), api("camille")
    patch(joris, rules={"buffer_minutes": {"before": 0, "after": 0}})
    first = str(a_booking(**hours("09:00", "11:00"), state="confirmed"))
    option = ask(camille, hours("13:00", "14:00"))
    assert answer(joris, option.json["id"], "grant").status == 200
    patch(joris, rules={"buffer_minutes": {"after": 60}})
    ends = [item["end"][11:16] for item in timeline(joris, "BUD-TA", TUESDAY, "2027-03-10")]
    assert sorted(ends) == ["12:00", "15:00"]
    assert desk(joris) == []
    refused = ask(camille, hours("11:30", "12:00"))
    assert refused.code == "buffer"
    patch(joris, rules={"buffer_minutes": {"after": 0}})
    assert ask(camille, hours("11:00", "12:00")).status == 201
    assert joris.get(f"/bookings/{first}").json["state"] == "confirmed"


def test_two_that_are_settled_keep_their_turnaround_and_stand_on_the_desk_until_one_goes(
    api: As, a_booking: MakeBooking, database: Database
):
    joris = api("joris")
    patch(joris, rules={"buffer_minutes": {"before": 0, "after": 0}})
    first = str(a_booking(**hours("09:00", "11:00"), state="confirmed"))
    second = str(a_booking(**hours("11:00", "12:00"), state="confirmed", company="Zwaluw"))
    before = counted(database)
    seen = patch(joris, rules={"buffer_minutes": {"after": 60}}, preview=True)
    assert [(each["kind"], each["booking"], each["cause"]) for each in seen["breaks"]] == [
        ("buffer", first, "rules")
    ]
    assert counted(database) == before
    assert joris.get("/resources/BUD-TA").json["rules"]["buffer_minutes"]["after"] == 0
    saved = patch(joris, rules={"buffer_minutes": {"after": 60}})
    assert len(saved["breaks"]) == 1
    assert desk(joris) == [("buffer", first)]
    assert answer(joris, second, "cancel", reason="moved").status == 200
    assert desk(joris) == []
    assert [item["end"][11:16] for item in timeline(joris, "BUD-TA", TUESDAY, "2027-03-10")] == ["12:00"]


def test_a_turnaround_that_comes_after_all_is_news_of_every_part(
    api: As, a_booking: MakeBooking, database: Database
):
    bram = api("bram")
    whole = a_booking(**hours("09:00", "11:00", "DGP-HOUSE"), state="confirmed")
    second = str(a_booking(**hours("11:00", "12:00", "DGP-KZ"), state="confirmed", company="Zwaluw"))
    patch(bram, "DGP-HOUSE", rules={"buffer_minutes": {"after": 60}})

    def other_part() -> tuple[int, set[str]]:
        with database.read() as connection:
            revision = connection.execute(select(Resource.revision).where(Resource.code == "DGP-RS")).scalar_one()
        return revision, {f"{each.ends:%H:%M}" for each in held_by(database, whole) if each.atom == "DGP-RS"}

    before = other_part()
    assert answer(bram, second, "cancel", reason="moved").status == 200
    after = other_part()
    assert (before[1], after[1]) == ({"10:00"}, {"11:00"}), "UTC: it has its turnaround now"
    assert after[0] > before[0], "whoever remembers what holds this part must hear of it"


def test_shorter_hours_put_what_is_confirmed_outside_them_on_the_desk(api: As, a_booking: MakeBooking):
    joris = api("joris")
    late = str(a_booking(**hours("20:00", "22:00", "BUD-S1"), state="confirmed"))
    a_booking(**hours("10:00", "12:00", "BUD-S1"), state="confirmed", company="Zwaluw")
    a_booking(resource="BUD-S1", start="2027-03-20", end="2027-03-22", state="confirmed")
    patch(joris, "BUD-S1", rules={"opening": {"mon-sun": "09:00-18:00"}})
    assert desk(joris) == [("outside-hours", late)]
    patch(joris, "BUD-S1", rules={"opening": "always"})
    assert desk(joris) == []


def test_a_performance_has_buffers_of_its_own(api: As):
    joris, camille = api("joris"), api("camille")
    patch(joris, rules={"buffer_minutes": {"before": 0, "after": 0, "purposes": {"performance": {"after": 120}}}})
    evening = hours("20:00", "22:00")
    show = ask_for_the_house(joris, evening, purpose="performance")
    assert show.status == 201, show
    assert ask(camille, hours("23:00", "23:30")).code == "buffer"
    quiet = joris.patch(f"/bookings/{show.json['id']}", {"purpose": "rehearsal"})
    assert quiet.status == 200, quiet
    late = ask_for_the_house(joris, hours("23:00", "23:30"))
    assert late.status == 201, late
    back = joris.patch(f"/bookings/{show.json['id']}", {"purpose": "performance"})
    assert back.code == "buffer"


def test_a_quota_counts_what_one_organisation_has_and_asks(api: As):
    joris, camille = api("joris"), api("camille")
    patch(joris, "BUD-S1", rules={"quota": {"bookings_ahead": 2, "days_per_year": 8}})
    first = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-13")).json["id"]
    days = ask(camille, a_claim("BUD-S1", "2027-04-05", "2027-04-10"))
    (conflict,) = days.json["conflicts"]
    assert (days.code, conflict["rule"], conflict["used"]) == ("rule", "quota-days", 5)
    assert ask(camille, a_claim("BUD-S1", "2027-04-05", "2027-04-07")).status == 201
    third = a_claim("BUD-S1", "2028-03-06", "2028-03-08")
    assert [each["rule"] for each in ask(camille, third).json["conflicts"]] == ["quota-bookings"]
    assert ask(api("wout"), third).status == 201
    theirs = {"organisation": organisation_of(camille)}
    assert ask_for_the_house(joris, third, **theirs).code == "rule"
    assert ask_for_the_house(joris, third, **theirs, force=True, reason="agreed").status == 201
    assert answer(camille, first, "withdraw").status == 200
    assert (
        ask(camille, a_claim("BUD-S1", "2027-05-03", "2027-05-04")).json["conflicts"][0]["rule"]
        == "quota-bookings"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rules": {"policy": "perhaps"}}, "rules.policy"),
        ({"rules": {"colour": "red"}}, "rules.colour"),
        ({"rules": {"opening": {"mon": "25:00-26:00"}}}, "rules.opening"),
        ({"rules": {"opening": {"someday": "09:00-18:00"}}}, "rules.opening"),
        ({"rules": {"opening": 7}}, "rules.opening"),
        ({"rules": {"granularity_minutes": 0}}, "rules.granularity_minutes"),
        ({"rules": {"buffer_minutes": {"before": -5}}}, "rules.buffer_minutes.before"),
        (
            {"rules": {"buffer_minutes": {"purposes": {"party": {"after": 5}}}}},
            "rules.buffer_minutes.purposes.party",
        ),
        ({"rules": {"quota": {"days_per_year": True}}}, "rules.quota.days_per_year"),
        ({"rules": {"auto_confirm": {"at_most_days": 5}}}, "rules.auto_confirm.at_most_days_ahead"),
        (
            {"rules": {"seasons": [{"start": "2027-07-01", "end": "2027-06-01", "opening": "always"}]}},
            "rules.seasons",
        ),
        ({"rules": {"shortest_minutes": 120, "longest_minutes": 60}}, "rules.longest_minutes"),
        ({"rules": None}, "rules"),
        ({"technical_sheet": {"width_m": "wide"}}, "technical_sheet.width_m"),
        ({"technical_sheet": {"width_m": -1}}, "technical_sheet.width_m"),
        ({"technical_sheet": {"wifi": True}}, "technical_sheet.wifi"),
        ({"price": 5}, "price"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    api: As, database: Database, body: dict[str, Any], field: str
):
    joris, before = api("joris"), counted(database)
    refused = joris.patch("/resources/BUD-S1", body)
    assert refused.status == 422, refused
    assert field in refused.json["errors"]
    assert counted(database) == before
