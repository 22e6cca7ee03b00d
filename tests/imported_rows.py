"""What tests of imports share: the standards' own files, and rows of an import built like tables.

Holds: where those files are (they are not in this repository: a test skips without them), and a
function that puts an import's rows into an invented partnership and builds it.
"""

import copy
import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from graph.build import build_dataset
from graph.imports.imported import Imported
from graph.model import Edge, Node, PropertyGraph
from graph.release import read_graph, write_release
from graph.sources.rows import Row
from ontology.schema import Schema, default_schema

STANDARDS = Path(__file__).parent.parent.parent / "shared" / "standards"

ABOUT = """\
[partnership]
name = "Testham Together"
topic = "domestic abuse"
area = "testham"
publisher = "Testham Council"
historical = false

[[sources]]
id = "report"
title = "Report on services"
kind = "report"
date = "2012-09-06"
"""
AREAS = "id,name,ONS code,source,place,basis\ntestham,Testham,E06000999,report,part 1,stated\n"


def standard(*parts: str) -> Path:
    """A file or folder of the standards, or a skip that says what is missing."""
    path = STANDARDS.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the standards' files are not beside this repository ({'/'.join(parts)})")
    return path


def read_document(reader: Callable[[Path, str, Schema], Imported], document: Any) -> Imported:
    """What a reader makes of a JSON document, whatever is in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return reader(path, "testham", default_schema())


def built(imported: Imported, schema: Schema, root: Path, slug: str = "testham") -> PropertyGraph:
    """The property graph of an invented partnership with an import's rows in it."""
    assert not imported.problems, [str(p) for p in imported.problems]
    folder = root / slug
    folder.mkdir(parents=True)
    about = ABOUT
    tables: dict[str, list[Row]] = {}
    for row in imported.tables.rows:
        tables.setdefault(row.table, []).append(row)
    for row in tables.pop("sources", []):
        lines = [f'{key} = "{cell}"' for key, cell in {"id": row.id, **row.cells}.items()]
        about += "\n[[sources]]\n" + "\n".join(lines) + "\n"
    (folder / "partnership.toml").write_text(about, encoding="utf-8")
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    for table, rows in tables.items():
        _write(folder / f"{table}.csv", table, rows, schema)
    return read_graph(write_release(build_dataset([folder], schema), root / "home"), schema)


def _write(path: Path, table: str, rows: list[Row], schema: Schema) -> None:
    columns = schema.by_table(table).columns
    headers = ["id", *(column.header for column in columns)]
    lines = [[row.id, *(row.cells.get(c.key, "") for c in columns)] for row in rows]
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            kept = list(csv.DictReader(file))
        lines = [[line.get(h, "") for h in headers] for line in kept] + lines
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *lines])


def rows(imported: Imported, table: str) -> list[Row]:
    """The rows of one table of an import that has no problems."""
    assert not imported.problems, [str(p) for p in imported.problems]
    return [row for row in imported.tables.rows if row.table == table]


def columns_of(imported: Imported) -> set[str]:
    """The places that problems name."""
    return {problem.column for problem in imported.problems}


def left(imported: Imported) -> dict[str, int]:
    """What was left out, and how many times."""
    return {one.what: one.times for one in imported.left}


JUNK: tuple[Any, ...] = (
    *(None, True, 0, -3, 1.5, "", "x", "x" * 300, "1" * 30),
    *([], [1], [None], [{}], {}, {"id": 1}, {"a": {"b": []}}),
)


def spoilt(document: Any) -> Iterator[tuple[str, Any]]:
    """A document with each of its values in turn replaced by each kind of junk."""
    for path in _paths(document):
        for junk in JUNK:
            changed = copy.deepcopy(document)
            inner = changed
            for key in path[:-1]:
                inner = inner[key]
            if path:
                inner[path[-1]] = junk
            yield f"{path}: {junk!r}"[:120], changed if path else junk


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else parts:
        yield from _paths(part, (*path, key))


def is_whole(imported: Imported) -> bool:
    """Whether an import has rows of filled cells, or problems, and not both."""
    filled = all(all(row.cells.values()) for row in imported.tables.rows)
    return filled and bool(imported.problems) != bool(imported.tables.rows)


def nodes(graph: PropertyGraph, label: str) -> list[Node]:
    """The partnership's own nodes of a class."""
    return [n for n in graph.nodes if n.label == label and n.id.startswith("testham/")]


def edges(graph: PropertyGraph, kind: str) -> list[Edge]:
    """The relationships of a type."""
    return [e for e in graph.edges if e.type == kind]
