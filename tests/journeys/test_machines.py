"""How machines are answered: tokens, ETags, repeats, pages, problem documents, and an honest openapi.json."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from booking.services.housekeeping import forget_kept_answers
from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import STUDIO, a_claim, answer, ask, organisation_of
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.rows import counted

As = Callable[[str | None], Api]


class TestTokens:
    def test_me_says_whose_token_it_is(self, api: As):
        camille = api("camille").get("/me").json
        assert (camille["email"], camille["language"], camille["roles"]) == (
            "camille@lisiere.example",
            "fr",
            ["member"],
        )
        assert [each["name"] for each in camille["organisations"]] == ["Compagnie Lisière"]
        assert api("joris").get("/me").json["venues"] == ["BUD"]
        assert api("elise").get("/me").json["roles"] == ["coordinator"]

    @pytest.mark.parametrize("sent", [None, "Bearer made-up", "Bearer ", "Basic Y2FtaWxsZTp4", "emb_test-camille"])
    def test_without_a_token_that_works_there_is_no_answer(self, api: As, sent: str | None):
        headers = {"Authorization": sent} if sent is not None else {}
        refused = api(None).get("/me", headers=headers)
        assert (refused.status, refused.headers["Content-Type"]) == (401, "application/problem+json")
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")

    def test_the_catalogue_is_public_and_timelines_are_not(self, api: As):
        nobody = api(None)
        for path in ("/venues", "/venues/BUD", "/resources", "/resources/BUD-S1"):
            assert nobody.get(path).status == 200, path
        for path in ("/resources/BUD-S1/timeline?from=2027-03-01&to=2027-04-01", "/bookings"):
            assert nobody.get(path).status == 401, path

    def test_a_page_knows_no_tokens_and_the_api_no_forms(self, client: FlaskClient):
        sent = client.get("/bookings", headers={"Authorization": "Bearer emb_test-camille"})
        assert b"camille" not in sent.get_data().lower()


class TestRevisions:
    def test_one_item_has_an_etag_and_is_not_sent_twice(self, api: As):
        camille = api("camille")
        path = f"/bookings/{ask(camille, STUDIO).json['id']}"
        first = camille.get(path)
        assert first.headers["ETag"]
        again = camille.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        camille.patch(path, {"title": "Marées II"})
        changed = camille.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (changed.status, changed.json["title"]) == (200, "Marées II")

    @pytest.mark.parametrize("path", ["/venues/BUD", "/resources/BUD-S1"])
    def test_the_catalogue_too(self, api: As, path: str):
        first = api(None).get(path)
        assert api(None).get(path, headers={"If-None-Match": first.headers["ETag"]}).status == 304

    def test_a_change_to_what_somebody_else_changed_is_refused(self, api: As, database: Database):
        camille, joris = api("camille"), api("joris")
        made = ask(camille, STUDIO)
        path, old = f"/bookings/{made.json['id']}", made.headers["ETag"]
        assert camille.patch(path, {"title": "Marées II"}, headers={"If-Match": old}).status == 200
        before = counted(database)
        for stale in (
            joris.post(f"{path}/confirm", {}, headers={"If-Match": old}),
            camille.patch(path, {"title": "Marées III"}, headers={"If-Match": old}),
            joris.post(f"{path}/confirm", {}, headers={"If-Match": '"no-such-tag"'}),
            joris.post(f"{path}/confirm", {}, headers={"If-Match": 'W/"2"'}),
            joris.post(f"{path}/confirm", {}, headers={"If-Match": '"²"'}),
            joris.post(f"{path}/confirm", {}, headers={"If-Match": f'"{"9" * 5000}"'}),
        ):
            assert (stale.status, stale.code) == (412, "stale")
        assert counted(database) == before
        fresh = joris.get(path).headers["ETag"]
        assert joris.post(f"{path}/confirm", {}, headers={"If-Match": fresh}).status == 200

    def test_any_of_several_tags_and_a_star_will_do(self, api: As):
        joris = api("joris")
        path = f"/bookings/{ask(api('camille'), STUDIO).json['id']}"
        assert joris.post(f"{path}/grant", {}, headers={"If-Match": '"7", "1", "9"'}).status == 200
        assert joris.post(f"{path}/confirm", {}, headers={"If-Match": "*"}).status == 200


class TestRepeats:
    KEY = {"Idempotency-Key": "a-key-of-mine"}

    def test_a_repeat_gets_the_same_answer_and_makes_nothing(self, api: As, database: Database):
        camille = api("camille")
        first = ask(camille, STUDIO, headers=self.KEY)
        before = counted(database)
        again = ask(camille, STUDIO, headers=self.KEY)
        assert (again.status, again.json) == (201, first.json)
        for header in ("ETag", "Location"):
            assert again.headers[header] == first.headers[header]
        assert counted(database) == before

    def test_the_same_key_with_another_body_is_refused(self, api: As, database: Database):
        camille = api("camille")
        ask(camille, STUDIO, headers=self.KEY)
        before = counted(database)
        other = ask(camille, STUDIO, title="Autre chose", headers=self.KEY)
        assert (other.status, list(other.json["errors"])) == (422, ["Idempotency-Key"])
        assert counted(database) == before

    def test_another_persons_same_key_is_another_key(self, api: As):
        assert ask(api("camille"), STUDIO, headers=self.KEY).status == 201
        assert ask(api("wout"), STUDIO, headers=self.KEY).status == 201

    def test_a_refusal_is_not_kept(self, api: As, a_booking: MakeBooking):
        camille = api("camille")
        taken = a_booking(company="Zwaluw")
        assert ask(camille, STUDIO, headers=self.KEY).code == "time-taken"
        answer(api("joris"), str(taken), "cancel", reason="Ziek")
        assert ask(camille, STUDIO, headers=self.KEY).status == 201

    def test_an_answer_is_kept_for_a_day(self, api: As, database: Database, clock: StoppedClock):
        camille = api("camille")
        first = ask(camille, STUDIO, headers=self.KEY).json["id"]
        clock.advance(days=1, seconds=1)
        database.write(lambda connection: forget_kept_answers(connection, at=clock()))
        assert ask(camille, STUDIO, headers=self.KEY).json["id"] != first

    @pytest.mark.parametrize("key", ["", "k" * 201])
    def test_a_key_that_cannot_be_kept_is_refused(self, api: As, key: str):
        assert ask(api("camille"), STUDIO, headers={"Idempotency-Key": key}).status == 422

    def test_eight_repeats_at_the_same_moment_make_one_booking(self, api: As, database: Database):
        camille = api("camille")
        organisation = organisation_of(camille)
        before = counted(database)["booking"]

        def repeat(_: int) -> Answer:
            return ask(api("camille"), STUDIO, organisation=organisation, headers=self.KEY)

        with ThreadPoolExecutor(8) as many:
            answers = list(many.map(repeat, range(8)))
        assert {each.status for each in answers} == {201}
        assert len({each.json["id"] for each in answers}) == 1
        assert counted(database)["booking"] == before + 1


class TestPages:
    @pytest.mark.parametrize("path", ["/venues", "/resources", "/resources?country=BE&kind=studio", "/bookings"])
    def test_following_next_finds_everything_once(self, api: As, a_booking: MakeBooking, path: str):
        for day in range(8, 15):
            a_booking(start=f"2027-03-{day:02}", end=f"2027-03-{day + 1:02}")
        elise = api("elise")
        join = "&" if "?" in path else "?"
        everything = elise.get(f"{path}{join}limit=200").json
        assert everything["next"] is None
        found, following = [], f"{path}{join}limit=3"
        while following:
            page = elise.get(following)
            assert len(page.json["items"]) <= 3
            found += page.json["items"]
            following = page.json["next"]
            assert page.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        assert found == everything["items"]

    @pytest.mark.parametrize("limit", ["0", "201", "-1", "many", ""])
    def test_a_page_has_one_to_two_hundred_items(self, api: As, limit: str):
        assert api("elise").get(f"/resources?limit={limit}").status == 422

    def test_a_page_that_is_exactly_full_is_the_last(self, api: As):
        assert api(None).get("/venues?limit=10").json["next"] is None
        assert api(None).get("/venues?limit=9").json["next"] is not None


class TestFilters:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("venue=BUD", {"BUD-RH", "BUD-S1", "BUD-S2", "BUD-TA", "BUD-TB"}),
            ("venue=BUD&kind=studio", {"BUD-S1", "BUD-S2"}),
            ("kind=expertise", {"PHX-EXP", "CHD-EXP"}),
            (
                "venue=BUD&sprung_floor=true&min_width_m=10&min_depth_m=10&min_clear_height_m=3.8",
                {"BUD-S1"},
            ),
            ("venue=XXX", set()),
        ],
    )
    def test_a_need_finds_what_fits(self, api: As, asked: str, found: set[str]):
        items = api(None).get(f"/resources?limit=200&{asked}").json["items"]
        assert {each["code"] for each in items} == found

    def test_what_a_sheet_does_not_say_never_fits(self, api: As):
        items = api(None).get("/resources?limit=200&min_clear_height_m=0.1").json["items"]
        assert items
        assert all("clear_height_m" in each["technical_sheet"] for each in items)

    def test_bookings_are_filtered_by_period_and_resource(self, api: As, a_booking: MakeBooking):
        a_booking()
        elise = api("elise")
        for query, count in (
            ("from=2027-03-19&to=2027-03-21", 1),
            ("from=2027-03-21", 0),
            ("to=2027-03-08T06:00:00%2B01:00", 0),
            ("to=2027-03-08T06:00:01%2B01:00", 1),
            ("resource=BUD-S1", 1),
            ("resource=BUD-S2", 0),
            ("state=confirmed,option", 1),
            ("state=requested", 0),
        ):
            assert len(elise.get(f"/bookings?{query}").json["items"]) == count, query


class TestProblems:
    def test_every_no_is_a_problem_document_with_its_code(self, api: As):
        camille = api("camille")
        for refused, status in (
            (camille.get("/bookings/not-an-id"), 404),
            (camille.get("/bookings/0197c000-0000-7000-8000-000000000000"), 404),
            (camille.get("/nothing-here"), 404),
            (camille.delete("/venues"), 405),
            (camille.post("/bookings", body=b"{"), 400),
            (camille.post("/bookings", body=b"title=x", headers={"Content-Type": "text/plain"}), 415),
            (camille.post("/bookings", {}), 422),
        ):
            assert (refused.status, refused.headers["Content-Type"]) == (status, "application/problem+json"), (
                refused
            )
            assert refused.json["status"] == status
            assert all(refused.json[name] for name in ("type", "title", "detail", "code"))

    def test_a_method_that_is_not_known_names_those_that_are(self, api: As):
        assert "POST" in api("camille").delete("/bookings").headers["Allow"]

    def test_the_language_is_the_callers(self, api: As):
        told = {
            language: api("camille").get("/bookings/x", headers={"Accept-Language": language}).json["detail"]
            for language in ("nl-BE,nl;q=0.9", "fr-FR", "en", "de, fr;q=0.5")
        }
        assert len(set(told.values())) == 3
        assert told["de, fr;q=0.5"] == told["fr-FR"]

    def test_without_a_language_it_is_the_persons(self, api: As):
        quiet = {"Accept-Language": ""}
        in_french = api("camille").get("/bookings/x", headers={"Accept-Language": "fr"}).json["detail"]
        assert api("camille").get("/bookings/x", headers=quiet).json["detail"] == in_french
        assert api("joris").get("/bookings/x", headers=quiet).json["detail"] != in_french


class TestTimes:
    def test_times_out_carry_the_venues_offset(self, api: As):
        made = ask(api("camille"), a_claim("V04-DS", "2027-07-06T08:00:00Z", "2027-07-06T12:00:00+02:00"))
        assert made.status == 201, made
        [claim] = made.json["claims"]
        assert (claim["start"], claim["end"]) == ("2027-07-06T10:00:00+02:00", "2027-07-06T12:00:00+02:00")
        assert datetime.fromisoformat(made.json["created_at"]).utcoffset() == timedelta(hours=1)

    def test_moments_come_back_as_they_were_sent(self, api: As):
        showing = {"kind": "showing", "start": "2027-03-19T20:00:00+01:00", "end": "2027-03-19T22:00:00+01:00"}
        made = ask(api("camille"), STUDIO, moments=[showing])
        assert made.json["moments"] == [showing]
        outside = showing | {"start": "2027-03-20T20:00:00+01:00", "end": "2027-03-20T22:00:00+01:00"}
        refused = ask(api("camille"), STUDIO, moments=[outside])
        assert (refused.status, list(refused.json["errors"])) == (422, ["moments.0.start"])


class TestOpenApi:
    def test_it_is_version_3_1_and_names_every_route_of_the_api(self, client: FlaskClient):
        document = json.loads(client.get("/openapi.json").get_data())
        assert document["openapi"].startswith("3.1")
        told = {
            (method.upper(), path)
            for path, methods in document["paths"].items()
            for method in methods
            if method in ("get", "post", "put", "patch", "delete")
        }
        rules = {
            (method, rule.rule.replace("<", "{").replace(">", "}"))
            for rule in client.application.url_map.iter_rules()
            if rule.rule.startswith("/api/")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        assert told == rules

    def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(self, client: FlaskClient):
        document = json.loads(client.get("/openapi.json").get_data())
        operations = [
            operation
            for methods in document["paths"].values()
            for method, operation in methods.items()
            if method in ("get", "post", "put", "patch", "delete")
        ]
        names = [operation.get("operationId") for operation in operations]
        assert None not in names
        assert len(set(names)) == len(names)
        assert all(operation.get("summary") for operation in operations)
