"""Questions of the catalogue as SPARQL on rdflib, over one partnership's facts in a graph.

The graph is made from the dicts of `catalogue_by_hand.py`, so that days, names and places stand in
it worked out: that favours rdflib, as does leaving out everybody else. Five questions are one query
each. The others follow chains for which SPARQL has no words (what falls with what, and wider areas
and needs by rule): there it reads the facts, and the rules by hand do the rest.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote

from catalogue_by_hand import KINDS, QUESTIONS, Country, Found, Records, Row
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import ResultRow

IS = Namespace("urn:fingerpost:column:")
_RECORD = "urn:fingerpost:record:"
_REFERENCES = ("action", "answers", "part_of")
"""The columns by which one query joins; the others are texts, numbers, truths and days."""
_LISTS = (
    *("needs", "areas", "groups", "availability", "only_for_needs", "only_in_areas", "holders"),
    *("payers", "answers", "part_of"),
)


def graph_of(records: Records) -> Graph:
    """One partnership's dicts as a graph."""
    graph = Graph()
    for kind in KINDS:
        for row in records.lists[kind]:
            subject = _iri(row["id"])
            graph.add((subject, RDF.type, IS[kind]))
            for key, value in row.items():
                for one in value if isinstance(value, list) else [value]:
                    if one is not None and " " not in key:
                        found = _iri(one) if key in _REFERENCES else Literal(one)
                        graph.add((subject, IS[key], found))
    return graph


def _iri(identifier: str) -> URIRef:
    return URIRef(_RECORD + quote(identifier))


def _query(text: str) -> Query:
    return prepareQuery(text, initNs={"is": IS})


_QUERIES: Mapping[str, Query] = {
    "governance.actions_without_lead": _query(
        """
        SELECT ?action ?lead WHERE {
          ?x a is:actions ; is:id ?action .
          OPTIONAL { ?x is:lead_as_given ?lead }
          FILTER NOT EXISTS { ?l is:action ?x ; is:role "lead" }
          FILTER NOT EXISTS { ?x is:part_of ?w . ?m is:action ?w ; is:role "lead" }
        }
        """
    ),
    "governance.actions_without_deadline": _query(
        """
        SELECT ?action ?kind WHERE {
          ?x a is:actions ; is:id ?action ; is:deadline_kind ?kind .
          FILTER (?kind IN ("none", "to be confirmed"))
        }
        """
    ),
    "governance.gaps_nobody_acts_on": _query(
        """
        SELECT ?gap ?kind WHERE {
          ?x a is:gaps ; is:id ?gap .
          OPTIONAL { ?x is:kind_of_gap ?kind }
          FILTER NOT EXISTS { ?y is:answers ?x }
        }
        """
    ),
    "pathways.routes_not_working": _query(
        """
        SELECT ?route ?start ?end ?status WHERE {
          ?x a is:referrals ; is:id ?route ; is:start_name ?start ; is:end_name ?end ;
             is:status ?status .
          FILTER (?status IN ("missing", "being drafted", "proposed", "to be reinforced"))
        }
        """
    ),
    "capacity.limits": _query(
        """
        SELECT ?service ?state WHERE {
          ?x a is:services ; is:id ?service ; is:availability ?state ; is:standing ?standing .
          FILTER (?standing != "ended")
          FILTER (?state IN ("full", "waiting list", "closed to referrals", "temporary",
                             "partly out of use", "above capacity"))
        }
        """
    ),
}
_FACTS: Mapping[str, Query] = {
    kind: _query(f"SELECT ?x ?column ?value WHERE {{ ?x a is:{kind} ; ?column ?value }}")
    for kind in KINDS
}


def by_sparql(name: str, graph: Graph, slug: str, country: Country) -> Found:
    """The answer to a question: the columns that `QUESTIONS` names."""
    if name in _QUERIES:
        return {tuple(map(_plain, row)) for row in _rows(graph, _QUERIES[name])}
    asked = QUESTIONS[name]
    lists = {kind: _read(graph, kind) if kind in asked.kinds else [] for kind in KINDS}
    return asked.scan(Records(slug, lists), country)


def _rows(graph: Graph, query: Query) -> Iterable[ResultRow]:
    return cast("Iterable[ResultRow]", graph.query(query))


def _plain(value: Any) -> Any:
    return None if value is None else value.toPython()


class _Row(Row):
    """A dict in which what a graph does not say is nothing."""

    def __missing__(self, key: str) -> Any:
        return [] if key in _LISTS else None


def _read(graph: Graph, kind: str) -> list[Row]:
    rows: dict[Any, Row] = {}
    for subject, column, value in _rows(graph, _FACTS[kind]):
        row = rows.setdefault(subject, _Row())
        key = str(column).rpartition(":")[2]
        if key in _LISTS:
            row.setdefault(key, []).append(_plain(value))
        else:
            row[key] = _plain(value)
    return list(rows.values())
