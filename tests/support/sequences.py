"""Anything that anybody may do at one house, in any order: what hypothesis draws from, and what it checks.

One example is one transaction that is never committed, so that a thousand steps cost a breath; each deed in it
stands or falls as a whole, as it would in a transaction of its own.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select, update

from booking.domain.bookings import ClaimChange
from booking.domain.claims import ClaimTerms
from booking.domain.closures import Decision
from booking.domain.people import Person
from booking.domain.refusals import Refusal
from booking.domain.states import State, Verb
from booking.domain.wall_clock import instant
from booking.services import asking, changing, closures, conflicts, demo, equipment, free_days, people
from booking.services.answering import Answer, answer_challenge, perform
from booking.services.closures import Wanted
from booking.services.settling import locked
from booking.storage.bookings import Booking, Closure
from booking.storage.database import Database, StartOver
from booking.storage.house_affairs import DeskConflict
from booking.storage.options import ChallengeDay
from booking.storage.places import Venue
from tests.support import truths
from tests.support.cast import ADDRESSES, terms
from tests.support.watching import Watch

Done = TypeVar("Done")

HOUSE, PLANNER, ZONE = "HAD", "maud", "Europe/Paris"
COMPANIES = ("camille", "wout", "samira", "lotte", "theo")
ROOMS = ("HAD-PS", "HAD-PSA", "HAD-PSB", "HAD-S1")
LAMPS, STOCK = "HAD-LED", 4
FIRST = date(2027, 3, 25)
"""Clocks go forward on the 28th."""

TODAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
LAST = datetime(2027, 3, 20, tzinfo=UTC)
"""Nothing that is asked here is over by then."""

REASON = "anything may happen"
CRUEL = {"most_rank": 4, "most_options": 6}
"""Longer queues than houses allow, so that more happens."""

days = st.integers(0, 4)
lengths = st.integers(1, 4)
numbers = st.integers(0, 1000)
HOURS = st.sampled_from([(9, 12), (10, 16), (14, 22)])
FIRST_STATES = st.sampled_from([State.OPTION] * 4 + [State.CONFIRMED, State.REQUESTED])
DECISIONS = st.sampled_from(list(Decision))


def prepare(database: Database) -> None:
    """Give the house counted stock, a hall that confirms at once, and patience."""
    lamps = {
        "code": LAMPS,
        "kind": "equipment",
        "capacity": STOCK,
        "name": {"en": "Lamp", "nl": "Lamp", "fr": "Lampe"},
        "rules": {"policy": "instant", "opening": "always", "granularity_minutes": 30},
    }
    world = demo.read_world()
    [house] = [venue for venue in world["venues"] if venue["code"] == HOUSE]
    kept = {key: value for key, value in house["resources"][0].items() if key not in lamps}
    house["resources"].append({**kept, **lamps, "technical_sheet": {}})
    database.write(lambda connection: demo.load(connection, world, at=TODAY))
    database.write(
        lambda connection: connection.execute(update(Venue).where(Venue.code == HOUSE).values(settings=CRUEL))
    )
    free_days.keep_due(database, at=TODAY)


@st.composite
def claims(draw: st.DrawFn) -> tuple[ClaimTerms, ...]:
    """One place, sometimes two; whole days, sometimes hours with set-up and strike."""
    start = FIRST + timedelta(days=draw(days))
    end = start + timedelta(days=draw(lengths))
    codes = draw(
        st.sampled_from([(code,) for code in (*ROOMS, LAMPS)] + [("HAD-PSA", LAMPS), ("HAD-S1", "HAD-PS")])
    )
    quantity = draw(st.integers(1, STOCK))
    if draw(st.integers(0, 4)) == 0:
        first, last = (instant(datetime(start.year, start.month, start.day, hour), ZONE) for hour in draw(HOURS))
        return tuple(ClaimTerms(code, first, last, quantity if code == LAMPS else 1, 60, 30) for code in codes)
    return tuple(ClaimTerms(code, start, end, quantity if code == LAMPS else 1) for code in codes)


class AnySequence(RuleBasedStateMachine):
    """A house, its planner and five companies."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.transaction = connection.begin()
        self.at = TODAY
        self.there: frozenset[str] = frozenset()
        self.given: dict[UUID, truths.Days] = {}
        self.planner = self._person(PLANNER)
        self.members = [self._person(name) for name in COMPANIES]
        self.venue = connection.execute(select(Venue.id).where(Venue.code == HOUSE)).scalar_one()
        self.watch = Watch()

    def teardown(self) -> None:
        self.transaction.rollback()

    def _person(self, name: str) -> Person:
        return people.of_email(self.connection, ADDRESSES[name])

    def _do(self, work: Callable[[], Done]) -> Done | None:
        """As a transaction of its own; None when it was refused. A second later than what was before."""
        self.at += timedelta(seconds=1)
        try:
            with self.connection.begin_nested():
                done = work()
        except StartOver as again:
            return self._do(partial(again.before(lambda _: work()), self.connection))
        except Refusal:
            return None
        return done

    def _is_any(self, *kinds: str) -> bool:
        return not self.there.isdisjoint(kinds)

    def _one(self, table: Any, pick: int, *which: Any) -> Any:
        query = select(table).where(table.venue_id == self.venue, *which).order_by(table.id)
        found = self.connection.execute(query).all()
        return found[pick % len(found)] if found else None

    def _booking(self, pick: int, *states: str) -> Any:
        return self._one(Booking, pick, Booking.state.in_(states))

    def _company(self, booking: Any) -> Person:
        """Whoever speaks for it; the planner, where it is the house's own."""
        return next((each for each in self.members if booking.organisation_id in each.organisations), self.planner)

    def _given(self, booking: UUID) -> None:
        """What it holds now, and what it lost: from here on nothing of that disappears."""
        house = truths.look(self.connection, HOUSE, at=self.at)
        self.given[booking] = truths.held_or_lost(house, booking)

    def _verb(self, booking: Any, verb: Verb, person: Person, **answer: Any) -> None:
        self._do(
            lambda: perform(
                self.connection, person, booking.id, verb, Answer(**{"reason": REASON, **answer}), at=self.at
            )
        )

    @initialize(crowd=st.lists(st.tuples(claims(), st.integers(0, 5), FIRST_STATES), min_size=3, max_size=9))
    def there_is_a_crowd(self, crowd: list[tuple[tuple[ClaimTerms, ...], int, State]]) -> None:
        for claims, who, state in crowd:
            self._enter(claims, who, state, force=False)

    @rule(claims=claims(), who=st.integers(0, 4))
    def a_company_asks(self, claims: tuple[ClaimTerms, ...], who: int) -> None:
        member = self.members[who]
        title = f"{member.name} {len(self.given)}"
        asked = terms(*claims, member=member, title=title)
        made = self._do(lambda: asking.ask(self.connection, member, asked, at=self.at))
        if made is not None:
            self._given(made.id)

    @rule(
        claims=claims(),
        who=st.integers(0, 5),
        state=FIRST_STATES,
        force=st.booleans(),
    )
    def the_house_enters(self, claims: tuple[ClaimTerms, ...], who: int, state: State, force: bool) -> None:
        self._enter(claims, who, state, force=force)

    def _enter(self, claims: tuple[ClaimTerms, ...], who: int, state: State, *, force: bool) -> None:
        member = self.members[who] if who < len(self.members) else None
        asked = terms(
            *claims,
            member=member,
            title=f"{member.name if member else 'Huis'} {len(self.given)}",
            state=state,
            force=force,
            reason=REASON,
        )
        made = self._do(lambda: asking.ask(self.connection, self.planner, asked, at=self.at))
        if made is not None:
            self._given(made.id)

    @precondition(lambda self: self._is_any("requested"))
    @rule(
        pick=numbers,
        verb=st.sampled_from([Verb.GRANT, Verb.GRANT, Verb.CONFIRM, Verb.DECLINE]),
        force=st.booleans(),
    )
    def the_house_answers_a_request(self, pick: int, verb: Verb, force: bool) -> None:
        booking = self._booking(pick, "requested")
        if booking:
            self._verb(booking, verb, self.planner, force=force)

    @precondition(lambda self: self._is_any("option", "pending"))
    @rule(pick=numbers, force=st.booleans())
    def the_house_confirms(self, pick: int, force: bool) -> None:
        booking = self._booking(pick, "option", "pending", "pending")
        if booking:
            self._verb(booking, Verb.CONFIRM, self.planner, force=force)

    @precondition(lambda self: self._is_any("option"))
    @rule(pick=numbers)
    def the_company_commits(self, pick: int) -> None:
        booking = self._booking(pick, "option")
        if booking:
            self._verb(booking, Verb.COMMIT, self._company(booking))

    @precondition(lambda self: self._is_any("pending"))
    @rule(pick=numbers)
    def the_house_takes_back(self, pick: int) -> None:
        booking = self._booking(pick, "pending")
        if booking:
            self._verb(booking, Verb.TAKE_BACK, self.planner)

    @precondition(lambda self: self._is_any("pending", "requested"))
    @rule(pick=numbers)
    def the_company_withdraws(self, pick: int) -> None:
        booking = self._booking(pick, "pending", "requested")
        if booking:
            self._verb(booking, Verb.WITHDRAW, self._company(booking))

    @precondition(lambda self: self._is_any("option", "suspended"))
    @rule(pick=numbers, by_house=st.booleans())
    def all_is_released(self, pick: int, by_house: bool) -> None:
        booking = self._booking(pick, "option", "suspended")
        if booking:
            self._verb(booking, Verb.RELEASE, self.planner if by_house else self._company(booking))

    @precondition(lambda self: self._is_any("option", "suspended"))
    @rule(pick=numbers, day=days, length=lengths, code=st.sampled_from([None, None, *ROOMS, LAMPS]))
    def a_part_is_released(self, pick: int, day: int, length: int, code: str | None) -> None:
        booking = self._booking(pick, "option", "suspended")
        if booking:
            start = FIRST + timedelta(days=day)
            end = start + timedelta(days=length)
            self._verb(booking, Verb.RELEASE, self._company(booking), start=start, end=end, resource=code)

    @precondition(lambda self: self._is_any("option"))
    @rule(pick=numbers, by_house=st.booleans())
    def an_option_is_extended(self, pick: int, by_house: bool) -> None:
        booking = self._booking(pick, "option")
        if booking:
            self._verb(booking, Verb.EXTEND, self.planner if by_house else self._company(booking))

    @precondition(lambda self: self._is_any("option"))
    @rule(pick=numbers, rank=st.integers(1, 3))
    def the_house_orders(self, pick: int, rank: int) -> None:
        booking = self._booking(pick, "option")
        if booking:
            self._verb(booking, Verb.ORDER, self.planner, rank=rank)

    @precondition(lambda self: self._is_any("option"))
    @rule(pick=numbers)
    def a_company_challenges(self, pick: int) -> None:
        booking = self._booking(pick, "option")
        if booking:
            self._verb(booking, Verb.CHALLENGE, self._company(booking))

    @precondition(lambda self: self._is_any("challenged"))
    @rule(pick=numbers, says=st.sampled_from([Verb.COMMIT, Verb.RELEASE]))
    def a_holder_answers(self, pick: int, says: Verb) -> None:
        day = self._one(ChallengeDay, pick, ChallengeDay.answer.is_(None))
        if day:
            holder = self.connection.execute(select(Booking).where(Booking.id == day.holder_id)).one()
            self._do(
                lambda: answer_challenge(
                    self.connection, self._company(holder), day.challenge_id, says, Answer(), at=self.at
                )
            )

    @precondition(lambda self: self._is_any("confirmed"))
    @rule(pick=numbers, by_house=st.booleans())
    def it_is_cancelled(self, pick: int, by_house: bool) -> None:
        booking = self._booking(pick, "confirmed")
        if booking:
            self._verb(booking, Verb.CANCEL, self.planner if by_house else self._company(booking))

    @precondition(lambda self: self._is_any("offered"))
    @rule(pick=numbers, verb=st.sampled_from([Verb.ACCEPT, Verb.ACCEPT, Verb.REFUSE]), by_house=st.booleans())
    def what_is_offered_is_answered(self, pick: int, verb: Verb, by_house: bool) -> None:
        waiting = truths.waiting_for_an_answer(truths.look(self.connection, HOUSE, at=self.at))
        if waiting:
            booking = waiting[pick % len(waiting)]
            self._verb(booking, verb, self.planner if by_house else self._company(booking))
            self._given(booking.id)

    @rule(pick=numbers, claims=claims())
    def the_house_proposes(self, pick: int, claims: tuple[ClaimTerms, ...]) -> None:
        booking = self._booking(pick, "requested", "option", "suspended", "confirmed")
        if booking:
            self._verb(booking, Verb.COUNTER, self.planner, claims=tuple(ClaimChange(each) for each in claims))

    @rule(pick=numbers, claims=claims(), by_house=st.booleans(), force=st.booleans())
    def it_is_changed(self, pick: int, claims: tuple[ClaimTerms, ...], by_house: bool, force: bool) -> None:
        booking = self._booking(pick, "requested", "option", "suspended", "pending", "confirmed")
        if booking:
            person = self.planner if by_house else self._company(booking)
            wanted = changing.Change(
                {}, tuple(ClaimChange(each) for each in claims), force=force and by_house, reason=REASON
            )
            self._do(lambda: changing.change(self.connection, person, booking.id, wanted, at=self.at))
            self._given(booking.id)

    @rule(code=st.sampled_from([*ROOMS, LAMPS]), day=days, length=lengths, says=st.lists(DECISIONS, min_size=1))
    def the_house_closes(self, code: str, day: int, length: int, says: list[Decision]) -> None:
        start = FIRST + timedelta(days=day)
        wanted = Wanted(start, start + timedelta(days=length), REASON, {})

        def close() -> None:
            hit = closures.preview(self.connection, self.planner, code, wanted, at=self.at)
            decided = {row.id: says[n % len(says)] for n, row in enumerate(hit.confirmed)}
            closures.add(
                self.connection,
                self.planner,
                code,
                Wanted(wanted.start, wanted.end, REASON, decided, {hit.revision}),
                at=self.at,
            )

        self._do(close)

    @precondition(lambda self: self._is_any("closed"))
    @rule(pick=numbers, day=days, length=lengths, says=st.lists(DECISIONS, min_size=1))
    def a_closure_is_changed(self, pick: int, day: int, length: int, says: list[Decision]) -> None:
        row = self._one(Closure, pick, Closure.ended_at.is_(None), Closure.quantity.is_(None))
        if not row:
            return
        start = FIRST + timedelta(days=day)
        wanted: dict[str, Any] = {"start": start, "end": start + timedelta(days=length), "reason": REASON}

        def change() -> None:
            hit = closures.preview_change(
                self.connection, self.planner, row.id, **wanted, decisions={}, at=self.at
            )
            decided = {each.id: says[n % len(says)] for n, each in enumerate(hit.undecided)}
            closures.change(self.connection, self.planner, row.id, **wanted, decisions=decided, at=self.at)

        self._do(change)

    @precondition(lambda self: self._is_any("closed"))
    @rule(pick=numbers)
    def a_closure_is_removed(self, pick: int) -> None:
        row = self._one(Closure, pick, Closure.ended_at.is_(None), Closure.quantity.is_(None))
        if row:
            self._do(lambda: closures.remove(self.connection, self.planner, row.id, at=self.at))

    @rule(
        capacity=st.none() | st.integers(2, STOCK + 1),
        broken=st.none() | st.integers(0, 3),
    )
    def stock_changes(self, capacity: int | None, broken: int | None) -> None:
        self._do(
            lambda: equipment.change_stock(
                self.connection, self.planner, LAMPS, capacity=capacity, out_of_order=broken, at=self.at
            )
        )

    @precondition(lambda self: self._is_any("on the desk"))
    @rule(pick=numbers)
    def the_desk_is_cleared(self, pick: int) -> None:
        row = self._one(DeskConflict, pick, DeskConflict.resolved_at.is_(None))
        if row:
            self._do(
                lambda: conflicts.resolve_one(self.connection, self.planner, row.id, reason=REASON, at=self.at)
            )

    @precondition(lambda self: self.at < LAST)
    @rule(hours=st.sampled_from([1, 12, 48, 48, 72, 120, 340]), somebody_looks=st.booleans())
    def time_passes(self, hours: int, somebody_looks: bool) -> None:
        self.at += timedelta(hours=hours)
        if somebody_looks:
            self._do(lambda: locked(self.connection, self.venue, at=self.at))

    @invariant()
    def everything_is_true(self) -> None:
        house = truths.look(self.connection, HOUSE, at=self.at)
        self.there = truths.there(house)
        if truths.is_due(house):  # nobody has looked since
            return
        found = truths.wrong(self.connection, house, self.given) + self.watch.wrong(self.connection, house)
        assert not found, "\n".join(found)
        free_days.keep_some(self.connection, atoms=list(house.resources), year=FIRST.year)
