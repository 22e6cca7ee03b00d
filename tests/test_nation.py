"""Who names and meets what in all that is loaded: the few rows that are read, and every row."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph.build import dataset_of
from graph.columns import frames_of
from graph.frames import frames_of_graph
from graph.model import Edge, Node, PropertyGraph, Value
from graph.release import Release, write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Rows, Store
from graph.synth import partnerships
from ontology.schema import Schema
from queries.fits import BEHAVIOUR, PERPETRATORS
from queries.nation import nation
from queries.reading import Reading

EVERYTHING = {
    "mentioned": """
        MATCH (x:Action|Objective|Gap)-[:GROUPS]->(g:ClientGroup)
        OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
        RETURN x.id AS record, g.id AS term, collect(DISTINCT n.id) AS needs
        """,
    "met_needs": """
        MATCH (s:Service)
        OPTIONAL MATCH (s)-[r:REACH]->(g:ClientGroup)
        OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
        RETURN s.id AS service, g.id AS term, r.strength AS strength,
               r.only_for_needs AS only_needs, collect(DISTINCT n.id) AS needs
        """,
}


GROUPS = [PERPETRATORS, "shared/client-group/convicted", "shared/client-group/women"]
NEEDS = [f"shared/need/{name}" for name in "abcd"]
STRENGTHS = ["specialist", "open to all", "excluded"]


def made_up(seed: int) -> PropertyGraph:
    """A few services and actions for perpetrators and others, with whichever needs."""
    by = random.Random(seed)  # noqa: S311 - nothing secret
    nodes = [Node(g, "ClientGroup", {"name": g}) for g in GROUPS]
    nodes += [Node(n, "Need", {"name": n}) for n in [BEHAVIOUR, *NEEDS]]
    edges = [_edge("BROADER", ("ClientGroup", GROUPS[1]), ("ClientGroup", PERPETRATORS))]
    for number in range(5):
        service = ("Service", f"p/service/{number}")
        action = ("Action", f"p/action/{number}")
        nodes += [Node(one[1], one[0], {"partnership": "p"}) for one in (service, action)]
        for group in by.sample(GROUPS, by.randint(1, 2)):
            identifier = f"{service[1]} {group}"
            found: dict[str, Value] = {
                "id": identifier,
                "strength": by.choice(STRENGTHS),
                "only_for_needs": tuple(by.sample(NEEDS, by.choice([0, 0, 1]))),
            }
            edges.append(Edge("REACH", service, ("ClientGroup", group), identifier, found))
            edges.append(_edge("GROUPS", action, ("ClientGroup", group)))
        edges += [
            _edge("NEEDS", one, ("Need", need))
            for one in (service, action)
            for need in by.sample(NEEDS, by.randint(0, 2))
        ]
    return PropertyGraph(f"made-up-{seed}", tuple(nodes), tuple(edges))


def _edge(kind: str, start: tuple[str, str], end: tuple[str, str]) -> Edge:
    return Edge(kind, start, end, None, {})


def test_whose_needs_are_whose_in_made_up_countries(schema: Schema, tmp_path: Path) -> None:
    found = []
    for seed in range(8):
        with closing(EmbeddedStore(tmp_path / str(seed))) as store:
            store.replace(frames_of_graph(made_up(seed), schema), schema)
            found.append(Reading(store).nation)
            assert found[-1] == nation(lambda name, store=store, **_: every_row(store, name))
    assert any(one.sides.own > {BEHAVIOUR} for one in found)
    assert len({one.sides for one in found}) > 4


@pytest.fixture(scope="module", params=["shipped", 3])
def loaded(
    request: pytest.FixtureRequest,
    release: Release,
    schema: Schema,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[EmbeddedStore]:
    home = tmp_path_factory.mktemp("loaded")
    if request.param != "shipped":
        release = write_release(
            dataset_of(list(partnerships(2, request.param)), [], schema), home / "built"
        )
    with closing(EmbeddedStore(home)) as store:
        store.replace(frames_of(release, schema), schema)
        yield store


def every_row(store: Store, name: str) -> Rows:
    if name == "met_by_others":
        return []
    if name in EVERYTHING:
        return store.read(EVERYTHING[name], {})
    return list(Reading(store).fact(name))


def test_whose_needs_are_whose_as_from_every_row(loaded: EmbeddedStore) -> None:
    found = Reading(loaded).nation
    assert found == nation(lambda name, **_: every_row(loaded, name))
    assert found.sides.groups
    assert found.named


def test_of_which_types_the_services_are_that_meet_a_need(loaded: EmbeddedStore) -> None:
    met: dict[str, dict[str, set[str]]] = {}
    for row in loaded.read(
        "MATCH (s:Service)-[:NEEDS]->(n:Need) RETURN s.id AS service, n.id AS need", {}
    ):
        met.setdefault(row["need"], {})[row["service"]] = set()
    for row in loaded.read(
        "MATCH (s:Service)-[:TYPE]->(t:ServiceType) RETURN s.id AS service, t.id AS type", {}
    ):
        for services in met.values():
            if row["service"] in services:
                services[row["service"]].add(row["type"])
    expected = {need: frozenset(map(frozenset, each.values())) for need, each in met.items()}
    assert Reading(loaded).types_met == expected
