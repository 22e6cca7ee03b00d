"""Whatever goes wrong is told as problem details or as a page, and never repeats what was sent."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Query, Request
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse

from api.errors import ConflictError, GoneError, NotFoundError, TooManyError
from api.etag import canonical_query, etag_of, has_it
from api.faults import Problem, tell_faults
from api.guard import HEADERS
from api.negotiation import best_match
from api.paging import paged, read_cursor, write_cursor
from api.staff import create_staff_app
from graph.errors import InputError, ReleaseError, StoreError
from graph.errors import Problem as TableProblem
from graph.stores.neo4j import Neo4jStore
from graph.stores.protocol import Store
from ontology.schema import Schema

SENT = "SW1A-2AA"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def _page(_request: Request, problem: Problem) -> HTMLResponse:
    return HTMLResponse(f"<h1>{problem.title}</h1>{problem.detail}")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI(max_body_size=100)
    table = TableProblem("options.csv", 3, "cost", SENT, "whole pounds", "Write digits only.")
    errors = {
        "gone": GoneError("Begin again."),
        "conflict": ConflictError("Look again."),
        "many": TooManyError("Wait.", 7),
        "not-found": NotFoundError("Not there."),
        "store": StoreError(f"bolt://somewhere:7687 {SENT}"),
        "release": ReleaseError(f"/srv/secret/{SENT}"),
        "table": InputError([table]),
        "bug": ZeroDivisionError(SENT),
    }

    @app.get("/raise/{name}", response_class=HTMLResponse)
    def fails(name: str) -> str:
        raise errors[name]

    @app.get("/number")
    def number(n: int = Query(ge=1)) -> int:
        return n

    @app.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    @app.delete("/body")
    def delete() -> None: ...

    tell_faults(app, _page)
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/raise/gone", 410, "Gone"),
        ("/raise/conflict", 409, "Conflict"),
        ("/raise/many", 429, "Too Many Requests"),
        ("/raise/not-found", 404, "Not Found"),
        ("/raise/store", 503, "Service Unavailable"),
        ("/raise/release", 503, "Service Unavailable"),
        ("/raise/table", 422, "Unprocessable Entity"),
        ("/raise/bug", 500, "Internal Server Error"),
        (f"/number?n={SENT}", 422, "Unprocessable Entity"),
        ("/number", 422, "Unprocessable Entity"),
        (f"/{SENT}", 404, "Not Found"),
    ],
)
def test_a_fault_is_problem_details_or_a_page(
    client: TestClient, path: str, status: int, title: str
) -> None:
    told = client.get(path, headers={"accept": "application/json"})
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    body = told.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", title, status)
    shown = client.get(path, headers={"accept": BROWSER})
    assert shown.status_code == status
    assert shown.headers["content-type"].startswith("text/html")
    for answer in (told, shown):
        assert SENT not in answer.text
        assert "bolt:" not in answer.text
        assert "/srv" not in answer.text
        assert answer.headers["vary"] == "Accept"
        assert answer.headers["cache-control"] == "no-store"


def test_where_a_client_takes_both_the_address_decides(client: TestClient) -> None:
    page, data = client.get("/raise/gone"), client.get("/number")
    assert page.headers["content-type"].startswith("text/html")
    assert data.headers["content-type"] == "application/problem+json"
    # A form that no fault has: still the details, never an empty answer.
    found = client.get("/raise/gone", headers={"accept": "text/csv"})
    assert found.headers["content-type"] == "application/problem+json"


def test_errors_name_parameters_and_places_and_no_values(client: TestClient) -> None:
    told = client.get(f"/number?n={SENT}").json()
    assert [error["parameter"] for error in told["errors"]] == ["n"]
    table = client.get("/raise/table", headers={"accept": "application/json"}).json()
    assert table["errors"] == [
        {
            "file": "options.csv",
            "row": 3,
            "column": "cost",
            "expected": "whole pounds",
            "advice": "Write digits only.",
        }
    ]


def test_headers_say_when_and_how_to_ask_again(client: TestClient) -> None:
    assert client.get("/raise/many").headers["retry-after"] == "7"
    assert int(client.get("/raise/store").headers["retry-after"]) > 0
    refused = client.put("/body")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, POST"


def test_a_body_that_is_too_large_is_told_as_all_else(client: TestClient) -> None:
    told = client.post("/body", content="x" * 101)
    assert told.status_code == 413
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert client.post("/body", content="x" * 100).json() == 100


def test_the_log_says_what_a_reader_is_not_told(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/raise/store")
    assert "bolt://somewhere" in caplog.text


def test_a_store_that_is_down_is_503_everywhere(schema: Schema) -> None:
    """A real driver asks a port on which nobody answers."""
    store: Store = Neo4jStore("bolt://127.0.0.1:9")
    app = create_staff_app(store, schema)
    with TestClient(app, base_url="http://localhost") as client:
        for path in ("/", "/health", "/questions/funding.unfunded", "/what-if", "/partnerships/x"):
            for accept in ("application/json", BROWSER):
                found = client.get(path, headers={"accept": accept})
                assert found.status_code == 503, path
                assert "127.0.0.1" not in found.text
                assert "bolt" not in found.text
    store.close()


# ---------------------------------------------------------------- the helpers


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("nonsense", "text/html"),
        ("*/*", "text/html"),
        ("TEXT/HTML ; q=0.2, application/json; q=0.3", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("text/*;q=0.3, text/html;q=0.1, application/json;q=0.2", "application/json"),
        ("application/json;q=1.2.3", "application/json"),
        ('application/json;profile="a,b;c"', None),
        ("image/*", None),
        ("*/*;q=0", None),
    ],
)
def test_the_preferred_form(accept: str | None, found: str | None) -> None:
    assert best_match(accept, ("text/html", "application/json")) == found


def test_a_profile_is_a_form_of_its_own() -> None:
    plain, profile = "application/ld+json", 'application/ld+json;profile="https://schema.org/"'
    assert best_match(profile, (plain, profile)) == profile
    assert best_match(plain, (plain, profile)) == plain


def _request(query: str = "", **headers: str) -> Request:
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope: dict[str, Any] = {"type": "http", "path": "/", "headers": pairs}
    return Request({**scope, "query_string": query.encode(), "method": "GET"})


def test_etags_differ_where_their_parts_do() -> None:
    assert etag_of("a", "bc") != etag_of("ab", "c")
    assert etag_of("a") == etag_of("a")
    assert canonical_query(_request("b=1&a=2&a=1")) == canonical_query(_request("a=2&b=1&a=1"))
    assert canonical_query(_request("a=1&a=2")) != canonical_query(_request("a=2&a=1"))
    assert canonical_query(_request("a=1%0Ab=2")) != canonical_query(_request("a=1&b=2"))


@pytest.mark.parametrize(
    ("given", "has"),
    [('"x"', True), ('W/"x"', True), ('"y", "x"', True), ("*", True), ("x", False)],
)
def test_if_none_match_is_compared_weakly(given: str, has: bool) -> None:
    assert has_it(_request(if_none_match=given), '"x"') is has


def test_cursors_hold_their_place() -> None:
    for offset in (0, 1, 999, 2**40):
        assert read_cursor(write_cursor(offset, "r", "q"), "r", "q") == offset
    page = paged(range(10), 4, write_cursor(8, "r", "q"), "r", "q")
    assert (list(page.items), page.total, page.next) == ([8, 9], 10, None)
    assert list(paged(range(3), None, None, "r", "q").items) == [0, 1, 2]


def test_the_package_of_the_documentation_is_served_from_here(
    store: Store, schema: Schema, tmp_path: Path
) -> None:
    with TestClient(create_staff_app(store, schema), base_url="http://localhost") as client:
        page = client.get("/api").text
        for name in ("swagger-ui.js", "swagger-ui.css"):
            assert f"/api/{name}" in page
            assert client.get(f"/api/{name}").status_code == 200
        assert "//cdn" not in page
        assert "GET /questions/funding.unfunded" in page
