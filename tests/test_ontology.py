"""The ontology's own quality: whole, consistent, aligned with terms that exist, and used."""

import re
from collections.abc import Iterator
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate as pyshacl_validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node as Term

from graph.build import build_dataset
from graph.model import PropertyGraph
from graph.release import Release, read_quads
from ontology.namespaces import CODES, FP, ID, SHAPES, TERMS
from ontology.schema import Class, Property, Schema, ontology

FILES = (TERMS, CODES, SHAPES)
CLOSED: dict[str, type[rdflib.namespace.DefinedNamespace]] = {
    str(vocabulary._NS): vocabulary
    for vocabulary in (
        rdflib.DC,
        rdflib.DCTERMS,
        rdflib.ORG,
        rdflib.PROV,
        rdflib.QB,
        RDFS,
        rdflib.SDO,
        SKOS,
    )
}
OTHER_TERMS = {
    # rdflib ships no closed namespace of these three, and their files are not at hand: what other
    # projects' files use is all that was checked.
    "http://purl.org/vocab/cpsv#PublicService",
    "http://data.europa.eu/m8g/Participation",
    "http://purl.org/net/p-plan#Step",
}
ALIGNMENT = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, RDFS.seeAlso)


def _ours(graph: Graph, *kinds: URIRef) -> list[URIRef]:
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(str(FP)))


def _terms() -> list[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    return _ours(ontology(), *kinds)


# ---------------------------------------------------------------- whole


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_two_parsers_read_the_same_triples(path: Path) -> None:
    by_oxigraph = ox.serialize(
        ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES
    )
    assert by_oxigraph is not None
    assert isomorphic(Graph().parse(path, format="turtle"), Graph().parse(by_oxigraph, format="nt"))


def test_every_term_has_one_label_and_one_definition() -> None:
    graph = ontology()
    for term in _terms():
        assert len(list(graph.objects(term, RDFS.label))) == 1, term
        assert len(list(graph.objects(term, SKOS.definition))) == 1, term


def test_every_word_and_shared_term_has_one_label_and_one_definition() -> None:
    graph = Graph().parse(CODES)
    words = set(graph.subjects(RDF.type))
    assert len(words) > 200
    for word in words:
        assert len(list(graph.objects(word, SKOS.prefLabel))) == 1, word
        assert len(list(graph.objects(word, SKOS.definition))) == 1, word


def test_words_of_a_list_have_different_labels_and_places(schema: Schema) -> None:
    for name, words in schema.codes.items():
        assert words, name
        assert len({w.label.lower() for w in words}) == len(words), name
        assert all(w.rank >= 1 for w in words), name


def test_every_term_that_shapes_and_codes_use_is_declared() -> None:
    declared = set(_terms()) | set(ontology().subjects(SKOS.prefLabel))
    for path in (SHAPES, CODES):
        for triple in Graph().parse(path):
            for term in triple:
                if isinstance(term, URIRef) and term.startswith(str(FP)):
                    is_shape = (term, RDF.type, SH.NodeShape) in ontology()
                    assert term in declared or is_shape, f"{term} in {path.name}"


def test_every_property_has_one_nature_that_its_shapes_agree_with(schema: Schema) -> None:
    graph = ontology()
    for klass, prop in _columns(schema):
        if prop.iri.startswith(str(FP)):
            natures = {OWL.ObjectProperty, OWL.DatatypeProperty} & set(
                graph.objects(prop.iri, RDF.type)
            )
            refers = prop.type in ("code", "reference")
            expected = OWL.ObjectProperty if refers else OWL.DatatypeProperty
            assert natures == {expected}, f"{klass.name}.{prop.key}"


def test_functional_means_one_value_in_every_shape(schema: Schema) -> None:
    single: dict[URIRef, bool] = {}
    for _, prop in _columns(schema):
        single[prop.iri] = single.get(prop.iri, True) and not prop.many
    for iri, one in single.items():
        if iri.startswith(str(FP)):
            assert ((iri, RDF.type, OWL.FunctionalProperty) in ontology()) == one, iri


def test_a_stated_range_is_what_the_shapes_allow(schema: Schema) -> None:
    graph = ontology()
    for klass, prop in _columns(schema):
        stated = graph.value(prop.iri, RDFS.range)
        for target in prop.targets:
            above = set(graph.transitive_objects(FP[target], RDFS.subClassOf))
            assert stated is None or stated in above, f"{klass.name}.{prop.key}: {target}"


def test_every_class_with_a_table_has_a_heading_and_is_disjoint_from_the_others(
    schema: Schema,
) -> None:
    graph = ontology()
    groups = [
        set(graph.items(graph.value(s, OWL.members)))
        for s in graph.subjects(RDF.type, OWL.AllDisjointClasses)
    ]
    assert {c.iri for c in schema} | {FP.Code} in groups
    assert {FP[name] for name in schema.codes} in groups
    for klass in schema:
        assert graph.value(klass.iri, FP.heading), klass.name


def test_the_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl_validate(
        Graph(), shacl_graph=Graph().parse(SHAPES), meta_shacl=True, do_owl_imports=False
    )
    assert conforms, text


# ---------------------------------------------------------------- consistent


def _contradictions(data: Graph) -> list[str]:
    """What an OWL 2 RL reasoner finds impossible in the data together with the terms and codes."""
    closed = Graph()
    for path in (TERMS, CODES):
        closed.parse(path)
    for triple in data:
        closed.add(triple)
    reasoner = owlrl.OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    reasoner.closure()
    return [str(message) for message in reasoner.error_messages]


def test_a_shipped_partnership_contradicts_nothing(schema: Schema) -> None:
    folder = Path(__file__).parent.parent / "graph" / "partnerships" / "example"
    data = Graph()
    built = Dataset().parse(data=b"".join(build_dataset([folder], schema)), format="nquads")
    for subject, predicate, value, _ in built.quads():
        data.add((subject, predicate, value))
    assert _contradictions(data) == []
    agency = next(iter(data.subjects(RDF.type, FP.Agency)))
    data.add((agency, RDF.type, FP.Fund))
    assert any(str(agency) in message for message in _contradictions(data))


_A, _B = ID["t/agency/a"], ID["t/area/b"]
_NONSENSE: dict[str, list[tuple[Term, URIRef, Term]]] = {
    "an agency is no fund": [(_A, RDF.type, FP.Agency), (_A, RDF.type, FP.Fund)],
    "only an award has an amount": [
        (_A, RDF.type, FP.Agency),
        (_A, FP.amount, Literal("5", datatype=rdflib.XSD.decimal)),
    ],
    "an area is no source": [(_B, RDF.type, FP.Area), (_A, FP.source, _B)],
    "a word of one list is in no other": [(_A, FP.standing, FP.stated)],
    "stated is not inferred": [(_A, FP.basis, FP.stated), (_A, FP.basis, FP.inferred)],
    "an area does not lie in itself": [(_B, FP.within, _B)],
}


@pytest.mark.parametrize("triples", _NONSENSE.values(), ids=list(_NONSENSE))
def test_nonsense_is_found(triples: list[tuple[Term, URIRef, Term]]) -> None:
    data = Graph()
    for triple in triples:
        data.add(triple)
    assert _contradictions(data)


def test_the_first_halves_of_nonsense_are_none() -> None:
    data = Graph()
    for triples in _NONSENSE.values():
        for triple in triples[:1] if len(triples) > 1 else []:
            data.add(triple)
    assert len(data) > 2
    assert _contradictions(data) == []


# ---------------------------------------------------------------- aligned


def _aligned() -> Iterator[tuple[Term, Term, Term]]:
    for predicate in ALIGNMENT:
        for subject, value in ontology().subject_objects(predicate):
            if isinstance(value, URIRef) and not str(value).startswith((str(FP), str(ID))):
                yield subject, predicate, value


def test_aligned_terms_exist_in_their_vocabularies() -> None:
    used = {str(value) for _, _, value in _aligned()}
    for term in sorted(used):
        namespace = re.sub(r"[^/#]*$", "", term)
        if namespace in CLOSED:
            assert URIRef(term) in CLOSED[namespace], term
        else:
            assert term in OTHER_TERMS, term
    assert used >= OTHER_TERMS, "a term of the short list is no longer used"


def test_a_class_is_aligned_with_a_class_and_a_property_with_a_property() -> None:
    """The public vocabularies write a class with a capital, and a property without."""
    for subject, predicate, value in _aligned():
        if predicate != RDFS.seeAlso:
            is_class = (subject, RDF.type, OWL.Class) in ontology()
            name = re.sub(r".*[/#]", "", str(value))
            assert name[0].isupper() == is_class, f"{subject} {predicate} {value}"


# ---------------------------------------------------------------- used


def _columns(schema: Schema) -> Iterator[tuple[Class, Property]]:
    for klass in schema:
        for prop in klass.properties:
            yield klass, prop


def _used(graph: PropertyGraph, schema: Schema) -> set[URIRef]:
    """The classes and properties that at least one record or relationship uses."""
    found: set[URIRef] = set()
    edges = {klass.relation: klass for klass in schema.edges}
    records = [(schema.classes[n.label], n.properties) for n in graph.nodes]
    records += [(edges[e.type], e.properties) for e in graph.edges if e.id]
    for klass, columns in records:
        found.add(klass.iri)
        found |= {klass.property(key).iri for key in klass.ends or ()}
        filled = {key for key, value in columns.items() if value not in (None, "", ())}
        found |= {p.iri for p in klass.stored if p.key in filled}
    for edge in graph.edges:
        if edge.id is None:
            start = schema.classes[edge.start[0]]
            found |= {p.iri for p in start.properties if p.relation == edge.type}
    return found


def test_every_class_and_property_is_used_by_a_shipped_partnership(
    graph: PropertyGraph, schema: Schema
) -> None:
    wanted = {klass.iri for klass in schema} | {prop.iri for _, prop in _columns(schema)}
    assert wanted - _used(graph, schema) == set()


def test_every_relationship_joins_something_in_a_shipped_partnership(
    graph: PropertyGraph, schema: Schema
) -> None:
    assert {r.type for r in schema.relationships} - {e.type for e in graph.edges} == set()


def test_every_word_and_shared_term_is_used_by_a_shipped_partnership(
    release: Release, schema: Schema
) -> None:
    """A word that nobody needs is one more to choose wrongly."""
    used = {
        quad.object.value for quad in read_quads(release) if isinstance(quad.object, ox.NamedNode)
    }
    words = {str(word.iri) for found in schema.codes.values() for word in found}
    kinds = (FP.ClientGroup, FP.Need, FP.ServiceType)
    terms = {str(t) for kind in kinds for t in ontology().subjects(RDF.type, kind)}
    # An accepted answer of a provider writes it (api/asking_once): no document says it of itself.
    words -= {f"{ID}shared/part-reason/superseded"}
    assert words - used == set()
    assert terms - used == set()
