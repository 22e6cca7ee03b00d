"""A release as a paper for publication may know it (SAFETY.md rules 1, 2, 3 and 7).

It holds more than the public artefact: gaps, actions, boards and money too, which a board publishes
with an agenda. What is for staff is not in it, nor what only that leads to, and safe accommodation
stands without its places, all as in graph/public.py: so no name, count or day can tell of it. What
is written from it must still name nobody as at risk.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pyoxigraph as ox

from graph.errors import ReleaseError
from graph.frames import Frames, frames_of_graph
from graph.hidden import REACHED
from graph.project import project
from graph.public import told
from graph.release import FOLDER, Release, name_of, nquads, ontology_of, read_quads
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Parameters, Rows, Store
from ontology.namespaces import FP
from ontology.schema import Class, Property, Schema


@dataclass(frozen=True, slots=True)
class ForPublication:
    """A store that holds what a paper for publication may know, and nothing else.

    `names` are the ids that some records have here, by those of the full release.
    """

    _store: EmbeddedStore
    names: Mapping[str, str]

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Never: what it holds is made by `for_publication` alone."""
        raise NotImplementedError

    def release(self) -> str | None:
        """The name of what is held: not that of the release that it was made from."""
        return self._store.release()

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query."""
        return self._store.read(cypher, parameters)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()


@contextmanager
def for_publication(home: Path, store: Store, schema: Schema) -> Iterator[ForPublication]:
    """What may be published of the release that a store holds, for as long as the block lasts.

    Raises ReleaseError if the release is not below `home`, is damaged or of another ontology.
    """
    name = store.release()
    path = home / FOLDER / f"{name}.nq"
    if name is None or not path.exists():
        raise ReleaseError(
            "What may be published is made from the release itself, and the one that the store "
            f"holds is not in {path.parent}. Build it there first: fingerpost build"
        )
    with published(Release(name, path), schema) as found:
        yield found


@contextmanager
def published(release: Release, schema: Schema) -> Iterator[ForPublication]:
    """What of a release may be published, for as long as the block lasts."""
    quads, names = publishable(ontology_of(read_quads(release), release, schema), schema)
    graph = project(quads, schema, name_of(nquads(quads)))
    with TemporaryDirectory() as folder, closing(EmbeddedStore(Path(folder))) as store:
        store.replace(frames_of_graph(graph, schema), schema)
        yield ForPublication(store, MappingProxyType(names))


def publishable(quads: Iterable[ox.Quad], schema: Schema) -> tuple[list[ox.Quad], dict[str, str]]:
    """What of a full release a paper may know, sorted, and the ids that some records have there.

    Two releases that differ in what is for staff alone give the same.
    """
    roots = frozenset(schema.classes) - REACHED
    return told(quads, _whole(schema), roots, has_money=True)


def _whole(schema: Schema) -> Schema:
    """The schema as it would be if every class and column were published, but for the marks."""
    classes = {name: _shown(klass) for name, klass in schema.classes.items()}
    return replace(schema, classes=MappingProxyType(classes))


def _shown(klass: Class) -> Class:
    def shown(properties: tuple[Property, ...]) -> tuple[Property, ...]:
        return tuple(replace(p, published=p.iri != FP.visibility) for p in properties)

    return replace(
        klass,
        published=True,
        properties=shown(klass.properties),
        columns=shown(klass.columns),
        stored=shown(klass.stored),
    )
