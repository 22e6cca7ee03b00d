"""The public application: only the public release, only reading, and the same headers always."""

import datetime
import logging
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from public_home import TODAY, public_client, public_home

from api.guard import HEADERS
from api.open.doors import is_open
from api.public import create_public_app
from api.published import Published
from graph.build import build_dataset
from graph.errors import ReleaseError
from graph.public import PUBLIC, write_public
from graph.release import CURRENT, FOLDER, Release, write_release
from ontology.schema import Schema

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"
PAGES = ("/data", "/dataset", "/ontology", "/api", "/id/dudley/service/idva", "/nowhere")
DATA = ("/openreferral/", "/openreferral/services", "/dataset.ttl", "/id/dudley/service/idva.ttl",
        "/openapi.json", "/.well-known/void", "/openreferral/services/none",
        "/openreferral/services?page=0", "/id/dudley/service/none.ttl")  # fmt: skip


@pytest.fixture(scope="module")
def home(release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return public_home(tmp_path_factory.mktemp("public"), release, schema)


@pytest.fixture(scope="module")
def client(home: Path, schema: Schema) -> Iterator[TestClient]:
    with public_client(home, schema) as found:
        yield found


@pytest.mark.parametrize("path", (*PAGES, *DATA))
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_every_answer_has_the_headers(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"Accept": "text/html"})
    shared = {"Cross-Origin-Resource-Policy", "Cache-Control"}
    for name in set(HEADERS) - shared:
        assert answer.headers[name] == HEADERS[name]
    assert "set-cookie" not in answer.headers
    assert (answer.headers.get("access-control-allow-origin") == "*") is is_open(path)
    policy = "cross-origin" if is_open(path) else "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == policy
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if is_page or answer.status_code >= 400:
        assert answer.headers["cache-control"] == "no-store"
    if method == "HEAD":
        assert answer.content == b""
    if method == "POST":
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize("path", ["/data", "/dataset", "/api", "/id/dudley/agency/victim-support"])
def test_pages_over_historical_data_say_so(client: TestClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert "not a way to get help today" in text
    assert "999" in text


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_nothing_inline_and_load_nothing_of_others(client: TestClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert "<title>" in text
    assert "<style" not in text and " style=" not in text
    for tag in re.findall(r"<script[^>]*>", text):
        assert re.fullmatch(
            r'<script (?:type="module" )?(src="/[^"]+"|type="application/ld\+json")>', tag
        )
    assert not re.search(r"\son\w+=\"", text)
    assert not re.search(r"(?:src|action)=\"(?:https?:)?//", text)
    assert "Staff" not in text


def test_links_of_pages_lead_somewhere(client: TestClient) -> None:
    for page in PAGES[:-1]:
        text = client.get(page, headers={"Accept": "text/html"}).text
        for link in sorted(set(re.findall(r"href=\"(/[^\"#]*)", text)))[:80]:
            assert client.get(link).status_code == 200, link


def test_no_page_is_for_staff(client: TestClient) -> None:
    for path in ("/questions", "/questions/funding.unfunded", "/partnerships/dudley",
                 "/services/dudley/idva", "/records/dudley/award/crig-idva-2012", "/docs",
                 "/redoc", "/imports"):  # fmt: skip
        assert client.get(path).status_code == 404


def test_only_the_public_release_is_opened(
    release: Release, schema: Schema, tmp_path: Path
) -> None:
    home = public_home(tmp_path / "home", release, schema)
    shutil.rmtree(home / FOLDER)
    assert [p.name for p in home.iterdir()] == [PUBLIC]
    with public_client(home, schema) as client:
        assert client.get("/openreferral/services").json()["total_items"] > 100


def test_the_full_release_is_named_nowhere(client: TestClient, release: Release) -> None:
    for path in ("/data", "/dataset", "/dataset.ttl", "/health", "/dataset/public.nq",
                 "/openapi.json", "/openreferral/"):  # fmt: skip
        answer = client.get(path)
        assert release.name not in answer.text + str(answer.headers)


def test_without_a_release_there_is_no_answer(schema: Schema, tmp_path: Path) -> None:
    with public_client(tmp_path / "nothing", schema) as client:
        for path in ("/data", *DATA[:4], "/health"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert answer.headers["content-type"].startswith("application/problem+json") or (
                path == "/data"
            )
            assert "nothing" not in answer.text
            assert (answer.headers.get("access-control-allow-origin") == "*") is is_open(path)
        assert client.get("/openapi.json").status_code == 200


def small_home(home: Path, schema: Schema, *slugs: str) -> Path:
    write_release(build_dataset([PARTNERSHIPS / slug for slug in slugs], schema), home)
    write_public(home, schema)
    return home


def test_a_new_release_is_served_at_once(schema: Schema, tmp_path: Path) -> None:
    home = small_home(tmp_path, schema, "slough")
    with public_client(home, schema) as client:
        before = client.get("/openreferral/services")
        assert client.get("/openreferral/southend/services").status_code == 404
        small_home(home, schema, "slough", "southend")
        after = client.get("/openreferral/services")
        assert after.json()["total_items"] > before.json()["total_items"]
        assert after.headers["etag"] != before.headers["etag"]
        stale = client.get(
            "/openreferral/services", headers={"If-None-Match": before.headers["etag"]}
        )
        assert stale.status_code == 200
        # What is withdrawn is not answered from memory.
        (home / PUBLIC / FOLDER / CURRENT).unlink()
        assert client.get("/openreferral/services").status_code == 503
        small_home(home, schema, "slough")
        assert client.get("/openreferral/services").content == before.content


def test_a_damaged_release_is_not_served(schema: Schema, tmp_path: Path) -> None:
    home = small_home(tmp_path, schema, "slough")
    published = Published(home, schema)
    published.snapshot()
    folder = home / PUBLIC / FOLDER
    (folder / f"{'0' * 16}.nq").write_text("not what its name says\n")
    (folder / CURRENT).unlink()
    (folder / CURRENT).write_text(f"{'0' * 16}\n")
    for _ in range(2):
        with pytest.raises(ReleaseError):
            published.snapshot()


def test_many_readers_get_one_release(schema: Schema, tmp_path: Path) -> None:
    home = small_home(tmp_path, schema, "slough")
    published = Published(home, schema)
    found = []
    readers = [
        threading.Thread(target=lambda: found.append(published.snapshot())) for _ in "123456"
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 6
    assert len({id(snapshot) for snapshot in found}) == 1


def test_our_own_mistake_tells_nothing(
    home: Path, schema: Schema, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_public_app(Published(home, schema), today=lambda: TODAY)

    def broken(request: Request) -> None:
        raise RuntimeError("a secret of this machine")

    app.router.routes.clear()
    app.add_api_route("/openreferral/broken", broken)
    with TestClient(app) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/openreferral/broken?postcode=secret")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
        assert "secret" not in answer.text
        assert "postcode=secret" not in caplog.text


def test_the_day_is_asked_for_each_time(home: Path, schema: Schema) -> None:
    days = iter([TODAY, datetime.date(2030, 1, 1)])
    app = create_public_app(Published(home, schema), today=lambda: next(days))
    with TestClient(app) as client:
        path = "/openreferral/services?format=ndjson&full=true"
        assert "01632 960111" in client.get(path).text
        assert "01632 960111" not in client.get(path).text


def test_every_operation_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    operations = [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(names) == len(set(names))
    assert {method for _, method, _ in operations} == {"get"}
    assert len([path for path, _, _ in operations if path.startswith("/openreferral/{slug}")]) == 11
    schemas = described["components"]["schemas"]
    for path, _, operation in operations:
        assert operation["tags"] and operation["summary"], path
        for status, answer in operation["responses"].items():
            if status == "200":
                for media in answer["content"].values():
                    name = media["schema"].get("$ref", "").rsplit("/", 1)[-1]
                    assert not name or name in schemas
    assert "HTTPValidationError" not in schemas
