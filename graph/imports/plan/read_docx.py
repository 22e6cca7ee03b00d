"""Word documents: paragraphs and tables in the order of the body, by python-docx.

What is checked before the file is opened stands in `graph/sources/archive.py`. Pictures, macros,
links and comments are not read.
"""

import re
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from graph.imports.plan.document import Block, Builder, Cell, Line, TextKind, parts_of

_HEADING = re.compile(r"^(?:heading|title|subtitle)", re.IGNORECASE)
_LIST = re.compile(r"^list", re.IGNORECASE)


def read_docx(content: bytes) -> list[Block]:
    """The blocks of a document."""
    builder = Builder()
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Paragraph):
            if _is_heading(block):
                builder.text("heading", block.text)
            else:
                lead = block.runs[0].text if block.runs and block.runs[0].bold else ""
                kind: TextKind = "item" if _is_item(block) else "paragraph"
                builder.text(kind, block.text, lead=lead.rstrip(" -–:"))
        else:
            builder.table(_lines(block))
    return builder.blocks


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "") if paragraph.style is not None else ""


def _is_heading(paragraph: Paragraph) -> bool:
    if _HEADING.match(_style(paragraph)):
        return True
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs) and len(paragraph.text.split()) <= 15


def _is_item(paragraph: Paragraph) -> bool:
    # lxml's path is not used: a numbered paragraph has `w:numPr` right below its properties.
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return numbered or bool(_LIST.match(_style(paragraph)))


def _lines(table: WordTable) -> Iterator[Line]:
    """The rows, each cell once: Word says where one spans columns or goes on from the row above."""
    for row in table._tbl.tr_lst:
        cells: list[Cell] = [()] * row.grid_before
        merged: set[int] = set()
        for element in row.tc_lst:
            if element.vMerge == "continue":
                merged.add(len(cells))
            cells.append(_cell(element, table))
            cells += [()] * (element.grid_span - 1)
        yield Line(tuple(cells), merged=frozenset(merged))


def _cell(element: object, table: WordTable) -> Cell:
    pieces = []
    for found in element.iter(qn("w:p")):  # type: ignore[attr-defined]
        paragraph = Paragraph(found, table)
        item = _is_item(paragraph)
        pieces += [(text, item) for text in paragraph.text.split("\n")]
    return parts_of(pieces)
