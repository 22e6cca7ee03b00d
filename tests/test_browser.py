"""The pages in a real browser: the map is drawn, found in, chosen from, and read without a script.

The browser is the system's Chromium. Where there is none, CI fails and a user's machine skips.
"""

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from api.settings import Settings
from api.staff import create_staff_app
from graph.release import Release
from graph.stores.protocol import Store
from ontology.schema import Schema

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAP = "/partnerships/dudley/map"


@dataclass
class Seen:
    """What a page said and asked for while it was open."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """An application at an address of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def address(store: Store, schema: Schema) -> Iterator[str]:
    with served(create_staff_app(store, schema)) as found:
        yield found


@pytest.fixture(scope="module")
def desk(
    store: Store, schema: Schema, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The staff's application with a home, where imports, releases and checks are looked at."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(release.path.parent.parent, home)
    with served(create_staff_app(store, schema, Settings(home=home))) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium: apt-get install chromium")
        pytest.skip("no Chromium: install your system's chromium to run these")
    with sync_playwright() as tools:
        found = tools.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, seen: Seen) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.on("console", lambda m: seen.console.append(m.text))
    found.on("pageerror", lambda e: seen.console.append(str(e)))
    found.on("request", lambda r: seen.requests.append(r.url))
    yield found
    context.close()


def drawn(page: Page, address: str) -> None:
    page.goto(address + MAP)
    page.wait_for_selector("#canvas[data-drawn]")


def nothing_left_behind(page: Page, seen: Seen, address: str) -> None:
    assert seen.console == []
    assert [u for u in seen.requests if not u.startswith((address, "data:", "blob:"))] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_map_is_searched_and_read(page: Page, seen: Seen, address: str) -> None:
    drawn(page, address)
    assert page.locator("#panel").is_hidden()
    page.fill("#find-name", "idva service")
    page.click("#find button")
    panel = page.locator("#panel")
    assert panel.is_visible()
    assert panel.locator("h2").inner_text() == "IDVA service"
    assert "money ends 31 March 2013" in panel.inner_text()
    assert "CRIG" in panel.locator("#panel-links").inner_text()
    assert page.locator("#panel-link").get_attribute("href") == "/services/dudley/idva"
    with page.expect_navigation():
        page.click("#panel-link")
    assert page.locator("h1").inner_text() == "IDVA service"
    nothing_left_behind(page, seen, address)


def test_a_card_is_chosen_by_a_click_and_left_again(page: Page, seen: Seen, address: str) -> None:
    drawn(page, address)
    page.locator("#canvas").scroll_into_view_if_needed()
    at = page.evaluate("fingerpostMap.whereIs('dudley/service/idva')")
    page.mouse.click(at["x"], at["y"])
    assert page.locator("#panel-name").inner_text() == "IDVA service"
    page.locator("#panel-links button").first.click()
    assert page.locator("#panel-name").inner_text() != "IDVA service"
    page.click("#panel-close")
    assert page.locator("#panel").is_hidden()
    nothing_left_behind(page, seen, address)


def test_a_search_without_a_hit_says_so(page: Page, address: str) -> None:
    drawn(page, address)
    page.fill("#find-name", "no such thing")
    page.click("#find button")
    assert "Nothing on this map" in page.locator("#found").inner_text()
    assert page.locator("#panel").is_hidden()


def test_links_and_size_can_be_changed(page: Page, seen: Seen, address: str) -> None:
    drawn(page, address)
    for box in page.locator(".filters input").all():
        box.uncheck()
    for button in ("#closer", "#further", "#whole", "#restart"):
        page.click(button)
    page.hover("#canvas")
    page.mouse.wheel(0, 400)
    nothing_left_behind(page, seen, address)


def test_the_day_can_be_changed(page: Page, address: str) -> None:
    drawn(page, address)
    page.fill("#as_of", "2013-04-01")
    with page.expect_navigation():
        page.click(".as-of button")
    page.wait_for_selector("#canvas[data-drawn]")
    assert "money ended 31 March 2013" in page.locator(".standing-out").inner_text()


def test_names_are_text_and_never_markup(page: Page, seen: Seen, address: str) -> None:
    hostile = '<img src="/static/none.png" onerror="document.title=1"> <a href="/">href</a>'
    answer = page.request.get(f"{address}{MAP}.json").json()
    for thing in answer["things"].values():
        thing["name"] = hostile
    for day in answer["days"]:
        for state in day["things"].values():
            state["lines"], state["title"] = [hostile], hostile
    page.route("**/map.json*", lambda route: route.fulfill(json=answer))
    drawn(page, address)
    page.locator("#canvas").scroll_into_view_if_needed()
    at = page.evaluate("fingerpostMap.whereIs('dudley/service/idva')")
    page.mouse.move(at["x"], at["y"])
    page.wait_for_selector("div.vis-tooltip", state="visible")
    assert hostile in page.locator("div.vis-tooltip").inner_text()
    page.mouse.click(at["x"], at["y"])
    assert page.locator("#panel-name").inner_text() == hostile
    assert page.locator("#picture img").count() == 0
    assert page.locator("#panel-name a, div.vis-tooltip a").count() == 0
    nothing_left_behind(page, seen, address)


def test_without_a_script_the_tables_say_the_same(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + MAP)
    assert page.locator("#picture").is_hidden()
    assert page.locator(".nojs").is_visible()
    things = json.loads(page.request.get(f"{address}{MAP}.json").text())["things"]
    rows = page.locator("#tables table.things tbody th").all_inner_texts()
    assert sorted(rows) == sorted(t["name"] for t in things.values())
    assert "IDVA service" in rows
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize(
    "path",
    ["/", "/questions/funding.unfunded?partnership=dudley", "/services/dudley/idva",
     "/partnerships/dudley", MAP, "/nothing"],
)  # fmt: skip
def test_pages_fit_every_width(browser: Browser, address: str, path: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/questions", "/questions/funding.unfunded?partnership=dudley", "/checks", "/answers",
     "/corrections", "/imports", "/draft", "/releases", "/account"],
)  # fmt: skip
def test_staff_pages_are_accessible(page: Page, desk: str, path: str) -> None:
    page.goto(desk + path)
    assert page.locator("aside.staff-strip").count() == 1
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
        assert told == [], width


def test_without_a_draft_the_page_says_so(page: Page, desk: str) -> None:
    answer = page.goto(f"{desk}/draft")
    assert answer and answer.status == 404
    assert page.locator("h1").inner_text() == "No draft waits"


def test_every_part_of_a_page_has_a_name(page: Page, seen: Seen, address: str) -> None:
    for path in ("/", MAP, "/questions/coverage.uncovered?partnership=dudley"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.lang") == "en-GB"
        assert page.locator("h1").count() == 1
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('input, select, button, a')].filter(e =>
                !(e.getAttribute('aria-label') || e.textContent.trim() ||
                  (e.labels && e.labels.length))).length"""
        )
        assert unnamed == 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    nothing_left_behind(page, seen, address)
