"""The board paper by command and by page: which files, under which names, whole or not at all."""

import datetime
import io
import os
import re
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pdfplumber
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from test_browser import RULES, served
from test_browser import browser as browser
from typer.testing import CliRunner

from api.cli import app as commands
from api.routes.papers import _MOST_FILES, MOST_WAITING, TYPES, Papers, Wanted
from api.settings import Settings
from api.staff import create_staff_app
from graph.for_publication import ForPublication
from graph.ids import iri_of
from graph.release import Release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema
from visualise.paper.content import paper
from visualise.paper.forms import Form, Written, written

PAGE = "/partnerships/dudley/paper"
EXEMPT = "Local Government Act 1972"


@pytest.fixture(scope="module")
def home(
    store: Store, release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A home with the shipped release and its store."""
    found = tmp_path_factory.mktemp("reports") / "home"
    shutil.copytree(release.path.parent.parent, found)
    assert isinstance(store, EmbeddedStore)
    shutil.copytree(store._folder, found / "store")
    return found


def run(home: Path, *arguments: object) -> tuple[int, str]:
    ran = CliRunner().invoke(
        commands, ["report", *map(str, arguments)], env={"FINGERPOST_HOME": str(home)}
    )
    return ran.exit_code, ran.stderr


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema, home: Path) -> Iterator[TestClient]:
    made = create_staff_app(store, schema, Settings(home=home))
    with TestClient(made, base_url="http://127.0.0.1") as found:
        yield found


# ---------------------------------------------------------------- the command


def test_the_command_writes_both_versions_in_every_form(home: Path, tmp_path: Path) -> None:
    code, told = run(home, "dudley", "--as-of", "2013-04-01", "--out", tmp_path / "a" / "b")
    assert code == 0, told
    names = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert names == {
        f"board-paper-dudley-2013-04-01-{version}.{form}"
        for version in ("open", "exempt")
        for form in ("pdf", "docx", "html", "xlsx")
    }
    assert "working out what the open version says" in told
    assert "making board-paper-dudley-2013-04-01-exempt.pdf" in told


def test_only_what_is_asked_for_is_written_and_the_same_each_time(
    home: Path, tmp_path: Path
) -> None:
    chosen = ("example", "--version", "open", "--only", "xlsx,html", "--out", tmp_path)
    assert run(home, *chosen)[0] == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert [name.rpartition(".")[2] for name in sorted(first)] == ["html", "xlsx"]
    assert run(home, *chosen)[0] == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert not any("exempt" in name for name in first)


def test_a_paper_with_something_imagined_ended_replaces_no_other(
    home: Path, tmp_path: Path
) -> None:
    lost = ("--without", "dudley/agency/chadd", "--only", "html", "--version", "exempt")
    assert run(home, "dudley", *lost, "--out", tmp_path)[0] == 0
    (found,) = tmp_path.iterdir()
    assert re.fullmatch(r"board-paper-dudley-\d{4}-\d\d-\d\d-what-if-exempt\.html", found.name)


def test_a_new_file_is_as_open_as_its_folder(home: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    assert run(home, "dudley", "--only", "html", "--version", "exempt", "--out", shut)[0] == 0
    assert [stat.S_IMODE(path.stat().st_mode) for path in shut.iterdir()] == [0o600]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere"),
        (("dudley", "--as-of", "1 April"), "--as-of 2013-04-01"),
        (("dudley", "--only", "pdf,odt"), "pdf, docx, html, xlsx"),
        (("dudley", "--without", "dudley/service/none"), "dudley/service/none"),
        (("example", "--version", "exempt", "--without", "garbage"), '"garbage" to leave out'),
    ],
)
def test_mistakes_are_told_with_what_to_do_and_nothing_is_written(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, told = run(home, *arguments, "--out", tmp_path / "out")
    assert code == 1
    assert said in told and "Traceback" not in told
    assert not list((tmp_path / "out").glob("*"))


def test_a_place_that_is_a_file_is_named(home: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("x", encoding="utf-8")
    code, told = run(home, "dudley", "--out", taken)
    assert code == 1 and str(taken) in told.replace("\n", "")
    assert taken.read_text(encoding="utf-8") == "x"


def test_a_store_that_holds_nothing_is_told(tmp_path: Path) -> None:
    code, told = run(tmp_path / "empty", "dudley", "--out", tmp_path / "out")
    assert code == 1 and "fingerpost" in told


def test_no_file_is_left_half(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "board-paper-dudley-2013-04-01-open.html"
    kept.write_text("the old one", encoding="utf-8")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device", str(kept))

    monkeypatch.setattr(os, "fsync", broken)
    chosen = ("--as-of", "2013-04-01", "--version", "open", "--only", "html")
    code, told = run(home, "dudley", *chosen, "--out", tmp_path)
    assert code == 1 and "No space left on device" in told
    assert kept.read_text(encoding="utf-8") == "the old one"


# ---------------------------------------------------------------- what is in the open version


def test_every_form_of_the_open_version_is_marked_open(open_store: ForPublication) -> None:
    made = paper(open_store, "dudley", None, "open")
    assert "for publication" in made.marking.lower() and EXEMPT not in made.marking
    with pdfplumber.open(io.BytesIO(written(made, Form.pdf).content)) as pdf:
        for page in pdf.pages:
            assert page.extract_text().startswith(made.marking)


@pytest.mark.parametrize("slug", ["dudley", "example", "luton", "slough", "southend"])
def test_every_partnership_makes_a_pdf_with_all_its_letters(store: Store, slug: str) -> None:
    made = written(paper(store, slug, None, "exempt"), Form.pdf)
    assert made.missing == ()
    with pdfplumber.open(io.BytesIO(made.content)) as pdf:
        assert all(EXEMPT in " ".join(page.extract_text().split()) for page in pdf.pages)


# ---------------------------------------------------------------- the page


def test_the_page_tells_both_versions_and_how_complete_the_record_is(client: TestClient) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Open version" in answer.text and "Exempt version" in answer.text
    assert "Schedule 12A" in answer.text and "Not for publication" in answer.text
    assert "how complete the record is" in answer.text
    for version in ("open", "exempt"):
        for form in Form:
            assert f'href="{PAGE}/{version}.{form}?as_of="' in answer.text


@pytest.mark.parametrize("form", list(Form))
def test_the_files_are_saved_under_neutral_names_and_kept_nowhere(
    client: TestClient, store: Store, form: Form
) -> None:
    answer = client.get(f"{PAGE}/open.{form}?as_of=2013-04-01")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[form]
    name = f'attachment; filename="board-paper-dudley-2013-04-01-open.{form}"'
    assert answer.headers["content-disposition"] == name
    assert answer.headers["cache-control"] == "no-store"
    again = client.get(f"{PAGE}/open.{form}?as_of=2013-04-01")
    assert again.content == answer.content
    assert again.content != client.get(f"{PAGE}/exempt.{form}?as_of=2013-04-01").content


def test_what_is_imagined_is_told_and_goes_into_the_files(client: TestClient) -> None:
    answer = client.get(f"{PAGE}?without=dudley/agency/chadd")
    assert "imagined to have ended" in answer.text
    assert "without=dudley%2Fagency%2Fchadd" in answer.text.replace("/agency/", "%2Fagency%2F")
    (link, *_) = re.findall(r'href="([^"]+exempt\.html[^"]*)"', answer.text)
    found = client.get(link.replace("&amp;", "&"))
    assert "what-if-exempt.html" in found.headers["content-disposition"]
    assert found.content != client.get(f"{PAGE}/exempt.html?as_of=2012-09-06").content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/partnerships/nowhere/paper", 404),
        (f"{PAGE}/secret.pdf", 404),
        (f"{PAGE}/open.odt", 404),
        (f"{PAGE}?as_of=yesterday", 422),
        (f"{PAGE}/open.html?without=dudley/service/none", 422),
        (f"{PAGE}/open.html?without={'x' * 201}", 422),
        (f"{PAGE}/exempt.html?without=garbage", 422),
        (f"{PAGE}/exempt.pdf?without=dudley/service/none", 422),
        (f"{PAGE}?without=garbage", 422),
    ],
)
def test_what_is_not_there_is_told(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_a_thing_is_written_as_a_whole_address_too(client: TestClient) -> None:
    short = client.get(f"{PAGE}/exempt.html?without=dudley/agency/chadd")
    whole = client.get(f"{PAGE}/exempt.html?without={iri_of('dudley/agency/chadd')}")
    assert whole.status_code == 200
    assert whole.content == short.content
    page = client.get(f"{PAGE}?without={iri_of('dudley/agency/chadd')}")
    assert "without=dudley/agency/chadd" in page.text.replace("%2F", "/")


def test_the_page_makes_no_paper(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> None:
        raise AssertionError("a paper is made for its page")

    monkeypatch.setattr("visualise.paper.content.paper", made)
    assert client.get(f"{PAGE}?as_of=2012-09-07").status_code == 200


def test_papers_wait_for_each_other_and_nothing_else_waits_for_them(
    store: Store, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, making = threading.Event(), threading.Lock()

    def slow(*_: object) -> SimpleNamespace:
        assert making.acquire(blocking=False), "two are made at once"
        go.wait(120)
        making.release()
        return SimpleNamespace(day=datetime.date(2013, 4, 1))

    monkeypatch.setattr("visualise.paper.content.paper", slow)
    monkeypatch.setattr("api.routes.papers.written", lambda *_: Written(b"a paper", ()))
    app, found = create_staff_app(store, schema), []
    with TestClient(app, base_url="http://127.0.0.1") as client:

        def ask(number: int) -> None:
            found.append(client.get(f"{PAGE}/exempt.html?as_of=2013-04-{number:02}"))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 13)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60
        while len(found) < 12 - 1 - MOST_WAITING and time.monotonic() < until:
            time.sleep(0.02)
        refused = [answer.status_code for answer in found]
        assert refused == [503] * (12 - 1 - MOST_WAITING)
        assert all(int(answer.headers["retry-after"]) > 0 for answer in found)
        other = client.get("/questions/funding.unfunded", headers={"Accept": "application/json"})
        assert other.status_code == 200
        go.set()
        for thread in threads:
            thread.join()
    told = [answer.content for answer in found if answer.status_code == 200]
    assert told == [b"a paper"] * (1 + MOST_WAITING)


def test_papers_are_kept_by_release_and_choices_and_not_for_ever(
    store: Store, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def small(paper_: object, form: Form) -> object:
        made.append(form)
        return written(paper_, form)  # type: ignore[arg-type]

    monkeypatch.setattr("api.routes.papers.written", small)
    kept, release = Papers(Path(), schema), store.release()
    assert release
    day = paper(store, "dudley").day
    wanted = Wanted(release, "dudley", day, "exempt", ())
    first = kept.file(store, wanted, Form.xlsx)
    assert kept.file(store, wanted, Form.xlsx) == first and len(made) == 1
    other = Wanted("another", "dudley", day, "exempt", ())
    kept.file(store, other, Form.xlsx)
    kept.file(store, other, Form.xlsx)
    assert len(made) == 3, "what is of another release than asked for is not kept"
    for number in range(_MOST_FILES + 5):
        kept._files[wanted, f"{number}"] = b""  # type: ignore[index]
    kept.file(store, wanted, Form.html)
    assert len(kept._files) == _MOST_FILES


def test_the_page_is_accessible_and_fits(browser: Browser, store: Store, schema: Schema) -> None:
    with served(create_staff_app(store, schema)) as address:
        context = browser.new_context()
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{address}{PAGE}?without=dudley/agency/chadd")
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], width
        assert told == []
        context.close()
