"""The plain pages of open data: a record, the data set, the vocabulary, the start page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from markupsafe import Markup
from rdflib import PROV, RDF, SKOS
from starlette.responses import HTMLResponse

from api.directory.pages import exit_button
from api.directory.words import words
from api.open.description import is_detail, name_of
from api.open.formats import FORMS
from api.published import Snapshot
from api.routes.pages import page
from graph.exports.rdf import parts
from graph.ids import id_of, partnership_of
from ontology.namespaces import FP, ID

_TYPE = str(RDF.type)
_TITLES = (str(SKOS.prefLabel), str(FP.name), str(FP.title))


@dataclass(frozen=True, slots=True)
class About:
    """A partnership, for the notices above a page and the list on the start page."""

    slug: str
    name: str
    topic: str
    url: str
    historical: bool
    fictional: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One value, in words, with the address of what it names."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """What is said in one respect."""

    label: str
    values: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A relationship of a record, as its own small record."""

    kind: str
    url: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The same in another form."""

    name: str
    media_type: str
    url: str


def partnerships_of(snapshot: Snapshot) -> tuple[About, ...]:
    """The partnerships of a release: those of today first, then the historical, by name."""
    found = [
        About(
            slug,
            str(node.properties.get("name") or slug),
            str(node.properties.get("topic") or ""),
            f"/id/{node.id}",
            node.properties.get("historical") is True,
            node.properties.get("fictional") is True,
        )
        for slug, node in snapshot.partnerships.items()
    ]
    return tuple(sorted(found, key=lambda p: (p.fictional, p.historical, p.name)))


def open_page(template: str, about: Iterable[About], **context: Any) -> HTMLResponse:
    """A page that nobody keeps; `about` are the partnerships it speaks of."""
    leave = exit_button(words("en"))
    shown = page(template, about=tuple(about), leave=leave, **context)  # type: ignore[arg-type]
    shown.headers["Cache-Control"] = "no-store"
    return shown


def links(path: str) -> tuple[Link, ...]:
    """An address in all forms of data."""
    return tuple(Link(form.name, form.media_type, f"{path}{form.ending}") for form in FORMS)


def record_page(
    snapshot: Snapshot,
    identifier: str,
    said: Sequence[ox.Quad],
    schema_org: Mapping[str, Any] | None,
) -> HTMLResponse:
    """The page of a record: the statements of its description, in words."""
    slug = partnership_of(identifier)
    known = partnerships_of(snapshot)
    by_subject: dict[str, list[ox.Quad]] = {}
    for quad in said:
        if isinstance(quad.subject, ox.NamedNode):
            by_subject.setdefault(id_of(quad.subject.value), []).append(quad)
    joined = [one for one in by_subject if one != identifier and len(by_subject[one]) > 2]
    joined = [one for one in joined if is_detail(snapshot, one)]
    return open_page(
        "open/record.html",
        # A shared term belongs to none: what is recorded with it may be of any of them.
        [p for p in known if p.slug == slug] or known,
        name=name_of(snapshot, identifier),
        kind=_kind(snapshot, identifier),
        iri=f"{ID}{identifier}",
        fields=_fields(snapshot, by_subject.get(identifier, ())),
        relationships=[
            Joined(_kind(snapshot, one), f"/id/{one}", _fields(snapshot, by_subject[one]))
            for one in sorted(joined)
        ],
        toward=_toward(snapshot, identifier, said),
        forms=links(f"/id/{identifier}"),
        schema_org=data_block(schema_org) if schema_org else "",
    )


def data_block(record: Mapping[str, Any]) -> Markup:
    """A record as JSON for a data block of a page: nothing in it can end the block."""
    text = json.dumps(record, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above, as JSON and not as HTML


def _kind(snapshot: Snapshot, identifier: str) -> str:
    slug = identifier.split("/")[1]
    try:
        return snapshot.schema.by_slug(slug).label
    except KeyError:
        return slug.replace("-", " ")


def _headers(snapshot: Snapshot, identifier: str) -> dict[str, str]:
    try:
        klass = snapshot.schema.by_slug(identifier.split("/")[1])
    except KeyError:
        return {}
    return {str(prop.iri): prop.header for prop in klass.properties}


def _fields(snapshot: Snapshot, said: Sequence[ox.Quad]) -> tuple[Field, ...]:
    """The statements about one record, by property in the order of its class."""
    found: dict[str, list[Item]] = {}
    for quad in said:
        # The class is told above, and the source by its own column.
        if quad.predicate.value not in (_TYPE, str(PROV.hadPrimarySource)):
            found.setdefault(quad.predicate.value, []).append(_item(snapshot, quad.object))
    subject = said[0].subject if said else None
    own = _headers(snapshot, id_of(subject.value)) if isinstance(subject, ox.NamedNode) else {}
    order = list(own)

    def place(iri: str) -> tuple[int, str]:
        return (order.index(iri) if iri in own else len(order), iri)

    return tuple(
        Field(_label(iri, own), tuple(sorted(found[iri], key=lambda i: i.text)))
        for iri in sorted(found, key=place)
    )


def _label(iri: str, own: Mapping[str, str]) -> str:
    if iri in own:
        return own[iri]
    return "name" if iri in _TITLES else parts(iri)[1]


def _item(snapshot: Snapshot, term: object) -> Item:
    if isinstance(term, ox.NamedNode):
        if not term.value.startswith(str(ID)):
            return Item(_word(snapshot, term.value))
        identifier = id_of(term.value)
        return Item(name_of(snapshot, identifier), f"/id/{identifier}")
    return Item(term.value if isinstance(term, ox.Literal) else str(term))


def _word(snapshot: Snapshot, iri: str) -> str:
    """The word that an IRI of a closed list stands for, such as "stated"; others as they are."""
    words = snapshot.once(
        "words",
        lambda: {str(w.iri): w.label for found in snapshot.schema.codes.values() for w in found},
    )
    return words.get(iri, iri)


def _toward(snapshot: Snapshot, identifier: str, said: Sequence[ox.Quad]) -> tuple[Field, ...]:
    """The records that are nodes and refer to a record, by what they call it."""
    found: dict[str, list[Item]] = {}
    for quad in said:
        is_here = isinstance(quad.object, ox.NamedNode) and id_of(quad.object.value) == identifier
        if is_here and isinstance(quad.subject, ox.NamedNode):
            other = id_of(quad.subject.value)
            if other != identifier and not is_detail(snapshot, other):
                header = _headers(snapshot, other).get(quad.predicate.value, "")
                label = f"{_kind(snapshot, other)}: {header}"
                found.setdefault(label, []).append(Item(name_of(snapshot, other), f"/id/{other}"))
    return tuple(
        Field(label, tuple(sorted(items, key=lambda i: (i.text, i.url))))
        for label, items in sorted(found.items())
    )
