"""Every question as an operation: forms, pages of rows, ETags, time-outs, and what OpenAPI says."""

import csv
import datetime
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.answering import Answering
from api.formats import as_csv, as_json, plain
from api.negotiation import CSV, HTML, JSON, XLSX
from api.question_forms import row_schemas
from api.staff import create_staff_app
from graph.frames import frames_of_graph
from graph.model import PropertyGraph
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import ask, find_question
from queries.catalogue import catalogue

DAYS = (None, datetime.date(2013, 4, 1))
UNFUNDED = "/questions/funding.unfunded"
AS_JSON = {"accept": JSON}


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema) -> Iterator[TestClient]:
    with TestClient(create_staff_app(store, schema), base_url="http://127.0.0.1:8000") as found:
        yield found


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


# ---------------------------------------------------------------- the description


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_row_has_the_form_that_is_declared(store: Store, name: str) -> None:
    form = {**row_schemas()[name], "components": {"schemas": row_schemas()}}
    checker = jsonschema.Draft202012Validator(
        form, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for day in DAYS:
        answer = ask(store, find_question(name), as_of=day, without=["dudley/agency/chadd"])
        for row in answer.rows:
            checker.validate(plain(row))


def test_every_question_is_an_operation_made_from_its_header(described: dict[str, Any]) -> None:
    tags = [tag["name"] for tag in described["tags"]]
    for question in catalogue().values():
        operation = described["paths"][f"/questions/{question.name}"]["get"]
        assert operation["summary"] == question.title
        assert operation["operationId"] == question.name.replace(".", "_")
        assert operation["tags"][0] in tags
        for told in (question.question, *question.caveats, question.empty):
            assert told in operation["description"]
        names = [p["name"] for p in operation["parameters"]]
        own = [p.name for p in question.own]
        assert names == ["partnership", "as_of", "without", *own, "limit", "cursor"]
        forms = operation["responses"]["200"]["content"]
        assert set(forms) == {HTML, JSON, CSV, XLSX}
        columns = described["components"]["schemas"][question.name]
        assert columns["required"] == ["partnership", "as_of", *question.returns]
        assert columns["additionalProperties"] is False


def test_the_bounds_of_a_number_are_described(described: dict[str, Any]) -> None:
    parameters = described["paths"]["/questions/funding.decisions"]["get"]["parameters"]
    (months,) = (p for p in parameters if p["name"] == "months")
    number = months["schema"]["anyOf"][0]
    assert (number["minimum"], number["maximum"], number["default"]) == (1, 120, 18)


def test_the_catalogue_is_listed_for_programs(client: TestClient) -> None:
    told = client.get("/questions", headers=AS_JSON).json()
    assert [q["name"] for q in told] == list(catalogue())
    for listed, question in zip(told, catalogue().values(), strict=True):
        assert [c["name"] for c in listed["columns"]][2:] == list(question.returns)


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", HTML),
        (None, HTML),
        (JSON, JSON),
        (CSV, CSV),
        (XLSX, XLSX),
        ("text/*;q=0.5, application/json", JSON),
        ("text/csv;q=0.9, text/html;q=0.1", CSV),
        ("*/*, text/html;q=0", JSON),
        ("application/*", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ],
)
def test_an_answer_has_the_form_that_is_preferred(
    client: TestClient, accept: str | None, form: str
) -> None:
    headers = {"accept": accept} if accept else {"accept": ""}
    answer = client.get(f"{UNFUNDED}?partnership=dudley", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == form
    assert answer.headers["vary"] == "Accept"
    kept = "no-store" if form == HTML else "private, no-cache"
    assert answer.headers["cache-control"] == kept


@pytest.mark.parametrize("accept", ["image/png", "text/plain", "*/*;q=0", "application/pdf, a/b"])
def test_a_form_that_there_is_not_is_406(client: TestClient, accept: str) -> None:
    answer = client.get(UNFUNDED, headers={"accept": accept})
    assert answer.status_code == 406
    assert answer.json()["title"] == "Not Acceptable"
    assert CSV in answer.json()["detail"]


def test_all_doors_give_the_same_bytes(client: TestClient, store: Store) -> None:
    answer = ask(store, find_question("funding.unfunded"), slugs=["luton"])
    asked = {"partnership": "luton"}
    for accept, ending, written in ((JSON, "json", as_json), (CSV, "csv", as_csv)):
        found = client.get(UNFUNDED, params=asked, headers={"accept": accept})
        linked = client.get(f"{UNFUNDED}.{ending}", params=asked)
        assert found.text == linked.text == written(answer)
        assert linked.headers["cache-control"] == "no-store"


def test_a_workbook_holds_the_answer_and_says_how_to_read_it(
    client: TestClient, store: Store
) -> None:
    found = client.get(f"{UNFUNDED}.xlsx", params={"partnership": "dudley", "as_of": "2013-04-01"})
    assert found.headers["content-disposition"] == 'attachment; filename="answer.xlsx"'
    book = load_workbook(io.BytesIO(found.content))
    asked = ask(
        store, find_question("funding.unfunded"), slugs=["dudley"], as_of=datetime.date(2013, 4, 1)
    )
    rows = list(book["Answer"].values)
    assert len(rows) == len(asked.rows) + 1
    assert rows[1][0] == asked.rows[0]["partnership"]
    assert rows[1][1].date() == datetime.date(2013, 4, 1)
    said = " ".join(str(cell) for row in book["How to read this"].values for cell in row)
    assert all(caveat in said for caveat in asked.question.caveats)
    again = client.get(f"{UNFUNDED}.xlsx", params={"partnership": "dudley", "as_of": "2013-04-01"})
    assert again.content == found.content


def test_no_cell_of_a_workbook_is_a_formula(graph: PropertyGraph) -> None:
    from openpyxl import Workbook

    from api.formats import _put_row

    book = Workbook()
    _put_row(book.active, 1, ["=1+1", ["=A1", "b"], "+44", "x\x01y", "z" * 40_000, 3, True])
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    (row,) = load_workbook(io.BytesIO(saved.getvalue())).active.values
    assert row[:3] == ("=1+1", "=A1; b", "+44")
    assert len(row[4]) == 32_767
    assert row[4].endswith("(cut here: the whole text is in the CSV)")
    assert row[5:] == (3, "yes")


# ---------------------------------------------------------------- pages of rows


def test_pages_put_together_are_the_whole_answer(client: TestClient) -> None:
    whole = client.get(UNFUNDED, headers=AS_JSON).json()
    url, rows, pages = f"{UNFUNDED}?limit=7", [], 0
    while url:
        found = client.get(url, headers=AS_JSON)
        assert found.headers["x-total-count"] == str(len(whole))
        assert len(found.json()) <= 7
        rows += found.json()
        url = found.links.get("next", {}).get("url", "")
        pages += 1
    assert rows == whole
    assert pages == -(-len(whole) // 7)


def _cursor(client: TestClient, path: str) -> str:
    url = client.get(f"{path}?limit=1", headers=AS_JSON).links["next"]["url"]
    return url.partition("cursor=")[2]


def test_a_cursor_belongs_to_its_question_and_choices(client: TestClient) -> None:
    cursor = _cursor(client, UNFUNDED)
    for path in ("/questions/funding.ending?", f"{UNFUNDED}?partnership=dudley&"):
        found = client.get(f"{path}limit=1&cursor={cursor}", headers=AS_JSON)
        assert found.status_code == 422
        assert "Begin again" in found.json()["detail"]


@pytest.mark.parametrize("cursor", ["x", "!", "é", "AAAA", "x" * 200, "x" * 201])
def test_a_damaged_cursor_is_refused(client: TestClient, cursor: str) -> None:
    found = client.get(UNFUNDED, params={"cursor": cursor}, headers=AS_JSON)
    assert found.status_code == 422
    assert found.json()["errors"][0]["parameter"] == "cursor"
    cut = _cursor(client, UNFUNDED)
    changed = ("B" if cut[0] == "A" else "A") + cut[1:]
    assert client.get(UNFUNDED, params={"cursor": changed}, headers=AS_JSON).status_code == 422


def test_a_cursor_ends_with_its_release_and_so_does_an_etag(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    store = EmbeddedStore(tmp_path)
    store.replace(frames_of_graph(graph, schema), schema)
    later = PropertyGraph("f" * 16, graph.nodes, graph.edges)
    with TestClient(create_staff_app(store, schema), base_url="http://localhost") as client:
        first = client.get(f"{UNFUNDED}?limit=1", headers=AS_JSON)
        cursor = _cursor(client, UNFUNDED)
        known = {**AS_JSON, "if-none-match": first.headers["etag"]}
        assert client.get(f"{UNFUNDED}?limit=1", headers=known).status_code == 304
        store.replace(frames_of_graph(later, schema), schema)
        gone = client.get(f"{UNFUNDED}?limit=1&cursor={cursor}", headers=AS_JSON)
        assert gone.status_code == 410
        assert "Begin again" in gone.json()["detail"]
        assert client.get(f"{UNFUNDED}?limit=1", headers=known).status_code == 200
    store.close()


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "1.5", "x", "٣"])
def test_a_limit_has_bounds(client: TestClient, limit: str) -> None:
    found = client.get(UNFUNDED, params={"limit": limit}, headers=AS_JSON)
    assert found.status_code == 422
    assert found.json()["errors"] == [
        {"parameter": "limit", "expected": "write a whole number from 1 to 1000."}
    ]


# ---------------------------------------------------------------- asked again


class Counting:
    """A store that counts what is read from it."""

    def __init__(self, store: Store) -> None:
        self.store, self.reads = store, 0

    def read(self, cypher: str, parameters: Any) -> Any:
        self.reads += 1
        return self.store.read(cypher, parameters)

    def release(self) -> str | None:
        return self.store.release()


def test_a_repeated_question_costs_nothing(store: Store, schema: Schema) -> None:
    counting = Counting(store)
    app = create_staff_app(counting, schema)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost") as client:
        asked = {"partnership": "dudley", "as_of": "2013-04-01"}
        for accept in (JSON, CSV, XLSX):
            first = client.get(UNFUNDED, params=asked, headers={"accept": accept})
            reads = counting.reads
            assert reads > 0
            known = {"accept": accept, "if-none-match": f'"other", W/{first.headers["etag"]}'}
            turned = dict(reversed(asked.items()))
            again = client.get(UNFUNDED, params=turned, headers=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            assert again.headers["vary"] == "Accept"
            assert counting.reads == reads


def test_other_answers_have_other_etags(client: TestClient) -> None:
    asked = [
        (UNFUNDED, JSON),
        (UNFUNDED, CSV),
        (f"{UNFUNDED}?as_of=2013-04-01", JSON),
        (f"{UNFUNDED}?limit=1", JSON),
        (f"{UNFUNDED}?partnership=dudley", JSON),
        ("/questions/funding.ending", JSON),
    ]
    tags = [client.get(path, headers={"accept": form}).headers["etag"] for path, form in asked]
    assert len(set(tags)) == len(asked)


# ---------------------------------------------------------------- time


class Slow(Counting):
    """A store whose answers wait until they are let go."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.go, self.most, self._now, self._lock = threading.Event(), 0, 0, threading.Lock()

    def read(self, cypher: str, parameters: Any) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.go.wait(20)
        with self._lock:
            self._now -= 1
        return super().read(cypher, parameters)


def test_an_answer_that_takes_too_long_is_refused_and_holds_its_place(
    store: Store, schema: Schema
) -> None:
    slow = Slow(store)
    app = create_staff_app(slow, schema)  # type: ignore[arg-type]
    app.state.answering = Answering(seconds=0.3, at_once=2)
    with TestClient(app, base_url="http://localhost") as client:
        threads = [
            threading.Thread(target=client.get, args=(UNFUNDED,), kwargs={"headers": AS_JSON})
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        found = client.get(UNFUNDED, headers=AS_JSON)
        for thread in threads:
            thread.join()
        assert found.status_code == 503
        assert int(found.headers["retry-after"]) > 0
        assert "Ask about one partnership" in found.json()["detail"]
        assert slow.most == 2
        # The server itself goes on, and answers once there is time.
        assert client.get("/health").status_code == 200
        slow.go.set()
        app.state.answering.seconds = 20
        assert client.get(UNFUNDED, headers=AS_JSON).status_code == 200


# ---------------------------------------------------------------- choices


@pytest.mark.parametrize(
    "query",
    [
        "partner=dudley",
        "as_of=01-04-2013",
        "as_of=%202013-04-01",
        "as_of=2013-02-30",
        "partnership=nobody",
        "without=dudley/agency/nobody",
        "months=0",
        "months=" + "1" * 5000,
        "without=" + "x" * 201,
        "&".join(["without=x"] * 51),
    ],
)
def test_a_choice_that_makes_no_sense_is_told_without_repeating_it(
    client: TestClient, query: str
) -> None:
    found = client.get(f"/questions/funding.decisions?{query}", headers=AS_JSON)
    assert found.status_code == 422
    sent = query.split("=")[1]
    assert "nobody" not in found.text
    assert len(sent) < 5 or sent not in found.text


def test_a_group_that_is_not_known_is_told_without_repeating_it(client: TestClient) -> None:
    found = client.get("/questions/pathways.profile?group=nobodyatall", headers=AS_JSON)
    assert found.status_code == 422
    assert found.json()["errors"][0]["parameter"] == "group"
    assert "nobodyatall" not in found.text


# ---------------------------------------------------------------- why, and if


def test_a_row_is_explained_in_words(client: TestClient) -> None:
    asked = "partnership=dudley&as_of=2013-04-01"
    row = client.get(f"{UNFUNDED}?{asked}", headers=AS_JSON).json()[0]
    found = client.get(f"{UNFUNDED}/explain/1?{asked}", headers=AS_JSON).json()
    assert found["row"] == row
    assert [r["record"] for r in found["rests_on"]] == [e["record"] for e in row["evidence"]]
    assert all(r["words"] and r["where"] for r in found["rests_on"])
    page = client.get(f"{UNFUNDED}/explain/1?{asked}").text
    assert "Why the answer says so" in page
    assert "not a way to get help today" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/explain/0", 422), ("/explain/x", 422), ("/explain/999999", 404), ("/explain/", 404)],
)
def test_a_row_that_there_is_not(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"{UNFUNDED}{path}", headers=AS_JSON).status_code == status
    assert client.get("/questions/no.such/explain/1", headers=AS_JSON).status_code == 404


def test_what_if_without_and_with_a_table(client: TestClient, store: Store) -> None:
    lost = client.get("/what-if?partnership=dudley&without=dudley/agency/chadd", headers=AS_JSON)
    question = find_question("resilience.what_if")
    asked = ask(store, question, slugs=["dudley"], without=["dudley/agency/chadd"])
    assert lost.text == as_json(asked)
    assert lost.json()
    table = (
        "change,thing,name,groups,needs,areas,strength\n"
        "new service,example/service/new-house,New house,men,accommodation,,adapted\n"
    )
    sent = {"content": table, "headers": {"content-type": "text/csv", **AS_JSON}}
    won = client.post("/what-if?partnership=example", **sent)
    assert won.status_code == 200
    assert {row["change"] for row in won.json()} >= {"service opens"}
    assert client.get("/what-if?partnership=example", headers=AS_JSON).json() == []
    as_table = client.post(
        "/what-if?partnership=example",
        content=table,
        headers={"content-type": "text/csv; charset=utf-8", "accept": CSV},
    )
    assert next(csv.reader(io.StringIO(as_table.text)))[:2] == ["partnership", "as_of"]


@pytest.mark.parametrize(
    ("table", "kind", "status"),
    [
        ("change,thing\nopens,example/service/secret-place\n", "text/csv", 422),
        ("change,thing,secret-place\nopens,x,y\n", "text/csv", 422),
        ("change,thing\nsecret-place,x\n", "text/csv", 422),
        ("", "text/csv", 422),
        ('change,thing\n"secret-place', "text/csv", 422),
        ("change,thing\n" + "opens,secret-place\n" * 4_000, "text/csv", 413),
        ("{}", "application/json", 415),
        ("x", "text/csv; charset=utf-16", 415),
    ],
)
def test_a_table_that_cannot_be_used(
    client: TestClient, table: str, kind: str, status: int
) -> None:
    headers = {"content-type": kind, **AS_JSON}
    found = client.post("/what-if", content=table, headers=headers)
    assert found.status_code == status
    assert found.headers["content-type"] == "application/problem+json"
    assert "secret-place" not in found.text
    if status == 422:
        assert json.loads(found.text)["errors"][0]["file"] == "additions.csv"


# ---------------------------------------------------------------- options compared


def options(count: int) -> bytes:
    head = "option,name,cost,groups,needs\n"
    rows = (f"o{n},Option {n},{n + 1},LGBT victims,Safe accommodation\n" for n in range(count))
    return (head + "".join(rows)).encode()


def compared(client: TestClient, table: bytes) -> Any:
    return client.post(
        "/invest?partnership=dudley&budget=100",
        files={"options": ("options.csv", table, CSV)},
        headers=AS_JSON,
    )


def test_options_are_compared_within_a_budget(client: TestClient) -> None:
    found = compared(client, options(3))
    assert found.status_code == 200, found.text
    assert "o0" in found.text, "the cheapest of those that close the same"


def test_more_options_than_an_answer_can_be_waited_for_are_refused(client: TestClient) -> None:
    found = compared(client, options(201))
    assert found.status_code == 422
    assert found.json()["errors"][0]["parameter"] == "options"
