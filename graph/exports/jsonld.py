"""JSON-LD with a context made from the schema: keys are those of tables and answers, ids are short.

The context stands in the document itself: nothing remote is named. A key that means one property in
one class and another elsewhere (`name` of a service, `name` of a need) keeps its commonest meaning;
the other property goes by its own last part (`prefLabel`).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, XSD

from graph.exports.rdf import NAMESPACES, class_ranks, parts, value_of
from ontology.namespaces import EDTF, ID
from ontology.schema import Property, Schema, Type

_REFERENCE = "@id"
_COERCIONS: Mapping[Type, str] = {
    "integer": str(XSD.integer),
    "decimal": str(XSD.decimal),
    "boolean": str(XSD.boolean),
    "date": str(XSD.date),
    "edtf": str(EDTF.EDTF),
    "code": _REFERENCE,
    "reference": _REFERENCE,
}
_LANGUAGE = "en"
"""The language of texts that have one, as the tables are read."""

Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the context: its property, what its values are, and whether they are a list."""

    name: str
    iri: str
    kind: str
    """`@id`, the IRI of a datatype, `@language`, or nothing for plain text."""
    many: bool


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The keys by property and kind of value, and the classes' names by IRI."""

    keys: Mapping[tuple[str, str], _Key]
    classes: Mapping[str, str]


def context_document(schema: Schema) -> str:
    """The context alone, as a JSON-LD document."""
    return _text({"@context": _context(schema)})


def jsonld(quads: Sequence[ox.Quad], schema: Schema) -> str:
    """All statements, each in its named graph, with the context in the document."""
    ranks = class_ranks(quads, schema)
    last = len(ranks)
    vocabulary = _Vocabulary(_keys(schema), {str(klass.iri): klass.name for klass in schema})
    graphs: dict[str, dict[str, list[ox.Triple]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        graphs[name][value_of(quad.subject)].append(quad.triple)
    content: list[Mapping[str, Any]] = []
    for name, subjects in sorted(graphs.items()):
        ordered = sorted(subjects, key=lambda s: (ranks.get(s, last), s))
        records = [_record(s, subjects[s], vocabulary) for s in ordered]
        content += [{"@id": _short(name), "@graph": records}] if name else records
    return _text({"@context": _context(schema), "@graph": content})


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# ---------------------------------------------------------------- the context


def _meaning(prop: Property) -> tuple[str, str]:
    kind = "@language" if prop.type == "text" else _COERCIONS.get(prop.type, "")
    return str(prop.iri), kind


def _keys(schema: Schema) -> dict[tuple[str, str], _Key]:
    """The keys of the context, by property and kind of value; each has one name."""
    uses: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    many: dict[tuple[str, str], bool] = {}
    for prop in (p for klass in schema for p in klass.columns):
        meaning = _meaning(prop)
        uses[prop.key][meaning] += 1
        many[meaning] = many.get(meaning, False) or prop.many
    found: dict[tuple[str, str], _Key] = {}
    taken = {klass.name for klass in schema} | set(NAMESPACES)
    for meaning, name in sorted(_commonest(uses).items(), key=lambda item: item[1]):
        found[meaning] = _Key(name, *meaning, many[meaning])
        taken.add(name)
    for meaning in sorted(set(many) - set(found)):
        name = parts(meaning[0])[1]
        if name not in taken:
            found[meaning] = _Key(name, *meaning, many[meaning])
            taken.add(name)
    return found


def _commonest(uses: Mapping[str, Counter[tuple[str, str]]]) -> dict[tuple[str, str], str]:
    """For each meaning the one key under which it is written, where it is that key's commonest."""
    names: dict[tuple[str, str], tuple[int, str]] = {}
    for key, counts in sorted(uses.items()):
        # Of two as common, the one that is called so has the name.
        meaning, count = min(
            counts.items(), key=lambda item: (-item[1], parts(item[0][0])[1] != key, item[0])
        )
        if meaning not in names or count > names[meaning][0]:
            names[meaning] = (count, key)
    return {meaning: key for meaning, (_, key) in names.items()}


def _context(schema: Schema) -> dict[str, Any]:
    terms: dict[str, Any] = {klass.name: _compact(str(klass.iri)) for klass in schema}
    for key in _keys(schema).values():
        definition: dict[str, Any] = {"@id": _compact(key.iri)}
        if key.kind == "@language":
            definition["@language"] = _LANGUAGE
        elif key.kind:
            definition["@type"] = key.kind if key.kind == _REFERENCE else _compact(key.kind)
        if key.many:
            definition["@container"] = "@set"
        terms[key.name] = definition
    head = {"@version": 1.1, "@base": str(ID), **NAMESPACES}
    return head | dict(sorted(terms.items()))


# ---------------------------------------------------------------- the records


def _record(subject: str, triples: Iterable[ox.Triple], vocabulary: _Vocabulary) -> dict[str, Any]:
    record: dict[str, Any] = {"@id": _short(subject)}
    types = sorted({value_of(t.object) for t in triples if t.predicate.value == str(RDF.type)})
    if types:
        record["@type"] = [vocabulary.classes.get(iri, _compact(iri)) for iri in types]
    cells: dict[str, list[Any]] = defaultdict(list)
    many = set()
    rest = (t for t in triples if t.predicate.value != str(RDF.type))
    for triple in sorted(rest, key=str):
        predicate = triple.predicate.value
        key = vocabulary.keys.get((predicate, _kind(triple.object)))
        if key:
            cells[key.name].append(_plain(triple.object))
            many |= {key.name} if key.many else set()
        else:
            cells[_compact(predicate)].append(_expanded(triple.object))
    for name, values in sorted(cells.items()):
        record[name] = values if name in many or len(values) > 1 else values[0]
    return record


def _kind(term: Object) -> str:
    if not isinstance(term, ox.Literal):
        return _REFERENCE
    if term.language:
        return "@language" if term.language == _LANGUAGE else f"@language {term.language}"
    return "" if term.datatype.value == str(XSD.string) else term.datatype.value


def _plain(term: Object) -> str | int | bool:
    """A value under a key that says what it is; decimals as text, for JSON rounds."""
    if not isinstance(term, ox.Literal):
        return _short(value_of(term))
    datatype = term.datatype.value
    if datatype == str(XSD.boolean) and term.value in ("true", "false"):
        return term.value == "true"
    if datatype == str(XSD.integer) and str(int(term.value)) == term.value:
        return int(term.value)
    return term.value


def _expanded(term: Object) -> dict[str, str]:
    """A value that says itself what it is."""
    if not isinstance(term, ox.Literal):
        return {"@id": _short(value_of(term))}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == str(XSD.string):
        return {"@value": term.value}
    return {"@value": term.value, "@type": _compact(term.datatype.value)}


def _short(iri: str) -> str:
    """One of our IRIs as its short identifier, relative to the context's base; others by prefix."""
    return iri.removeprefix(str(ID)) if iri.startswith(str(ID)) else _compact(iri)


def _compact(iri: str) -> str:
    for prefix, namespace in NAMESPACES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
