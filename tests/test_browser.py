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
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.staff import create_staff_app
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
MAP = "/partnerships/dudley/map"


@dataclass
class Seen:
    """What a page said and asked for while it was open."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def address(store: Store, schema: Schema) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        create_staff_app(store, schema), host="127.0.0.1", port=port, log_level="error"
    )
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
    page.click(".as-of button")
    page.wait_for_selector("#canvas[data-drawn]")
    assert "money ended 31 March 2013" in page.locator(".standing-out").inner_text()


def test_names_are_text_and_never_markup(page: Page, seen: Seen, address: str) -> None:
    hostile = '<img src="/static/none.png" onerror="document.title=1"> <a href="/">href</a>'
    answer = page.request.get(f"{address}{MAP}.json").json()
    for thing in answer["things"].values():
        thing["name"] = hostile
    for node in answer["picture"]["nodes"]:
        node["label"] = node["title"] = hostile
    for edge in answer["picture"]["edges"]:
        edge["title"] = hostile
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
    rows = page.locator("#tables tbody th").all_inner_texts()
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
