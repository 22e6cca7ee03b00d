"""Quads to a property graph, by the schema alone: pure, in one order, whatever order quads come in.

A record's IRI gives its identifier and its class. References of nodes become relationships; records
of edge classes become relationships with properties. An EDTF column also gives its two bounds.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox
from rdflib import RDF

from graph.dates import bounds
from graph.derived import DERIVATIONS, known_on, whereabouts
from graph.errors import ReleaseError
from graph.ids import id_of, partnership_of
from graph.model import Edge, Node, PropertyGraph, Value
from ontology.namespaces import ID
from ontology.schema import Class, Property, Schema

_TYPE = str(RDF.type)
_OURS = str(ID)
Record = dict[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True, slots=True)
class _Read:
    """One record: its class, and its values as Python values by key."""

    id: str
    klass: Class
    columns: dict[str, Value]
    references: dict[str, tuple[str, ...]]


def project(quads: Iterable[ox.Quad], schema: Schema, release: str) -> PropertyGraph:
    """The property graph of a release.

    Raises ReleaseError where a reference leads to nothing or a value does not fit its column: a
    release that was validated has none of these.
    """
    read = _read(quads, schema)
    _derive(read)
    nodes, edges = [], []
    for record in read.values():
        if record.klass.ends is None:
            nodes.append(Node(record.id, record.klass.name, record.columns))
            edges.extend(_references(record, read))
        else:
            edges.append(_edge(record, read))
    edges.sort(key=lambda e: (e.type, e.start, e.end, e.id or ""))
    nodes.sort(key=lambda n: (n.label, n.id))
    return PropertyGraph(release, tuple(nodes), tuple(edges))


def _read(quads: Iterable[ox.Quad], schema: Schema) -> dict[str, _Read]:
    by_iri = {str(c.iri): c for c in schema}
    kinds: dict[str, Class] = {}
    values: dict[str, Record] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if not subject.startswith(_OURS):
            continue
        if quad.predicate.value == _TYPE:
            if isinstance(quad.object, ox.NamedNode) and quad.object.value in by_iri:
                kinds[subject] = by_iri[quad.object.value]
        elif isinstance(quad.object, ox.NamedNode | ox.Literal):
            values[subject][quad.predicate.value].append(quad.object)
    words = {str(w.iri): w.label for found in schema.codes.values() for w in found}
    return {
        id_of(iri): _record(id_of(iri), klass, values[iri], words)
        for iri, klass in sorted(kinds.items())
    }


def _record(identifier: str, klass: Class, values: Record, words: Mapping[str, str]) -> _Read:
    columns: dict[str, Value] = {"partnership": partnership_of(identifier)}
    references: dict[str, tuple[str, ...]] = {}
    for prop in klass.columns:
        found = sorted({_value(term, prop, words) for term in values.get(str(prop.iri), ())})
        if prop.type == "reference":
            references[prop.key] = tuple(str(v) for v in found)
        if prop.key in (klass.ends or ()) or (klass.ends is None and prop.relation):
            continue
        if prop.many:
            columns[prop.key] = tuple(str(v) for v in found)
        else:
            columns[prop.key] = found[0] if found else None
        if prop.type == "edtf" and not prop.many:
            columns |= _bounds(prop, columns[prop.key])
    if klass.ends is not None:
        columns["id"] = identifier
    return _Read(identifier, klass, columns, references)


def _bounds(prop: Property, value: Value) -> dict[str, Value]:
    limits = bounds(value) if isinstance(value, str) else None
    return {
        f"{prop.key}_first": limits.first if limits else None,
        f"{prop.key}_last": limits.last if limits else None,
    }


def _value(
    term: ox.NamedNode | ox.Literal, prop: Property, words: Mapping[str, str]
) -> str | int | Decimal | bool | datetime.date:
    text = term.value
    match prop.type:
        case "code":
            return words.get(text, text)
        case "reference":
            return id_of(text)
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "boolean":
            return text == "true"
        case "date":
            return datetime.date.fromisoformat(text)
        case _:
            return text


def _derive(read: Mapping[str, _Read]) -> None:
    dates = {r.id: r.columns.get("date_last") for r in read.values() if r.klass.name == "Source"}
    homes = {
        partnership_of(r.id): r.references["area"][0]
        for r in read.values()
        if r.klass.name == "Partnership" and r.references.get("area")
    }
    within = {
        r.id: r.references["within"][0]
        for r in read.values()
        if r.klass.name == "Area" and r.references.get("within")
    }
    drawn = Counter(str(r.columns.get("source")) for r in read.values())
    for record in read.values():
        columns = record.columns
        if record.klass.name == "Source":
            columns["records"] = drawn[record.id]
        if any(p.key == "known_on" for p in record.klass.properties):
            dated = dates.get(str(columns.get("source")))
            columns["known_on"] = known_on(
                columns, dated if isinstance(dated, datetime.date) else None
            )
        if record.klass.name in DERIVATIONS:
            columns |= DERIVATIONS[record.klass.name](columns)
        if record.klass.name == "Service":
            home = homes.get(partnership_of(record.id), "")
            columns["whereabouts"] = whereabouts(home, record.references["area"], within)


def _references(record: _Read, read: Mapping[str, _Read]) -> list[Edge]:
    return [
        Edge(prop.relation, (record.klass.name, record.id), _end(record, target, read), None, {})
        for prop in record.klass.properties
        if prop.relation
        for target in record.references[prop.key]
    ]


def _edge(record: _Read, read: Mapping[str, _Read]) -> Edge:
    start, end = (record.references[key] for key in record.klass.ends or ())
    if len(start) != 1 or len(end) != 1:
        raise ReleaseError(
            f"{record.id} does not have its two ends. Build the release again: fingerpost build"
        )
    return Edge(
        record.klass.relation,
        _end(record, start[0], read),
        _end(record, end[0], read),
        record.id,
        record.columns,
    )


def _end(record: _Read, target: str, read: Mapping[str, _Read]) -> tuple[str, str]:
    if target not in read:
        raise ReleaseError(
            f"{record.id} refers to {target}, which the release does not hold. "
            "Build the release again: fingerpost build"
        )
    return read[target].klass.name, target
