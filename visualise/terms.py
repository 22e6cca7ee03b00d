"""What the reference says of a term: its words, its public counterparts, its uses, its place.

Everything is read from the ontology and the Schema; nothing is said here that they do not hold.
Records are looked at in `visualise/examples.py`, pages are written in `visualise/reference.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from ontology.namespaces import CODES, FP, ID, SHARED
from ontology.schema import Class, Property, Schema

PREFIXES: Mapping[str, str] = {
    "fp": str(FP),
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "m8g": "http://data.europa.eu/m8g/",
    "org": "http://www.w3.org/ns/org#",
    "pplan": "http://purl.org/net/p-plan#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdfs": str(RDFS),
    "schema": "https://schema.org/",
    "skos": str(SKOS),
}
_ALIGNMENT = {
    RDFS.subClassOf: "a kind of",
    RDFS.subPropertyOf: "a narrower form of",
    SKOS.closeMatch: "close to",
    RDFS.seeAlso: "see also",
}
_NATURES = {
    OWL.FunctionalProperty: "a record has at most one",
    OWL.IrreflexiveProperty: "never leads to the record itself",
    OWL.AsymmetricProperty: "never leads back",
    OWL.SymmetricProperty: "holds both ways",
}
_TYPES = {
    "string": "text",
    "text": "text in English",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "yes or no",
    "date": "a day: 2013-03-31",
    "edtf": "a date as EDTF: 2013-03-31, 2013-03, 2012-04/2013-03",
    "code": "a word of a list",
    "reference": "the id of another record",
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term stands to a public one, or to a wider one of ours, in words."""

    how: str
    iri: str
    short: str
    ours: bool


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """A property as the ontology has it, and where the tables use it."""

    iri: str
    short: str
    anchor: str
    label: str
    definition: str
    alignments: tuple[Alignment, ...]
    natures: tuple[str, ...]
    uses: tuple[tuple[Class, Property], ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A shared term with what falls under it."""

    id: str
    label: str
    definition: str
    also: tuple[str, ...]
    under: tuple["Branch", ...]


def short(iri: str) -> str:
    """An IRI with its usual prefix, such as `org:Post`."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def anchor(iri: str) -> str:
    """The name of a property's place on the page of properties."""
    return short(iri).removeprefix("fp:").replace(":", "-")


def type_in_words(prop: Property) -> str:
    """What may stand in a column, for somebody who fills it in."""
    return _TYPES[prop.type]


def words_of(graph: Graph, term: URIRef) -> tuple[str, str]:
    """A term's label and definition."""
    label = graph.value(term, RDFS.label) or graph.value(term, SKOS.prefLabel)
    return str(label or short(str(term))), str(graph.value(term, SKOS.definition) or "")


def alignments(graph: Graph, term: URIRef) -> tuple[Alignment, ...]:
    """The terms that one narrows or comes close to: wider ones of ours first."""
    found = [
        Alignment(how, str(value), short(str(value)), str(value).startswith(str(FP)))
        for predicate, how in _ALIGNMENT.items()
        for value in graph.objects(term, predicate)
        if isinstance(value, URIRef)
    ]
    order = list(_ALIGNMENT.values())
    return tuple(sorted(found, key=lambda a: (not a.ours, order.index(a.how), a.iri)))


def properties(graph: Graph, schema: Schema) -> tuple[PropertyFacts, ...]:
    """Every property of the ontology and of the tables, in the alphabet of their names."""
    uses: dict[URIRef, list[tuple[Class, Property]]] = {}
    for klass in schema:
        for prop in klass.properties:
            uses.setdefault(prop.iri, []).append((klass, prop))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    every = {t for t in declared if isinstance(t, URIRef)} | set(uses)
    found = [_property(graph, iri, uses.get(iri, ())) for iri in every]
    return tuple(sorted(found, key=lambda p: (p.anchor.lower(), p.anchor)))


def _property(graph: Graph, iri: URIRef, uses: Iterable[tuple[Class, Property]]) -> PropertyFacts:
    uses = tuple(uses)
    label, definition = words_of(graph, iri)
    if not definition and uses:  # a public term, which the shapes name and explain for us
        label, definition = uses[0][1].header, uses[0][1].help
    return PropertyFacts(
        iri=str(iri),
        short=short(str(iri)),
        anchor=anchor(str(iri)),
        label=label,
        definition=definition,
        alignments=alignments(graph, iri),
        natures=tuple(w for kind, w in _NATURES.items() if (iri, RDF.type, kind) in graph),
        uses=uses,
    )


def headings(graph: Graph, schema: Schema) -> dict[str, tuple[Class, ...]]:
    """The classes under the headings that the ontology gives them, in the order of the tables."""
    found: dict[str, list[Class]] = {}
    for klass in schema:
        heading = str(graph.value(klass.iri, FP.heading) or "others")
        found.setdefault(heading, []).append(klass)
    return {heading: tuple(classes) for heading, classes in found.items()}


def wider_classes(graph: Graph, schema: Schema) -> tuple[URIRef, ...]:
    """Our classes that have neither a table nor words: what several tables have in common."""
    with_table = {c.iri for c in schema} | {FP[name] for name in schema.codes}
    found = {
        s
        for s in graph.subjects(RDF.type, OWL.Class)
        if isinstance(s, URIRef) and str(s).startswith(str(FP))
    }
    return tuple(sorted(found - with_table))


def tree(graph: Graph, class_name: str) -> tuple[Branch, ...]:
    """The shared terms of a class, broader ones above; one with two broader ones stands twice."""
    terms = [t for t in _listed(graph, FP[class_name]) if str(t).startswith(f"{ID}{SHARED}/")]
    under: dict[URIRef | None, list[URIRef]] = {}
    for term in terms:
        wider = sorted(str(w) for w in graph.objects(term, FP.broader))
        for parent in map(URIRef, wider) if wider else [None]:
            under.setdefault(parent, []).append(term)
    return tuple(_branch(graph, term, under, ()) for term in under.get(None, ()))


def _listed(graph: Graph, kind: URIRef) -> list[URIRef]:
    """The members of a class in the order of codes.ttl, which people chose."""
    text = CODES.read_text(encoding="utf-8")
    found = [t for t in graph.subjects(RDF.type, kind) if isinstance(t, URIRef)]

    def place(term: URIRef) -> tuple[int, str]:
        local = str(term).rsplit("/", 1)[-1]
        at = text.find(f":{local} a {short(str(kind))} ")
        return (at if at >= 0 else len(text), str(term))

    return sorted(found, key=place)


def _branch(
    graph: Graph,
    term: URIRef,
    under: Mapping[URIRef | None, list[URIRef]],
    above: tuple[URIRef, ...],
) -> Branch:
    label, definition = words_of(graph, term)
    path = (*above, term)
    return Branch(
        id=str(term).rsplit("/", 1)[-1],
        label=label,
        definition=definition,
        also=tuple(sorted(str(o) for o in graph.objects(term, SKOS.altLabel))),
        under=tuple(
            _branch(graph, child, under, path) for child in under.get(term, ()) if child not in path
        ),
    )
