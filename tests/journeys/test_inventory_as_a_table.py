"""The inventory of a house goes out as a table and comes in again: shown first, then applied as it was shown."""

import csv
import io
import itertools
import zipfile
from collections.abc import Callable
from time import perf_counter, thread_time
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from booking.services import inventories
from booking.services.spreadsheets import XLSX, read_rows, written_csv
from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask_for_the_house
from tests.support.clocks import StoppedClock
from tests.support.rows import counted
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
CSV = {"Content-Type": "text/csv"}


def export(api: Api, venue: str = "BUD") -> list[dict[str, str]]:
    answer = api.get(f"/venues/{venue}/inventory", headers={"Accept": "text/csv"})
    assert answer.status == 200, answer
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    return written_csv([list(rows[0]), *(list(row.values()) for row in rows)])


def work(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0


def send(api: Api, body: bytes, venue: str = "BUD") -> str:
    sent = api.request("POST", f"/venues/{venue}/imports", body=body, headers=CSV)
    assert (sent.status, sent.json["state"]) == (202, "waiting"), sent
    return str(sent.json["id"])


def shown(app: Flask, api: Api, rows: list[dict[str, str]] | bytes) -> Any:
    import_id = send(api, rows if isinstance(rows, bytes) else as_csv(rows))
    work(app)
    return api.get(f"/imports/{import_id}").json


def approve(api: Api, document: Any) -> Answer:
    return api.post(f"/imports/{document['id']}/apply", {"digest": document["digest"]})


def test_what_comes_in_as_it_went_out_changes_nothing(app: Flask, api: As):
    joris = api("joris")
    found = shown(app, joris, export(joris))
    assert found["state"] == "shown"
    assert found["counts"] == {"added": 0, "changed": 0, "unchanged": len(export(joris)), "wrong": 0}
    xlsx = joris.get("/venues/BUD/inventory", headers={"Accept": XLSX})
    assert xlsx.headers["Content-Type"] == XLSX
    assert shown(app, joris, xlsx.body)["counts"] == found["counts"]


def test_what_is_new_and_what_is_other_is_shown_and_then_done(app: Flask, api: As, database: Database):
    joris = api("joris")
    rows = export(joris)
    first = next(row for row in rows if row["code"] == "BUD-S1")
    first |= {
        "technical_sheet.clear_height_m": "4,8",
        "rates.week": "400.50",
        "rules.opening": "mon-fri 9:00-22:00",
    }
    rows.append(
        {**dict.fromkeys(first, ""), "code": "BUD-N1", "kind": "studio", "name.nl": "Nieuw", "noise": "BUD-S1"}
    )
    first["noise"] = "BUD-N1"
    wrong = shown(app, joris, rows)
    assert wrong["counts"]["wrong"] == 1
    (line,) = [line for line in wrong["lines"] if line["what"] == "wrong"]
    assert line["number"] == rows.index(first) + 2
    assert list(line["errors"]) == ["rules.opening"]
    assert approve(joris, wrong).status == 422
    first["rules.opening"] = "mon-fri 09:00-22:00; sat 10:00-14:00"
    before = counted(database)
    good = shown(app, joris, rows)
    assert good["counts"] == {"added": 1, "changed": 1, "unchanged": len(rows) - 2, "wrong": 0}
    (line,) = [line for line in good["lines"] if line["what"] == "changed"]
    assert {change["column"]: (change["old"], change["new"]) for change in line["changes"]} == {
        "technical_sheet.clear_height_m": (4.5, 4.8),
        "rates.week": (None, 400.5),
        "noise": (None, "BUD-N1"),
        "rules.opening": ("always", "mon-fri 09:00-22:00; sat 10:00-14:00"),
    }
    after = counted(database)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"inventory_import", "event", "notification"}, "it is only told that it was looked at"
    assert approve(joris, good).status == 202
    work(app)
    assert joris.get(f"/imports/{good['id']}").json["state"] == "done"
    changed = joris.get("/resources/BUD-S1").json
    assert changed["technical_sheet"]["clear_height_m"] == 4.8
    assert changed["rates"]["week"] == 40050
    assert changed["rules"]["opening"] == {"mon-fri": "09:00-22:00", "sat": "10:00-14:00"}
    assert joris.get("/resources/BUD-N1").json["noise"] == ["BUD-S1"]
    assert shown(app, joris, rows)["counts"]["unchanged"] == len(rows)
    assert approve(joris, good).status == 412


def test_nothing_is_applied_once_something_changed_since_it_was_shown(app: Flask, api: As):
    joris = api("joris")
    rows = export(joris)
    next(row for row in rows if row["code"] == "BUD-S1")["rates.day"] = "99"
    found = shown(app, joris, rows)
    assert joris.patch("/resources/BUD-S1", {"rates": {"day": 9600}}).status == 200
    assert approve(joris, {**found, "digest": "another"}).status == 412
    assert approve(joris, found).status == 202
    work(app)
    assert joris.get(f"/imports/{found['id']}").json["state"] == "outdated"
    assert joris.get("/resources/BUD-S1").json["rates"]["day"] == 9600


def test_each_line_says_what_is_wrong_with_it_in_the_reader_s_language(app: Flask, api: As):
    joris = api("joris")
    booked = ask_for_the_house(joris, a_claim("BUD-S2", "2027-03-08", "2027-03-10"), state="confirmed")
    assert booked.status == 201
    head = ["code", "kind", "name.nl", "capacity", "technical_sheet.width_m", "parts"]
    lines = [
        ["BUD-S1", "stage", "x", "1", "wide", ""],
        ["DGP-KZ", "stage", "x", "1", "", ""],
        ["BUD-N1", "studio", "", "1", "", ""],
        ["BUD-N1", "studio", "x", "2", "", ""],
        ["", "room", "x", "1", "", ""],
    ]
    import_id = send(joris, written_csv([head, *lines]))
    work(app)
    found = joris.get(f"/imports/{import_id}", headers={"Accept-Language": "nl"}).json
    errors = {line["number"]: line["errors"] for line in found["lines"]}
    assert {number: sorted(each) for number, each in errors.items()} == {
        2: ["kind", "technical_sheet.width_m"],
        3: ["code"],
        4: ["name.nl"],
        5: ["capacity", "code"],
        6: ["code"],
    }
    assert errors[2]["technical_sheet.width_m"] == ["Geef een getal, zoals 7,5."]
    held = shown(app, joris, written_csv([["code", "parts"], ["BUD-S2", "BUD-TA"]]))
    assert list(held["lines"][0]["errors"]) == ["parts"]


def test_a_thousand_rows_are_read_shown_and_applied(app: Flask, api: As):
    joris = api("joris")
    head = ["code", "kind", "name.nl", "technical_sheet.width_m", "rules.policy"]
    rows = [[f"BUD-R{n}", "room", f"Kamer {n}", 5 + n / 100, "request"] for n in range(1000)]
    begun = perf_counter()
    found = shown(app, joris, written_csv([head, *rows]))
    assert found["counts"]["added"] == 1000
    assert approve(joris, found).status == 202
    work(app)
    assert joris.get(f"/imports/{found['id']}").json["state"] == "done"
    assert perf_counter() - begun < 60
    again = shown(app, joris, written_csv([head, *([*row[:4], "option"] for row in rows)]))
    assert again["counts"]["changed"] == 1000
    assert approve(joris, again).status == 202
    work(app)
    assert joris.get("/resources/BUD-R999").json["rules"]["policy"] == "option"


@pytest.mark.parametrize("text", ["=1+1", "+32", "-5", "@SUM(A1)", "'t Zaaltje", "\tx"])
def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(api: As, text: str):
    joris = api("joris")
    name = {"nl": text.strip() or "x"}
    assert joris.patch("/resources/BUD-S1", {"name": name, "notes": {"nl": f"a\n{text}"}}).status == 200
    row = next(row for row in export(joris) if row["code"] == "BUD-S1")
    assert row["name.nl"] == name["nl"] or row["name.nl"] == f"'{name['nl']}"
    assert not row["name.nl"].startswith(("=", "+", "-", "@"))
    book = load_workbook(io.BytesIO(joris.get("/venues/BUD/inventory", headers={"Accept": XLSX}).body))
    assert all(cell.data_type != "f" for line in book.worksheets[0].iter_rows() for cell in line)
    back = read_rows(joris.get("/venues/BUD/inventory", headers={"Accept": "text/csv"}).body)
    assert name["nl"] in {cell for line in back for cell in line}


PIECES = ["=1+1", "-5", "'x", "'=1", " =1", '"=1', "x", "", "\t", "\r\n", "\n", ",", ";", " ", '"']


@pytest.mark.parametrize("comma", [".", ","])
def test_no_piece_of_a_cell_is_a_formula_wherever_another_spreadsheet_parts_it(comma: str):
    cells = ["".join(each) for each in itertools.product(PIECES, repeat=3)]
    written = written_csv([["code", "kind"], *(["BUD-S1", cell] for cell in cells)], comma=comma)
    assert [line[1:] for line in read_rows(written)[1:]] == [[cell] for cell in cells]
    for mark in ",;\t":
        for line in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=mark):
            assert not [cell for cell in line if cell.strip().startswith(("=", "+", "-", "@"))]


def test_a_cell_of_nothing_but_tabs_is_read_at_once():
    before = thread_time()
    assert read_rows(b"code,kind\nBUD-S1," + b"\t" * 120_000) == [["code", "kind"], ["BUD-S1", "\t" * 120_000]]
    assert thread_time() - before < 1


def a_workbook(rows: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["code", "kind"])
    for n in range(rows):
        sheet.append([f"BUD-X{n}", "room"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_entry(content: bytes, name: str, octets: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            if each.filename != name:
                new.writestr(each.filename, old.read(each))
        new.writestr(name, octets)
    return file.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'


def broken_inside(content: bytes) -> bytes:
    """A workbook whose packed octets are no stream of the kind that its head names."""
    name = b"xl/worksheets/sheet1.xml"
    begin = content.index(name) + len(name)
    return content[:begin] + b"\xff" * 40 + content[begin + 40 :]


def entities_far_in() -> bytes:
    return ENTITIES.replace(b"<!DOCTYPE", b"<!--" + b"x" * 5000 + b"--><!DOCTYPE")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (lambda: broken_inside(a_workbook(1)), "no table"),
        (lambda: with_entry(a_workbook(1), "xl/worksheets/sheet1.xml", entities_far_in()), "no table"),
        (
            lambda: with_entry(a_workbook(1), "xl/worksheets/sheet1.xml", ENTITIES.decode().encode("utf-16")),
            "no table",
        ),
        (lambda: with_entry(a_workbook(1), "xl/media/bomb.bin", b"\0" * 30_000_000), "larger than it looks"),
        (lambda: a_workbook(6000), "more rows"),
        (lambda: with_entry(a_workbook(1), "xl/worksheets/sheet1.xml", ENTITIES), "no table"),
        (lambda: a_workbook(1)[:200], "no table"),
        (lambda: b"%PDF-1.7\n\0\0", "no table"),
        (lambda: b"name;kind\nx;room\n", "first row"),
        (lambda: b"code;colour\nBUD-S1;red\n", "not known here"),
        (lambda: b"code;code\nBUD-S1;x\n", "same name"),
        (lambda: b"code\n" + b"BUD-S1\n" * 6000, "more rows"),
    ],
)
def test_what_is_hostile_or_no_table_is_refused_in_words(app: Flask, api: As, body: Any, said: str):
    found = shown(app, api("joris"), body())
    assert found["state"] == "refused"
    assert said in found["problem"]


def test_a_file_that_breaks_the_worker_holds_up_no_other_and_is_given_up(
    app: Flask, api: As, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    joris = api("joris")
    broken, sound = send(joris, b"code\nBUD-S1\n"), send(joris, b"code\nBUD-S2\n")
    read: list[bytes] = []

    def breaks(content: bytes) -> list[list[str]]:
        read.append(content)
        if b"BUD-S1" in content:
            raise RuntimeError
        return read_rows(content)

    monkeypatch.setattr(inventories, "read_rows", breaks)
    work(app)
    work(app)
    states = [joris.get(f"/imports/{each}").json["state"] for each in (broken, sound)]
    assert (states, len(read)) == (["waiting", "shown"], 2), "no second time at once"
    for minute in range(2, 5):
        clock.set(f"2026-11-23T09:{minute:02}:00+01:00")
        work(app)
    assert read.count(read[0]) == inventories.MOST_TRIES
    found = joris.get(f"/imports/{broken}").json
    assert (found["state"], "broke off three times" in found["problem"]) == ("refused", True)
    page = Visitor(app, "joris").get(f"/desk/BUD/setup/imports/{broken}").text
    assert "is niets van veranderd" in page
    assert "hx-trigger" not in page.split('id="import"')[1].split(">", 1)[0]


def test_a_file_waits_where_not_too_many_of_the_house_do(app: Flask, api: As):
    joris = api("joris")
    for _ in range(inventories.MOST_WAITING):
        send(joris, b"code\nBUD-S1\n")
    sixth = joris.request("POST", "/venues/BUD/imports", body=b"code\nBUD-S1\n", headers=CSV)
    assert (sixth.status, list(sixth.json["errors"])) == (422, ["file"])
    page = Visitor(app, "joris").post("/desk/BUD/setup/import", {"file": (io.BytesIO(b"code\nBUD-S1\n"), "a.csv")})
    assert (page.status, "wachten al" in page.text) == (422, True)
    work(app)
    send(joris, b"code\nBUD-S1\n")


def test_only_managers_send_and_see(app: Flask, api: As):
    import_id = send(api("joris"), b"code\nBUD-S1\n")
    for name in ("bram", "camille", "elise"):
        assert api(name).get(f"/imports/{import_id}").status == 404
        assert api(name).post(f"/imports/{import_id}/apply", {"digest": "x"}).status == 404
    too_much = api("joris").request("POST", "/venues/BUD/imports", body=b"x" * 3_000_000, headers=CSV)
    assert too_much.status in (413, 422)
