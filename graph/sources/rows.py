"""Rows as every reader gives them, before anything is understood: cells of text, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One record as text: its table, its id, its cells by key, and where it stands."""

    table: str
    file: str
    number: int
    id: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows of one partnership, with the counts its reader arrived at, if any are declared."""

    slug: str
    rows: tuple[Row, ...]
    counts: Mapping[str, int] | None
