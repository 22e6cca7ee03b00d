"""Algorithms of the catalogue against the slow, obvious way, on Dudley's records."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from bench_pairs import Pair, whole

from graph.stores.protocol import Store
from queries.ask import ask, fact, find_question, partnerships
from queries.catalogue import catalogue
from queries.cells import Coverage
from queries.cliff import change_points
from queries.cut_sets import pairs as pairs_of_things
from queries.cut_sets import single_points_of_failure
from queries.recorded import Facts, read_facts, recorded


def pairs(store: Store) -> Iterator[Pair]:
    """The pairs of algorithms; the store holds the shipped partnerships."""
    (partnership,) = (p for p in partnerships(store) if p.slug == "dudley")
    names = find_question("resilience.pairs").facts
    rows = {name: fact(store, name, ["dudley"]) for name in names}
    things = [t for t in fact(store, "things") if t["thing"].startswith("dudley/")]
    facts = read_facts(rows, {"dudley": partnership.area}, frozenset())
    gaps = fact(store, "gaps", ["dudley"])
    day = partnership.newest
    few = [t["thing"] for t in things[:40]]
    until = day + datetime.timedelta(days=90)
    days = [day + datetime.timedelta(days=n) for n in range(91)]
    yield Pair(
        "all questions, facts kept",
        lambda: _answers(store),
        "facts read for each question",
        lambda: _answers(_Anew(store)),
        form=whole,
        rounds=3,
    )
    yield Pair(
        "single points by the fault tree",
        lambda: single_points_of_failure(things, facts, day),
        "one removal each",
        lambda: [_left_open(facts, day, frozenset({t["thing"]})) for t in things],
        at_least=20,
    )
    yield Pair(
        "all pairs by the fault tree",
        lambda: pairs_of_things(things, facts, day),
        "780 of all removals",
        lambda: [_left_open(facts, day, frozenset(two)) for two in combinations(few, 2)],
        at_least=20,
        rounds=3,
    )
    yield Pair(
        "cliff of 90 days by its change points",
        lambda: [Coverage(facts, gaps, d) for d in (day, *change_points(facts, day, until))],
        "day by day",
        lambda: [Coverage(facts, gaps, d) for d in days],
    )


class _Anew:
    """A store of which nothing is kept between questions."""

    def __init__(self, store: Store) -> None:
        self.read, self.release = store.read, store.release
        self.replace, self.close = store.replace, store.close


def _answers(store: Store) -> list[Any]:
    return [ask(store, question, slugs=["dudley"]) for question in catalogue().values()]


def _left_open(facts: Facts, day: datetime.date, lost: frozenset[str]) -> int:
    """How many cells have no help when things are lost, found by looking again."""
    before = {h.cell for h in recorded(facts, day)[0]}
    return len(before - {h.cell for h in recorded(replace(facts, lost=lost), day)[0]})
