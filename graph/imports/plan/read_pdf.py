"""PDF: the text of each page and its ruled tables, by pdfplumber. Pictures of text are not read."""

import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from statistics import median
from typing import Any

import pdfplumber

from graph.imports.plan.document import Block, Builder, Line, goes_on, parts_of, tidy

MAX_PAGES = 300


def read_pdf(content: bytes) -> list[Block]:
    """The blocks of a document; a table that goes on at the top of the next page is one table.

    Raises ValueError where the document has too many pages, or no text at all.
    """
    builder = Builder()
    with pdfplumber.open(BytesIO(content)) as book:
        if len(book.pages) > MAX_PAGES:
            raise ValueError(f"at most {MAX_PAGES} pages")
        pages = []
        for page in book.pages:
            pages.append(_page(page))
            page.close()
    furniture = _furniture([lines for lines, _ in pages])
    sizes = [size for lines, _ in pages for _, _, size, _ in lines]
    usual = median(sizes) if sizes else 0.0
    for lines, tables in pages:
        _add(builder, [line for line in lines if _shape(line[1]) not in furniture], tables, usual)
    if not builder.blocks:
        raise ValueError("a document with text in it")
    return builder.blocks


_TextLine = tuple[float, str, float, bool]
"""Where a line stands on its page, its text, the size of its letters, whether it is bold."""
_Found = tuple[float, list[Line]]


def _page(page: Any) -> tuple[list[_TextLine], list[_Found]]:
    tables = page.find_tables()
    boxes = [table.bbox for table in tables]

    def outside(thing: Any) -> bool:
        middle = (thing["top"] + thing["bottom"]) / 2
        across = (thing["x0"] + thing["x1"]) / 2
        return not any(x0 <= across <= x1 and y0 <= middle <= y1 for x0, y0, x1, y1 in boxes)

    lines = [
        (
            line["top"],
            tidy(line["text"]),
            median(char["size"] for char in line["chars"]),
            all("bold" in char["fontname"].lower() for char in line["chars"]),
        )
        for line in page.filter(
            lambda thing: thing["object_type"] != "char" or outside(thing)
        ).extract_text_lines()
    ]
    found = [(table.bbox[1], _rows(table.extract())) for table in tables]
    return lines, [(top, rows) for top, rows in found if rows]


def _rows(rows: Sequence[Sequence[str | None]]) -> list[Line]:
    return [
        Line(
            tuple(parts_of(_joined((cell or "").split("\n"))) for cell in row),
            merged=frozenset(column for column, cell in enumerate(row) if cell is None),
        )
        for row in rows
    ]


def _joined(lines: list[str]) -> list[tuple[str, bool]]:
    """A cell's lines put together again: only a bullet, or a line after a full stop, is new."""
    joined: list[str] = []
    for line in lines:
        new = re.match(r"\s*(?:[•▪●■‣⁃∙·]|[-–](?=\s)|\(?\d+[.)]\s)", line)
        if joined and not new and not (joined[-1].endswith(".") and line[:1].isupper()):
            hyphen = joined[-1].endswith("-") and line[:1].islower()
            joined[-1] += line if hyphen else f" {line}"
        else:
            joined.append(line)
    return [(line, False) for line in joined]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _furniture(pages: list[list[_TextLine]]) -> set[str]:
    """The texts at the head or foot of most pages: titles and page numbers, not said again."""
    counts = Counter(
        shape for lines in pages for shape in {_shape(line[1]) for line in lines[:2] + lines[-2:]}
    )
    return {shape for shape, count in counts.items() if count > 1 and count > len(pages) / 2}


def _add(builder: Builder, lines: list[_TextLine], tables: list[_Found], usual: float) -> None:
    """The lines and tables of a page in their order, lines put together to paragraphs."""
    waiting: list[str] = []
    at = None

    def close() -> None:
        if waiting:
            builder.text("paragraph", " ".join(waiting))
            waiting.clear()

    things: list[tuple[float, _TextLine | list[Line]]] = [
        *((line[0], line) for line in lines),
        *tables,
    ]
    for top, thing in sorted(things, key=lambda found: found[0]):
        if isinstance(thing, list):
            close()
            builder.table(thing)
        else:
            _, text, size, bold = thing
            short = len(text.split()) <= 15
            if short and (bold or size > usual * 1.15) and not text.endswith("."):
                close()
                builder.text("heading", text)
            else:
                far = at is not None and top - at > size * 1.9
                if waiting and (far or not _same_paragraph(waiting[-1], text)):
                    close()
                waiting.append(text)
            at = top
    close()


def _same_paragraph(before: str, after: str) -> bool:
    ended = before.endswith((".", ":", ";"))
    return goes_on(before, after) or not (ended and re.match(r"[A-Z•▪–-]|\d+[.)]", after))
