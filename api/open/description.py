"""What is said of one record: a concise description, the same statements in every format.

The description of a record holds
1. every statement with the record as its subject;
2. of each relationship that begins or ends at it (an award, a referral, a provision …), and of each
   of its contacts and venues, every statement;
3. of each other record that refers to it, that reference;
4. the class and the name of whatever these name.

A shared term, a partnership and a source are named by thousands of records: of them, 2 and 3 are
left out but for references between shared terms. Which records use a term, the feed tells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, SKOS

from api.published import Snapshot
from graph.ids import id_of, partnership_of
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import Property

_TYPE = str(RDF.type)
_NAMES = frozenset({_TYPE, str(SKOS.prefLabel), str(FP.name), str(FP.title)})
_HUBS = frozenset({"Partnership", "Source", "SourcePart"})
_PARTS = frozenset({"Contact", "Venue"})
"""Classes of nodes that are of use only with what they belong to."""


@dataclass(frozen=True, slots=True)
class Index:
    """The statements of a release as descriptions need them."""

    about: Mapping[str, Sequence[ox.Quad]]
    """By record: what is said of it."""
    toward: Mapping[str, Sequence[ox.Quad]]
    """By record: the references to it of records that are nodes."""
    joining: Mapping[str, Sequence[str]]
    """By record: the relationships that begin or end at it, its contacts and its venues."""


def index_of(snapshot: Snapshot) -> Index:
    """The index of a release, made once."""
    return snapshot.once("descriptions", lambda: _indexed(snapshot))


def describe(snapshot: Snapshot, identifier: str, hidden: frozenset[ox.Quad]) -> list[ox.Quad]:
    """The description of a record, in one graph and in order, without `hidden` statements.

    Raises KeyError if the release does not hold the record.
    """
    index = index_of(snapshot)
    said = list(index.about[identifier])
    is_hub = partnership_of(identifier) == SHARED or _label(snapshot, identifier) in _HUBS
    toward = index.toward.get(identifier, ())
    if is_hub:
        toward = [q for q in toward if _is_shared(q.subject) and _is_shared(q.object)]
    else:
        for relationship in index.joining.get(identifier, ()):
            said += index.about.get(relationship, ())
    said += toward
    named = {one for quad in said for one in _records_in(quad)} - {identifier}
    said += [q for one in named for q in index.about.get(one, ()) if q.predicate.value in _NAMES]
    left = {quad.triple for quad in said if quad not in hidden}
    return [ox.Quad(t.subject, t.predicate, t.object) for t in sorted(left, key=str)]


def is_detail(snapshot: Snapshot, identifier: str) -> bool:
    """Whether a record is told in full with those that it joins or belongs to."""
    return identifier in snapshot.edges or _label(snapshot, identifier) in _PARTS


def name_of(snapshot: Snapshot, identifier: str) -> str:
    """What a record is called; its id where it has no name."""
    node = snapshot.nodes.get(identifier)
    columns = node.properties if node else {}
    for key in ("name", "title"):
        if columns.get(key):
            return str(columns[key])
    for quad in snapshot.by_subject.get(identifier, ()):
        is_name = quad.predicate.value in _NAMES and quad.predicate.value != _TYPE
        if is_name and isinstance(quad.object, ox.Literal):
            return quad.object.value
    return identifier


def _label(snapshot: Snapshot, identifier: str) -> str:
    node = snapshot.nodes.get(identifier)
    return node.label if node else ""


def _is_shared(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(f"{ID}{SHARED}/")


def _records_in(quad: ox.Quad) -> Iterable[str]:
    for term in (quad.subject, quad.object):
        if isinstance(term, ox.NamedNode) and term.value.startswith(str(ID)):
            yield id_of(term.value)


def _indexed(snapshot: Snapshot) -> Index:
    references = _references(snapshot)
    toward: dict[str, list[ox.Quad]] = {}
    joining: dict[str, list[str]] = {}
    for identifier, quads in snapshot.by_subject.items():
        edge = snapshot.edges.get(identifier)
        if edge:
            for end in {edge.start[1], edge.end[1]}:
                joining.setdefault(end, []).append(identifier)
            continue
        is_part = _label(snapshot, identifier) in _PARTS
        for quad in quads:
            if quad.predicate.value in references and isinstance(quad.object, ox.NamedNode):
                if is_part:
                    joining.setdefault(id_of(quad.object.value), []).append(identifier)
                toward.setdefault(id_of(quad.object.value), []).append(quad)
    return Index(snapshot.by_subject, toward, joining)


def _references(snapshot: Snapshot) -> frozenset[str]:
    """The predicates that lead from one record to another, but for where it is said."""

    def leads(prop: Property) -> bool:
        return prop.relation is not None

    return frozenset(
        str(prop.iri) for klass in snapshot.schema.nodes for prop in klass.properties if leads(prop)
    )
