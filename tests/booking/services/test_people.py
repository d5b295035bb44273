"""People: passwords, tokens, invitations, hats; what is unknown and what is wrong answer alike."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select

from booking.domain.people import Role
from booking.domain.refusals import Forbidden, Malformed, NotFound
from booking.services import demo, invitations, organisations, people
from booking.storage.database import Database
from booking.storage.people import Person as PersonRow
from booking.storage.people import Token
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.rows import counted

SECRET = "a secret of this deployment"


def test_the_right_password_signs_in_whatever_the_case_of_the_address(database: Database):
    with database.read() as connection:
        signed_in = people.sign_in(connection, " Camille@Lisiere.example", demo.PASSWORD)
    assert signed_in == person(database, "camille")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("camille@lisiere.example", "entracte-2026"),
        ("camille@lisiere.example", ""),
        ("nobody@lisiere.example", demo.PASSWORD),
        ("", ""),
    ],
)
def test_an_unknown_address_and_a_wrong_password_answer_alike(database: Database, email: str, password: str):
    with database.read() as connection:
        assert people.sign_in(connection, email, password) is None


def test_the_password_of_nobody_costs_as_much_as_a_real_one():
    assert people.NOBODY.split("$")[1:4] == PasswordHasher().hash("x").split("$")[1:4]


def test_a_password_is_kept_as_argon2id(database: Database):
    with database.read() as connection:
        kept = set(connection.execute(select(PersonRow.password_hash)).scalars())
    assert all(each.startswith("$argon2id$") for each in kept)


def test_a_token_is_kept_as_a_hash_and_works_until_it_is_revoked(database: Database, clock: StoppedClock):
    camille = person(database, "camille")
    token = database.write(lambda connection: people.new_token(connection, camille.id, "my script", at=clock()))
    with database.read() as connection:
        assert people.of_token(connection, token) == camille
        assert token not in set(connection.execute(select(Token.hash)).scalars())
        [mine] = [each for each in people.tokens_of(connection, camille.id) if each.name == "my script"]

    def revoke(connection: Connection) -> None:
        people.revoke_token(connection, camille.id, mine.id, at=clock())

    wout = person(database, "wout").id
    with pytest.raises(NotFound):
        database.write(lambda connection: people.revoke_token(connection, wout, mine.id, at=clock()))
    database.write(revoke)
    with database.read() as connection:
        assert people.of_token(connection, token) is None
    with pytest.raises(NotFound):
        database.write(revoke)


def test_a_token_that_was_made_up_is_nobodys(database: Database):
    with database.read() as connection:
        assert [people.of_token(connection, token) for token in ("", "emb_", "x" * 10_000)] == [None] * 3


def test_a_short_password_is_refused(database: Database):
    camille = person(database, "camille")
    with pytest.raises(Malformed):
        database.write(lambda connection: people.set_password(connection, camille.id, "123456789"))


class TestInvitations:
    @pytest.fixture
    def invited(self, database: Database, clock: StoppedClock) -> str:
        def work(connection: Connection) -> str:
            people.create(connection, email="new@house.example", name="New", language="nl", at=clock())
            return invitations.make(SECRET, people.of_email(connection, "new@house.example"), at=clock())

        return database.write(work)

    def test_an_invitation_works_once(self, database: Database, invited: str, clock: StoppedClock):
        for _ in range(2):
            with database.read() as connection:
                assert invitations.invited(connection, SECRET, invited, at=clock()).name == "New"
        database.write(
            lambda connection: invitations.accept(connection, SECRET, invited, "ten letters", at=clock())
        )
        with database.read() as connection:
            assert people.sign_in(connection, "new@house.example", "ten letters") is not None
            with pytest.raises(NotFound):
                invitations.invited(connection, SECRET, invited, at=clock())

    def test_an_invitation_lasts_two_weeks(self, database: Database, invited: str, clock: StoppedClock):
        clock.advance(days=14)
        with database.read() as connection, pytest.raises(NotFound):
            invitations.invited(connection, SECRET, invited, at=clock())

    @pytest.mark.parametrize("broken", ["", "x", "e30.x", "W10.x"])
    def test_what_is_not_ours_is_not_found(
        self, database: Database, invited: str, clock: StoppedClock, broken: str
    ):
        with database.read() as connection:
            for token in (broken, invited[:-1], f"{invited}x"):
                with pytest.raises(NotFound):
                    invitations.invited(connection, SECRET, token, at=clock())
            with pytest.raises(NotFound):
                invitations.invited(connection, "another secret", invited, at=clock())


class TestHats:
    def test_a_hat_is_worn_once(self, database: Database):
        def work(connection: Connection) -> None:
            people.give_hat(connection, camille.id, Role.MANAGER, venue="BUD")

        camille = person(database, "camille")
        database.write(work)
        before = counted(database)
        database.write(work)
        assert counted(database) == before
        assert person(database, "camille").manages == {"BUD"}

    @pytest.mark.parametrize(
        ("role", "where"),
        [
            (Role.MANAGER, {}),
            (Role.MANAGER, {"organisation": "Compagnie Lisière"}),
            (Role.MEMBER, {"venue": "BUD"}),
            (Role.ADMIN, {"venue": "BUD"}),
        ],
    )
    def test_a_hat_of_the_wrong_place_is_refused(self, database: Database, role: Role, where: dict[str, str]):
        camille = person(database, "camille").id
        with pytest.raises(Malformed):
            database.write(lambda connection: people.give_hat(connection, camille, role, **where))

    def test_a_hat_of_a_place_that_nobody_knows_is_not_found(self, database: Database):
        camille = person(database, "camille").id
        with pytest.raises(NotFound):
            database.write(lambda connection: people.give_hat(connection, camille, Role.MANAGER, venue="XXX"))


def test_companies_are_listed_for_houses_and_never_for_companies(database: Database):
    with database.read() as connection:
        assert len(organisations.everyone(connection, person(database, "joris"))) == 6
        assert len(organisations.everyone(connection, person(database, "elise"))) == 6
        for name in ("camille", "griet"):
            with pytest.raises(Forbidden):
                organisations.everyone(connection, person(database, name))


def test_loading_the_demo_world_again_changes_nothing(database: Database, clock: StoppedClock):
    before = counted(database)
    assert database.write(lambda connection: demo.load(connection, demo.read_world(), at=clock())) == 0
    assert counted(database) == before
