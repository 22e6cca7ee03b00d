"""What a board paper is made of, whatever file it becomes: headings, paragraphs, tables, figures.

Forms (HTML, Word, PDF) render these parts and add no words of their own but page numbers, "Notes"
and "Figure N". Text is plain; nothing here holds an identifier, an address of a page or markup.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from visualise.figure import Figure

Version = Literal["open", "exempt"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a statement rests on: a document, and the places in it. Equal notes are one footnote."""

    document: str
    places: tuple[str, ...] = ()
    basis: str = "stated"
    """`stated`, `inferred` or `contested`, as records have it."""

    def __str__(self) -> str:
        told = self.document + (f", {'; '.join(self.places)}" if self.places else "")
        return told if self.basis == "stated" else f"{told} ({self.basis})"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with the notes that stand at its end."""

    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short points; numbered where their order means something."""

    points: tuple[Paragraph, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a row of headers; the first column heads each row.

    `tones` gives cells a tone of `visualise.signs` by row and column, where the cell's own words
    carry the sign already.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[Note, ...], ...] = ()
    """The notes of each row, in order; or none at all."""
    tones: tuple[tuple[int, int, str], ...] = ()
    wide: bool = False
    """Whether it needs a page on its side."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, and the caption under it. What it shows stands in a table or in words nearby."""

    figure: Figure
    caption: str


Block: TypeAlias = Paragraph | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, how complete the record is for what stands under it, and what stands under it."""

    heading: str
    blocks: tuple[Block, ...] = ()
    completeness: str = ""
    """One sentence on what is and is not recorded, shown beside the heading; empty for none."""
    sections: tuple["Section", ...] = field(default=())
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole board paper in one version."""

    title: str
    subtitle: str
    version: Version
    day: datetime.date
    """The day it speaks of. Documents are dated with it: nothing reads the clock."""
    marking: str
    """What stands at the top of every page: for publication, or exempt and why."""
    notices: tuple[str, ...]
    """Warnings before everything else: that the records are historical, or invented."""
    facts: tuple[tuple[str, str], ...]
    """The table under the title: report to, area, day, sources."""
    sections: tuple[Section, ...]


def notes_of(paper: Paper) -> tuple[Note, ...]:
    """Every note once, as first cited: a note's number is its place here, from one."""
    return tuple(dict.fromkeys(n for s in paper.sections for n in _section_notes(s)))


def _section_notes(section: Section) -> Iterator[Note]:
    for block in section.blocks:
        yield from _block_notes(block)
    for inner in section.sections:
        yield from _section_notes(inner)


def _block_notes(block: Block) -> Iterator[Note]:
    match block:
        case Paragraph():
            yield from block.notes
        case Points():
            for point in block.points:
                yield from point.notes
        case Table():
            for row in block.notes:
                yield from row
        case Picture():
            return
