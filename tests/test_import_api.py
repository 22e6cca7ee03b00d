"""Imports and releases over HTTP: sent, looked at, published and taken back, by those who may."""

import datetime
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from conftest import PARTNERSHIPS
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import Workbook, load_workbook
from test_importing import GRANT, SHARED, needs_shared

from api.access import log
from api.desk import KEPT, Desk
from api.formats import as_json
from api.settings import Settings
from api.staff import create_staff_app, utc_now
from api.uploads import plain_name
from graph import drafts
from graph.build import build_dataset
from graph.frames import frames_of_graph
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.sources.workbook import write_workbook
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema
from queries.ask import ask, find_question

BASE = "http://127.0.0.1:8000"
DATA, PAGE = {"Accept": "application/json"}, {"Accept": "text/html"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FUNDERS = "/questions/funding.funders.json?partnership=example"


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.time = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.time


@pytest.fixture(scope="module")
def two(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of two partnerships only: each draft is validated with all that is live."""
    dataset = build_dataset([PARTNERSHIPS / slug for slug in ("example", "luton")], schema)
    return write_release(dataset, tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def graph(two: Release, schema: Schema) -> PropertyGraph:
    return read_graph(two, schema)


@pytest.fixture(scope="module")
def loaded(two: Release, graph: PropertyGraph, schema: Schema) -> Path:
    """A home in which that release is live and loaded, to be copied: loading takes its time."""
    folder = two.path.parent.parent
    store = EmbeddedStore(folder / "store")
    store.replace(frames_of_graph(graph, schema), schema)
    store.close()
    return folder


@pytest.fixture
def home(loaded: Path, tmp_path: Path) -> Path:
    """A home in which that release is live."""
    return Path(shutil.copytree(loaded, tmp_path / "home"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(home: Path, schema: Schema, clock: Clock) -> Iterator[FastAPI]:
    """The staff application over that home, nobody signing in, with a store that serves it."""
    store = EmbeddedStore(home / "store")
    yield create_staff_app(store, schema, Settings(home=home), clock)
    store.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, follow_redirects=False, headers=DATA) as found:
        yield found


def send(
    client: TestClient,
    kind: str,
    name: str,
    content: bytes,
    partnership: str = "example",
    headers: dict[str, str] | None = None,
    **more: bytes,
) -> Response:
    files = {"file": (name, content)} | {field: (f"{field}.toml", b) for field, b in more.items()}
    data = {"partnership": partnership} if partnership else {}
    return client.post(f"/imports/{kind}", files=files, data=data, headers=headers or {})


def grant() -> bytes:
    return json.dumps(GRANT).encode()


def live(home: Path) -> str:
    return (home / "releases" / "current").read_text().strip()


def form_of(graph: PropertyGraph, schema: Schema, tmp_path: Path, slug: str = "luton") -> Path:
    path = tmp_path / f"{slug}.xlsx"
    write_workbook(graph, schema, slug, path)
    return path


def bad_form(graph: PropertyGraph, schema: Schema, tmp_path: Path) -> bytes:
    """Luton's workbook with a word in a cell that stands for nothing."""
    book = load_workbook(form_of(graph, schema, tmp_path))
    sheet = book["services"]
    headers = [str(cell.value).removesuffix(" *") for cell in sheet[1]]
    sheet.cell(2, headers.index("standing") + 1).value = "runing-canary"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def acts(home: Path) -> list[str]:
    return [line.act for line, _ in log.lines(home / log.FILE)]


# ---------------------------------------------------------------- the whole way


def test_a_file_becomes_a_draft_is_looked_at_published_and_taken_back(
    client: TestClient, home: Path
) -> None:
    before = live(home)
    sent = send(client, "grants", "grants.json", grant())
    assert sent.status_code == 201, sent.text
    assert sent.headers["Location"] == "/draft"
    made = sent.json()
    assert "1 award added" in made["summary"]
    assert live(home) == before, "nothing is live yet"
    assert "Elmfold Fund" not in client.get(FUNDERS).text

    looked = client.get("/draft").json()
    assert looked["release"] == made["draft"] and looked["since"] == before
    assert any("Elmfold Fund" in line for line in looked["words"])
    assert {"awards", "funds"} <= {change["table"] for change in looked["changes"]}
    shown = client.get("/draft", headers=PAGE)
    assert "Elmfold Fund" in shown.text and "by local" in shown.text
    assert f'name="release" value="{made["draft"]}"' in shown.text

    done = client.post("/draft/publish", json={"release": made["draft"]})
    assert done.status_code == 200, done.text
    assert done.json()["release"] == live(home) == made["draft"]
    assert "Elmfold Fund" in client.get(FUNDERS).text
    assert not (home / "draft-store").exists()
    assert client.get("/draft").status_code == 404

    kept = client.get("/releases").json()
    assert [(k["release"], k["live"], k["served"]) for k in kept if k["live"]] == [
        (made["draft"], True, True)
    ]
    assert kept[0]["made_from"][0]["name"] == "grants.json" and kept[0]["by"] == "local"
    diff = client.get(f"/releases/{made['draft']}/diff?since={before}")
    assert "Elmfold Fund" in diff.text
    back = client.get(f"/releases/{before}/diff").json()
    assert any("no longer on record" in line for line in back["summary"])

    taken = client.post(f"/releases/{before}/rollback")
    assert taken.status_code == 200 and live(home) == before
    assert "Elmfold Fund" not in client.get(FUNDERS).text
    assert acts(home) == ["import", "publish", "rollback"]
    who = [(entry.act, entry.who) for entry in drafts.history(home) if entry.who]
    assert who == [("draft", "local"), ("publish", "local"), ("rollback", "local")]


def test_plain_forms_do_the_same(client: TestClient, home: Path) -> None:
    page = client.get("/imports", headers=PAGE).text
    assert 'action="/imports/grants" enctype="multipart/form-data"' in page
    sent = send(client, "grants", "grants.json", grant(), headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, "/draft")
    draft = re.findall(r'name="release" value="(\w+)"', client.get("/draft", headers=PAGE).text)[0]
    done = client.post("/draft/publish", data={"release": draft}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/releases")
    shown = client.get("/releases", headers=PAGE).text
    assert draft in shown and "Load it again" not in shown
    earlier = re.findall(r'action="/releases/(\w+)/rollback"', shown)
    assert len(earlier) == 1
    assert client.post(f"/releases/{earlier[0]}/rollback", headers=PAGE).status_code == 303
    assert live(home) == earlier[0]


def test_a_draft_that_was_not_seen_is_neither_published_nor_discarded(
    client: TestClient, home: Path
) -> None:
    before = live(home)
    first = send(client, "grants", "grants.json", grant()).json()["draft"]
    other = json.loads(grant())
    other["grants"][0]["amountAwarded"] = 15000
    second = send(client, "grants", "grants.json", json.dumps(other).encode()).json()["draft"]
    assert first != second
    for act in ("publish", "discard"):
        told = client.post(f"/draft/{act}", json={"release": first})
        assert told.status_code == 409 and "has changed since" in told.json()["detail"]
    assert live(home) == before
    assert client.get("/draft").json()["release"] == second
    gone = client.post("/draft/discard", json={"release": second})
    assert gone.json() == {"discarded": second} and live(home) == before
    assert client.post("/draft/publish", json={"release": second}).status_code == 409


def test_a_draft_is_not_published_over_what_became_live_since(
    client: TestClient, home: Path
) -> None:
    """A draft holds what was live when it was made; another's publication must not be lost."""
    before = live(home)
    first = send(client, "grants", "grants.json", grant()).json()["draft"]
    client.post("/draft/publish", json={"release": first})
    other = json.loads(grant())
    other["grants"][0]["id"] = "360G-example-2"
    second = send(client, "grants", "other.json", json.dumps(other).encode()).json()["draft"]
    assert client.post(f"/releases/{before}/rollback").status_code == 200
    told = client.post("/draft/publish", json={"release": second})
    assert told.status_code == 409 and "live release has changed" in told.json()["detail"]
    assert live(home) == before


def test_a_draft_is_not_made_of_what_was_live_before(home: Path, schema: Schema) -> None:
    from rdflib import Dataset

    with pytest.raises(drafts.ChangedError):
        drafts.draft(Dataset(), home, drafts.By("A", utc_now()), joined_with="0" * 16)


# ---------------------------------------------------------------- looking at answers


def test_an_answer_over_the_draft_shows_what_differs(client: TestClient, home: Path) -> None:
    assert client.get("/draft/questions/funding.funders").status_code == 404
    draft = send(client, "grants", "grants.json", grant()).json()["draft"]
    asked = "/draft/questions/funding.funders?partnership=example"
    told = client.get(asked).json()
    assert told["draft"] == draft and told["live"] == live(home)
    assert any("Elmfold" in json.dumps(row) for row in told["added"])
    assert told["same"] + len(told["gone"]) == len(client.get(FUNDERS).json())
    # A row that says something else now, such as another share of the whole, is in both.
    assert {r["funder"] for r in told["gone"]} <= {r["funder"] for r in told["added"]}
    shown = client.get(asked, headers=PAGE)
    assert "Elmfold Fund" in shown.text and "Only over the draft" in shown.text
    other = client.get("/draft/questions/funding.funders?partnership=luton").json()
    assert other["added"] == other["gone"] == []
    page = client.get("/draft", headers=PAGE).text
    first = re.findall(r'href="(/draft/questions/[^"]+)"', page)
    assert len(first) == 3
    for question in first:
        assert client.get(question, headers=PAGE).status_code == 200
    assert client.get("/draft/questions/no.such").status_code == 404
    assert client.get("/draft/questions/funding.funders?partnership=nowhere").json()["same"] == 0
    client.post("/draft/discard", json={"release": draft})
    assert not (home / "draft-store").exists()


def test_a_new_partnership_can_be_looked_at_before_it_is_live(
    client: TestClient, graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    book = load_workbook(form_of(graph, schema, tmp_path))
    book["partnership"].cell(2, 1).value = "eastmarch"
    content = BytesIO()
    book.save(content)
    # A browser may have named the file anything.
    sent = send(client, "workbook", "luton (1).xlsx", content.getvalue(), "eastmarch")
    assert sent.status_code == 201, sent.text
    told = client.get("/draft/questions/funding.funders?partnership=eastmarch").json()
    assert told["added"] and told["same"] == 0 and "eastmarch" in told["as_of_draft"]


# ---------------------------------------------------------------- files that are not drafts


def test_problems_are_told_with_their_places_and_a_marked_copy(
    client: TestClient, graph: PropertyGraph, schema: Schema, tmp_path: Path, home: Path
) -> None:
    content = bad_form(graph, schema, tmp_path)
    told = send(client, "workbook", "luton.xlsx", content, "")
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    (problem,) = told.json()["errors"]
    assert (problem["file"], problem["sheet"], problem["row"]) == ("luton.xlsx", "services", 2)
    assert problem["column"] == "standing" and problem["expected"] and problem["advice"]
    assert "runing-canary" not in told.text, "what was sent is not repeated"
    link = re.findall(r"<(/imports/files/[\w-]+)>", told.headers["Link"])[0]
    marked = client.get(link)
    assert marked.headers["content-type"] == XLSX
    cells = [c for row in load_workbook(BytesIO(marked.content))["services"] for c in row]
    red = [c for c in cells if c.fill.fgColor.rgb == "00FFC7CE"]
    assert [c.row for c in red] == [2] and "operating" in red[0].comment.text
    shown = send(client, "workbook", "luton.xlsx", content, "", headers=PAGE)
    assert shown.status_code == 422
    assert "<td>services</td><td>2</td><td>standing</td>" in shown.text
    assert 'href="/imports/files/' in shown.text and "runing-canary" not in shown.text
    assert drafts.draft_release(home) is None


def test_what_is_put_aside_is_for_one_editor_and_for_an_hour(
    app: FastAPI, client: TestClient, clock: Clock, home: Path
) -> None:
    desk: Desk = app.state.desk
    token = desk.hold("a.txt", "text/plain", "key:somebody else", lambda p: p.write_text("x"))
    assert client.get(f"/imports/files/{token}").status_code == 404
    own = desk.hold("a.txt", "text/plain", "local:local", lambda p: p.write_text("own"))
    assert client.get(f"/imports/files/{own}").text == "own"
    assert (home / "uploads").stat().st_mode & 0o077 == 0
    clock.time += KEPT
    assert client.get(f"/imports/files/{own}").status_code == 404
    assert not list((home / "uploads").iterdir())
    last = desk.hold("a.txt", "text/plain", "local:local", lambda p: p.write_text("own"))
    Desk(Settings(home=home), clock)  # As when the application is started again.
    assert not (home / "uploads" / last).exists()


def test_a_sheet_of_ones_own_gets_a_mapping_proposed_and_is_read_by_it(
    client: TestClient,
) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Services 2026"
    sheet.append(["Service name", "Provider", "Status"])
    sheet.append(["Evening advice", "Harrow Lane Advice", "Operating"])
    content = BytesIO()
    book.save(content)
    asked = send(client, "workbook", "list.xlsx", content.getvalue(), "")
    assert asked.status_code == 422 and asked.json()["errors"][0]["parameter"] == "partnership"
    told = send(client, "workbook", "list.xlsx", content.getvalue())
    assert told.status_code == 200
    mapping = client.get(told.json()["mapping"]).text
    assert "Service name" in mapping
    shown = send(client, "workbook", "list.xlsx", content.getvalue(), headers=PAGE)
    assert 'href="/imports/files/' in shown.text
    wrong = send(client, "workbook", "list.xlsx", content.getvalue(), mapping=b"x = ")
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["file"] == "mapping.toml"
    decided = mapping.replace('"?"', '"2026-06"').encode()
    made = send(client, "workbook", "list.xlsx", content.getvalue(), mapping=decided)
    assert made.status_code == 201 and "1 service added" in made.json()["summary"]


@needs_shared
def test_a_plan_is_answered_with_a_workbook_and_no_draft(client: TestClient, home: Path) -> None:
    (seed,) = (SHARED / "seeds").glob("003_*")
    told = send(client, "plan", seed.name, seed.read_bytes(), "luton")
    assert told.status_code == 200 and told.headers["content-type"] == XLSX
    assert 'filename="luton.xlsx"' in told.headers["Content-Disposition"]
    assert load_workbook(BytesIO(told.content)).sheetnames[0] == "review"
    assert drafts.draft_release(home) is None


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("grants", "g.json", b"{"),
        ("contracts", "c.json", b"[" * 100_000),
        ("openreferral", "o.json", b"\xff\xfe\x00"),
        ("openreferral", "o.json", b'"https://feed.example/services"'),
        ("rdf", "r.ttl", b"<a> <b> ."),
        ("rdf", "r.rdf", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
        ("plan", "p.pdf", b"no pdf"),
        ("plan", "p.exe", b"MZ"),
        ("workbook", "w.xlsx", b"PK no zip"),
        ("workbook", "", b"x"),
    ],
)
def test_a_bad_file_is_told_and_changes_nothing(
    client: TestClient, home: Path, kind: str, name: str, content: bytes
) -> None:
    told = send(client, kind, name, content)
    assert told.status_code == 422, told.text
    assert told.json()["errors"]
    assert drafts.draft_release(home) is None
    assert not list((home / "uploads").glob("*")), "nothing that was sent is kept"


def test_what_a_file_is_called_is_not_repeated(client: TestClient, home: Path) -> None:
    name = "<script>alert(1)</script> ring 01632 960123.json"
    for headers in ({}, PAGE):
        told = send(client, "grants", name, b"{", headers=headers)
        assert told.status_code == 422
        assert "<script>alert" not in told.text and "960123" not in told.text
    assert "960123" not in (home / log.FILE).read_text()
    assert plain_name("..\\..\\a/..") == "upload" and plain_name("\u202egnp.exe") == "_gnp.exe"
    assert plain_name("x" * 300 + ".CSV") == "x" * 80 + ".csv"


# ---------------------------------------------------------------- requests that are refused


@pytest.mark.parametrize("slug", ["../x", "a/b", "A", "nowhere"])
def test_a_partnership_that_is_none_is_told_and_not_repeated(client: TestClient, slug: str) -> None:
    told = send(client, "grants", "g.json", grant(), slug)
    assert told.status_code == 422
    assert told.json()["errors"][0]["parameter"] == "partnership"
    assert slug == "A" or slug not in told.text


def test_bodies_of_other_forms_are_refused(client: TestClient, home: Path) -> None:
    def post(path: str, body: bytes, kind: str) -> int:
        return client.post(path, content=body, headers={"Content-Type": kind}).status_code

    multipart = "multipart/form-data; boundary=x"
    assert post("/imports/grants", b"{}", "application/json") == 415
    assert post("/imports/grants", b"{}", "") == 415
    assert post("/imports/grants", b"no form", multipart) == 400
    assert post("/imports/grants", b"no form", "multipart/form-data") == 400
    assert post("/imports/grants", b"--x--\r\n", multipart) == 422
    three = [("file", ("a", b"")), ("file", ("b", b"")), ("other", ("c", b""))]
    assert client.post("/imports/grants", files=three).status_code == 400
    assert client.post("/imports/other", files=three[:1]).status_code == 422
    assert post("/draft/publish", b"{", "application/json") == 400
    assert post("/draft/publish", b"[" * 9_000, "application/json") == 400
    assert post("/draft/publish", b'{"release": 1}', "application/json") == 400
    assert post("/draft/publish", b"[]", "application/json") == 400
    assert post("/draft/publish", b"{}", "application/json") == 422
    assert post("/draft/publish", b"release=../x", "application/x-www-form-urlencoded") == 422
    assert post("/draft/publish", b"x", "text/plain") == 415
    assert post("/draft/publish", b"x=" + b"y" * 20_000, "application/x-www-form-urlencoded") == 413
    assert client.post("/releases/0000000000000000/rollback").status_code == 404
    assert client.post("/releases/..%2Fx/rollback").status_code in (404, 422)
    assert client.get("/releases/current/diff").status_code == 422
    assert client.get("/releases/0000000000000000/diff").status_code == 404
    assert not (home / log.FILE).exists() or acts(home) == []


def test_what_is_too_large_is_refused(
    home: Path, graph: PropertyGraph, schema: Schema, tmp_path: Path, client: TestClient
) -> None:
    settings = Settings(home=home, upload_bytes=50_000, import_rows=3)
    small = TestClient(create_staff_app(EmbeddedStore(home / "store"), schema, settings), BASE)
    told = send(small, "grants", "g.json", b" " * 60_000)
    assert told.status_code == 413 and told.json()["status"] == 413

    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="g.json"\r\n\r\n'
        for _ in range(60):
            yield b" " * 1_000

    # Without a length in its headers a body is counted as it comes.
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert small.post("/imports/grants", content=chunks(), headers=kind).status_code == 413
    many = send(small, "grants", "g.json", grant())
    assert many.status_code == 422 and "at most 3 rows" in many.json()["errors"][0]["expected"]
    assert drafts.draft_release(home) is None
    assert send(client, "grants", "g.json", b" " * 70_000 + grant()).status_code == 201


def test_one_act_at_a_time(app: FastAPI, client: TestClient, home: Path) -> None:
    draft = send(client, "grants", "g.json", grant()).json()["draft"]
    desk: Desk = app.state.desk
    with desk.acting("import plan") as tell:
        tell("validating against the shapes")
        state = client.get("/imports").json()
        assert state["underway"]["told"] == "validating against the shapes"
        assert "Under way since" in client.get("/imports", headers=PAGE).text
        for told in (
            send(client, "grants", "g.json", grant()),
            client.post("/draft/publish", json={"release": draft}),
            client.post("/draft/discard", json={"release": draft}),
            client.post("/releases/load"),
        ):
            assert told.status_code == 409 and "under way" in told.json()["detail"]
    assert acts(home) == ["import"], "what is refused so was not begun"
    assert client.get("/imports").status_code == 200
    assert client.post("/draft/publish", json={"release": draft}).status_code == 200


def test_nothing_is_done_that_cannot_be_logged(client: TestClient, home: Path) -> None:
    draft = send(client, "grants", "g.json", grant()).json()["draft"]
    before = live(home)
    (home / log.FILE).write_text("no chain\n")
    for told in (
        client.post("/draft/publish", json={"release": draft}),
        client.post("/draft/discard", json={"release": draft}),
        send(client, "grants", "other.json", grant()),
    ):
        assert told.status_code == 503 and "log" in told.json()["detail"]
    assert live(home) == before
    assert client.get("/draft").json()["release"] == draft


def test_an_application_without_a_home_acts_on_none(schema: Schema, tmp_path: Path) -> None:
    client = TestClient(create_staff_app(EmbeddedStore(tmp_path), schema), BASE)
    for path in ("/releases", "/draft", "/imports"):
        assert client.get(path).status_code == 503
    assert client.post("/releases/load").status_code == 503


# ---------------------------------------------------------------- the store


def test_a_store_that_cannot_be_loaded_is_told_and_mended_by_loading_again(
    client: TestClient, app: FastAPI, home: Path
) -> None:
    before = live(home)
    draft = send(client, "grants", "g.json", grant()).json()["draft"]
    # A folder stands where the new file of the store has to go.
    (home / "store" / f"{draft}.lbug" / "x").mkdir(parents=True)
    told = client.post("/draft/publish", json={"release": draft})
    assert told.status_code == 503
    assert draft in told.json()["detail"] and "fingerpost load" in told.json()["detail"]
    assert str(home) not in told.text
    assert live(home) == draft and app.state.store.release() == before
    assert "Elmfold Fund" not in client.get(FUNDERS).text, "it serves what it held"
    shown = client.get("/releases", headers=PAGE).text
    assert "Load it again" in shown and f"{before} is still served" in shown
    shutil.rmtree(home / "store" / f"{draft}.lbug")
    assert client.post("/releases/load").json()["release"] == draft
    assert "Elmfold Fund" in client.get(FUNDERS).text


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application by a real server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="on")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def test_a_reader_sees_the_old_answer_or_the_new_one_while_others_publish(
    app: FastAPI, home: Path, schema: Schema
) -> None:
    question = find_question("funding.funders")
    store = app.state.store

    def answer() -> str:
        return as_json(ask(store, question, slugs=["example"]))

    old, before = answer(), live(home)
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def read(base: str) -> None:
        with httpx.Client(base_url=base, timeout=60) as reader:
            while not stop.is_set():
                told = reader.get(FUNDERS)
                seen.append((told.status_code, told.text))
                stop.wait(0.05)

    with served(app) as base, httpx.Client(base_url=base, timeout=120) as editor:
        readers = [threading.Thread(target=read, args=(base,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        sent = editor.post(
            "/imports/grants",
            files={"file": ("g.json", grant())},
            data={"partnership": "example"},
        )
        assert sent.status_code == 201, sent.text
        imported = len(seen)
        draft = sent.json()["draft"]
        assert editor.post("/draft/publish", json={"release": draft}).status_code == 200
        for name in (before, draft):
            assert editor.post(f"/releases/{name}/rollback").status_code == 200
        stop.set()
        for reader in readers:
            reader.join(60)
    new = answer()
    assert old != new
    assert {status for status, _ in seen} == {200}
    assert {text for _, text in seen} == {old, new}, "never a mix"
    assert imported > 3, "the server went on answering while a file was read and validated"
    assert {text for _, text in seen[:imported]} == {old}


# ---------------------------------------------------------------- what is said of it all


def test_every_operation_is_described(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    send_it = paths["/imports/{kind}"]["post"]
    body = send_it["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert body["properties"]["file"] == {"type": "string", "format": "binary"}
    assert {"200", "201", "303", "400", "409", "413", "415", "422"} <= send_it["responses"].keys()
    kinds = send_it["parameters"][0]["schema"]["enum"]
    assert kinds == ["workbook", "plan", "openreferral", "grants", "contracts", "rdf"]
    for path in ("/draft/publish", "/draft/discard"):
        content = paths[path]["post"]["requestBody"]["content"]
        assert content.keys() == {"application/json", "application/x-www-form-urlencoded"}
    for path in ("/draft", "/releases", "/releases/{name}/diff", "/draft/questions/{name}"):
        content = paths[path]["get"]["responses"]["200"]["content"]
        assert {"application/json", "text/html"} <= content.keys(), path


ROLES: tuple[tuple[str, str, str], ...] = (
    ("GET", "/releases", "reader"),
    ("GET", "/draft", "reader"),
    ("GET", "/imports", "editor"),
    ("POST", "/imports/grants", "editor"),
    ("POST", "/draft/discard", "editor"),
    ("POST", "/draft/publish", "publisher"),
    ("POST", "/releases/0000000000000000/rollback", "publisher"),
    ("POST", "/releases/load", "publisher"),
)


@pytest.mark.parametrize(("method", "path", "least"), ROLES)
def test_who_may_do_what(app: FastAPI, home: Path, method: str, path: str, least: str) -> None:
    keys = app.state.access.keys
    order = ["reader", "editor", "publisher"]
    given: dict[str, str] = {}
    make: Callable[..., Any] = keys.add
    from api.access import Role

    for role in order:
        given[role] = make(f"the {role}", Role[role.upper()], utc_now().date(), 30)
    client = TestClient(app, base_url=BASE)
    assert client.request(method, path).status_code == 401
    for role in order:
        told = client.request(method, path, headers={"Authorization": f"Bearer {given[role]}"})
        assert (told.status_code == 403) == (order.index(role) < order.index(least)), told.text
