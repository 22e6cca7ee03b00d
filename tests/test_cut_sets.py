"""Cut sets of one and of two things: exact, against taking everything away and looking again."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import combinations
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from worlds import (
    AGENCIES,
    ALL_THINGS,
    DAY,
    DAYS,
    FUNDS,
    GROUPS,
    NEEDS,
    POSTS,
    SERVICES,
    THINGS,
    World,
    award,
    dependence,
    facts_of,
    provision,
    reach,
    referral,
    service,
    world,
    worlds,
)

from graph.build import dataset_of
from graph.columns import frames_of
from graph.release import write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from graph.synth import partnerships as invented
from ontology.schema import Schema
from queries.ask import ask, fact, find_question
from queries.cut_sets import pairs, single_points_of_failure
from queries.organisations import one_of, with_equals
from queries.recorded import STRENGTHS, UNSPECIFIED, Cell, Help, read_facts, recorded

THING_ROWS = [{"thing": t, "name": t} for t in ALL_THINGS]
A, B, C = SERVICES[:3]


def helps_of(rows: World, day: datetime.date, lost: frozenset[str]) -> list[Help]:
    return [h for h in recorded(facts_of(rows, lost), day)[0] if h.cell[1] != UNSPECIFIED]


def open_without(rows: World, day: datetime.date, lost: frozenset[str]) -> set[tuple[Cell, str]]:
    """The cells, within a strength, that have help on record and none without what is lost."""
    before, after = helps_of(rows, day, frozenset()), helps_of(rows, day, lost)
    return {
        (cell, strength)
        for cell, strength in {(h.cell, h.strength) for h in before}
        if not any(h.cell == cell and h.rank <= STRENGTHS[strength] for h in after)
    }


def cell_of(row: Mapping[str, Any]) -> tuple[Cell, str]:
    return (row["group"], row["need"], row["area"]), row["strength"]


@settings(max_examples=80)
@given(worlds(), DAYS)
def test_a_single_point_of_failure_is_what_its_removal_shows(
    rows: World, day: datetime.date
) -> None:
    expected = {
        (thing, *cell)
        for thing in ALL_THINGS
        for cell in open_without(rows, day, frozenset({thing}))
    }
    told = single_points_of_failure(THING_ROWS, facts_of(rows), day)
    assert {(r["thing"], *cell_of(r)) for r in told} == expected
    assert len(told) == len(expected)


@settings(max_examples=80)
@given(worlds(), DAYS)
def test_a_pair_is_what_its_removal_shows_and_neither_alone(
    rows: World, day: datetime.date
) -> None:
    alone = {thing: open_without(rows, day, frozenset({thing})) for thing in ALL_THINGS}
    expected = {
        (first, second, *cell)
        for first, second in combinations(sorted(ALL_THINGS), 2)
        for cell in open_without(rows, day, frozenset({first, second}))
        - alone[first]
        - alone[second]
    }
    told = pairs(THING_ROWS, facts_of(rows), day)
    assert {(r["first"], r["second"], *cell_of(r)) for r in told} == expected
    assert len(told) == len(expected)


@given(worlds(), DAYS, THINGS)
def test_what_is_lost_is_in_no_cut_set(rows: World, day: datetime.date, lost: str) -> None:
    left = [t for t in THING_ROWS if t["thing"] != lost]
    facts = facts_of(rows, frozenset({lost}))
    for row in single_points_of_failure(left, facts, day):
        assert row["thing"] != lost
        assert lost not in row["services"]
    for row in pairs(left, facts, day):
        assert lost not in (row["first"], row["second"])


@given(worlds(), DAYS, THINGS)
def test_with_one_of_a_pair_lost_the_other_is_a_single_point(
    rows: World, day: datetime.date, lost: str
) -> None:
    gone = frozenset({lost})
    left = [t for t in THING_ROWS if t["thing"] != lost]
    told = single_points_of_failure(left, facts_of(rows, gone), day)
    points = {(r["thing"], *cell_of(r)) for r in told}
    still = {(h.cell, h.strength) for h in helps_of(rows, day, gone)}
    for row in pairs(THING_ROWS, facts_of(rows), day):
        both = {row["first"], row["second"]}
        if lost in both and cell_of(row) in still:
            (other,) = both - gone
            assert (other, *cell_of(row)) in points


def told_pairs(rows: World) -> set[tuple[str, str]]:
    return {(r["first"], r["second"]) for r in pairs(THING_ROWS, facts_of(rows), DAY)}


def both(**tables: list[dict[str, Any]]) -> World:
    """Two services of the same strength for the same cell."""
    return world(
        services=[service(name, needs=[NEEDS[0]]) for name in (A, B)],
        reaches=[reach(f"t/reach/{name[-1]}", name, GROUPS[0]) for name in (A, B)],
        **tables,
    )


def test_two_services_fall_with_whatever_each_stands_on() -> None:
    rows = both(
        provisions=[provision("t/provision/0", A, AGENCIES[0])],
        awards=[award("t/award/0", B, fund=FUNDS[1], holders=[AGENCIES[1]])],
    )
    ends = [(A, AGENCIES[0]), (B, AGENCIES[1], FUNDS[1])]
    assert told_pairs(rows) == {tuple(sorted((one, other))) for one in ends[0] for other in ends[1]}
    row = next(
        r
        for r in pairs(THING_ROWS, facts_of(rows), DAY)
        if r["first"] == AGENCIES[0] and r["second"] == AGENCIES[1]
    )
    assert row["witness"] == (
        f"Without {AGENCIES[0]} and {AGENCIES[1]}, {A} and {B} would fall with them: nothing is "
        f"recorded for {GROUPS[0]} and home in Home (specialist or stronger)"
    )
    named = {"t/service/0", "t/reach/0", "t/provision/0", "t/service/1", "t/reach/1", "t/award/0"}
    assert {p["record"] for p in row["evidence"]} == named


def test_what_is_enough_alone_is_in_no_pair() -> None:
    shared = [provision(f"t/provision/{s[-1]}", s, AGENCIES[0]) for s in (A, B)]
    assert told_pairs(both(provisions=shared)) == {(A, B)}


def test_two_providers_of_the_only_service_are_a_pair() -> None:
    rows = world(
        services=[service(A, needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        provisions=[provision(f"t/provision/{n}", A, AGENCIES[n]) for n in (0, 1)],
    )
    assert told_pairs(rows) == {(AGENCIES[0], AGENCIES[1])}


def test_two_who_hold_the_only_fund_are_a_pair() -> None:
    rows = world(
        services=[service(A, needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        awards=[award("t/award/0", A, holders=AGENCIES[:2])],
    )
    assert told_pairs(rows) == {(AGENCIES[0], AGENCIES[1])}


def test_a_weaker_service_is_no_second_one() -> None:
    rows = both()
    rows["reaches"][1]["strength"] = "open to all"
    found = [cell_of(r)[1] for r in pairs(THING_ROWS, facts_of(rows), DAY)]
    assert found == ["open to all"]


def test_a_pair_is_found_through_what_stands_between() -> None:
    """A way in from a service that hangs on a post, whose money may end: three steps down."""
    rows = world(
        services=[service(A, needs=[NEEDS[0]], access="referral only"), service(B), service(C)],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        referrals=[referral("t/referral/0", A, B), referral("t/referral/1", A, C)],
        dependences=[dependence("t/dependence/0", B, POSTS[1])],
        awards=[award("t/award/0", POSTS[1], fund=FUNDS[1], holders=[])],
    )
    told = pairs(THING_ROWS, facts_of(rows), DAY)
    assert {(r["first"], r["second"]) for r in told} == {
        tuple(sorted((C, other))) for other in (B, POSTS[1], AGENCIES[1], FUNDS[1])
    }
    (row,) = (r for r in told if FUNDS[1] in (r["first"], r["second"]))
    records = {p["record"] for p in row["evidence"]}
    assert {"t/referral/0", "t/referral/1", "t/dependence/0", "t/award/0"} <= records


def test_a_finding_is_inferred_where_a_link_of_its_chain_is() -> None:
    rows = both(provisions=[provision("t/provision/0", A, AGENCIES[0])])
    rows["provisions"][0]["proof"]["basis"] = "inferred"
    bases = {(r["first"], r["second"]): r["basis"] for r in pairs(THING_ROWS, facts_of(rows), DAY)}
    assert bases == {(AGENCIES[0], B): "inferred", (A, B): "stated"}


def test_money_that_somebody_else_still_holds_is_no_link() -> None:
    rows = world(
        services=[service(A, needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        provisions=[provision("t/provision/0", A, AGENCIES[0])],
        awards=[award("t/award/0", A, holders=AGENCIES[:2])],
    )
    points = single_points_of_failure(THING_ROWS, facts_of(rows), DAY)
    (row,) = (r for r in points if r["thing"] == AGENCIES[0])
    assert {p["record"] for p in row["evidence"]} == {A, "t/reach/0", "t/provision/0"}


def test_pairs_of_a_whole_partnership_are_a_matter_of_moments(store: Store) -> None:
    question = find_question("resilience.pairs")
    before = perf_counter()
    rows = ask(store, question, slugs=["dudley", "example"]).rows
    assert perf_counter() - before < 3
    assert rows
    assert all(row["evidence"] and row["first"] < row["second"] for row in rows)


@pytest.mark.parametrize("name", ["resilience.pairs", "resilience.single_points_of_failure"])
def test_both_stores_give_the_same(any_store: Store, store: Store, name: str) -> None:
    question = find_question(name)
    assert ask(any_store, question).rows == ask(store, question).rows


# ---------------------------------------------------------------- one organisation, many places

FIRST = {AGENCIES[1]: AGENCIES[0], AGENCIES[0]: AGENCIES[0]}
"""The first two agencies are one organisation."""
ONES = [t for t in ALL_THINGS if t != AGENCIES[1]]


def whole(*things: str) -> frozenset[str]:
    return with_equals(things, FIRST)


@settings(max_examples=60)
@given(worlds(), DAYS)
def test_one_organisation_is_lost_everywhere_and_named_once(
    rows: World, day: datetime.date
) -> None:
    """By brute force: each thing taken away with all that is one with it, alone and in twos."""
    facts = facts_of(rows)
    alone = {thing: open_without(rows, day, whole(thing)) for thing in ONES}
    points = single_points_of_failure(THING_ROWS, facts, day, FIRST)
    told = [(r["thing"], *cell_of(r)) for r in points]
    assert sorted(told) == sorted((t, *cell) for t, cells in alone.items() for cell in cells)
    expected = {
        (first, second, *cell)
        for first, second in combinations(sorted(ONES), 2)
        for cell in open_without(rows, day, whole(first, second)) - alone[first] - alone[second]
    }
    both_told = [
        (r["first"], r["second"], *cell_of(r)) for r in pairs(THING_ROWS, facts, day, FIRST)
    ]
    assert sorted(both_told) == sorted(expected)


def test_two_providers_that_are_one_organisation_are_a_single_point() -> None:
    rows = both(
        provisions=[provision(f"t/provision/{n}", s, AGENCIES[n]) for n, s in enumerate((A, B))]
    )
    facts = facts_of(rows)
    assert not single_points_of_failure(THING_ROWS, facts, DAY)
    (point,) = single_points_of_failure(THING_ROWS, facts, DAY, FIRST)
    assert (point["thing"], point["services"]) == (AGENCIES[0], [A, B])
    assert {p["record"] for p in point["evidence"]} >= {"t/provision/0", "t/provision/1"}


def test_agencies_are_one_by_org_id_in_different_partnerships_only() -> None:
    rows = [
        {"agency": "b/agency/x", "org_id": "GB-CHC-1"},
        {"agency": "a/agency/y", "org_id": "GB-CHC-1"},
        {"agency": "a/agency/one", "org_id": "GB-CHC-2"},
        {"agency": "a/agency/two", "org_id": "GB-CHC-2"},
        {"agency": "a/agency/none", "org_id": None},
        {"agency": "b/agency/none", "org_id": None},
    ]
    first = one_of(rows, "agency")
    assert first == {"b/agency/x": "a/agency/y", "a/agency/y": "a/agency/y"}
    assert with_equals(["b/agency/x", "b/fund/f"], first) == {
        "a/agency/y", "b/agency/x", "b/fund/f",
    }  # fmt: skip
    assert with_equals(["a/agency/one"], first) == {"a/agency/one"}


@pytest.fixture(scope="module")
def near(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two invented partnerships of one region, with ten organisations in common."""
    home = tmp_path_factory.mktemp("near")
    release = write_release(dataset_of(tuple(invented(2, seed=7)), [], schema), home)
    found = EmbeddedStore(home / "store")
    found.replace(frames_of(release, schema), schema)
    yield found
    found.close()


MINE, THEIRS = "p00000/agency/national-0", "p00001/agency/national-0"


@pytest.mark.parametrize("name", ["resilience.single_points_of_failure", "resilience.pairs"])
def test_partnerships_together_name_an_organisation_once_and_alone_as_ever(
    near: Store, name: str
) -> None:
    question = find_question(name)
    ends = ("thing",) if name.endswith("failure") else ("first", "second")

    def named(slugs: list[str]) -> set[str]:
        return {row[end] for row in ask(near, question, slugs=slugs).rows for end in ends}

    assert MINE in named([]) - named(["p00001"])
    assert THEIRS in named(["p00001"]) - named([])


def test_losing_an_organisation_loses_it_everywhere_that_is_asked_about(near: Store) -> None:
    question = find_question("resilience.what_if")

    def falling(slugs: list[str], *lost: str) -> set[str]:
        rows = ask(near, question, slugs=slugs, without=lost).rows
        return {r["thing"] for r in rows if r["change"] == "service falls"}

    both_places = falling([], THEIRS)
    assert {thing.split("/")[0] for thing in both_places} == {"p00000", "p00001"}
    assert both_places == falling([], MINE) == falling([], MINE, THEIRS)
    assert falling(["p00001"], THEIRS) == {t for t in both_places if t.startswith("p00001/")}
    assert falling(["p00001"], MINE) == set()
    assert ask(near, question, without=[THEIRS]).without == (THEIRS,)


def test_what_is_lost_is_named_in_no_partnership(near: Store) -> None:
    question = find_question("resilience.single_points_of_failure")
    told = {row["thing"] for row in ask(near, question, without=[THEIRS]).rows}
    assert told
    assert told.isdisjoint({MINE, THEIRS})


def test_rows_stand_by_partnership_then_by_name_and_cell_whatever_comes_first(near: Store) -> None:
    slugs = ["p00000", "p00001"]
    names = find_question("resilience.pairs").facts
    homes = {r["partnership"]: r["area"] for r in fact(near, "partnerships")}
    rows: dict[str, Any] = {name: fact(near, name, slugs) for name in names}
    rows["reaches"] = rows["reaches"][::-1]
    facts = read_facts(rows, homes, frozenset())
    things, day = fact(near, "things"), datetime.date(2025, 9, 15)
    cell = ("group_name", "need_name", "area_name", "strength")
    for told, keys in [
        (single_points_of_failure(things, facts, day), ("kind", "name", *cell)),
        (pairs(things, facts, day), (*cell, "first_name", "second_name")),
    ]:
        order = [tuple(row[key] for key in ("partnership", *keys)) for row in told]
        assert {key[0] for key in order} == set(slugs)
        assert order == sorted(order)
