"""The public release as it is served: read once into memory, and again when its pointer moves.

Only the folder of the public release is ever opened here. A release that was withdrawn must not be
answered from memory: where the pointer leads to nothing that can be read, there is no answer.
"""

import datetime
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
from rdflib import RDF

from api.open.postcodes import Postcodes, district, normal
from api.open.records import Collection, collected, part_of
from graph.derived import chain, newest_days
from graph.errors import ReleaseError
from graph.exports.openreferral import Feed
from graph.ids import id_of
from graph.model import Edge, Node, PropertyGraph
from graph.project import project
from graph.public import PUBLIC
from graph.release import CURRENT, FOLDER, Release, current_release, ontology_of, read_quads
from ontology.namespaces import ID
from ontology.schema import Schema

_Made = TypeVar("_Made")


class Snapshot:
    """One public release in memory, and what is made of it, each thing once.

    What depends on the serving day (contacts that nobody has checked for long are withheld) is made
    once a day.
    """

    def __init__(
        self,
        release: str,
        quads: Sequence[ox.Quad],
        graph: PropertyGraph,
        schema: Schema,
        postcodes: Postcodes,
    ) -> None:
        """Hold a release. `postcodes` are positions from elsewhere, possibly none."""
        self.release = release
        self.quads = tuple(quads)
        self.graph = graph
        self.schema = schema
        self.postcodes = postcodes
        self._made: dict[tuple[str, datetime.date | None], object] = {}
        self._lock = threading.RLock()

    def once(self, what: str, make: Callable[[], _Made], day: datetime.date | None = None) -> _Made:
        """What `make` makes, made once (once a day, where it depends on a `day`)."""
        key = (what, day)
        with self._lock:
            if key not in self._made:
                if day is not None:
                    # Yesterday's contacts are not kept.
                    old = [k for k in self._made if k[1] not in (None, day)]
                    for other in old:
                        del self._made[other]
                self._made[key] = make()
            found: _Made = self._made[key]  # type: ignore[assignment]
            return found

    @cached_property
    def partnerships(self) -> Mapping[str, Node]:
        """The partnerships by slug, in order."""
        found = {n.id.split("/")[0]: n for n in self.graph.nodes if n.label == "Partnership"}
        return dict(sorted(found.items()))

    @cached_property
    def newest(self) -> datetime.date | None:
        """The date of the newest source with records, None where no source has a date."""
        return max(newest_days(self.graph).values(), default=None)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The records and terms that are nodes, by id."""
        return {node.id: node for node in self.graph.nodes}

    @cached_property
    def edges(self) -> Mapping[str, Edge]:
        """The records that are relationships, by id."""
        return {edge.id: edge for edge in self.graph.edges if edge.id}

    @cached_property
    def by_subject(self) -> Mapping[str, Sequence[ox.Quad]]:
        """The statements by the short id of what they are about; only records and terms of ours."""
        found: dict[str, list[ox.Quad]] = {}
        for quad in self.quads:
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject.value.startswith(str(ID)):
                found.setdefault(id_of(subject.value), []).append(quad)
        # A name that nothing says a class of is no record: it is only referred to.
        kind = str(RDF.type)
        return {k: v for k, v in found.items() if any(q.predicate.value == kind for q in v)}

    @cached_property
    def _districts(self) -> Mapping[str, frozenset[str]]:
        """By outward code: the areas that it lies in, with all that take them in."""
        found: dict[str, set[str]] = {}
        for node in self.nodes.values():
            districts = node.properties.get("postcode_districts")
            if node.label == "Area" and isinstance(districts, tuple):
                around = {self._area_key(area) for area in chain(node.id, self._within)}
                for one in districts:
                    found.setdefault(one, set()).update(around)
        return {one: frozenset(areas) for one, areas in found.items()}

    @cached_property
    def _within(self) -> Mapping[str, str]:
        relation = self.schema.classes["Area"].property("within").relation
        return {e.start[1]: e.end[1] for e in self.graph.edges if e.type == relation}

    def _area_key(self, area: str) -> str:
        """What an area is called in a feed: its ONS code, its name where it has none."""
        columns = self.nodes[area].properties
        return str(columns.get("ons_code") or columns.get("name") or "")

    def areas_of(self, postcode: str) -> frozenset[str]:
        """The areas that a postcode lies in, as feeds name them; none where nothing says so.

        They are those of its authority, where the file of postcodes gives one, and those whose
        postcode districts it belongs to.
        """
        found = set(self._districts.get(district(postcode), ()))
        given = self.postcodes.places.get(normal(postcode))
        if given and given.authority:
            found.add(given.authority)
            for node in self.nodes.values():
                if node.label == "Area" and node.properties.get("ons_code") == given.authority:
                    found |= {self._area_key(area) for area in chain(node.id, self._within)}
        return frozenset(found)

    def collection(self, slug: str | None, day: datetime.date) -> Collection:
        """The feed of one partnership, or of all where none is named, as it is on a day.

        Raises KeyError if there is no such partnership.
        """
        if slug is not None and slug not in self.partnerships:
            raise KeyError(slug)
        if slug is None:
            return self.once("feed", lambda: self._whole(day), day)
        return self.once(
            f"feed of {slug}",
            lambda: part_of(self.collection(None, day), self._feed(slug, day).root(), slug),
            day,
        )

    def feed(self, day: datetime.date) -> Feed:
        """A feed of all partnerships that has written no record yet, for what a day lets be told.

        The records themselves are in `collection`, written once; a feed would keep them all again.
        """
        return self._feed(None, day)

    def _whole(self, day: datetime.date) -> Collection:
        roots = [self._feed(slug, day).root() for slug in self.partnerships]
        return collected(self.feed(day), roots)

    def _feed(self, slug: str | None, day: datetime.date) -> Feed:
        return Feed(self.graph, self.schema, slug, day)


class Published:
    """The public release below a home, always the current one.

    Asking for it costs one `stat`; when the pointer has moved, the new release is read while other
    readers still get the old one, and then takes its place at once.
    """

    def __init__(self, home: Path, schema: Schema, postcodes: Path | None = None) -> None:
        """Serve the public release below `home`; `postcodes` is a file of their positions."""
        self._home = home / PUBLIC
        self._schema = schema
        self._postcodes = Postcodes.read(postcodes) if postcodes else Postcodes({})
        self._lock = threading.Lock()
        self._found: tuple[tuple[int, int, int], Snapshot] | None = None

    def snapshot(self) -> Snapshot:
        """The current public release.

        Raises ReleaseError if there is none, or if it is damaged or of another ontology version.
        """
        mark = self._mark()
        found = self._found
        if found and found[0] == mark:
            return found[1]
        # One reader reads the new release. Others may have the old one meanwhile, if there is one.
        if not self._lock.acquire(blocking=found is None):
            assert found is not None  # noqa: S101 - only then is the lock not waited for
            return found[1]
        try:
            if self._found and self._found[0] == mark:
                return self._found[1]
            self._found = None
            snapshot = self._read()
            self._found = (mark, snapshot)
            return snapshot
        finally:
            self._lock.release()

    def _mark(self) -> tuple[int, int, int]:
        """What tells a pointer from the one before: it is replaced, never written in place."""
        try:
            told = (self._home / FOLDER / CURRENT).stat()
        except FileNotFoundError:
            self._found = None
            raise ReleaseError(
                "There is no public release yet. Make one first: fingerpost build"
            ) from None
        return told.st_ino, told.st_mtime_ns, told.st_size

    def _read(self) -> Snapshot:
        release: Release = current_release(self._home)
        quads = ontology_of(read_quads(release), release, self._schema)
        graph = project(quads, self._schema, release.name)
        return Snapshot(release.name, quads, graph, self._schema, self._postcodes)
