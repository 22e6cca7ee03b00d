"""Turtle and TriG that a person can read: by class in the schema's order, names beside ids."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, SKOS, XSD

from graph.exports.rdf import class_ranks, parts, prefixes, value_of
from ontology.namespaces import FP
from ontology.schema import Class, Schema

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
"""The last parts of IRIs that need no escaping after a prefix."""
_BARE = {
    str(XSD.integer): re.compile(r"[+-]?[0-9]+"),
    str(XSD.decimal): re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    str(XSD.boolean): re.compile(r"true|false"),
}
"""Literals that Turtle writes without quotation marks, by datatype."""
_NAMES = (str(SKOS.prefLabel), str(FP.name), str(FP.title))

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = Subject | ox.Literal


@dataclass(frozen=True, slots=True)
class _Style:
    """How terms are written: prefixes by namespace, names by IRI, the classes' order."""

    schema: Schema
    prefixes: Mapping[str, str]
    names: Mapping[str, str]
    ranks: Mapping[str, int]

    def iri(self, iri: str) -> str:
        """An IRI, by prefix where it has one."""
        namespace, local = parts(iri)
        if namespace in self.prefixes and _LOCAL.fullmatch(local):
            return f"{self.prefixes[namespace]}:{local}"
        return str(ox.NamedNode(iri))

    def term(self, term: Object) -> str:
        """A term as Turtle writes it, as short as it may be."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if not isinstance(term, ox.Literal) or term.language:
            return str(term)
        datatype = term.datatype.value
        if datatype in _BARE and _BARE[datatype].fullmatch(term.value):
            return term.value
        if datatype == str(XSD.string):
            return str(term)
        return f"{ox.Literal(term.value)}^^{self.iri(datatype)}"

    def remark(self, term: Object) -> str:
        """The name of what is referred to, where its id does not say it already."""
        if not isinstance(term, ox.NamedNode):
            return ""
        name = self.names.get(term.value, "")
        return f"  # {name}" if name.replace(" ", "-") != parts(term.value)[1] and name else ""

    def klass(self, subject: Subject) -> Class | None:
        """The class of a subject, if it is one of the schema's."""
        rank = self.ranks.get(value_of(subject))
        return None if rank is None else tuple(self.schema)[rank]


def turtle(quads: Sequence[ox.Quad], schema: Schema) -> str:
    """All statements in one graph."""
    style = _style(quads, schema)
    body = _sections({quad.triple for quad in quads}, style)
    return "\n".join([*_header(style), *body]) + "\n"


def trig(quads: Sequence[ox.Quad], schema: Schema) -> str:
    """All statements, each in its graph; the graphs in order of their names."""
    style = _style(quads, schema)
    graphs: dict[str, set[ox.Triple]] = defaultdict(set)
    for quad in quads:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        graphs[name].add(quad.triple)
    lines = _header(style)
    for name, triples in sorted(graphs.items()):
        opening = f"GRAPH {style.iri(name)} {{" if name else "{"
        lines += ["", opening, *_sections(triples, style), "}"]
    return "\n".join(lines) + "\n"


def _style(quads: Sequence[ox.Quad], schema: Schema) -> _Style:
    names = {
        quad.subject.value: " ".join(quad.object.value.split())
        for quad in quads
        if quad.predicate.value in _NAMES
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
    }
    by_namespace = {namespace: name for name, namespace in prefixes(quads).items()}
    return _Style(schema, by_namespace, names, class_ranks(quads, schema))


def _header(style: _Style) -> list[str]:
    by_name = sorted((name, namespace) for namespace, name in style.prefixes.items())
    return [f"@prefix {name}: <{namespace}> ." for name, namespace in by_name]


def _sections(triples: Iterable[ox.Triple], style: _Style) -> Iterator[str]:
    subjects: dict[Subject, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        subjects[triple.subject].append(triple)
    last = len(style.ranks)
    ordered = sorted(subjects, key=lambda s: (style.ranks.get(value_of(s), last), value_of(s)))
    section = ""
    for subject in ordered:
        klass = style.klass(subject)
        title = klass.table if klass else "codes and other terms"
        if title != section:
            section = title
            yield from ("", f"# {'-' * 60} {title}")
        yield from ("", *_record(subject, klass, subjects[subject], style))


def _record(
    subject: Subject, klass: Class | None, triples: Iterable[ox.Triple], style: _Style
) -> Iterator[str]:
    order = {str(p.iri): n for n, p in enumerate(klass.properties, start=1)} if klass else {}
    order[str(RDF.type)] = 0
    values: dict[str, list[Object]] = defaultdict(list)
    for triple in triples:
        values[triple.predicate.value].append(triple.object)
    yield style.term(subject)
    predicates = sorted(values, key=lambda p: (order.get(p, len(order) + 1), p))
    for predicate in predicates:
        verb = "a" if predicate == str(RDF.type) else style.iri(predicate)
        end = "." if predicate == predicates[-1] else ";"
        yield from _statement(verb, sorted(values[predicate], key=str), end, style)


def _statement(verb: str, objects: Sequence[Object], end: str, style: _Style) -> Iterator[str]:
    if len(objects) == 1:
        yield f"    {verb} {style.term(objects[0])} {end}{style.remark(objects[0])}"
        return
    yield f"    {verb}"
    for number, value in enumerate(objects, start=1):
        mark = end if number == len(objects) else ","
        yield f"        {style.term(value)} {mark}{style.remark(value)}"
