"""A form that was open while somebody else changed the same overwrites nothing that its reader did not see."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
HIDDEN = re.compile(r'type="hidden" name="(revision|shown)" value="([^"]*)"')
SAID = re.compile(r'<div class="refusal".*?</div>', re.DOTALL)
HOUSE = "/desk/BUD/setup/house"


def sent_along(page: Answer) -> dict[str, str]:
    """What the form knows of the time when it was opened."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


def said_in(page: Answer) -> str:
    found = SAID.search(page.text)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", " ", found[0]))


class Company:
    """One company: its form, and what the API says of it."""

    def __init__(self, app: Flask, api: As) -> None:
        self.id = api("camille").get("/me").json["organisations"][0]["id"]
        self.page, self.elise, self.api = f"/programme/companies/{self.id}", Visitor(app, "elise"), api("elise")

    def facts(self) -> dict[str, object]:
        """Without its id."""
        return {
            name: value for name, value in self.api.get(f"/organisations/{self.id}").json.items() if name != "id"
        }

    def typed(self) -> dict[str, str]:
        """The form as it is filled in at first."""
        said = {name: "" if value is None else str(value) for name, value in self.facts().items()}
        return {**said, **{name: "1" for name, value in self.facts().items() if value is True}} | {
            name: "" for name, value in self.facts().items() if value is False
        }

    def becomes(self, **facts: object) -> None:
        """By a colleague."""
        assert self.api.put(f"/organisations/{self.id}", {**self.facts(), **facts}).status == 200

    def send(self, page: Answer, form: Mapping[str, str]) -> Answer:
        """From the form that was shown last."""
        return self.elise.post(self.page, {**form, **sent_along(page)})


@pytest.fixture
def company(app: Flask, api: As) -> Company:
    return Company(app, api)


def test_a_company_s_form_knows_after_an_error_no_more_than_before(company: Company):
    opened, form = company.elise.get(company.page), company.typed()
    company.becomes(town="Otherwhere")
    wrong = company.send(opened, {**form, "name": ""})
    assert wrong.status == 422
    late = company.send(wrong, {**form, "legal_form": "asbl, sc"})
    assert late.status == 412
    assert company.facts()["town"] == "Otherwhere"
    assert "Otherwhere" in said_in(late)
    assert "asbl, sc" not in said_in(late), "what somebody typed themselves was not set by others"
    assert 'value="Otherwhere"' in late.text, "what was not touched follows"
    assert 'value="asbl, sc"' in late.text
    assert company.send(late, {**form, "legal_form": "asbl, sc", "town": "Otherwhere"}).status == 303
    assert (company.facts()["town"], company.facts()["legal_form"]) == ("Otherwhere", "asbl, sc")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"size": "large"}, "Taille"),
        ({"language": "en"}, "anglais"),
        ({"programme_company": False}, "non"),
        ({"non_profit": False}, "non"),
        ({"enterprise_number": None}, "Vidé entre-temps"),
    ],
)
def test_whatever_others_set_of_a_company_is_said(company: Company, facts: dict[str, object], said: str):
    company.becomes(size="micro", language="fr", programme_company=True, non_profit=True)
    assert company.facts()["enterprise_number"]
    opened, form = company.elise.get(company.page), company.typed()
    company.becomes(**facts)
    late = company.send(opened, {**form, "town": "Nergens"})
    assert late.status == 412
    assert said in said_in(late)
    assert "Nergens" not in said_in(late)
    [name] = facts
    assert company.facts()[name] == facts[name]


def test_the_house_s_form_knows_after_an_error_no_more_than_before(app: Flask, api: As):
    joris = Visitor(app, "joris")
    opened = joris.get(HOUSE)
    fields = re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', opened.text)
    form = {name: unescape(value) for name, value in fields if name not in ("revision", "shown", "csrf_token")}
    assert form["town"], "the form was read"
    assert api("joris").patch("/venues/BUD", {"phone": "+32 56 11 22 33"}).status == 200
    wrong = joris.post(HOUSE, {**form, "name": "", **sent_along(opened)})
    assert wrong.status == 422
    late = joris.post(HOUSE, {**form, "address": "Elders 1", **sent_along(wrong)})
    assert late.status == 412
    assert api("joris").get("/venues/BUD").json["phone"] == "+32 56 11 22 33"
    assert "Intussen ingesteld: +32 56 11 22 33" in late.text
    assert late.text.count("Intussen ingesteld") == 1, "one's own address was not set by others"
    assert 'value="Elders 1"' in late.text
    assert 'value="+32 56 11 22 33"' in late.text
    assert joris.post(HOUSE, {**form, "phone": "+32 56 11 22 33", **sent_along(late)}).status == 303


@pytest.mark.parametrize("shown", ["", "x", "[]", "{}", "[" * 5000, '{"town": 1}'])
def test_a_form_that_says_nothing_of_what_it_showed_overwrites_nothing_either(company: Company, shown: str):
    form = company.typed()
    company.becomes(town="Otherwhere")
    late = company.elise.post(company.page, {**form, "town": "Nergens", "revision": "1", "shown": shown})
    assert late.status == 412
    assert "Otherwhere" in said_in(late)
    assert 'value="Nergens"' in late.text
