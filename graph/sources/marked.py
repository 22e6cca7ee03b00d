"""A copy of a workbook whose wrong cells are marked red, each with a comment that says what to do.

The copy has the name of the workbook, in a folder `marked` beside it: it can be corrected where it
is and imported from there. Nothing in its cells is changed; marks of an earlier copy are taken off.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from graph.errors import FingerpostError, Problem
from graph.release import write_whole
from graph.sources.archive import archive_problem, too_large
from graph.sources.form import REQUIRED

_AUTHOR = "Fingerpost check"
_RED, _PLAIN = PatternFill("solid", fgColor="FFC7CE"), PatternFill()
_BEFORE = "\n\n– – –\n"
"""Between a mark and the comment that was there before."""
_RECORD = re.compile(r" \([a-z0-9_-]+\)$")
_HEADER_ROWS = 20
_LONGEST = 2_000


def marked_path(path: Path) -> Path:
    """Where the marked copy of a workbook is written."""
    return path.parent / "marked" / path.name


def write_marked(path: Path, problems: Sequence[Problem], out: Path) -> int:
    """Write a copy of a workbook with its problems marked; returns how many cells have a mark.

    A problem of a whole row stands at its first cell, one of a whole sheet or file at the top.

    Raises FingerpostError where the workbook cannot be opened.
    """
    problem = too_large(path) or archive_problem(path.read_bytes(), path.name)
    if problem is not None:
        raise FingerpostError(str(problem))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of features that it will not keep
            book = load_workbook(BytesIO(path.read_bytes()), keep_links=False)
        for sheet in book.worksheets:
            _unmark(sheet)
        told: dict[tuple[str, int, int], list[str]] = {}
        for found in sorted(problems):
            told.setdefault(_place(found, book), []).append(_words(found))
        for (title, row, column), words in told.items():
            _mark(book[title], row, column, words)
        content = BytesIO()
        book.save(content)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever a strange file makes happen
        raise FingerpostError(
            f"{path.name} cannot be copied ({type(error).__name__}). Its problems are told above."
        ) from error
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, content.getvalue())
    return len(told)


def _words(problem: Problem) -> str:
    return f"Expected {problem.expected}. {problem.advice}"


def _place(problem: Problem, book: Any) -> tuple[str, int, int]:
    """The sheet, row and column of a problem; the top of the first sheet where it has none."""
    found = next((title for title in _titles(problem.file) if title in book.sheetnames), None)
    if found is None:
        return book.worksheets[0].title, 1, 1
    row, column = _header(book[found], problem.column)
    return found, max(problem.row or row, 1), column


def _titles(file: str) -> Iterator[str]:
    """What the title of a sheet may be in `list.xlsx, sheet Title` or `…, sheet Title (record)`."""
    for mark in re.finditer(", sheet ", file):
        yield file[mark.end() :]
        yield _RECORD.sub("", file[mark.end() :])


def _header(sheet: Any, header: str) -> tuple[int, int]:
    """The row and column of a header among the first rows; the first cell where there is none."""
    wanted = _plain(header)
    for line in sheet.iter_rows(max_row=min(_HEADER_ROWS, sheet.max_row)) if wanted else ():
        for cell in line:
            if isinstance(cell.value, str) and _plain(cell.value) == wanted:
                return cell.row, cell.column
    return 1, 1


def _plain(text: str) -> str:
    return " ".join(text.removesuffix(REQUIRED).lower().split())


def _mark(sheet: Any, row: int, column: int, words: Sequence[str]) -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        ranges = (r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        cell = next((sheet.cell(r.min_row, r.min_col) for r in ranges), cell)
    text = "\n".join(dict.fromkeys(words))
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    if cell.comment is not None:
        text += _BEFORE + cell.comment.text
    lines = sum(1 + len(line) // 55 for line in text.splitlines())
    cell.comment = Comment(text, _AUTHOR, width=380, height=24 + 17 * min(lines, 30))
    cell.fill = _RED


def _unmark(sheet: Any) -> None:
    for cell in list(sheet._cells.values()):
        if cell.comment is not None and cell.comment.author == _AUTHOR:
            _, is_kept, before = cell.comment.text.partition(_BEFORE)
            cell.comment = Comment(before, "Fingerpost") if is_kept else None
            cell.fill = _PLAIN
