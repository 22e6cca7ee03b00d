"""A partnership as one Excel workbook: the empty form, the form filled in, and the reading of it.

What the sheets look like stands in `graph/sources/form.py`; what is refused before a workbook is
opened, in `graph/sources/archive.py`. What a cell means is not known here: see `graph/build.py`.
A workbook declares no counts: nobody should have to count rows in a form. Formulas are refused, not
evaluated: what a formula says depends on the program that shows it.
"""

import datetime
import difflib
import re
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from graph.errors import FingerpostError, Problem
from graph.ids import LOCAL
from graph.model import PropertyGraph
from graph.release import write_whole
from graph.sources.archive import archive_problem, too_large
from graph.sources.cells import LONGEST, escaped, number_of, seen
from graph.sources.form import (
    EXAMPLE,
    LISTS,
    PARTNERSHIP,
    READ_ME,
    REQUIRED,
    REVIEW,
    mark_as_example,
    new_form,
    shared_labels,
)
from graph.sources.records import Line, lines_by_table
from graph.sources.rows import Row, Tables, duplicates, rows_of_table
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

_DAY_ONE = datetime.datetime(2000, 1, 1)
"""The date that a workbook says it was made on: a file must not differ because of the clock."""
_COLUMNS = 256
"""The most columns that are read: none of our tables comes near it."""
_ROWS = 100_000
"""The most rows that a sheet may have: a row far down makes a reader fill in all above it."""
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


# ---------------------------------------------------------------- writing


def write_template(
    schema: Schema, path: Path, example: PropertyGraph | None = None, slug: str = "example"
) -> None:
    """Write the empty form, each sheet with one example row.

    The examples are the fullest rows of the invented partnership `slug` of a graph if one is given,
    and are made from the shapes where it has none. A real partnership's rows, and rows for staff
    only, never become examples: the form is made to be sent to others.
    """
    book = new_form(schema, first_row=3)
    shown = lines_by_table(example, schema, slug) if example and _is_invented(example, slug) else {}
    for klass in schema:
        lines = [
            line for line in shown.get(klass.table, ()) if line[1].get("visibility") != "staff"
        ]
        cells = _fullest(lines) if lines else _made_up(klass, schema)
        write_row(book[klass.table], 2, klass, (EXAMPLE, cells))
        mark_as_example(book[klass.table], 2)
    write_whole(path, bytes_of(book))


def _is_invented(graph: PropertyGraph, slug: str) -> bool:
    return any(
        node.label == "Partnership"
        and node.properties.get("partnership") == slug
        and node.properties.get("fictional") is True
        for node in graph.nodes
    )


def write_workbook(graph: PropertyGraph, schema: Schema, slug: str, path: Path) -> None:
    """Write one partnership of a graph as a workbook that reads back to the same records.

    The file must be named by the partnership. Raises FingerpostError if it is not, if the graph
    does not hold the partnership, or if a value is too long for a cell.
    """
    tables = lines_by_table(graph, schema, slug)
    if PARTNERSHIP not in tables:
        raise FingerpostError(f'There is no partnership "{slug}". List them: fingerpost ask')
    if path.name != f"{slug}.xlsx":
        raise FingerpostError(
            f"{path.name} would be read as another partnership. Name the file {slug}.xlsx"
        )
    book = new_form(schema)
    for klass in schema:
        for row, line in enumerate(tables.get(klass.table, ()), start=2):
            write_row(book[klass.table], row, klass, line)
    write_whole(path, bytes_of(book))


def _fullest(lines: list[Line]) -> dict[str, str]:
    return max(lines, key=lambda line: (len(line[1]), line[0]))[1]


def _made_up(klass: Class, schema: Schema) -> dict[str, str]:
    return {p.key: _made_up_value(p, klass, schema) for p in klass.columns}


def _made_up_value(prop: Property, klass: Class, schema: Schema) -> str:
    match prop.type:
        case "code":
            return schema.codes[prop.targets[0]][0].label
        case "reference":
            target = schema.classes[prop.targets[0]]
            return next(iter(shared_labels(target)), EXAMPLE)
        case "boolean":
            return "true"
        case "edtf":
            return "2026-04/2027-03"
        case "date":
            return "2026-06-30"
        case "integer" | "decimal":
            return "30000"
        case _:
            return f"{klass.label}: {prop.header}"


def write_row(sheet: Worksheet, row: int, klass: Class, line: Line) -> None:
    """Write a record into a row of its sheet."""
    identifier, cells = line
    _put(sheet, row, 1, identifier)
    for column, prop in enumerate(klass.columns, start=2):
        text = cells.get(prop.key, "")
        if prop.type == "boolean":
            text = {"true": "yes", "false": "no"}.get(text, text)
        number = number_of(text) if prop.type in ("integer", "decimal") else None
        if number is not None:
            sheet.cell(row, column, number).alignment = _WRAPPED
        elif text:
            _put(sheet, row, column, text)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    written = escaped(text)
    if len(written) > LONGEST:
        raise FingerpostError(
            f"A value in {sheet.title} has {len(text)} characters; a cell holds {LONGEST}. "
            "Write the partnership as CSV."
        )
    cell = sheet.cell(row, column, written)
    # Marked as text, whatever it looks like: "=1+1" is what a source may say, never a formula.
    cell.data_type = "s"
    cell.number_format, cell.quotePrefix, cell.alignment = "@", written[:1] in "=+-@'", _WRAPPED


def bytes_of(book: Workbook) -> bytes:
    """The workbook's file: the same bytes for the same content."""
    book.properties.creator, book.properties.created = "Fingerpost", _DAY_ONE
    saved, fixed = BytesIO(), BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(fixed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            undated = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            new.writestr(undated, content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


# ---------------------------------------------------------------- reading


def read_workbook(path: Path, schema: Schema) -> tuple[Tables, list[Problem]]:
    """All rows of a partnership's workbook, and every problem met in reading them.

    The file's name without `.xlsx` is the partnership's slug.
    """
    slug = path.stem
    content, problem = _content(path)
    if problem:
        return Tables(slug, (), None), [problem]
    problems = []
    if not LOCAL.fullmatch(slug):
        expected = "a name of lower-case letters, digits and single hyphens"
        problems.append(
            Problem(path.name, 0, "", "", expected, "Rename the file, such as eastmarch.xlsx.")
        )
    if slug == SHARED:
        advice = "Rename the file: the shared terms of all partnerships have that name."
        problems.append(Problem(path.name, 0, "", "", "a name of its own", advice))
    rows: list[Row] = []
    try:
        for klass, file, lines, found in _sheets(content, path.name, schema):
            table, more = _table(file, lines, klass, slug)
            rows += table
            problems += found + more
    except Exception as error:  # openpyxl raises whatever a strange file makes happen
        advice = f"Open it, save it as .xlsx and try again ({type(error).__name__})."
        problems.append(Problem(path.name, 0, "", "", "a workbook that can be opened", advice))
    else:
        problems += _partnership_problems(rows, slug, path.name) + duplicates(rows)
    return Tables(slug, tuple(rows), None), problems


def is_our_form(path: Path, schema: Schema) -> bool:
    """Whether a workbook is in the form of the template: a sheet of it has one of its tables.

    What is no workbook, or cannot be opened, is not.
    """
    if path.suffix.lower() != ".xlsx":
        return False
    content, problem = _content(path)
    if problem is not None:
        return False
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    except Exception:  # openpyxl raises whatever a strange file makes happen
        return False
    titles = {sheet.title.strip().lower() for sheet in book.worksheets}
    # "actions" or "posts" alone may be anybody's; each of ours is about one partnership.
    return PARTNERSHIP in titles and bool(titles & {c.table for c in schema} - {PARTNERSHIP})


def _content(path: Path) -> tuple[bytes, Problem | None]:
    problem = too_large(path)
    if problem is not None:
        return b"", problem
    content = path.read_bytes()
    return content, archive_problem(content, path.name)


_Sheet = tuple[Class | None, str, list[list[str]], list[Problem]]


def _sheets(content: bytes, name: str, schema: Schema) -> Iterator[_Sheet]:
    """Each sheet of records: its class, its place in messages, its lines of text, its problems."""
    tables = {c.table: c for c in schema}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of features that it will not keep
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            title = sheet.title.strip().lower()
            if title in (READ_ME, LISTS, REVIEW):
                continue
            file = f"{name}, sheet {sheet.title}"
            if title not in tables:
                yield None, file, [], [_unknown_sheet(file, title, list(tables))]
            else:
                lines, problems = _lines(sheet, file)
                yield tables[title], file, lines, problems


def _unknown_sheet(file: str, title: str, tables: list[str]) -> Problem:
    close = difflib.get_close_matches(title, tables, 1)
    advice = f'Rename it to "{close[0]}".' if close else "Remove the sheet or rename it."
    return Problem(file, 0, "", "", f"one of the sheets {', '.join(sorted(tables))}", advice)


def _lines(sheet: Any, file: str) -> tuple[list[list[str]], list[Problem]]:
    # What a sheet says of its own size may be wrong, or a trap.
    sheet.reset_dimensions()
    lines: list[list[str]] = []
    problems = []
    for number, cells in enumerate(sheet.iter_rows(max_col=_COLUMNS), start=1):
        if number > _ROWS:
            advice = "Delete the empty rows below the last record, or use a folder of CSV files."
            problems.append(Problem(file, number, "", "", f"at most {_ROWS} rows", advice))
            break
        line = []
        for column, cell in enumerate(cells):
            text, refused = seen(cell)
            line.append(text)
            if refused:
                header = lines[0][column] if lines and column < len(lines[0]) else ""
                problems.append(Problem(file, number, header, "", *refused))
        lines.append(_trimmed(line) if lines else [h.removesuffix(REQUIRED) for h in line])
    while lines and not any(lines[-1]):
        lines.pop()
    return lines, [p for p in problems if not _is_example(lines, p.row)]


def _trimmed(line: list[str]) -> list[str]:
    while line and not line[-1]:
        line.pop()
    return line


def _is_example(lines: list[list[str]], row: int) -> bool:
    headers = [header.strip().lower() for header in lines[0]] if lines else []
    column = headers.index("id") if "id" in headers else 0
    line = lines[row - 1] if 0 < row <= len(lines) else []
    return line[column : column + 1] == [EXAMPLE]


def _table(
    file: str, lines: list[list[str]], klass: Class | None, slug: str
) -> tuple[list[Row], list[Problem]]:
    if klass is None:
        return [], []
    if not lines:
        advice = "Copy it from the template."
        return [], [Problem(file, 1, "", "", "a row of headers", advice)]
    used = [n for n in range(_width(lines)) if _cell(lines[0], n) or _filled(lines, n)]
    kept = [
        [] if _is_example(lines, number) else [_cell(line, n) for n in used]
        for number, line in enumerate(lines, start=1)
    ]
    return rows_of_table(file, kept, klass, slug if klass.table == PARTNERSHIP else "")


def _width(lines: list[list[str]]) -> int:
    return max(len(line) for line in lines)


def _cell(line: list[str], column: int) -> str:
    return line[column] if column < len(line) else ""


def _filled(lines: list[list[str]], column: int) -> bool:
    return any(_cell(line, column) for line in lines)


def _partnership_problems(rows: list[Row], slug: str, name: str) -> list[Problem]:
    found = [row for row in rows if row.table == PARTNERSHIP]
    if not found:
        advice = "Fill in a row of the sheet partnership."
        return [Problem(name, 0, "", "", "a partnership", advice)]
    return [
        Problem(row.file, row.number, "id", row.id, f'the name of the file, "{slug}"', advice)
        for row in found
        for advice in ["Rename the file, or empty the cell."]
        if row.id != slug
    ]
