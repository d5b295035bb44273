"""Every page of the map: none is forgotten, and none asks the database much (S10). tests/browser looks at them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.atlas import addresses, missing_from_it
from tests.support.furnished import furnish
from tests.support.pages import sign_in
from tests.support.statements import Statements

MOST_STATEMENTS = 12


def test_no_page_asks_the_database_much(
    app: Flask, client: FlaskClient, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    found, last = [], None
    for who, path in addresses(furnish(app)):
        if who and who != last:
            client.delete_cookie("session")
            sign_in(client, who)
        last = who
        with statements() as seen:
            answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        assert answer.mimetype == "text/html", path
        if len(seen) > MOST_STATEMENTS:
            found.append(f"{who} {path}: {len(seen)}\n{seen.listing}")
    assert found == [], "\n\n".join(found)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_is_on_the_map(app: Flask) -> None:
    assert missing_from_it(app) == set()
