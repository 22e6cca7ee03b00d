"""What an import gives, whatever it was read from: rows of our tables, and what could not be kept.

The rows go the same way as those of a folder or workbook (see graph/build.py): nothing of an import
is trusted more, and what a source does not say is not filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import Problem
from graph.sources.rows import Tables


@dataclass(frozen=True, slots=True, order=True)
class Left:
    """Something of the source that was not kept: what, how many times, and why."""

    what: str
    times: int
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows for one partnership, what was left out, and what is wrong with the source.

    Where there are problems nothing is made of the rows.
    """

    tables: Tables
    left: tuple[Left, ...] = ()
    problems: Sequence[Problem] = ()
