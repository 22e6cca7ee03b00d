"""A paper laid out in one row: headings with their levels, tables, figures and notes with numbers.

Every form is made from these parts, so that "Table 4" and note 12 are the same ones in each.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from visualise.figure import Figure
from visualise.paper.model import (
    Block,
    Note,
    Paper,
    Paragraph,
    Picture,
    Points,
    Section,
    Table,
    notes_of,
)

NOTES = "Notes"
"""The heading of the list of notes, and of the column of tables that cites them."""
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at its level, from 1 below the title, with its number among all headings.

    The first appendix begins a page.
    """

    number: int
    level: int
    text: str
    completeness: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where a note is cited: the note's number, and the how manieth time that is."""

    number: int
    time: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with the marks of its notes."""

    text: str
    notes: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of texts, each with its marks."""

    points: tuple[Cited, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table with its number; every row has as many cells as there are headers.

    `notes` are the marks of each row; none where no row has any.
    """

    number: int
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[Mark, ...], ...]
    tones: Mapping[tuple[int, int], str]
    wide: bool

    @property
    def label(self) -> str:
        """What the table is called."""
        return f"Table {self.number}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers, with that of the column of notes where there is one."""
        return (*self.headers, NOTES) if self.notes else self.headers


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its number."""

    number: int
    caption: str
    figure: Figure

    @property
    def label(self) -> str:
        """What the figure is called."""
        return f"Figure {self.number}"


Part: TypeAlias = Heading | Cited | Listed | Tabled | Shown


def parts(paper: Paper) -> tuple[Part, ...]:
    """The parts of a paper in the order in which they are read."""
    return tuple(_Numbers(paper).parts(paper.sections, 1))


class _Numbers:
    """What counts along: notes have the numbers that `notes_of` gives them."""

    def __init__(self, paper: Paper) -> None:
        self._notes = {note: number for number, note in enumerate(notes_of(paper), 1)}
        self._in_body = True
        self._times: Counter[int] = Counter()
        self._headings, self._tables, self._figures = count(1), count(1), count(1)

    def parts(self, sections: Sequence[Section], level: int) -> Iterator[Part]:
        for one in sections:
            number, depth = next(self._headings), min(level, _DEEPEST)
            begins, self._in_body = (
                one.appendix and self._in_body,
                self._in_body and not one.appendix,
            )
            yield Heading(number, depth, one.heading, one.completeness, begins)
            for block in one.blocks:
                yield self._part(block)
            yield from self.parts(one.sections, level + 1)

    def _part(self, block: Block) -> Part:
        match block:
            case Paragraph():
                return self._cited(block)
            case Points():
                return Listed(tuple(map(self._cited, block.points)), block.numbered)
            case Table():
                return self._tabled(block)
            case Picture():
                return Shown(next(self._figures), block.caption, block.figure)

    def _cited(self, one: Paragraph) -> Cited:
        return Cited(one.text, self._marks(one.notes))

    def _tabled(self, table: Table) -> Tabled:
        width = len(table.headers)
        if any(len(row) > width for row in table.rows):
            raise ValueError(f'A row of "{table.caption}" has more cells than there are headers.')
        notes = tuple(map(self._marks, table.notes))
        notes += ((),) * (len(table.rows) - len(notes))
        return Tabled(
            next(self._tables),
            table.caption,
            table.headers,
            tuple(row + ("",) * (width - len(row)) for row in table.rows),
            notes if any(notes) else (),
            {(row, column): tone for row, column, tone in table.tones},
            table.wide,
        )

    def _marks(self, notes: Sequence[Note]) -> tuple[Mark, ...]:
        numbers = sorted({self._notes[note] for note in notes})
        self._times.update(numbers)
        return tuple(Mark(number, self._times[number]) for number in numbers)
