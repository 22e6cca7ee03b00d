"""Frames as the rows that are sent to Neo4j, in batches: what is null is left out.

Nodes and edges with a record carry a digest of their other properties, by which a refresh finds
what changed and a load knows what is ours.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graph.frames import FROM

DIGEST = "_digest"
DANGLING = "An edge leads to a node that is not there. Build the release again: fingerpost build"

Row = dict[str, Any]


def node_rows(table: pa.Table, batch: int) -> Iterator[list[Row]]:
    """The properties of each node."""
    for piece in _pieces(table, batch):
        yield [_columns(row) for row in piece.to_pylist()]


def edge_rows(table: pa.Table, batch: int) -> Iterator[list[list[Any]]]:
    """Of each edge: its start, its end, and where it has a record, its properties."""
    for piece in _pieces(table, batch):
        columns = [column.to_pylist() for column in piece.columns[:2]]
        if table.num_columns > 2:
            records = piece.select(piece.column_names[2:]).to_pylist()
            columns.append([_columns(row) for row in records])
        yield [list(row) for row in zip(*columns, strict=True)]


def part_of(table: pa.Table, slugs: Sequence[str]) -> pa.Table:
    """The rows of some partnerships, the only ones looked at where the table's order allows."""
    if FROM in table.column_names and table.num_columns > 2:
        return table.filter(pc.is_in(table["partnership"], pa.array(slugs, pa.string())))
    ids = table[FROM] if FROM in table.column_names else table["id"]
    places = range(len(ids))
    cuts = [
        [bisect_left(places, bound, key=lambda at: ids[at].as_py()) for bound in (f"{s}/", f"{s}0")]
        for s in slugs  # The character after the slash is 0.
    ]
    return pa.concat_tables([table.slice(0, 0), *(table.slice(a, b - a) for a, b in cuts)])


def _pieces(table: pa.Table, batch: int) -> Iterator[pa.Table]:
    return (table.slice(start, batch) for start in range(0, len(table), batch))


def _columns(row: Row) -> Row:
    columns = {key: value for key, value in row.items() if value is not None}
    columns[DIGEST] = hashlib.sha256(repr(columns).encode()).hexdigest()[:16]
    return columns
