"""What a house sets up is seen with the next answer of every process, whatever that process kept."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.support.api import Api, in_process
from tests.support.asks import a_claim, ask
from tests.support.worlds import token_of

NEED = {"periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "days": 5, "needs": [{"kind": "studio"}]}
STUDIO = {"venue": "BUD", "code": "BUD-S9", "kind": "studio", "name": {"nl": "Studio Negen"}}


def found(api: Api) -> set[str]:
    candidates = api.post("/search", NEED).json["periods"][0]["needs"][0]["candidates"]
    return {each["resource"] for each in candidates if each["answer"] in ("free", "option")}


def codes(api: Api) -> set[str]:
    return {each["code"] for each in api.get("/resources?venue=BUD&kind=studio").json["items"]}


def test_search_catalogue_timeline_and_feeds_of_another_process_see_it_at_once(
    database_url: str, build: Callable[..., Flask]
):
    one, other = (build(database_url) for _ in range(2))

    def through(app: Flask, name: str) -> Api:
        return Api(in_process(app.test_client()), token_of(name))

    joris, camille = through(one, "joris"), through(other, "camille")
    feed = through(other, "joris").post("/feeds", {"scope": "venue", "code": "BUD", "detail": "full"}).json
    address = feed["url"].partition("localhost")[2]

    def followed() -> str:
        return other.test_client().get(address).get_data(as_text=True)

    assert "BUD-S9" not in found(camille) | codes(camille)
    before = followed()
    made = joris.post("/resources", STUDIO)
    assert made.status == 201, made
    assert "BUD-S9" in found(camille) & codes(camille)
    asked: Any = ask(camille, a_claim("BUD-S9", "2027-03-08", "2027-03-10"))
    assert asked.status == 201, asked
    assert through(one, "joris").post(f"/bookings/{asked.json['id']}/confirm").status == 200
    assert followed() != before
    timeline = camille.get("/resources/BUD-S9/timeline?from=2027-03-08&to=2027-03-12").json["items"]
    assert [item["force"] for item in timeline] == ["confirmed"]
    seen = followed()
    assert "Studio Negen" in seen
    assert joris.patch("/resources/BUD-S9", {"name": {"nl": "Grote Negen"}}).status == 200
    assert "Grote Negen" in followed()
    assert other.test_client().get("/resources/BUD-S9", headers={"Accept-Language": "nl"}).status_code == 200
    assert (
        joris.post(
            "/resources/BUD-S9/retire",
            {"reason": "sold", "decisions": [{"booking": asked.json["id"], "decision": "keep"}]},
        ).status
        == 200
    )
    assert "BUD-S9" not in found(camille) | codes(camille)
    assert "Grote Negen" in followed()
    assert joris.patch("/venues/BUD", {"settings": {"most_rank": 1}}).status == 200
    assert camille.get("/venues/BUD").json["settings"]["most_rank"] == 1
