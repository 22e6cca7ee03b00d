"""A store that is asked as if no money were recorded.

Who is helped then stands the same whatever becomes of money, and no service shows as at risk: the
open version of a paper asks so (SAFETY.md rule 7).
"""

from dataclasses import dataclass

from graph.frames import Frames
from graph.stores.protocol import Parameters, Rows, Store
from ontology.schema import Schema
from queries.catalogue import fact_files


@dataclass(frozen=True, slots=True)
class Moneyless:
    """A store without awards of money."""

    store: Store

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Never: it is for reading."""
        raise NotImplementedError

    def release(self) -> str | None:
        """The name of the release that is held."""
        return self.store.release()

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query; there are none of awards."""
        if cypher == fact_files()["awards"].cypher:
            return []
        return self.store.read(cypher, parameters)

    def close(self) -> None:
        """Nothing: the store belongs to somebody else."""
