"""Answers as JSON, CSV and workbooks, the same bytes whichever door they leave by.

CSV cells that a spreadsheet would take for a formula get an apostrophe before them; in a workbook
they are marked as text.
"""

import csv
import datetime
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from graph.sources.cells import LONGEST, escaped
from graph.sources.workbook import bytes_of
from queries.ask import Answer
from queries.asked import Row
from queries.glossary import columns

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def plain(value: Any) -> Any:
    """A value as JSON knows it: dates in ISO form, amounts as numbers."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def as_json(answer: Answer) -> str:
    """The rows as a JSON list of objects."""
    return rows_as_json(answer.rows)


def rows_as_json(rows: Sequence[Row]) -> str:
    """Some rows of an answer as a JSON list of objects."""
    return json.dumps([plain(row) for row in rows], ensure_ascii=False, indent=2) + "\n"


def as_csv(answer: Answer) -> str:
    """The rows as CSV with a row of headers; lists are separated by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([safe_cell(text(row[c])) for c in answer.columns] for row in answer.rows)
    return out.getvalue()


def as_xlsx(answer: Answer) -> bytes:
    """The rows as a workbook, with a second sheet that says how to read them."""
    book = Workbook()
    rows, about = book.active, book.create_sheet("How to read this")
    rows.title = "Answer"
    _put_row(rows, 1, [column.replace("_", " ") for column in answer.columns], bold=True)
    rows.freeze_panes = "A2"
    for number, row in enumerate(answer.rows, 2):
        _put_row(rows, number, [row[column] for column in answer.columns])
    for number, said in enumerate(_reading(answer), 1):
        _put_row(about, number, said)
    return bytes_of(book)


def _reading(answer: Answer) -> list[tuple[str, str]]:
    """What an answer says of itself: the question, its days, its caveats and its columns."""
    question = answer.question
    said = [("Question", f"{question.title}. {question.question}")]
    said += [(p.name, f"asked about {answer.as_of[p.slug]}") for p in answer.partnerships]
    said += [("Imagined lost", thing) for thing in answer.without]
    said += [("Note", caveat) for caveat in question.caveats]
    if not answer.rows:
        said.append(("Nothing found", question.empty))
    return said + [(c.replace("_", " "), columns()[c]) for c in answer.columns]


_FIRST_YEAR = 1900
"""Of the days that spreadsheets know."""
_CUT = " … (cut here: the whole text is in the CSV)"


def _put_row(sheet: Worksheet, number: int, values: Sequence[Any], *, bold: bool = False) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number, column)
        is_day = isinstance(value, datetime.date) and value.year >= _FIRST_YEAR
        if is_day or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
            cell.value = value
            if is_day:
                cell.number_format = "yyyy-mm-dd"
        elif text(value):
            written = escaped(text(value))
            if len(written) > LONGEST:
                written = written[: LONGEST - len(_CUT)] + _CUT
            # Marked as text, whatever it looks like: a source may say "=1+1".
            cell.value, cell.data_type = written, "s"
        if bold:
            cell.font = Font(bold=True)


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def text(value: Any) -> str:
    """A value as one line of text; evidence as its places."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return citation(value)
    if isinstance(value, list | tuple):
        return "; ".join(text(item) for item in value)
    return str(plain(value))


def citation(evidence: Mapping[str, Any]) -> str:
    """One record behind a row, as a reader cites it: the place, and the basis unless stated."""
    places = " and ".join(evidence["locator"]) or "no place given"
    basis = "" if evidence["basis"] in (None, "stated") else f" ({evidence['basis']})"
    return f"{evidence['record']}: {evidence['title']}, {places}{basis}"


def cited(evidence: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The places of several records by source title, each place once, in order of appearance."""
    found: dict[str, list[str]] = {}
    for one in evidence:
        places = found.setdefault(one["title"] or "shared terms", [])
        for place in one["locator"]:
            if place not in places:
                places.append(place)
    return found
