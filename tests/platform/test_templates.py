"""Nothing stands in a template that nobody reads, and no page hands over what its template does not ask for."""

import pytest

from tests.support.templates import modules, of_the_house, parsed, unread, unused

TWO = {
    "macros.html": "{% macro shown(a, b) %}{{ a }}{% endmacro %}{% macro left() %}{% endmacro %}",
    "part.html": "{{ told }}",
    "page.html": '{% from "macros.html" import shown, left as gone %}{% set kept = 1 %}{% include "part.html" %}'
    "{{ shown() }}",
}
"""Each kind of what nobody reads, once."""


def test_whatever_a_template_has_is_used():
    assert list(unused(of_the_house())) == []


def test_whatever_a_page_hands_to_its_template_is_read_there():
    trees = of_the_house()
    found = [
        f"{path.name}: {each}" for path in modules() for each in unread(trees, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_what_nobody_uses_is_found():
    assert list(unused(parsed(TWO))) == [
        "shown of macros.html takes b",
        "page.html imports gone",
        "page.html sets kept",
    ]
    alone = parsed({"macros.html": TWO["macros.html"]})
    assert "macros.html has a macro left" in list(unused(alone))


@pytest.mark.parametrize(("name", "found"), [("told", []), ("other", ["page.html gets other"])])
def test_what_nobody_reads_is_found_through_what_is_included(name: str, found: list[str]):
    assert list(unread(parsed(TWO), f'render_template("page.html", {name}=1)')) == found


def test_what_the_frame_of_a_page_hides_is_found():
    """Its imports win over what the page is given: the page of the API was broken by one."""
    framed = {
        "frame.html": '{% from "macros.html" import shown %}{{ shown(1, 2) }}{% block main %}{% endblock %}',
        "page.html": '{% extends "frame.html" %}{% block main %}{{ shown }}{{ told }}{% endblock %}',
    }
    found = unread(parsed({**TWO, **framed}), 'render_template("page.html", shown=1, told=2)')
    assert list(found) == ["page.html gets shown"]
