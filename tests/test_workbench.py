"""The workbench: what stands out, questions asked by name, what is imagined ended, options."""

import html
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.basket import address, basket_of
from api.deps import Choices
from api.question_page import LONG, ROWS
from api.release_pages import effects
from api.staff import create_staff_app
from api.standing import Standing
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import Answer, ask, find_question, partnerships
from queries.catalogue import catalogue
from queries.findings.headlines import findings, headlines
from queries.scenario import FALLS, LEFT_WITH_NOTHING

CHADD = "dudley/agency/chadd"
OPTIONS = (
    "option,name,cost,groups,needs\n"
    "men,Outreach for men,30000,Men,Advocacy and safety planning\n"
    "lgbt,LGBT+ worker,20000,LGBT victims,Advocacy and safety planning\n"
)


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema) -> Iterator[TestClient]:
    with TestClient(create_staff_app(store, schema), base_url="http://127.0.0.1:8000") as found:
        yield found


def words(page: str) -> str:
    """What a page says, without its markup."""
    body = page[page.index('<main id="main"') :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def numbers(page: str) -> list[int]:
    """The numbers of the rows that a page shows, from their links to what they rest on."""
    return [int(n) for n in re.findall(r"/explain/(\d+)", page)]


def answered(store: Store, name: str, **dials: object) -> Answer:
    return ask(store, find_question(name), **dials)  # type: ignore[arg-type]


# ---------------------------------------------------------------- what stands out


def test_the_start_page_tells_the_worst_of_each_partnership(
    client: TestClient, store: Store
) -> None:
    told = words(client.get("/").text)
    for partnership in partnerships(store):
        line = headlines(findings(store, partnership.slug))[0]
        assert f"{partnership.name}: {line.sentence}" in told


def test_a_partnerships_page_has_its_five_lines_and_each_leads_to_its_answer(
    client: TestClient, store: Store
) -> None:
    lines = headlines(findings(store, "dudley"))
    page = client.get("/partnerships/dudley").text
    part = page[page.index('class="standing"') : page.index('class="figures"')]
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)
    assert [html.unescape(said) for _, said in links] == [line.sentence for line in lines]
    for (url, _), line in zip(links, lines, strict=True):
        assert url.startswith(f"/questions/{line.question}?partnership=dudley")
        assert "<strong>0</strong> findings" not in client.get(html.unescape(url)).text


def test_lines_are_worked_out_once_for_a_release(store: Store) -> None:
    class Loaded:
        """A store whose release can be changed, and which counts what is read."""

        name, reads = "one", 0

        def release(self) -> str:
            return self.name

        def read(self, cypher: str, parameters: object) -> object:
            self.reads += 1
            return store.read(cypher, parameters)  # type: ignore[arg-type]

    loaded, standing = Loaded(), Standing()
    luton = next(p for p in partnerships(store) if p.slug == "luton")
    first = standing.lines(loaded, luton)  # type: ignore[arg-type]
    reads = loaded.reads
    assert standing.lines(loaded, luton) == first  # type: ignore[arg-type]
    assert loaded.reads == reads
    loaded.name = "two"
    standing.lines(loaded, luton)  # type: ignore[arg-type]
    assert loaded.reads > reads


def test_a_page_says_the_years_of_the_partnerships_it_shows(client: TestClient) -> None:
    for path, years in {
        "/partnerships/slough": "2014",
        "/partnerships/southend": "2010",
        "/questions/funding.ending?partnership=dudley&partnership=luton": "2012 to 2014",
        "/": "2010 to 2014",
    }.items():
        assert f"describe {years}. In an emergency" in client.get(path).text, path


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize("name", ["coverage.uncovered", "funding.unfunded"])
def test_a_long_answer_is_told_in_short_and_then_page_by_page(
    client: TestClient, store: Store, name: str
) -> None:
    rows = answered(store, name).rows
    assert len(rows) > LONG
    found: list[int] = []
    url = f"/questions/{name}?limit=40"
    first = client.get(url).text
    assert f"<strong>{len(rows):,}</strong> findings" in first
    assert first.index('id="in-short-title"') < first.index('class="part"')
    totals = re.findall(
        r"(\d[\d,]*)</a>|(\d[\d,]*)</td></tr>",
        first[first.index('class="counts"') : first.index('class="part"')],
    )
    assert totals
    for _ in range(60):
        page = client.get(html.unescape(url)).text
        assert len(numbers(page)) <= 40
        found += numbers(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        if further is None:
            break
        url = further[1]
    told = [n for n, row in enumerate(rows, 1) if row["evidence"]]
    assert sorted(found) == told


def test_a_short_answer_is_whole_and_a_long_one_begins_with_some_rows(client: TestClient) -> None:
    short = client.get("/questions/funding.ending?partnership=example").text
    assert "in-short-title" not in short and 'rel="next"' not in short
    long = client.get("/questions/funding.unfunded").text
    assert f"Rows 1 to {ROWS} of" in long


def test_the_summary_counts_by_partnership_and_section(client: TestClient, store: Store) -> None:
    rows = answered(store, "funding.unfunded").rows
    page = client.get("/questions/funding.unfunded").text
    table = page[page.index('class="counts"') :]
    table = table[: table.index("</table>")]
    sections = list(dict.fromkeys(r["section"] for r in rows))
    headers = re.findall(r'scope="col">([^<]+)<', table)
    assert [h.lower() for h in headers[1:-1]] == [s.lower() for s in sections]
    for partnership in partnerships(store):
        line = next(r for r in table.split("<tr>") if f">{html.escape(partnership.name)}</th>" in r)
        counts = [int(n) for n in re.findall(r">(\d+)(?:</a>)?</td>", line)]
        own = [r for r in rows if r["partnership"] == partnership.slug]
        expected = [sum(r["section"] == s for r in own) for s in sections]
        assert counts == [*expected, len(own)]


def test_a_count_of_the_summary_leads_to_its_rows(client: TestClient, store: Store) -> None:
    rows = answered(store, "coverage.uncovered").rows
    sections = list(dict.fromkeys(str(r["section"]) for r in rows))
    page = client.get("/questions/coverage.uncovered").text
    table = page[page.index('class="counts"') : page.index('class="part"')]
    links = [html.unescape(u) for u in re.findall(r'<td><a href="([^"]+)"', table)]
    assert len(links) > 5
    for url in links:
        path, _, anchor = url.partition("#")
        shown = client.get(path).text
        assert re.findall(r'<div id="([^"]+)"', shown)[0] == anchor
        slug, name = anchor.split("-")[1], sections[int(anchor.split("-")[2]) - 1]
        part = shown[shown.index(f'id="part-{slug}"') :]
        assert f"</span> {name}</span>" in part[: part.index("<table>")]


def test_what_a_question_takes_is_chosen_by_name(client: TestClient) -> None:
    page = client.get("/questions/pathways.ways?partnership=dudley&group=shared/client-group/men")
    select = page.text[page.text.index('id="own-group"') :]
    select = select[: select.index("</select>")]
    names = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select)
    assert ("shared/client-group/men", "Male victims") in names
    assert not [name for _, name in names if "/" in name and name.count("/") == 2]
    assert '<optgroup label="Used everywhere">' in select
    assert 'value="shared/client-group/men" selected>' in page.text
    things = page.text[page.text.index('id="own-start"') :]
    things = things[: things.index("</select>")]
    assert "Agencies" in things and "Funds" not in things


def test_contested_facts_are_named(client: TestClient, store: Store) -> None:
    rows = answered(store, "evidence.contested").rows
    page = client.get("/questions/evidence.contested").text
    assert rows
    for row in rows:
        assert f">{row['record']}<" not in page
    assert "Rent deposit" in words(page)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_answer_shows_an_id(client: TestClient, name: str) -> None:
    told = words(client.get(f"/questions/{name}?without={CHADD}").text)
    told = told[told.index("The same as") :].partition("What if something were added")[0]
    kinds = "agency|award|body|client-group|fund|need|post|referral|service|gap|action"
    assert not re.findall(rf"\b[a-z-]+/(?:{kinds})/[a-z0-9-]+", told)


# ---------------------------------------------------------------- the basket


def test_the_basket_is_named_can_be_emptied_and_leads_on(client: TestClient) -> None:
    query = f"partnership=dudley&without={CHADD}&without=dudley/fund/crig-fund"
    page = client.get(f"/questions/funding.unfunded?{query}").text
    part = page[page.index('class="basket"') : page.index('class="answer-head"')]
    assert "Churches Housing Association Dudley District" in part
    links = [html.unescape(u) for u in re.findall(r'href="([^"]+)"', part)]
    assert f"/what-if?{query}" in links
    assert f"/questions/funding.unfunded?partnership=dudley&without={CHADD}" in links
    assert "/questions/funding.unfunded?partnership=dudley" in links
    # What is imagined goes along to records, and from there back.
    record = next(u for u in links if u.startswith("/records/dudley/agency/chadd"))
    assert 'class="basket"' in client.get(record).text


def test_whatever_can_end_can_be_imagined_ended_from_its_record(
    client: TestClient, store: Store
) -> None:
    for path, thing in {
        "/services/dudley/idva": "dudley/service/idva",
        "/records/dudley/agency/chadd": CHADD,
        "/records/dudley/award/crig-idva-2012": "dudley/award/crig-idva-2012",
    }.items():
        page = client.get(path).text
        url = re.findall(r'href="([^"]+)">Imagine this ended', page)
        assert [html.unescape(u) for u in url] == [f"/what-if?partnership=dudley&without={thing}"]
        assert client.get(html.unescape(url[0])).status_code == 200
    source = client.get("/records/dudley/source/report").text
    assert "Imagine this ended" not in source
    assert "Imagine this ended" not in client.get("/records/shared/client-group/men").text


def test_a_row_offers_to_imagine_its_things_ended(client: TestClient) -> None:
    page = client.get("/questions/funding.one_funder?partnership=dudley").text
    links = {html.unescape(u) for u in re.findall(r'class="if-ended" href="([^"]+)"', page)}
    assert "/what-if?partnership=dudley&without=dudley/service/idva" in links
    assert any("without=dudley/fund/" in link for link in links)


@pytest.mark.parametrize("path", ["/services/dudley/idva", "/questions", "/what-if"])
def test_what_is_not_there_cannot_be_imagined_ended(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"without": "dudley/agency/secret-place"})
    assert answer.status_code == 422
    assert "secret-place" not in answer.text


def test_an_address_of_the_basket_holds_each_thing_once(store: Store) -> None:
    choices = Choices(("dudley",), None, (CHADD, f" {CHADD}".strip()), {})
    basket = basket_of(store, "/what-if", choices)
    assert basket.add(CHADD) == address("/what-if", basket.pairs)
    assert basket.add(CHADD).count("without=") == 1


# ---------------------------------------------------------------- what changes


def test_what_falls_and_for_whom_is_told_first(client: TestClient, store: Store) -> None:
    rows = answered(store, "resilience.what_if", slugs=["dudley"], without=[CHADD]).rows
    page = client.get(f"/what-if?partnership=dudley&without={CHADD}").text
    told = words(page)
    for change in (LEFT_WITH_NOTHING, FALLS):
        count = sum(r["change"] == change for r in rows)
        assert count
        assert f"{change.capitalize()}: {count}" in told
    # By the report: this association runs the refuges, so that children lose safe accommodation.
    short = words(page[page.index('<main id="main"') : page.index('class="part"')])
    assert "Families with children Safe accommodation" in short
    assert numbers(page) == [n for n, row in enumerate(rows, 1) if row["evidence"]]


def test_without_anything_imagined_the_page_says_how_to_begin(client: TestClient) -> None:
    assert "Nothing is imagined yet" in client.get("/what-if").text


def sent(client: TestClient, path: str, **fields: str) -> tuple[int, str]:
    # As a browser sends it: a file that was not chosen has no name.
    files = {name: (None, value) for name, value in fields.items()}
    answer = client.post(path, files=files, headers={"accept": "text/html"})
    return answer.status_code, answer.text


def test_a_table_from_a_spreadsheet_says_what_is_added(client: TestClient) -> None:
    table = (
        "change\tthing\tname\tgroups\tneeds\tstrength\n"
        "new service\tdudley/service/new-house\tNew house\tMale victims\t"
        "Support for parents and children\tadapted\n"
    )
    status, page = sent(client, "/what-if/table?partnership=dudley", table=table)
    assert status == 200
    assert "1 thing was added" in words(page)
    assert "Service opens: 1" in words(page)
    # What is only imagined has no record, and cannot be asked about in an address.
    assert "/services/dudley/new-house" not in page
    assert "without=dudley/service/new-house" not in page
    status, csv = sent(client, "/what-if/table?partnership=dudley", table=table, **{"as": "csv"})
    assert status == 200
    assert csv.startswith("partnership,as_of,change")


def test_a_mistake_in_a_table_is_told_by_row_and_column(client: TestClient) -> None:
    status, page = sent(client, "/what-if/table", table="change,thing\nrenewed,x\n")
    assert status == 422
    assert "Additions 2 until" in words(page)
    assert "renewed,x" in page, "what was written can be mended"
    status, page = sent(client, "/what-if/table", table="change,thing\nopens,01632 960123\n")
    assert status == 422
    assert "960123" not in page
    status, page = sent(client, "/what-if/table", table="")
    assert status == 422
    assert "The table is empty" in page


# ---------------------------------------------------------------- options compared


def test_the_example_can_be_compared_as_it_is(client: TestClient) -> None:
    for partnership in ("dudley", "slough", "example"):
        page = client.get(f"/invest?partnership={partnership}&example=yes").text
        assert "its options and their costs are invented" in page
        fields = {
            name: html.unescape(re.findall(rf'name="{name}"[^>]*>([^<]*)</textarea>', page)[0])
            for name in ("options", "weights")
        }
        budget = re.findall(r'name="budget"[^>]*value="([^"]*)"', page)[0]
        path = f"/invest/compared?partnership={partnership}"
        status, told = sent(client, path, budget=budget, **fields)
        assert status == 200, words(told)
        assert "Options compared within £55,000" in words(told)


def test_a_comparison_says_what_stays_open_for_whom_and_that_weights_are_judgements(
    client: TestClient,
) -> None:
    path = "/invest/compared?partnership=dudley"
    status, page = sent(client, path, budget="£30,000", options=OPTIONS, allow_nothing="yes")
    told = words(page)
    assert status == 200
    assert "The weights are judgements" in told
    assert "It leaves open" in told
    assert "The next best" in told
    assert "Sexual orientation" in told and "section 149" in told
    assert "Outreach for men (£30,000): " in told
    assert "score" not in told.lower()
    status, csv = sent(
        client, path, budget="30000", options=OPTIONS, allow_nothing="yes", **{"as": "csv"}
    )
    assert csv.startswith("choice,outcome,group")


def test_that_a_group_stays_with_nothing_is_chosen_knowingly(client: TestClient) -> None:
    options = OPTIONS.replace("Men,", "Bangladeshi victims,")
    path = "/invest/compared?partnership=dudley"
    status, page = sent(client, path, budget="30000", options=options)
    told = words(page)
    assert status == 200
    assert "leaves none of these groups with nothing: Bangladeshi victims; LGBT victims" in told
    assert "costs at least £50,000" in told
    status, page = sent(client, path, budget="30000", options=options, allow_nothing="yes")
    assert "Still with no help on record made for them" in words(page)


def test_a_release_compared_with_itself_changes_no_answer(store: Store) -> None:
    for effect in effects(store, store):
        assert effect.before == effect.after > 0
        assert not (effect.added or effect.gone or effect.altered or effect.days)
    for effect in effects(None, store):
        assert effect.before == 0 and len(effect.added) == effect.after


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"budget": "1", "options": OPTIONS.replace("30000", "thirty")}, "Options 2 cost"),
        ({"budget": "1", "options": OPTIONS.replace("Men,", "Nobody,")}, "Options 2 groups"),
        ({"budget": "1", "options": OPTIONS, "weights": "group,weight\n,200\n"}, "Weights 2 weigh"),
        ({"budget": "many", "options": OPTIONS}, "budget: whole pounds"),
        ({"budget": "1", "options": ""}, "The table is empty"),
    ],
)
def test_a_mistake_in_options_is_told_in_its_place(
    client: TestClient, fields: dict[str, str], told: str
) -> None:
    status, page = sent(client, "/invest/compared?partnership=dudley", **fields)
    assert status == 422
    assert told in words(page)


def test_options_need_a_partnership(client: TestClient) -> None:
    status, page = sent(client, "/invest/compared", budget="1", options=OPTIONS)
    assert status == 422
    assert "choose the partnership" in page
    assert client.get("/invest?partnership=nobody").status_code == 404
