"""What every store must do, in one body for both; then what each does in its own way.

Tests that change a Neo4j database have a server of their own, so that the shipped release of the
shared one stays as it is.
"""

import contextlib
import datetime
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import neo4j
import pyarrow as pa
import pytest
from testham import TABLES, write_tables

from api.formats import as_json
from graph.build import build_dataset
from graph.errors import StoreError
from graph.frames import columns_of, frames_of_graph
from graph.model import Edge, Node, PropertyGraph
from graph.release import read_graph, write_release
from graph.stores import neo4j as neo4j_store
from graph.stores.embedded import EmbeddedStore
from graph.stores.neo4j import Neo4jStore
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import ask, partnerships
from queries.catalogue import catalogue, fact_files
from queries.fits import PERPETRATORS

ROOT = Path(__file__).parent.parent
DAY = datetime.date(2013, 4, 1)
NAMES = "MATCH (g:Agency) OPTIONAL MATCH (f:Fund) RETURN g.name AS g_name, f.name AS f_name"


@pytest.fixture(params=["embedded", "neo4j"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store in turn, holding nothing."""
    found: Store
    if request.param == "embedded":
        found = EmbeddedStore(tmp_path / "store")
    else:
        uri = request.getfixturevalue("spare_uri")
        statement(uri, "MATCH (n) DETACH DELETE n")
        found = Neo4jStore(uri)
    yield found
    found.close()


@pytest.fixture
def server(spare_uri: str) -> str:
    """The address of the spare server, emptied."""
    statement(spare_uri, "MATCH (n) DETACH DELETE n")
    return spare_uri


def statement(uri: str, cypher: str, **parameters: Any) -> list[list[Any]]:
    """Run something on a server past the store."""
    with neo4j.GraphDatabase.driver(uri) as driver, driver.session() as session:
        return session.run(cypher, parameters).values()


Make = Callable[..., PropertyGraph]


@pytest.fixture(scope="module")
def make(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make the graph of Testham, with tables changed as given."""

    def graph(**tables: str | None) -> PropertyGraph:
        home = tmp_path_factory.mktemp("testham")
        dataset = build_dataset([write_tables(home, **tables)], schema)
        return read_graph(write_release(dataset, home), schema)

    return graph


@pytest.fixture(scope="module")
def before(make: Make) -> PropertyGraph:
    return make()


@pytest.fixture(scope="module")
def after(make: Make) -> PropertyGraph:
    """Testham with things added, removed, renamed, and cells filled, emptied and lengthened."""
    return make(
        agencies=TABLES["agencies"]
        .replace("charity,Testham Haven,,", "charity,Testham Heaven,Haven; The haven,")
        .replace("The council; TC", "TC"),
        posts=TABLES["posts"].replace("adviser,Housing adviser,charity", "worker,Worker,council"),
        services=TABLES["services"]
        .replace("far,Farham refuge", "near,Nearham refuge")
        .replace("2012-05", "")
        .replace("operating,,", "operating,2011-01,", 1),
        funds=TABLES["funds"].replace("Haven grant,council", "Heaven grant,charity"),
        awards=TABLES["awards"]
        .replace("30000", "12.5")
        .replace("../2013-03,report", ",report")
        .replace("until the end of March 2013", ""),
        provisions=TABLES["provisions"].replace("charity-refuge,charity", "charity-refuge,council"),
        reaches=TABLES["reaches"] + "near-men,near,men,can be served,report,paragraph 2,stated\n",
        gaps=None,
    )


def contents(store: Store, schema: Schema, graph: PropertyGraph) -> dict[str, list[Any]]:
    """What a store holds of a graph's labels and relationships, and how much in all."""
    found: dict[str, list[Any]] = {}
    for label in sorted({node.label for node in graph.nodes}):
        items = ", ".join(f"n.`{k}` AS `c_{k}`" for k, _ in columns_of(schema, label))
        rows = store.read(f"MATCH (n:`{label}`) RETURN {items} ORDER BY c_id", {})
        found[label] = [plain(row) for row in rows]
    records = {r.type: r.record for r in schema.relationships}
    for kind, start, end in sorted({(e.type, e.start[0], e.end[0]) for e in graph.edges}):
        record = records[kind]
        keys = [key for key, _ in columns_of(schema, record.name)] if record else []
        items = "".join(f", r.`{k}` AS `c_{k}`" for k in keys)
        rows = store.read(
            f"MATCH (a:`{start}`)-[r:`{kind}`]->(b:`{end}`) "
            f"RETURN a.id AS a_id, b.id AS b_id{items} ORDER BY a_id, b_id",
            {},
        )
        found[f"{start} {kind} {end}"] = [plain(row) for row in rows]
    # Neo4j has the node that names the release beside them.
    nodes = "MATCH (n) WHERE n.partnership IS NOT NULL RETURN count(n.id) AS number"
    found["nodes"] = store.read(nodes, {})
    found["edges"] = store.read("MATCH (a)-[r]->(b) RETURN count(r) AS number", {})
    return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is empty: one store keeps an empty list, the other nothing."""
    return {key: value for key, value in row.items() if value not in (None, [])}


def wanted(graph: PropertyGraph) -> dict[str, list[Any]]:
    """What `contents` must find for a graph, worked out from the graph alone."""
    found: dict[str, list[Any]] = {}
    for node in graph.nodes:
        row = {"c_id": node.id, **{f"c_{k}": v for k, v in node.properties.items()}}
        found.setdefault(node.label, []).append(stored(row))
    for edge in graph.edges:
        row = {"a_id": edge.start[1], "b_id": edge.end[1]}
        row |= {f"c_{k}": v for k, v in edge.properties.items()}
        name = f"{edge.start[0]} {edge.type} {edge.end[0]}"
        found.setdefault(name, []).append(stored(row))
    found["nodes"] = [{"number": len(graph.nodes)}]
    found["edges"] = [{"number": len(graph.edges)}]
    return found


def stored(row: dict[str, Any]) -> dict[str, Any]:
    kinds = {tuple: list, Decimal: float}
    return plain({k: kinds.get(type(v), lambda same: same)(v) for k, v in row.items()})


def same(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> None:
    """Compare table by table, so that a failure names the one that differs."""
    for name in found.keys() | expected.keys():
        a = sorted(map(sorted_items, found.get(name, [])))
        assert a == sorted(map(sorted_items, expected.get(name, []))), name


def sorted_items(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


# ---------------------------------------------------------------- one body for both


def test_reading_before_loading_tells_the_next_step(fresh: Store) -> None:
    assert fresh.release() is None
    with pytest.raises(StoreError, match="fingerpost load"):
        fresh.read("MATCH (g:Agency) RETURN g.id AS x ORDER BY x", {})


def test_a_store_holds_the_graph_and_nothing_else_and_replacing_it_again_changes_nothing(
    fresh: Store, schema: Schema, before: PropertyGraph
) -> None:
    assert fresh.replace(frames_of_graph(before, schema), schema) is True
    assert fresh.release() == before.release
    assert fresh.replace(frames_of_graph(before, schema), schema) is False
    same(contents(fresh, schema, before), wanted(before))


def test_tables_that_begin_with_a_batch_of_no_rows_are_held_whole(
    fresh: Store, schema: Schema, before: PropertyGraph
) -> None:
    """As tables that were cut and put together may."""
    frames = frames_of_graph(before, schema)
    nodes = {k: pa.concat_tables([t.slice(0, 0), t]) for k, t in frames.nodes.items()}
    edges = {k: pa.concat_tables([t.slice(0, 0), t]) for k, t in frames.edges.items()}
    assert len(nodes["Agency"].column("id").chunks[0]) == 0
    fresh.replace(replace(frames, nodes=nodes, edges=edges), schema)
    same(contents(fresh, schema, before), wanted(before))


@pytest.mark.parametrize("way", ["forth", "back"])
def test_a_refresh_is_as_good_as_a_fresh_load(
    fresh: Store, schema: Schema, before: PropertyGraph, after: PropertyGraph, way: str
) -> None:
    old, new = (before, after) if way == "forth" else (after, before)
    fresh.replace(frames_of_graph(old, schema), schema)
    assert fresh.replace(frames_of_graph(new, schema), schema) is True
    assert fresh.release() == new.release
    same(contents(fresh, schema, new), wanted(new))


def test_values_come_back_as_plain_python(
    fresh: Store, schema: Schema, before: PropertyGraph
) -> None:
    fresh.replace(frames_of_graph(before, schema), schema)
    award = fresh.read(
        "MATCH (f:Fund)-[a:AWARD]->(s:Service) RETURN a.period_last AS ended, a.amount AS amount, "
        "a.undated AS undated, a.period_first AS begun, s.opened_first AS opened, "
        "s.availability AS availability, {record: a.id, place: a.place} AS proof "
        "ORDER BY ended",
        {},
    )[0]
    assert award == {
        "ended": datetime.date(2013, 3, 31),
        "amount": 30000.0,
        "undated": False,
        "begun": None,
        "opened": datetime.date(2012, 5, 1),
        "availability": [],
        "proof": {"record": "testham/award/grant-refuge", "place": ["paragraph 10"]},
    }
    assert type(award["ended"]) is datetime.date
    assert type(award["amount"]) is float
    council = "MATCH (g:Agency) WHERE g.id = 'testham/agency/council' RETURN g.also_called AS x"
    assert fresh.read(council, {}) == [{"x": ["TC", "The council"]}]


def test_parameters_are_values_and_never_cypher(
    fresh: Store, schema: Schema, before: PropertyGraph
) -> None:
    fresh.replace(frames_of_graph(before, schema), schema)
    cypher = "MATCH (g:Agency) WHERE g.name IN $names RETURN g.id AS x ORDER BY x"
    nasty = "' OR 1=1 RETURN 1 //"
    assert fresh.read(cypher, {"names": []}) == []
    assert fresh.read(cypher, {"names": [nasty]}) == []
    assert fresh.read(cypher, {"names": ["Testham Haven", nasty]}) == [
        {"x": "testham/agency/charity"}
    ]
    dated = (
        "MATCH (f:Fund)-[a:AWARD]->(s:Service) WHERE a.live_until < $day RETURN a.id AS x "
        "ORDER BY x"
    )
    assert fresh.read(dated, {"day": datetime.date(2013, 3, 31)}) == []
    assert len(fresh.read(dated, {"day": datetime.date(2013, 4, 1)})) == 1


def test_a_query_that_fails_is_told_and_the_store_goes_on(
    fresh: Store, schema: Schema, before: PropertyGraph
) -> None:
    fresh.replace(frames_of_graph(before, schema), schema)
    for cypher in ("MATCH (n:Agency", "MATCH (n:Agency) RETURN n.id + date('x') AS x ORDER BY x"):
        with pytest.raises(StoreError):
            fresh.read(cypher, {})
    assert len(fresh.read(NAMES, {})) == 2


def test_two_threads_read_at_once(fresh: Store, schema: Schema, before: PropertyGraph) -> None:
    fresh.replace(frames_of_graph(before, schema), schema)
    answers: list[Any] = []

    def read() -> None:
        answers.extend(repr(fresh.read(NAMES + " ORDER BY g_name", {})) for _ in range(50))

    together(read, read, read)
    assert len(answers) == 150
    assert len(set(answers)) == 1


def together(*works: Callable[[], None]) -> None:
    """Run works in threads of their own and raise what any of them raised."""
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]


def test_readers_see_one_release_or_the_other_and_never_a_mix(fresh: Store, schema: Schema) -> None:
    """Each reading asks for many nodes of two classes; all must be of one release."""
    graphs = [many("first"), many("second")]
    fresh.replace(frames_of_graph(graphs[0], schema), schema)
    seen: list[set[str]] = []
    done = threading.Event()

    def read() -> None:
        cypher = (
            "MATCH (f:Fund)-[:HELD_BY]->(g:Agency) RETURN g.name AS g_name, f.name AS f_name "
            "ORDER BY g_name"
        )
        while not done.is_set():
            rows = fresh.read(cypher, {})
            assert len(rows) == 200
            seen.append({row[name] for row in rows for name in row})

    def write() -> None:
        try:
            for turn in range(1, 5):
                assert fresh.replace(frames_of_graph(graphs[turn % 2], schema), schema) is True
        finally:
            done.set()

    together(read, read, write)
    assert {"first"} in seen
    assert {"second"} in seen
    assert not [names for names in seen if len(names) > 1]


def test_a_refresh_there_and_back_while_somebody_reads_is_noticed(
    server: str, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = [many("first"), many("second")]
    asked = "MATCH (g:Agency) RETURN g.name AS g_name ORDER BY g_name"
    rows_of, readings = neo4j_store._rows, []
    with contextlib.closing(Neo4jStore(server)) as writer:
        writer.replace(frames_of_graph(graphs[0], schema), schema)

        def meanwhile(tx: Any, cypher: str, parameters: Any) -> Any:
            rows = rows_of(tx, cypher, parameters)
            if cypher == asked:
                readings.append(len(rows))
                if len(readings) == 1:
                    for graph in reversed(graphs):
                        writer.replace(frames_of_graph(graph, schema), schema)
            return rows

        monkeypatch.setattr(neo4j_store, "_rows", meanwhile)
        with contextlib.closing(Neo4jStore(server)) as reader:
            assert {row["g_name"] for row in reader.read(asked, {})} == {"first"}
    assert len(readings) > 1


def many(name: str) -> PropertyGraph:
    agencies = [
        Node(f"a/agency/{n}", "Agency", {"partnership": "a", "name": name}) for n in range(200)
    ]
    funds = [Node(f"a/fund/{n}", "Fund", {"partnership": "a", "name": name}) for n in range(200)]
    held = [
        Edge("HELD_BY", ("Fund", f"a/fund/{n}"), ("Agency", f"a/agency/{n}"), None, {})
        for n in range(200)
    ]
    return PropertyGraph(name, (*agencies, *funds), tuple(held))


# ---------------------------------------------------------------- the same answers


def alike(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as text, sorted, with what was collected in no order sorted too."""

    def settled(value: Any) -> Any:
        if isinstance(value, list):
            return sorted(map(settled, value), key=repr)
        if isinstance(value, dict):
            return sorted((k, settled(v)) for k, v in value.items())
        return value

    return sorted(repr(settled(row)) for row in rows)


@pytest.mark.parametrize("name", [*catalogue(), *(f"facts.{f}" for f in fact_files())])
def test_every_file_gives_the_same_rows_on_both_stores(
    store: Store, neo4j_store: Store, name: str
) -> None:
    theme, _, fact = name.partition(".")
    question = fact_files()[fact] if theme == "facts" else catalogue()[name]
    slugs = [p.slug for p in partnerships(store)]
    dials = {"partnerships": slugs, "as_of": DAY, "without": ["dudley/agency/chadd"]}
    dials["groups"] = [PERPETRATORS]
    used = {k: v for k, v in dials.items() if f"${k}" in question.cypher}
    for left_out in ([], dials["without"]):
        given = {**used, "without": left_out} if "without" in used else used
        rows = store.read(question.cypher, given)
        assert alike(rows) == alike(neo4j_store.read(question.cypher, given))
        if theme == "facts":
            assert rows


@pytest.mark.parametrize("day", [None, DAY], ids=["own day", "2013-04-01"])
@pytest.mark.parametrize("name", list(catalogue()))
def test_every_answer_is_the_same_text_on_both_stores(
    store: Store, neo4j_store: Store, name: str, day: datetime.date | None
) -> None:
    question = catalogue()[name]
    answer = as_json(ask(store, question, as_of=day))
    assert answer == as_json(ask(neo4j_store, question, as_of=day))
    assert {r["partnership"] for r in json.loads(answer)} <= {p.slug for p in partnerships(store)}


@pytest.mark.parametrize("name", [n for n, q in catalogue().items() if not q.across])
def test_a_partnership_asked_alone_and_among_others_has_the_same_answer(
    store: Store, name: str
) -> None:
    question = catalogue()[name]
    together = ask(store, question).rows
    for slug in ("dudley", "southend"):
        alone = ask(store, question, slugs=[slug]).rows
        assert alone == tuple(r for r in together if r["partnership"] == slug)


# ---------------------------------------------------------------- Neo4j


FOREIGN = {
    "another label": "CREATE (:Cat {id: 'tom', name: 'Tom'})",
    "a label of ours": "CREATE (:Agency {id: 'x/agency/y', name: 'Not from a release'})",
    "two labels": "CREATE (:Agency:Cat {id: 'x', _digest: 'y'})",
    "no label": "CREATE ({id: 'x'})",
    "music": "CREATE (:Release {name: 'Abbey Road'})-[:BY]->(:Agency {name: 'The Beatles'})",
    "music with a number": "CREATE (:Release {id: 'abbey', name: 'Abbey Road', complete: true})",
}
CENSUS = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN labels(n), properties(n), type(r), m.name"


@pytest.mark.parametrize("what", FOREIGN)
def test_a_database_that_holds_something_else_is_refused_and_left_as_it_is(
    server: str, schema: Schema, before: PropertyGraph, what: str
) -> None:
    statement(server, FOREIGN[what])
    held = sorted(statement(server, CENSUS), key=repr)
    with contextlib.closing(Neo4jStore(server)) as store:
        with pytest.raises(StoreError, match="Nothing was changed: use an empty database"):
            store.replace(frames_of_graph(before, schema), schema)
        with pytest.raises(StoreError, match="fingerpost load"):
            store.read(NAMES, {})
    assert sorted(statement(server, CENSUS), key=repr) == held


@pytest.mark.parametrize("what", FOREIGN)
def test_something_else_beside_a_release_is_refused_too(
    server: str, schema: Schema, before: PropertyGraph, after: PropertyGraph, what: str
) -> None:
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        statement(server, FOREIGN[what])
        with pytest.raises(StoreError, match="not a release of Fingerpost"):
            store.replace(frames_of_graph(after, schema), schema)
        assert store.release() == before.release


def test_a_first_load_that_was_killed_is_unreadable_and_the_next_one_finishes_it(
    server: str, schema: Schema, before: PropertyGraph, after: PropertyGraph
) -> None:
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        # As a killed load leaves it: a part of the nodes, and a Release that is not complete.
        statement(server, "MATCH (r:Release) SET r.complete = false, r.name = 'killed'")
        statement(server, "MATCH (n:Service)-[r]->() DELETE r")
        statement(server, "MATCH (n:Fund) DETACH DELETE n")
        assert store.release() is None
        with pytest.raises(StoreError, match="fingerpost load"):
            store.read(NAMES, {})
        assert store.replace(frames_of_graph(after, schema), schema) is True
        assert store.release() == after.release
        same(contents(store, schema, after), wanted(after))


def test_a_load_killed_on_the_way_is_finished_by_the_next(
    server: str, schema: Schema, before: PropertyGraph
) -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_stores import many\n"
        "from graph.frames import frames_of_graph\n"
        "from graph.stores import neo4j\n"
        "from ontology.schema import default_schema\n"
        "neo4j._BATCH = 20\n"
        "graph, store = many('killed'), neo4j.Neo4jStore(sys.argv[1])\n"
        "print('now', flush=True)\n"
        "store.replace(frames_of_graph(graph, default_schema()), default_schema())\n"
    )
    with contextlib.closing(Neo4jStore(server)) as store:
        with subprocess.Popen(
            [sys.executable, "-c", script, server], cwd=ROOT, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            deadline = time.monotonic() + 20
            while not statement(server, "MATCH (n:Agency) RETURN n.id LIMIT 1"):
                assert time.monotonic() < deadline
            child.send_signal(signal.SIGKILL)
        if store.release() is None:
            with pytest.raises(StoreError, match="fingerpost load"):
                store.read(NAMES, {})
        assert store.replace(frames_of_graph(before, schema), schema) is True
        same(contents(store, schema, before), wanted(before))


def test_a_refresh_touches_what_changed_and_no_more(
    server: str, schema: Schema, make: Make, before: PropertyGraph
) -> None:
    renamed = make(agencies=TABLES["agencies"].replace("Testham Haven", "Testham Heaven"))
    places = "MATCH (n) RETURN elementId(n), n.id"
    links = "MATCH ()-[r]->() RETURN elementId(r)"
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        held = sorted(statement(server, places)), sorted(statement(server, links))
        store.replace(frames_of_graph(renamed, schema), schema)
        assert (sorted(statement(server, places)), sorted(statement(server, links))) == held
        same(contents(store, schema, renamed), wanted(renamed))


def neighbours(name: str, **named: str) -> PropertyGraph:
    """Partnerships of an agency and a fund each; an award of each pays for the next one's service.

    `named` gives the name of a partnership's agency.
    """
    slugs = sorted(named)
    nodes, edges = [], []
    for slug, next_one in zip(slugs, [*slugs[1:], slugs[0]], strict=True):
        agency, fund, service = (f"{slug}/{kind}/x" for kind in ("agency", "fund", "service"))
        nodes += [
            Node(agency, "Agency", {"partnership": slug, "name": named[slug]}),
            Node(fund, "Fund", {"partnership": slug}),
            Node(service, "Service", {"partnership": slug}),
        ]
        edges += [
            Edge("HELD_BY", ("Fund", fund), ("Agency", agency), None, {}),
            Edge(
                "AWARD",
                ("Fund", f"{next_one}/fund/x"),
                ("Service", f"{next_one}/service/x"),
                f"{slug}/award/x",
                {"id": f"{slug}/award/x", "partnership": slug, "note": named[slug]},
            ),
        ]
    nodes.sort(key=lambda n: (n.label, n.id))
    edges.sort(key=lambda e: (e.type, e.start, e.end, e.id or ""))
    return PropertyGraph(name, tuple(nodes), tuple(edges))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": "A", "b": "B", "c": "C"}, {"a": "A", "b": "other", "c": "C"}),
        ({"a": "A", "b": "B", "c": "C"}, {"a": "A", "c": "C"}),
        ({"a": "A", "c": "C"}, {"a": "A", "b": "B", "c": "C"}),
        ({"a": "A", "a-b": "B"}, {"a": "other", "a-b": "B"}),
    ],
    ids=["changed", "gone", "new", "a name within another"],
)
def test_a_refresh_of_one_partnership_is_as_good_as_a_fresh_load(
    server: str, schema: Schema, old: dict[str, str], new: dict[str, str]
) -> None:
    """Also where a record of one partnership joins records of another."""
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(neighbours("old", **old), schema), schema)
        wished = neighbours("new", **new)
        assert store.replace(frames_of_graph(wished, schema), schema) is True
        same(contents(store, schema, wished), wanted(wished))


def test_a_refresh_looks_at_the_partnerships_that_changed_and_no_others(
    server: str, schema: Schema
) -> None:
    """What is taken away behind the store's back shows where it looked."""
    old = frames_of_graph(neighbours("old", a="A", b="B"), schema)
    new = frames_of_graph(neighbours("new", a="other", b="B"), schema)
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(old, schema)
        statement(server, "MATCH (:Fund)-[r:HELD_BY]->() DELETE r")
        statement(server, "MATCH (:Fund)-[r:AWARD]->() DELETE r")
        store.replace(new, schema)
    assert statement(server, "MATCH (f)-[:HELD_BY]->() RETURN f.id") == [["a/fund/x"]]
    assert statement(server, "MATCH ()-[r:AWARD]->() RETURN r.id") == [["a/award/x"]]


def test_a_database_without_digests_of_partnerships_is_compared_as_a_whole(
    server: str, schema: Schema
) -> None:
    """As an older version of this program left it."""
    old, new = neighbours("old", a="A", b="B"), neighbours("new", a="A", b="other")
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(old, schema), schema)
        statement(server, "MATCH (r:Release) REMOVE r.blocks")
        statement(server, "MATCH (:Fund)-[r]->() DELETE r")
        store.replace(frames_of_graph(new, schema), schema)
        same(contents(store, schema, new), wanted(new))


def test_a_refresh_that_fails_leaves_the_release_that_is_there(
    server: str, schema: Schema, before: PropertyGraph
) -> None:
    wrong = Edge("HELD_BY", ("Fund", "testham/fund/no"), ("Agency", "testham/agency/no"), None, {})
    broken = PropertyGraph("broken", before.nodes[:-5], (*before.edges, wrong))
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        with pytest.raises(StoreError, match="not there"):
            store.replace(frames_of_graph(broken, schema), schema)
        assert store.release() == before.release
        same(contents(store, schema, before), wanted(before))


def test_a_first_load_with_an_edge_that_leads_to_nothing_stays_unreadable(
    server: str, schema: Schema, before: PropertyGraph
) -> None:
    wrong = Edge("HELD_BY", ("Fund", "testham/fund/no"), ("Agency", "testham/agency/no"), None, {})
    broken = PropertyGraph("broken", before.nodes, (*before.edges, wrong))
    with contextlib.closing(Neo4jStore(server)) as store:
        with pytest.raises(StoreError, match="not there"):
            store.replace(frames_of_graph(broken, schema), schema)
        assert store.release() is None
        assert store.replace(frames_of_graph(before, schema), schema) is True
        same(contents(store, schema, before), wanted(before))


def test_every_label_has_a_constraint(server: str, schema: Schema, before: PropertyGraph) -> None:
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
    rows = statement(server, "SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type")
    unique = {labels[0] for labels, keys, kind in rows if keys == ["id"] and "UNIQUE" in kind}
    assert unique == {"Release", *(c.name for c in schema.nodes)}


def test_an_address_with_routing_works_as_well(
    server: str, schema: Schema, before: PropertyGraph, after: PropertyGraph
) -> None:
    """As a cluster has it; a single server routes to itself."""
    routed = server.replace("bolt://", "neo4j://")
    assert routed != server
    with contextlib.closing(Neo4jStore(routed)) as store:
        for graph in (before, after):
            assert store.replace(frames_of_graph(graph, schema), schema) is True
            assert store.release() == graph.release
            same(contents(store, schema, graph), wanted(graph))


def test_reading_is_asked_for_as_reading_so_that_a_cluster_can_route_it(
    server: str, schema: Schema, before: PropertyGraph
) -> None:
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        with pytest.raises(StoreError, match="read access mode"):
            store.read("CREATE (g:Agency {id: 'x'})", {})


def test_what_one_question_saw_the_next_one_waits_for(
    server: str, schema: Schema, before: PropertyGraph
) -> None:
    with contextlib.closing(Neo4jStore(server)) as store:
        store.replace(frames_of_graph(before, schema), schema)
        written = store._bookmarks.get_bookmarks()
        assert written
        statement(server, "CREATE (n:Elsewhere) DELETE n")
        store.release()
        assert {*store._bookmarks.get_bookmarks()} != {*written}


def test_a_server_that_is_away_is_told_at_once() -> None:
    began = time.monotonic()
    with contextlib.closing(Neo4jStore("bolt://127.0.0.1:9")) as store:
        for work in (store.release, lambda: store.read(NAMES, {})):
            with pytest.raises(StoreError, match=r"bolt://127\.0\.0\.1:9"):
                work()
    assert time.monotonic() - began < 15


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(StoreError, match="no address of a Neo4j server"):
        Neo4jStore("nowhere://here")


# ---------------------------------------------------------------- the embedded store


def test_only_the_release_that_is_served_stays_on_disk(
    tmp_path: Path, schema: Schema, before: PropertyGraph, after: PropertyGraph
) -> None:
    store = EmbeddedStore(tmp_path)
    store.replace(frames_of_graph(before, schema), schema)
    (tmp_path / f".{after.release}.1.lbug").write_bytes(b"left by a load that was killed")
    store.replace(frames_of_graph(after, schema), schema)
    assert {p.name for p in tmp_path.iterdir()} == {"current", f"{after.release}.lbug"}
    store.close()


def test_a_reader_of_another_process_goes_on_and_then_sees_the_new_release(
    tmp_path: Path, schema: Schema, before: PropertyGraph, after: PropertyGraph
) -> None:
    writer, reader = EmbeddedStore(tmp_path), EmbeddedStore(tmp_path)
    writer.replace(frames_of_graph(before, schema), schema)
    assert "Haven" in repr(reader.read(NAMES, {}))
    writer.replace(frames_of_graph(after, schema), schema)
    found = repr(reader.read(NAMES, {}))
    assert "Heaven" in found
    assert reader.release() == after.release
    writer.close()
    reader.close()


def test_what_is_served_is_read_only(tmp_path: Path, schema: Schema, before: PropertyGraph) -> None:
    store = EmbeddedStore(tmp_path)
    store.replace(frames_of_graph(before, schema), schema)
    content = (tmp_path / f"{before.release}.lbug").read_bytes()
    with pytest.raises(StoreError):
        store.read("CREATE (g:Agency {id: 'x'})", {})
    with pytest.raises(StoreError):
        store.read("MATCH (g:Agency) DETACH DELETE g", {})
    assert len(store.read(NAMES, {})) == 2
    store.close()
    assert (tmp_path / f"{before.release}.lbug").read_bytes() == content


def test_a_file_that_does_not_open_is_told_with_what_to_do(
    tmp_path: Path, schema: Schema, before: PropertyGraph
) -> None:
    store = EmbeddedStore(tmp_path)
    store.replace(frames_of_graph(before, schema), schema)
    path = tmp_path / f"{before.release}.lbug"
    path.write_bytes(b"damaged")
    with pytest.raises(StoreError, match="fingerpost load"):
        store.read(NAMES, {})
    path.unlink()
    assert store.release() is None
    assert store.replace(frames_of_graph(before, schema), schema) is True
    assert len(store.read(NAMES, {})) == 2
    store.close()


BUILD = (
    "import sys; sys.path.insert(0, 'tests')\n"
    "from pathlib import Path\n"
    "from test_stores import many\n"
    "from graph.frames import frames_of_graph\n"
    "from graph.stores.embedded import EmbeddedStore\n"
    "from ontology.schema import default_schema\n"
    "graph, schema = many('second'), default_schema()\n"
    "print('now', flush=True)\n"
    "EmbeddedStore(Path(sys.argv[1])).replace(frames_of_graph(graph, schema), schema)\n"
)


@pytest.mark.parametrize("delay", [0.02, 0.15, 0.4])
def test_a_build_that_is_killed_leaves_a_whole_release_served(
    tmp_path: Path, schema: Schema, delay: float
) -> None:
    store = EmbeddedStore(tmp_path)
    store.replace(frames_of_graph(many("first"), schema), schema)
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
    served = store.release()
    assert served in ("first", "second")
    assert {row["g_name"] for row in store.read(NAMES + " ORDER BY g_name LIMIT 9", {})} == {served}
    store.replace(frames_of_graph(many("second"), schema), schema)
    assert store.release() == "second"
    assert {p.name for p in tmp_path.iterdir() if p.suffix == ".lbug"} == {"second.lbug"}
    store.close()
