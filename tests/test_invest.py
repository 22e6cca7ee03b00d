"""Options compared within a budget: exact against every choice there is, and told in full."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.asked import QuestionError
from queries.invest import (
    JUDGEMENTS,
    OPEN_STATES,
    OPTION_COLUMNS,
    Choice,
    Comparison,
    Group,
    OpenCell,
    Option,
    Share,
    Situation,
    compare_options,
    options_compared,
    read_options,
    read_weights,
)
from queries.recorded import UNSPECIFIED
from queries.tables import Line

HERE = "t/area/home"
GROUPS = [f"t/client-group/{n}" for n in range(4)]
KINDS = [("sex",), ("race", "sex"), (), ("disability",)]
NAMES = "abcdefgh"


def option(name: str, cost: int, requires: str = "", excludes: str = "") -> Option:
    return Option(name, name, cost, tuple(requires), tuple(excludes), Line("o.csv", 2, {}))


def cell(group: int, need: str, closers: str = "", weight: str = "1") -> OpenCell:
    where = (GROUPS[group], f"t/need/{need}", HERE)
    closed = frozenset(closers)
    return OpenCell(where, GROUPS[group], need, "Home", "partial", Decimal(weight), closed, ())


def situation(cells: Iterable[OpenCell], without_help: Iterable[int] = ()) -> Situation:
    groups = {g: Group(g, g, kinds) for g, kinds in zip(GROUPS, KINDS, strict=True)}
    nothing = frozenset(GROUPS[n] for n in without_help)
    return Situation(tuple(sorted(cells, key=lambda c: c.id)), groups, nothing)


def ids(choice: Choice | None) -> str | None:
    return None if choice is None else "".join(o.id for o in choice.options)


# ---------------------------------------------------------------- against every choice


def allowed(options: Sequence[Option], chosen: frozenset[str], budget: int) -> bool:
    return sum(o.cost for o in options if o.id in chosen) <= budget and all(
        set(o.requires) <= chosen and not set(o.excludes) & chosen
        for o in options
        if o.id in chosen
    )


def subsets(options: Sequence[Option]) -> list[frozenset[str]]:
    names = [o.id for o in options]
    return [frozenset(c) for n in range(len(names) + 1) for c in combinations(names, n)]


def closed_groups(now: Situation, chosen: frozenset[str]) -> set[str]:
    return {c.id[0] for c in now.cells if c.closed_by & chosen}


def brute(
    now: Situation, options: Sequence[Option], budget: int, required: set[str]
) -> list[frozenset[str]]:
    """Every choice that may be made, the best first."""
    costs = {o.id: o.cost for o in options}

    def rank(chosen: frozenset[str]) -> tuple[Decimal, int, int, list[str]]:
        worth = sum((c.weight for c in now.cells if c.closed_by & chosen), Decimal(0))
        return -worth, sum(costs[o] for o in chosen), len(chosen), sorted(chosen)

    return sorted(
        (
            chosen
            for chosen in subsets(options)
            if allowed(options, chosen, budget) and required <= closed_groups(now, chosen)
        ),
        key=rank,
    )


@st.composite
def problems(draw: st.DrawFn) -> tuple[Situation, list[Option], int]:
    names = NAMES[: draw(st.integers(0, 8))]
    costs = st.sampled_from([0, 1, 3, 999_999, 1_000_000, 1_000_001]) | st.integers(0, 40)
    others = st.sets(st.sampled_from(names), max_size=1) if names else st.just(set())
    options = []
    for name in names:
        needed, barred = draw(others) - {name}, draw(others) - {name}
        options.append(option(name, draw(costs), "".join(needed), "".join(barred - needed)))
    closers = st.text(alphabet=names, max_size=3) if names else st.just("")
    weights = st.sampled_from(["0", "0.01", "1", "1", "2.5", "100"])
    cells = [
        cell(draw(st.integers(0, 3)), str(n), draw(closers), draw(weights))
        for n in range(draw(st.integers(0, 8)))
    ]
    now = situation(cells, draw(st.sets(st.integers(0, 3))))
    most = sum(o.cost for o in options)
    return now, options, draw(st.integers(0, most) | st.sampled_from([10, 1_000_000]))


@settings(max_examples=80)
@given(problems())
def test_every_choice_there_is_agrees(given_: tuple[Situation, list[Option], int]) -> None:
    now, options, budget = given_
    told = compare_options(now, options, budget, allow_nothing=True)
    choices = brute(now, options, budget, set())
    assert told.chosen is not None
    assert frozenset(o.id for o in told.chosen.options) == choices[0]
    without = [c for c in choices if not choices[0] <= c]
    assert ids(told.runner_up) == ("".join(sorted(without[0])) if without else None)
    assert told.conflict == () and told.least is None


@settings(max_examples=80)
@given(problems())
def test_no_group_that_can_be_helped_is_left_with_nothing(
    given_: tuple[Situation, list[Option], int],
) -> None:
    now, options, budget = given_
    told = compare_options(now, options, budget)
    free = brute(now, options, budget, set())
    in_need = {c.id[0] for c in now.cells} & now.without_help
    within = {g for g in in_need if any(g in closed_groups(now, c) for c in free)}
    assert {g.id for g in told.out_of_reach} == in_need - within
    choices = brute(now, options, budget, within)
    if choices:
        assert told.chosen is not None and told.conflict == ()
        assert frozenset(o.id for o in told.chosen.options) == choices[0]
        assert {g.id for g in told.chosen.left_with_nothing} == in_need - within
        return
    assert told.chosen is None and told.runner_up is None
    clash = {g.id for g in told.conflict}
    assert clash <= within and not brute(now, options, budget, clash)
    for one in clash:
        assert brute(now, options, budget, clash - {one})
    dearer = brute(now, options, sum(o.cost for o in options), within)
    costs = [sum(o.cost for o in options if o.id in c) for c in dearer]
    assert told.least == (min(costs) if costs else None)


@settings(max_examples=60)
@given(problems(), st.integers(0, 50))
def test_more_money_never_closes_less(
    given_: tuple[Situation, list[Option], int], more: int
) -> None:
    now, options, budget = given_
    less = compare_options(now, options, budget, allow_nothing=True).chosen
    rich = compare_options(now, options, budget + more, allow_nothing=True).chosen
    assert less is not None and rich is not None
    assert rich.weight_closed >= less.weight_closed


@settings(max_examples=60)
@given(problems())
def test_all_is_counted_once(given_: tuple[Situation, list[Option], int]) -> None:
    now, options, budget = given_
    chosen = compare_options(now, options, budget, allow_nothing=True).chosen
    assert chosen is not None and chosen.cost <= budget
    assert sorted([*chosen.closed, *chosen.open], key=lambda c: c.id) == list(now.cells)
    assert chosen.weight_closed + chosen.weight_open == sum(c.weight for c in now.cells)
    for share in chosen.by_characteristic:
        mine = [
            c
            for c in now.cells
            if share.characteristic in (now.groups[c.id[0]].characteristics or (None,))
        ]
        assert share.cells_closed + share.cells_open == len(mine)
        assert share.weight_closed + share.weight_open == sum(c.weight for c in mine)


# ---------------------------------------------------------------- by hand


def test_the_cheapest_of_equals_then_the_fewest_then_the_earliest() -> None:
    now = situation([cell(0, "x", "abc"), cell(0, "y", "abc")])
    dear, cheap = option("a", 5), option("b", 4)
    assert ids(compare_options(now, [dear, cheap, option("c", 6)], 9).chosen) == "b"
    free = [option("a", 0), option("b", 0), option("c", 0)]
    assert ids(compare_options(now, free, 9).chosen) == "a"
    parts = situation([cell(0, "x", "ab"), cell(0, "y", "ac")])
    halves = [option("a", 8), option("b", 4), option("c", 4)]
    assert ids(compare_options(parts, halves, 9).chosen) == "a"


def test_a_pound_too_little_is_too_little() -> None:
    """A solver's tolerance is a millionth: of a million pounds that is one."""
    now = situation([cell(0, "x", "a"), cell(0, "y", "b")])
    both = [option("a", 999_999), option("b", 2)]
    assert ids(compare_options(now, both, 1_000_001).chosen) == "ab"
    told = compare_options(now, both, 1_000_000)
    assert ids(told.chosen) == "b" and ids(told.runner_up) == "a"


def test_an_option_brings_what_it_requires_and_bars_what_it_excludes() -> None:
    now = situation([cell(0, "x", "a", "3"), cell(0, "y", "b"), cell(0, "z", "c")])
    options = [option("a", 5, requires="b"), option("b", 5, excludes="c"), option("c", 1)]
    assert ids(compare_options(now, options, 10).chosen) == "ab"
    assert ids(compare_options(now, options, 9).chosen) == "c"


def test_a_weight_decides_and_no_one_is_left_with_nothing() -> None:
    now = situation([cell(0, "x", "a", "9"), cell(1, "x", "b")], without_help=[1])
    options = [option("a", 10), option("b", 10)]
    told = compare_options(now, options, 10)
    assert ids(told.chosen) == "b" and told.chosen is not None
    assert told.chosen.left_with_nothing == ()
    knowingly = compare_options(now, options, 10, allow_nothing=True).chosen
    assert ids(knowingly) == "a" and knowingly is not None
    assert [g.id for g in knowingly.left_with_nothing] == [GROUPS[1]]


def test_groups_that_cannot_all_be_helped_are_named_with_what_it_would_cost() -> None:
    now = situation([cell(n, "x", NAMES[n]) for n in range(4)], without_help=[0, 1, 3])
    options = [option("a", 6), option("b", 6), option("c", 1), option("d", 100)]
    told = compare_options(now, options, 10)
    assert told.chosen is None
    assert [g.id for g in told.conflict] == GROUPS[:2]
    assert [g.id for g in told.out_of_reach] == [GROUPS[3]]
    assert told.least == 12
    assert ids(compare_options(now, options, 13).chosen) == "abc"


def test_groups_whose_options_exclude_each_other_cannot_be_bought_together() -> None:
    now = situation([cell(0, "x", "a"), cell(1, "x", "b")], without_help=[0, 1])
    told = compare_options(now, [option("a", 1, excludes="b"), option("b", 1)], 10)
    assert told.chosen is None and told.least is None
    assert [g.id for g in told.conflict] == GROUPS[:2]


def test_who_gains_and_who_does_not_by_characteristic() -> None:
    now = situation([cell(0, "x", "a", "2"), cell(1, "x", "b"), cell(2, "x", "a")])
    told = compare_options(now, [option("a", 1), option("b", 9)], 5)
    assert told.chosen is not None
    one, two, none = Decimal(1), Decimal(2), Decimal(0)
    assert told.chosen.by_characteristic == (
        Share("disability", 0, 0, none, none),
        Share("race", 0, 1, none, one),
        Share("sex", 1, 1, two, one),
        Share(None, 1, 0, one, none),
    )
    assert told.note == JUDGEMENTS and "judgements" in told.note


def test_nothing_to_choose_from_chooses_nothing() -> None:
    told = compare_options(situation([cell(0, "x")], without_help=[0]), [], 10)
    assert ids(told.chosen) == "" and told.runner_up is None
    assert [g.id for g in told.out_of_reach] == [GROUPS[0]]


# ---------------------------------------------------------------- the tables


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def options_file(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "options.csv", ",".join(OPTION_COLUMNS), *lines)


def test_options_are_read_by_id_and_costs_as_people_write_them(tmp_path: Path) -> None:
    path = options_file(
        tmp_path,
        'later,Later,"£25,000",Male victims,Safe accommodation,,first,',
        "first,First,900,Male victims,Safe accommodation,,,",
    )
    first, later = read_options(path)
    assert (first.id, first.cost, later.id, later.cost) == ("first", 900, "later", 25_000)
    assert later.requires == ("first",)


def test_every_problem_of_options_is_told_at_once(tmp_path: Path) -> None:
    path = options_file(
        tmp_path,
        "A b,,12.50,men,home,,,",
        "one,One,,,,,one,two",
        "two,Two,-5,men,home,,one,one; nine",
        "two,Two,5,men,home,,,",
    )
    with pytest.raises(InputError) as raised:
        read_options(path)
    found = {(p.row, p.column) for p in raised.value.problems}
    assert found == {
        (2, "option"),
        (2, "name"),
        (2, "cost"),
        (3, "cost"),
        (3, "groups"),
        (3, "needs"),
        (3, "requires"),
        (4, "option"),
        (4, "cost"),
        (4, "excludes"),
        (5, "option"),
    }
    assert 'options.csv, row 2, column "cost" has "12.50"; expected whole pounds' in str(
        raised.value
    )


def test_every_problem_of_weights_is_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "weights.csv",
        "group,need,weight",
        "men,,101",
        ",,-1",
        "men; women,,2",
        ",home,0.001",
        ",home,",
        "men,,99.5",
    )
    with pytest.raises(InputError) as raised:
        read_weights(path)
    found = {(p.row, p.column) for p in raised.value.problems}
    assert found == {(2, "weight"), (3, "weight"), (4, "group"), (5, "weight"), (6, "weight")}


# ---------------------------------------------------------------- from a store


PLAN = (
    "deaf,Counselling in British Sign Language,20000,Deaf victims,Counselling and therapy,,,",
    "men,Somebody to ring for men,30000,Male victims,Information and a way in,,,",
    "ostwold,A surveyor,15000,Victims of domestic abuse,Safety to stay at home,ostwold,,",
    "travellers,A worker,40000,Travelling community,Emotional and practical support,,,",
)


def compared(
    store: Store, tmp_path: Path, budget: int, *weights: str, plan: Sequence[str] = PLAN
) -> Comparison:
    options = read_options(options_file(tmp_path, *plan))
    table = write(tmp_path / "weights.csv", "group,need,weight", *weights)
    return options_compared(store, "example", options, read_weights(table), budget)


def test_the_open_cells_are_those_of_the_answers_about_coverage(
    store: Store, tmp_path: Path
) -> None:
    told = compared(store, tmp_path, 0)
    expected = {
        (r["group"], r["need"], r["area"])
        for name in ("coverage.uncovered", "coverage.limited")
        for r in ask(store, find_question(name), slugs=["example"]).rows
        if r["state"] in OPEN_STATES and r["section"] != "never named here"
    }
    assert {c.id for c in told.cells} == expected
    assert all(c.evidence for c in told.cells)


def test_an_option_closes_what_help_like_it_would(any_store: Store, tmp_path: Path) -> None:
    told = compared(any_store, tmp_path, 105_000)
    assert told.chosen is not None
    closes = {(c.id[0], c.id[1], c.id[2], o) for c in told.cells for o in c.closed_by}
    deaf, travellers = "shared/client-group/deaf", "shared/client-group/travellers"
    assert (deaf, "shared/need/therapy", "example/area/eastmarch", "deaf") in closes
    # The source says that Travellers are not reached, and names no need.
    assert (travellers, UNSPECIFIED, "example/area/eastmarch", "travellers") in closes
    assert {a for _, _, a, o in closes if o == "ostwold"} == {"example/area/ostwold"}
    assert ids(told.chosen) == "deafmenostwoldtravellers"
    assert told.chosen.cost == 105_000


def test_weights_are_seen_and_change_what_comes_first(store: Store, tmp_path: Path) -> None:
    plan = PLAN[:2]
    even = compared(store, tmp_path, 30_000, plan=plan)
    heavy = compared(
        store, tmp_path, 30_000, "Deaf victims,,5", ",Information and a way in,2", plan=plan
    )
    assert {c.weight for c in even.cells} == {Decimal(1)}
    weights = {
        (c.id[0].rsplit("/", 1)[-1], c.id[1].rsplit("/", 1)[-1]): c.weight for c in heavy.cells
    }
    assert weights["deaf", "therapy"] == 5
    assert weights["men", "information"] == 2
    assert ids(heavy.chosen) == "deaf"


def test_names_that_do_not_exist_are_told_with_their_row(store: Store, tmp_path: Path) -> None:
    plan = ("x,X,1,Deaf victim,Counselling,nowhere,,",)
    with pytest.raises(InputError) as raised:
        compared(store, tmp_path, 1, "Nobody,,2", "Deaf victims,,1", "Deaf victims,,2", plan=plan)
    found = {(p.file, p.row, p.column) for p in raised.value.problems}
    assert found == {
        ("options.csv", 2, "groups"),
        ("options.csv", 2, "needs"),
        ("options.csv", 2, "areas"),
        ("weights.csv", 2, "group"),
        ("weights.csv", 4, "group"),
    }
    assert 'Did you mean "Deaf victims"?' in str(raised.value)


def test_a_partnership_that_does_not_exist_is_told(store: Store) -> None:
    with pytest.raises(QuestionError, match="no partnership"):
        options_compared(store, "exampel", [], [], 0)


def test_nothing_is_called_a_score() -> None:
    text = (Path(__file__).parent.parent / "queries" / "invest.py").read_text(encoding="utf-8")
    assert "score" not in text.lower()


def test_a_group_shares_the_characteristics_of_the_wider_ones(store: Store, tmp_path: Path) -> None:
    """Dudley's own groups have none of their own: two of them fall under disabled victims."""
    table = tmp_path / "options.csv"
    table.write_text("option,name,cost,groups,needs\nnone,Nothing,1,Female refugees,Health care\n")
    compared = options_compared(store, "dudley", read_options(table), (), 0, allow_nothing=True)
    assert compared.chosen is not None
    (share,) = [s for s in compared.chosen.by_characteristic if s.characteristic == "disability"]
    assert share.cells_open == 3
