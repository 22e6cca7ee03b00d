"""The national matrix: cell by cell what `Coverage.judge` says, and its counts."""

import datetime
import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    DAY,
    DAYS,
    GROUPS,
    HOME,
    NEEDS,
    PART,
    World,
    award,
    facts_of,
    reach,
    service,
    world,
    worlds,
)

from graph.build import dataset_of
from graph.collecting import no_circles
from graph.columns import frames_of
from graph.release import write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from graph.synth import partnerships as invented
from ontology.schema import Schema
from queries.ask import fact, partnerships
from queries.cells import WORST_FIRST, Coverage
from queries.national.matrix import NationalMatrix, matrix_of, national_matrix
from queries.recorded import Facts, read_facts

DEEP = "t/area/corner"
OUTER = "t/area/county"
FACTS = (
    "services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups",
    "needs", "gaps",
)  # fmt: skip
KINDS = ["no service", "shortage", "data"]


@pytest.fixture(scope="module")
def three(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The embedded store with three invented partnerships."""
    home = tmp_path_factory.mktemp("three")
    release = write_release(dataset_of(tuple(invented(3, seed=7)), [], schema), home)
    found = EmbeddedStore(home / "store")
    found.replace(frames_of(release, schema), schema)
    yield found
    found.close()


def told(matrix: NationalMatrix) -> dict[tuple[str, str, str], str]:
    cells = list(product(matrix.groups, matrix.needs, matrix.areas))
    return dict(zip(cells, (WORST_FIRST[n] for n in matrix.states.ravel()), strict=True))


def judged(facts: Facts, gaps: Sequence[Mapping[str, Any]], day: datetime.date) -> dict[Any, str]:
    """Every cell, one by one, by the rules of a partnership's own answers."""
    coverage = Coverage(facts, gaps, day)
    cells = product(sorted(facts.groups), sorted(facts.needs), sorted(facts.area_names))
    return {cell: coverage.judge(cell).state for cell in cells}


def judged_of(store: Store, day: datetime.date) -> dict[Any, str]:
    homes = {p.slug: p.area for p in partnerships(store)}
    rows = {name: fact(store, name, list(homes)) for name in FACTS}
    return judged(read_facts(rows, homes, frozenset()), rows["gaps"], day)


@pytest.mark.parametrize("day", [datetime.date(2012, 9, 6), datetime.date(2014, 6, 24)])
def test_every_cell_of_the_shipped_partnerships_is_as_judged(
    store: Store, day: datetime.date
) -> None:
    assert told(national_matrix(store, day)) == judged_of(store, day)


def test_both_stores_give_the_same(any_store: Store, store: Store) -> None:
    day = datetime.date(2012, 9, 6)
    assert told(national_matrix(any_store, day)) == told(national_matrix(store, day))


@pytest.mark.parametrize("day", [datetime.date(2025, 9, 15), datetime.date(2024, 4, 1)])
def test_every_cell_of_invented_partnerships_is_as_judged(three: Store, day: datetime.date) -> None:
    found = told(national_matrix(three, day))
    assert found == judged_of(three, day)
    assert set(found.values()) == set(WORST_FIRST)


# ---------------------------------------------------------------- areas within areas


def gap(number: int, kind: str, groups: list[str], needs: list[str], areas: list[str]) -> Any:
    return {
        "gap": f"t/gap/{number}",
        "partnership": "t",
        "name": f"gap {number}",
        "kind": kind,
        "terms": groups,
        "needs": needs,
        "areas": areas,
        "proof": {"record": f"t/gap/{number}", "source": "t/source/s", "place": [], "basis": "s"},
    }


def deeper(rows: World, **tables: list[Any]) -> World:
    """A world with an area around the home, and one within the part of it."""
    areas = [
        {"area": OUTER, "name": "County", "within": None},
        {"area": HOME, "name": "Home", "within": OUTER},
        {"area": PART, "name": "Part", "within": HOME},
        {"area": DEEP, "name": "Corner", "within": PART},
    ]
    return {**rows, "areas": areas, **tables}


PLACES = [OUTER, HOME, PART, DEEP]


@st.composite
def gaps(draw: st.DrawFn, number: int) -> Any:
    return gap(
        number,
        draw(st.sampled_from(KINDS)),
        draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True)),
        draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True)),
        draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True)),
    )


@st.composite
def wide_worlds(draw: st.DrawFn) -> tuple[World, list[Any]]:
    """Random worlds whose services and reaches are for any of four areas, one in another."""
    rows = draw(worlds())
    somewhere = st.lists(st.sampled_from(PLACES), max_size=2, unique=True)
    services = [
        {
            **one,
            "areas": draw(somewhere),
            "whereabouts": draw(st.sampled_from(["here", "outside"])),
            "proof": {**one["proof"], "basis": draw(st.sampled_from(["stated", "contested"]))},
        }
        for one in rows["services"]
    ]
    changed = [
        {**one, "condition": draw(st.sampled_from([None, "c"])), "only_areas": draw(somewhere)}
        for one in [*rows["reaches"], *rows["reaches"]]
    ]
    found = [draw(gaps(number)) for number in range(draw(st.integers(0, 3)))]
    return deeper(rows, services=services, reaches=changed), found


@given(wide_worlds(), DAYS)
def test_any_cell_of_any_world_is_as_judged(
    made: tuple[World, list[Any]], day: datetime.date
) -> None:
    rows, found = made
    facts = facts_of(rows)
    assert told(matrix_of(facts, found, day)) == judged(facts, found, day)


def of(rows: World, found: Sequence[Any] = ()) -> dict[str, str]:
    """The states of one group and need by the area."""
    matrix = matrix_of(facts_of(rows), found, DAY)
    return {area: matrix.state((GROUPS[0], NEEDS[0], area)) for area in matrix.areas}


def test_help_counts_for_narrower_areas_and_not_for_wider_ones() -> None:
    one = service("t/service/0", needs=[NEEDS[1]])
    rows = deeper(world(services=[one], reaches=[reach("t/reach/0", "t/service/0", GROUPS[0])]))
    assert of(rows) == {
        OUTER: "not recorded", HOME: "covered", PART: "covered", DEEP: "covered",
    }  # fmt: skip


def test_help_in_a_part_is_partial_for_the_whole_and_none_elsewhere() -> None:
    one = service("t/service/0", needs=[NEEDS[0]], areas=[DEEP])
    rows = deeper(world(services=[one], reaches=[reach("t/reach/0", "t/service/0", GROUPS[0])]))
    assert of(rows) == {
        OUTER: "not recorded", HOME: "partial", PART: "not recorded", DEEP: "covered",
    }  # fmt: skip


def test_of_one_service_what_is_said_of_the_nearest_area_counts() -> None:
    one = service("t/service/0", needs=[NEEDS[0]])
    near = reach("t/reach/1", "t/service/0", GROUPS[0], only_areas=[PART], condition="c")
    rows = world(services=[one], reaches=[reach("t/reach/0", "t/service/0", GROUPS[0]), near])
    assert of(deeper(rows)) == {
        OUTER: "not recorded", HOME: "covered", PART: "partial", DEEP: "partial",
    }  # fmt: skip


def test_a_gap_bears_on_its_area_and_narrower_ones() -> None:
    rows = deeper(world())
    missing = gap(0, "no service", GROUPS, NEEDS, [PART])
    scarce = gap(1, "shortage", GROUPS, NEEDS, [])
    silent = gap(2, "data", GROUPS, NEEDS, [OUTER])
    assert of(rows, [missing, scarce, silent]) == {
        OUTER: "not recorded",
        HOME: "insufficient",
        PART: "stated uncovered",
        DEEP: "stated uncovered",
    }


def test_money_that_ends_within_a_year_is_a_risk_to_the_last_day() -> None:
    one, reached = service("t/service/0", needs=[NEEDS[0]]), [
        reach("t/reach/0", "t/service/0", GROUPS[0])
    ]  # fmt: skip
    for last, state in [
        (datetime.date(2014, 1, 1), "at risk"),
        (datetime.date(2014, 1, 2), "covered"),
    ]:
        paid = award("t/award/0", "t/service/0", begun=datetime.date(2012, 1, 1), last=last)
        assert of(world(services=[one], reaches=reached, awards=[paid]))[HOME] == state


# ---------------------------------------------------------------- what a user gets


def test_counts_are_of_all_cells_or_of_the_areas_named(three: Store) -> None:
    matrix = national_matrix(three, datetime.date(2025, 9, 15))
    states = told(matrix)
    homes = [row["area"] for row in fact(three, "partnerships")]
    for chosen, rows in [(matrix.areas, matrix.counts()), (homes, matrix.counts(homes))]:
        assert [(r["group"], r["need"]) for r in rows] == list(product(matrix.groups, matrix.needs))
        for row in rows:
            own = Counter(states[row["group"], row["need"], area] for area in chosen)
            assert {s: row[s] for s in WORST_FIRST} == {s: own[s] for s in WORST_FIRST}
    rows = matrix.counts_by_area(homes)
    assert [row["area"] for row in rows] == sorted(homes)
    for row in rows:
        own = Counter(state for (_, _, area), state in states.items() if area == row["area"])
        assert {s: row[s] for s in WORST_FIRST} == {s: own[s] for s in WORST_FIRST}


def test_circles_are_looked_for_again_afterwards() -> None:
    assert gc.isenabled()
    with no_circles():
        assert not gc.isenabled()
        with no_circles():
            pass
        assert not gc.isenabled()
    with pytest.raises(KeyError), no_circles():
        raise KeyError
    assert gc.isenabled()
