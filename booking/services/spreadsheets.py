"""Tables in and out of files that spreadsheets read: CSV and XLSX, as rows of text.

A cell that begins like a formula would be one when a spreadsheet opens the file: such cells leave with an
apostrophe before them and lose it when they come back. So does whatever a cell would fall into where the file is
opened with another sign between cells than it was written with. What comes in may be hostile: a bomb, a link
to elsewhere, a million rows; it is measured before it is read.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from booking.domain.inventory import MOST_COLUMNS, MOST_LINES, BadCell, Cell

LARGEST_TABLE = 2 * 1024 * 1024
LARGEST_UNPACKED = 24 * 1024 * 1024
MOST_ENTRIES = 200
MARKS = ",;\t"
"""What parts cells, in one country or another."""
BEGINNING = rf"((?:^|[{MARKS}\r\n])[\s\"]*)"
"""Where a cell begins, or would: a spreadsheet that parts at another mark knows only quotes that begin a cell.
Taken in whether a formula follows or not, so a file of nothing but tabs is looked through once."""
COMPUTED = re.compile(f"{BEGINNING}([=+@'-])?")
MADE_HARMLESS = re.compile(f"{BEGINNING}(?:'(?=[=+@'-]))?")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCODINGS = ("utf-8-sig", "cp1252")


def harmless(cell: Cell) -> Cell:
    """The same, unless a spreadsheet would compute it, or a piece of it.

    >>> harmless("=HYPERLINK(1)"), harmless("Studio"), harmless(4.5)
    ("'=HYPERLINK(1)", 'Studio', 4.5)
    >>> harmless("black, =1+1")
    "black, '=1+1"
    """
    return COMPUTED.sub(_guarded, cell) if isinstance(cell, str) else cell


def _guarded(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[2]}" if found[2] else found[1]


def as_typed(text: str) -> str:
    """Without the apostrophes that made it harmless.

    >>> as_typed("'=1"), as_typed("l'atelier"), as_typed("black, '=1+1")
    ('=1', "l'atelier", 'black, =1+1')
    """
    return MADE_HARMLESS.sub(r"\1", text)


def written_csv(rows: Iterable[Sequence[Cell]], *, comma: str = ".") -> bytes:
    """A CSV file. `comma`: the decimal sign; with a comma there cells are parted by semicolons, as spreadsheets of
    those countries expect."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";" if comma == "," else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(harmless(cell), comma) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def _plain(cell: Cell, comma: str) -> str:
    if cell is None:
        return ""
    return f"{cell:.10g}".replace(".", comma) if isinstance(cell, float) else str(cell)


def written_xlsx(rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """An XLSX file of one sheet, its first row kept in sight; text is text whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([_xlsx_cell(sheet, harmless(cell)) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(sheet, cell)
    made.data_type = "s"
    return made


def read_rows(content: bytes) -> list[list[str]]:
    """The rows of a file by what it is, at most one more than may be. BadCell when it is no table."""
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    return _read_csv(content)


def _read_csv(content: bytes) -> list[list[str]]:
    if b"\0" in content:
        raise BadCell("not-a-table")
    text = _decoded(content)
    head = text.partition("\n")[0]
    mark = max(MARKS, key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if len(row) > MOST_COLUMNS:
                raise BadCell("too-many-columns")
            rows.append([as_typed(cell) for cell in row])
            if len(rows) > MOST_LINES + 1:
                raise BadCell("too-many-rows")
    except csv.Error as error:
        raise BadCell("not-a-table") from error
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadCell("not-a-table")


def _read_xlsx(content: bytes) -> list[list[str]]:
    _measure(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows: list[list[str]] = []
        for row in sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS + 1, values_only=True):
            cells = [_read_cell(cell) for cell in row]
            if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS]:
                raise BadCell("too-many-columns")
            rows.append(cells)
    except BadCell:
        raise
    except Exception as error:  # whatever a broken workbook makes of the library is the same no
        raise BadCell("not-a-table") from error
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_LINES + 1:
        raise BadCell("too-many-rows")
    return rows


def _measure(content: bytes) -> None:
    """Before anything is unpacked: how much that would be, and whether it declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > LARGEST_UNPACKED:
                raise BadCell("too-large-unpacked")
            for each in entries:
                _look_into(packed, each)
    except BadCell:
        raise
    except Exception as error:  # whatever a broken archive makes of the library is the same no
        raise BadCell("not-a-table") from error


def _look_into(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with packed.open(entry) as file:
        octets = file.read(LARGEST_UNPACKED + 1)  # the head of an entry may lie about its size
    if len(octets) > LARGEST_UNPACKED:
        raise BadCell("too-large-unpacked")
    plain = octets.replace(b"\0", b"").upper()  # in UTF-16 every other octet is none
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadCell("not-a-table")


def _read_cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return as_typed(str(cell))
