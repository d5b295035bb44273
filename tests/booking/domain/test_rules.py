"""The rules of a resource, as its house writes them: read rightly, refused just beyond, allowed just within."""

from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.claims import Place
from booking.domain.conflicts import Asker, broken_rules
from booking.domain.rules import Audience, Policy, Rules, read_rules
from booking.domain.wall_clock import whole_days
from tests.support.places import COMPANY, HOUSE, OUTSIDER, a_room, asking, some_stock, span, when

TODAY = when("2026-11-23 10:00")  # a Monday
STUDIO_HOURS = {"mon-sun": "08:00-24:00"}


def broken(rules: dict[str, Any], start: str, end: str, *, asker: Asker = COMPANY, **more: Any) -> list[str]:
    """The names of the rules that one claim breaks today."""
    found = broken_rules([asking(a_room(rules=rules), start, end, **more)], asker, TODAY)
    return [each.facts["rule"] for each in found]


def test_a_document_that_says_nothing_means_the_defaults():
    assert read_rules({}) == Rules(policy=Policy.REQUEST, opening=None, granularity=30, audience=Audience.ANYONE)


def test_a_document_is_read_as_the_demo_world_writes_it():
    rules = read_rules(
        {
            "policy": "instant",
            "opening": {"tue,thu": "14:00-18:00"},
            "granularity_minutes": 60,
            "longest_minutes": 60,
            "buffer_minutes": {"before": 0, "after": 45},
            "auto_confirm": {
                "at_most_days_ahead": 28,
                "at_most_days": 5,
                "without_accommodation": True,
                "programme_company": True,
            },
        }
    )
    assert (rules.policy, rules.granularity, rules.longest, rules.after) == (Policy.INSTANT, 60, 60, 45)
    assert rules.opening is not None
    assert dict(rules.opening.hours) == {1: [(840, 1080)], 3: [(840, 1080)]}
    assert rules.auto_confirm is not None
    assert rules.auto_confirm.at_most_days == 5


@pytest.mark.parametrize(
    "nonsense",
    [
        {"policy": "sometimes"},
        {"audience": "friends"},
        {"opening": {"mon": "8-12"}},
        {"opening": {"someday": "08:00-12:00"}},
        {"auto_confirm": {"at_most_days": 5}},
    ],
)
def test_a_document_that_makes_no_sense_is_refused(nonsense: dict[str, Any]):
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_rules(nonsense)


class TestOpeningHours:
    def test_a_claim_within_the_hours_is_fine_to_the_minute(self):
        assert not broken({"opening": {"mon-fri": "10:00-17:00"}}, "2027-03-01 10:00", "2027-03-01 17:00")

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2027-03-01 09:30", "2027-03-01 12:00"),
            ("2027-03-01 16:00", "2027-03-01 17:30"),
            ("2027-03-06 10:00", "2027-03-06 12:00"),  # a Saturday
            ("2027-03-01 10:00", "2027-03-02 17:00"),  # through a night in which nobody may be in
        ],
    )
    def test_a_claim_that_sticks_out_is_refused(self, start: str, end: str):
        assert broken({"opening": {"mon-fri": "10:00-17:00"}}, start, end) == ["opening"]

    def test_a_refusal_of_the_hours_has_a_kind_of_its_own(self):
        studio = a_room(rules={"opening": STUDIO_HOURS})
        [refused] = broken_rules([asking(studio, "2027-03-01 07:00", "2027-03-01 09:00")], COMPANY, TODAY)
        assert refused.kind == "outside-hours"

    def test_a_day_that_ends_at_24_00_lasts_until_midnight(self):
        assert not broken({"opening": STUDIO_HOURS}, "2027-03-01 20:00", "2027-03-02 00:00")
        assert broken({"opening": STUDIO_HOURS}, "2027-03-01 20:00", "2027-03-02 00:30") == ["opening"]

    def test_hours_that_join_at_midnight_are_one_evening(self):
        through = {"opening": {"fri": "20:00-24:00", "sat": "00:00-02:00"}}
        assert not broken(through, "2027-03-05 20:00", "2027-03-06 02:00")
        assert broken(through, "2027-03-05 20:00", "2027-03-06 02:30") == ["opening"]

    def test_a_lunch_break_cuts_the_day_in_two(self):
        with_lunch = {"opening": {"mon": "09:00-12:00,13:00-18:00"}}
        assert not broken(with_lunch, "2027-03-01 13:00", "2027-03-01 18:00")
        assert broken(with_lunch, "2027-03-01 11:00", "2027-03-01 14:00") == ["opening"]

    def test_set_up_and_strike_lie_within_the_hours_too(self):
        hours = {"opening": {"mon": "10:00-17:00"}}
        assert broken(hours, "2027-03-01 10:00", "2027-03-01 12:00", setup_minutes=30) == ["opening"]
        assert broken(hours, "2027-03-01 15:00", "2027-03-01 17:00", strike_minutes=30) == ["opening"]

    def test_hours_do_not_break_up_whole_days(self):
        assert not broken({"opening": STUDIO_HOURS}, "2027-03-01", "2027-03-06")

    def test_hours_are_the_clock_on_the_wall_in_summer_and_in_winter(self):
        hours = {"opening": {"mon-sun": "10:00-17:00"}}
        for day in ("2027-03-27", "2027-03-28", "2027-03-29"):
            assert not broken(hours, f"{day} 10:00", f"{day} 17:00")
            assert broken(hours, f"{day} 09:30", f"{day} 12:00") == ["opening"]

    def test_always_open_is_open_through_the_night(self):
        assert not broken({"opening": "always"}, "2027-03-01 22:00", "2027-03-02 06:00")

    def test_a_season_goes_before_the_usual_hours_until_its_end(self):
        rules = {
            "opening": {"mon-sun": "08:00-24:00"},
            "seasons": [{"start": "2027-07-01", "end": "2027-09-01", "opening": {"mon-fri": "10:00-16:00"}}],
        }
        assert broken(rules, "2027-07-01 09:00", "2027-07-01 11:00") == ["opening"]
        assert not broken(rules, "2027-07-01 10:00", "2027-07-01 16:00")
        assert broken(rules, "2027-07-03 10:00", "2027-07-03 12:00") == ["opening"]  # a Saturday
        assert not broken(rules, "2027-09-01 09:00", "2027-09-01 11:00")

    def test_a_season_closes_what_is_always_open(self):
        rules = {"opening": "always", "seasons": [{"start": "2027-07-01", "end": "2027-09-01", "opening": {}}]}
        assert broken(rules, "2027-08-10 10:00", "2027-08-10 12:00") == ["opening"]
        assert not broken(rules, "2027-06-30 10:00", "2027-06-30 12:00")

    def test_open_spans_are_merged_over_midnight(self):
        rules = read_rules({"opening": {"mon-sun": "00:00-24:00"}})
        assert rules.opening is not None
        around = span("2027-03-01 12:00", "2027-03-03 12:00")
        assert len(rules.opening.spans(around, "Europe/Brussels")) == 1


class TestGranularity:
    def test_a_claim_starts_and_ends_on_a_step(self):
        assert not broken({"granularity_minutes": 60}, "2027-03-01 10:00", "2027-03-01 11:00")
        assert broken({"granularity_minutes": 60}, "2027-03-01 10:30", "2027-03-01 11:00") == ["granularity"]
        assert broken({"granularity_minutes": 60}, "2027-03-01 10:00", "2027-03-01 11:30") == ["granularity"]

    @pytest.mark.parametrize("off", ["10:00:01", "10:00:00.000001"])
    def test_a_second_is_not_a_step(self, off: str):
        assert broken({}, f"2027-03-01 {off}", "2027-03-01 11:00") == ["granularity"]

    def test_steps_are_counted_on_the_wall_clock_after_clocks_have_moved(self):
        four_hours = {"granularity_minutes": 240}
        assert not broken(four_hours, "2027-03-28 08:00", "2027-03-28 12:00")

    def test_some_places_are_booked_by_whole_days_alone(self):
        assert broken({"whole_days_only": True}, "2027-03-01 10:00", "2027-03-01 12:00") == ["whole-days"]
        assert not broken({"whole_days_only": True}, "2027-03-01", "2027-03-02")


class TestLength:
    def test_the_shortest_and_the_longest_are_allowed(self):
        rules = {"shortest_minutes": 120, "longest_minutes": 240}
        assert not broken(rules, "2027-03-01 10:00", "2027-03-01 12:00")
        assert not broken(rules, "2027-03-01 10:00", "2027-03-01 14:00")

    def test_shorter_and_longer_are_refused(self):
        rules = {"shortest_minutes": 120, "longest_minutes": 240}
        assert broken(rules, "2027-03-01 10:00", "2027-03-01 11:30") == ["shortest"]
        assert broken(rules, "2027-03-01 10:00", "2027-03-01 14:30") == ["longest"]

    def test_length_is_the_time_that_really_passes(self):
        seven_hours = {"longest_minutes": 7 * 60}
        assert not broken(seven_hours, "2027-03-27 22:00", "2027-03-28 06:00")
        assert broken(seven_hours, "2027-10-30 22:00", "2027-10-31 06:00") == ["longest"]


class TestLeadAndHorizon:
    def test_lead_time_is_allowed_to_the_minute(self):
        assert not broken({"lead_minutes": 1440}, "2026-11-24 10:00", "2026-11-24 12:00")
        assert broken({"lead_minutes": 1440}, "2026-11-24 09:30", "2026-11-24 12:00") == ["lead"]

    def test_what_has_passed_is_called_past(self):
        assert broken({}, "2026-11-23 09:30", "2026-11-23 12:00") == ["past"]
        assert broken({}, "2026-11-22", "2026-11-24") == ["past"]

    def test_a_whole_day_that_has_begun_can_still_be_asked(self):
        assert not broken({}, "2026-11-23", "2026-11-24")

    def test_lead_time_of_whole_days_counts_planning_days(self):
        assert not broken({"lead_minutes": 1440}, "2026-11-24", "2026-11-25")
        assert broken({"lead_minutes": 2880}, "2026-11-24", "2026-11-26") == ["lead"]

    def test_the_horizon_is_three_years_unless_set(self):
        assert not broken({}, "2029-11-20", "2029-11-22")
        assert broken({}, "2029-11-20", "2029-11-25") == ["horizon"]
        assert broken({"horizon_days": 30}, "2026-12-20", "2026-12-24") == ["horizon"]

    def test_ten_years_are_too_long(self):
        assert broken({}, "2027-01-01", "2037-01-01") == ["horizon"]


class TestAudience:
    @pytest.mark.parametrize(
        ("audience", "welcome"),
        [("anyone", (COMPANY, OUTSIDER, HOUSE)), ("programme", (COMPANY, HOUSE)), ("house", (HOUSE,))],
    )
    def test_only_those_who_are_welcome_may_ask(self, audience: str, welcome: tuple[Asker, ...]):
        for asker in (COMPANY, OUTSIDER, HOUSE):
            refused = broken({"audience": audience}, "2027-03-01", "2027-03-02", asker=asker)
            assert refused == ([] if asker in welcome else ["audience"])


@pytest.mark.parametrize("place", [a_room(), some_stock(24)])
def test_more_than_there_is_is_a_matter_of_capacity_and_not_of_rules(place: Place):
    assert not broken_rules([asking(place, "2027-03-01", "2027-03-02", quantity=25)], COMPANY, TODAY)


def test_every_broken_rule_of_every_claim_is_named():
    studio = a_room(rules={"longest_minutes": 60, "audience": "house"})
    stage = a_room("STAGE", rules={"horizon_days": 1})
    found = broken_rules(
        [asking(studio, "2027-03-01", "2027-03-02"), asking(stage, "2027-03-01", "2027-03-02")], OUTSIDER, TODAY
    )
    told = [(each.resource, each.facts["rule"]) for each in found]
    assert told == [("ROOM", "longest"), ("ROOM", "audience"), ("STAGE", "horizon")]


def test_a_refusal_names_the_days_it_is_about():
    [refused] = broken_rules([asking(a_room(), "2026-11-20", "2026-11-22")], COMPANY, TODAY)
    assert [day.isoformat() for day in refused.days] == ["2026-11-20", "2026-11-21"]
    assert refused.span.length == timedelta(days=2)


def test_hours_may_run_over_midnight_and_fall_into_the_hour_that_clocks_leave_out():
    night = read_rules({"opening": {"mon-sun": "22:00-02:00"}}).opening
    swallowed = read_rules({"opening": {"mon-sun": "02:00-03:00"}}).opening
    assert night is not None
    assert swallowed is not None
    around = whole_days(date(2027, 3, 27), date(2027, 3, 29), "Europe/Brussels", 0)
    assert [each.length for each in night.spans(around, "Europe/Brussels")][:2] == [timedelta(hours=4)] * 2
    assert around.start + timedelta(days=1) not in {
        each.start for each in swallowed.spans(around, "Europe/Brussels")
    }
