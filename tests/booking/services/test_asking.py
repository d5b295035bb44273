"""Asking: all claims together or none, judged alike with and without a trace."""

import pytest
from sqlalchemy import select

from booking.domain.bookings import Terms
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, NotFound
from booking.domain.states import State
from booking.services.asking import ask
from booking.services.verdicts import check
from booking.storage.database import Database, StartOver
from booking.storage.events import Event
from tests.support.builders import MakeBooking
from tests.support.cast import claim, company_of, person, terms
from tests.support.clocks import StoppedClock
from tests.support.rows import counted, held_by
from tests.support.statements import counted as counted_statements

STUDIO = claim("BUD-S1", "2027-03-08", "2027-03-20")
BEDS = claim("BUD-RH", "2027-03-07", "2027-03-19", quantity=4)


@pytest.fixture
def camille(database: Database) -> Person:
    return person(database, "camille")


@pytest.fixture
def joris(database: Database) -> Person:
    return person(database, "joris")


def asked(database: Database, who: Person, wanted: Terms, clock: StoppedClock):
    return database.write(lambda connection: ask(connection, who, wanted, at=clock()))


def test_a_studio_and_four_bedrooms_are_one_request(database: Database, clock: StoppedClock, camille: Person):
    made = asked(database, camille, terms(STUDIO, BEDS, member=camille), clock)
    assert made.verdict.state is State.REQUESTED
    rows = held_by(database, made.id)
    assert [(row.atom, row.quantity, row.force) for row in rows] == [("BUD-S1", 1, "none"), ("BUD-RH", 4, "none")]
    assert [row.claim_id for row in rows] == list(made.claims)


def test_one_claim_that_cannot_be_had_refuses_all_and_leaves_nothing(
    database: Database, clock: StoppedClock, camille: Person, a_booking: MakeBooking
):
    a_booking(resource="BUD-RH", start="2027-03-10", end="2027-03-11", quantity=12, company="Zwaluw")
    before = counted(database)
    with pytest.raises(CannotBeHad) as refusal:
        asked(database, camille, terms(STUDIO, BEDS, member=camille), clock)
    assert [(each.resource, each.kind, each.short) for each in refusal.value.conflicts] == [
        ("BUD-RH", "capacity", 1)
    ]
    assert counted(database) == before


def test_what_was_asked_is_told_once_in_the_same_transaction(
    database: Database, clock: StoppedClock, camille: Person
):
    made = asked(database, camille, terms(STUDIO, member=camille), clock)
    with database.read() as connection:
        [event] = connection.execute(select(Event.kind, Event.at, Event.by_id, Event.new, Event.booking_id))
    assert event == ("booking.requested", clock(), camille.id, {"state": "requested"}, made.id)


@pytest.mark.parametrize(
    ("resource", "state", "kind"),
    [
        ("BUD-S1", State.REQUESTED, "booking.requested"),
        ("DGP-RS", State.OPTION, "booking.granted"),
        ("V04-DS", State.CONFIRMED, "booking.confirmed"),
    ],
)
def test_the_policy_of_the_resource_decides_what_it_becomes(
    database: Database, clock: StoppedClock, camille: Person, resource: str, state: State, kind: str
):
    made = asked(database, camille, terms(claim(resource, "2027-03-08", "2027-03-09"), member=camille), clock)
    with database.read() as connection:
        told = connection.execute(select(Event.kind)).scalar_one()
    assert (made.verdict.state, told) == (state, kind)


@pytest.mark.parametrize(("quantity", "state"), [(4, State.CONFIRMED), (5, State.OPTION)])
def test_of_counted_stock_an_option_counts_only_when_not_enough_would_be_left(
    database: Database,
    clock: StoppedClock,
    camille: Person,
    a_booking: MakeBooking,
    quantity: int,
    state: State,
):
    a_booking(
        resource="V04-MIC", start="2027-03-08", end="2027-03-10", quantity=12, state="option", company="Zwaluw"
    )
    microphones = claim("V04-MIC", "2027-03-09", "2027-03-11", quantity=quantity)
    verdict = asked(database, camille, terms(microphones, member=camille), clock).verdict
    assert verdict.state is state
    assert [len(each.days) for each in verdict.warnings] == ([] if state is State.CONFIRMED else [1])


def test_over_somebodys_option_instant_becomes_an_option_with_a_warning_and_no_name(
    database: Database, clock: StoppedClock, camille: Person, a_booking: MakeBooking
):
    a_booking(resource="V04-DS", start="2027-03-08", end="2027-03-10", state="option", company="Zwaluw")
    made = asked(database, camille, terms(claim("V04-DS", "2027-03-08", "2027-03-12"), member=camille), clock)
    assert made.verdict.state is State.OPTION
    [warning] = made.verdict.warnings
    assert (warning.kind, warning.hard, len(warning.days)) == ("option", False, 2)
    assert "Zwaluw" not in repr(warning)


def test_the_houses_own_programme_is_confirmed_and_needs_no_company(
    database: Database, clock: StoppedClock, joris: Person
):
    made = asked(database, joris, terms(STUDIO), clock)
    assert made.verdict.state is State.CONFIRMED
    assert {row.force for row in held_by(database, made.id)} == {"hard"}


@pytest.mark.parametrize("state", [State.REQUESTED, State.OPTION, State.CONFIRMED])
def test_a_planner_enters_what_a_company_phoned(
    database: Database, clock: StoppedClock, camille: Person, joris: Person, state: State
):
    made = asked(database, joris, terms(STUDIO, member=camille, state=state), clock)
    assert (made.verdict.state, made.verdict.asker.name) == (state, "Compagnie Lisière")


def test_a_check_leaves_no_trace_and_says_what_asking_would(
    database: Database, clock: StoppedClock, camille: Person, a_booking: MakeBooking
):
    a_booking(start="2027-03-10", end="2027-03-12", company="Zwaluw")
    before = counted(database)
    with database.read() as connection:
        verdict = check(connection, camille, terms(STUDIO, BEDS, member=camille), at=clock())
    with pytest.raises(CannotBeHad) as refusal:
        asked(database, camille, terms(STUDIO, BEDS, member=camille), clock)
    assert list(verdict.conflicts) == list(refusal.value.conflicts)
    assert counted(database) == before


class TestRefused:
    def test_two_houses_in_one_booking(self, database: Database, clock: StoppedClock, camille: Person):
        both = terms(STUDIO, claim("PHX-F1", "2027-03-08", "2027-03-09"), member=camille)
        with pytest.raises(Malformed) as refusal:
            asked(database, camille, both, clock)
        assert refusal.value.errors == {"claims": ["two-venues"]}

    def test_no_claims_at_all(self, database: Database, clock: StoppedClock, camille: Person):
        with pytest.raises(Malformed):
            asked(database, camille, terms(member=camille), clock)

    def test_a_resource_that_nobody_knows(self, database: Database, clock: StoppedClock, camille: Person):
        with pytest.raises(Malformed) as refusal:
            asked(
                database,
                camille,
                terms(STUDIO, claim("BUD-S9", "2027-03-08", "2027-03-09"), member=camille),
                clock,
            )
        assert refusal.value.errors == {"claims.1.resource": ["unknown"]}

    def test_speaking_for_somebody_elses_company(self, database: Database, clock: StoppedClock, camille: Person):
        with pytest.raises(NotFound):
            asked(database, camille, terms(STUDIO, member=person(database, "wout")), clock)

    def test_a_company_that_decides_for_the_house(self, database: Database, clock: StoppedClock, camille: Person):
        for more in ({"state": State.CONFIRMED}, {"force": True, "reason": "please"}):
            with pytest.raises(Forbidden):
                asked(database, camille, terms(STUDIO, member=camille, **more), clock)

    def test_another_house_a_technician_a_coordinator_for_the_house(self, database: Database, clock: StoppedClock):
        for name in ("nadia", "griet", "elise", "admin"):
            with pytest.raises(Forbidden):
                asked(database, person(database, name), terms(STUDIO), clock)

    def test_a_company_that_forgets_to_say_for_whom(
        self, database: Database, clock: StoppedClock, camille: Person
    ):
        with pytest.raises(Malformed) as refusal:
            asked(database, camille, terms(STUDIO), clock)
        assert refusal.value.errors == {"organisation": ["required"]}

    def test_a_planner_who_begins_in_the_middle(self, database: Database, clock: StoppedClock, joris: Person):
        for state in (State.PENDING, State.COMPLETED, State.DECLINED, State.CANCELLED):
            with pytest.raises(Malformed):
                asked(database, joris, terms(STUDIO, state=state), clock)


class TestForced:
    """A manager overrides rules and closures with a reason, but never what is booked."""

    CLOSED = claim("SUC-TH", "2027-03-08", "2027-03-10")

    def test_a_closure_is_overridden_with_a_reason_that_is_logged(self, database: Database, clock: StoppedClock):
        karim = person(database, "karim")
        with pytest.raises(CannotBeHad):
            asked(database, karim, terms(self.CLOSED), clock)
        made = asked(database, karim, terms(self.CLOSED, force=True, reason="The roof is done"), clock)
        with database.read() as connection:
            query = select(Event.new, Event.why).where(Event.booking_id == made.id)
            new, why = connection.execute(query).one()
        assert (new["overridden"], why) == (["closed"], "The roof is done")

    def test_force_without_a_reason_is_refused(self, database: Database, clock: StoppedClock):
        for reason in (None, "", "   "):
            with pytest.raises(Malformed) as refusal:
                asked(database, person(database, "karim"), terms(self.CLOSED, force=True, reason=reason), clock)
            assert refusal.value.errors == {"reason": ["required"]}

    def test_what_is_booked_is_never_overridden(
        self, database: Database, clock: StoppedClock, joris: Person, a_booking: MakeBooking
    ):
        a_booking(start="2027-03-10", end="2027-03-12")
        with pytest.raises(CannotBeHad):
            asked(database, joris, terms(STUDIO, force=True, reason="I want it"), clock)

    def test_there_is_still_only_one_of_a_room(self, database: Database, clock: StoppedClock, joris: Person):
        two = terms(claim("BUD-S1", "2027-03-08", "2027-03-09", quantity=2), force=True, reason="two, please")
        with pytest.raises(CannotBeHad):
            asked(database, joris, two, clock)


def test_a_company_without_a_member_in_the_room_is_found_by_its_id_alone(
    database: Database, clock: StoppedClock, joris: Person
):
    lotte = person(database, "lotte")
    made = asked(database, joris, terms(STUDIO, organisation=company_of(lotte)), clock)
    assert made.verdict.asker.name == "Noordzee Producties"


def test_a_company_that_needs_the_whole_house_starts_over_with_it(
    database: Database, clock: StoppedClock, camille: Person, a_booking: MakeBooking
):
    """It holds its room by then: to want the others on top of it would end in a deadlock with a neighbour."""
    a_booking(state="option", company="Zwaluw")
    clock.advance(days=30)
    with database.engine.connect() as connection, connection.begin(), pytest.raises(StartOver) as again:
        ask(connection, camille, terms(STUDIO, member=camille), at=clock())
    assert len(again.value.houses) == 1
    with counted_statements() as seen:
        made = asked(database, camille, terms(STUDIO, member=camille), clock)
    assert made.verdict.warnings == (), "the option of the others has lapsed first"
    assert len([each for each in seen if each.startswith("SELECT resource_1.id AS asked_id")]) == 4
