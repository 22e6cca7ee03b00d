"""The staff application: answers and records as pages, JSON and CSV, and nothing that leaks."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.formats import as_json
from api.guard import HEADERS
from api.staff import create_staff_app
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import ask, find_question, partnerships
from queries.catalogue import BOARD, EDITOR, catalogue

PAGES = (
    "/",
    "/partnerships/dudley",
    "/partnerships/dudley/map",
    "/partnerships/dudley/map?as_of=2013-04-01",
    "/questions/funding.unfunded?partnership=dudley",
    "/services/dudley/idva",
    "/records/dudley/award/crig-idva-2012",
    "/records/dudley/source/report",
    "/records/shared/client-group/victims",
)


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema) -> Iterator[TestClient]:
    with TestClient(create_staff_app(store, schema), base_url="http://127.0.0.1:8000") as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_pages_over_historical_data_say_so(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "not a way to get help today" in answer.text
    assert "999" in answer.text
    years = "2012" if "dudley" in path else "2010 to 2014"
    assert f"describe {years}. In an emergency" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_nothing_inline_and_nothing_of_others(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]* src=\"/)", text)
    assert not re.search(r"\son\w+=\"", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


def test_an_invented_partnership_is_called_invented(client: TestClient) -> None:
    text = client.get("/partnerships/example").text
    assert "Invented" in text
    assert "2010 to 2014" not in text


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_question_has_a_page_and_data(client: TestClient, store: Store, name: str) -> None:
    shown = client.get(f"/questions/{name}")
    assert shown.status_code == 200
    data = client.get(f"/questions/{name}.json", params={"partnership": ["dudley", "luton"]})
    asked = ask(store, find_question(name), slugs=["dudley", "luton"])
    assert data.text == as_json(asked)
    table = list(csv.reader(io.StringIO(client.get(f"/questions/{name}.csv").text)))
    assert table[0][:2] == ["partnership", "as_of"]
    assert f"/questions/{name}" in client.get("/openapi.json").json()["paths"]


def test_an_answer_names_its_evidence(client: TestClient) -> None:
    text = client.get("/questions/funding.unfunded?partnership=dudley&as_of=2013-04-01").text
    assert "money ended" in text
    assert "Appendix A, Funding, row 4" in text
    assert "Domestic Abuse Service Improvement Review Update" in text
    assert 'href="/records/dudley/award/crig-idva-2012"' in text
    assert 'href="/services/dudley/idva"' in text


def test_both_dials_change_the_answer(client: TestClient) -> None:
    def rows(query: str) -> set[str]:
        got = client.get(f"/questions/funding.unfunded.json?partnership=dudley{query}").json()
        return {r["service"] for r in got}

    assert "dudley/service/idva" not in rows("")
    assert "dudley/service/idva" in rows("&as_of=2013-04-01")
    assert "dudley/service/idva" in rows("&without=dudley/fund/crig-fund")


def test_an_imagined_loss_is_named_on_the_page(client: TestClient) -> None:
    query = "partnership=dudley&without=dudley/fund/crig-fund&without="
    text = client.get(f"/questions/funding.unfunded?{query}").text
    assert "CRIG" in text
    assert 'value="dudley/fund/crig-fund"' in text


def test_a_service_shows_money_evidence_and_links(client: TestClient) -> None:
    text = client.get("/services/dudley/idva").text
    assert "31 March 2013" in text
    assert "Where it says so" in text
    assert "CRIG" in text
    assert client.get("/records/dudley/service/idva").text == text


def test_every_record_a_page_leads_to_is_there(client: TestClient) -> None:
    text = client.get("/partnerships/dudley/map").text
    paths = sorted(set(re.findall(r'href="(/(?:records|services)/[^"]+)"', text)))
    assert len(paths) > 100
    for path in paths[::7]:
        assert client.get(path).status_code == 200, path


def test_what_only_staff_may_see_is_marked(client: TestClient, store: Store) -> None:
    found = store.read(
        "MATCH (x:Agency|Body|Fund|Service|Post) WHERE x.visibility = 'staff' "
        "RETURN x.id AS id ORDER BY id",
        {},
    )
    assert found
    slug, kind, local = found[0]["id"].split("/")
    assert "staff only" in client.get(f"/records/{slug}/{kind}/{local}").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/docs", 404),
        ("/redoc", 404),
        ("/questions/no.such", 404),
        ("/partnerships/no-such", 404),
        ("/partnerships/no-such/map", 404),
        ("/services/dudley/no-such", 404),
        ("/records/dudley/no-such/idva", 404),
        ("/records/dudley/service/%3Cscript%3E", 404),
        ("/questions/funding.unfunded?partnership=no-such", 422),
        ("/questions/funding.unfunded?as_of=2013-02-30", 422),
        ("/questions/funding.unfunded?as_of=20130401", 422),
        ("/questions/funding.unfunded?without=dudley/agency/no-such", 422),
        ("/questions/funding.unfunded?as_of=" + "9" * 100, 422),
        ("/questions/funding.unfunded?" + "without=x&" * 60, 422),
        ("/partnerships/dudley/map?as_of=tomorrow", 422),
    ],
)
def test_a_mistake_is_a_plain_page(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["no.such.json", "funding.unfunded.json?as_of=x", "no.such.csv"])
def test_a_mistake_in_data_is_problem_details(client: TestClient, path: str) -> None:
    answer = client.get(f"/questions/{path}")
    assert answer.headers["content-type"] == "application/problem+json"
    body = json.loads(answer.text)
    assert body["status"] == answer.status_code
    assert answer.status_code in (404, 422)


def test_what_is_sent_comes_back_escaped_or_not_at_all(client: TestClient) -> None:
    hostile = "<script>alert(1)</script>"
    for path, name in (
        ("/questions/funding.unfunded", "without"),
        ("/questions/funding.unfunded", "partnership"),
        ("/questions/funding.unfunded", "as_of"),
        ("/partnerships/dudley/map", "as_of"),
    ):
        answer = client.get(path, params={name: hostile})
        assert answer.status_code == 422
        assert hostile not in answer.text
    long = "y" * 500
    assert long not in client.get("/questions/funding.unfunded", params={"without": long}).text


@pytest.mark.parametrize(
    "path", ["/", "/health", "/nothing", "/static/site.css", "/vis-network.js", "/openapi.json",
             "/questions/funding.unfunded.csv", "/questions/no.such.json"],
)  # fmt: skip
def test_every_answer_has_the_headers_and_no_cookie(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "set-cookie" not in answer.headers
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_other_names_than_this_machine_get_nothing(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Dudley" not in answer.text


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)],
)
def test_other_sites_get_nothing(client: TestClient, site: str, status: int) -> None:
    """A browser says where a request comes from; a page elsewhere could ask which ids exist."""
    path = "/questions/funding.unfunded.csv?without=dudley/agency/chadd"
    assert client.get(path, headers={"sec-fetch-site": site}).status_code == status


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1:80", "[::1]:8000"])
def test_this_machine_has_several_names(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


def test_a_store_without_a_release_is_503(schema: Schema, tmp_path: Path) -> None:
    with TestClient(
        create_staff_app(EmbeddedStore(tmp_path), schema), base_url="http://localhost"
    ) as empty:
        assert empty.get("/health").status_code == 503
        assert empty.get("/").status_code == 503
        answer = empty.get("/questions/funding.unfunded.json")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"


def test_our_own_mistake_is_a_plain_page_with_headers(schema: Schema) -> None:
    app = create_staff_app(None, schema)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as broken:
        answer = broken.get("/")
    assert answer.status_code == 500
    assert "NoneType" not in answer.text
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_only_reading_is_possible(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/questions/funding.unfunded").status_code == 405


def test_the_start_page_names_every_partnership(client: TestClient, store: Store) -> None:
    text = client.get("/").text
    for partnership in partnerships(store):
        assert f'href="/partnerships/{partnership.slug}/map"' in text
    assert "6 September 2012" in text


def test_the_contents_page_keeps_what_editors_ask_apart(client: TestClient) -> None:
    page = client.get("/questions").text
    board, editors = page.split('id="editors"')
    for question in catalogue().values():
        link = f'href="/questions/{question.name}"'
        assert (link in editors) == (question.audience == EDITOR), question.name
        assert (link in board) == (question.audience == BOARD), question.name
    for path in ("/", "/partnerships/dudley"):
        assert "resilience.pairs" not in client.get(path).text


def test_a_questions_own_parameters_are_fields_and_are_handed_on(client: TestClient) -> None:
    page = client.get("/questions/funding.decisions?partnership=example&months=6").text
    assert 'name="months" type="number" min="1" max="120" value="6"' in page
    assert "months=6" in re.findall(r'href="(/questions/funding.decisions.csv[^"]*)"', page)[0]
    few = client.get("/questions/funding.decisions.json?partnership=example&months=6").json()
    many = client.get("/questions/funding.decisions.json?partnership=example&months=60").json()
    assert len(few) < len(many)
    # What another question was asked with is not heard here.
    assert client.get("/questions/funding.unfunded?months=6").status_code == 200


@pytest.mark.parametrize("query", ["months=0", "months=121", "months=six", "group=nobody"])
def test_a_parameter_that_makes_no_sense_is_told(client: TestClient, query: str) -> None:
    name = "pathways.profile" if query.startswith("group") else "funding.decisions"
    assert client.get(f"/questions/{name}?{query}").status_code == 422
