"""Frames: the tables of Arrow columns that stores load, and how a property graph becomes them.

A store takes frames and nothing else. The road from a release straight to frames is in columns.py;
the way here goes over a graph's nodes and edges one by one. It serves where a graph is at hand, and
is the one that columns.py is held against.
"""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graph.ids import partnership_of
from graph.model import PropertyGraph, Value
from ontology.schema import Schema

FROM, TO = " from", " to"
"""The columns of an edge's two ends; no property has a space in its key."""

ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "strings": pa.list_(pa.string()),
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


@dataclass(frozen=True, slots=True, order=True)
class Ends:
    """A relationship type between two labels: one table of edges goes to each."""

    type: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Frames:
    """All rows of a release: nodes by label in the order of their ids, edges in that of their ends.

    `blocks` has for each partnership a digest of all that its rows follow from: where two releases
    have the same one, they have the same rows for it. A plain reference belongs to the partnership
    of its start, an edge with a record to that of its record. Where the whole release is closed,
    so that each partnership refers to its own records and to shared ones, that is its own lines and
    the shared ones; else it is also what follows from the lines of others.
    """

    release: str
    nodes: Mapping[str, pa.Table]
    edges: Mapping[Ends, pa.Table]
    blocks: Mapping[str, str]

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return sum(len(table) for table in self.nodes.values())

    @property
    def edge_count(self) -> int:
        """How many edges there are."""
        return sum(len(table) for table in self.edges.values())

    @property
    def bytes(self) -> int:
        """How much memory all columns take."""
        return sum(table.nbytes for table in [*self.nodes.values(), *self.edges.values()])


def rows_of(table: pa.Table, slug: str) -> tuple[int, int]:
    """Where the rows of a partnership begin and end in a table of nodes, or in one of edges.

    They stand together and are found by halving: nodes by their ids, edges by those of their
    starts.
    """
    ids = table[FROM] if FROM in table.column_names else table["id"]
    begin, end = (
        bisect_left(range(len(ids)), bound, key=lambda at: ids[at].as_py())
        for bound in (f"{slug}/", f"{slug}0")  # The character after the slash is 0.
    )
    return begin, end


def in_order(slugs: Iterable[str]) -> list[str]:
    """Partnerships in the order in which their rows stand."""
    return sorted(slugs, key=lambda slug: f"{slug}/")


def columns_of(schema: Schema, name: str) -> Sequence[tuple[str, str]]:
    """The columns of a class in a store, `(key, type)`, with the bounds of dates.

    Types are `string`, `strings`, `integer`, `decimal`, `boolean` and `date`.
    """
    columns = [("id", "string"), ("partnership", "string")]
    for prop in schema.classes[name].stored:
        if prop.many:
            columns.append((prop.key, "strings"))
        elif prop.type in ("integer", "decimal", "boolean", "date"):
            columns.append((prop.key, prop.type))
        else:
            columns.append((prop.key, "string"))
        if prop.type == "edtf" and not prop.many:
            columns += [(f"{prop.key}_first", "date"), (f"{prop.key}_last", "date")]
    return columns


def frames_of_graph(graph: PropertyGraph, schema: Schema) -> Frames:
    """The frames of a graph that is at hand."""
    return Frames(
        graph.release,
        dict(_node_tables(graph, schema)),
        dict(_edge_tables(graph, schema)),
        _blocks(graph),
    )


def _node_tables(graph: PropertyGraph, schema: Schema) -> Iterable[tuple[str, pa.Table]]:
    by_label: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
    for node in graph.nodes:
        by_label[node.label].append({"id": node.id, **node.properties})
    for label, rows in sorted(by_label.items()):
        yield label, _table(rows, columns_of(schema, label))


def _edge_tables(graph: PropertyGraph, schema: Schema) -> Iterable[tuple[Ends, pa.Table]]:
    records = {r.type: r.record for r in schema.relationships}
    by_ends: dict[Ends, list[Mapping[str, Value]]] = defaultdict(list)
    for edge in graph.edges:
        row = {FROM: edge.start[1], TO: edge.end[1], **edge.properties}
        by_ends[Ends(edge.type, edge.start[0], edge.end[0])].append(row)
    for ends, rows in sorted(by_ends.items()):
        columns: list[tuple[str, str]] = [(FROM, "string"), (TO, "string")]
        record = records[ends.type]
        if record is not None:
            columns += columns_of(schema, record.name)
        yield ends, _table(rows, columns)


def _table(rows: Sequence[Mapping[str, Value]], columns: Sequence[tuple[str, str]]) -> pa.Table:
    arrays: dict[str, Any] = {}
    for key, kind in columns:
        values: list[Any] = [row.get(key) for row in rows]
        if kind == "strings":
            values = [list(value or ()) for value in values]
        elif kind == "decimal":
            values = [None if value is None else float(value) for value in values]
        arrays[key] = pa.array(values, ARROW[kind])
    return pa.table(arrays)


def _blocks(graph: PropertyGraph) -> dict[str, str]:
    """A digest of the nodes and edges of each partnership, in whatever order they are given."""
    said: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes:
        said[partnership_of(node.id)].append(repr(node))
    for edge in graph.edges:
        said[partnership_of(edge.id or edge.start[1])].append(repr(edge))
    return {
        slug: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        for slug, lines in sorted(said.items())
    }
