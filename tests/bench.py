"""Benchmarks: `make bench`, or `python tests/bench.py [partnerships] [--only PART …] [--off]`.

Ratios against named alternatives, measured in turn in one run, on invented partnerships (33, or as
many as asked for; national scale is 333). The table is printed, and written as JSON below var/.
`--off` measures nothing: it turns each fast path off in turn, works the same out the slow way, and
compares the bytes of both. What the figures mean, and how they grow, stands in docs/performance.md.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bench_catalogue
import bench_national
import bench_neo4j
import bench_peak
import bench_plans
import bench_questions
import bench_road
from bench_pairs import Figure, Pair, Timing, line_of, measure, turned_off

from graph.build import build_dataset, dataset_of
from graph.columns import frames_of
from graph.release import Release, write_release
from graph.sources.rows import Tables
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships
from ontology.schema import Schema, default_schema

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(p.parent for p in (ROOT / "graph" / "partnerships").glob("*/partnership.toml"))
COUNT, SEED = 33, 1
Measured = Iterable[Pair | Timing]


@dataclass(frozen=True)
class World:
    """What is measured: so many invented partnerships, made when they are first needed."""

    home: Path
    count: int
    schema: Schema

    @cached_property
    def tables(self) -> list[Tables]:
        """The tables of all partnerships."""
        return list(partnerships(self.count, SEED))

    @cached_property
    def release(self) -> Release:
        """The release of all."""
        return write_release(dataset_of(self.tables, [], self.schema), self.home / "all")

    @cached_property
    def few(self) -> Release:
        """The release of the first few, for the slowest alternatives."""
        tables = self.tables[: bench_road.FEW]
        return write_release(dataset_of(tables, [], self.schema), self.home / "few")

    @cached_property
    def store(self) -> Path:
        """The folder of a store of all."""
        return self._stored("store", self.release)

    @property
    def fewer(self) -> int:
        """A tenth of all, for how answers grow."""
        return max(self.count // 10, 1)

    @cached_property
    def small(self) -> Path:
        """The folder of a store of the fewer."""
        content = dataset_of(self.tables[: self.fewer], [], self.schema)
        return self._stored("small", write_release(content, self.home / "fewer"))

    @cached_property
    def shipped(self) -> Path:
        """The folder of a store of what ships."""
        content = build_dataset(SHIPPED, self.schema)
        return self._stored("shipped", write_release(content, self.home / "ships"))

    def _stored(self, name: str, release: Release) -> Path:
        with closing(EmbeddedStore(self.home / name)) as store:
            store.replace(frames_of(release, self.schema), self.schema)
        return self.home / name


def road(world: World) -> Measured:
    """Tables to a release, to rows, to a store."""
    yield from bench_road.pairs(world.tables, world.release, world.few, world.schema)
    yield from bench_road.loads(world.home, world.release, world.few, world.schema)


def national(world: World) -> Measured:
    """Answers over the whole country."""
    return bench_national.pairs(world.store, world.small, world.count, world.fewer)


def questions(world: World) -> Measured:
    """Algorithms of the catalogue, on Dudley's records; and what is kept between questions."""
    with closing(EmbeddedStore(world.shipped)) as store:
        yield from bench_questions.pairs(store)


def catalogue(world: World) -> Iterable[Figure]:
    """Questions about one partnership, beside scans by hand and SPARQL."""
    return bench_catalogue.figures(world.store, world.release, world.schema)


def neo4j(world: World) -> Iterable[Figure]:
    """Loading Neo4j, beside other ways to load it."""
    return bench_neo4j.figures(world.home, world.tables, world.schema)


PAIRS: Mapping[str, Callable[[World], Measured]] = {
    "road": road,
    "national": national,
    "questions": questions,
}
FIGURES: Mapping[str, Callable[[World], Iterable[Figure]]] = {
    "catalogue": catalogue,
    "neo4j": neo4j,
}
PARTS = (*PAIRS, *FIGURES, "memory", "plans")


def main() -> int:
    """Measure what is asked for, and write it down; or compare. The exit code tells of answers."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="fingerpost-bench-") as folder:
        world = World(Path(folder), asked.partnerships, default_schema())
        print(f"{world.count} invented partnerships\n", flush=True)
        if asked.off:
            return _compare(world, asked.only)
        figures = list(_measured(world, asked.only))
    told = {
        "partnerships": asked.partnerships,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [f.told() for f in figures],
        "road": bench_peak.road_of(asked.partnerships) if "memory" in asked.only else None,
        "plans": bench_plans.plans(default_schema()) if "plans" in asked.only else None,
    }
    out = ROOT / "var" / f"bench-{asked.partnerships}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {out.relative_to(ROOT)}")
    return int(any(f.same is False for f in figures))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure ratios against named alternatives.")
    parser.add_argument("partnerships", type=int, nargs="?", default=COUNT)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART",
                        help=f"which parts: {', '.join(PARTS)}")  # fmt: skip
    parser.add_argument("--off", action="store_true",
                        help="turn each fast path off, and compare the answers")  # fmt: skip
    return parser.parse_args()


def _measured(world: World, only: Iterable[str]) -> Iterator[Figure]:
    for part in only:
        found: Iterable[Figure] = ()
        if part in PAIRS:
            found = map(measure, PAIRS[part](world))
        elif part in FIGURES:
            found = FIGURES[part](world)
        for figure in found:
            print(line_of(figure), flush=True)
            yield figure


def _compare(world: World, only: Iterable[str]) -> int:
    """Say of each fast path whether the slow one gives the same; 1 where one does not."""
    differ = 0
    for part in only:
        for pair in PAIRS[part](world) if part in PAIRS else ():
            found = turned_off(pair) if isinstance(pair, Pair) else None
            if found is not None:
                print(found[0], flush=True)
                differ += not found[1]
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
