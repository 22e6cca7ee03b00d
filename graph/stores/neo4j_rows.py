"""Frames as the rows that are sent to Neo4j, in batches, and how a statement reads a row.

A row is the values of its table's columns, in their order: names are sent once, in the statement.
Nodes and edges with a record end with a digest of the other values, by which a refresh finds what
changed and a load knows what is ours.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graph.frames import FROM, TO, Frames, rows_of

DIGEST = "_digest"
DANGLING = "An edge leads to a node that is not there. Build the release again: fingerpost build"
ENDS = 2
"""How many of an edge's columns are its ends."""

Row = tuple[Any, ...]


def filled(table: pa.Table) -> pa.Table:
    """The columns in which anything stands: half of them are sent for nothing."""
    rows = max(len(table), 1)
    return table.select([key for key in table.column_names if table[key].null_count < rows])


def node_rows(table: pa.Table, batch: int) -> Iterator[list[Row]]:
    """The properties of each node, the id first and the digest last."""
    for piece in _pieces(table, batch):
        yield _zipped(*_with_digest(piece))


def edge_rows(
    table: pa.Table, batch: int, places: Mapping[str, str] | None = None
) -> Iterator[list[Row]]:
    """Of each edge: its start, its end, and where it has a record, its properties and digest.

    Ends are named by `places` where it is given; a KeyError tells of one that has none.
    """
    for piece in _pieces(table, batch):
        ends: list[list[str]] = [piece[FROM].to_pylist(), piece[TO].to_pylist()]
        if places is not None:
            ends = [[places[key] for key in keys] for keys in ends]
        record = piece.select(piece.column_names[ENDS:])
        yield _zipped(*ends, *(_with_digest(record) if record.num_columns else ()))


def properties(table: pa.Table) -> str:
    """The properties of a node or an edge as a map of Cypher, from the values of `row`."""
    if FROM not in table.column_names:
        names, first = [*table.column_names, DIGEST], 0
    elif table.num_columns == ENDS:
        return "{}"
    else:
        names, first = [*table.column_names[ENDS:], DIGEST], ENDS
    return "{" + ", ".join(f"`{key}`: row[{at}]" for at, key in enumerate(names, first)) + "}"


def astray(frames: Frames) -> list[str]:
    """Where records start away from home: their partnership and that of their start, each once."""
    found: set[str] = set()
    for table in frames.edges.values():
        if table.num_columns > ENDS:
            starts = pc.list_element(pc.split_pattern(table[FROM], "/", max_splits=1), 0)
            pairs = pa.table({"own": table["partnership"], "start": starts})
            away = pairs.filter(pc.not_equal(pairs["own"], pairs["start"]))
            away = away.group_by(["own", "start"]).aggregate([])
            found.update(f"{row['own']} {row['start']}" for row in away.to_pylist())
    return sorted(found)


def part_of(table: pa.Table, slugs: Sequence[str]) -> pa.Table:
    """The rows of some partnerships, the only ones looked at where the table's order allows."""
    if FROM in table.column_names and table.num_columns > ENDS:
        return table.filter(pc.is_in(table["partnership"], pa.array(slugs, pa.string())))
    cuts = (rows_of(table, slug) for slug in slugs)
    return pa.concat_tables([table.slice(0, 0), *(table.slice(a, b - a) for a, b in cuts)])


def _pieces(table: pa.Table, batch: int) -> Iterator[pa.Table]:
    return (table.slice(start, batch) for start in range(0, len(table), batch))


def _with_digest(table: pa.Table) -> list[list[Any]]:
    """The columns, and one of digests of what stands in each row."""
    names = table.column_names
    columns: list[list[Any]] = [column.to_pylist() for column in table.columns]
    return [*columns, [_digest(names, row) for row in zip(*columns, strict=True)]]


def _digest(names: Sequence[str], row: Row) -> str:
    held = {key: value for key, value in zip(names, row, strict=True) if value is not None}
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def _zipped(*columns: Sequence[Any]) -> list[Row]:
    return list(zip(*columns, strict=True))
