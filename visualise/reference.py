"""The reference: static pages that explain every table, column, word and relationship.

The pages are made from the ontology, the Schema and the shipped records; there is no script in them
and nothing is fetched, so they work from a memory stick. The same inputs give the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import Graph, URIRef

from graph.model import PropertyGraph
from ontology.namespaces import FP
from ontology.schema import Class, Property, Schema, Word
from visualise.examples import examples, public, word_counts
from visualise.model_picture import picture
from visualise.terms import (
    alignments,
    anchor,
    headings,
    properties,
    short,
    tree,
    type_in_words,
    wider_classes,
    words_of,
)

_TEMPLATES = Path(__file__).parent / "templates"
_MENU = (
    ("index.html", "What can be recorded"),
    ("properties.html", "Properties"),
    ("codes.html", "Lists of words"),
    ("terms.html", "Groups, needs, service types"),
    ("how.html", "How tables become a graph"),
)
_DOORS = (
    ("#classes", "The tables", "one page for each, with an example"),
    ("properties.html", "Properties", "each column's meaning and public counterpart"),
    ("codes.html", "Lists of words", "what each word means"),
    ("terms.html", "Groups, needs and service types", "the terms all partnerships share"),
    ("how.html", "How tables become a graph", "for whoever adds a table or a question"),
)
_SHARED = ("ClientGroup", "Need", "ServiceType")


@dataclass(frozen=True, slots=True)
class _Join:
    """A relationship type with the classes at either end, in the order of the tables."""

    type: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    record: Class | None


@dataclass(frozen=True, slots=True)
class _List:
    """A list of words: where it is used, and how many records use each word."""

    name: str
    iri: URIRef
    label: str
    definition: str
    uses: tuple[tuple[Class, Property], ...]
    rows: tuple[tuple[Word, int], ...]

    @property
    def unused(self) -> int:
        """How many of its words no record uses."""
        return sum(1 for _, count in self.rows if not count)


def write_reference(
    schema: Schema, ontology_graph: Graph, graph: PropertyGraph, out: Path
) -> tuple[Path, ...]:
    """Write the reference's pages into a folder, and say which files they are.

    `graph` gives the examples and counts; records for staff are never shown or counted. Other
    files in the folder are left alone.
    """
    out.mkdir(parents=True, exist_ok=True)
    environment = _environment(schema, ontology_graph)
    written = []
    for name, template, context in _pages(schema, ontology_graph, public(graph)):
        text = environment.get_template(template).render(page=name, **context)
        path = out / name
        path.write_text(f"{text.rstrip()}\n", encoding="utf-8", newline="\n")
        written.append(path)
    style = out / "reference.css"
    style.write_bytes((_TEMPLATES / "reference.css").read_bytes())
    return (*written, style)


def _environment(schema: Schema, graph: Graph) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        schema=schema,
        menu=_MENU,
        short=short,
        anchor=anchor,
        type_in_words=type_in_words,
        class_page=lambda name: f"class-{schema.classes[name].slug}.html",
        home=partial(_home, schema),
        label_of=lambda name: words_of(graph, FP[name])[0],
        words=lambda name: [word.label for word in schema.codes[name]],
    )
    return environment


def _home(schema: Schema, iri: str) -> str:
    """The page, and the place on it, that explains a term of ours."""
    name = iri.removeprefix(str(FP))
    if name in schema.classes:
        return f"class-{schema.classes[name].slug}.html"
    if name in schema.codes:
        return f"codes.html#{name}"
    return f"how.html#{name}" if name[0].isupper() else f"properties.html#{anchor(iri)}"


Page = tuple[str, str, dict[str, Any]]


def _pages(schema: Schema, graph: Graph, records: PropertyGraph) -> Iterator[Page]:
    joins = _joins(schema)
    yield "index.html", "reference_index.html", _index(schema, graph, joins)
    yield from _class_pages(schema, graph, records, joins)
    yield "properties.html", "reference_properties.html", {"properties": properties(graph, schema)}
    yield "codes.html", "reference_codes.html", _codes(schema, graph, records)
    trees = [(schema.classes[name], tree(graph, name)) for name in _SHARED]
    yield "terms.html", "reference_terms.html", {"trees": trees}
    yield "how.html", "reference_how.html", _how(schema, graph)


def _joins(schema: Schema) -> tuple[_Join, ...]:
    order = list(schema.classes)
    return tuple(
        _Join(
            type=r.type,
            starts=tuple(sorted({a for a, _ in r.pairs}, key=order.index)),
            ends=tuple(sorted({b for _, b in r.pairs}, key=order.index)),
            record=r.record,
        )
        for r in schema.relationships
    )


def _index(schema: Schema, graph: Graph, joins: tuple[_Join, ...]) -> dict[str, Any]:
    under = headings(graph, schema)
    return {
        "doors": _DOORS,
        "headings": under,
        "picture": picture(schema, under),
        "relationships": joins,
    }


def _class_pages(
    schema: Schema, graph: Graph, records: PropertyGraph, joins: tuple[_Join, ...]
) -> Iterator[Page]:
    shown = examples(records, schema)
    for heading, classes in headings(graph, schema).items():
        for klass in classes:
            columns = klass.columns
            context = {
                "klass": klass,
                "heading": heading,
                "alignments": alignments(graph, klass.iri),
                "public_terms": {p.iri: alignments(graph, p.iri) for p in columns},
                "derived": [p for p in klass.properties if p.derived],
                "out": _leaving(klass, schema, joins),
                "into": _arriving(klass, schema, joins),
                "kept": [p for p in columns if p.type == "reference" and _is_kept(p, klass)],
                "example": shown.get(klass.name),
            }
            yield f"class-{klass.slug}.html", "reference_class.html", context


def _is_kept(prop: Property, klass: Class) -> bool:
    """Whether a reference stays an id in a column, and is no relationship or end of one."""
    return prop.as_column if klass.ends is None else prop.key not in klass.ends


def _leaving(klass: Class, schema: Schema, joins: tuple[_Join, ...]) -> list[_Join]:
    """The relationships from a class, each with the ends that this class can have."""
    return [
        _Join(j.type, (klass.name,), tuple(e for e in j.ends if (klass.name, e) in pairs), j.record)
        for j, pairs in zip(joins, _pairs(schema), strict=True)
        if klass.name in j.starts
    ]


def _arriving(klass: Class, schema: Schema, joins: tuple[_Join, ...]) -> list[_Join]:
    return [
        _Join(
            j.type, tuple(s for s in j.starts if (s, klass.name) in pairs), (klass.name,), j.record
        )
        for j, pairs in zip(joins, _pairs(schema), strict=True)
        if klass.name in j.ends
    ]


def _pairs(schema: Schema) -> list[frozenset[tuple[str, str]]]:
    return [frozenset(r.pairs) for r in schema.relationships]


def _codes(schema: Schema, graph: Graph, records: PropertyGraph) -> dict[str, Any]:
    counts = word_counts(records, schema)
    lists = []
    for name, words in schema.codes.items():
        label, definition = words_of(graph, FP[name])
        uses = tuple(
            (klass, prop)
            for klass in schema
            for prop in klass.columns
            if prop.type == "code" and prop.targets == (name,)
        )
        rows = tuple((word, counts[name, word.label]) for word in words)
        lists.append(_List(name, FP[name], label, definition, uses, rows))
    return {
        "lists": lists,
        "total": sum(len(entry.rows) for entry in lists),
        "unused": sum(entry.unused for entry in lists),
    }


def _how(schema: Schema, graph: Graph) -> dict[str, Any]:
    derived: dict[URIRef, tuple[Property, list[str]]] = {}
    for klass in schema:
        for prop in klass.properties:
            if prop.derived:
                derived.setdefault(prop.iri, (prop, []))[1].append(klass.name)
    wider = [
        (str(term), *words_of(graph, term), alignments(graph, term))
        for term in wider_classes(graph, schema)
    ]
    return {"derived": list(derived.values()), "wider": wider}
