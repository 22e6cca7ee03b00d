"""What every store can do. One contract test body runs on each of them.

Use the embedded store (`embedded.py`) on one machine: no server, a disposable file built from the
release. Use Neo4j (`neo4j.py`) when several machines or people read at once, or when there is a
server already.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from graph.frames import Frames
from ontology.schema import Schema

Parameters = Mapping[str, Any]
Rows = list[dict[str, Any]]
"""Answers as plain Python values; dates are datetime.date."""


class Store(Protocol):
    """A property graph that can be replaced as a whole and read by portable Cypher."""

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Hold these frames and nothing else; False if the store holds their release already.

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
