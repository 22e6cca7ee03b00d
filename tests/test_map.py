"""The map's data: its layers, ways, days and losses say what the questions say, and no more."""

import base64
import csv
import datetime
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from map_rows import GROUP, HERE, KNOWN, gap, group, large, map_rows, route, thing
from typer.testing import CliRunner
from worlds import ALL_THINGS, World, award, provision, reach, service, worlds
from worlds import HOMES as WORLD

from api.cli import app as commands
from api.map_data import losses_told, map_data
from api.map_facts import MapFacts, read_map
from api.map_file import map_file
from api.map_tables import tables_of
from api.staff import create_staff_app
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import ask, find_question, partnerships
from queries.asked import Partnership
from queries.cells import Coverage
from queries.losing import Losing
from queries.recorded import read_facts
from queries.scenario import FALLS, LEFT_WITH_NOTHING, WEAKER, losses
from visualise.map.bundles import MOST
from visualise.map.chart import chart, read_rows
from visualise.map.days import days_of, moments
from visualise.map.layers import LAYERS, within
from visualise.map.network import network
from visualise.map.steps import BY_THEMSELVES, NO_WAY, ways_in

TABLES = Path(__file__).parent.parent / "graph" / "partnerships"
DUDLEY = datetime.date(2012, 9, 6)
AFTER = datetime.date(2013, 4, 1)
A, B, C, D = (f"t/service/{n}" for n in "abcd")
HOSTILE = '</script><!-- <script>alert(1)</script> \u2028 <img src=x onerror=alert(1)>"'


@pytest.fixture(scope="module")
def client(store: Store, schema: Schema) -> TestClient:
    return TestClient(create_staff_app(store, schema), base_url="http://127.0.0.1:8000")


def about(store: Store, slug: str) -> Partnership:
    return next(p for p in partnerships(store) if p.slug == slug)


# ---------------------------------------------------------------- layers


def test_every_gap_of_a_table_is_on_the_map_beside_whom_it_names(store: Store) -> None:
    said = chart(read_rows(store, "dudley"), DUDLEY)
    with (TABLES / "dudley" / "gaps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 20
    names = {t.id: t.name for t in said.things}
    gaps = {i: name for i, name in names.items() if i.split("/")[1] == "gap"}
    assert gaps == {f"dudley/gap/{r['id']}": r["name"] for r in rows}
    for row in rows:
        ends = [k.end for k in said.links if k.start == f"dudley/gap/{row['id']}"]
        told = {names[end] for end in ends} | {end.split("/")[-1] for end in ends}
        wanted = {one.strip() for one in row["groups"].split(";") if one.strip()}
        assert wanted <= told, row["id"]


def test_every_seat_of_a_table_is_a_link_of_governance(store: Store) -> None:
    said = chart(read_rows(store, "luton"), datetime.date(2014, 6, 24))
    with (TABLES / "luton" / "memberships.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert sum(k.kind == "seat" for k in said.links) == len(rows)
    shown = within(said, frozenset({"governance"}))
    assert {k.kind for k in shown.links} <= {"seat", "report", "ownership"}


def test_a_layer_that_is_off_takes_what_stands_there_for_it_alone() -> None:
    rows = map_rows(
        groups=[group(GROUP)],
        services=[service(A), service(B)],
        map_things=[thing(A), thing(B), thing("t/agency/x"), thing("t/fund/f"), thing("t/body/b")],
        provisions=[provision("t/provision/1", A, "t/agency/x")],
        reaches=[reach("t/reach/1", A, GROUP)],
        map_gaps=[gap("t/gap/g", [GROUP], [])],
    )
    said = chart(rows, KNOWN)
    every = frozenset(LAYERS)
    ids = {name: {t.id for t in within(said, every - {name}).things} for name in LAYERS}
    whole = {t.id for t in within(said, every).things}
    assert whole == {A, B, "t/agency/x", "t/fund/f", "t/body/b", GROUP, "t/gap/g"}
    assert whole - ids["providers"] == {"t/agency/x"}
    assert whole - ids["funding"] == {"t/fund/f"}
    assert whole - ids["governance"] == {"t/body/b"}
    assert whole - ids["gaps"] == {"t/gap/g"}
    assert whole - ids["people"] == set(), "the gap still names the group"
    assert {t.id for t in within(said, frozenset()).things} == {A, B}


# ---------------------------------------------------------------- ways in


def ways(*routes: tuple[str, str, str], **access: str | None) -> dict[str, str]:
    """By thing: the title of its column, for services a to d and routes between them."""
    rows = map_rows(
        services=[service(s, access=access.get(s[-1])) for s in (A, B, C, D)],
        map_things=[thing(s) for s in (A, B, C, D)],
        map_routes=[
            route(f"t/referral/{n}", *(f"t/service/{e}" for e in ends), status)
            for n, (*ends, status) in enumerate(routes)
        ],
    )
    how = ways_in(chart(rows, KNOWN))
    return {one[-1]: how.titles[column] for one, column in how.columns.items()}


def test_ways_in_stand_by_their_steps_from_the_first_doors() -> None:
    found = ways(("a", "b", "working"), ("b", "c", "working"), ("a", "c", "missing"))
    assert found == {
        "a": "First doors",
        "b": "One step on",
        "c": "Two steps on",
        "d": NO_WAY,
    }, "the working way is followed, not the missing short one"


def test_what_only_a_missing_route_leads_to_stands_after_where_it_begins() -> None:
    found = ways(("a", "b", "missing"), ("b", "c", "working"), d="self-referral")
    assert found == {
        "a": "First doors",
        "b": "One step on",
        "c": "Two steps on",
        "d": BY_THEMSELVES,
    }


def test_a_circle_of_routes_begins_somewhere_and_ends() -> None:
    found = ways(("a", "b", "working"), ("b", "a", "working"), ("b", "c", "working"))
    assert found == {"a": "First doors", "b": "One step on", "c": "Two steps on", "d": NO_WAY}


@pytest.mark.parametrize(
    ("status", "firm", "mark"),
    [("working", True, ""), ("missing", False, "✕ missing"),
     ("being drafted", False, "… being drafted"), ("to be reinforced", True, "! to be reinforced")],
)  # fmt: skip
def test_a_route_that_does_not_work_is_dashed_and_marked(
    status: str, firm: bool, mark: str
) -> None:
    rows = map_rows(
        services=[service(A), service(B)],
        map_things=[thing(A), thing(B)],
        map_routes=[route("t/referral/r", A, B, status)],
    )
    (link,) = chart(rows, KNOWN).links
    assert (link.firm, link.mark) == (firm, mark)
    assert link.evidence is not None
    assert (link.evidence.title, link.evidence.places) == ("The plan", ("paragraph 2",))


# ---------------------------------------------------------------- days


def paid(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    return map_rows(
        services=[service(A)],
        map_things=[thing(A), thing("t/fund/0")],
        awards=[award("t/award/1", A, **changes)],
    )


def test_money_without_a_recorded_end_never_looks_ended() -> None:
    rows = paid()
    for days in (0, 1, 365, 3650):
        day = KNOWN + datetime.timedelta(days)
        said = chart(rows, day)
        states = {t.id: (t.state, t.sign) for t in said.things}
        assert states[A] == ("", "")
        assert all(k.firm and "no end recorded" in k.says for k in said.links)
        (moment,) = moments(rows, [day])
        assert (moment.counts.in_place, moment.counts.undated) == ((1, 0) if days == 0 else (0, 1))
        assert moment.counts.ended == 0


def test_money_is_in_place_on_its_last_day_and_has_ended_on_the_next() -> None:
    last = datetime.date(2014, 3, 31)
    rows = paid(last=last)
    found = days_of(rows, KNOWN, KNOWN)
    assert found == [KNOWN, datetime.date(2013, 3, 31), datetime.date(2014, 4, 1)]
    before, soon, after = moments(rows, found)
    assert [m.counts.in_place for m in (before, soon, after)] == [1, 1, 0]
    assert [m.counts.ended for m in (before, soon, after)] == [0, 0, 1]
    assert [t.sign for t in soon.things] == ["! money ends 31 March 2014"]
    assert [t.sign for t in after.things] == ["✕ money ended 31 March 2014"]
    assert [k.firm for k in chart(rows, last).links] == [True], "up to and on its last day"
    (link,) = after.links
    assert not link.firm
    assert "until 31 March 2014" in link.says


def test_days_begin_with_the_newest_source_or_the_day_asked_about() -> None:
    rows = paid(last=datetime.date(2012, 12, 31))
    early, late = datetime.date(2011, 1, 1), datetime.date(2020, 1, 1)
    assert days_of(rows, KNOWN, KNOWN)[0] == KNOWN
    assert days_of(rows, KNOWN, early)[0] == early
    assert days_of(rows, KNOWN, late)[-1] == late


@pytest.mark.parametrize("slug", ["dudley", "example"])
def test_what_changes_from_day_to_day_adds_up_to_each_day(store: Store, slug: str) -> None:
    rows = read_rows(store, slug)
    newest = about(store, slug).newest
    found = moments(rows, days_of(rows, newest, newest))
    assert len(found) > 2
    things: dict[str, Any] = {}
    links: dict[str, Any] = {}
    for moment in found:
        things |= {t.id: t for t in moment.things}
        links |= {k.id: k for k in moment.links}
        said = chart(rows, moment.day)
        assert things == {t.id: t for t in said.things}
        assert links == {k.id: k for k in said.links}


def test_the_cliff_of_dudley_is_told_on_the_day_after_its_money_ends(store: Store) -> None:
    drawn = network(read_rows(store, "dudley"), DUDLEY, DUDLEY)
    rows = {row.day: row for row in tables_of(drawn)["days"]}
    assert "IDVA service: ✕ money ended 31 March 2013" in rows["1 April 2013"].news
    assert rows["1 April 2013"].counts.ended == 2
    assert rows["6 September 2012"].counts.ended == 0


# ---------------------------------------------------------------- if this ended


@pytest.mark.parametrize(("slug", "step"), [("dudley", 3), ("example", 4), ("southend", 1)])
def test_what_falls_is_what_the_question_says(store: Store, slug: str, step: int) -> None:
    partnership = about(store, slug)
    rows = read_map(store, slug)
    losing = Losing(rows, {slug: partnership.area}, partnership.newest)
    question = find_question("resilience.what_if")
    things = [r["thing"] for r in rows["map_things"]]
    fell = 0
    for one in things[::step]:
        answer = ask(store, question, slugs=[slug], as_of=partnership.newest, without=[one])
        told = losing.of(frozenset({one}))
        by = {
            c: [r for r in answer.rows if r["change"] == c]
            for c in (FALLS, LEFT_WITH_NOTHING, WEAKER)
        }
        assert [i for i, _ in told.services] == [r["thing"] for r in by[FALLS]], one
        for left, change in ((told.nothing, LEFT_WITH_NOTHING), (told.weaker, WEAKER)):
            cells = [(r["group"], r["need_name"], r["area_name"]) for r in by[change]]
            assert [(one.group, one.need_name, one.area_name) for one in left] == cells
        fell += len(told.services)
    assert fell


@given(worlds())
def test_nothing_falls_with_what_nothing_stands_on(world: World) -> None:
    day = datetime.date(2013, 1, 1)
    rows = {**world, "gaps": []}
    losing = Losing(rows, WORLD, day)
    facts = read_facts(rows, WORLD, frozenset())
    for one in ALL_THINGS:
        imagined = read_facts(rows, WORLD, frozenset({one}))
        found = losses(Coverage(facts, [], day), Coverage(imagined, [], day))
        told = losing.of(frozenset({one}))
        counts = [len(told.services), len(told.nothing), len(told.weaker)]
        changes = [r["change"] for r in found]
        assert counts == [changes.count(c) for c in (FALLS, LEFT_WITH_NOTHING, WEAKER)]


def test_losses_beforehand_are_those_of_each_day(store: Store) -> None:
    partnership = about(store, "dudley")
    rows = read_map(store, "dudley")
    drawn = network(rows, DUDLEY, DUDLEY)
    told = losses_told(drawn, rows, {"dudley": partnership.area}, [DUDLEY, AFTER])
    fund = told["by"]["dudley/fund/crig-fund"]
    falls = [{one["id"] for one in told["answers"][n]["falls"]} for n in fund]
    assert "dudley/service/idva" in falls[0]
    assert "dudley/service/idva" not in falls[1], "money that has ended cannot end again"
    assert not told["answers"][0]["falls"]


def test_the_address_for_what_falls_is_quick_and_strict(client: TestClient) -> None:
    path = "/partnerships/dudley/map/if-ended"
    answer = client.get(f"{path}?without=dudley/agency/chadd&as_of=2012-09-06")
    assert answer.status_code == 200
    found = answer.json()
    assert found["without"] == ["dudley/agency/chadd"]
    assert "dudley/service/refuge" in {one["id"] for one in found["falls"]}
    assert client.get(path).json()["falls"] == []
    for wrong in ("dudley/agency/none", "example/agency/kestrelgate", "dudley/gap/accommodation"):
        assert client.get(path, params={"without": wrong}).status_code == 422
    assert client.get("/partnerships/none/map/if-ended").status_code == 404


def test_rows_are_kept_for_one_release_only(store: Store) -> None:
    class Reloaded:
        """The store, as it is after another release was loaded."""

        name = "first"

        def release(self) -> str:
            return self.name

        def read(self, *asked: Any) -> Any:
            return store.read(*asked)

    kept, loaded = MapFacts(), Reloaded()
    first = kept.rows(loaded, "southend")  # type: ignore[arg-type]
    assert kept.rows(loaded, "southend") is first  # type: ignore[arg-type]
    losing = kept.losing(loaded, about(store, "southend"), DUDLEY)  # type: ignore[arg-type]
    assert kept.losing(loaded, about(store, "southend"), DUDLEY) is losing  # type: ignore[arg-type]
    loaded.name = "second"
    assert kept.rows(loaded, "southend") is not first  # type: ignore[arg-type]
    assert kept.losing(loaded, about(store, "southend"), DUDLEY) is not losing  # type: ignore[arg-type]


# ---------------------------------------------------------------- very large maps


def test_a_very_large_map_begins_with_bundles_and_lists_everything() -> None:
    rows = large(MOST + 1)
    drawn = network(rows, KNOWN, KNOWN)
    assert len(drawn.chart.things) == MOST + 1
    names = {b.name for b in drawn.bundles}
    assert {"Type 0", "Police", "Health", "Funds", "Groups without a wider group"} <= names
    members = [one for b in drawn.bundles for one in b.members]
    assert sorted(members) == sorted(t.id for t in drawn.chart.things)
    assert len(drawn.picture["nodes"]) == len(drawn.bundles) < 20
    label = next(n["label"] for n in drawn.picture["nodes"] if "Type 0" in n["label"])
    assert re.search(r"\d+ of them", label)
    listed = [t.id for _, things in tables_of(drawn)["columns"] for t in things]
    assert sorted(listed) == sorted(members)


def test_a_large_map_is_drawn_card_by_card() -> None:
    drawn = network(large(MOST), KNOWN, KNOWN)
    assert not drawn.bundles
    assert len(drawn.picture["nodes"]) == MOST


# ---------------------------------------------------------------- tables and the file


@pytest.mark.parametrize("slug", ["dudley", "example", "luton", "slough", "southend"])
def test_the_tables_have_every_thing_and_every_link(store: Store, slug: str) -> None:
    drawn = network(read_rows(store, slug), about(store, slug).newest)
    tables = tables_of(drawn)
    listed = [t.id for _, things in tables["columns"] for t in things]
    assert sorted(listed) == sorted(t.id for t in drawn.chart.things)
    assert sum(len(rows) for _, rows in tables["links"]) == len(drawn.chart.links)
    assert len(tables["days"]) == len(drawn.moments)


def test_the_file_is_the_same_twice_and_says_for_whom_it_is(store: Store) -> None:
    one, other = (
        map_file(about(store, "dudley"), read_map(store, "dudley"), DUDLEY) for _ in range(2)
    )
    assert one == other
    text = one.decode()
    assert "For staff" in text
    assert "not a way to get help today" in text
    assert "nothing here is a real service" not in text


def test_the_file_asks_for_nothing_and_knows_its_scripts_by_their_hashes(store: Store) -> None:
    text = map_file(about(store, "southend"), read_map(store, "southend"), DUDLEY).decode()
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?!data:)", text)
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]
    for element in ("script", "style"):
        inside = re.findall(rf"<{element}>(.*?)</{element}>", text, re.S)
        assert inside
        for part in inside:
            digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy[1]


def test_no_name_can_end_the_element_that_the_data_stand_in() -> None:
    rows = map_rows(services=[service(A)], map_things=[thing(A, HOSTILE)])
    text = map_file(HERE, rows, KNOWN).decode()
    found = re.search(r'id="map-data">(.*?)</script>', text, re.S)
    assert found
    assert json.loads(found[1])["things"][A]["name"] == HOSTILE
    assert not set("<>&\u2028\u2029") & set(found[1])
    assert "<img src=x" not in text


def test_the_data_hold_the_evidence_and_mark_what_is_for_staff() -> None:
    rows = map_rows(services=[service(A)], map_things=[thing(A, visibility="staff")])
    data = map_data(network(rows, KNOWN), HERE)
    found = data["things"][A]
    assert found["staff"] is True
    assert found["evidence"] == {"title": "The plan", "places": ["paragraph 2"], "basis": "stated"}
    assert "■ staff only" in data["days"][0]["things"][A]["lines"]


def test_the_command_writes_the_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kept:
        """The shared store, which a command must not close."""

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def close(self) -> None:
            """Leave it open for the other tests."""

    monkeypatch.setattr("api.commands.common.open_store", lambda *_: Kept())
    out = tmp_path / "map.html"
    run = CliRunner().invoke
    wanted = ["map", "southend", "--out", str(out)]
    done = run(commands, [*wanted, "--as-of", "2011-01-01"])
    assert done.exit_code == 0, done.output
    assert "1 January 2011" in out.read_text(encoding="utf-8")
    for more in (["--without", "southend/agency/none"], ["--as-of", "soon"]):
        assert run(commands, [*wanted, *more]).exit_code == 1
    assert run(commands, ["map", "none", "--out", str(out)]).exit_code == 1
    assert run(commands, ["map", "southend", "--out", str(tmp_path / "map.pdf")]).exit_code == 1


def test_the_file_is_offered_as_a_download(client: TestClient) -> None:
    answer = client.get("/partnerships/southend/map.html?as_of=2011-01-01")
    assert answer.status_code == 200
    assert "map-southend-2011-01-01.html" in answer.headers["content-disposition"]
    assert (
        'href="/partnerships/southend/map.html?as_of='
        in client.get("/partnerships/southend/map").text
    )
