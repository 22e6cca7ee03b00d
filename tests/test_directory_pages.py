"""The pages of the directory over HTTP: what they say, what they withhold, and no traces."""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api import design_system
from api.directory.pages import mark_of, not_asking
from api.public import create_public_app
from api.published import Published
from api.serving import public_app
from api.settings import Settings
from graph.public import write_public
from graph.release import Release
from ontology.schema import Schema

TODAY = datetime.date(2026, 11, 22)
PLAIN = ("/", "/find", "/safety", "/accessibility", "/help-now")
AWAY = "https://www.bbc.co.uk/weather"
HISTORICAL = "These are old records. They are not a way to get help today."
INVENTED = "This is made up. No service here is real."
GROUP, NEED = "shared/client-group", "shared/need"

Make = Callable[..., TestClient]


@pytest.fixture(scope="module")
def home(release: Release, schema: Schema) -> Path:
    found = release.path.parent.parent
    write_public(found, schema)
    return found


@pytest.fixture(scope="module")
def make(home: Path, schema: Schema) -> Iterator[Make]:
    published = Published(home, schema)

    def made(today: datetime.date = TODAY, **options: object) -> TestClient:
        return TestClient(create_public_app(published, today=lambda: today, **options))  # type: ignore[arg-type]

    yield made


@pytest.fixture(scope="module")
def client(make: Make) -> TestClient:
    return make()


def said(answer: Response) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def find(client: TestClient, place: str, **fields: object) -> Response:
    return client.post("/find", data={"place": place, **fields})


def names(answer: Response, section: str) -> list[str]:
    """The services of a section of the results."""
    found = re.search(rf'<h2[^>]*id="{section}".*?(?=<h2|</main>)', answer.text, re.S)
    shown = re.findall(r'<button class="as-link">(.*?)</button>', found[0], re.S) if found else []
    return [unescape(re.sub(r"<[^>]+>", "", name)).strip() for name in shown]


def reasons(answer: Response, name: str) -> str:
    """Why a service fits in part only, as its card says."""
    cards = re.findall(r'<li class="result">.*?(?=<li class="result">|</ol>)', answer.text, re.S)
    card = next(c for c in cards if name in unescape(c))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", card.split('class="why"')[-1])).split())


@pytest.mark.parametrize("path", [*PLAIN, "/cy/", "/cy/find", "/cy/safety"])
def test_every_page_has_the_way_out_the_emergency_and_the_headers(
    client: TestClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.count(f'href="{AWAY}"') == 2
    assert answer.text.count('rel="nofollow noreferrer"') >= 2
    assert 'href="tel:999"' in answer.text
    assert 'id="lines"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PLAIN)
def test_pages_over_all_say_what_is_historical_and_what_is_invented(
    client: TestClient, path: str
) -> None:
    text = said(client.get(path))
    assert HISTORICAL in text and INVENTED in text


def test_a_search_is_asked_for_in_the_body_alone(client: TestClient) -> None:
    page = client.get("/find")
    forms = re.findall(r"<form[^>]*>", page.text)
    assert forms and all('method="post"' in form for form in forms)
    asked = client.get("/find", params={"place": "dudley", "needs": f"{NEED}/accommodation"})
    assert not re.search(r"<input[^>]* checked", asked.text)
    assert asked.text == page.text


def test_only_the_first_part_of_a_postcode_is_heard(client: TestClient) -> None:
    answer = find(client, "example", district="qz1 1aa")
    assert 'value="QZ1"' in answer.text
    assert not re.search(r"qz1\s*1aa", answer.text, re.I)


def test_where_is_needed_and_nothing_else(client: TestClient) -> None:
    answer = client.post("/find", data={"place": ""})
    assert answer.status_code == 422
    assert "Choose an area, or write the first part of a postcode" in said(answer)
    assert 'href="#place"' in answer.text
    assert find(client, "example").status_code == 200


@pytest.mark.parametrize("given", ["nonsense", "DY", "999", "D" * 500, "<b>"])
def test_what_is_no_postcode_is_refused_and_not_repeated(client: TestClient, given: str) -> None:
    answer = find(client, "", district=given)
    assert answer.status_code == 422
    assert "Write the first part of a postcode" in said(answer)
    assert f'value="{given}"' not in answer.text


def test_an_unknown_district_says_so_and_asks_for_the_area(client: TestClient) -> None:
    answer = find(client, "", district="ZE3")
    assert "We do not know this postcode. Choose an area" in said(answer)


@pytest.mark.parametrize("parts", [("31", "2", "2013"), ("x", "1", "2013"), ("1", "", "")])
def test_what_is_no_day_is_refused(client: TestClient, parts: tuple[str, str, str]) -> None:
    fields = dict(zip(("day-day", "day-month", "day-year"), parts, strict=True))
    answer = find(client, "luton", **fields)
    assert answer.status_code == 422
    assert "Write a real day" in said(answer)


def test_only_what_is_offered_is_heard(client: TestClient) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = find(client, "example", needs=hostile, groups=hostile, asking=hostile, words=hostile)
    assert "<script>alert" not in answer.text
    assert answer.text.count("&lt;script&gt;") > 0, "own words are shown again, as text"
    assert find(client, "no-such-place").status_code == 422
    assert f"{GROUP}/perpetrators" not in answer.text


def test_bodies_of_another_kind_or_size_are_refused(client: TestClient) -> None:
    assert client.post("/find", json={"place": "dudley"}).status_code == 415
    assert find(client, "dudley", words="x" * 20_000).status_code == 413
    many = "&".join("needs=x" for _ in range(400))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/find", content=many, headers=kind).status_code == 400
    assert client.post("/find", content=b"\xff\xfe", headers=kind).status_code == 400


def test_a_filter_can_be_taken_away(client: TestClient) -> None:
    both = {"needs": [f"{NEED}/emotional", f"{NEED}/therapy"], "groups": f"{GROUP}/women"}
    answer = find(client, "example", **both, remove=f"needs={NEED}/therapy")
    kept = re.findall(r'name="remove" value="([^"]+)"', answer.text)
    assert kept == [f"needs={NEED}/emotional", f"groups={GROUP}/women"]


def test_a_man_with_children_in_dudley_is_told_that_children_are_not_spoken_of(
    client: TestClient,
) -> None:
    answer = find(
        client,
        "dudley",
        needs=f"{NEED}/accommodation",
        groups=[f"{GROUP}/men", f"{GROUP}/families"],
    )
    text = said(answer)
    assert HISTORICAL in text and INVENTED not in text
    assert "Nothing on record fits all that you asked for." in text
    assert names(answer, "whole") == []
    partly = names(answer, "partly")
    assert partly
    assert any("not recorded" in reasons(answer, name) for name in partly)


def test_pages_over_historical_records_show_no_contact(client: TestClient) -> None:
    answer = find(client, "dudley", needs=f"{NEED}/emotional")
    address = re.search(r'action="(/service/[^"]+)"', answer.text)
    assert address
    page = client.get(address[1])
    assert HISTORICAL in said(page)
    assert "so we show no phone number or address" in said(page)
    main = page.text.split("<main")[1].split("</main>")[0]
    assert "tel:" not in main and "mailto:" not in main and "https://" not in main


def test_a_service_has_a_neutral_address_and_title(client: TestClient) -> None:
    answer = find(client, "example", needs=f"{NEED}/accommodation")
    for address in re.findall(r'action="(/service/[^"]+)"', answer.text):
        assert re.fullmatch(r"/service/example/[0-9a-f]{12}", address)
        page = client.get(address)
        assert "<title>Details – Local services</title>" in page.text
        steps = client.get(f"{address}/how-to-get-there")
        assert "<title>Next steps – Local services</title>" in steps.text


def test_what_is_hidden_and_what_is_not_there_answer_alike(client: TestClient) -> None:
    hidden = client.get(f"/service/example/{mark_of('example/service/kestrelgate-refuge')}")
    missing = client.get("/service/example/000000000000")
    elsewhere = client.get("/service/nowhere/000000000000")
    assert missing.status_code == elsewhere.status_code == 404
    assert missing.content == elsewhere.content
    assert AWAY in missing.text
    if hidden.status_code == 404:
        assert hidden.content == missing.content


def test_a_site_for_one_place_shows_that_place_alone(make: Make, client: TestClient) -> None:
    own = make(places=("example",))
    page = own.get("/")
    assert HISTORICAL not in said(page) and INVENTED in said(page)
    assert "<select" not in page.text
    assert own.post("/find", data={"needs": f"{NEED}/emotional"}).status_code == 200
    elsewhere = find(client, "dudley", needs=f"{NEED}/emotional")
    address = re.search(r'action="(/service/dudley/[^"]+)"', elsewhere.text)
    assert address
    assert own.get(address[1]).status_code == 404


def test_welsh_pages_stay_welsh_and_mark_what_is_english(client: TestClient) -> None:
    page = client.get("/cy/")
    assert '<html lang="cy"' in page.text
    assert "Gadael y dudalen hon" in page.text
    assert 'href="/cy/safety"' in page.text and 'action="/cy/find"' in page.text
    assert '<span lang="en">' in client.get("/cy/accessibility").text
    assert client.get("/cy").status_code == 200
    results = client.post("/cy/find", data={"place": "example"})
    assert 'action="/cy/service/example/' in results.text


def test_programmes_for_those_who_abuse_are_found_by_them_alone(client: TestClient) -> None:
    for needs in ("", f"{NEED}/emotional", f"{NEED}/behaviour"):
        for asking in ("", "self", "other"):
            answer = find(client, "example", needs=needs, asking=asking, words="stone programme")
            assert "Stone by Stone" not in said(answer)
    own = find(client, "example", asking="behaviour")
    assert "Stone by Stone" in said(own)


def test_without_a_release_the_page_still_says_999_and_lets_one_leave(
    tmp_path: Path, schema: Schema
) -> None:
    app = create_public_app(Published(tmp_path, schema), today=lambda: TODAY)
    client = TestClient(app)
    for path in ("/", "/find"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert AWAY in answer.text and "tel:999" in answer.text


def test_the_day_decides_what_is_told(client: TestClient) -> None:
    child = {"groups": f"{GROUP}/children"}
    before = find(client, "luton", **child, **day(2015, 3, 31))
    after = find(client, "luton", **child, **day(2015, 4, 1))
    assert "What was on record on 31 March 2015." in said(before)
    assert "its money has ended" not in said(before).lower()
    assert "money has ended" in said(after).lower()


def test_the_day_used_is_told_of_historical_places_alone(client: TestClient) -> None:
    assert re.search(r"What was on record on \d+ \w+ 20\d\d\.", said(find(client, "luton")))
    assert "What was on record on" not in said(find(client, "example"))


def test_nobody_is_told_to_ask_a_service_of_old_records(client: TestClient) -> None:
    words = {"groups": f"{GROUP}/children", "languages": "pl"}
    old = find(client, "dudley", **words)
    shown = " ".join(re.findall(r'<li class="result">.*?(?=</ol>)', old.text, re.S))
    assert "not recorded" in shown
    assert not re.search(r"(: ask|\bAsk [^.]*|\bAsk)\.", shown)
    assert "Ask before you count on these." not in said(old)
    assert "Ask before you count on these." in said(find(client, "example", **words))
    assert not_asking(["A is not recorded: ask.", "It is for B. Ask whether it takes you."]) == (
        "A is not recorded.",
        "It is for B.",
    )


def test_old_records_end_in_their_own_year(client: TestClient) -> None:
    told = said(client.get("/find"))
    assert "2010 to 2014" not in told
    for place, year in (("dudley", 2012), ("luton", 2014), ("southend", 2010)):
        assert f": the records end in {year}." in said(find(client, place))
        assert f": the records end in {year}." in told


def test_a_page_that_is_not_here_has_the_lines_and_its_language(client: TestClient) -> None:
    english, welsh = (client.get(f"{prefix}/not-<b>here") for prefix in ("", "/cy"))
    for answer in (english, welsh):
        assert answer.status_code == 404
        assert 'class="number"' in answer.text and "&lt;b&gt;" not in answer.text
    assert '<html lang="cy"' in welsh.text
    assert "Nid yw'r dudalen hon yma" in said(welsh)


def test_a_postcode_is_asked_for_only_where_one_is_known(make: Make) -> None:
    assert "For example, QZ1." in said(make().get("/find"))
    assert "DY1" not in make().get("/find").text
    alone = make(places=("dudley",))
    assert 'id="district"' not in alone.get("/find").text
    assert 'type="hidden" name="place" value="dudley"' in alone.get("/find").text
    assert find(alone, "dudley", district="DY1").status_code == 200
    two = make(places=("dudley", "luton"))
    asked = find(two, "", district="DY1")
    assert asked.status_code == 422 and "first part of a postcode" not in said(asked)


def day(year: int, month: int, number: int) -> dict[str, str]:
    return {"day-day": str(number), "day-month": str(month), "day-year": str(year)}


def test_a_stale_contact_is_withheld_and_the_lines_are_shown(make: Make) -> None:
    seen = set()
    for today in (TODAY, TODAY + datetime.timedelta(days=181)):
        client = make(today)
        answer = find(client, "example")
        for address in re.findall(r'action="(/service/example/[^"]+)"', answer.text):
            text = said(client.get(address))
            withheld = "Nobody has checked the phone number or address for 6 months" in text
            seen.add(withheld)
            if today > TODAY:
                assert withheld or "01632" not in text
    assert True in seen


def test_settings_choose_the_places_and_the_day(home: Path) -> None:
    on = TODAY + datetime.timedelta(days=400)
    app = public_app(Settings(home=home, directory="example, luton", on=on))
    client = TestClient(app)
    page = client.get("/").text
    assert re.findall(r'<option value="(\w+)"', page) == ["example", "luton"]
    assert app.state.today() == on


def test_styles_and_script_are_served_packed_to_who_can_unpack(client: TestClient) -> None:
    if not design_system.is_installed():
        pytest.skip("the design system is not installed: python -m api.design_system")
    path = f"/static/design-system/{design_system.STYLE}"
    packed = client.get(path)
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text and int(packed.headers["content-length"]) < 30_000
    assert client.get("/static/design-system/nothing").status_code == 404
    assert client.get("/static/design-system/..%2f..%2fpyvenv.cfg").status_code == 404


def test_a_reading_of_a_service_for_programs_is_data_and_no_script(client: TestClient) -> None:
    answer = find(client, "example", needs=f"{NEED}/emotional")
    address = re.search(r'action="(/service/[^"]+)"', answer.text)
    assert address
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(address[1]).text, re.S
    )
    assert block and json.loads(block[1])["@type"]
    old = find(client, "dudley", needs=f"{NEED}/emotional")
    address = re.search(r'action="(/service/[^"]+)"', old.text)
    assert address and "ld+json" not in client.get(address[1]).text


def test_words_that_find_nothing_can_be_left_out(client: TestClient) -> None:
    answer = find(client, "example", words="xylophone")
    assert "Try fewer words" in said(answer)
    told = re.search(r"Look without these words: (\d+) found", said(answer))
    assert told and int(told[1]) > 10
    button = re.search(r'<button[^>]*name="remove" value="([^"]*)">Look without', answer.text)
    assert button
    without = find(client, "example", words="xylophone", remove=button[1])
    assert names(without, "whole") and "Try fewer words" not in said(without)
    # Where the words are not what finds nothing, leaving them out is not offered.
    assert "Look without" not in said(find(client, "example", words="counselling"))


def test_who_refers_can_be_opened_and_the_search_comes_along(client: TestClient) -> None:
    mark = mark_of("example/service/emergency-flats")
    path = f"/service/example/{mark}/how-to-get-there"
    answer = client.post(path, data={"place": "example", "needs": f"{NEED}/accommodation"})
    assert "(service)" not in said(answer)
    forms = re.findall(r'<form action="(/service/[^"]*)".*?</form>', answer.text, re.S)
    target = f"/service/example/{mark_of('example/service/housing-options')}"
    assert target in forms
    form = re.search(rf'<form action="{target}".*?</form>', answer.text, re.S)
    assert form and f'value="{NEED}/accommodation"' in form[0]
    opened = client.post(target, data={"place": "example"})
    assert opened.status_code == 200 and 'href="tel:' in opened.text
