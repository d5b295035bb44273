"""The machine of states: every move there is, and every move there is not."""

import pytest

from booking.domain.states import COMPANY, ENDS, FORCE, HOUSE, MOVES, OPEN, SHOWN, Force, State, Verb, may_move

MOVES_THERE_ARE = {
    (State.REQUESTED, Verb.GRANT): State.OPTION,
    (State.REQUESTED, Verb.CONFIRM): State.CONFIRMED,
    (State.REQUESTED, Verb.DECLINE): State.DECLINED,
    (State.REQUESTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.OPTION, Verb.CONFIRM): State.CONFIRMED,
    (State.OPTION, Verb.RELEASE): State.RELEASED,
    (State.SUSPENDED, Verb.RELEASE): State.RELEASED,
    (State.PENDING, Verb.CONFIRM): State.CONFIRMED,
    (State.PENDING, Verb.WITHDRAW): State.WITHDRAWN,
    (State.CONFIRMED, Verb.CANCEL): State.CANCELLED,
    (State.OPTION, Verb.COMMIT): State.PENDING,
    (State.PENDING, Verb.TAKE_BACK): State.OPTION,
}
STAYS = {
    Verb.CHALLENGE: {State.OPTION},
    Verb.EXTEND: {State.OPTION},
    Verb.ORDER: {State.OPTION},
    Verb.REFER: {State.REQUESTED},
    Verb.COUNTER: {State.REQUESTED, State.OPTION, State.SUSPENDED, State.CONFIRMED},
    Verb.ACCEPT: {State.REQUESTED, State.OPTION, State.SUSPENDED, State.CONFIRMED, State.BEATEN},
    Verb.REFUSE: {State.REQUESTED, State.OPTION, State.SUSPENDED, State.CONFIRMED, State.BEATEN},
}
"""Written again by hand, from the words of the product: a table that only repeats itself proves nothing."""


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", State)
def test_a_verb_moves_a_booking_where_the_table_says_and_nowhere_else(state: State, verb: Verb):
    target = MOVES_THERE_ARE.get((state, verb))
    assert may_move(state, verb) is (target is not None or state in STAYS.get(verb, ()))
    if may_move(state, verb):
        assert MOVES[verb].target is target


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_is_final(end: State):
    offered = {Verb.ACCEPT, Verb.REFUSE} if end is State.BEATEN else set()  # days may come back
    assert {verb for verb in Verb if may_move(end, verb)} == offered


def test_only_the_house_confirms_grants_and_declines():
    for verb in (Verb.CONFIRM, Verb.GRANT, Verb.DECLINE):
        assert MOVES[verb].sides == HOUSE


def test_only_the_company_withdraws_and_both_release_and_cancel():
    assert MOVES[Verb.WITHDRAW].sides == COMPANY
    assert MOVES[Verb.RELEASE].sides == MOVES[Verb.CANCEL].sides == HOUSE | COMPANY


def test_a_no_of_the_house_and_every_cancellation_has_a_reason():
    reasoned = {verb: move.reasoned for verb, move in MOVES.items() if move.reasoned}
    assert reasoned == {
        Verb.DECLINE: HOUSE,
        Verb.RELEASE: HOUSE,
        Verb.CANCEL: HOUSE | COMPANY,
        Verb.ORDER: HOUSE,
        Verb.TAKE_BACK: HOUSE,
    }


def test_every_verb_has_its_move_and_an_event_of_its_own():
    assert set(MOVES) == set(Verb)
    assert all(move.verb is verb for verb, move in MOVES.items())
    assert len({move.event for move in MOVES.values()}) == len(Verb)
    assert all(move.event.startswith("booking.") for move in MOVES.values())


HARD = {State.PENDING, State.CONFIRMED, State.COMPLETED}


@pytest.mark.parametrize("state", State)
def test_every_state_holds_as_it_should(state: State):
    expected = Force.HARD if state in HARD else Force.SOFT if state is State.OPTION else Force.NONE
    assert FORCE[state] is expected


def test_an_end_holds_nothing_and_is_neither_open_nor_shown():
    for end in ENDS:
        assert FORCE[end] is Force.NONE
        assert end not in OPEN | SHOWN


def test_calendars_show_what_holds_and_what_is_suspended_but_never_a_request():
    assert {state for state in State if FORCE[state] is not Force.NONE} | {State.SUSPENDED} == SHOWN
    assert State.REQUESTED not in SHOWN
