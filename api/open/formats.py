"""The forms of linked data: their media types, the endings of their documents, how each is written.

A document is the same statements in each form. Nothing remote is named in any: the JSON-LD carries
its context, cut down to what it uses.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from graph.exports.jsonld import jsonld
from graph.exports.rdf import NAMESPACES, rdfxml
from graph.exports.turtle import turtle
from graph.release import nquads
from ontology.schema import Schema

HTML = "text/html"
JSONLD = "application/ld+json"
TURTLE = "text/turtle"

Writer = Callable[[Sequence[ox.Quad], Schema], bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its media type, the ending of its documents, and what writes it."""

    media_type: str
    ending: str
    name: str
    write: Writer


def _jsonld(quads: Sequence[ox.Quad], schema: Schema) -> bytes:
    document = json.loads(jsonld(quads, schema))
    used = set(_words(document["@graph"]))
    prefixes = {word.split(":", 1)[0] for word in used if ":" in word}
    context = document["@context"]
    terms = {k: v for k, v in context.items() if k.startswith("@") or k in used}
    prefixes |= {word.split(":", 1)[0] for word in _words(list(terms.values()))}
    kept = {k: v for k, v in context.items() if k in terms or k in prefixes & set(NAMESPACES)}
    text = json.dumps(
        {"@context": kept, "@graph": document["@graph"]}, ensure_ascii=False, indent=1
    )
    return f"{text}\n".encode()


def _words(value: Any) -> list[str]:
    """All keys and texts in a document: what may be a term of its context."""
    if isinstance(value, Mapping):
        return [word for k, v in value.items() for word in (k, *_words(v))]
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    return [value] if isinstance(value, str) else []


def _turtle(quads: Sequence[ox.Quad], schema: Schema) -> bytes:
    return turtle(quads, schema).encode()


def _ntriples(quads: Sequence[ox.Quad], _: Schema) -> bytes:
    return nquads([ox.Quad(q.subject, q.predicate, q.object) for q in quads])


def _rdfxml(quads: Sequence[ox.Quad], _: Schema) -> bytes:
    return rdfxml(quads)[0]


FORMS = (
    Form(JSONLD, ".jsonld", "JSON-LD", _jsonld),
    Form(TURTLE, ".ttl", "Turtle", _turtle),
    Form("application/n-triples", ".nt", "N-Triples", _ntriples),
    Form("application/rdf+xml", ".rdf", "RDF/XML", _rdfxml),
)
BY_TYPE: Mapping[str, Form] = {form.media_type: form for form in FORMS}
BY_ENDING: Mapping[str, Form] = {form.ending: form for form in FORMS}
OFFERS = (HTML, *BY_TYPE)
"""What an IRI answers in; a client that takes anything gets a page."""
