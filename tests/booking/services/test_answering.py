"""The verbs: who may, from which state, why, and what it does to what is held."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, NotFound, Refusal, Stale, WrongState
from booking.domain.states import Verb
from booking.services.answering import Answer, perform
from booking.services.bookings import actions, find, history
from booking.storage.bookings import Booking
from booking.storage.database import Database
from booking.storage.registers import BookingRow
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.rows import counted, held_by


class Act:
    """`act("joris", Verb.CONFIRM, booking)`."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database, self.clock = database, clock

    def __call__(
        self,
        who: str,
        verb: Verb,
        booking: UUID,
        *,
        why: str | None = None,
        force: bool = False,
        if_match: Collection[int] | None = None,
    ) -> BookingRow:
        actor = person(self.database, who)
        return self.database.write(
            lambda connection: perform(
                connection, actor, booking, verb, Answer(why, force), at=self.clock(), if_match=if_match
            )
        )


@pytest.fixture
def act(database: Database, clock: StoppedClock) -> Act:
    return Act(database, clock)


@pytest.mark.parametrize(
    ("before", "who", "verb", "after", "force"),
    [
        ("requested", "joris", Verb.GRANT, "option", "soft"),
        ("requested", "joris", Verb.CONFIRM, "confirmed", "hard"),
        ("requested", "joris", Verb.DECLINE, "declined", "none"),
        ("requested", "camille", Verb.WITHDRAW, "withdrawn", "none"),
        ("option", "joris", Verb.CONFIRM, "confirmed", "hard"),
        ("option", "joris", Verb.RELEASE, "released", "none"),
        ("option", "camille", Verb.RELEASE, "released", "none"),
        ("confirmed", "joris", Verb.CANCEL, "cancelled", "none"),
        ("confirmed", "camille", Verb.CANCEL, "cancelled", "none"),
    ],
)
def test_a_verb_moves_the_booking_and_what_it_holds(
    database: Database, act: Act, a_booking: MakeBooking, before: str, who: str, verb: Verb, after: str, force: str
):
    booking = a_booking(state=before)
    row = act(who, verb, booking, why="so it is")
    assert (row.state, row.revision, row.sequence) == (after, 2, 1)
    assert (row.ended_at is not None) is (force == "none")
    assert {each.force for each in held_by(database, booking)} == {force}


def test_only_those_verbs_are_offered_that_would_succeed(
    database: Database, act: Act, a_booking: MakeBooking, clock: StoppedClock
):
    for number, state in enumerate(("requested", "option", "confirmed", "declined", "cancelled")):
        booking = a_booking(state=state, start=f"2027-0{number + 2}-08", end=f"2027-0{number + 2}-10")
        for who in ("camille", "joris", "elise"):
            reader = person(database, who)
            with database.read() as connection:
                offered = set(actions(find(connection, reader, booking), reader))
            for verb in set(Verb) - offered - {Verb.ORDER}:  # an order says which rank, or is malformed
                with pytest.raises((WrongState, Forbidden)):
                    act(who, verb, booking, why="trying")


class TestReasons:
    @pytest.mark.parametrize(
        ("state", "who", "verb"),
        [
            ("requested", "joris", Verb.DECLINE),
            ("option", "joris", Verb.RELEASE),
            ("confirmed", "joris", Verb.CANCEL),
            ("confirmed", "camille", Verb.CANCEL),
        ],
    )
    def test_these_want_a_reason(self, act: Act, a_booking: MakeBooking, state: str, who: str, verb: Verb):
        booking = a_booking(state=state)
        for silence in (None, "", "  \n"):
            with pytest.raises(Malformed) as refusal:
                act(who, verb, booking, why=silence)
            assert refusal.value.errors == {"reason": ["required"]}
        act(who, verb, booking, why="The floor is being laid")

    def test_a_company_gives_its_option_back_without_explaining(self, act: Act, a_booking: MakeBooking):
        assert act("camille", Verb.RELEASE, a_booking(state="option")).state == "released"

    def test_a_house_ends_its_own_booking_with_a_reason_too(self, act: Act, a_booking: MakeBooking):
        own = a_booking(company=None)
        with pytest.raises(Malformed):
            act("joris", Verb.CANCEL, own)
        assert act("joris", Verb.CANCEL, own, why="no dancers").state == "cancelled"

    def test_the_reason_is_kept_in_the_history_with_who_and_when(
        self, database: Database, act: Act, a_booking: MakeBooking, clock: StoppedClock
    ):
        booking = a_booking(state="requested")
        clock.advance(days=1)
        act("joris", Verb.DECLINE, booking, why="The floor is being laid")
        with database.read() as connection:
            items = history(connection, person(database, "camille"), booking)
        assert [item.kind for item in items] == ["booking.requested", "booking.declined"]
        last = items[-1]
        assert (last.by, last.at, last.why) == ("Joris", clock(), "The floor is being laid")
        assert (last.old, last.new) == ({"state": "requested"}, {"state": "declined"})


class TestWhoMay:
    @pytest.mark.parametrize("who", ["wout", "nadia", "griet", "farid"])
    def test_strangers_cannot_even_know_it(self, act: Act, a_booking: MakeBooking, who: str):
        booking = a_booking(state="requested")
        for verb in Verb:
            with pytest.raises(NotFound):
                act(who, verb, booking, why="mine")

    def test_nobody_knows_a_booking_that_does_not_exist(self, act: Act):
        for verb in Verb:
            with pytest.raises(NotFound):
                act("joris", verb, uuid4(), why="?")

    @pytest.mark.parametrize("who", ["elise", "admin", "griet"])
    def test_those_who_only_read_decide_nothing(self, act: Act, a_booking: MakeBooking, who: str):
        booking = a_booking(resource="DGP-KZ", state="requested")
        for verb in Verb:
            with pytest.raises(Forbidden):
                act(who, verb, booking, why="I could")

    def test_a_company_does_not_answer_itself(self, act: Act, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        for verb in (Verb.CONFIRM, Verb.GRANT, Verb.DECLINE):
            with pytest.raises(Forbidden):
                act("camille", verb, booking, why="please")

    def test_a_house_does_not_take_back_a_companys_request(self, act: Act, a_booking: MakeBooking):
        with pytest.raises(Forbidden):
            act("joris", Verb.WITHDRAW, a_booking(state="requested"), why="for them")


class TestConfirming:
    def test_what_was_taken_meanwhile_is_refused_and_nothing_changes(
        self, database: Database, act: Act, a_booking: MakeBooking
    ):
        ours, theirs = a_booking(state="requested"), a_booking(state="requested", company="Zwaluw")
        act("joris", Verb.CONFIRM, theirs)
        before = counted(database)
        with pytest.raises(CannotBeHad) as refusal:
            act("joris", Verb.CONFIRM, ours)
        assert refusal.value.first_code == "time-taken"
        assert counted(database) == before
        assert {row.force for row in held_by(database, ours)} == {"none"}

    def test_an_option_cannot_be_granted_over_what_is_taken(self, act: Act, a_booking: MakeBooking):
        ours = a_booking(state="requested")
        a_booking(state="confirmed", company="Zwaluw", start="2027-03-19", end="2027-03-21")
        with pytest.raises(CannotBeHad):
            act("joris", Verb.GRANT, ours)

    def test_taken_is_never_overridden_even_by_force(self, act: Act, a_booking: MakeBooking):
        ours = a_booking(state="requested")
        a_booking(state="confirmed", company="Zwaluw")
        with pytest.raises(CannotBeHad):
            act("joris", Verb.CONFIRM, ours, why="festival agreement", force=True)

    def test_a_closure_can_be_overridden_with_a_reason(self, act: Act, a_booking: MakeBooking):
        closed = a_booking(resource="SUC-TH", state="requested")
        with pytest.raises(CannotBeHad) as refusal:
            act("karim", Verb.CONFIRM, closed)
        assert refusal.value.first_code == "closed"
        with pytest.raises(Malformed):
            act("karim", Verb.CONFIRM, closed, force=True)
        assert act("karim", Verb.CONFIRM, closed, why="The roof is done", force=True).state == "confirmed"

    def test_its_own_option_does_not_stand_in_its_way(self, act: Act, a_booking: MakeBooking):
        assert act("joris", Verb.CONFIRM, a_booking(state="option")).state == "confirmed"


class TestRevisions:
    def test_an_answer_to_an_older_revision_is_stale(self, act: Act, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        with pytest.raises(Stale) as refusal:
            act("joris", Verb.CONFIRM, booking, if_match=[2])
        assert refusal.value.revision == 1
        assert act("joris", Verb.CONFIRM, booking, if_match=[1]).revision == 2

    def test_saying_it_twice_is_refused_the_second_time(self, act: Act, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        act("joris", Verb.CONFIRM, booking)
        with pytest.raises(WrongState) as refusal:
            act("joris", Verb.CONFIRM, booking)
        assert (refusal.value.state, refusal.value.verb) == ("confirmed", "confirm")

    def test_calendars_see_a_later_change_even_within_one_second(self, act: Act, a_booking: MakeBooking):
        booking = a_booking(state="requested")
        granted = act("joris", Verb.GRANT, booking)
        confirmed = act("joris", Verb.CONFIRM, booking)
        assert confirmed.modified_at - granted.modified_at >= timedelta(seconds=1)
        assert confirmed.sequence > granted.sequence


def test_a_refused_verb_leaves_no_trace(database: Database, act: Act, a_booking: MakeBooking):
    booking = a_booking(state="declined")
    before = counted(database)
    for verb in Verb:
        with pytest.raises(Refusal):
            act("joris", verb, booking, why="again")
    assert counted(database) == before
    with database.read() as connection:
        assert connection.execute(select(Booking.revision).where(Booking.id == booking)).scalar_one() == 2
