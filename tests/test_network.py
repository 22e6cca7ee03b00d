"""The map: what it says follows from the rows; its picture is readable and always the same."""

import datetime
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph.stores.protocol import Store
from visualise.map.cards import KINDS, LINKS, card_of, height_of
from visualise.map.chart import FACTS, chart, read_rows
from visualise.map.layers import LAYERS, opening, within
from visualise.map.layout import COLUMNS, GAP, STEP, column_of, layout, money_to_people
from visualise.map.network import network, vis_network_file

DUDLEY = datetime.date(2012, 9, 6)
STATIC = Path(__file__).parent.parent / "api" / "static"
SLUGS = ("dudley", "example", "luton", "slough", "southend")


def states(store: Store, slug: str, day: datetime.date) -> dict[str, str]:
    return {t.id: t.sign for t in chart(read_rows(store, slug), day).things if t.sign}


def test_money_that_ends_and_has_ended_stands_out(store: Store) -> None:
    assert states(store, "dudley", DUDLEY)["dudley/service/idva"] == "! money ends 31 March 2013"
    later = states(store, "dudley", datetime.date(2013, 4, 1))
    assert later["dudley/service/idva"] == "✕ money ended 31 March 2013"
    last = states(store, "dudley", datetime.date(2013, 3, 31))
    assert last["dudley/service/idva"].startswith("!"), "funded on its last day"


def test_what_is_planned_is_dashed(store: Store) -> None:
    drawn = network(read_rows(store, "dudley"), DUDLEY)
    node = next(n for n in drawn.picture["nodes"] if n["id"] == "dudley/service/sarc")
    assert node["shapeProperties"]["borderDashes"]
    assert "… planned" in node["label"]


def test_a_stated_missing_route_is_no_route() -> None:
    rows = empty_rows()
    rows["map_things"] = [thing("x/agency/a"), thing("x/service/b")]
    rows["map_routes"] = [
        {"route": "x/referral/r", "origin": "x/agency/a", "target": "x/service/b",
         "status": "missing", "condition": None, "basis": "stated", "proof": proof("x/referral/r")}
    ]  # fmt: skip
    link = chart(rows, DUDLEY).links[0]
    assert not link.firm
    assert "no route" in link.says


def test_who_only_holds_money_stands_left_of_funds(store: Store) -> None:
    said = chart(read_rows(store, "dudley"), DUDLEY)
    holders = {t.id for t in said.things if column_of(t) == 0}
    funding = {k.start for k in said.links if k.kind == "holding"}
    providing = {k.start for k in said.links if k.kind == "provision"}
    assert holders
    assert holders <= funding - providing


@pytest.mark.parametrize("slug", SLUGS)
def test_cards_stand_in_columns_and_never_overlap(store: Store, slug: str) -> None:
    said = chart(read_rows(store, slug), DUDLEY)
    heights = {t.id: height_of(card_of(t)) for t in said.things}
    places = layout(said, heights, money_to_people(said))
    assert places.keys() == heights.keys()
    columns: dict[int, list[str]] = {}
    for one, place in places.items():
        columns.setdefault(place.x // STEP, []).append(one)
    assert sorted(columns) == list(range(len(columns))), "no column is left empty"
    assert len(columns) <= len(COLUMNS)
    for column in columns.values():
        column.sort(key=lambda one: places[one].y)
        for upper, lower in itertools.pairwise(column):
            between = places[lower].y - places[upper].y
            assert between - (heights[lower] + heights[upper]) / 2 >= GAP - 2
        assert places[column[0]].y - heights[column[0]] / 2 >= -1


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_rows_are_the_same_picture(store: Store, slug: str) -> None:
    first, second = (network(read_rows(store, slug), DUDLEY) for _ in range(2))
    assert json.dumps(first.picture) == json.dumps(second.picture)


def test_every_service_is_drawn_and_every_line_has_its_ends(store: Store) -> None:
    rows = read_rows(store, "dudley")
    drawn = network(rows, DUDLEY)
    nodes = {n["id"] for n in drawn.picture["nodes"]}
    assert {r["service"] for r in rows["services"]} <= nodes
    edges = drawn.picture["edges"]
    shown = within(drawn.chart, opening(drawn.chart))
    assert all(e["from"] in nodes and e["to"] in nodes for e in edges)
    assert {e["id"] for e in edges} == {k.id for k in shown.links}
    assert len(edges) == len(shown.links)


def test_text_stays_text() -> None:
    hostile = '<img src=x onerror=alert(1)> href="javascript:alert(1)"'
    rows = empty_rows()
    rows["map_things"] = [thing("x/service/b", hostile)]
    node = network(rows, DUDLEY).picture["nodes"][0]
    assert node["title"].startswith(hostile), "plain text: vis-network shows strings as text"
    assert "multi" not in json.dumps(network(rows, DUDLEY).picture), "no markup in labels"


def test_an_empty_partnership_has_an_empty_map() -> None:
    drawn = network(empty_rows(), DUDLEY)
    assert drawn.picture["nodes"] == drawn.picture["edges"] == []


def test_the_legend_has_the_colours_of_the_picture() -> None:
    css = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("site.css", "map.css"))
    for kind, look in KINDS.items():
        assert f".shape-{kind} {{ stroke: {look.line}; fill: {look.ground};" in css
    for layer in LAYERS.values():
        for kind in layer.links:
            line = next(row for row in css.splitlines() if re.search(rf"\.line-{kind}\b", row))
            assert LINKS[kind][1] in line
    assert len({look.sign for look in KINDS.values()}) == len(KINDS), "told apart without colour"
    assert len({look.shape for look in KINDS.values()}) == len(KINDS), "and by shape"


def test_vis_network_is_the_file_that_pyvis_ships() -> None:
    assert b"vis-network" in vis_network_file().read_bytes()[:200]


def empty_rows() -> dict[str, list[dict[str, Any]]]:
    return {name: [] for name in FACTS}


def proof(record: str) -> dict[str, Any]:
    return {"record": record, "source": None, "place": None, "basis": "stated"}


def thing(identifier: str, name: str = "Name") -> dict[str, Any]:
    return {
        "thing": identifier,
        "name": name,
        "standing": None,
        "filled": None,
        "sector": None,
        "about": None,
        "visibility": None,
        "basis": "stated",
        "proof": proof(identifier),
    }
