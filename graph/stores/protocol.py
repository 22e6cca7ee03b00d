"""What every store can do. One contract test body runs on each of them.

Use the embedded store (`embedded.py`) on one machine: no server, a disposable file built from the
release. Use Neo4j (`neo4j.py`) when several machines or people read at once, or when there is a
server already.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from graph.model import PropertyGraph
from ontology.schema import Schema

Parameters = Mapping[str, Any]
Rows = list[dict[str, Any]]
"""Answers as plain Python values; dates are datetime.date."""


class Store(Protocol):
    """A property graph that can be replaced as a whole and read by portable Cypher."""

    def replace(self, graph: PropertyGraph, schema: Schema) -> bool:
        """Hold this graph and nothing else; False if the store holds this release already.

        Readers see the old release or the new one, never a mix. Raises StoreError if the store
        holds something that is not ours.
        """

    def release(self) -> str | None:
        """The name of the release that is held whole, or None."""

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a read-only query, as dictionaries by column.

        Raises StoreError if no release is held.
        """

    def close(self) -> None:
        """Let go of the store; it cannot be used afterwards."""


NOTHING_HELD = "The store holds no release yet. Load one first: fingerpost load"


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
