"""A draft as a workbook to look through: the usual form, and a first sheet with the doubts on top.

The sheet `review` lists every row, the least sure first, with its place in the document, what is
doubtful about it and a link to it. Cells that are not sure are yellow and say why in a comment.
"""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from graph.confidential import without_hidden
from graph.imports.plan.draft import Doubt, Draft, rows_of
from graph.release import write_whole
from graph.sources.cells import LONGEST, escaped
from graph.sources.form import REVIEW, new_form
from graph.sources.rows import Row, Tables
from graph.sources.workbook import bytes_of, write_row
from ontology.schema import Class, Schema

UNSURE = 0.6
"""Below this a row is marked even where no one cell of it is doubtful."""
_YELLOW = PatternFill("solid", fgColor="FFF2A8")
_HEADERS = ("how sure", "table", "id", "what it says", "place in the document", "doubtful")
_WIDTHS = (10, 14, 34, 60, 34, 70)
_TOP = Alignment(vertical="top", wrap_text=True)


def write_draft(draft: Draft, schema: Schema, path: Path, known: Tables | None = None) -> None:
    """Write a draft for review.

    `known` are the tables that the partnership has already: their rows stand before those of the
    draft, so that the whole can be built once it was looked through.
    """
    book = new_form(schema)
    places: dict[tuple[str, str], int] = {}
    before = known.rows if known else ()
    for klass in schema:
        rows = [row for row in (*before, *draft.imported.tables.rows) if row.table == klass.table]
        for number, row in enumerate(rows, start=2):
            write_row(book[klass.table], number, klass, (row.id, _short(row)))
            places.setdefault((row.table, row.id), number)
    for row, sure, doubts in rows_of(draft):
        klass = schema.by_table(row.table)
        _mark(book[row.table], places[(row.table, row.id)], klass, sure, doubts)
    _review(book, draft, places)
    write_whole(path, bytes_of(book))


def _short(row: Row) -> dict[str, str]:
    """The cells of a row, none longer than a cell of a workbook can be."""
    return {key: without_hidden(cell)[: LONGEST - 1] for key, cell in row.cells.items()}


def _mark(
    sheet: Worksheet, number: int, klass: Class, sure: float, doubts: Sequence[Doubt]
) -> None:
    keys = ["", *(prop.key for prop in klass.columns)]
    said = list(doubts)
    if sure < UNSURE and not said:
        said = [Doubt("", "Not sure: compare it with the document.")]
    by_column: dict[int, list[str]] = {}
    for doubt in said:
        column = keys.index(doubt.column) + 1 if doubt.column in keys else 1
        by_column.setdefault(column, []).append(doubt.why)
    for column, why in by_column.items():
        cell = sheet.cell(number, column)
        cell.fill = _YELLOW
        cell.comment = Comment(f"{' '.join(why)} How sure: {sure:.2f}.", "Fingerpost", width=320)


def _review(book: Workbook, draft: Draft, places: dict[tuple[str, str], int]) -> None:
    sheet = book.create_sheet(REVIEW, 0)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    for number, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(1, number, header)
        cell.font, cell.alignment = Font(bold=True), _TOP
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    last = 1
    for last, (row, sure, doubts) in enumerate(rows_of(draft), start=2):
        sheet.cell(last, 1, sure).number_format = "0.00"
        shown = row.cells.get("name") or row.cells.get("description") or row.cells.get("title", "")
        shown = shown or f"{row.cells.get('by', '')}: {row.cells.get('action', '')}".strip(": ")
        why = " ".join(f"{d.column}: {d.why}" if d.column else d.why for d in doubts)
        where = row.cells.get("place") or row.cells.get("document", "")
        for column, text in enumerate((row.table, row.id, shown, where, why), start=2):
            _put(sheet.cell(last, column), text)
        link = sheet.cell(last, 3)
        link.hyperlink = f"#'{row.table}'!A{places[(row.table, row.id)]}"
        link.style = "Hyperlink"
        if sure < UNSURE:
            sheet.cell(last, 1).fill = _YELLOW
    sheet.auto_filter.ref = f"A1:F{last}"
    for number, left in enumerate(draft.imported.left, start=last + 2):
        _put(sheet.cell(number, 2), "left out")
        _put(sheet.cell(number, 3), f"{left.what}: {left.times}")
        _put(sheet.cell(number, 4), left.why)


def _put(cell: Cell, text: str) -> None:
    cell.value = escaped(without_hidden(text))[: LONGEST - 1]
    # Marked as text, whatever it looks like: "=1+1" is what a document may say, never a formula.
    cell.data_type, cell.alignment = "s", _TOP
    cell.quotePrefix = cell.value[:1] in "=+-@'" if cell.value else False
