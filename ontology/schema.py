"""Shapes read into a frozen Schema: the one form that readers, validation and stores share.

Everything a table, a store or a page needs to know of a class stands here: its table, its columns
with header, help and type, its references and the closed lists of words. Nothing here reads or
writes records.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node as Term

from ontology.namespaces import CODES, EDTF, FP, HELPLINES, ID, SHAPES, TERMS

Type = Literal[
    "string", "text", "integer", "decimal", "boolean", "date", "edtf", "code", "reference"
]
"""`text` has a language; `code` is a word of a closed list; `reference` another record."""

Holding = Literal["contact", "address"]
"""What a column may hold that no other text may: a contact, or the address of a place."""

_DATATYPES: Mapping[URIRef, Type] = {
    XSD.string: "string",
    RDF.langString: "text",
    XSD.integer: "integer",
    XSD.decimal: "decimal",
    XSD.boolean: "boolean",
    XSD.date: "date",
    EDTF.EDTF: "edtf",
}


class SchemaError(Exception):
    """The ontology's own files do not fit together; a message names the shape or term."""


@dataclass(frozen=True, slots=True)
class Property:
    """One column of a class.

    `key` is the column's name in stores and answers, `header` its name in tables. `targets` are the
    class names a reference may lead to, in the order in which they are tried; for a code, the one
    class of its words.
    """

    iri: URIRef
    key: str
    header: str
    help: str
    order: int
    type: Type
    targets: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    as_column: bool = False
    derived: bool = False
    relation: str | None = None
    """The relationship type that a reference of a node becomes, or None for a column."""
    published: bool = True
    """Whether it is in the public artefact, where its class is."""
    holds: Holding | None = None
    """What it may hold that is refused in every other column, and never repeated in a message."""

    @property
    def holds_contact(self) -> bool:
        """Whether it may hold a telephone number or a mailbox."""
        return self.holds == "contact"

    @property
    def holds_address(self) -> bool:
        """Whether it may hold a street, a postcode or a position."""
        return self.holds == "address"


@dataclass(frozen=True, slots=True)
class Class:
    """A class with a table: its records become nodes, or relationships where `ends` are given."""

    iri: URIRef
    name: str
    label: str
    help: str
    table: str
    order: int
    slug: str
    """The class's part of a record's IRI, such as `client-group`."""
    relation: str
    """The relationship type of a class that becomes relationships, such as `AWARD`."""
    properties: tuple[Property, ...]
    columns: tuple[Property, ...]
    """The properties a table has columns for: all but the derived ones."""
    stored: tuple[Property, ...]
    """The properties kept as columns in a store: no relationships, no ends."""
    ends: tuple[str, str] | None = None
    published: bool = False
    """Whether its records are in the public artefact: only where the shape says so."""

    def property(self, key: str) -> Property:
        """The property with a key; KeyError if the class has none."""
        for candidate in self.properties:
            if candidate.key == key:
                return candidate
        raise KeyError(f"{self.name} has no property {key!r}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a closed list, in its place."""

    iri: URIRef
    label: str
    definition: str
    rank: int


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship type of the property graph: which labels it joins, and its columns' class."""

    type: str
    pairs: tuple[tuple[str, str], ...]
    record: Class | None


@dataclass(frozen=True, slots=True)
class Schema:
    """All classes with a table, by name and in order, and all closed lists of words."""

    classes: Mapping[str, Class]
    codes: Mapping[str, tuple[Word, ...]]
    version: str

    def __iter__(self) -> Iterator[Class]:
        return iter(self.classes.values())

    @property
    def nodes(self) -> tuple[Class, ...]:
        """The classes whose records become nodes."""
        return tuple(c for c in self if c.ends is None)

    @property
    def edges(self) -> tuple[Class, ...]:
        """The classes whose records become relationships with properties."""
        return tuple(c for c in self if c.ends is not None)

    @property
    def relationships(self) -> tuple[Relationship, ...]:
        """Every relationship type, of references and of edge classes, sorted by type."""
        pairs: dict[str, set[tuple[str, str]]] = {}
        for node in self.nodes:
            for prop in node.properties:
                if prop.relation:
                    ends = {(node.name, target) for target in prop.targets}
                    pairs.setdefault(prop.relation, set()).update(ends)
        records: dict[str, Class] = {}
        for edge in self.edges:
            start, end = (edge.property(key).targets for key in edge.ends or ())
            if edge.relation in pairs:
                raise SchemaError(f"{edge.relation} is both a class and a reference")
            pairs[edge.relation] = {(a, b) for a in start for b in end}
            records[edge.relation] = edge
        return tuple(
            Relationship(kind, tuple(sorted(pairs[kind])), records.get(kind))
            for kind in sorted(pairs)
        )

    def by_table(self, table: str) -> Class:
        """The class that fills a table; KeyError if none does."""
        for klass in self:
            if klass.table == table:
                return klass
        raise KeyError(table)

    def by_slug(self, slug: str) -> Class:
        """The class whose records have `slug` in their IRI; KeyError if none has."""
        for klass in self:
            if klass.slug == slug:
                return klass
        raise KeyError(slug)


def _words(name: str, joint: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", joint, name).lower()


def _local(iri: Term | None) -> str:
    return str(iri).removeprefix(str(FP))


def _text(graph: Graph, subject: Term, *predicates: URIRef) -> str:
    for predicate in predicates:
        value = graph.value(subject, predicate)
        if value is not None:
            return str(value)
    return ""


def _targets(graph: Graph, shape: Term) -> tuple[str, ...]:
    single = graph.value(shape, SH["class"])
    if single is not None:
        return (_local(single),)
    choices = graph.value(shape, SH["or"])
    if choices is None:
        return ()
    return tuple(_local(graph.value(c, SH["class"])) for c in Collection(graph, choices))


def _property(graph: Graph, shape: Term) -> Property:
    path = graph.value(shape, SH.path)
    if not isinstance(path, URIRef):
        raise SchemaError(f"a property shape has no simple sh:path: {shape}")
    header = _text(graph, shape, SH.name) or _text(graph, path, RDFS.label)
    if not header:
        raise SchemaError(f"{path} has neither sh:name in its shape nor rdfs:label")
    targets = _targets(graph, shape)
    datatype = graph.value(shape, SH.datatype)
    kind: Type
    if isinstance(datatype, URIRef) and datatype in _DATATYPES:
        kind = _DATATYPES[datatype]
    elif targets:
        is_code = (FP[targets[0]], RDFS.subClassOf, FP.Code) in graph
        kind = "code" if is_code else "reference"
    else:
        raise SchemaError(f"the shape of {path} has neither a known sh:datatype nor sh:class")
    key = re.sub(r"[^a-z0-9]+", "_", header.lower())
    as_column = _text(graph, shape, FP.asColumn) == "true"
    return Property(
        iri=path,
        key=key,
        header=header,
        help=_text(graph, shape, SH.description) or _text(graph, path, SKOS.definition),
        order=int(_text(graph, shape, SH.order) or 0),
        type=kind,
        targets=targets,
        many=graph.value(shape, SH.maxCount) is None,
        required=int(_text(graph, shape, SH.minCount) or 0) > 0,
        as_column=as_column,
        derived=_text(graph, shape, FP.derived) == "true",
        relation=None if kind != "reference" or as_column else _relation(key, targets),
        holds=_holding(graph, shape),
        published=_text(graph, shape, FP.published) != "false",
    )


def _holding(graph: Graph, shape: Term) -> Holding | None:
    match _text(graph, shape, FP.holds):
        case "":
            return None
        case "contact":
            return "contact"
        case "address":
            return "address"
        case other:
            raise SchemaError(f'fp:holds is "contact" or "address", and not "{other}"')


def _relation(key: str, targets: tuple[str, ...]) -> str:
    """The type of a plain reference.

    One that is named like the class it leads to gets `HAS_` before it (a post's agency is
    HAS_AGENCY): one of the stores keeps labels and types in one name space.
    """
    relation = key.upper()
    named_alike = any(relation == _words(target, "_").upper() for target in targets)
    return f"HAS_{relation}" if named_alike else relation


def _class(graph: Graph, shape: Term) -> Class:
    target = graph.value(shape, SH.targetClass)
    if not isinstance(target, URIRef):
        raise SchemaError(f"{shape} has a table and no sh:targetClass")
    shapes = [shape, *graph.objects(shape, SH.node)]
    properties = [_property(graph, p) for s in shapes for p in graph.objects(s, SH.property)]
    withheld = set(graph.objects(shape, FP.withholds))
    properties = [replace(p, published=p.published and p.iri not in withheld) for p in properties]
    properties.sort(key=lambda p: (p.order, p.key))
    keys = [p.key for p in properties]
    if len(keys) != len(set(keys)):
        raise SchemaError(f"two columns of {_local(target)} have the same header")
    edge = graph.value(shape, FP.edge)
    ends = None
    if edge is not None:
        by_iri: dict[Term | None, str] = {p.iri: p.key for p in properties}
        start, end = graph.value(edge, FP.edgeFrom), graph.value(edge, FP.edgeTo)
        if start not in by_iri or end not in by_iri:
            raise SchemaError(f"fp:edge of {_local(target)} names a property it does not have")
        ends = (by_iri[start], by_iri[end])
    return Class(
        iri=target,
        name=_local(target),
        label=_text(graph, target, RDFS.label),
        help=_text(graph, target, SKOS.definition),
        table=_text(graph, shape, FP.table),
        order=int(_text(graph, shape, SH.order) or 0),
        slug=_words(_local(target), "-"),
        relation=_words(_local(target), "_").upper(),
        properties=tuple(properties),
        columns=tuple(p for p in properties if not p.derived),
        stored=tuple(p for p in properties if p.key not in ends)
        if ends
        else tuple(p for p in properties if p.relation is None),
        ends=ends,
        published=_text(graph, shape, FP.published) == "true",
    )


def _codes(graph: Graph) -> dict[str, tuple[Word, ...]]:
    lists: dict[str, tuple[Word, ...]] = {}
    for scheme in sorted(map(str, graph.subjects(RDFS.subClassOf, FP.Code))):
        words = [
            Word(
                iri=URIRef(str(word)),
                label=_text(graph, word, SKOS.prefLabel),
                definition=_text(graph, word, SKOS.definition),
                rank=int(_text(graph, word, FP["rank"]) or 0),
            )
            for word in graph.subjects(RDF.type, URIRef(scheme))
        ]
        lists[scheme.removeprefix(str(FP))] = tuple(sorted(words, key=lambda w: (w.rank, w.label)))
    return lists


@lru_cache(maxsize=4)
def turtle(path: Path) -> Graph:
    """One of the ontology's own files as a graph. Treat it as read-only: it is shared."""
    return Graph().parse(path, format="turtle")


@lru_cache(maxsize=1)
def ontology() -> Graph:
    """Terms, what is shared, and shapes in one graph. Treat it as read-only: it is shared."""
    return turtle(TERMS) + shared() + turtle(SHAPES)


@lru_cache(maxsize=1)
def shared() -> Graph:
    """What belongs to no partnership: codes, terms and helplines. Treat it as read-only."""
    return turtle(CODES) + turtle(HELPLINES)


def read_schema(graph: Graph) -> Schema:
    """The Schema of a graph that holds terms, codes and shapes.

    Raises SchemaError where they do not fit together.
    """
    shapes = graph.subjects(FP.table, None)
    classes = sorted((_class(graph, s) for s in shapes), key=lambda c: (c.order, c.name))
    codes = _codes(graph)
    stated = next((str(v) for v in graph.objects(None, OWL.versionInfo)), "0")
    # Whatever is changed in the form makes another version: stores are built from the form.
    digest = hashlib.sha256(repr((classes, sorted(codes.items()))).encode()).hexdigest()[:8]
    return Schema(
        classes=MappingProxyType({c.name: c for c in classes}),
        codes=MappingProxyType(codes),
        version=f"{stated}+{digest}",
    )


@lru_cache(maxsize=1)
def default_schema() -> Schema:
    """The Schema of the project's own ontology."""
    return read_schema(ontology())


def shared_terms(graph: Graph, class_name: str) -> dict[str, str]:
    """The shared terms of a class: every name and alias in lower case, and every id, to the id.

    >>> shared_terms(ontology(), "ClientGroup")["male victims"]
    'men'
    """
    found: dict[str, str] = {}
    for term in graph.subjects(RDF.type, FP[class_name]):
        if not str(term).startswith(str(ID)):
            continue
        local = str(term).rsplit("/", 1)[1]
        for label in (*graph.objects(term, SKOS.altLabel), *graph.objects(term, SKOS.prefLabel)):
            found[str(label).lower()] = local
        found[local] = local
    return found
