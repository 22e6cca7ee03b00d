"""Anybody's sheet as lines of text: xlsx or CSV, whatever its encoding, separator and layout.

What a cell shows is what is read (see `graph/sources/cells.py`). Formulas and errors are kept as
refusals with their places, merged cells as ranges: whoever reads the lines decides about both.
"""

import csv
import datetime
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from graph.errors import InputError, Problem
from graph.sources.archive import archive_problem, too_large
from graph.sources.cells import seen
from graph.sources.reading import WORKBOOK

MAX_ROWS, MAX_COLUMNS = 100_000, 256
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WINDOWS = "cp1252"
_SAMPLE = 50
_ABOUT = "docProps/core.xml"


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: the first row and column, and how many of each, counted from 1."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that is not read: its place, what is expected of it and what to do."""

    row: int
    column: int
    expected: str
    advice: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its title (empty for a CSV), its lines, and what is odd about its cells."""

    title: str
    lines: tuple[tuple[str, ...], ...]
    refused: tuple[Refused, ...] = ()
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets, and how it was read: the last two are of a CSV."""

    grids: tuple[Grid, ...]
    saved: datetime.date | None = None
    encoding: str = ""
    separator: str = ""


def read_book(path: Path, encoding: str = "", separator: str = "") -> Book:
    """Every sheet of a file; the encoding and separator of a CSV are found where none are given.

    Raises InputError where it cannot be opened.
    """
    problem = too_large(path)
    if problem is not None:
        raise InputError([problem])
    content = path.read_bytes()
    if path.suffix.lower() == WORKBOOK:
        return _workbook(content, path.name)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _csv(content, path.name, encoding, separator)
    advice = f"Save it as {WORKBOOK} or as CSV."
    raise InputError([Problem(path.name, 0, "", "", f"a sheet ({WORKBOOK} or .csv)", advice)])


# ---------------------------------------------------------------- workbooks


def _workbook(content: bytes, name: str) -> Book:
    problem = archive_problem(content, name)
    if problem is not None:
        raise InputError([problem])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of features that it will not keep
            book = load_workbook(BytesIO(content), keep_links=False)
        grids = tuple(_grid(sheet, name) for sheet in book.worksheets)
        saved = book.properties.modified if _says_when(content) else None
    except (InputError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever a strange file makes happen
        advice = f"Open it, save it as {WORKBOOK} and try again ({type(error).__name__})."
        expected = "a workbook that can be opened"
        raise InputError([Problem(name, 0, "", "", expected, advice)]) from error
    return Book(grids, saved.date() if isinstance(saved, datetime.datetime) else None)


def _says_when(content: bytes) -> bool:
    """Whether a workbook says when it was saved: where it does not, openpyxl says today."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return _ABOUT in archive.namelist() and b":modified" in archive.read(_ABOUT)


def _grid(sheet: Any, name: str) -> Grid:
    # Only the cells that are there: one far down must not make a reader fill in all above it.
    cells = {
        place: cell
        for place, cell in sheet._cells.items()
        if cell.value is not None and place[1] <= MAX_COLUMNS
    }
    last = max((row for row, _ in cells), default=0)
    if last > MAX_ROWS:
        advice = "Delete what stands below the last row, or split the sheet."
        place = f"{name}, sheet {sheet.title}"
        raise InputError([Problem(place, last, "", "", f"at most {MAX_ROWS} rows", advice)])
    lines: list[list[str]] = [[] for _ in range(last)]
    refused = []
    for (row, column), cell in sorted(cells.items()):
        text, why = seen(cell)
        line = lines[row - 1]
        line += [""] * (column - len(line))
        line[column - 1] = text
        if why:
            refused.append(Refused(row, column, *why))
    merged = tuple(
        Merged(r.min_row, r.min_col, r.size["rows"], r.size["columns"])
        for r in sorted(sheet.merged_cells.ranges, key=lambda r: (r.min_row, r.min_col))
    )
    return Grid(sheet.title, tuple(map(tuple, lines)), tuple(refused), merged)


# ---------------------------------------------------------------- CSV


def _csv(content: bytes, name: str, encoding: str, separator: str) -> Book:
    found = encoding or _encoding(content)
    try:
        text = content.decode(found)
    except (UnicodeDecodeError, LookupError):
        advice = 'Save it as "CSV UTF-8", or correct the encoding in the mapping.'
        raise InputError([Problem(name, 0, "", "", f"text in {found}", advice)]) from None
    if "\0" in text:
        advice = 'Save it from the spreadsheet as "CSV UTF-8".'
        raise InputError([Problem(name, 0, "", "", "text, and no other kind of file", advice)])
    chosen = separator or _separator(text)
    try:
        lines = _lines(text, chosen)
    except csv.Error as error:
        advice = f"Mend it: {error}."
        raise InputError([Problem(name, 0, "", "", "separated values", advice)]) from None
    if len(lines) > MAX_ROWS:
        raise InputError(
            [Problem(name, len(lines), "", "", f"at most {MAX_ROWS} rows", "Split it.")]
        )
    grid = Grid("", tuple(tuple(cell.strip() for cell in line) for line in lines))
    return Book((grid,), None, found, chosen)


def _encoding(content: bytes) -> str:
    """The encoding: as marked, else UTF-8 where it can be that, else that of Windows."""
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return WINDOWS
    return "utf-8"


def _separator(text: str) -> str:
    """The separator that parts most lines into as many cells as the widest of the first ones."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])

    def fit(separator: str) -> tuple[int, int]:
        try:
            widths = [len(line) for line in _lines(sample, separator) if any(line)]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=lambda w: (widths.count(w), w)) if widths else 1
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(SEPARATORS, key=fit)


def _lines(text: str, separator: str) -> Sequence[Sequence[str]]:
    return list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
