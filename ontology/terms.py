"""The tokens of a release as terms of RDF, and terms as the words of a message.

A token is compared as it stands wherever that is enough; whoever needs the value behind it asks
here, and gets what rdflib's own parser would have made of it.
"""

import re

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.ntriples import unquote
from rdflib.term import Node as Term

_LITERAL = re.compile(r'"(.*)"(?:@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*)|\^\^<([^:]+:[^\s"<>]*)>)?')


def term_of(token: str) -> URIRef | Literal:
    """The term of a token; ValueError if it is none."""
    if token.startswith("<"):
        return URIRef(unquote(token[1:-1]))
    found = _LITERAL.fullmatch(token)
    if found is None:
        raise ValueError(f"neither an IRI nor a literal: {token}")
    text, language, datatype = found.groups()
    return Literal(unquote(text), lang=language, datatype=URIRef(datatype) if datatype else None)


def words_of(term: Term | None, graph: Graph) -> str:
    """A term as messages write it, with the prefixes of a graph."""
    if isinstance(term, Literal):
        return _words_of_literal(term, graph)
    if isinstance(term, BNode):
        said = (f"{words_of(p, graph)} {words_of(o, graph)}" for p, o in _of(term, graph))
        return f"[ {' ; '.join(sorted(said))} ]"
    return term.n3(graph.namespace_manager) if isinstance(term, URIRef) else str(term)


def _of(node: BNode, graph: Graph) -> list[tuple[Term, Term]]:
    return list(graph.predicate_objects(node))


def _words_of_literal(term: Literal, graph: Graph) -> str:
    value = None if term.value is None else str(term.value)
    said = f'"{term}"' if value in (None, str(term)) else f'"{term}" = {value}'
    if term.language:
        said += f", lang={term.language}"
    if term.datatype is not None:
        said += f", datatype={words_of(term.datatype, graph)}"
    return f"Literal({said})"
