"""What every document becomes first: blocks in order, each with its place, nothing understood.

A cell is a sequence of parts, because a cell of a plan holds paragraphs and bullets, and each of
them may be a thing of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from graph.confidential import without_hidden

TextKind = Literal["heading", "paragraph", "item"]

_BULLET = re.compile(r"^\s*(?:[•▪▫◦●○■□‣⁃∙·➢➤✓✔]|[-–—*](?=\s)|o(?=\s+[A-Z]))\s*")
_INLINE_BULLET = re.compile(r" ?[•▪●■‣⁃] ")
_ENDLESS = re.compile(r"(\S{120})\S+")
_BLANKS = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph or one bullet of a cell."""

    text: str
    item: bool = False


Cell = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table as it stands on its page.

    `after_break` says that a page, or the table itself, may have been cut above it. `merged` are
    the columns in which the cell above goes on.
    """

    cells: tuple[Cell, ...]
    line: str = ""
    after_break: bool = False
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Text:
    """A heading, a paragraph or an item of a list outside tables."""

    kind: TextKind
    text: str
    place: str
    line: str = ""
    lead: str = ""
    """The bold words that it begins with: what it is about."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whose pages are joined."""

    lines: tuple[Line, ...]
    place: str


Block = Text | Table


@dataclass(slots=True)
class Builder:
    """Collects blocks and gives each its place: "heading 2", "paragraph 12", "table 1"."""

    blocks: list[Block] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def text(self, kind: TextKind, text: str, line: str = "", lead: str = "") -> None:
        """Add a text; an empty one is left out, and a short one in capitals is a heading."""
        cleaned = tidy(text)
        if kind == "paragraph" and cleaned.isupper() and 4 < len(cleaned) < 80:
            kind = "heading"
        if cleaned:
            self.blocks.append(Text(kind, cleaned, self._place(kind), line, tidy(lead)))

    def table(self, lines: Iterable[Line]) -> None:
        """Add a table; one right behind another is its next page or stands as close as one."""
        new = [line for line in lines if line.cells]
        if not new:
            return
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Table):
            first = Line(new[0].cells, new[0].line, True, new[0].merged)
            self.blocks[-1] = Table((*last.lines, first, *new[1:]), last.place)
        else:
            self.blocks.append(Table(tuple(new), self._place("table")))

    def _place(self, kind: str) -> str:
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{'list item' if kind == 'item' else kind} {number}"


def tidy(text: str) -> str:
    """A text on one line, without characters that nobody sees.

    A run of more letters than any word has is cut: it says nothing, and keeps readers busy.
    """
    plain = _BLANKS.sub(" ", without_hidden(text)).strip()
    return _ENDLESS.sub(r"\1", plain)


def parts_of(lines: Iterable[tuple[str, bool]]) -> Cell:
    """The parts of a cell from its lines, each marked as an item or not, with bullets taken off.

    A line that begins in the middle of a sentence goes on with the line before.
    """
    parts: list[Part] = []
    for line, item in lines:
        text = tidy(line)
        pieces = _INLINE_BULLET.split(text) if not item else [_BULLET.sub("", text)]
        for number, piece in enumerate(pieces):
            bulleted = item or number > 0 or bool(_BULLET.match(piece))
            cleaned = tidy(_BULLET.sub("", piece))
            if not re.search(r"\w", cleaned):
                continue
            if parts and not bulleted and goes_on(parts[-1].text, cleaned):
                parts[-1] = Part(f"{parts[-1].text} {cleaned}", parts[-1].item)
            else:
                parts.append(Part(cleaned, bulleted))
    return tuple(parts)


def goes_on(before: str, after: str) -> bool:
    """Whether a text reads as the rest of the text before it."""
    return after[:1].islower() and not before.endswith((".", "!", "?", ":", ";"))


def text_of(cell: Cell) -> str:
    """A cell as one text."""
    return " ".join(part.text for part in cell)
