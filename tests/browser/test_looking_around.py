"""Step 1: anybody opens the page, chooses a language, and finds a studio with its sheet."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looking import name_of
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
def test_the_other_open_pages_hold_too(stroll: Visit, language: str, size: str) -> None:
    visitor = stroll(size)
    visitor.go("/venues")
    visitor.choose_language(language)
    visitor.look()
    expect(visitor.main.locator("ul.rows > li")).to_have_count(10)
    for path in ("/venues/BUD", "/venues/SUC", "/resources", "/resources/CHD-EXP", "/resources/DGP-HOUSE"):
        visitor.go(path)
    for path in ("/design", "/docs", "/docs/problems", "/sign-in", "/accessibility"):
        visitor.go(path)
    visitor.go("/resources?kind=stage&min_width_m=90", picture="resources-nothing")
    visitor.expects(404)
    visitor.go("/resources/NO-SUCH", picture="error-404")


@strolled
def test_the_first_day_of_everybody_holds(stroll: Visit, language: str, size: str) -> None:
    camille = stroll(size)
    camille.sign_in("camille@lisiere.example", language)
    for path in ("/", "/bookings", "/notifications", "/me", "/resources/BUD-RH?from=2027-03-08"):
        camille.go(path, picture=f"company-{name_of(path)}")

    griet = stroll(size)
    griet.sign_in("griet@degrotepost.example", language)
    for path in ("/desk/DGP", "/desk/DGP/plan?weeks=4", "/desk/DGP/arrivals", "/desk/DGP/team"):
        griet.go(path, picture=f"technician-{name_of(path)}")

    joris = stroll(size)
    joris.sign_in("joris@buda.example", language)
    for path in ("setup", "team", "arrivals", "templates", "plan?weeks=26", "requests", "conflicts", "closures"):
        joris.go(f"/desk/BUD/{path}", picture=f"planner-{name_of(path)}")

    elise = stroll(size)
    elise.sign_in("elise@emerge.example", language)
    for path in ("/programme", "/programme/companies", "/bookings", "/feeds"):
        elise.go(path, picture=f"coordinator-{name_of(path)}")
