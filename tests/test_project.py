"""Quads to nodes and edges: bounds of dates, edges with facts of their own, and derived columns."""

import datetime
import random
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.derived import award_window, known_on, whereabouts
from graph.errors import ReleaseError
from graph.model import Edge, Node, PropertyGraph, Value
from graph.project import project
from ontology.namespaces import ID
from ontology.schema import Schema

KNOWN = datetime.date(2012, 9, 6)


def quads_from(folder: Path, schema: Schema) -> list[ox.Quad]:
    content = b"".join(build_dataset([folder], schema))
    return list(ox.parse(content, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def quads(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> list[ox.Quad]:
    folder = write_tables(
        tmp_path_factory.mktemp("project"),
        services=TABLES["services"].replace("2012-05,", "2012-05,", 1),
        awards=TABLES["awards"]
        + "undated,grant,advice,secured,,,,report,paragraph 1,stated\n"
        + "asked,grant,far,sought,,,2013/2014,report,paragraph 1,stated\n",
        posts=TABLES["posts"].replace("basis\n", "basis,as of\n").replace("ted\n", "ted,2012-07\n"),
    )
    return quads_from(folder, schema)


@pytest.fixture(scope="module")
def testham(quads: list[ox.Quad], schema: Schema) -> PropertyGraph:
    return project(quads, schema, "testham")


def node(graph: PropertyGraph, identifier: str) -> Node:
    (found,) = [n for n in graph.nodes if n.id == identifier]
    return found


def edge(graph: PropertyGraph, identifier: str) -> Edge:
    (found,) = [e for e in graph.edges if e.id == identifier]
    return found


def test_a_record_is_a_node_of_one_label_with_all_its_columns(
    testham: PropertyGraph, schema: Schema
) -> None:
    refuge = node(testham, "testham/service/refuge")
    assert refuge.label == "Service"
    assert refuge.properties["name"] == "Haven refuge"
    assert refuge.properties["partnership"] == "testham"
    assert refuge.properties["also_called"] == ()
    assert refuge.properties["closed"] is None
    stored = {p.key for p in schema.classes["Service"].stored}
    assert stored <= refuge.properties.keys()


def test_a_date_column_has_its_bounds_beside_it(testham: PropertyGraph) -> None:
    refuge = node(testham, "testham/service/refuge").properties
    assert refuge["opened"] == "2012-05"
    assert refuge["opened_first"] == datetime.date(2012, 5, 1)
    assert refuge["opened_last"] == datetime.date(2012, 5, 31)
    assert refuge["closed_first"] is None
    award = edge(testham, "testham/award/grant-refuge").properties
    assert award["period"] == "../2013-03"
    assert award["period_first"] is None
    assert award["period_last"] == datetime.date(2013, 3, 31)


def test_a_reference_is_an_edge_without_facts_and_a_relation_one_with_its_own(
    testham: PropertyGraph,
) -> None:
    held = [e for e in testham.edges if e.type == "HELD_BY"]
    assert held == [
        Edge(
            "HELD_BY",
            ("Fund", "testham/fund/grant"),
            ("Agency", "testham/agency/council"),
            None,
            {},
        )
    ]
    award = edge(testham, "testham/award/grant-refuge")
    assert (award.type, award.start, award.end) == (
        "AWARD",
        ("Fund", "testham/fund/grant"),
        ("Service", "testham/service/refuge"),
    )
    assert award.properties["id"] == award.id
    assert award.properties["amount"] == Decimal(30000)
    assert award.properties["status"] == "secured"
    assert award.properties["place"] == ("paragraph 10",)
    assert award.properties["source"] == "testham/source/report"


def test_a_code_is_its_word_and_a_shared_term_a_node(testham: PropertyGraph) -> None:
    assert node(testham, "testham/service/refuge").properties["standing"] == "operating"
    men = node(testham, "shared/client-group/men")
    assert (men.label, men.properties["name"]) == ("ClientGroup", "Male victims")
    labels = {n.label for n in testham.nodes}
    assert not labels & {"Standing", "AwardStatus", "Basis"}


def test_every_edge_joins_two_nodes_that_are_there(graph: PropertyGraph, schema: Schema) -> None:
    nodes = {(n.label, n.id) for n in graph.nodes}
    assert len(nodes) == len(graph.nodes)
    pairs = {r.type: set(r.pairs) for r in schema.relationships}
    for one in graph.edges:
        assert {one.start, one.end} <= nodes
        assert (one.start[0], one.end[0]) in pairs[one.type]
    assert len({e.id for e in graph.edges if e.id}) == sum(e.id is not None for e in graph.edges)


@settings(max_examples=15)
@given(seed=st.integers())
def test_the_order_of_quads_does_not_matter(
    quads: list[ox.Quad], testham: PropertyGraph, schema: Schema, seed: int
) -> None:
    shuffled = list(quads)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    assert project(shuffled, schema, "testham") == testham


def test_a_reference_to_nothing_names_the_record_and_the_next_step(
    quads: list[ox.Quad], schema: Schema
) -> None:
    council = str(ID["testham/agency/council"])
    broken = [q for q in quads if q.subject.value != council]
    with pytest.raises(ReleaseError, match=r"refers to testham/agency/council.*fingerpost build"):
        project(broken, schema, "broken")


def test_an_edge_without_an_end_names_the_record(quads: list[ox.Quad], schema: Schema) -> None:
    award = str(ID["testham/award/grant-refuge"])
    broken = [
        q for q in quads if not (q.subject.value == award and q.predicate.value.endswith("#pays"))
    ]
    with pytest.raises(ReleaseError, match="testham/award/grant-refuge does not have its two ends"):
        project(broken, schema, "broken")


# ---------------------------------------------------------------- derived columns


def day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("first", "last", "status", "start", "until", "undated"),
    [
        ("2012-04-01", "2013-03-31", "secured", "2012-04-01", "2013-03-31", False),
        ("2012-04-01", "2013-03-31", "at risk", "2012-04-01", "2013-03-31", False),
        ("", "2013-03-31", "secured", "2012-09-06", "2013-03-31", False),
        # Only an end is given, and it lies before the source's date.
        ("", "2011-03-31", "secured", "2011-03-31", "2011-03-31", False),
        ("2012-04-01", "", "secured", "2012-04-01", "2012-09-06", True),
        ("", "", "secured", "2012-09-06", "2012-09-06", True),
        # Begins after the source's date, with no end.
        ("2013-04-01", "", "secured", "2013-04-01", "2013-04-01", True),
        ("2012-04-01", "2013-03-31", "sought", "", "", False),
        ("", "", "proposed", "", "", False),
        ("", "2013-03-31", "ended", "", "", False),
        ("2012-04-01", "2013-03-31", None, "", "", False),
    ],
)
def test_from_when_until_when_an_award_is_known_to_be_there(
    first: str, last: str, status: str | None, start: str, until: str, undated: bool
) -> None:
    columns: dict[str, Value] = {
        "status": status,
        "known_on": KNOWN,
        "period_first": day(first),
        "period_last": day(last),
    }
    assert award_window(columns) == {
        "live_from": day(start),
        "live_until": day(until),
        "undated": undated,
    }


def test_the_projection_derives_it_for_every_award(testham: PropertyGraph) -> None:
    dated = edge(testham, "testham/award/grant-refuge").properties
    assert (dated["live_from"], dated["live_until"], dated["undated"]) == (
        KNOWN,
        datetime.date(2013, 3, 31),
        False,
    )
    assert edge(testham, "testham/award/undated").properties["undated"] is True
    asked = edge(testham, "testham/award/asked").properties
    assert (asked["live_from"], asked["live_until"], asked["undated"]) == (None, None, False)


def test_a_records_own_date_beats_its_sources(testham: PropertyGraph) -> None:
    post = node(testham, "testham/post/adviser").properties
    assert post["known_on"] == datetime.date(2012, 7, 31)
    assert node(testham, "testham/service/refuge").properties["known_on"] == KNOWN
    assert known_on({"as_of_last": None}, None) is None


def test_whereabouts_of_services(testham: PropertyGraph) -> None:
    found = {n.id: n.properties["whereabouts"] for n in testham.nodes if n.label == "Service"}
    assert found == {
        "testham/service/refuge": "here",
        "testham/service/advice": "wider",
        "testham/service/far": "outside",
    }


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ([], "not recorded"),
        (["home"], "here"),
        (["part"], "here"),
        (["county"], "wider"),
        (["nation"], "wider"),
        (["next"], "outside"),
        (["next", "county"], "wider"),
        (["next", "part"], "here"),
        (["circle-a"], "outside"),
    ],
)
def test_whereabouts_are_seen_from_the_home_area(areas: list[str], expected: str) -> None:
    within = {
        "part": "home",
        "home": "county",
        "next": "county",
        "county": "nation",
        "circle-a": "circle-b",
        "circle-b": "circle-a",
    }
    assert whereabouts("home", areas, within) == expected
