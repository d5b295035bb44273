"""Two change one team, or leave two, in the same second: a house keeps its head, and nobody keeps what was lent.

What decides a race is taken away once, and the same assertion finds the harm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from booking.domain.people import Person, Role
from booking.domain.refusals import LastOne, Malformed, NotFound, Refusal
from booking.services import inventories, teams
from booking.storage import accounts, imports, tokens, venues
from booking.storage import teams as stored
from booking.storage.database import Database
from booking.storage.teams import Team
from booking.web.belongings import OWN
from tests.support.cast import company_of, person
from tests.support.clocks import StoppedClock
from tests.support.meanwhile import Work, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

HOUR = timedelta(hours=1)


def of_house(database: Database, code: str) -> Team:
    with database.read() as connection:
        return teams.house(connection, person(database, "admin"), code)


def let_in(database: Database, team: Team, name: str, role: Role, at: datetime) -> UUID:
    someone = person(database, name)
    database.write(partial(stored.add_for_good, team=team, person_id=someone.id, role=role, at=at))
    return someone.id


def leaves(team: Team, leaver: UUID, at: datetime, successor: UUID | None = None) -> Work:
    return partial(teams.leave, team=team, person_id=leaver, by=leaver, known=OWN, at=at, successor=successor)


def managers(database: Database, team: Team) -> list[UUID]:
    with database.read() as connection:
        return [each.id for each in stored.members(connection, team) if each.role == Role.MANAGER]


def lent(database: Database, bram: Person, name: str, at: datetime, *, start: timedelta) -> tuple[UUID, datetime]:
    """Somebody stands in for Bram for an hour: who it is, and until when."""
    deputy, ends = person(database, name), at + start + timedelta(hours=1)
    naming = partial(teams.stand_in, person=bram, venue="DGP", email=deputy.email, start=at + start, end=ends)
    database.write(partial(naming, at=at))
    return deputy.id, ends


def each_hands_over_to_the_other(
    database: Database, at: datetime
) -> tuple[Sequence[type[Refusal] | None], list[UUID], list[UUID]]:
    team, bram = of_house(database, "DGP"), person(database, "bram").id
    joris = let_in(database, team, "joris", Role.MANAGER, at)
    ends = meanwhile(database, leaves(team, bram, at, joris), leaves(team, joris, at, bram))
    return ends, managers(database, team), [joris]


def test_two_who_hand_over_to_each_other_leave_one_of_them(database: Database, clock: StoppedClock):
    ends, left, expected = each_hands_over_to_the_other(database, clock())
    assert ends == [None, Malformed]
    assert left == expected


def test_without_the_lock_of_the_team_a_house_loses_its_head_where_writers_do_not_take_turns(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stored, "lock", lambda *_: None)
    _, left, expected = each_hands_over_to_the_other(database, clock())
    assert left == (expected if database.is_sqlite else [])


def test_the_last_two_who_just_leave_leave_one_of_them(database: Database, clock: StoppedClock):
    team, bram = of_house(database, "DGP"), person(database, "bram").id
    joris = let_in(database, team, "joris", Role.MANAGER, clock())
    ends = meanwhile(database, leaves(team, bram, clock()), leaves(team, joris, clock()))
    assert (ends, managers(database, team)) == ([None, LastOne], [joris])


def a_deputy_takes_over_at_the_end(database: Database, at: datetime) -> tuple[list[UUID], UUID]:
    team, bram = of_house(database, "DGP"), person(database, "bram")
    wout, over = lent(database, bram, "wout", at, start=timedelta())
    assert meanwhile(database, leaves(team, bram.id, over, wout), partial(teams.turn, at=over)) == [None, None]
    return managers(database, team), wout


def test_who_takes_over_keeps_the_hat_that_ends_as_a_lent_one_in_the_same_second(
    database: Database, clock: StoppedClock
):
    left, wout = a_deputy_takes_over_at_the_end(database, clock())
    assert left == [wout]


def test_without_looking_whether_it_ended_already_the_house_loses_its_head(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stored, "note_ended", lambda *_, **__: True)
    left, wout = a_deputy_takes_over_at_the_end(database, clock())
    assert left == ([wout] if database.is_sqlite else [])


def test_whose_lent_hat_just_ended_cannot_take_over(database: Database, clock: StoppedClock):
    team, bram = of_house(database, "DGP"), person(database, "bram")
    wout, over = lent(database, bram, "wout", clock(), start=timedelta())
    ends = meanwhile(database, partial(teams.turn, at=over), leaves(team, bram.id, over, wout))
    assert (ends, managers(database, team)) == ([None, Malformed], [bram.id])


def a_deputy_leaves_as_the_time_comes(database: Database, at: datetime) -> tuple[list[UUID], UUID]:
    team, bram = of_house(database, "DGP"), person(database, "bram")
    griet, over = lent(database, bram, "griet", at, start=timedelta(days=1))
    comes = over - timedelta(minutes=30)
    assert meanwhile(database, leaves(team, griet, comes), partial(teams.turn, at=comes)) == [None, None]
    return managers(database, team), bram.id


def test_who_leaves_is_given_no_hat_in_the_same_second(database: Database, clock: StoppedClock):
    left, bram = a_deputy_leaves_as_the_time_comes(database, clock())
    assert left == [bram]


def test_without_looking_whether_it_is_over_who_left_is_given_a_hat(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stored, "note_given", lambda *_, **__: True)
    left, bram = a_deputy_leaves_as_the_time_comes(database, clock())
    assert (left == [bram]) is database.is_sqlite


def test_what_is_called_off_as_the_hat_is_lent_is_taken_back(database: Database, clock: StoppedClock):
    team, bram = of_house(database, "DGP"), person(database, "bram")
    _, over = lent(database, bram, "wout", clock(), start=timedelta(days=1))
    comes = over - timedelta(minutes=30)
    with database.read() as connection:
        [arrangement] = teams.deputies(connection, team)
    calling_off = partial(teams.call_off, person=bram, venue="DGP", deputy_id=arrangement.id, at=comes)
    assert meanwhile(database, partial(teams.turn, at=comes), calling_off) == [None, None]
    assert managers(database, team) == [bram.id]


def test_who_becomes_a_manager_stands_in_for_nobody_from_the_same_second_on(
    database: Database, clock: StoppedClock
):
    team, bram, griet, at = of_house(database, "DGP"), person(database, "bram"), person(database, "griet"), clock()
    becoming = partial(stored.add_for_good, team=team, person_id=griet.id, role=Role.MANAGER, at=at)
    naming = partial(teams.stand_in, person=bram, venue="DGP", email=griet.email, start=at, end=at + HOUR)
    assert meanwhile(database, becoming, partial(naming, at=at)) == [None, Malformed]
    assert sorted(managers(database, team)) == sorted([bram.id, griet.id])


def test_who_is_taken_out_names_no_deputy_any_more(database: Database, clock: StoppedClock):
    team, bram, wout, at = of_house(database, "DGP"), person(database, "bram"), person(database, "wout"), clock()
    joris = let_in(database, team, "joris", Role.MANAGER, at)
    naming = partial(teams.stand_in, person=bram, venue="DGP", email=wout.email, start=at, end=at + HOUR)
    assert meanwhile(database, leaves(team, bram.id, at), partial(naming, at=at)) == [None, NotFound]
    assert managers(database, team) == [joris]


def one_hat_each(database: Database, at: datetime) -> list[UUID]:
    camille, wout = person(database, "camille"), person(database, "wout")
    team = Team(organisation_id=company_of(camille))
    letting_in = partial(stored.add_for_good, team=team, person_id=wout.id, role=Role.MEMBER, at=at)
    assert meanwhile(database, letting_in, letting_in) == [None, None]
    with database.read() as connection:
        return [each.id for each in stored.members(connection, team) if each.id == wout.id]


def test_who_is_let_in_twice_at_once_wears_one_hat(database: Database, clock: StoppedClock):
    assert len(one_hat_each(database, clock())) == 1


def leaves_two_teams(database: Database, at: datetime) -> int:
    """How many of their keys still work."""
    house, company = of_house(database, "BUD"), Team(organisation_id=company_of(person(database, "camille")))
    let_in(database, house, "bram", Role.MANAGER, at)
    joris = let_in(database, company, "joris", Role.MEMBER, at)
    assert meanwhile(database, leaves(house, joris, at), leaves(company, joris, at)) == [None, None]
    with database.read() as connection:
        return tokens.count(connection, joris)


def test_who_leaves_both_teams_at_once_keeps_no_key(database: Database, clock: StoppedClock):
    assert leaves_two_teams(database, clock()) == 0


def test_without_holding_who_leaves_keys_outlive_the_last_team(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accounts, "hold", lambda *_: None)
    assert (leaves_two_teams(database, clock()) == 0) is database.is_sqlite


def two_tables_where_there_is_room_for_one(
    database: Database, at: datetime
) -> tuple[Sequence[type[Refusal] | None], int]:
    joris = person(database, "joris")
    send = partial(inventories.send, person=joris, venue="BUD", name="a.csv", content=b"code\nBUD-S1\n", at=at)
    for _ in range(inventories.MOST_WAITING - 1):
        database.write(send)
    ends = meanwhile(database, send, send)
    house = of_house(database, "BUD").venue_id
    assert house is not None
    with database.read() as connection:
        return ends, imports.count_waiting(connection, house)


def test_of_two_tables_sent_at_once_one_is_too_many(database: Database, clock: StoppedClock):
    assert two_tables_where_there_is_room_for_one(database, clock()) == (
        [None, Malformed],
        inventories.MOST_WAITING,
    )


def test_without_holding_the_house_one_table_more_waits_where_writers_do_not_take_turns(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(venues, "hold", lambda *_: None)
    _, waiting = two_tables_where_there_is_room_for_one(database, clock())
    assert waiting == inventories.MOST_WAITING + (0 if database.is_sqlite else 1)
