"""The pages of the views: what they say without a script, and that they hold in a browser."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from lxml import html
from playwright.sync_api import Browser, Page
from test_browser import RULES, Seen, browser, nothing_left_behind, page, seen, served

from api.answering import Answering
from api.settings import Settings
from api.staff import create_staff_app
from graph.stores.protocol import Store
from ontology.schema import Schema

__all__ = ["browser", "page", "seen"]
MATRIX, MONEY, WAYS = (f"/partnerships/dudley/{view}" for view in ("matrix", "money", "pathways"))
ACCOMMODATION = "shared/need/accommodation"
PATHS = [
    MATRIX,
    f"{MATRIX}?cell=shared/client-group/men+{ACCOMMODATION}",
    "/partnerships/southend/matrix",
    "/matrices",
    MONEY,
    "/partnerships/southend/money",
    "/partnerships/example/money?by=fund",
    WAYS,
    "/partnerships/southend/pathways",
    f"/partnerships/example/pathways?group=women&need={ACCOMMODATION}",
]


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema) -> Iterator[TestClient]:
    with TestClient(create_staff_app(store, schema), base_url="http://127.0.0.1:8000") as found:
        yield found


@pytest.mark.parametrize(
    "path",
    [
        *PATHS,
        "/partnerships/dudley/map",
        "/partnerships/dudley/map.json",
        "/partnerships/dudley/map.html",
        "/partnerships/dudley/map/if-ended",
        "/releases/0123456789abcdef/diff",
        "/releases/0123456789abcdef/answers",
        "/draft",
    ],
)
def test_a_view_waits_its_turn_and_no_longer_than_an_answer(
    store: Store, schema: Schema, tmp_path: Path, path: str
) -> None:
    app, go = create_staff_app(store, schema, Settings(home=tmp_path)), threading.Event()
    app.state.answering = Answering(seconds=0.05, at_once=1)
    app.state.answering._pool.submit(go.wait, 20)
    with TestClient(app, base_url="http://127.0.0.1") as found:
        answer = found.get(path)
        go.set()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.fixture(scope="module")
def address(store: Store, schema: Schema) -> Iterator[str]:
    with served(create_staff_app(store, schema)) as found:
        yield found


def read(client: TestClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def heads(found: html.HtmlElement, what: str = "tbody//th") -> list[str]:
    return [text(h) for h in found.xpath(f"//table[@class='matrix']/{what}")]


# ---------------------------------------------------------------- the matrix


def test_every_cell_says_its_state_in_words_and_leads_to_why(client: TestClient) -> None:
    found = read(client, MATRIX)
    cells = found.xpath("//table[@class='matrix']//td[starts-with(@class, 'cell ')]")
    assert all(
        c.xpath(".//*[@class='unseen']") and text(c.xpath(".//*[@class='unseen']")[0])
        for c in cells
    )
    row = next(
        r for r in found.xpath("//table[@class='matrix']/tbody/tr") if "Male victims" in text(r)
    )
    column = heads(found, "thead//th").index("Safe accommodation")
    link = row.xpath("td")[column].xpath("a")[0]
    assert text(link) == "±provided in part"
    why = read(client, link.get("href")).get_element_by_id("why")
    told = text(why)
    # Appendix A, Accommodation, row 1: men can be housed in the satellites; no more is said.
    assert "Male victims: Safe accommodation" in told
    assert "Self-contained satellite properties" in told and "can be served" in told
    assert "Appendix A, Accommodation, row 1" in told
    assert "Nobody has signed that the list of services for this need is complete." in told


def test_a_cell_of_which_nothing_is_recorded_says_that_it_is_not_a_no(client: TestClient) -> None:
    why = read(client, f"{MATRIX}?cell=shared/client-group/deaf+{ACCOMMODATION}")
    told = text(why.get_element_by_id("why"))
    assert "It does not mean that there is none." in told
    assert "No record of this partnership names the group" in told
    assert "might serve" in told or "None is recorded" in told


def test_nothing_is_left_out_in_silence(client: TestClient) -> None:
    found = read(client, MATRIX)
    shown, folded = len(heads(found)), text(found.xpath("//*[@class='folded']")[0])
    silent, unnamed = (int(n) for n in re.findall(r"(\d+) groups", folded))
    assert "LGBT victims" in folded
    everything = heads(read(client, f"{MATRIX}?all=1"))
    assert len(everything) == shown + silent + unnamed
    assert "Deaf victims" in everything and "Deaf victims" not in heads(found)


def test_rows_and_columns_are_sorted_by_links_and_forms(client: TestClient) -> None:
    found = read(client, MATRIX)
    by_name = read(client, f"{MATRIX}?order=name")
    assert heads(by_name) == sorted(heads(found)) != heads(found)
    link = next(
        a for a in found.xpath("//table[@class='matrix']/thead//a") if text(a) == "A settled home"
    )
    by_need = read(client, link.get("href"))
    # Appendix A, Accommodation, row 2: contested for victims; for the homeless, help is on record.
    assert heads(by_need)[:2] == [
        "Victims of domestic abuse",
        "Households homeless through violence",
    ]
    assert (
        by_need.xpath("//table[@class='matrix']/thead//th[@aria-sort]/a")[0].text
        == "A settled home"
    )
    link = next(
        a for a in found.xpath("//table[@class='matrix']/tbody//th/a") if text(a) == "All residents"
    )
    assert heads(read(client, link.get("href")), "thead//th")[0] == "Information and a way in"
    contested = heads(read(client, f"{MATRIX}?state=contested"))
    assert contested == ["Victims of domestic abuse"]


def test_the_legend_never_calls_anything_merely_covered(client: TestClient) -> None:
    told = text(read(client, MATRIX).xpath("//section[@aria-labelledby='legend-title']")[0])
    assert "+ provided (on record)" in told and "covered" not in told.lower()
    assert "No source speaks of help. It does not mean that there is none." in told


def test_the_matrix_says_how_complete_it_is(client: TestClient) -> None:
    assert "Nobody has signed any list" in text(read(client, MATRIX))
    told = text(read(client, "/partnerships/example/matrix"))
    assert "Safe accommodation in Eastmarch: signed by" in told
    assert "for 30 June 2026" in told


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{MATRIX}?cell=no-such", 404),
        (f"{MATRIX}?area=example/area/ostwold", 422),
        (f"{MATRIX}?as_of=tomorrow", 422),
        (f"{MONEY}?by=colour", 422),
        (f"{MONEY}?months=0", 422),
        (f"{WAYS}?group=no-such-group", 422),
        ("/partnerships/no-such/matrix", 404),
        ("/partnerships/no-such/money", 404),
        ("/partnerships/no-such/pathways", 404),
        ("/matrices?partnership=no-such", 404),
    ],
)
def test_what_does_not_exist_is_refused(client: TestClient, path: str, status: int) -> None:
    assert client.get(path, headers={"accept": "text/html"}).status_code == status


def test_matrices_stand_side_by_side(client: TestClient) -> None:
    found = read(client, "/matrices?partnership=luton&partnership=slough")
    assert [text(h) for h in found.xpath("//*[@class='small-matrices']//h3")] == ["Luton", "Slough"]
    assert len(found.xpath("//*[@class='small-matrices']//svg")) == 2
    rows = [text(r) for r in found.xpath("//table[@class='counts']/tbody/tr")]
    assert [r[:5] for r in rows] == ["Luton", "Sloug"]
    texts = [
        [t.text for t in s.iter("text")] for s in found.xpath("//*[@class='small-matrices']//svg")
    ]
    groups = [[t for t in one if t and len(t) > 3] for one in texts]
    assert groups[0] == groups[1]
    assert len(read(client, "/matrices").xpath("//*[@class='small-matrices']//svg")) == 5


# ---------------------------------------------------------------- money and ways


def test_the_table_of_money_has_every_bar_of_the_picture(client: TestClient) -> None:
    found = read(client, "/partnerships/example/money")
    drawn = [t.text for t in found.xpath("//figure//svg")[0].iter("text")]
    rows = found.xpath("//*[@aria-label='Every award']//tbody/tr")
    for row in rows:
        state = text(row.xpath(".//*[starts-with(@class, 'tag ')]")[0])
        assert state in drawn, state
    signs = [t for t in drawn if t and t[:2] in ("+ ", "! ", "~ ", "… ", "✕ ")]
    assert len(rows) == len(signs)


def test_a_day_of_change_names_what_it_uncovers(client: TestClient) -> None:
    found = read(client, MONEY)
    told = text(found.xpath("//table[@class='changes']/tbody")[0])
    assert told.startswith("1. 1 April 2013")
    assert "last paid by CRIG, until 31 March 2013; no renewal recorded" in told
    assert (
        "1 would be “not recorded” Victims of domestic abuse: Advocacy and safety planning" in told
    )
    assert "2013-03-31" not in text(found)


def test_where_nothing_is_recorded_pages_say_so(client: TestClient) -> None:
    money = text(read(client, "/partnerships/southend/money"))
    assert "No money is recorded." in money and "It does not mean that there is no money." in money
    ways = text(read(client, "/partnerships/southend/pathways"))
    assert "No source names a route by which anybody is sent to anybody." in ways


def test_the_table_of_steps_has_every_arrow_and_its_condition(client: TestClient) -> None:
    found = read(client, WAYS)
    rows = [text(r) for r in found.xpath("//table[@class='steps']/tbody/tr")]
    assert len(rows) == 10
    (row,) = [r for r in rows if "Probation Trust" in r]
    # Appendix A, Engagement, row 3.
    assert "! to be reinforced" in row and "Referral must be prompt" in row
    assert "very high (perpetrator)" in row
    drafted = next(r for r in rows if "Asian women's centre" in r)
    assert "being drafted" in drafted and "Works" not in drafted


def test_a_choice_of_group_and_need_is_kept_in_the_form(client: TestClient) -> None:
    found = read(client, f"/partnerships/example/pathways?group=women&need={ACCOMMODATION}")
    chosen = [o.text for o in found.xpath("//select//option[@selected]")]
    assert chosen == ["Women who are victims", "Safe accommodation"]
    assert "Kestrelgate Refuge" in text(found.xpath("//*[@aria-label='Every way']")[0])


@pytest.mark.parametrize("path", PATHS)
def test_pages_have_no_script_or_style_of_their_own(client: TestClient, path: str) -> None:
    found = read(client, path)
    assert [e for e in found.iter("script") if not e.get("src")] == []
    assert [e for e in found.iter() if e.get("style") is not None] == []
    assert list(found.iter("style")) == []
    tab = found.xpath("//nav[@class='views']//a[@aria-current='page']")
    assert len(tab) == (0 if path == "/matrices" else 1)


# ---------------------------------------------------------------- in a browser


@pytest.mark.parametrize("path", PATHS)
def test_views_fit_every_width_and_are_accessible(
    page: Page, seen: Seen, address: str, path: str
) -> None:
    page.goto(address + path)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    nothing_left_behind(page, seen, address)


def test_why_opens_in_place_with_a_script(page: Page, seen: Seen, address: str) -> None:
    page.goto(address + MATRIX)
    before = page.url
    page.locator(".cell-warn a").first.click()
    page.wait_for_selector("#why-title")
    assert page.url == before
    assert page.evaluate("document.activeElement.id") == "why-title"
    assert page.locator(".cell-here").count() == 1
    title = page.locator("#why-title").inner_text()
    page.locator(".cell-note a").first.click()
    page.wait_for_function("t => document.getElementById('why-title').innerText !== t", arg=title)
    assert page.locator(".cell-here.cell-note").count() == 1
    nothing_left_behind(page, seen, address)


def test_why_opens_without_a_script_too(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    found = context.new_page()
    found.goto(address + MATRIX)
    with found.expect_navigation():
        found.locator(".cell-warn a").first.click()
    assert found.locator("#why-title").count() == 1
    assert "cell=" in found.url
    context.close()


def test_heads_stay_in_sight(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/partnerships/example/matrix")
    page.evaluate("document.querySelector('.matrix-frame').scrollTo(400, 500)")
    frame = page.locator(".matrix-frame").bounding_box()
    head = page.locator(".matrix thead th").nth(12).bounding_box()
    name = page.locator(".matrix tbody th").nth(20).bounding_box()
    assert frame and head and name
    assert abs(head["y"] - frame["y"]) < 3
    assert abs(name["x"] - frame["x"]) < 3


def test_the_matrix_is_gone_past_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + MATRIX)
    page.focus(".past")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("!!document.activeElement.closest('.matrix')")
    assert not inside
