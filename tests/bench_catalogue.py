"""Questions about one partnership in a store of many: ours, scans by hand, and SPARQL on rdflib.

A figure is the time that 95 of 100 askings stay below, each about a partnership that was not asked
about before (first), or that was (again: then its facts are kept, never its answers). The scans by
hand and SPARQL have everything in memory before the clock begins, and give ids and the columns that
decide; ours gives names, reasons and the evidence of each row besides. The clock is that of the
processor, all threads together: what else a machine does would decide what 95 of 100 stay below.
"""

import gc
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any

from bench_pairs import Figure, Pair, figure_of
from catalogue_by_hand import KINDS, QUESTIONS, Country, Found, Records, prepare, records_of
from catalogue_by_sparql import by_sparql, graph_of
from rdflib import Graph

from graph.columns import frames_of
from graph.release import Release
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema
from queries.ask import ask, find_question
from queries.reading import Reading

COUNT = 333
ASKED = 60
"""About how many partnerships each question is asked, first and again."""
BY_SPARQL = 20
"""Of how many of them there are graphs."""
TIMES = 3
"""How often whatever can be asked again is asked, of which the middle one counts."""
AT_MOST, AT_LEAST = 5, 100


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies ready before the clock begins: dicts of everybody, graphs of some."""

    country: Country
    records: dict[str, Records]
    lists: dict[str, list[dict[str, Any]]]
    graphs: dict[str, Graph]


@dataclass(frozen=True, slots=True)
class Times:
    """The milliseconds of every asking of one question, by way of asking, and if all agreed."""

    first: list[float]
    again: list[float]
    by_hand: list[float]
    by_scan: list[float]
    by_sparql: list[float]
    same: bool


def figures(home: Path, release: Release, schema: Schema) -> Iterator[Figure]:
    """The figures, question by question and then of all; `home` has a store with the release.

    There is a verdict on all of them together, at national scale.
    """
    laid = _laid(home, release, schema)
    warm, *others = sorted(laid.records)
    slugs = _some(others, ASKED)
    gc.collect()
    gc.freeze()  # What lies ready is not looked at again and again while others are measured.
    everything = Times([], [], [], [], [], same=True)
    for name in QUESTIONS:
        times = _times(name, home, warm, slugs, laid)
        everything = _both(everything, times)
        yield from _figures(name, times)
    gc.unfreeze()
    yield from _figures("all of these questions", everything, len(laid.records) >= COUNT)


def _laid(home: Path, release: Release, schema: Schema) -> Laid:
    frames = frames_of(release, schema)
    with closing(EmbeddedStore(home)) as store:
        country, records = prepare(frames, Reading(store).nation)
    lists = {kind: [row for one in records.values() for row in one.lists[kind]] for kind in KINDS}
    few = _some(_some(sorted(records)[1:], ASKED), BY_SPARQL)
    return Laid(country, records, lists, {slug: graph_of(records[slug]) for slug in few})


def _some(slugs: Sequence[str], most: int) -> list[str]:
    """So many of them, evenly from the first to the last."""
    count = min(most, len(slugs))
    return [slugs[n * len(slugs) // count] for n in range(count)]


def _times(name: str, home: Path, warm: str, slugs: Sequence[str], laid: Laid) -> Times:
    """Every way to ask in turn, a partnership at a time, in a store that nobody has asked yet."""
    asked, country = QUESTIONS[name], laid.country
    times, same = Times([], [], [], [], [], same=True), True
    with closing(EmbeddedStore(home)) as store:
        # What is the same for all partnerships of a release is read by the first asking of all.
        ask(store, find_question(name), slugs=[warm])
        for slug in slugs:
            records = laid.records[slug]

            def ours(slug: str = slug) -> Any:
                return ask(store, find_question(name), slugs=[slug])

            def by_hand(records: Records = records) -> Found:
                return asked.scan(records, country)

            def by_scan(slug: str = slug) -> Found:
                return asked.scan(records_of(slug, laid.lists, asked.kinds), country)

            def in_sparql(slug: str = slug) -> Found:
                return by_sparql(name, laid.graphs[slug], slug, country)

            answer = _timed(ours, times.first, 1)
            _timed(ours, times.again)
            found = [_timed(by_hand, times.by_hand), _timed(by_scan, times.by_scan)]
            if slug in laid.graphs:
                found.append(_timed(in_sparql, times.by_sparql))
            rows = {tuple(row[column] for column in asked.columns) for row in answer.rows}
            same = same and all(one == rows for one in found)
    return Times(times.first, times.again, times.by_hand, times.by_scan, times.by_sparql, same)


def _timed(work: Callable[[], Any], times: list[float], often: int = TIMES) -> Any:
    found, took = None, []
    for _ in range(often):
        begun = process_time()
        found = work()
        took.append((process_time() - begun) * 1000)
    times.append(statistics.median(took))
    return found


def _both(one: Times, other: Times) -> Times:
    return Times(
        one.first + other.first,
        one.again + other.again,
        one.by_hand + other.by_hand,
        one.by_scan + other.by_scan,
        one.by_sparql + other.by_sparql,
        one.same and other.same,
    )


def p95(times: Sequence[float]) -> float:
    """The time that 95 of 100 stay below, or are."""
    ordered = sorted(times)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def _figures(what: str, times: Times, judged: bool = False) -> Iterator[Figure]:
    hand, scan, sparql = (
        ("dicts by partnership, by hand", times.by_hand),
        ("dicts of the whole country, by hand", times.by_scan),
        ("SPARQL, one partnership's graph", times.by_sparql),
    )
    # Like with like: what was asked before has its facts in memory, as the dicts by partnership
    # are; what was not looks for them among those of the whole country.
    for ours, took, (against, theirs), at_most, at_least in (
        ("again", times.again, hand, AT_MOST, None),
        ("again", times.again, sparql, None, AT_LEAST),
        ("first", times.first, scan, AT_MOST, None),
        ("first", times.first, sparql, None, AT_LEAST),
    ):
        pair = Pair(f"{what}, {ours}", bool, against, bool, at_most=at_most, at_least=at_least)
        figure = figure_of(pair, p95(took), p95(theirs), times.same)
        yield figure if judged else replace(figure, target="", met=None)
