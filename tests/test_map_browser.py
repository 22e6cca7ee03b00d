"""The map in a real browser: layers, ways, focus, days and losses, as a page and as one file.

The browser is the system's Chromium. Where there is none, CI fails and a user's machine skips.
"""

import datetime
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from map_rows import HERE, KNOWN, large, map_rows, thing
from playwright.sync_api import Browser, Page, expect
from test_browser import RULES, Seen, nothing_left_behind
from test_browser import address as address
from test_browser import browser as browser
from test_browser import page as page
from test_browser import seen as seen
from worlds import service

from api.map_data import map_data
from api.map_facts import read_map
from api.map_file import map_file
from graph.stores.protocol import Store
from queries.ask import partnerships
from visualise.map.network import network

FRAME = """() => new Promise((done) => {
    const from = performance.now();
    fingerpostMap.zoom(1.1);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
})"""
CHOOSE_EACH = """([arrangement, steps]) => Object.keys(fingerpostMap.data.things).filter((id) => {
    const M = fingerpostMap;
    M.arrange(arrangement);
    for (const { layer } of M.data.layers) M.switchLayer(layer, false);
    if (steps) M.focus(steps);
    M.choose(id, true);
    return !M.now.places.has(id) || M.now.chosen !== id;
})"""
MAP = "/partnerships/{}/map"
IDVA, CHADD = "dudley/service/idva", "dudley/agency/chadd"
HOSTILE = '</script><img src="x" onerror="document.title=1"> <a href="/">href</a> \u2028'


def drawn(page: Page, where: str) -> None:
    page.goto(where)
    page.wait_for_selector("#canvas[data-drawn]")


def find(page: Page, name: str) -> None:
    page.fill("#find-name", name)
    page.click("#find button")


def shown(page: Page) -> set[str]:
    found: list[str] = page.evaluate("[...fingerpostMap.now.places.keys()]")
    return set(found)


def of_kind(page: Page, kind: str) -> set[str]:
    return {one for one in shown(page) if one.split("/")[1] == kind}


@pytest.fixture(scope="module")
def file(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The map of Dudley as one file, beginning with one thing imagined ended."""
    about = next(p for p in partnerships(store) if p.slug == "dudley")
    path = tmp_path_factory.mktemp("file") / "map.html"
    path.write_bytes(map_file(about, read_map(store, "dudley"), about.newest, [CHADD]))
    return path.as_uri()


@pytest.fixture(params=["page", "file"])
def place(request: pytest.FixtureRequest, address: str, file: str) -> str:
    """The map of Dudley as the page has it, and as the file has it."""
    return address + MAP.format("dudley") if request.param == "page" else file


@pytest.fixture
def dudley(page: Page, place: str) -> Iterator[Page]:
    drawn(page, place)
    if place.startswith("file:"):
        expect(page.locator("#found")).to_contain_text("ended")
        page.click("#unlose")
    yield page


def test_the_picture_begins_as_the_server_places_it(page: Page, address: str) -> None:
    for slug in ("dudley", "example", "luton", "slough", "southend"):
        drawn(page, address + MAP.format(slug))
        told = page.evaluate(
            """[fingerpostMap.data.picture.nodes.map((n) => [n.id, n.x, n.y]),
                [...fingerpostMap.now.places].map(([id, p]) => [id, p.x, p.y])]"""
        )
        server, script = (sorted(one) for one in told)
        assert script == server, slug


def test_layers_are_switched(dudley: Page, seen: Seen) -> None:
    assert of_kind(dudley, "gap")
    dudley.uncheck('.filters input[value="gaps"]')
    assert not of_kind(dudley, "gap")
    before = of_kind(dudley, "fund")
    dudley.uncheck('.filters input[value="funding"]')
    assert before
    assert not of_kind(dudley, "fund")
    bodies = of_kind(dudley, "body")
    dudley.check('.filters input[value="governance"]')
    assert of_kind(dudley, "body") > bodies
    assert seen.console == []


def test_ways_in_are_arranged_from_left_to_right(dudley: Page, seen: Seen) -> None:
    dudley.select_option("#arrangement", "ways")
    titles = dudley.evaluate("fingerpostMap.now.titles.map((t) => t.title)")
    assert titles[0] == "First doors"
    assert titles[-1] == "No way in recorded"
    kinds = set(dudley.evaluate("fingerpostMap.now.links.map((k) => k.layer)"))
    assert kinds == {"pathways"}
    dashed = dudley.evaluate("fingerpostMap.now.links.filter((k) => !k.firm).map((k) => k.mark)")
    assert dashed
    assert all(dashed)
    assert dudley.locator(".filters input:not([disabled])").count() == 0
    dudley.select_option("#arrangement", "boards")
    assert "Boards and forums" in dudley.evaluate("fingerpostMap.now.titles.map((t) => t.title)")
    dudley.select_option("#arrangement", "money")
    assert of_kind(dudley, "fund")
    assert seen.console == []


def test_one_thing_and_what_surrounds_it(dudley: Page, seen: Seen) -> None:
    whole = shown(dudley)
    find(dudley, "CRIG funding")
    dudley.click('[data-steps="1"]')
    one = shown(dudley)
    assert "dudley/service/idva" in one
    assert 2 < len(one) < len(whole)
    dudley.click('[data-steps="2"]')
    assert one < shown(dudley) < whole
    expect(dudley.locator("#found")).to_contain_text("up to two steps")
    dudley.click("#unfocus")
    assert shown(dudley) == whole
    assert seen.console == []


def test_the_day_moves_by_keyboard_and_by_playing(dudley: Page, seen: Seen, place: str) -> None:
    find(dudley, "IDVA service")
    dudley.locator("#day-slider").focus()
    dudley.keyboard.press("End")
    assert dudley.inner_text("#day-shown") == "1 April 2013"
    assert "money ended 31 March 2013" in dudley.inner_text("#panel-sign")
    assert "money ended 31 March 2013" in dudley.inner_text("#standing-out-list")
    assert "9 with money recorded, its end not recorded; 2 whose" in dudley.inner_text(
        "#day-counts"
    )
    undated = dudley.evaluate("fingerpostMap.data.things['dudley/service/womens-group'].sign")
    assert undated == ""
    paying = f"fingerpostMap.data.links.filter((k) => k.kind === 'money' && k.end === '{IDVA}')"
    assert dudley.evaluate(f"{paying}.map((k) => k.firm)") == [False]
    if not place.startswith("file:"):
        assert dudley.url.endswith("?as_of=2013-04-01")
        assert "for 6 September 2012" in dudley.inner_text("#day-tables")
    dudley.click("#day-play")
    expect(dudley.locator("#day-shown")).to_have_text("6 September 2012")
    expect(dudley.locator("#day-shown")).to_have_text("1 April 2013")
    expect(dudley.locator("#day-play")).to_have_text("Play")
    assert seen.console == []


def test_what_falls_is_shown_at_once_and_told(dudley: Page, seen: Seen, place: str) -> None:
    find(dudley, "Churches Housing Association Dudley District")
    dudley.click("#panel-lose")
    expect(dudley.locator("#panel-loss")).to_be_visible()
    expect(dudley.locator("#found")).to_contain_text("6 services would fall")
    told = dudley.inner_text("#panel-loss")
    assert "If this ended, on 6 September 2012" in told
    assert "New refuge" in told
    assert "Left with nothing on record" in told
    badges = dict(dudley.evaluate("[...fingerpostMap.now.badges]"))
    assert badges[CHADD] == "✕ imagined ended"
    assert badges["dudley/service/refuge"] == "✕ would fall"
    assert "✕ loses its last recorded help" in badges.values()
    if not place.startswith("file:"):
        with dudley.expect_navigation():
            dudley.click("#panel-loss-link")
        assert "/what-if" in dudley.url
        assert "New refuge" in dudley.inner_text("main")
        return
    dudley.click("#panel-lose")
    expect(dudley.locator("#panel-loss")).to_be_hidden()
    assert dudley.evaluate("fingerpostMap.now.badges.size") == 0
    assert seen.console == []


def test_the_panel_has_the_evidence(dudley: Page) -> None:
    find(dudley, "IDVA service")
    evidence = dudley.inner_text("#panel-evidence")
    assert "Domestic Abuse Service Improvement Review" in evidence
    assert re.search(r"paragraph \d|row \d", evidence)
    assert dudley.locator("#panel-links .cite").count() > 0


def test_what_is_hidden_is_found_and_brought_in_sight(dudley: Page) -> None:
    dudley.uncheck('.filters input[value="gaps"]')
    find(dudley, "Less money for IDVAs")
    assert dudley.inner_text("#panel-name") == "Less money for IDVAs"
    assert of_kind(dudley, "gap")


def test_the_file_needs_nothing_from_anywhere(page: Page, seen: Seen, file: str) -> None:
    drawn(page, file)
    expect(page.locator("#found")).to_contain_text("6 services would fall")
    assert seen.requests == [file]
    assert seen.console == []
    assert page.locator("a[href^='/']").count() == 0
    assert "For staff" in page.inner_text("body")


@pytest.mark.parametrize("arrangement", ["money", "ways", "boards"])
def test_whatever_is_chosen_is_brought_in_sight(
    page: Page, seen: Seen, file: str, arrangement: str
) -> None:
    drawn(page, file)
    for steps in (0, 1):
        unseen = page.evaluate(CHOOSE_EACH, [arrangement, steps])
        assert unseen == []
    last = page.evaluate("fingerpostMap.now.chosen")
    page.evaluate("fingerpostMap.choose('dudley/service/none')")
    assert page.evaluate("fingerpostMap.now.chosen") == last
    assert seen.console == []


def test_the_page_asks_only_its_own_address(page: Page, seen: Seen, address: str) -> None:
    drawn(page, address + MAP.format("example") + "?without=example/agency/kestrelgate")
    expect(page.locator("#found")).to_contain_text("If Kestrelgate ended")
    page.locator("#day-slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#day-shown")).to_have_text("1 July 2026")
    nothing_left_behind(page, seen, address)


def test_hostile_names_stay_text_in_the_file(page: Page, seen: Seen, tmp_path: Path) -> None:
    rows = map_rows(services=[service("t/service/a")], map_things=[thing("t/service/a", HOSTILE)])
    path = tmp_path / "hostile.html"
    path.write_bytes(map_file(HERE, rows, KNOWN))
    drawn(page, path.as_uri())
    at = page.evaluate("fingerpostMap.whereIs('t/service/a')")
    page.mouse.click(at["x"], at["y"])
    assert page.inner_text("#panel-name").split() == HOSTILE.split()
    page.mouse.move(at["x"] + 4, at["y"] + 4)
    page.wait_for_selector("div.vis-tooltip", state="visible")
    assert page.locator("img, #panel-name a, div.vis-tooltip a").count() == 0
    assert page.title() != "1"
    assert seen.console == []


def served_rows(page: Page, count: int) -> None:
    """Answer the page's call for its data with a partnership of so many things."""
    body = json.dumps(map_data(network(large(count), KNOWN, KNOWN), HERE))
    page.route(
        "**/map.json*", lambda route: route.fulfill(body=body, content_type="application/json")
    )


def test_two_thousand_things_are_drawn_and_moved_without_waiting(
    page: Page, seen: Seen, address: str
) -> None:
    served_rows(page, 2_000)
    drawn(page, address + MAP.format("dudley"))
    assert len(shown(page)) == 2_000
    began = time.monotonic()
    page.evaluate("fingerpostMap.showDay(fingerpostMap.data.days.length - 1)")
    took = time.monotonic() - began
    frame = page.evaluate(FRAME)
    drawing = page.evaluate("fingerpostMap.drawnIn")
    print(f"2,000 things: drawn in {drawing:.0f} ms, a day in {took * 1000:.0f} ms, {frame:.0f} ms")
    assert drawing < 10_000, "in a second or two on a quiet machine"
    assert took < 5
    assert seen.console == []


def test_more_than_that_begins_as_bundles_that_open(page: Page, seen: Seen, address: str) -> None:
    served_rows(page, 2_400)
    drawn(page, address + MAP.format("dudley"))
    bundles = shown(page)
    assert 5 < len(bundles) < 20
    assert all(one.startswith("bundle/") for one in bundles)
    at = page.evaluate("fingerpostMap.whereIs('bundle/service/doing/t/type/1')")
    page.locator("#canvas").scroll_into_view_if_needed()
    page.evaluate("fingerpostMap.choose('bundle/service/doing/t/type/1', true)")
    assert at
    assert "of them" in page.inner_text("#panel-sign")
    page.click("#panel-open")
    services = of_kind(page, "service") - bundles
    assert 100 < len(services) < 200
    find(page, "Service number 0003 for people")
    assert page.inner_text("#panel-name") == "Service number 0003 for people"
    page.click("#close-bundles")
    assert shown(page) == bundles
    assert seen.console == []


@pytest.mark.parametrize("slug", ["dudley", "southend"])
def test_the_map_has_no_barriers(page: Page, address: str, slug: str) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        drawn(page, address + MAP.format(slug))
        page.evaluate("fingerpostMap.choose(Object.keys(fingerpostMap.data.things)[0], true)")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_file_has_no_barriers(browser: Browser, file: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = context.new_page()
    drawn(page, file)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_without_a_script_the_file_is_its_tables(browser: Browser, file: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file)
    assert page.locator("#picture").is_hidden()
    assert page.locator("table.things tbody tr").count() > 100
    assert "31 March 2013" in page.inner_text("#days-table")
    context.close()


def test_the_day_of_the_file_is_the_one_asked_for(store: Store, page: Page, tmp_path: Path) -> None:
    about = next(p for p in partnerships(store) if p.slug == "southend")
    path = tmp_path / "map.html"
    path.write_bytes(map_file(about, read_map(store, "southend"), datetime.date(2011, 1, 1)))
    drawn(page, path.as_uri())
    assert page.inner_text("#day-shown") == "1 January 2011"
