"""A season out of a spreadsheet: it blocks where it says, and what is wrong with it is told row by row."""

import time
from collections.abc import Callable
from io import BytesIO

from flask import Flask

from tests.support.api import Api
from tests.support.foreign import blocks
from tests.support.visits import Visitor


def test_a_season_out_of_a_spreadsheet_blocks_where_it_says(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = b"van;tot;titel;zaal\n10/05/2027;11/05/2027;Seizoen;BUD-S1\n"
    made = joris.post("/venues/BUD/external-calendars", body=text, headers={"Content-Type": "text/csv"})
    assert (made.status, made.json["counts"]["hard"]) == (201, 1), made
    assert blocks(joris) == ["external 2027-05-10T06:00 2027-05-12T06:00"]
    assert desk.post("/desk/BUD/calendars", {"file": (BytesIO(text), "seizoen.csv")}).status == 303
    refused = desk.post("/desk/BUD/calendars", {"file": (BytesIO(b"a;b\n1;2"), "seizoen.csv")})
    assert (refused.status, "kolom" in refused.text) == (422, True)


def test_a_season_says_row_by_row_what_is_not_right(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = (
        b"van;tot;titel;zaal;statuut\n10/05/2027;11/05/2027;Goed;BUD-S1;zeker\n31/02/2027;;Nooit;BUD-S1;\n"
        b"\n;;Zonder;BUD-S1;\n12/05/2027;straks;Half;BUD-S1;\n14/05/2027;13/05/2027;Terug;BUD-S1;\n"
        b"15/05/2027;;Elders;De tuin;\n16/05/2027;;Raar;BUD-S1;misschien\n"
    )
    as_csv = {"Content-Type": "text/csv"}
    seen = joris.post("/venues/BUD/external-calendars?preview=true", body=text, headers=as_csv).json
    assert [(each["row"], each["code"]) for each in seen["warnings"]] == [
        (3, "row-start"),
        (5, "row-no-start"),
        (6, "row-end"),
        (7, "reversed"),
        (8, "unknown-place"),
        (9, "row-status"),
    ]
    assert all(each["detail"] and each["event"] for each in seen["warnings"])
    made = desk.post("/desk/BUD/calendars", {"file": (BytesIO(text), "seizoen.csv")})
    assert "Rij 3: Nooit" in desk.get(made.headers["Location"]).text
    nadia = Visitor(app, "nadia")
    theirs = nadia.post("/desk/PHX/calendars", {"file": (BytesIO(text), "saison.csv")})
    assert "Ligne 3\N{NO-BREAK SPACE}: Nooit" in nadia.get(theirs.headers["Location"]).text
    assert desk.post(made.headers["Location"]).status == 303
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-12T06:00"
    listed = joris.get("/venues/BUD/external-calendars").json["items"][0]
    assert [each["row"] for each in listed["warnings"]] == [3, 5, 6, 7, 8, 9], "and it stays told"


def test_a_season_of_a_thousand_rows_is_read_in_a_few_seconds(api: Callable[..., Api]):
    joris = api("joris")
    rows = "".join(
        f"{day:02}/{month:02}/2027 {hour}:00;{day:02}/{month:02}/2027 {hour + 1}:30;Show {n};BUD-S{1 + n % 2}\n"
        for n, (month, day, hour) in enumerate(
            (month, day, hour) for month in range(1, 13) for day in range(1, 29) for hour in (10, 14, 20)
        )
        if n < 1000
    )
    began = time.monotonic()
    made = joris.post(
        "/venues/BUD/external-calendars",
        body=f"van;tot;titel;zaal\n{rows}".encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert (made.status, made.json["counts"]["hard"], made.json["warnings"]) == (201, 1000, [])
    assert time.monotonic() - began < 10
