"""Who may know a booking, and on which side of it they stand."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from booking.domain.people import Person, Role
from booking.domain.states import Side

NAMES = UUID("6f0f3a52-3f5c-4a57-8d52-6f6f0d6e8f10")
LISIERE, ZWALUW = uuid5(NAMES, "Compagnie Lisière"), uuid5(NAMES, "Collectief Zwaluw")


def someone(**hats: Any) -> Person:
    return Person(
        id=uuid5(NAMES, "someone"), email="someone@emerge.example", name="Someone", language="en", **hats
    )


CAMILLE = someone(organisations={LISIERE: "Compagnie Lisière"}, programme=frozenset({LISIERE}))
WOUT = someone(organisations={ZWALUW: "Collectief Zwaluw"})
JORIS = someone(manages=frozenset({"BUD"}))
BRAM = someone(manages=frozenset({"DGP"}))
GRIET = someone(assists=frozenset({"BUD"}))
ELISE = someone(coordinator=True)
ADMIN = someone(admin=True)
NOBODY = someone()


@pytest.mark.parametrize(
    ("person", "knows"),
    [
        (CAMILLE, True),
        (WOUT, False),
        (JORIS, True),
        (BRAM, False),
        (GRIET, True),
        (ELISE, True),
        (ADMIN, True),
        (NOBODY, False),
    ],
)
def test_a_companys_booking_is_known_to_itself_its_house_and_those_who_see_everything(person: Person, knows: bool):
    assert person.may_know("BUD", LISIERE) is knows


@pytest.mark.parametrize("person", [CAMILLE, WOUT, BRAM, NOBODY])
def test_a_houses_own_booking_is_known_to_no_company_and_no_other_house(person: Person):
    assert not person.may_know("BUD", None)


@pytest.mark.parametrize(
    ("person", "sides"),
    [
        (CAMILLE, {Side.COMPANY}),
        (JORIS, {Side.HOUSE}),
        (WOUT, set()),
        (BRAM, set()),
        (GRIET, set()),
        (ELISE, set()),
        (ADMIN, set()),
    ],
)
def test_only_members_and_managers_stand_on_a_side(person: Person, sides: set[Side]):
    assert person.sides("BUD", LISIERE) == sides


def test_a_house_stands_on_both_sides_of_its_own_booking():
    assert JORIS.sides("BUD", None) == {Side.HOUSE, Side.COMPANY}
    assert CAMILLE.sides("BUD", None) == set()


def test_a_manager_who_is_a_member_too_stands_on_both_sides():
    both = someone(manages=frozenset({"BUD"}), organisations={LISIERE: "Compagnie Lisière"})
    assert both.sides("BUD", LISIERE) == {Side.HOUSE, Side.COMPANY}
    assert both.sides("PHX", LISIERE) == {Side.COMPANY}


def test_a_technician_helps_and_does_not_decide():
    assert not GRIET.decides_for("BUD")
    assert GRIET.may_know("BUD", ZWALUW)
    assert not GRIET.may_know("DGP", ZWALUW)


def test_nobody_speaks_for_the_house_as_if_it_were_a_company():
    assert not any(person.speaks_for(None) for person in (CAMILLE, JORIS, ELISE, ADMIN))


def test_every_hat_is_a_role_once():
    assert someone(manages=frozenset({"BUD", "DGP"}), coordinator=True).roles == [Role.MANAGER, Role.COORDINATOR]
    assert NOBODY.roles == []


def test_under_the_hat_of_one_company_nothing_else_is_held():
    one, other = uuid5(NAMES, "one"), uuid5(NAMES, "other")
    person = someone(
        organisations={one: "One", other: "Other"},
        programme=frozenset({one, other}),
        manages=frozenset({"BUD"}),
        assists=frozenset({"DGP"}),
        coordinator=True,
        admin=True,
    ).only_for(one)
    assert person == someone(organisations={one: "One"}, programme=frozenset({one}))
    assert person.roles == [Role.MEMBER]
