"""`flask --app wsgi people …` and `tokens …`."""

import sys

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from sqlalchemy import Connection

from booking.domain.people import Role
from booking.domain.refusals import Malformed, NotFound
from booking.services import invitations, people
from booking.web.context import database, parts
from booking.web.invitations import invitation_address

people_group = AppGroup("people", help="People and their roles.")
tokens_group = AppGroup("tokens", help="Keys for machines.")

LANGUAGES = ("nl", "fr", "en")


@people_group.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--venue", metavar="CODE", help="The house of a manager or technician.")
@click.option("--organisation", metavar="NAME", help="The company of a member.")
@click.option("--name", help="How others see this person; the address until then.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def create(
    email: str, role: str, venue: str | None, organisation: str | None, name: str | None, language: str
) -> None:
    """Let somebody in. Asks for a password; without one it prints an invitation link.

    Somebody who is known already keeps name and password, and gets the role as well.
    """
    address = _address(email)
    at, secret = parts().clock(), parts().settings.secret_key

    def work(connection: Connection) -> bool:
        person_id = people.create(connection, email=address, name=name or address, language=language, at=at)
        people.give_hat(connection, person_id, Role(role), venue=venue, organisation=organisation)
        return invitations.is_awaited(connection, address)

    try:
        needs_password = database().write(work)
    except NotFound as error:
        raise click.ClickException(
            f"There is no {'house' if venue else 'company'} {venue or organisation!r}."
        ) from error
    except Malformed as error:
        raise click.ClickException(_where(role)) from error
    click.echo(f"{address} is {role}{f' of {venue or organisation}' if venue or organisation else ''}.")
    if needs_password:
        _let_in(address, secret)


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(f"{email!r} is no e-mail address: {error}") from error


def _where(role: str) -> str:
    return {
        Role.MEMBER: "A member belongs to a company: --organisation NAME, and no --venue.",
        Role.MANAGER: "A manager belongs to a house: --venue CODE, and no --organisation.",
        Role.TECHNICIAN: "A technician belongs to a house: --venue CODE, and no --organisation.",
    }.get(Role(role), f"The role {role} belongs to no house and no company: neither --venue nor --organisation.")


def _let_in(address: str, secret: str) -> None:
    """With a password, else with a link at which the person chooses one."""
    password = _password()
    at = parts().clock()
    with database().read() as connection:
        person = people.of_email(connection, address)
    if not password:
        token = invitations.make(secret, person, at=at)
        click.echo(invitation_address(token))
        return
    try:
        database().write(lambda connection: people.set_password(connection, person.id, password))
    except Malformed as error:
        raise click.ClickException(
            f"A password has at least {people.SHORTEST_PASSWORD} characters. {address} has none yet."
        ) from error


def _password() -> str:
    """Typed twice by a person, or one line of standard input; empty: an invitation instead."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    words = "Password (nothing: an invitation link)"
    return str(click.prompt(words, hide_input=True, default="", show_default=False, confirmation_prompt=True))


@tokens_group.command("create")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
def create_token(email: str, name: str) -> None:
    """Print a new API token of somebody, and nothing else, on standard output."""
    at = parts().clock()

    def work(connection: Connection) -> str:
        return people.new_token(connection, people.of_email(connection, email).id, name, at=at)

    try:
        click.echo(database().write(work))
    except NotFound as error:
        raise click.ClickException(f"Nobody here has the address {email!r}.") from error
