"""The national matrix from columns: each rule asked once for a case, and every cell as judged."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import DAYS, GROUPS, HOME, NEEDS, PART, World, worlds

from graph.build import dataset_of
from graph.columns import frames_of
from graph.release import write_release
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships as invented
from ontology.schema import Schema
from queries.cells import WORST_FIRST, Coverage, gap_effects
from queries.national.bearing import Areas, bearing_of, bits_of_cells
from queries.national.cases import Lists, by_owner, cases, each, examples, lists_of
from queries.national.columns import Columns, Terms
from queries.national.matrix import by_columns, by_rows, matrix_of, matrix_of_columns
from queries.recorded import EMPTY_POST, Facts, read_facts

OUTER, DEEP, ELSEWHERE = "t/area/county", "t/area/corner", "u/area/elsewhere"
PLACES = [OUTER, HOME, PART, DEEP, ELSEWHERE]
HOMES = {"t": HOME, "u": PART}
"""The second partnership is for a part of the first one's area; a third, v, has no area."""
KINDS = ["no service", "shortage", "data"]
Rows = Sequence[Mapping[str, Any]]


# ---------------------------------------------------------------- cases and lists

VALUES = st.sampled_from([None, "", "a", "b"])
DATES = st.none() | st.dates(datetime.date(2012, 1, 1), datetime.date(2012, 1, 3))
MANY = st.lists(st.sampled_from(["", "a", "b"]), max_size=2)
TABLES = st.lists(st.tuples(VALUES, DATES, MANY, st.integers(-3, 3)), max_size=12)


@given(TABLES)
def test_rows_have_one_case_if_they_are_equal(rows: list[tuple[Any, ...]]) -> None:
    columns = [
        pa.array([r[0] for r in rows], pa.string()),
        pa.array([r[1] for r in rows], pa.date32()),
        pa.array([r[2] for r in rows], pa.list_(pa.string())),
        np.array([r[3] for r in rows], np.int64),
    ]
    found = cases(*columns)
    told = examples(found, *columns)
    assert [told[number] for number in found.number] == rows
    assert len(told) == len({repr(row) for row in rows})


def test_a_rule_is_asked_once_for_each_case() -> None:
    asked: list[tuple[str | None, int]] = []

    def rule(word: str | None, number: int) -> bool:
        asked.append((word, number))
        return word is None or number > 1

    words, numbers = pa.array(["a", None, "a", None, "a"]), np.array([1, 1, 2, 1, 1])
    assert each(rule, words, numbers).tolist() == [False, True, True, True, False]
    assert sorted(asked, key=repr) == sorted([("a", 1), (None, 1), ("a", 2)], key=repr)


def test_many_columns_of_large_numbers_are_told_apart() -> None:
    columns = [np.array([0, 1 << 40, 1 << 40, 0]), np.array([0, 0, 1 << 40, 1 << 40])] * 3
    assert len(cases(*columns).example) == 4
    assert len(cases(columns[0], columns[0]).example) == 2


LISTS = st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=1, max_size=8)


@given(LISTS, st.data())
def test_owners_have_their_items_and_equal_lists_one_number(
    rows: list[list[int]], data: st.DataObject
) -> None:
    pairs = data.draw(st.permutations([(n, item) for n, row in enumerate(rows) for item in row]))
    owner, item = np.array(pairs, np.int64).reshape(-1, 2).T
    found = by_owner(owner, item, len(rows))
    assert [found.at(n) for n in range(len(rows))] == [sorted(row) for row in rows]
    different = found.cases()
    assert [found.at(different.example[n]) for n in different.number] == [sorted(r) for r in rows]
    assert len(different.example) == len({tuple(sorted(row)) for row in rows})


def test_owners_named_twice_are_spread_twice() -> None:
    found = lists_of([[7, 8], [], [9]])
    place, item = found.spread(np.array([2, 0, 1, 0]))
    assert (place.tolist(), item.tolist()) == ([0, 1, 1, 3, 3], [9, 7, 8, 7, 8])
    assert found.of(np.array([2, 2])).at(1) == [9]


def test_what_stays_in_its_area_goes_no_further_down() -> None:
    areas = Areas(["in", "out"], {"in": "out"})
    for stays, inside in [(False, 1), (True, 0)]:
        one = bearing_of([(0, areas.numbers["out"], 0, 1, stays)])
        assert bits_of_cells([one], areas, 1).tolist() == [[inside], [1]]


# ---------------------------------------------------------------- any world, as columns


def columns_of(facts: Facts, gaps: Rows) -> Columns:
    """The columns that a store would give for these facts."""
    groups, needs, areas = (
        Terms(tuple(sorted(ids)), np.arange(len(ids)))
        for ids in (facts.groups, facts.needs, facts.area_names)
    )
    services = {service: n for n, service in enumerate(sorted(facts.services))}
    rows = [facts.services[s] for s in services]
    gaps = [g for g in gaps if g["kind"] in gap_effects()]

    def owned(table: Mapping[str, Rows], names: Mapping[str, pa.DataType]) -> dict[str, Any]:
        found = [(services[s], row) for s in services for row in table.get(s, ())]
        columns = {n: pa.array([row[n] for _, row in found], kind) for n, kind in names.items()}
        return {"service": np.array([s for s, _ in found], np.int64), **columns}

    reaches = owned(
        {s: [r for r in facts.reaches if r["service"] == s] for s in services},
        {
            "strength": pa.string(), "condition": pa.string(),
            "only_needs": pa.list_(pa.string()), "only_areas": pa.list_(pa.string()),
        },
    )  # fmt: skip
    told = [r for s in services for r in facts.reaches if r["service"] == s]
    day, text, flag = pa.date32(), pa.string(), pa.bool_()
    paid = {"status": text, "live_from": day, "live_until": day, "begun": day, "undated": flag}
    empty = [
        n for s, n in services.items()
        if any(row["filled"] in EMPTY_POST for row in facts.dependences.get(s, ()))
    ]  # fmt: skip
    return Columns(
        groups=groups,
        needs=needs,
        areas=areas,
        broader=facts.needs,
        within=facts.within,
        homes=facts.homes,
        services={
            "place": np.arange(len(rows)),
            **{
                name: pa.array([row[name] for row in rows], kind)
                for name, kind in [
                    ("partnership", text), ("standing", text), ("opened", day), ("closed", day),
                    ("access", text), ("availability", pa.list_(text)), ("whereabouts", text),
                    ("known_on", day),
                ]
            },
            "basis": pa.array([row["proof"]["basis"] for row in rows], text),
        },
        service_needs=numbers_of([row["needs"] for row in rows], needs),
        service_areas=numbers_of([row["areas"] for row in rows], areas),
        reaches={
            **reaches,
            "term": np.array([groups.ids.index(r["term"]) for r in told], np.int64),
            "basis": pa.array([r["proof"]["basis"] for r in told], text),
        },
        awards=owned(facts.awards, paid),
        empty_posts=np.array(empty, np.int64),
        routes=owned(facts.referrals, {"status": text}),
        gaps={
            "place": np.arange(len(gaps)),
            "kind": pa.array([g["kind"] for g in gaps], text),
            "partnership": pa.array([g["partnership"] for g in gaps], text),
        },
        gap_groups=numbers_of([g["terms"] for g in gaps], groups),
        gap_needs=numbers_of([g["needs"] for g in gaps], needs),
        gap_areas=numbers_of([g["areas"] for g in gaps], areas),
    )  # fmt: skip


def numbers_of(rows: Sequence[Sequence[str]], terms: Terms) -> Lists:
    return lists_of([sorted(terms.ids.index(term) for term in row) for row in rows])


SOMEWHERE = st.lists(st.sampled_from(PLACES), max_size=2, unique=True)
BASES = st.sampled_from(["stated", "stated", "contested"])


@st.composite
def gaps_of(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return {
        "gap": f"t/gap/{number}",
        "partnership": draw(st.sampled_from(["t", "u"])),
        "name": f"gap {number}",
        "kind": draw(st.sampled_from(KINDS)),
        "terms": draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True)),
        "needs": draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True)),
        "areas": draw(SOMEWHERE),
        "proof": {"record": f"t/gap/{number}", "source": "s", "place": [], "basis": "stated"},
    }


@st.composite
def countries(draw: st.DrawFn) -> tuple[World, list[dict[str, Any]]]:
    """Worlds of several partnerships in which all that rules look at may be one way or another."""
    rows = draw(worlds())
    services = [
        {
            **one,
            "partnership": draw(st.sampled_from(["t", "t", "u", "v"])),
            "areas": draw(SOMEWHERE),
            "whereabouts": draw(st.sampled_from(["here", "outside", "wider", None])),
            "known_on": draw(st.none() | DAYS),
            "proof": {**one["proof"], "basis": draw(BASES)},
        }
        for one in rows["services"]
    ]
    reaches = [
        {
            **one,
            "strength": draw(st.sampled_from([one["strength"], "excluded"])),
            "condition": draw(st.sampled_from([None, None, "", "only in a hurry"])),
            "only_needs": draw(st.lists(st.sampled_from(NEEDS), max_size=1)),
            "only_areas": draw(SOMEWHERE),
            "proof": {**one["proof"], "basis": draw(BASES)},
        }
        for one in [*rows["reaches"], *rows["reaches"]]
    ]
    posts = [
        {**one, "filled": draw(st.sampled_from(["filled", "vacant"]))}
        for one in rows["dependences"]
    ]
    within = {HOME: OUTER, PART: HOME, DEEP: PART}
    areas = [{"area": a, "name": a, "within": within.get(a)} for a in PLACES]
    tables = {"services": services, "reaches": reaches, "dependences": posts, "areas": areas}
    return {**rows, **tables}, [draw(gaps_of(n)) for n in range(draw(st.integers(0, 3)))]


def judged(facts: Facts, gaps: Any, day: datetime.date) -> list[str]:
    """Every cell, one by one, by the rules of a partnership's own answers."""
    coverage = Coverage(facts, gaps, day)
    cells = product(sorted(facts.groups), sorted(facts.needs), sorted(facts.area_names))
    return [coverage.judge(cell).state for cell in cells]


@given(countries(), DAYS)
@settings(max_examples=150, deadline=None)
def test_any_cell_of_any_country_is_as_judged(
    made: tuple[World, list[dict[str, Any]]], day: datetime.date
) -> None:
    rows, gaps = made
    facts = read_facts(rows, HOMES, frozenset())
    expected = judged(facts, gaps, day)
    for found in (matrix_of_columns(columns_of(facts, gaps), day), matrix_of(facts, gaps, day)):
        assert [WORST_FIRST[n] for n in found.states.ravel()] == expected


# ---------------------------------------------------------------- from a store


@pytest.fixture(scope="module")
def three(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """The embedded store with three invented partnerships."""
    home = tmp_path_factory.mktemp("three")
    release = write_release(dataset_of(invented(3, seed=7), [], schema), home)
    found = EmbeddedStore(home / "store")
    found.replace(frames_of(release, schema), schema)
    yield found
    found.close()


DATES_ASKED = [datetime.date(2025, 9, 15), datetime.date(2024, 4, 1), datetime.date(2012, 9, 6)]


@pytest.mark.parametrize("day", DATES_ASKED)
def test_columns_and_rows_of_invented_partnerships_give_the_same(
    three: EmbeddedStore, day: datetime.date
) -> None:
    fast, slow = by_columns(three, day), by_rows(three, day)
    assert (fast.groups, fast.needs, fast.areas) == (slow.groups, slow.needs, slow.areas)
    assert np.array_equal(fast.states, slow.states)


@pytest.mark.parametrize("day", DATES_ASKED)
def test_columns_and_rows_of_shipped_partnerships_give_the_same(
    store: EmbeddedStore, day: datetime.date
) -> None:
    fast, slow = by_columns(store, day), by_rows(store, day)
    assert (fast.groups, fast.needs, fast.areas) == (slow.groups, slow.needs, slow.areas)
    assert np.array_equal(fast.states, slow.states)
