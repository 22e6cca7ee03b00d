"""What RDF exports share (prefixes, order, terms), and the two formats that nobody reads."""

import re
from collections.abc import Iterable, Sequence

import pyoxigraph as ox
from rdflib import OWL, PROV, RDF, RDFS, SKOS, XSD

from graph.ids import id_of
from ontology.namespaces import EDTF, FP, ID
from ontology.schema import Schema

NAMESPACES = {
    "edtf": str(EDTF),
    "fp": str(FP),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "xsd": str(XSD),
}
"""The vocabularies that a release uses, by the prefix they are usually given."""

_XML_FORBIDS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parts(iri: str) -> tuple[str, str]:
    """An IRI as its namespace and its last part."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def xml_text(text: str) -> str:
    """A text without the control characters that XML cannot hold; each becomes a blank."""
    return _XML_FORBIDS.sub(" ", text)


def value_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The text of a term, by which terms are sorted."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def class_ranks(quads: Iterable[ox.Quad], schema: Schema) -> dict[str, int]:
    """By subject: the place of its class in the schema; subjects of other classes are absent."""
    ranks = {str(klass.iri): rank for rank, klass in enumerate(schema)}
    return {
        quad.subject.value: ranks[quad.object.value]
        for quad in quads
        if quad.predicate.value == str(RDF.type)
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in ranks
    }


def prefixes(quads: Sequence[ox.Quad]) -> dict[str, str]:
    """The prefixes that make quads readable: one a vocabulary, one a partnership and class.

    A name that two namespaces would share, or that cannot be a prefix, goes to none but the first.
    """
    found = dict(NAMESPACES)
    for namespace in sorted({parts(iri)[0] for iri in _iris(quads)}):
        if namespace.startswith(str(ID)):
            name = id_of(namespace).strip("/").replace("/", "-") or "id"
            if re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", name):
                found.setdefault(name, namespace)
    return dict(sorted(found.items()))


def _iris(quads: Iterable[ox.Quad]) -> Iterable[str]:
    for quad in quads:
        for term in (quad.subject, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                yield term.value


def rdfxml(quads: Iterable[ox.Quad]) -> tuple[bytes, tuple[str, ...]]:
    """RDF/XML, and what it loses: named graphs always, control characters where there are any."""
    lost: tuple[str, ...] = ()
    triples = set()
    for quad in quads:
        triple = quad.triple
        if isinstance(triple.object, ox.Literal) and _XML_FORBIDS.search(triple.object.value):
            triple = ox.Triple(triple.subject, triple.predicate, _cleaned(triple.object))
            lost = ("Control characters in texts: XML cannot hold them; they are blanks.",)
        triples.add(triple)
    document = ox.serialize(
        sorted(triples, key=str), format=ox.RdfFormat.RDF_XML, prefixes=NAMESPACES
    )
    return document or b"", lost


def _cleaned(literal: ox.Literal) -> ox.Literal:
    if literal.language:
        return ox.Literal(xml_text(literal.value), language=literal.language)
    return ox.Literal(xml_text(literal.value), datatype=literal.datatype)
