"""Plain text and Markdown: scans turned to text, with tabs between cells and tags inside them."""

import re

from graph.imports.plan.document import Block, Builder, Line
from graph.imports.plan.read_html import cell_of_markup, plain

_HEADING = re.compile(r"^\s*#{1,6}\s+(.*)")
_BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__):?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*•▪]|\d+[.)])\s+(?=\S)")
_LEAD = re.compile(r"^\s*[-*•▪]\s+\*\*(.+?)\*\*")
_RULE = set("|:-\t ")
"""What a line between the header and the rows of a table is made of."""
_PIPES = re.compile(r"(?<!\\)\|")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


def read_text(content: str) -> list[Block]:
    """The blocks of a text; lines with tabs, or between pipes, are rows of tables."""
    builder = Builder()
    rows: list[Line] = []
    paragraph: list[str] = []
    start, gap = 0, False

    def close_table() -> None:
        builder.table(rows)
        rows.clear()

    def close_paragraph() -> None:
        if paragraph:
            builder.text("paragraph", _unmarked(" ".join(paragraph)), str(start))
            paragraph.clear()

    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            close_paragraph()
            gap = True
            continue
        cells = _cells(line)
        if cells is not None:
            close_paragraph()
            if not (set(line) <= _RULE and "---" in line):
                parts = tuple(cell_of_markup(cell) for cell in cells)
                rows.append(Line(parts, str(number), gap))
            gap = False
            continue
        gap = False
        close_table()
        found = _HEADING.match(line) or _BOLD.match(line)
        if found:
            close_paragraph()
            builder.text("heading", _unmarked(found[1].rstrip("# ")), str(number))
        elif _ITEM.match(line):
            close_paragraph()
            bulleted = re.match(r"\s*[-*•▪]", line)
            lead = _LEAD.match(line)
            builder.text(
                "item" if bulleted else "paragraph",
                _item(line),
                str(number),
                _unmarked(lead[1]).rstrip(" -–:") if lead else "",
            )
        else:
            start = start if paragraph else number
            paragraph.append(line)
    close_paragraph()
    close_table()
    return builder.blocks


def _cells(line: str) -> list[str] | None:
    """The cells of a line that is a row of a table, or None."""
    if "\t" in line:
        return line.split("\t")
    stripped = line.strip()
    if stripped.startswith("|") and stripped.count("|") >= 2:
        return [_EMPHASIS.sub("", c.replace("\\|", "|")) for c in _PIPES.split(stripped.strip("|"))]
    return None


def _item(line: str) -> str:
    return _unmarked(re.sub(r"^\s*[-*•▪]\s+", "", line))


def _unmarked(text: str) -> str:
    return plain(_EMPHASIS.sub("", text))
