"""Joris is told: in his list; by letter, whose link he follows; through his program, which fails at first."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer

from booking.domain.addresses import Reach
from booking.services import people
from booking.storage.database import Database
from notifications.services import webhooks
from tests.browser.conftest import Visit
from tests.browser.walks import told
from tests.support.asks import a_claim, ask
from tests.support.clocks import StoppedClock
from tests.support.letters import mails
from tests.support.serving import Served

JORIS = "joris@buda.example"


@told(("sqlite", "nl", "phone"), ("postgresql", "fr", "desktop"))
def test_a_planner_reads_his_list_follows_a_letter_and_mends_a_webhook(
    visit: Visit,
    database: Database,
    database_url: str,
    build: Callable[..., Flask],
    served: Served,
    clock: StoppedClock,
    tmp_path: Path,
    language: str,
    size: str,
) -> None:
    with HTTPServer(host="127.0.0.1", threaded=True) as receiver:
        allowed = f"127.0.0.1:{receiver.port}"
        receiver.expect_oneshot_request("/hook").respond_with_data("later, please", status=503)
        database.write(
            lambda connection: webhooks.create(
                connection,
                people.of_email(connection, JORIS),
                receiver.url_for("/hook"),
                ["booking.requested", "booking.granted"],
                reach=Reach.of([allowed]),
                at=clock(),
            )
        )
        database.write(lambda connection: people.set_language(connection, joris_id(database), language))
        worker = build(database_url, fetch_allow=(allowed,)).test_cli_runner()
        asked = ask(served.api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-20"), title="Marées")
        assert asked.status == 201, asked
        assert worker.invoke(args=["worker", "--once"]).exit_code == 0

        joris = visit(size)
        joris.sign_in(JORIS, language)
        joris.go("/notifications", picture="told-list")
        joris.sees(
            "%(organisation)s sent a request: “%(title)s”.", organisation="Compagnie Lisière", title="Marées"
        )

        joris.go("/webhooks", picture="told-webhooks")
        joris.page.get_by_role("link", name=receiver.url_for("/hook")).click()
        joris.sees("on its way")
        expect(joris.main).to_contain_text("503")
        joris.open("Request and answer")
        expect(joris.main).to_contain_text("later, please")
        joris.look("told-webhook-failing")
        receiver.expect_request("/hook").respond_with_data("thank you")
        joris.press("Send again")
        joris.sees("It goes out again.")
        assert worker.invoke(args=["worker", "--once"]).exit_code == 0
        joris.page.reload()
        joris.sees("delivered")
        joris.look("told-webhook")

    [letter] = [mail for mail in mails(tmp_path) if mail.to == JORIS]
    path = letter.link("/letters/act/")
    joris.go(path, picture="told-acting")
    joris.press("Give an option")
    joris.sees("The option is given. The company is told.")
    joris.look("told-acted")
    joris.go(letter.link("/letters/unsubscribe/"), picture="told-unsubscribe")
    joris.press("No more of these letters", joris.main.locator("form"))
    joris.sees("What happens still stands in your list of messages.")
    joris.go("/me/preferences", picture="told-preferences")
    joris.press("Keep these choices")
    joris.sees("Kept. It counts from now on.")
    joris.go(f"/letters/previews?language={language}", picture="told-previews")
    joris.go("/letters/folder", picture="told-folder")


def joris_id(database: Database) -> UUID:
    with database.read() as connection:
        return people.of_email(connection, JORIS).id
