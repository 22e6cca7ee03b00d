"""A partnership's folder, `partnership.toml` and one CSV a class: reading and writing it.

Reading keeps every problem and stops at none. What a cell means is not known here: see
`graph/build.py`.
"""

import csv
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomli_w

from graph.errors import Problem
from graph.model import PropertyGraph
from graph.sources.names import SEPARATOR
from graph.sources.records import Line, lines_by_table
from graph.sources.rows import (
    Row,
    Tables,
    bad_id,
    duplicates,
    rows_of_table,
    unknown_column,
)
from ontology.namespaces import SHARED
from ontology.schema import Class, Schema

__all__ = ["SEPARATOR", "read_folder", "write_folder", "write_tables"]

ABOUT = "partnership.toml"
IN_TOML = ("partnership", "sources")
"""The tables that partnership.toml holds; all others are CSV files."""
_LIVE = re.compile(r"'*[=+\-@\t\r\0]")
"""A cell that a spreadsheet would run as a formula, with or without apostrophes before it.

Writing puts an apostrophe before such a cell and reading takes one away, so that a cell comes back
as it was, also one that has apostrophes of its own there. Plain numbers, also negative ones, stay
as they are: they are no formula, and somebody may want to add them up.
"""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def read_folder(folder: Path, schema: Schema) -> tuple[Tables, list[Problem]]:
    """All rows of a partnership's folder, and every problem met in reading them.

    The folder's name is the partnership's slug.
    """
    slug = folder.name
    about, problems = _read_about(folder / ABOUT, schema, slug)
    rows = list(about.rows)
    for path in sorted(folder.glob("*.csv")):
        table, found = _read_csv(path, schema)
        rows += table
        problems += found
    problems += duplicates(rows)
    return Tables(slug, tuple(rows), about.counts), problems


def _read_about(path: Path, schema: Schema, slug: str) -> tuple[Tables, list[Problem]]:
    name = f"{slug}/{path.name}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        advice = "Copy it from another partnership's folder and change it."
        return Tables(slug, (), None), [Problem(name, 0, "", "", "the file to be there", advice)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        problem = Problem(name, 0, "", "", "TOML in UTF-8", f"Mend it: {error}.")
        return Tables(slug, (), None), [problem]
    problems = _misshapen(name, content)
    if problems:
        return Tables(slug, (), None), problems
    rows: list[Row] = []
    blocks = [("partnership", 1, {"id": slug, **content.get("partnership", {})})]
    blocks += [("sources", n, s) for n, s in enumerate(content.get("sources", ()), start=1)]
    for table, number, block in blocks:
        klass = schema.by_table(table)
        cells = {str(k): _toml_text(v) for k, v in block.items()}
        known = {p.key for p in klass.columns}
        problems += [
            unknown_column(name, number, key, [p.key for p in klass.columns])
            for key in cells
            if key != "id" and key not in known
        ]
        problems += bad_id(name, number, cells.get("id", ""))
        rows.append(Row(table, name, number, cells.pop("id", ""), cells))
    if slug == SHARED:
        advice = "Rename the folder: the shared terms of all partnerships have that name."
        problems.append(Problem(name, 0, "", slug, "a name of its own", advice))
    return Tables(slug, tuple(rows), content.get("counts")), problems


def _misshapen(name: str, content: Mapping[str, object]) -> list[Problem]:
    """What is not the form of partnership.toml: a table, a list of tables, and counts."""
    forms = {
        "partnership": "a table: [partnership]",
        "sources": "tables: [[sources]]",
        "counts": "a table of whole numbers: [counts]",
    }
    problems = [unknown_column(name, 0, key, list(forms)) for key in content if key not in forms]
    for key, form in forms.items():
        value = content.get(key)
        if value is not None and not _has_form(key, value):
            advice = "Write it as in another partnership's file."
            problems.append(Problem(name, 0, key, "", form, advice))
    return problems


def _has_form(key: str, value: object) -> bool:
    if key == "sources":
        return isinstance(value, list) and all(isinstance(v, dict) for v in value)
    if not isinstance(value, dict):
        return False
    return key != "counts" or all(type(v) is int for v in value.values())


def _toml_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return SEPARATOR.join(_toml_text(v) for v in value)
    return str(value).strip()


def _read_csv(path: Path, schema: Schema) -> tuple[list[Row], list[Problem]]:
    name = f"{path.parent.name}/{path.name}"
    tables = {c.table: c for c in schema if c.table not in IN_TOML}
    if path.stem not in tables:
        return [], [_unknown_table(name, path.stem, tables)]
    lines, problems = csv_lines(path, name)
    return ([], problems) if problems else rows_of_table(name, lines, tables[path.stem])


def csv_lines(path: Path, name: str) -> tuple[list[list[str]], list[Problem]]:
    """The lines of a CSV file, the headers first, or the problem with it; `name` is told of it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        advice = 'Save it as "CSV UTF-8".'
        return [], [Problem(name, 0, "", "", "text in UTF-8", f"{advice} ({error.reason})")]
    except csv.Error as error:
        return [], [Problem(name, 0, "", "", "comma-separated values", f"Mend it: {error}.")]
    if not lines:
        return [], [Problem(name, 1, "", "", "a row of headers", "Add the row of headers.")]
    return [[_unguarded(cell.strip()) for cell in line] for line in lines], []


def _unknown_table(name: str, stem: str, tables: Iterable[str]) -> Problem:
    close = difflib.get_close_matches(stem, list(tables), 1)
    advice = f'Rename it to "{close[0]}.csv".' if close else "Remove the file or rename it."
    return Problem(name, 0, "", "", f"one of the tables {', '.join(sorted(tables))}", advice)


# ---------------------------------------------------------------- writing


def write_folder(graph: PropertyGraph, schema: Schema, slug: str, folder: Path) -> None:
    """Write one partnership of a graph as a folder that reads back to the same records."""
    _write(lines_by_table(graph, schema, slug), schema, folder)


def write_tables(tables: Tables, schema: Schema, folder: Path) -> None:
    """Write the rows of a partnership as a folder that reads back to the same rows."""
    lines: dict[str, list[Line]] = {}
    for row in tables.rows:
        lines.setdefault(row.table, []).append((row.id, dict(row.cells)))
    _write(lines, schema, folder)


def _write(tables: Mapping[str, list[Line]], schema: Schema, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        if table not in IN_TOML:
            _write_csv(folder / f"{table}.csv", schema.by_table(table), rows)
    _write_about(folder / ABOUT, tables)


def _write_csv(path: Path, klass: Class, rows: list[Line]) -> None:
    used = [p for p in klass.columns if any(p.key in cells for _, cells in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(p.header for p in used)])
        writer.writerows([i, *(_guarded(cells.get(p.key, "")) for p in used)] for i, cells in rows)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _LIVE.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _LIVE.match(cell) else cell


def _toml_values(cells: Mapping[str, str]) -> dict[str, str | bool]:
    """Cells as TOML has them: true and false are no text there."""
    return {k: c == "true" if c in ("true", "false") else c for k, c in cells.items()}


def _write_about(path: Path, tables: Mapping[str, list[Line]]) -> None:
    about = {
        "partnership": _toml_values(tables.get("partnership", [("", {})])[0][1]),
        "sources": [{"id": i, **_toml_values(c)} for i, c in tables.get("sources", [])],
        "counts": {t: len(rows) for t, rows in sorted(tables.items()) if t not in IN_TOML},
    }
    path.write_text(tomli_w.dumps(about), encoding="utf-8")
