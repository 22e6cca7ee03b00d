"""A store as the open version of a paper may know it.

What is for staff alone is not in what it reads, so that it moves no count and no state. Asked
without money, it reads as if no money were recorded: who is helped then stands the same whatever
becomes of money, and shows no service as at risk (SAFETY.md rules 1 to 3 and 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.frames import Frames
from graph.stores.protocol import Parameters, Rows, Store
from ontology.schema import Schema
from queries.catalogue import fact_files


@dataclass(frozen=True, slots=True)
class Published:
    """A store without some records, and, unless `has_money`, without awards of money."""

    store: Store
    hidden: frozenset[str]
    has_money: bool = True

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Never: it is for reading."""
        raise NotImplementedError

    def release(self) -> str | None:
        """The name of the release that is held."""
        return self.store.release()

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query that do not rest on what is hidden, and are of no hidden thing."""
        if not self.has_money and cypher == fact_files()["awards"].cypher:
            return []
        found = self.store.read(cypher, parameters)
        if not self.hidden:
            return found
        return [
            {key: self._kept(value) for key, value in row.items()}
            for row in found
            if self._is_kept(row)
        ]

    def _is_kept(self, row: Mapping[str, Any]) -> bool:
        return not any(self._is_hidden(value) for value in row.values())

    def _is_hidden(self, value: object) -> bool:
        """Whether a value is a hidden record's identifier, or the proof that it is."""
        if isinstance(value, dict):
            return value.get("record") in self.hidden
        return isinstance(value, str) and value in self.hidden

    def _kept(self, value: object) -> object:
        if isinstance(value, list):
            return [one for one in value if not self._is_hidden(one)]
        return value

    def close(self) -> None:
        """Nothing: the store belongs to somebody else."""
