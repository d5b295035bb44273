"""Walking through pages without a browser."""

import re

from flask.testing import FlaskClient

DEMO_PASSWORD = "entracte-2027"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def form_token(client: FlaskClient, path: str) -> str:
    """The token that the forms of that page carry."""
    found = TOKEN.search(client.get(path).text)
    assert found is not None, f"{path} has no form"
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = DEMO_PASSWORD) -> None:
    """As a person does: through the form."""
    form = {"email": email, "password": password, "csrf_token": form_token(client, "/sign-in")}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code in (302, 303), answer.text
