"""The directory in a real browser: a whole visit leaves no trace, and anyone can make it.

The browser is the system's Chromium. Where there is none, CI fails and a user's machine skips.
"""

import datetime
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route, expect
from test_browser import RULES, served
from test_browser import browser as browser

from api import design_system
from api.public import create_public_app
from api.published import Published
from graph.public import write_public
from graph.release import Release
from ontology.schema import Schema

TODAY = datetime.date(2026, 11, 22)
PLAIN = ("/", "/find", "/safety", "/accessibility", "/help-now", "/cy/", "/cy/find", "/not-here")
LED = ("faults", "results", "nothing", "service", "steps", "old-service")
EXIT = ".govuk-exit-this-page__button"
AWAY = "https://www.bbc.co.uk/weather"


@dataclass
class Seen:
    """What a page said and asked for while it was open."""

    console: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)


@pytest.fixture(scope="module")
def address(release: Release, schema: Schema) -> Iterator[str]:
    if not design_system.is_installed():
        if os.environ.get("CI"):
            pytest.fail("CI needs the design system: python -m api.design_system")
        pytest.skip("the design system is not installed: python -m api.design_system")
    home = release.path.parent.parent
    write_public(home, schema)
    app = create_public_app(Published(home, schema), today=lambda: TODAY)
    with served(app) as found:
        yield found


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, seen: Seen) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.on("console", lambda m: seen.console.append(m.text))
    found.on("pageerror", lambda e: seen.console.append(str(e)))
    found.on("request", lambda r: seen.requests.append(r))
    yield found
    context.close()


def choose(page: Page, *values: str) -> None:
    for value in values:
        page.check(f'main input[value="{value}"]')


def search(page: Page, address: str, place: str, *values: str, words: str = "") -> None:
    page.goto(f"{address}/find")
    page.select_option("#place", place)
    choose(page, *values)
    page.fill("#words", words)
    page.click("text='Find help'")


def first_result(page: Page) -> None:
    page.locator(".result .as-link").first.click()


def go(page: Page, address: str, name: str) -> None:
    """Open a page by its address, or by what a visitor does to come to it."""
    if name.startswith("/"):
        page.goto(address + name)
    elif name == "faults":
        page.goto(f"{address}/find")
        page.fill("#district", "not one")
        page.click("text='Find help'")
    elif name == "results":
        search(page, address, "example", "shared/need/emotional")
    elif name == "nothing":
        search(page, address, "dudley", words="xylophone repairs")
    elif name in ("service", "steps"):
        search(page, address, "example", "shared/need/emotional")
        first_result(page)
        if name == "steps":
            page.click("text='How to get this help'")
    else:
        search(page, address, "dudley", "shared/need/accommodation")
        first_result(page)
    page.wait_for_load_state()


def test_a_whole_visit_asks_no_other_host_and_leaves_nothing(
    page: Page, seen: Seen, address: str
) -> None:
    page.goto(address)
    page.select_option("#place", "example")
    choose(page, "shared/need/emotional")
    page.fill("#district", "QZ1 1AA")
    page.click("text='Find help'")
    first_result(page)
    page.click("text='How to get this help'")
    page.click("text='Back to the service'")
    page.click("text='Back to what we found'")
    expect(page.locator(".result").first).to_be_visible()
    assert seen.console == []
    urls = [request.url for request in seen.requests]
    assert [u for u in urls if not u.startswith((address, "data:"))] == []
    for url in urls:
        assert "?" not in url and "emotional" not in url and "QZ1" not in url.upper()
    assert not re.search(r"QZ1\s*1AA", page.content())
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then(d => d.length)") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    assert all("cookie" not in request.headers for request in seen.requests)


@pytest.mark.parametrize("name", [*PLAIN, *LED])
def test_every_page_at_every_width(page: Page, address: str, name: str) -> None:
    go(page, address, name)
    says_nothing_and_holds_no_script(page)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        the_way_out_is_never_covered_and_never_scrolls_away(page)
        if width != 768:
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
            assert told == [], width


def says_nothing_and_holds_no_script(page: Page) -> None:
    title = page.title().lower()
    for word in ("abuse", "violence", "refuge", "help", "victim", "domestic", "eastmarch"):
        assert word not in title
    assert page.locator("link[rel=icon]").get_attribute("href") == "data:,"
    assert (
        page.evaluate(
            "[...document.scripts].filter(s => !s.src && s.type !== 'application/ld+json').length"
        )
        == 0
    )
    assert page.evaluate("document.querySelectorAll('style, [style]').length") == 0


def the_way_out_is_never_covered_and_never_scrolls_away(page: Page) -> None:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    for place in (0, 0.5, 1):
        page.evaluate(f"window.scrollTo(0, {place} * document.documentElement.scrollHeight)")
        on_top = page.evaluate(
            """selector => {
              const button = document.querySelector(selector)
              const box = button.getBoundingClientRect()
              const at = (x, y) => button.contains(document.elementFromPoint(x, y))
              return box.top >= 0 && box.bottom <= innerHeight && box.height >= 24 &&
                at(box.left + 3, box.top + 3) && at(box.right - 3, box.bottom - 3) &&
                at(box.left + box.width / 2, box.top + box.height / 2)
            }""",
            EXIT,
        )
        assert on_top, place
    # Whatever happens to lie behind the button at one place of the page is free at another.
    page.evaluate("window.scrollTo(0, 0)")


def test_the_way_out_holds_without_the_design_system(page: Page, address: str) -> None:
    page.route("**/static/design-system/*", lambda route: route.abort())
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{address}/find")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    box = page.locator(EXIT).bounding_box()
    assert box and 0 <= box["y"] < 40 and box["width"] > 300


def leave_to(page: Page) -> list[str]:
    """Answer for the neutral page ourselves, and note who asks for it with which referrer."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("referer", ""))
        route.fulfill(body="<title>Weather</title>", content_type="text/html")

    page.route(f"{AWAY}*", answer)
    return asked


def test_the_button_is_a_plain_link_and_leaves_without_a_script(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked = leave_to(page)
    page.goto(address)
    button = page.locator(EXIT)
    assert button.get_attribute("href") == AWAY
    assert button.get_attribute("rel") == "nofollow noreferrer"
    button.click()
    page.wait_for_url(f"{AWAY}*")
    assert asked == [""]
    context.close()


def test_shift_three_times_leaves_and_covers_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/safety")
    # With 204 a browser stays where it is: the overlay must hide the page for that long.
    page.route(f"{AWAY}*", lambda route: route.fulfill(status=204))
    page.wait_for_selector("body.js-enabled")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_selector(".govuk-exit-this-page-overlay")
    assert not page.locator("main").is_visible()


def test_shift_three_times_goes_to_the_neutral_page(page: Page, address: str) -> None:
    asked = leave_to(page)
    page.goto(f"{address}/safety")
    page.wait_for_selector("body.js-enabled")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{AWAY}*")
    assert asked == [""]


def test_shift_is_forgotten_after_five_seconds(page: Page, address: str) -> None:
    asked = leave_to(page)
    page.clock.install()
    page.goto(f"{address}/safety")
    page.wait_for_selector("body.js-enabled")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.fast_forward(5100)
    page.keyboard.press("Shift")
    page.clock.fast_forward(100)
    assert page.locator("main").is_visible()
    assert asked == []


def test_the_second_key_stop_is_the_way_out(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Exit this page"
    assert link.get_attribute("rel") == "nofollow noreferrer"
    assert link.is_visible()


def test_a_visit_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)

    def tab_to(test: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(f"(e => {test})(document.activeElement)"):
                hidden = page.evaluate(
                    """selector => {
                      const e = document.activeElement.getBoundingClientRect()
                      const b = document.querySelector(selector).getBoundingClientRect()
                      return e.top >= b.top && e.bottom <= b.bottom && e.left >= b.left &&
                        e.right <= b.right
                    }""",
                    EXIT,
                )
                assert not hidden, "what has the focus lies behind the button"
                return
        raise AssertionError(test)

    tab_to("e.id === 'place'")
    page.keyboard.type("East")
    tab_to("e.value === 'shared/need/emotional'")
    page.keyboard.press("Space")
    tab_to("e.textContent.trim() === 'Find help'")
    page.keyboard.press("Enter")
    page.wait_for_selector(".result")
    tab_to("e.closest('.result') !== null")
    page.keyboard.press("Enter")
    page.wait_for_selector("#contact")
    tab_to("e.textContent.trim() === 'How to get this help'")
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps")


def test_all_works_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in LED:
        go(page, address, name)
        assert page.locator("main h1").count() == 1, name
    search(page, address, "example", "shared/need/emotional", "shared/client-group/men")
    page.locator("summary").click()
    assert page.locator("details input[value='shared/client-group/men']").is_checked()
    page.locator(".filters button", has_text="Men").first.click()
    assert page.locator(".filters button", has_text="Men").count() == 0
    assert page.locator(".filters button").count() == 1
    context.close()


def test_high_contrast_keeps_edges(browser: Browser, address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address)
    style = page.locator(EXIT).evaluate("e => getComputedStyle(e).borderTopStyle")
    assert style == "solid"
    context.close()


def test_print_shows_the_service_and_hides_what_paper_cannot_use(page: Page, address: str) -> None:
    go(page, address, "service")
    page.emulate_media(media="print")
    assert not page.locator(EXIT).is_visible()
    assert page.locator("main h1").is_visible()
    assert page.locator(".emergency").is_visible()
    assert page.locator("#lines").is_visible()
