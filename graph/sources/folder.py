"""A partnership's folder: `partnership.toml` and one CSV a class, read into rows and written from a graph.

Reading keeps every problem and stops at none. What a cell means is not known here: see
`graph/build.py`.
"""

import csv
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomli_w

from graph.errors import Problem
from graph.ids import LOCAL, local_of, partnership_of
from graph.model import PropertyGraph, Value
from graph.sources.rows import Row, Tables
from ontology.namespaces import SHARED
from ontology.schema import Class, Schema

ABOUT = "partnership.toml"
IN_TOML = ("partnership", "sources")
"""The tables that partnership.toml holds; all others are CSV files."""
SEPARATOR = "; "


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
    problems += _duplicates(rows)
    return Tables(slug, tuple(rows), about.counts), problems


def _read_about(path: Path, schema: Schema, slug: str) -> tuple[Tables, list[Problem]]:
    name = f"{slug}/{path.name}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        advice = "Copy it from another partnership's folder and change it."
        return Tables(slug, (), None), [Problem(name, 0, "", "", "the file to be there", advice)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(name, 0, "", "", "TOML in UTF-8", f"Mend it: {error}.")
        return Tables(slug, (), None), [problem]
    problems: list[Problem] = []
    rows: list[Row] = []
    blocks = [("partnership", 1, {"id": slug, **content.get("partnership", {})})]
    blocks += [("sources", n, s) for n, s in enumerate(content.get("sources", ()), start=1)]
    for table, number, block in blocks:
        klass = schema.by_table(table)
        cells = {str(k): _toml_text(v) for k, v in block.items()}
        known = {p.key for p in klass.columns}
        problems += [
            _unknown_column(name, number, key, [p.key for p in klass.columns])
            for key in cells
            if key != "id" and key not in known
        ]
        problems += _bad_id(name, number, cells.get("id", ""))
        rows.append(Row(table, name, number, cells.pop("id", ""), cells))
    counts = content.get("counts")
    return Tables(slug, tuple(rows), counts if isinstance(counts, dict) else None), problems


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
    return _rows(name, lines, tables[path.stem])


def _rows(name: str, lines: list[list[str]], klass: Class) -> tuple[list[Row], list[Problem]]:
    headers = {p.header.lower(): p.key for p in klass.columns} | {"id": "id"}
    keys: list[str | None] = []
    problems: list[Problem] = []
    for header in lines[0]:
        key = headers.get(header.strip().lower())
        if key is None or key in keys:
            problems.append(_unknown_column(name, 1, header, [p.header for p in klass.columns]))
        keys.append(key)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(keys):
            advice = "Put a value with a comma in quotation marks, or remove the last cells."
            problems.append(Problem(name, number, "", "", f"at most {len(keys)} cells", advice))
        cells = {k: c.strip() for k, c in zip(keys, line, strict=False) if k and c.strip()}
        identifier = cells.pop("id", "")
        problems += _bad_id(name, number, identifier)
        rows.append(Row(klass.table, name, number, identifier, cells))
    return rows, problems


def _unknown_table(name: str, stem: str, tables: Iterable[str]) -> Problem:
    close = difflib.get_close_matches(stem, list(tables), 1)
    advice = f'Rename it to "{close[0]}.csv".' if close else "Remove the file or rename it."
    return Problem(name, 0, "", "", f"one of the tables {', '.join(sorted(tables))}", advice)


def _unknown_column(name: str, row: int, header: str, known: list[str]) -> Problem:
    close = difflib.get_close_matches(header.lower(), known, 1)
    advice = f'Did you mean "{close[0]}"?' if close else f"Known columns: id, {', '.join(known)}."
    return Problem(name, row, header, "", "a column of this table, once", advice)


def _bad_id(name: str, row: int, identifier: str) -> list[Problem]:
    if LOCAL.fullmatch(identifier):
        return []
    advice = 'Write a short id that will not change, such as "family-support".'
    expected = "lower-case letters, digits and single hyphens"
    return [Problem(name, row, "id", identifier, expected, advice)]


def _duplicates(rows: Iterable[Row]) -> list[Problem]:
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


# ---------------------------------------------------------------- writing


def write_folder(graph: PropertyGraph, schema: Schema, slug: str, folder: Path) -> None:
    """Write one partnership of a graph as a folder that reads back to the same records."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, list[tuple[str, dict[str, str]]]] = {}
    references = _references(graph, schema)
    for node in graph.nodes:
        if partnership_of(node.id) == slug:
            klass = schema.classes[node.label]
            cells = _cells(klass, node.properties, references.get(node.id, {}), slug)
            tables.setdefault(klass.table, []).append((local_of(node.id), cells))
    by_relation = {c.relation: c for c in schema.edges}
    for edge in graph.edges:
        if edge.id is not None and partnership_of(edge.id) == slug:
            klass = by_relation[edge.type]
            start, end = klass.ends or ("", "")
            ends = {start: [edge.start], end: [edge.end]}
            cells = _cells(klass, edge.properties, ends, slug)
            tables.setdefault(klass.table, []).append((local_of(edge.id), cells))
    for table, rows in tables.items():
        rows.sort()
        if table not in IN_TOML:
            _write_csv(folder / f"{table}.csv", schema.by_table(table), rows)
    _write_about(folder / ABOUT, tables)


def _references(
    graph: PropertyGraph, schema: Schema
) -> dict[str, dict[str, list[tuple[str, str]]]]:
    keys = {p.relation: p.key for c in schema.nodes for p in c.properties if p.relation}
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for edge in graph.edges:
        if edge.id is None:
            ends = found.setdefault(edge.start[1], {}).setdefault(keys[edge.type], [])
            ends.append(edge.end)
    return found


def _cells(
    klass: Class,
    columns: Mapping[str, Value],
    references: Mapping[str, list[tuple[str, str]]],
    slug: str,
) -> dict[str, str]:
    cells = {}
    for prop in klass.columns:
        if prop.key in references:
            cells[prop.key] = SEPARATOR.join(
                sorted(_reference(identifier, slug) for _, identifier in references[prop.key])
            )
        elif columns.get(prop.key) not in (None, (), ""):
            cells[prop.key] = _text(columns[prop.key], prop.type == "reference", slug)
    return cells


def _reference(identifier: str, slug: str) -> str:
    owner = partnership_of(identifier)
    if owner in (slug, SHARED):
        klass, local = identifier.split("/")[1:]
        return f"{klass}/{local}"
    return identifier


def _text(value: Value, is_reference: bool, slug: str) -> str:
    if isinstance(value, tuple):
        return SEPARATOR.join(_reference(v, slug) if is_reference else v for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _reference(str(value), slug) if is_reference else str(value)


def _write_csv(path: Path, klass: Class, rows: list[tuple[str, dict[str, str]]]) -> None:
    used = [p for p in klass.columns if any(p.key in cells for _, cells in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(p.header for p in used)])
        writer.writerows([i, *(cells.get(p.key, "") for p in used)] for i, cells in rows)


def _write_about(path: Path, tables: Mapping[str, list[tuple[str, dict[str, str]]]]) -> None:
    about = {
        "partnership": tables.get("partnership", [("", {})])[0][1],
        "sources": [{"id": i, **cells} for i, cells in tables.get("sources", [])],
        "counts": {t: len(rows) for t, rows in sorted(tables.items()) if t not in IN_TOML},
    }
    path.write_text(tomli_w.dumps(about), encoding="utf-8")
