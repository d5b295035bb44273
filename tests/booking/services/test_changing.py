"""Changing: what stays keeps its identity, what grows queues anew, and what is confirmed is moved by the house."""

from collections.abc import Collection
from uuid import UUID

import pytest
from sqlalchemy import select

from booking.domain.bookings import Change, ClaimChange, Moment
from booking.domain.claims import ClaimTerms
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, NotFound, Refusal, Stale, WrongState
from booking.services.bookings import history
from booking.services.changing import change
from booking.storage.bookings import Claim
from booking.storage.database import Database
from booking.storage.registers import BookingRow
from tests.support.builders import MakeBooking
from tests.support.cast import becoming, claim, person
from tests.support.clocks import StoppedClock
from tests.support.places import span
from tests.support.rows import counted, held_by

STUDIO = claim("BUD-S1", "2027-03-08", "2027-03-20")
SHORTER = claim("BUD-S1", "2027-03-09", "2027-03-18")
LONGER = claim("BUD-S1", "2027-03-08", "2027-03-21")
BEDS = claim("BUD-RH", "2027-03-07", "2027-03-19", quantity=4)


class Changing:
    """`change_to("camille", booking, becoming(STUDIO, title="…"))`."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database, self.clock = database, clock

    def __call__(
        self, who: str, booking: UUID, wanted: Change, if_match: Collection[int] | None = None
    ) -> BookingRow:
        actor = person(self.database, who)
        return self.database.write(
            lambda connection: change(connection, actor, booking, wanted, at=self.clock(), if_match=if_match)
        )


@pytest.fixture
def change_to(database: Database, clock: StoppedClock) -> Changing:
    return Changing(database, clock)


def test_words_change_and_what_they_were_is_kept(database: Database, change_to: Changing, a_booking: MakeBooking):
    booking = a_booking(state="requested", title="Marées")
    row = change_to("camille", booking, becoming(title="Marées, deuxième", people=5))
    assert (row.title, row.people, row.revision) == ("Marées, deuxième", 5, 2)
    with database.read() as connection:
        last = history(connection, person(database, "joris"), booking)[-1]
    assert last.kind == "booking.changed"
    assert last.old == {"title": "Marées", "people": None}
    assert last.new == {"title": "Marées, deuxième", "people": 5}


def test_a_change_that_changes_nothing_is_no_change(
    change_to: Changing, database: Database, a_booking: MakeBooking
):
    booking = a_booking(state="requested", title="Marées")
    before = counted(database)
    for same in (becoming(title="Marées"), becoming(STUDIO), Change({}, None)):
        assert change_to("camille", booking, same).revision == 1
    assert counted(database) == before


class TestClaims:
    def test_a_claim_that_moves_keeps_its_id(
        self, database: Database, change_to: Changing, a_booking: MakeBooking
    ):
        booking = a_booking(state="option")
        [before] = held_by(database, booking)
        row = change_to("camille", booking, becoming(claim("BUD-S1", "2027-04-05", "2027-04-09")))
        [after] = held_by(database, booking)
        assert [each.id for each in row.claims] == [before.claim_id] == [after.claim_id]
        moved = span("2027-04-05 06:00", "2027-04-09 06:00")
        assert (after.starts, after.ends, after.force) == (moved.start, moved.end, "soft")

    def test_a_claim_is_added_and_the_other_stays_itself(self, change_to: Changing, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        [first] = change_to("camille", booking, becoming(title="x")).claims
        row = change_to("camille", booking, becoming(BEDS, STUDIO))
        assert [each.resource for each in row.claims] == ["BUD-RH", "BUD-S1"]
        assert row.claims[1].id == first.id

    def test_a_claim_that_goes_is_kept_for_calendars_and_holds_nothing(
        self, database: Database, change_to: Changing, a_booking: MakeBooking, clock: StoppedClock
    ):
        booking = a_booking(state="option")
        two = change_to("camille", booking, becoming(STUDIO, BEDS))
        clock.advance(hours=1)
        one = change_to("camille", booking, becoming(STUDIO))
        assert [each.id for each in one.claims] == [two.claims[0].id]
        with database.read() as connection:
            query = select(Claim.id, Claim.ended_at).where(Claim.booking_id == booking)
            ended = {row.id: row.ended_at for row in connection.execute(query)}
        assert ended == {two.claims[0].id: None, two.claims[1].id: clock()}
        assert {each.claim_id for each in held_by(database, booking)} == {two.claims[0].id}

    def test_a_claim_that_goes_before_any_calendar_showed_it_leaves_nothing(
        self, database: Database, change_to: Changing, a_booking: MakeBooking
    ):
        booking = a_booking(state="requested")
        change_to("camille", booking, becoming(STUDIO, BEDS))
        one = change_to("camille", booking, becoming(STUDIO))
        with database.read() as connection:
            kept = connection.execute(select(Claim.id).where(Claim.booking_id == booking)).scalars().all()
        assert kept == [one.claims[0].id]

    def test_two_claims_on_one_resource_are_told_apart_by_their_ids(
        self, change_to: Changing, a_booking: MakeBooking
    ):
        booking = a_booking(state="requested")
        later = claim("BUD-S1", "2027-04-05", "2027-04-09")
        first, second = change_to("camille", booking, becoming(STUDIO, later)).claims
        swapped = Change({}, (ClaimChange(later, first.id), ClaimChange(STUDIO, second.id)))
        row = change_to("camille", booking, swapped)
        assert [(each.id, each.start_date.month) for each in row.claims] == [(first.id, 4), (second.id, 3)]

    def test_a_booking_may_move_over_itself(self, database: Database, change_to: Changing, a_booking: MakeBooking):
        booking = a_booking(state="confirmed")
        change_to("joris", booking, becoming(LONGER))
        [row] = held_by(database, booking)
        assert (row.ends, row.force) == (span("2027-03-08 06:00", "2027-03-21 06:00").end, "hard")

    def test_a_move_onto_what_is_taken_is_refused_and_leaves_all_as_it_was(
        self, database: Database, change_to: Changing, a_booking: MakeBooking
    ):
        ours = a_booking(state="requested")
        a_booking(start="2027-03-20", end="2027-03-22", company="Zwaluw")
        before, held = counted(database), held_by(database, ours)
        with pytest.raises(CannotBeHad) as refusal:
            change_to("camille", ours, becoming(LONGER, BEDS, title="Longer"))
        assert refusal.value.first_code == "time-taken"
        assert (counted(database), held_by(database, ours)) == (before, held)

    def test_rules_are_not_asked_again_of_claims_that_stay(
        self, change_to: Changing, a_booking: MakeBooking, clock: StoppedClock
    ):
        booking = a_booking(state="requested")
        clock.set("2027-03-10T12:00:00+01:00")  # its first days have passed
        row = change_to("camille", booking, becoming(STUDIO, claim("BUD-RH", "2027-03-15", "2027-03-19")))
        assert len(row.claims) == 2
        with pytest.raises(CannotBeHad):
            change_to("camille", booking, becoming(SHORTER))

    @pytest.mark.parametrize("keep_its_id", [False, True])
    def test_a_booking_does_not_move_to_another_house(
        self, database: Database, change_to: Changing, a_booking: MakeBooking, keep_its_id: bool
    ):
        booking = a_booking(state="requested")
        [first] = change_to("camille", booking, becoming(title="x")).claims
        there = claim("PHX-F1", "2027-03-08", "2027-03-10")
        before = counted(database)
        with pytest.raises(Malformed) as refusal:
            change_to("camille", booking, Change({}, (ClaimChange(there, first.id if keep_its_id else None),)))
        assert refusal.value.errors == {"claims": ["two-venues"]}
        assert counted(database) == before

    @pytest.mark.parametrize(
        "nonsense",
        [
            Change({}, ()),
            Change({}, (ClaimChange(SHORTER, UUID(int=1)),)),
            Change({}, (ClaimChange(ClaimTerms("BUD-S1", STUDIO.end, STUDIO.start)),)),
            Change({}, (ClaimChange(ClaimTerms("BUD-S9", STUDIO.start, STUDIO.end)),)),
        ],
    )
    def test_claims_that_make_no_sense_are_refused(
        self, database: Database, change_to: Changing, a_booking: MakeBooking, nonsense: Change
    ):
        booking = a_booking(state="requested")
        before = counted(database)
        with pytest.raises(Malformed):
            change_to("camille", booking, nonsense)
        assert counted(database) == before

    def test_one_id_cannot_be_two_claims(self, change_to: Changing, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        [first] = change_to("camille", booking, becoming(title="x")).claims
        later = claim("BUD-S1", "2027-04-05", "2027-04-09")
        with pytest.raises(Malformed):
            change_to(
                "camille", booking, Change({}, (ClaimChange(STUDIO, first.id), ClaimChange(later, first.id)))
            )


class TestAnOptionsKey:
    """Shrinking keeps it; more time, another resource or more quantity gets a new one."""

    @pytest.mark.parametrize(
        ("wanted", "keeps"),
        [
            ((SHORTER,), True),
            ((LONGER,), False),
            ((claim("BUD-S2", "2027-03-08", "2027-03-20"),), False),
            ((STUDIO, BEDS), False),
            ((claim("BUD-S1", "2027-03-08", "2027-03-20", setup_minutes=60),), False),
        ],
    )
    def test_of_a_room(
        self,
        change_to: Changing,
        a_booking: MakeBooking,
        clock: StoppedClock,
        wanted: tuple[ClaimTerms, ...],
        keeps: bool,
    ):
        booking, granted = a_booking(state="option"), clock()
        clock.advance(days=1)
        row = change_to("camille", booking, becoming(*wanted))
        assert row.granted_at == (granted if keeps else clock())

    @pytest.mark.parametrize(("quantity", "keeps"), [(3, True), (4, True), (5, False)])
    def test_of_beds(
        self, change_to: Changing, a_booking: MakeBooking, clock: StoppedClock, quantity: int, keeps: bool
    ):
        booking = a_booking(resource="BUD-RH", quantity=4, state="option")
        granted = clock()
        clock.advance(days=1)
        row = change_to("camille", booking, becoming(claim("BUD-RH", "2027-03-08", "2027-03-19", quantity)))
        assert row.granted_at == (granted if keeps else clock())


class TestWhoMay:
    @pytest.mark.parametrize("who", ["wout", "nadia", "griet"])
    def test_strangers_cannot_even_know_it(self, change_to: Changing, a_booking: MakeBooking, who: str):
        with pytest.raises(NotFound):
            change_to(who, a_booking(state="requested"), becoming(title="mine"))

    @pytest.mark.parametrize("who", ["elise", "admin"])
    def test_those_who_read_everything_change_nothing(self, change_to: Changing, a_booking: MakeBooking, who: str):
        with pytest.raises(Forbidden):
            change_to(who, a_booking(state="requested"), becoming(title="mine"))

    def test_a_company_gives_back_of_what_is_confirmed_and_may_rename_it(
        self, change_to: Changing, a_booking: MakeBooking
    ):
        booking = a_booking(state="confirmed")
        assert change_to("camille", booking, becoming(SHORTER)).state == "confirmed"
        assert change_to("camille", booking, becoming(title="Marées II")).title == "Marées II"

    def test_the_house_moves_what_is_confirmed(self, change_to: Changing, a_booking: MakeBooking):
        assert change_to("joris", a_booking(state="confirmed"), becoming(SHORTER)).state == "confirmed"

    @pytest.mark.parametrize("state", ["declined", "withdrawn", "released", "cancelled"])
    def test_what_has_ended_is_changed_by_nobody(self, change_to: Changing, a_booking: MakeBooking, state: str):
        booking = a_booking(state=state)
        for who in ("camille", "joris"):
            with pytest.raises(WrongState):
                change_to(who, booking, becoming(title="again"))

    def test_a_company_forces_nothing(self, change_to: Changing, a_booking: MakeBooking):
        with pytest.raises(Forbidden):
            change_to(
                "camille", a_booking(state="requested"), Change({"title": "x"}, None, force=True, reason="x")
            )


class TestForced:
    CLOSED = (ClaimChange(claim("SUC-TH", "2027-03-10", "2027-03-12")),)

    def test_a_manager_moves_into_a_closure_with_a_reason(self, change_to: Changing, a_booking: MakeBooking):
        booking = a_booking(resource="SUC-TH", start="2027-08-10", end="2027-08-12", state="requested")
        with pytest.raises(CannotBeHad):
            change_to("karim", booking, Change({}, self.CLOSED))
        for silence in (None, "  "):
            with pytest.raises(Malformed):
                change_to("karim", booking, Change({}, self.CLOSED, force=True, reason=silence))
        row = change_to("karim", booking, Change({}, self.CLOSED, force=True, reason="The roof is done"))
        assert row.revision == 2


def test_a_change_to_an_older_revision_is_stale(change_to: Changing, a_booking: MakeBooking):
    booking = a_booking(state="requested")
    change_to("camille", booking, becoming(title="one"), if_match=[1])
    with pytest.raises(Stale):
        change_to("camille", booking, becoming(title="two"), if_match=[1])


def test_a_claim_that_is_named_stays_the_same_whatever_stands_before_it(
    database: Database, change_to: Changing, a_booking: MakeBooking
):
    booking = a_booking(state="requested")
    with database.read() as connection:
        named = connection.scalars(select(Claim.id).where(Claim.booking_id == booking)).one()
    later = claim("BUD-S1", "2027-05-10", "2027-05-12")
    row = change_to("camille", booking, Change({}, (ClaimChange(later), ClaimChange(SHORTER, named))))
    assert [each.id == named for each in row.claims] == [False, True]


def test_a_refused_change_leaves_no_trace(database: Database, change_to: Changing, a_booking: MakeBooking):
    booking = a_booking(state="confirmed")
    before = counted(database)
    for who, wanted in (
        ("camille", becoming(claim("BUD-S1", "2020-03-08", "2020-03-10"))),
        ("wout", becoming(title="x")),
        ("joris", Change({}, ())),
    ):
        with pytest.raises(Refusal):
            change_to(who, booking, wanted)
    assert counted(database) == before


def test_moments_are_kept_and_hold_nothing(database: Database, change_to: Changing, a_booking: MakeBooking):
    booking = a_booking(state="requested")
    evening = span("2027-03-19 20:00", "2027-03-19 22:00")
    held = held_by(database, booking)
    row = change_to("camille", booking, becoming(moments=(Moment("showing", evening.start, evening.end),)))
    assert row.moments == [Moment("showing", evening.start, evening.end).document()]
    assert held_by(database, booking) == held


def test_an_option_is_not_carried_to_a_room_that_only_the_house_grants(
    change_to: Changing, a_booking: MakeBooking
):
    booking = a_booking(resource="CHD-S2", state="option")
    stage = becoming(claim("CHD-GS", "2027-03-08", "2027-03-20"))
    with pytest.raises(CannotBeHad) as refused:
        change_to("camille", booking, stage)
    assert refused.value.conflicts[0].facts["rule"] == "asked-apart"
    assert change_to("aurelie", booking, stage).claims[0].resource == "CHD-GS"


def test_moments_do_not_stay_behind_when_their_booking_moves(change_to: Changing, a_booking: MakeBooking):
    booking = a_booking(state="requested")
    evening = span("2027-03-09 20:00", "2027-03-09 22:00")
    showing = Moment("showing", evening.start, evening.end)
    change_to("camille", booking, becoming(moments=(showing,)))
    with pytest.raises(Malformed) as refused:
        change_to("camille", booking, becoming(claim("BUD-S1", "2027-04-05", "2027-04-10")))
    assert refused.value.errors == {"moments.0.start": ["outside-booking"]}
