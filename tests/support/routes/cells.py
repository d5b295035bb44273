"""How one cell of the table of routes is said: who asks, with what, and what comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.asks import a_claim

CAST = {
    "nobody": None,
    "member": "camille",
    "stranger": "wout",
    "manager": "bram",
    "technician": "griet",
    "other house": "joris",
    "other technician": "farid",
    "coordinator": "elise",
    "admin": "admin",
}
Expected = Mapping[str, int]


def each(others: int, **named: int) -> Expected:
    """One status for everybody, and for those who are named (with _ for a space) another."""
    return {role: named.get(role.replace(" ", "_"), others) for role in CAST}


PUBLIC = each(200)
# Machines are told 401, people are led to the sign-in page.
SIGNED_IN, WITH_SESSION = each(200, nobody=401), each(200, nobody=302)
KNOWS = each(200, nobody=401, stranger=404, other_house=404, other_technician=404)
SEES = {**KNOWS, "nobody": 302}
HOUSE_ONLY = each(404, nobody=401, manager=200, member=403, technician=403, coordinator=403, admin=403)
COMPANY_ONLY = each(404, nobody=401, member=200, manager=403, technician=403, coordinator=403, admin=403)
BOTH_SIDES = {**HOUSE_ONLY, "member": 200}
DESK = each(200, nobody=302, member=404, stranger=404, other_house=404, other_technician=404)
OWN = each(404, nobody=401, member=200)
WORKS_THERE = each(404, nobody=401, manager=200, technician=200, coordinator=200, admin=200)


@dataclass(frozen=True)
class Case:
    """One way to ask at one route. `path` with {booking}, {feed}, …; `state`: of the booking beforehand."""

    path: str
    expected: Expected
    body: Any = None
    form: Mapping[str, str] | None = None
    state: str = "requested"


Table = Mapping[tuple[str, str], tuple[Case, ...]]  # (method, rule) -> what is tried there
REASON = {"reason": "because"}
ASK = {"title": "x", "claims": [a_claim("DGP-KL", "2027-03-08", "2027-03-10")]}
A_SEARCH = {"periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "needs": [{"kind": "studio"}]}
A_FORM = {
    "title": "x",
    "organisation": "{lisiere}",
    "purpose": "residency",
    "resource": "DGP-KL",
    "first": "2027-03-08",
    "last": "2027-03-09",
}


def verb(name: str, expected: Expected, state: str = "requested") -> Case:
    return Case(f"/api/v1/bookings/{{booking}}/{name}", expected, REASON, state=state)


def by_form(expected: Expected) -> Expected:
    """On pages: nobody is led to the sign-in page, and who succeeds goes on to another page."""
    return {role: {200: 303, 401: 302}.get(status, status) for role, status in expected.items()}


def created(expected: Expected) -> Expected:
    """Who succeeds has made something."""
    return {role: {200: 201}.get(status, status) for role, status in expected.items()}
