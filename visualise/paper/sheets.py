"""A board paper as a workbook: what it says and on what that rests, and a sheet for each table.

Nothing is in it that is not in the paper: the workbook of the open version holds what the open
version says. Cells are text, whatever they look like: "=1+1" is what a source may say.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from textwrap import shorten

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from graph.sources.cells import LONGEST, escaped
from graph.sources.workbook import bytes_of
from visualise.paper.model import Block, Note, Paper, Paragraph, Points, Section, Table

_FIRST, _STATEMENTS = "About", "Statements"
_EVIDENCE = ("Document", "Place", "Basis")
_CUT = " … (cut here)"
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_NARROWEST, _WIDEST, _RAGGED = 12, 60, 5
"""How many letters columns hold, and how many of a line stay empty where words break."""
_LINE, _TALLEST = 15, 400
"""The height of a line and of the tallest row, in points."""
_TOP = Alignment(vertical="top", wrap_text=True)
_BOLD = Font(bold=True)


def sheets(paper: Paper) -> bytes:
    """The paper as a workbook (.xlsx)."""
    book = Workbook()
    tables = list(_tables(paper.sections))
    names = _names([table.caption for table in tables])
    book.active.title = _FIRST
    _fill(book.active, _about(paper, names, tables))
    _head(book.create_sheet(_STATEMENTS), ("Section", "Statement", *_EVIDENCE), _statements(paper))
    for name, table in zip(names, tables, strict=True):
        _head(book.create_sheet(name), *_rows(table))
    for sheet in book.worksheets:
        sheet.oddHeader.left.text = paper.marking.replace("&", "&&")
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    book.properties.title, book.properties.language = paper.title, "en-GB"
    return bytes_of(book)


def _about(paper: Paper, names: Sequence[str], tables: Sequence[Table]) -> list[Sequence[str]]:
    """The first sheet: what this is, for whom it is marked, and what stands where."""
    lines: list[Sequence[str]] = [(paper.marking,), (paper.title,), (paper.subtitle,)]
    lines += [(notice,) for notice in paper.notices]
    lines += paper.facts
    lines.append((_STATEMENTS, "What the paper says, with the documents and the places in them"))
    return lines + [(name, table.caption) for name, table in zip(names, tables, strict=True)]


def _statements(paper: Paper) -> Iterator[Sequence[str]]:
    for heading, block in _blocks(paper.sections, ()):
        for one in _paragraphs(block):
            yield (heading, one.text, *_evidence(one.notes))


def _blocks(sections: Sequence[Section], above: tuple[str, ...]) -> Iterator[tuple[str, Block]]:
    for section in sections:
        heading = (*above, section.heading)
        if section.completeness:
            yield " › ".join(heading), Paragraph(section.completeness)
        yield from ((" › ".join(heading), block) for block in section.blocks)
        yield from _blocks(section.sections, heading)


def _paragraphs(block: Block) -> Sequence[Paragraph]:
    match block:
        case Paragraph():
            return (block,)
        case Points():
            return block.points
        case _:
            return ()


def _tables(sections: Sequence[Section]) -> Iterator[Table]:
    return (block for _, block in _blocks(sections, ()) if isinstance(block, Table))


def _rows(table: Table) -> tuple[Sequence[str], list[Sequence[str]]]:
    """A table with its evidence in columns of its own, where it has any."""
    if not any(table.notes):
        return table.headers, list(table.rows)
    width = len(table.headers)
    notes = chain(table.notes, [()] * (len(table.rows) - len(table.notes)))
    rows: list[Sequence[str]] = [
        (*row, *[""] * (width - len(row)), *_evidence(cited))
        for row, cited in zip(table.rows, notes, strict=True)
    ]
    return (*table.headers, *_EVIDENCE), rows


def _evidence(notes: Sequence[Note]) -> tuple[str, str, str]:
    """Documents, places and basis: a line for each note, the same line in each of the three."""
    places = ["; ".join(note.places) for note in notes]
    return (
        "\n".join(note.document for note in notes),
        "\n".join(places),
        "\n".join(note.basis for note in notes),
    )


def _names(captions: Sequence[str]) -> list[str]:
    """The names of the tables' sheets: their number and the beginning of their caption."""
    found = []
    for number, caption in enumerate(captions, 1):
        words = f"{number} {_NOT_IN_TITLES.sub(' ', escaped(caption))}"
        found.append(shorten(words, _LONGEST_TITLE, placeholder=" …"))
    return found


def _head(sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Fill a sheet below a row of headers that stays in sight and can be filtered by."""
    lines = [headers, *rows]
    _fill(sheet, lines)
    for cell in sheet[1]:
        cell.font = _BOLD
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{len(lines)}"


def _fill(sheet: Worksheet, lines: Sequence[Sequence[str]]) -> None:
    """Fill a sheet; columns and rows are as large as what they hold, within reason."""
    wide = [_width([line[n] for line in lines if len(line) > n]) for n in range(_columns(lines))]
    for column, width in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            if text:
                _put(sheet, row, column, text)
        high = max(_lines_of(text, width) for text, width in zip(line, wide, strict=False))
        sheet.row_dimensions[row].height = min(_TALLEST, high * _LINE)


def _columns(lines: Sequence[Sequence[str]]) -> int:
    return max(map(len, lines))


def _width(cells: Sequence[str]) -> int:
    longest = max(len(part) for cell in cells for part in cell.split("\n"))
    return min(_WIDEST, max(_NARROWEST, longest + 2))


def _lines_of(text: str, width: int) -> int:
    """About how many lines a cell takes: words do not fill them all."""
    return sum(1 + len(part) // (width - _RAGGED) for part in text.split("\n"))


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    written = escaped(text)
    if len(written) > LONGEST:
        written = written[: LONGEST - len(_CUT)] + _CUT
    cell = sheet.cell(row, column, written)
    # Marked as text, whatever it looks like.
    cell.data_type, cell.alignment, cell.number_format = "s", _TOP, "@"
    cell.quotePrefix = written[:1] in ("=", "+", "-", "@", "'")
