"""Identifiers: short in tables, stores and answers (`dudley/agency/chadd`), IRIs in RDF."""

import re

from rdflib import URIRef

from ontology.namespaces import ID

LOCAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What an id in a table looks like."""
SLUG_FORM = "a name of lower-case letters, digits and single hyphens for the partnership"


def record_id(slug: str, class_slug: str, local: str) -> str:
    """The short identifier of a record, `<partnership>/<class>/<id>`."""
    return f"{slug}/{class_slug}/{local}"


def iri_of(identifier: str) -> URIRef:
    """The IRI of a short identifier."""
    return ID[identifier]


def id_of(iri: str) -> str:
    """The short identifier of an IRI of ours; other IRIs are returned as they are."""
    return iri.removeprefix(str(ID))


def partnership_of(identifier: str) -> str:
    """The partnership's slug in a short identifier, `shared` for shared terms."""
    return identifier.split("/", 1)[0]


def local_of(identifier: str) -> str:
    """The last part of a short identifier: the id in its table."""
    return identifier.rsplit("/", 1)[-1]
