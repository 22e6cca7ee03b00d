"""Linked data: every public record at its IRI, the same facts in each form, and hidden ones not."""

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from public_home import TODAY, public_client, public_home
from rdflib import DCAT, DCTERMS, RDF, VOID, Dataset, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from api.open.formats import FORMS
from api.published import Published
from graph.exports.schemaorg import schema_org
from graph.release import Release, read_quads
from ontology.namespaces import BASE, FP, ID
from ontology.schema import Schema

TURTLE, JSONLD = "text/turtle", "application/ld+json"
SCHEMA_ORG = 'application/ld+json; profile="https://schema.org/"'
PARSED = {
    TURTLE: "turtle",
    JSONLD: "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}
EXAMPLES = (
    "dudley/service/idva",
    "dudley/agency/victim-support",
    "dudley/award/crig-idva-2012",
    "dudley/partnership/dudley",
    "dudley/source/report",
    "example/service/kestrelgate-counselling",
    "example/area/harrowmere",
    "example/venue/kestrelgate-office",
    "example/contact/outreach-telephone",
    "shared/need/accommodation",
    "shared/client-group/victims",
    "shared/sector/police",
)
STAFF = (
    "example/venue/kestrelgate-house",
    "example/contact/idva-duty-line",
    "dudley/action/act-idva",
    "dudley/service/no-such-service",
    "nobody/service/idva",
    "dudley/no-such-class/idva",
)
"""Records that are for staff, of classes that are not published, and that never were."""


@pytest.fixture(scope="module")
def home(release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return public_home(tmp_path_factory.mktemp("linked"), release, schema)


@pytest.fixture(scope="module")
def client(home: Path, schema: Schema) -> Iterator[TestClient]:
    with public_client(home, schema) as found:
        yield found


@pytest.fixture(scope="module")
def records(home: Path, schema: Schema) -> list[str]:
    """Every record of the public release."""
    return sorted(Published(home, schema).snapshot().by_subject)


def graph_of(client: TestClient, path: str, media_type: str) -> Graph:
    answer = client.get(path, headers={"Accept": media_type})
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].split(";")[0] == media_type
    return Graph().parse(data=answer.content, format=PARSED[media_type])


@pytest.mark.parametrize("identifier", EXAMPLES)
def test_the_facts_are_the_same_in_every_form(client: TestClient, identifier: str) -> None:
    path = f"/id/{identifier}"
    plain = graph_of(client, path, TURTLE)
    assert (ID[identifier], RDF.type, None) in plain
    for media_type in PARSED:
        assert isomorphic(plain, graph_of(client, path, media_type)), media_type


def test_every_record_says_all_that_is_said_of_it(
    client: TestClient, records: list[str], home: Path, schema: Schema
) -> None:
    snapshot = Published(home, schema).snapshot()
    hidden = (FP.contactValue, FP.address, FP.town, FP.county, FP.postcode, FP.latitude)
    for identifier in records[::23]:
        found = graph_of(client, f"/id/{identifier}", "application/n-triples")
        said = {str(t.predicate.value) for t in snapshot.by_subject[identifier]}
        told = {str(p) for p in found.predicates(ID[identifier])}
        assert said - told <= {str(p) for p in (*hidden, FP.longitude, FP.gettingThere)}
        assert graph_of(client, f"/id/{identifier}.jsonld", JSONLD)


def test_what_joins_a_record_to_others_is_told(client: TestClient) -> None:
    found = graph_of(client, "/id/dudley/service/idva", TURTLE)
    award = ID["dudley/award/crig-idva-2012"]
    assert (award, FP.pays, ID["dudley/service/idva"]) in found
    assert (award, FP.status, None) in found or (award, FP.amount, None) in found
    agency = ID["dudley/agency/victim-support"]
    assert (agency, FP.name, None) in found
    office = graph_of(client, "/id/example/venue/kestrelgate-office", TURTLE)
    assert (None, FP.address, None) in office


def test_whatever_a_description_names_answers(client: TestClient) -> None:
    named: set[Node] = set()
    for identifier in EXAMPLES:
        for triple in graph_of(client, f"/id/{identifier}", TURTLE):
            named |= set(triple)
    paths = {str(one).removeprefix(BASE.rstrip("/")) for one in named if str(one).startswith(ID)}
    assert len(paths) > 50
    for path in sorted(paths):
        assert client.get(path, headers={"Accept": TURTLE}).status_code == 200, path


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/turtle", TURTLE),
        ("text/turtle;q=0.5, application/ld+json", JSONLD),
        ("application/ld+json;q=0.2, text/turtle;q=0.9", TURTLE),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
    ],
)
def test_the_form_is_negotiated(client: TestClient, accept: str | None, expected: str) -> None:
    path = "/id/dudley/service/idva"
    answer = client.get(path, headers={"Accept": accept} if accept else {"Accept": ""})
    assert answer.headers["content-type"].split(";")[0] == expected
    assert answer.headers["vary"] == "Accept"
    location = answer.headers["content-location"]
    assert location.startswith(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    alone = client.get(location)
    assert alone.content == answer.content
    assert alone.headers["content-type"] == answer.headers["content-type"]


def test_a_form_that_is_not_offered_is_refused(client: TestClient) -> None:
    refusals = {
        client.get(f"/id/{one}", headers={"Accept": "image/png"}).content
        for one in (*EXAMPLES[:1], "dudley/service/none")
    }
    assert len(refusals) == 1
    answer = client.get("/id/dudley/service/idva", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "text/html", "*/*"])
@pytest.mark.parametrize("ending", ["", ".ttl", ".jsonld", ".html", ".exe", ".schemaorg.jsonld"])
def test_what_is_hidden_is_answered_like_what_never_was(
    client: TestClient, accept: str, ending: str
) -> None:
    answers = [client.get(f"/id/{one}{ending}", headers={"Accept": accept}) for one in STAFF]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert len({tuple(sorted(a.headers.items())) for a in answers}) == 1


def test_only_what_is_public_answers(
    client: TestClient, release: Release, records: list[str]
) -> None:
    every = {
        quad.subject.value.removeprefix(str(ID))
        for quad in read_quads(release)
        if getattr(quad.subject, "value", "").startswith(str(ID))
    }
    hidden = sorted(every - set(records))
    assert len(hidden) > 500
    for identifier in hidden[::31]:
        assert client.get(f"/id/{identifier}.ttl").status_code == 404, identifier


def test_no_canary_is_in_any_document(client: TestClient) -> None:
    for path in (
        "/dataset/public.nq",
        "/dataset/public.ttl",
        "/dataset/public.jsonld",
        "/ontology",
    ):
        text = client.get(path).text
        for canary in ("Canary", "QZ9 9ZZ", "56.987", "01632 960113"):
            assert canary not in text, path


def test_the_context_is_in_the_document(client: TestClient) -> None:
    for identifier in EXAMPLES:
        document = client.get(f"/id/{identifier}.jsonld").json()
        context = document["@context"]
        assert isinstance(context, dict)
        assert "@import" not in json.dumps(context)
    assert len(json.dumps(context)) < 4_000


def test_old_contacts_are_withheld_in_linked_data_too(home: Path, schema: Schema) -> None:
    number, checked = "01632 960111", datetime.date(2026, 10, 12)
    paths = ("/id/example/contact/outreach-telephone", "/id/example/service/county-outreach",
             "/dataset/public.nq", "/dataset/public.ttl")  # fmt: skip
    etags = []
    for days, is_told in ((179, True), (180, False)):
        with public_client(home, schema, checked + datetime.timedelta(days)) as client:
            for path in paths:
                found = client.get(path, headers={"Accept": "application/n-triples, */*"})
                assert (number in found.text) is is_told, path
            page = client.get(paths[0], headers={"Accept": "text/html"}).text
            assert (number in page) is is_told
            etags.append(client.get(f"{paths[0]}.ttl").headers["etag"])
    assert etags[0] != etags[1]


def test_a_document_is_kept_until_the_release_changes(client: TestClient) -> None:
    for path in ("/id/dudley/service/idva.ttl", "/dataset.ttl", "/ontology.ttl",
                 "/dataset/public.nq"):  # fmt: skip
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == "*"


# ---------------------------------------------------------------- pages


def test_a_page_says_what_the_data_say(client: TestClient) -> None:
    page = client.get("/id/dudley/service/idva", headers={"Accept": "text/html"})
    assert page.headers["cache-control"] == "no-store"
    assert "not a way to get help today" in page.text and "999" in page.text
    assert "IDVA service" in page.text
    assert "Victim Support" in page.text
    for form in FORMS:
        assert f'href="/id/dudley/service/idva{form.ending}"' in page.text
    invented = client.get("/id/example/service/county-outreach").text
    assert "Invented" in invented


@pytest.mark.parametrize("identifier", EXAMPLES)
def test_pages_hold_nothing_that_runs_and_nothing_of_others(
    client: TestClient, identifier: str
) -> None:
    text = client.get(f"/id/{identifier}.html").text
    scripts = re.findall(r"<script[^>]*>", text)
    ours = '<script type="module" src="/static/directory.js">'  # "Exit this page"
    assert set(scripts) <= {'<script type="application/ld+json">', ours}
    assert not re.search(r"<style| style=|\son\w+=\"", text)
    links = re.findall(r"(?:src|action|href)=\"([^\"]*)\"", text)
    leaving = "https://www.bbc.co.uk/weather"  # a neutral page, where somebody leaves to
    assert all(link.startswith(("/", "#", "data:,")) or link == leaving for link in links), links


def test_a_service_speaks_schema_org(client: TestClient) -> None:
    path = "/id/example/service/county-outreach"
    answer = client.get(path, headers={"Accept": SCHEMA_ORG})
    assert answer.headers["content-type"] == 'application/ld+json;profile="https://schema.org/"'
    found = answer.json()
    assert found["@type"] in ("Service", "GovernmentService")
    assert found["@id"] == f"{ID}example/service/county-outreach"
    assert found["provider"]["name"]
    channels = found["availableChannel"]
    assert any(c.get("servicePhone", {}).get("telephone") == "01632 960111" for c in channels)
    assert any("serviceLocation" in c for c in channels)
    assert found["hoursAvailable"][0]["dayOfWeek"][0].startswith("https://schema.org/")
    assert client.get(f"{path}.schemaorg.jsonld").json() == found
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(f"{path}.html").text
    )
    assert block and json.loads(block[1]) == found
    parsed = Graph().parse(data=answer.content, format="json-ld")
    subject = URIRef(found["@id"])
    assert parsed.value(subject, URIRef("https://schema.org/name"))
    plain = client.get(path, headers={"Accept": "application/ld+json"}).json()
    assert "@graph" in plain


@given(st.text())
def test_nothing_in_a_data_block_can_end_it(text: str) -> None:
    from api.open.pages import data_block

    record = schema_org({"name": f"</script><!--{text}", "id": "x"})
    block = data_block(record)
    assert "<" not in block and "&" not in block
    assert json.loads(block) == record


# ---------------------------------------------------------------- the data set


@pytest.mark.parametrize("media_type", PARSED)
@pytest.mark.parametrize("path", ["/dataset", "/.well-known/void"])
def test_the_data_set_is_described(client: TestClient, path: str, media_type: str) -> None:
    found = graph_of(client, path, media_type)
    one = URIRef(f"{BASE}dataset")
    assert (one, RDF.type, DCAT.Dataset) in found
    assert (one, RDF.type, VOID.Dataset) in found
    assert str(found.value(one, DCTERMS.modified)) == "2026-06-30"
    assert "no way to get help today" in str(found.value(one, DCTERMS.description))
    assert isomorphic(found, graph_of(client, "/dataset", TURTLE))


def test_the_counts_and_examples_are_true(client: TestClient) -> None:
    found = graph_of(client, "/dataset", TURTLE)
    one = URIRef(f"{BASE}dataset")
    dump = graph_of(client, "/dataset/public.ttl", TURTLE)
    triples = int(str(found.value(one, VOID.triples)))
    assert triples == len(dump)
    for example in found.objects(one, VOID.exampleResource):
        path = str(example).removeprefix(BASE.rstrip("/"))
        assert client.get(path).status_code == 200
    for file in found.objects(one, VOID.dataDump):
        assert client.get(str(file).removeprefix(BASE.rstrip("/"))).status_code == 200


def test_the_dumps_hold_the_same(client: TestClient) -> None:
    turtle = graph_of(client, "/dataset/public.ttl", TURTLE)
    quads = Dataset()
    quads.parse(data=client.get("/dataset/public.nq").content, format="nquads")
    triples = {(s, p, o) for s, p, o, _ in quads.quads()}
    assert triples == set(turtle)
    linked = Dataset()
    linked.parse(data=client.get("/dataset/public.jsonld").content, format="json-ld")
    assert {(s, p, o) for s, p, o, _ in linked.quads()} == triples


def test_the_terms_of_use_are_those_of_the_settings(home: Path, schema: Schema) -> None:
    from api.public import create_public_app

    licence = "https://example.org/licence"
    published = Published(home, schema)
    app = create_public_app(published, today=lambda: TODAY, licence=licence)
    one = URIRef(f"{BASE}dataset")
    with TestClient(app) as client:
        found = graph_of(client, "/dataset", TURTLE)
        assert found.value(one, DCTERMS.license) == URIRef(licence)
        assert licence in client.get("/dataset").text
    with public_client(home, schema) as client:
        found = graph_of(client, "/dataset", TURTLE)
        assert found.value(one, DCTERMS.license) is None
        assert "Ask the publisher" in str(found.value(one, DCTERMS.rights))


def test_the_vocabulary_answers(client: TestClient, schema: Schema) -> None:
    found = graph_of(client, "/ontology", TURTLE)
    for klass in schema:
        assert (klass.iri, None, None) in found
    page = client.get("/ontology").text
    for klass in schema:
        assert f'id="{klass.name}"' in page
