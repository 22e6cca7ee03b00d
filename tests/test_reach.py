"""How referrals hold together: small worlds told by hand, and networkx and removal as oracles."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.build import dataset_of
from graph.columns import frames_of
from graph.release import write_release
from graph.sources.rows import Row, Tables
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from graph.synth import partnerships
from ontology.schema import Schema
from queries.ask import fact
from queries.national.reach import Breaks, Door, Joint, Link, Reached, breaks, reached
from queries.national.referrals import Network, by_rows, network
from queries.recorded import WORKING

Route = tuple[str, str]


def made(first: str, services: str, routes: Iterable[Route]) -> Network:
    """A network of things named by one letter each."""
    routes = list(routes)
    things = sorted({*first, *services, *(end for route in routes for end in route)})
    numbers = {thing: number for number, thing in enumerate(things)}
    ends = np.array([[numbers[a], numbers[b]] for a, b in routes], np.int64).reshape(-1, 2)
    return Network(
        pa.array(things, pa.string()),
        np.array([t in services for t in things], np.bool_),
        np.array([t in first for t in things], np.bool_),
        ends[:, 0],
        ends[:, 1],
    )


def routes_of(world: Network) -> list[Route]:
    return list(zip(world.named(world.origins), world.named(world.targets), strict=True))


# ---------------------------------------------------------------- told by hand


def test_a_door_is_what_every_way_goes_through() -> None:
    # People begin at a and b; c is led to by both, d and e through c alone, f through d alone.
    ways = ["ac", "bc", "cd", "ce", "df", "cf", "fe", "gh", "hg"]
    world = made("ab", "cdefgh", [(way[0], way[1]) for way in ways])
    assert reached(world) == Reached(("g", "h"), (Door("c", ("d", "e", "f")),))
    alone = made("ab", "cdefgh", [(w[0], w[1]) for w in ways if w != "bc" and w != "cf"])
    assert reached(alone).doors == (
        Door("a", ("c", "d", "e", "f")),
        Door("c", ("d", "e", "f")),
        Door("d", ("f",)),
    )


def test_a_first_door_is_behind_nothing() -> None:
    world = made("ac", "bcd", [("a", "b"), ("b", "c"), ("c", "d")])
    assert reached(world).doors == (Door("a", ("b",)), Door("c", ("d",)))


def test_only_services_are_behind_a_door_and_out_of_reach() -> None:
    world = made("a", "c", [("a", "b"), ("b", "c"), ("x", "y")])
    assert reached(world) == Reached((), (Door("a", ("c",)), Door("b", ("c",))))


def test_joints_and_links_are_told_whichever_way_routes_lead() -> None:
    # Two triangles that share c; d hangs on e by two routes, f on e by one.
    ways = ["ab", "bc", "ca", "cg", "gh", "hc", "ed", "de", "fe", "ec"]
    world = made("", "", [(way[0], way[1]) for way in ways])
    assert breaks(world) == Breaks((Joint("c", 3), Joint("e", 3)), (Link("e", "c"), Link("f", "e")))


def test_a_second_route_between_the_same_two_is_no_single_link() -> None:
    twice = made("", "", [("a", "b"), ("a", "b"), ("b", "c"), ("c", "c")])
    assert breaks(twice) == Breaks((Joint("b", 2),), (Link("b", "c"),))


def test_a_network_without_routes_has_nothing_to_tell() -> None:
    world = made("a", "b", [])
    assert reached(world) == Reached((), ())
    assert breaks(world) == Breaks((), ())
    assert breaks(made("", "", [])) == Breaks((), ())
    assert reached(made("", "", [])) == Reached((), ())


# ---------------------------------------------------------------- oracles


def reached_by_networkx(world: Network) -> Reached:
    """By networkx's dominators from a start before all first doors."""
    graph: nx.DiGraph[str] = nx.DiGraph(routes_of(world))
    joined = set(graph)
    numbers = np.arange(len(world.things))
    graph.add_edges_from(("start", door) for door in world.named(numbers[world.first]))
    graph.add_node("start")
    before = nx.immediate_dominators(graph, "start")
    doors: dict[str, list[str]] = {}
    out = []
    for service in world.named(numbers[world.services]):
        if service not in before:
            out += [service] if service in joined else []
            continue
        thing = before[service]
        while thing != "start":
            doors.setdefault(thing, []).append(service)
            thing = before[thing]
    found = [Door(thing, tuple(sorted(services))) for thing, services in doors.items()]
    return Reached(
        tuple(sorted(out)), tuple(sorted(found, key=lambda d: (-len(d.leads_to), d.thing)))
    )


def breaks_by_networkx(world: Network) -> Breaks:
    """By networkx's articulation points and bridges, pieces counted by taking the thing away."""
    graph: nx.Graph[str] = nx.Graph((a, b) for a, b in routes_of(world) if a != b)
    times = [frozenset(route) for route in routes_of(world)]
    joints = []
    for thing in nx.articulation_points(graph):
        part = graph.subgraph(nx.node_connected_component(graph, thing) - {thing})
        joints.append(Joint(thing, nx.number_connected_components(part)))
    single = {frozenset(pair) for pair in nx.bridges(graph)}
    single = {pair for pair in single if times.count(pair) == 1}
    links = [Link(a, b) for a, b in routes_of(world) if frozenset((a, b)) in single]
    return Breaks(
        tuple(sorted(joints, key=lambda j: (-j.pieces, j.thing))),
        tuple(sorted(links, key=lambda link: (link.origin, link.target))),
    )


def reached_by_removal(world: Network) -> Reached:
    """By following the routes anew without each thing."""
    routes = routes_of(world)
    numbers = np.arange(len(world.things))
    first = world.named(numbers[world.first])
    services = set(world.named(numbers[world.services]))

    def met(without: str) -> set[str]:
        found, waiting = set(), [door for door in first if door != without]
        while waiting:
            thing = waiting.pop()
            if thing not in found:
                found.add(thing)
                waiting += [b for a, b in routes if a == thing and b != without]
        return found

    everything = met("")
    joined = {end for route in routes for end in route}
    found = [
        Door(thing, tuple(sorted(services & (everything - met(thing) - {thing}))))
        for thing in world.named(numbers)
    ]
    doors = sorted((d for d in found if d.leads_to), key=lambda d: (-len(d.leads_to), d.thing))
    return Reached(tuple(sorted(services & joined - everything)), tuple(doors))


LETTERS = "abcdefghijkl"
WORLDS = st.builds(
    made,
    st.sets(st.sampled_from(LETTERS), max_size=4).map("".join),
    st.sets(st.sampled_from(LETTERS)).map("".join),
    st.lists(st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS)), max_size=24),
)


@given(WORLDS)
@settings(max_examples=300, deadline=None)
def test_random_networks_are_told_as_networkx_and_removal_tell_them(world: Network) -> None:
    first = world.first.copy()
    assert reached(world) == reached_by_networkx(world) == reached_by_removal(world)
    assert np.array_equal(world.first, first)
    assert breaks(world) == breaks_by_networkx(world)


# ---------------------------------------------------------------- from stores


@pytest.fixture(scope="module")
def invented(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """Three invented partnerships, with agencies that are in all of them."""
    home = tmp_path_factory.mktemp("three")
    content = dataset_of(partnerships(3, seed=7), [], schema)
    found = EmbeddedStore(home / "store")
    found.replace(frames_of(write_release(content, home), schema), schema)
    yield found
    found.close()


def told(world: Network) -> tuple[Reached, Breaks, list[Route]]:
    return reached(world), breaks(world), sorted(routes_of(world))


def test_columns_and_rows_give_the_same_network(invented: EmbeddedStore) -> None:
    by_columns, rows = network(invented), by_rows(invented, [], [])
    assert told(by_columns) == told(rows)
    assert reached(rows) == reached_by_networkx(rows)
    assert breaks(rows) == breaks_by_networkx(rows)
    assert breaks(rows).joints[0] == Joint("p00000/agency/national-0", 6)


def test_records_of_one_organisation_are_one_thing(invented: EmbeddedStore) -> None:
    ends = {end for route in routes_of(network(invented)) for end in route}
    assert "p00000/agency/national-0" in ends
    assert not {"p00001/agency/national-0", "p00002/agency/national-0"} & ends
    assert {"p00000/agency/council", "p00001/agency/council", "p00002/agency/council"} <= ends


@pytest.mark.parametrize(
    "lost",
    [["p00001/agency/national-0"], ["p00000/service/service-0", "p00002/referral/referral-7"], []],
)
def test_what_is_lost_is_lost_on_both_roads(invented: EmbeddedStore, lost: list[str]) -> None:
    left = network(invented, without=lost)
    assert told(left) == told(by_rows(invented, [], lost))
    ends = {end for route in routes_of(left) for end in route}
    assert ("p00000/agency/national-0" in ends) == ("p00001/agency/national-0" not in lost)
    assert not ends & set(lost)


def test_one_partnership_is_asked_about_alone(invented: EmbeddedStore) -> None:
    alone = network(invented, ["p00001"])
    assert told(alone) == told(by_rows(invented, ["p00001"], []))
    steps = fact(invented, "steps", ["p00001"])
    assert len(alone.origins) == sum(step["status"] in WORKING for step in steps)


@pytest.mark.parametrize("slug", ["slough", "dudley", "luton", "southend", "example"])
def test_shipped_partnerships_are_told_alike_on_every_road(any_store: Store, slug: str) -> None:
    rows = by_rows(any_store, [slug], [])
    assert told(network(any_store, [slug])) == told(rows)
    assert reached(rows) == reached_by_removal(rows)


def test_whom_people_come_to_by_themselves_is_behind_nothing(
    schema: Schema, tmp_path: Path
) -> None:
    """A route of a client group is a first door, unless the source says that people are sent."""
    (tables,) = partnerships(1, seed=7)
    rows = [r for r in tables.rows if r.table != "referrals"]
    rows = [Row(r.table, r.file, r.number, r.id, sent_only(r)) for r in rows]
    steps = [
        ("service-1", "service-2", ""),
        ("service-2", "service-3", ""),
        ("Asian women", "service-1", ""),
    ]
    steps += [("Asian women", "service-3", "false"), ("council", "service-4", "")]
    for number, (start, end, alone) in enumerate(steps):
        cells = {"from": start, "to": end, "status": "working", "source": "register"}
        cells |= {"place": "table 1", "basis": "stated"} | (
            {"self_referral": alone} if alone else {}
        )
        rows.append(Row("referrals", "p00000/referrals.csv", number + 2, f"r-{number}", cells))
    changed = Tables(tables.slug, tuple(rows), {**tables.counts, "referrals": len(steps)})
    store = EmbeddedStore(tmp_path / "store")
    content = dataset_of([changed], [], schema)
    store.replace(frames_of(write_release(content, tmp_path), schema), schema)
    one, two, three, four = (f"p00000/service/service-{n}" for n in (1, 2, 3, 4))
    expected = Reached(
        (), (Door(one, (two, three)), Door("p00000/agency/council", (four,)), Door(two, (three,)))
    )
    assert reached(network(store)) == reached(by_rows(store, [], [])) == expected
    store.close()


def sent_only(row: Row) -> dict[str, str]:
    return {**row.cells, **({"access": "referral only"} if row.table == "services" else {})}


def test_ways_that_the_example_tells(store: Store) -> None:
    """In its tables one working route leads to each of these, and nobody comes by themselves."""
    found = reached(network(store, ["example"]))
    assert found.out_of_reach == ()
    assert Door("example/service/idva-service", ("example/service/tarrow-house",)) in found.doors
    assert Door("example/agency/mash", ("example/service/young-idva",)) in found.doors
    lost = reached(network(store, ["example"], ["example/agency/mash"]))
    assert "example/service/young-idva" not in {s for d in lost.doors for s in d.leads_to}
