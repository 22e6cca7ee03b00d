"""A release in other people's formats, and what each of them cannot carry.

An export is a function of the release: no clock, everything sorted, the same bytes twice. What is
for the public is made of the public artefact (graph/public.py): nothing confidential can be in it,
because it is not in there. Nothing is ever fetched, and no export refers to anything that a
reader would have to fetch.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from graph.errors import FingerpostError
from graph.exports.graphml import graphml
from graph.exports.jsonld import context_document, jsonld
from graph.exports.openreferral import write_openreferral
from graph.exports.rdf import rdfxml
from graph.exports.turtle import trig, turtle
from graph.ids import id_of, partnership_of
from graph.model import PropertyGraph
from graph.project import project
from graph.public import public_quads
from graph.release import Release, name_of, nquads, ontology_of, read_quads, write_whole
from graph.sources.folder import write_folder
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import Schema

CONTEXT = "context.jsonld"
"""The JSON-LD context also stands beside the document, for whoever wants it alone."""

_NO_GRAPHS = (
    "Which source each statement comes from as a named graph; every record still names its source."
)
_TABLES_ONLY = (
    "Shared terms and codes: they are the project's own and come with it.",
    "Columns that are worked out, such as the first and last day that a date can mean.",
)
_NODES_ONLY = (
    _NO_GRAPHS,
    "Lists: their values are joined by '; '.",
    "Types: dates are text, and exact amounts are floating-point numbers.",
    "Empty columns: they are left out.",
)


@dataclass(frozen=True, slots=True)
class _Content:
    """What is exported: part of a release, as quads, and whose it is."""

    release: Release
    schema: Schema
    quads: list[ox.Quad]
    slugs: tuple[str, ...]
    on: datetime.date | None

    def graph(self) -> PropertyGraph:
        """The property graph of the content. Refuses one of another version of the ontology."""
        quads = ontology_of(self.quads, self.release, self.schema)
        graph = project(quads, self.schema, self.release.name)
        owners = {*self.slugs, SHARED}
        nodes = tuple(n for n in graph.nodes if partnership_of(n.id) in owners)
        edges = tuple(e for e in graph.edges if partnership_of(e.id or e.start[1]) in owners)
        return PropertyGraph(graph.release, nodes, edges)


Writer = Callable[[_Content, Path], tuple[str, ...]]
"""Writes the content to a path, and returns what is lost in the format, in plain sentences."""


def export(
    release: Release,
    schema: Schema,
    form: str,
    out: Path,
    slugs: Sequence[str] = (),
    *,
    public: bool = False,
    on: datetime.date | None = None,
) -> tuple[str, ...]:
    """Write a full release, or the partnerships `slugs` of it, in one of the FORMATS.

    `out` is a file; for csv and open-referral a folder, which gets a folder a partnership. Shared
    terms and codes always go along. With `public` it is what of the release is public; a format of
    ALWAYS_PUBLIC never is anything else. `on` is the day by which contacts are fresh or withheld.
    Returns what the format cannot carry, in plain sentences.

    Raises FingerpostError if the format or a partnership is unknown, ReleaseError if the release
    is damaged, or is of another ontology and the format needs to know it.
    """
    if form not in FORMATS:
        raise FingerpostError(f'"{form}" is no format. Choose one of: {", ".join(FORMATS)}')
    quads = list(read_quads(release))
    if public or form in ALWAYS_PUBLIC:
        quads = public_quads(ontology_of(quads, release, schema), schema)
        release = replace(release, name=name_of(nquads(quads)))
    known = _partnerships(quads)
    unknown = sorted(set(slugs) - set(known))
    if unknown:
        raise FingerpostError(
            f"The release has no partnership {', '.join(unknown)}. It has: {', '.join(known)}."
        )
    chosen = tuple(sorted(set(slugs))) or known
    if chosen != known:
        quads = [quad for quad in quads if _belongs(quad, {*chosen, SHARED})]
    out.parent.mkdir(parents=True, exist_ok=True)
    return FORMATS[form](_Content(release, schema, quads, chosen, on), out)


def _partnerships(quads: Iterable[ox.Quad]) -> tuple[str, ...]:
    found = {
        partnership_of(id_of(quad.subject.value))
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.predicate.value == str(RDF.type)
        and quad.object.value == str(FP.Partnership)
    }
    return tuple(sorted(found))


def _belongs(quad: ox.Quad, slugs: set[str]) -> bool:
    subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    return not subject.startswith(str(ID)) or partnership_of(id_of(subject)) in slugs


def _nquads(content: _Content, out: Path) -> tuple[str, ...]:
    write_whole(out, nquads(content.quads))
    return ()


def _trig(content: _Content, out: Path) -> tuple[str, ...]:
    write_whole(out, trig(content.quads, content.schema).encode())
    return ()


def _turtle(content: _Content, out: Path) -> tuple[str, ...]:
    write_whole(out, turtle(content.quads, content.schema).encode())
    return (_NO_GRAPHS,)


def _rdfxml(content: _Content, out: Path) -> tuple[str, ...]:
    document, lost = rdfxml(content.quads)
    write_whole(out, document)
    return (_NO_GRAPHS, *lost)


def _jsonld(content: _Content, out: Path) -> tuple[str, ...]:
    write_whole(out, jsonld(content.quads, content.schema).encode())
    write_whole(out.with_name(CONTEXT), context_document(content.schema).encode())
    return ()


def _graphml(content: _Content, out: Path) -> tuple[str, ...]:
    write_whole(out, graphml(content.graph()))
    return _NODES_ONLY


def _csv(content: _Content, out: Path) -> tuple[str, ...]:
    graph = content.graph()
    for slug in content.slugs:
        write_folder(graph, content.schema, slug, out / slug)
    return _TABLES_ONLY


def _openreferral(content: _Content, out: Path) -> tuple[str, ...]:
    graph = content.graph()
    lost: tuple[str, ...] = ()
    for slug in content.slugs:
        lost = write_openreferral(graph, content.schema, slug, out / slug, content.on)
    return lost


FORMATS: Mapping[str, Writer] = {
    "turtle": _turtle,
    "trig": _trig,
    "n-quads": _nquads,
    "json-ld": _jsonld,
    "rdf-xml": _rdfxml,
    "graphml": _graphml,
    "csv": _csv,
    "open-referral": _openreferral,
}
"""By name: the formats that a release can be written in."""
ALWAYS_PUBLIC = frozenset({"open-referral"})
"""Formats that are there to be published: they are made of the public artefact alone."""
