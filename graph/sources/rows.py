"""Rows as every reader gives them, not yet understood: cells of text, each with its place.

Also what readers of one table have in common: headers to keys, ids, and the problems with either.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.confidential import contact_in
from graph.errors import Problem
from graph.ids import LOCAL
from ontology.schema import Class


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


def rows_of_table(
    file: str, lines: Sequence[Sequence[str]], klass: Class, id_if_empty: str = ""
) -> tuple[list[Row], list[Problem]]:
    """The rows of one table whose first line is its headers; empty lines count and are skipped."""
    headers = {p.header.lower(): p.key for p in klass.columns} | {"id": "id"}
    keys: list[str | None] = []
    problems: list[Problem] = []
    for header in lines[0]:
        key = headers.get(header.strip().lower())
        if key is None or key in keys:
            problems.append(unknown_column(file, 1, header, [p.header for p in klass.columns]))
        keys.append(key)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(keys):
            advice = "Put a value with a comma in quotation marks, or remove the last cells."
            problems.append(Problem(file, number, "", "", f"at most {len(keys)} cells", advice))
        cells = {k: c.strip() for k, c in zip(keys, line, strict=False) if k and c.strip()}
        identifier = cells.pop("id", id_if_empty)
        problems += bad_id(file, number, identifier)
        rows.append(Row(klass.table, file, number, identifier, cells))
    return rows, problems


def unknown_column(file: str, row: int, header: str, known: list[str]) -> Problem:
    """A header that the table does not have, or has twice, with the nearest one it has."""
    close = difflib.get_close_matches(header.lower(), known, 1)
    advice = f'Did you mean "{close[0]}"?' if close else f"Known columns: id, {', '.join(known)}."
    return Problem(file, row, header, "", "a column of this table, once", advice)


def bad_id(file: str, row: int, identifier: str) -> list[Problem]:
    """What is wrong with the id of a row: one problem, or none."""
    if contact_in(identifier.replace("-", "")) or contact_in(identifier.replace("-", " ")):
        advice = "Choose another: an id stands in every address and answer."
        return [Problem(file, row, "id", "", "no contact or address in an id", advice)]
    if LOCAL.fullmatch(identifier):
        return []
    advice = 'Write a short id that will not change, such as "family-support".'
    expected = "lower-case letters, digits and single hyphens"
    return [Problem(file, row, "id", identifier, expected, advice)]


def duplicates(rows: Iterable[Row]) -> list[Problem]:
    """A problem for every row whose id a row before it in the same table has."""
    seen: dict[tuple[str, str], Row] = {}
    problems = []
    for row in rows:
        first = seen.setdefault((row.table, row.id), row)
        if first is not row and row.id:
            advice = f"Row {first.number} has it already: give one of them another id."
            problems.append(
                Problem(row.file, row.number, "id", row.id, "an id used once in its table", advice)
            )
    return problems
