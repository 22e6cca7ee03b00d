"""A commissioner's walk in a real browser: from what is worst to what it would mean, and back.

And what comes in: a workbook that is wrong, one that is right, its draft, and a release taken back.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page
from test_browser import RULES, served
from test_browser import browser as browser

from api.settings import Settings
from api.staff import create_staff_app
from graph.build import build_dataset
from graph.columns import frames_of
from graph.release import Release, read_graph, write_release
from graph.sources.workbook import write_workbook
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"
PATIENCE = 120_000
"""Milliseconds: a machine that is busy with other tests reads a workbook slowly."""


@pytest.fixture(scope="module")
def luton(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of one partnership: each draft is validated with all that is live."""
    dataset = build_dataset([PARTNERSHIPS / "luton"], schema)
    return write_release(dataset, tmp_path_factory.mktemp("luton"))


@pytest.fixture
def address(luton: Release, schema: Schema, tmp_path: Path) -> Iterator[str]:
    """The staff application over a home of its own."""
    home = Path(shutil.copytree(luton.path.parent.parent, tmp_path / "home"))
    store = EmbeddedStore(home / "store")
    store.replace(frames_of(luton, schema), schema)
    with served(create_staff_app(store, schema, Settings(home=home))) as found:
        yield found
    store.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.set_default_timeout(PATIENCE)
    yield found
    assert context.cookies() == []
    assert found.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def is_well(page: Page) -> None:
    """A page is as wide as its window and sound by axe-core's rules, narrow and wide."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
        assert told == [], (page.url, width)


def follow(page: Page, target: Locator) -> None:
    """Choose what leads to another page, and wait until that stands: a click alone does not."""
    with page.expect_navigation():
        target.click()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_from_what_is_worst_to_what_would_change(page: Page, address: str) -> None:
    page.goto(address)
    is_well(page)
    worst = page.locator(".standing li a").first
    assert "Children's IDVA service" in worst.inner_text()
    follow(page, worst)
    assert heading(page) == "Money that ends soon"
    is_well(page)
    follow(page, page.locator(".part tbody td a").first)
    assert heading(page) == "Children's IDVA service"
    is_well(page)
    follow(page, page.locator("text=Imagine this ended").first)
    assert heading(page) == "What changes if this ended"
    assert "Children's IDVA service" in page.locator(".basket").inner_text()
    assert "Service falls: 1" in page.locator(".tallies").inner_text()
    is_well(page)
    with page.expect_download() as download:
        page.click(".downloads >> text=CSV")
    rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("partnership,as_of,change")
    assert len(rows) > 1
    # One thing more, chosen by its name and with the keyboard alone; then both out again.
    page.focus("#without")
    page.keyboard.type("Victim Support")
    page.keyboard.press("Enter") if page.input_value("#without") == "" else None
    assert page.input_value("#without").startswith("luton/")
    page.focus("text=See what changes >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**without=luton*without=luton*")
    page.wait_for_load_state()
    assert page.locator(".basket li").count() == 2
    follow(page, page.locator(".take-out").first)
    assert page.locator(".basket li").count() == 1
    follow(page, page.locator("text=Take all out").first)
    assert "Nothing is imagined yet" in page.locator("main").inner_text()


def test_options_are_compared_from_the_example(page: Page, address: str) -> None:
    page.goto(f"{address}/invest")
    is_well(page)
    follow(page, page.locator("text=Start from an example").first)
    is_well(page)
    follow(page, page.locator("text=Compare the options").first)
    assert "Options compared within £55,000" in page.locator("#outcome-title").inner_text()
    is_well(page)
    with page.expect_download() as download:
        page.click("text=Download as CSV")
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("choice,outcome")


def workbook(luton: Release, schema: Schema, folder: Path, column: str, old: str, new: str) -> Path:
    """Luton's services and money as a workbook, in which one cell says something else."""
    path = folder / "luton.xlsx"
    write_workbook(read_graph(luton, schema), schema, "luton", path)
    book = load_workbook(path)
    cells = [
        sheet.cell(row, number)
        for sheet in (book["services"], book["awards"])
        for number, header in enumerate(sheet[1], 1)
        if str(header.value).rstrip(" *") == column
        for row in range(2, sheet.max_row + 1)
    ]
    found = [cell for cell in cells if str(cell.value or "") == old]
    assert found, f"no {column} is {old}"
    found[0].value = new
    book.save(path)
    return path


def test_what_comes_in_is_looked_at_published_compared_and_taken_back(
    page: Page, address: str, luton: Release, schema: Schema, tmp_path: Path
) -> None:
    (tmp_path / "wrong").mkdir()
    wrong = workbook(luton, schema, tmp_path / "wrong", "standing", "operating", "runs")
    right = workbook(
        luton, schema, tmp_path, "name", "Children's IDVA service", "IDVA for children"
    )
    page.goto(f"{address}/imports")
    is_well(page)
    send = "section:has(#title-workbook) button"
    page.set_input_files("#file-workbook", str(wrong))
    follow(page, page.locator(send).first)
    assert heading(page) == "The file cannot be used as it is"
    assert "standing" in page.locator("table").inner_text()
    is_well(page)
    page.goto(f"{address}/imports")
    page.set_input_files("#file-workbook", str(right))
    follow(page, page.locator(send).first)
    assert heading(page) == "The draft"
    changes = page.locator(".kind-of-change").inner_text()
    assert "IDVA for children" in changes
    assert "before: Children's IDVA service" in changes
    is_well(page)
    page.goto(address)
    assert "A draft waits" in page.locator(".newest").inner_text()
    page.goto(f"{address}/draft")
    follow(page, page.locator("text=The key answers, in short").first)
    assert "Luton: IDVA for children" in page.locator("main").inner_text()
    is_well(page)
    page.goto(f"{address}/draft")
    follow(page, page.locator("text=Publish this draft").first)
    assert heading(page) == "Releases"
    is_well(page)
    page.goto(address)
    assert "1 service changed" in page.locator(".newest").inner_text()
    assert "IDVA for children" in page.locator(".standing").inner_text()
    follow(page, page.locator("text=See what it changed").first)
    assert heading(page) == "What one release changed"
    is_well(page)
    page.goto(f"{address}/releases")
    follow(page, page.locator("text=Make it live again").first)
    assert "made live again" in page.locator("main tbody").inner_text().lower()
    page.goto(address)
    assert "Children's IDVA service" in page.locator(".standing").inner_text()


def test_on_paper_nothing_is_cut_and_nothing_is_to_be_clicked(page: Page, address: str) -> None:
    page.goto(f"{address}/questions/coverage.uncovered")
    page.emulate_media(media="print")
    for selector in (".masthead nav", ".asking", ".if-ended >> nth=0", ".pages >> nth=0"):
        found = page.locator(selector)
        assert found.count() == 0 or found.is_hidden(), selector
    frame = page.locator(".part .scroll").first
    assert frame.evaluate("e => getComputedStyle(e).overflowX") == "visible"
    assert page.locator(".part .cite").first.is_visible()
