"""A release in other people's formats, and what each of them cannot carry.

An export is a function of the release: no clock, everything sorted, the same bytes twice. Give it
the public release, and nothing confidential can be in it, because it is not in there. Nothing is
ever fetched, and no export refers to anything that a reader would have to fetch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from graph.errors import FingerpostError
from graph.exports.graphml import graphml
from graph.exports.jsonld import context_document, jsonld
from graph.exports.openreferral import write_openreferral
from graph.exports.rdf import nquads, rdfxml
from graph.exports.turtle import trig, turtle
from graph.ids import id_of, partnership_of
from graph.model import PropertyGraph
from graph.release import Release, read_graph, read_quads, write_whole
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

    def graph(self) -> PropertyGraph:
        """The property graph of the content. Refuses a release of another ontology version."""
        graph = read_graph(self.release, self.schema)
        owners = {*self.slugs, SHARED}
        nodes = tuple(n for n in graph.nodes if partnership_of(n.id) in owners)
        edges = tuple(e for e in graph.edges if partnership_of(e.id or e.start[1]) in owners)
        return PropertyGraph(graph.release, nodes, edges)


Writer = Callable[[_Content, Path], tuple[str, ...]]
"""Writes the content to a path, and returns what is lost in the format, in plain sentences."""


def export(
    release: Release, schema: Schema, form: str, out: Path, slugs: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write a release, or the partnerships `slugs` of it, in one of the FORMATS.

    `out` is a file; for csv and open-referral a folder, which gets a folder a partnership. Shared
    terms and codes always go along. Returns what the format cannot carry, in plain sentences.

    Raises FingerpostError if the format or a partnership is unknown.
    """
    if form not in FORMATS:
        raise FingerpostError(f'"{form}" is no format. Choose one of: {", ".join(FORMATS)}')
    quads = list(read_quads(release))
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
    return FORMATS[form](_Content(release, schema, quads, chosen), out)


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
        lost = write_openreferral(graph, content.schema, slug, out / slug)
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
