"""Spreadsheets of 360Giving, turned into its JSON by flattentool; a place in it is a cell again.

A workbook is read here, cell by cell as a person sees it, and handed on as CSV: formulas and DTDs
are refused as in every other workbook, and flattentool opens nothing but text that was made here.
"""

import csv
import json
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl

from graph.errors import Problem
from graph.imports.json_text import parse_json, too_large
from graph.sources.archive import MAX_BYTES, archive_problem
from graph.sources.cells import seen

SHEETS = (".csv", ".xlsx")
_ROWS, _COLUMNS = 100_000, 400
_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}


def _fields(prefix: str, **titles: str) -> dict[str, Any]:
    """Properties with the titles that spreadsheets use for them."""
    numbers = {"amountAwarded", "amountAppliedFor", "amountDisbursed", "duration"}
    return {
        name: {"title": f"{prefix}{title}", **(_NUMBER if name in numbers else _TEXT)}
        for name, title in titles.items()
    }


def _list_of(title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    item = {"type": "object", "properties": dict(properties)}
    return {"type": "array", "title": title, "items": item}


_ORGANIZATION = _fields(
    "",
    id="Identifier",
    name="Name",
    department="Department",
    contactName="Contact Name",
    charityNumber="Charity Number",
    companyNumber="Company Number",
    streetAddress="Street Address",
    addressLocality="City",
    addressRegion="County",
    postalCode="Postal Code",
    telephone="Phone Number",
    alternateName="Alternate Name",
    email="Email",
    description="Description",
    organisationType="Organisation Type",
    url="Web Address",
)
_LOCATION = _fields(
    "",
    name="Name",
    countryCode="Country Code",
    geoCode="Geographic Code",
    geoCodeType="Geographic Code Type",
    latitude="Latitude",
    longitude="Longitude",
    description="Description",
)
_DATES = _fields("", startDate="Start Date", endDate="End Date", duration="Duration (months)")
_FORM: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **_fields(
            "",
            id="Identifier",
            title="Title",
            description="Description",
            currency="Currency",
            amountAppliedFor="Amount Applied For",
            amountAwarded="Amount Awarded",
            amountDisbursed="Amount Disbursed",
            awardDate="Award Date",
            url="URL",
            dateModified="Last Modified",
            dataSource="Data Source",
            regrantType="For Regrant Type",
        ),
        "plannedDates": _list_of("Planned Dates", _DATES),
        "actualDates": _list_of("Actual Dates", _DATES),
        "recipientOrganization": _list_of("Recipient Org", _ORGANIZATION),
        "recipientIndividual": {
            "type": "object",
            "title": "Recipient Ind",
            "properties": _fields("", id="Identifier", name="Name"),
        },
        "fundingOrganization": _list_of("Funding Org", _ORGANIZATION),
        "beneficiaryLocation": _list_of("Beneficiary Location", _LOCATION),
        "grantProgramme": _list_of(
            "Grant Programme", _fields("", code="Code", title="Title", description="Description")
        ),
    },
}
"""The columns that are read, with the titles that 360Giving gives them. Others come by name."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Which cell each place in the JSON came from: by path, the sheet, its row and its header."""

    cells: Mapping[str, tuple[str, int, str]] = field(default_factory=dict)

    def place(self, problem: Problem) -> Problem:
        """A problem with its JSON path replaced by the cell, or at least the row, it came from."""
        path = "/".join(re.findall(r"[^.\[\]]+", problem.column))
        while path and path not in self.cells:
            path = path.rpartition("/")[0]
        if not path:
            return problem
        sheet, row, header = self.cells[path]
        whole = "/".join(re.findall(r"[^.\[\]]+", problem.column)) == path
        column = header if whole and header else problem.column.partition("].")[2]
        file = f"{problem.file}, sheet {sheet}" if sheet else problem.file
        return replace(problem, file=file, row=row, column=column)


def read_sheets(path: Path, file: str) -> tuple[Any, Cells, list[Problem]]:
    """The grants of a spreadsheet as 360Giving's JSON, and where each place of it came from."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, Cells(), [too_large(file)]
        content = path.read_bytes()
    except OSError as error:
        advice = f"Check the path and the rights to it ({error.strerror})."
        return None, Cells(), [Problem(file, 0, "", "", "a file that can be read", advice)]
    is_csv = path.suffix.lower() == ".csv"
    sheets, problems = _csv(content, file) if is_csv else _workbook(content, file)
    if problems:
        return None, Cells(), problems
    with tempfile.TemporaryDirectory() as folder:
        return _unflattened(sheets, Path(folder), file, is_csv)


Sheets = dict[str, list[list[str]]]


def _csv(content: bytes, file: str) -> tuple[Sheets, list[Problem]]:
    try:
        lines = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        advice = 'Save it as "CSV UTF-8".'
        return {}, [Problem(file, 0, "", "", "text in UTF-8", advice)]
    except csv.Error as error:
        return {}, [Problem(file, 0, "", "", "comma-separated values", f"Mend it: {error}.")]
    return {"grants": lines}, _size_problems(lines, file)


def _workbook(content: bytes, file: str) -> tuple[Sheets, list[Problem]]:
    wrong = archive_problem(content, file)
    if wrong:
        return {}, [wrong]
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True)
        sheets: Sheets = {}
        problems: list[Problem] = []
        for sheet in book.worksheets:
            # A sheet may say any size of itself; what counts is what is in it.
            sheet.reset_dimensions()
            name = f"{file}, sheet {sheet.title}"
            rows = sheet.iter_rows(max_row=_ROWS + 1, max_col=_COLUMNS + 1)
            sheets[sheet.title] = list(_lines(rows, name, problems))
            problems += _size_problems(sheets[sheet.title], name)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError, EOFError):
        advice = "Save it as .xlsx, without a password, and try again."
        return {}, [Problem(file, 0, "", "", "a workbook that can be opened", advice)]
    return sheets, problems


def _lines(rows: Any, name: str, problems: list[Problem]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=1):
        line = []
        for cell in row:
            text, refused = seen(cell)
            if refused:
                expected, advice = refused
                problems.append(Problem(name, number, cell.column_letter, "", expected, advice))
            line.append(text)
        while line and not line[-1]:
            line.pop()
        yield line


def _size_problems(lines: Sequence[Sequence[str]], name: str) -> list[Problem]:
    if len(lines) > _ROWS or any(len(line) > _COLUMNS for line in lines):
        expected = f"at most {_ROWS:,} rows and {_COLUMNS} columns"
        return [Problem(name, 0, "", "", expected, "Import it in parts.")]
    return []


def _unflattened(
    sheets: Sheets, folder: Path, file: str, is_csv: bool
) -> tuple[Any, Cells, list[Problem]]:
    # It takes a while to load, and only sheets of grants need it.
    import flattentool

    given, out = folder / "given", folder / "out.json"
    sources, form = folder / "cells.json", folder / "form.json"
    given.mkdir()
    form.write_text(json.dumps(_FORM), encoding="utf-8")
    names: dict[str, str] = {}
    for number, (title, lines) in enumerate(sheets.items()):
        if any(any(cell.strip() for cell in line) for line in lines):
            # The names of sheets are anybody's, and these are names of files.
            names[f"sheet{number}"] = "" if is_csv else title
            with (given / f"sheet{number}.csv").open("w", encoding="utf-8", newline="") as text:
                csv.writer(text).writerows(lines)
    if not names:
        return None, Cells(), [Problem(file, 1, "", "", "a row of headers", "Add the headers.")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flattentool.unflatten(
                str(given),
                input_format="csv",
                output_name=str(out),
                root_list_path="grants",
                root_id="",
                id_name="id",
                schema=str(form),
                convert_titles=True,
                cell_source_map=str(sources),
                disable_local_refs=True,
            )
        document, problems = parse_json(out.read_bytes(), file)
        cells = _cells(json.loads(sources.read_bytes()), names)
    except (
        flattentool.exceptions.FlattenToolError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
    ) as error:
        advice = "Compare its headers with the template of 360Giving."
        kind = type(error).__name__
        expected = f"columns as 360Giving names them ({kind})"
        return None, Cells(), [Problem(file, 1, "", "", expected, advice)]
    return document, cells, problems


def _cells(found: Mapping[str, Any], names: Mapping[str, str]) -> Cells:
    """The map that flattentool gives: by path, lists of sheet, column letter, row and header."""
    cells = {}
    for path, places in found.items():
        if places:
            sheet, *rest = places[0]
            row = next((part for part in rest if isinstance(part, int)), 0)
            header = str(rest[-1]) if len(rest) == 3 else ""
            cells[path] = (names.get(sheet, ""), row, header)
    return Cells(cells)
