"""Benchmarks: `make bench`, or `python tests/bench.py [partnerships]`.

Ratios against named alternatives, measured in turn in one run, on invented partnerships (33, or as
many as asked for; national scale is 333). The table is printed, and written as JSON below var/.
What the figures mean, and how they grow, stands in docs/performance.md.
"""

import json
import platform
import resource
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import bench_plans
import bench_questions
import bench_road
from bench_pairs import Figure, measure

from graph.build import build_dataset, dataset_of
from graph.columns import frames_of
from graph.release import write_release
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships
from ontology.schema import Schema, default_schema

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(p.parent for p in (ROOT / "graph" / "partnerships").glob("*/partnership.toml"))
COUNT, SEED = 33, 1


def main(count: int) -> None:
    """Measure every pair, print each as it comes, and write all as JSON below var/."""
    schema = default_schema()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        figures = [*_road(home, count, schema), *_questions(home / "shipped", schema)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\nmemory at most {peak:.1f} GB, with all that the alternatives took")
    plans = bench_plans.plans(schema)
    out = ROOT / "var" / f"bench-{count}.json"
    out.parent.mkdir(exist_ok=True)
    told = {
        "partnerships": count,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [f.told() for f in figures],
        "plans": plans,
    }
    out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {out.relative_to(ROOT)}")


def _road(home: Path, count: int, schema: Schema) -> Iterator[Figure]:
    tables = list(partnerships(count, SEED))
    release = write_release(dataset_of(tables, [], schema), home / "all")
    few = write_release(dataset_of(tables[: bench_road.FEW], [], schema), home / "few")
    frames = frames_of(release, schema)
    print(
        f"{count} invented partnerships: {frames.node_count:,} nodes, {frames.edge_count:,} "
        f"relationships, {release.path.stat().st_size / 1e6:,.0f} MB of N-Quads\n"
    )
    del frames
    yield from _measured(bench_road.pairs(home, tables, release, few, schema))
    del tables
    yield from _measured(bench_road.loads(home, release, few, schema))
    _say_opening(home, schema)


def _questions(home: Path, schema: Schema) -> Iterator[Figure]:
    release = write_release(build_dataset(SHIPPED, schema), home)
    with closing(EmbeddedStore(home)) as store:
        store.replace(frames_of(release, schema), schema)
        yield from _measured(bench_questions.pairs(store))


def _measured(pairs: Iterable[bench_road.Pair]) -> Iterator[Figure]:
    for pair in pairs:
        figure = measure(pair)
        verdict = {None: "", True: "met", False: "NOT MET"}[figure.met]
        equal = {None: "", True: "equal", False: "NOT EQUAL"}[figure.same]
        print(
            f"{figure.what:38} {figure.ms:10,.1f} ms   {figure.against:38} "
            f"{figure.against_ms:12,.1f} ms {figure.ratio:8.2f} ×  {figure.target:24} "
            f"{verdict:8} {equal}",
            flush=True,
        )
        yield figure


def _say_opening(home: Path, schema: Schema) -> None:
    """How long it takes to open a built store and to count something in it."""
    times = []
    for _ in range(9):
        begun = perf_counter()
        with closing(EmbeddedStore(home / "columns")) as store:
            store.read("MATCH (s:Service) RETURN count(s) AS found ORDER BY found", {})
        times.append((perf_counter() - begun) * 1000)
    print(f"{'opening a built store, one answer':38} {sorted(times)[4]:10,.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
