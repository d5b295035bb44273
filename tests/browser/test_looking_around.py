"""Step 1: anybody opens the page, chooses a language, and finds a studio with its sheet."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.walks import strolled


@strolled
def test_anybody_finds_a_studio_among_ten_houses_in_their_own_language(
    stroll: Visit, language: str, size: str
) -> None:
    visitor = stroll(size)
    visitor.go("/")
    visitor.choose_language(language)
    visitor.look()
    expect(visitor.page.locator("article.house")).to_have_count(10)
    for place in ("BUD-S1", "PHX-GT", "V04-SUB", "CHD-LG", "CHD-EXP", "SUC-TH"):
        expect(visitor.page.locator(f"article.house a[href='/resources/{place}']")).to_have_count(1)

    visitor.go("/resources")
    need = visitor.page.get_by_role("search")
    need.locator("[name=kind]").select_option("studio")
    need.locator("[name=country]").select_option("BE")
    need.locator("[name=min_width_m]").fill("14")
    need.locator("[name=sprung_floor]").check()
    visitor.press("Show what fits")
    visitor.look("resources-filtered")
    found = visitor.main.locator("ul.rows > li")
    assert "BUD-S1" in visitor.main.inner_text()
    assert "BUD-S2" not in visitor.main.inner_text()
    assert 1 <= found.count() <= 5

    visitor.page.locator("a[href='/resources/BUD-S1']").click()
    visitor.look()
    visitor.sees("Technical sheet")
    sheet = visitor.main.locator("dl.facts").first
    expect(sheet).to_contain_text("14 m")
    expect(sheet).to_contain_text("4,5")
    expect(sheet).to_contain_text("32 A")
    visitor.sees("Sign in to see when it is free")
    assert visitor.page.locator(".strip").count() == 0, "who has what is for those who are signed in"


@strolled
def test_whoever_asks_sees_an_answer_without_looking_for_it(stroll: Visit, language: str, size: str) -> None:
    visitor = stroll(size)
    visitor.sign_in("camille@lisiere.example", language)
    visitor.open_page("/search")
    visitor.expects(422)
    visitor.press("Show who has it")
    first = visitor.main.locator("[name=first]").first
    expect(first).to_be_focused()
    expect(visitor.main.get_by_text(visitor.says("This is needed."))).to_be_in_viewport()
    first.fill("2027-03-08")
    visitor.press("Show who has it")
    expect(visitor.main.locator(".found__row h3").first).to_be_in_viewport()
    top = visitor.main.locator("[data-answers]").evaluate("(all) => all.getBoundingClientRect().top / innerHeight")
    assert top < 2 / 3, "a third of what is seen is the answer"
    visitor.look("search-answered")


def test_what_is_not_there_says_so(stroll: Visit) -> None:
    visitor = stroll("phone")
    visitor.expects(404)
    visitor.go("/resources/NO-SUCH", picture="error-404")


def test_a_slow_answer_dims_what_it_will_replace_and_takes_nothing_away(stroll: Visit) -> None:
    camille = stroll("desktop")
    camille.sign_in("camille@lisiere.example", "nl")
    camille.open_page("/bookings/new?resource=BUD-S2&from=2027-04-05&to=2027-04-17")
    form, verdict = camille.page.locator("#booking-form"), camille.page.locator(".verdict").first
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    camille.page.route("**/bookings/check", hold)
    with camille.page.expect_request("**/bookings/check"):
        camille.page.fill("[name=last]", "2027-04-15")
    expect(form).to_have_attribute("data-waiting", "")
    expect(verdict).to_have_css("opacity", "0.6")
    with camille.page.expect_response("**/bookings/check"):
        for each in held:
            each.continue_()
    expect(form).not_to_have_attribute("data-waiting", "")
    expect(verdict).to_have_css("opacity", "1")
