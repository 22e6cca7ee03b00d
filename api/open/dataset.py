"""The data set as a whole: its description (DCAT 3 and VoID), all of it in one file, its words.

The description speaks of the public release alone: its counts are of what is public.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import pyoxigraph as ox
from fastapi import APIRouter, Path, Request
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, Graph, URIRef
from rdflib import Literal as Text
from starlette.responses import Response

from api.errors import NotFoundError
from api.negotiation import negotiated
from api.open.formats import BY_TYPE, FORMS, HTML, JSONLD, OFFERS, TURTLE
from api.open.pages import Field, Item, Link, links, open_page, partnerships_of
from api.open.shared import NOT_MODIFIED, SnapshotDep, TodayDep, answered
from api.open.withheld import withheld
from api.openapi import faults
from api.published import Snapshot
from graph.exports.jsonld import jsonld
from graph.exports.turtle import turtle
from graph.release import nquads
from ontology.namespaces import BASE, FP, ID, SHARED
from ontology.schema import ontology

DATASET = URIRef(f"{BASE}dataset")
_UNSAID = "No terms of use are stated. Ask the publisher before you use them."
TITLE = "Fingerpost: services, who provides them, whom they are for and how they are reached"
_ABOUT = (
    "A public extract of a knowledge graph of partnership services. What is confidential is not in "
    "it. 'Not recorded' means that no source speaks of it, not that there is none."
)
_HISTORICAL = (
    "Historical: the records of {names} describe the past and are no way to get help today. In an "
    "emergency call 999."
)
_INVENTED = "Invented: the records of {names} are made up, to show what the data can say."
_IANA = "https://www.iana.org/assignments/media-types/"
_CONTENT = {
    HTML: {"schema": {"type": "string"}},
    **{form.media_type: {"schema": {"type": "string"}} for form in FORMS},
}
_CONTENT[JSONLD] = {"schema": {}}

router = APIRouter(tags=["Linked data"])


@dataclass(frozen=True, slots=True)
class _Dump:
    """All of it in one file: its ending, what it is called, and what writes it."""

    ending: str
    title: str
    media_type: str
    write: Callable[[Snapshot, list[ox.Quad]], bytes]


_DUMPS = {
    dump.ending: dump
    for dump in (
        _Dump("ttl", "All in Turtle", TURTLE, lambda s, q: turtle(q, s.schema).encode()),
        _Dump("jsonld", "All in JSON-LD", JSONLD, lambda s, q: jsonld(q, s.schema).encode()),
        _Dump(
            "nq",
            "All in N-Quads, with a graph for each source",
            "application/n-quads",
            lambda _, q: nquads(q),
        ),
    )
}


@router.get(
    "/dataset",
    operation_id="get_dataset",
    summary="What the data set holds: DCAT and VoID",
    response_class=Response,
    responses={
        200: {"description": "The description of the data set.", "content": _CONTENT},
        **NOT_MODIFIED,
        **faults(406),
    },
)
def dataset(request: Request, snapshot: SnapshotDep, today: TodayDep) -> Response:
    """The description of the data set, in the form that the client prefers."""
    return _described(request, snapshot, today, negotiated(request, OFFERS))


@router.get("/.well-known/void", include_in_schema=False, response_class=Response)
def void(request: Request, snapshot: SnapshotDep, today: TodayDep) -> Response:
    """The same where programs look for it (VoID, section 7.2); Turtle unless asked otherwise."""
    return _described(request, snapshot, today, negotiated(request, (TURTLE, *OFFERS)))


@router.get("/dataset.{ending}", include_in_schema=False, response_class=Response)
def dataset_document(
    request: Request, ending: str, snapshot: SnapshotDep, today: TodayDep
) -> Response:
    """The description in one form."""
    return _described(request, snapshot, today, _by_ending(ending))


@router.get(
    "/dataset/public.{ending}",
    operation_id="get_dump",
    summary="All of it in one file",
    response_class=Response,
    responses={
        200: {
            "description": "All public statements, but for contacts that nobody checked for long.",
            "content": {
                dump.media_type: {"schema": {} if dump.ending == "jsonld" else {"type": "string"}}
                for dump in _DUMPS.values()
            },
        },
        **NOT_MODIFIED,
        **faults(422),
    },
)
def dump(
    request: Request,
    ending: Annotated[Literal["ttl", "jsonld", "nq"], Path(description="The form.")],
    snapshot: SnapshotDep,
    today: TodayDep,
) -> Response:
    """All public statements, each file written once for a release and a set of contacts."""
    chosen, hidden = _DUMPS[ending], withheld(snapshot, today)

    def write() -> bytes:
        quads = [quad for quad in snapshot.quads if quad not in hidden]
        return chosen.write(snapshot, quads)

    return answered(
        request,
        snapshot.release,
        chosen.media_type,
        lambda: snapshot.once(f"dump {ending}", write, today),
        *sorted(str(quad.subject) for quad in hidden),
        Content_Disposition=f'attachment; filename="services.{ending}"',
    )


@router.get(
    "/ontology",
    operation_id="get_ontology",
    summary="The vocabulary: classes, properties and lists of words",
    response_class=Response,
    responses={
        200: {"description": "The vocabulary.", "content": _CONTENT},
        **NOT_MODIFIED,
        **faults(406),
    },
)
def vocabulary(request: Request, snapshot: SnapshotDep) -> Response:
    """The vocabulary, in the form that the client prefers."""
    return _vocabulary(request, snapshot, negotiated(request, OFFERS))


@router.get("/ontology.{ending}", include_in_schema=False, response_class=Response)
def vocabulary_document(request: Request, ending: str, snapshot: SnapshotDep) -> Response:
    """The vocabulary in one form."""
    return _vocabulary(request, snapshot, _by_ending(ending))


def _by_ending(ending: str) -> str:
    if ending == "html":
        return HTML
    for form in FORMS:
        if form.ending == f".{ending}":
            return form.media_type
    raise NotFoundError("There is no such page.")


# ---------------------------------------------------------------- the description


def _described(
    request: Request, snapshot: Snapshot, today: datetime.date, media_type: str
) -> Response:
    licence = str(request.app.state.licence)
    triples = snapshot.once("triples", lambda: len(_triples(snapshot, today)), today)
    if media_type == HTML:
        shown = _dataset_page(snapshot, triples, licence)
        shown.headers["Vary"] = "Accept"
        return shown
    return answered(
        request,
        snapshot.release,
        media_type,
        lambda: _written(description(snapshot, triples, licence), media_type),
        licence,
        str(triples),
        Vary="Accept",
    )


def notices(snapshot: Snapshot) -> list[str]:
    """What a reader of the whole must know first (SAFETY, rule 4)."""
    known = partnerships_of(snapshot)
    found = []
    for text, chosen in (
        (_HISTORICAL, [p.name for p in known if p.historical]),
        (_INVENTED, [p.name for p in known if p.fictional]),
    ):
        if chosen:
            found.append(text.format(names=", ".join(sorted(chosen))))
    return found


def _triples(snapshot: Snapshot, today: datetime.date) -> frozenset[ox.Triple]:
    """What is served on a day, whatever the source that says it."""
    hidden = withheld(snapshot, today)
    return frozenset(quad.triple for quad in snapshot.quads if quad not in hidden)


def description(snapshot: Snapshot, triples: int, licence: str) -> Graph:
    """The data set in the terms of DCAT and VoID. `licence` is an IRI, or empty."""
    graph = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dcterms", DCTERMS), ("void", VOID), ("foaf", FOAF)):
        graph.bind(prefix, namespace)

    def say(predicate: URIRef, value: URIRef | Text) -> None:
        graph.add((DATASET, predicate, value))

    say(RDF.type, DCAT.Dataset)
    say(RDF.type, VOID.Dataset)
    say(DCTERMS.title, Text(TITLE, lang="en"))
    say(DCTERMS.description, Text(" ".join([_ABOUT, *notices(snapshot)]), lang="en"))
    for file in (DATASET, *_files()):
        # Whoever publishes says the terms; none are assumed.
        if licence:
            graph.add((file, DCTERMS.license, URIRef(licence)))
        else:
            graph.add((file, DCTERMS.rights, Text(_UNSAID, lang="en")))
    say(DCTERMS.identifier, Text(snapshot.release))
    say(URIRef(f"{DCAT}version"), Text(snapshot.release))
    say(DCAT.landingPage, DATASET)
    say(FOAF.homepage, URIRef(BASE))
    if snapshot.newest:
        say(DCTERMS.modified, Text(snapshot.newest.isoformat(), datatype=XSD.date))
    for number, name in enumerate(_publishers(snapshot), 1):
        agent = URIRef(f"{DATASET}#publisher-{number}")
        say(DCTERMS.publisher, agent)
        graph.add((agent, RDF.type, FOAF.Agent))
        graph.add((agent, FOAF.name, Text(name)))
    say(VOID.uriSpace, Text(str(ID)))
    say(VOID.vocabulary, URIRef(str(FP)))
    say(VOID.triples, Text(triples))
    say(VOID.entities, Text(len(snapshot.by_subject)))
    for form in FORMS:
        say(VOID.feature, URIRef(_FEATURES[form.media_type]))
    for example in _examples(snapshot):
        say(VOID.exampleResource, ID[example])
    _distribute(graph)
    return graph


_FEATURES = {
    JSONLD: "http://www.w3.org/ns/formats/JSON-LD",
    TURTLE: "http://www.w3.org/ns/formats/Turtle",
    "application/n-triples": "http://www.w3.org/ns/formats/N-Triples",
    "application/rdf+xml": "http://www.w3.org/ns/formats/RDF_XML",
}


def _publishers(snapshot: Snapshot) -> list[str]:
    nodes = snapshot.partnerships.values()
    return sorted({str(n.properties["publisher"]) for n in nodes if n.properties.get("publisher")})


def _examples(snapshot: Snapshot) -> list[str]:
    """A service of each partnership, and a shared term."""
    found: dict[str, str] = {}
    for node in snapshot.graph.nodes:
        if node.label == "Service":
            found.setdefault(node.id.split("/")[0], node.id)
        elif node.label == "Need" and node.id.startswith(f"{SHARED}/"):
            found.setdefault(SHARED, node.id)
    return [found[slug] for slug in sorted(found)]


_FEED = URIRef(f"{DATASET}#open-referral")


def _files() -> list[URIRef]:
    """All that the data set is distributed as."""
    return [*(URIRef(f"{DATASET}/public.{ending}") for ending in _DUMPS), _FEED]


def _distribute(graph: Graph) -> None:
    """The files that hold all of it, and the feed, each as a distribution."""
    for one in _DUMPS.values():
        file = URIRef(f"{DATASET}/public.{one.ending}")
        graph.add((DATASET, DCAT.distribution, file))
        graph.add((DATASET, VOID.dataDump, file))
        graph.add((file, RDF.type, DCAT.Distribution))
        graph.add((file, DCTERMS.title, Text(one.title, lang="en")))
        graph.add((file, DCAT.downloadURL, file))
        graph.add((file, DCAT.mediaType, URIRef(_IANA + one.media_type)))
    feed, service = URIRef(f"{BASE}openreferral/"), URIRef(f"{DATASET}#feed")
    graph.add((DATASET, DCAT.distribution, _FEED))
    graph.add((_FEED, RDF.type, DCAT.Distribution))
    graph.add((_FEED, DCTERMS.title, Text("Open Referral UK 3.0 feed", lang="en")))
    graph.add((_FEED, DCAT.accessURL, feed))
    graph.add((_FEED, DCAT.accessService, service))
    graph.add((_FEED, DCAT.mediaType, URIRef(f"{_IANA}application/json")))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.title, Text("Open Referral UK 3.0 feed", lang="en")))
    graph.add((service, DCAT.endpointURL, feed))
    graph.add((service, DCAT.endpointDescription, URIRef(f"{BASE}openapi.json")))
    graph.add((service, DCAT.servesDataset, DATASET))


_WRITTEN = {
    JSONLD: "json-ld",
    TURTLE: "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


def _written(graph: Graph, media_type: str) -> bytes:
    """A small graph in one form; the JSON-LD is expanded, so that it needs no context."""
    text = graph.serialize(format=_WRITTEN[media_type])
    if media_type == "application/n-triples":
        text = "".join(sorted(f"{line}\n" for line in text.split("\n") if line))
    return text.encode()


def _dataset_page(snapshot: Snapshot, triples: int, licence: str) -> Response:
    rows: list[tuple[str, list[str]]] = [
        ("publisher", _publishers(snapshot)),
        ("newest source", [_day(snapshot.newest)]),
        ("statements", [f"{triples:,}"]),
        ("records and terms", [f"{len(snapshot.by_subject):,}"]),
        ("release", [snapshot.release]),
    ]
    fields = [Field(label, tuple(Item(text) for text in texts)) for label, texts in rows]
    fields.insert(1, Field("terms of use", (Item(licence or _UNSAID, licence),)))
    examples = tuple(Item(one, f"/id/{one}") for one in _examples(snapshot))
    fields.append(Field("for example", examples))
    return open_page(
        "open/dataset.html",
        partnerships_of(snapshot),
        title="The data set",
        description=_ABOUT,
        fields=fields,
        distributions=[
            *(
                {"title": d.title, "media_type": d.media_type, "url": f"/dataset/public.{d.ending}"}
                for d in _DUMPS.values()
            ),
            {
                "title": "Open Referral UK 3.0 feed",
                "media_type": "application/json",
                "url": "/openreferral/",
            },
        ],
        forms=_forms("/dataset"),
    )


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else "not recorded"


def _forms(path: str) -> tuple[Link, ...]:
    return links(path)


# ---------------------------------------------------------------- the vocabulary


def _vocabulary(request: Request, snapshot: Snapshot, media_type: str) -> Response:
    if media_type == HTML:
        shown = _vocabulary_page(snapshot)
        shown.headers["Vary"] = "Accept"
        return shown
    return answered(
        request,
        snapshot.schema.version,
        media_type,
        lambda: snapshot.once(f"ontology {media_type}", lambda: _written(ontology(), media_type)),
        Vary="Accept",
    )


def _vocabulary_page(snapshot: Snapshot) -> Response:
    seen: set[str] = set()
    classes = []
    for klass in snapshot.schema:
        properties = []
        for prop in klass.properties:
            name = str(prop.iri).removeprefix(str(FP))
            # A property of several classes is anchored at the first.
            anchor = "" if name in seen or "/" in name else name
            seen.add(name)
            properties.append({"header": prop.header, "help": prop.help, "anchor": anchor})
        classes.append(
            {"name": klass.name, "label": klass.label, "help": klass.help, "properties": properties}
        )
    return open_page(
        "open/ontology.html",
        (),
        version=snapshot.schema.version,
        classes=classes,
        forms=_forms("/ontology"),
    )


assert set(_WRITTEN) == set(BY_TYPE)  # noqa: S101 - each form can be written
