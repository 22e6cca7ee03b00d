"""Benchmarks: `make bench`. Ratios against named alternatives, measured in turn in one run.

Nothing is asserted: machines differ and are noisy, and a ratio of medians is what travels. The
shipped partnerships are copied under other names until there is something to measure.
"""

import datetime
import json
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import perf_counter

import ladybug
import pyoxigraph as ox
from rdflib import Dataset

from graph.build import build_dataset
from graph.frames import frames_of_graph
from graph.imports.plan.draft import read_plan
from graph.imports.plan.measure import measure
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.sources.folder import read_folder
from graph.stores.embedded import EmbeddedStore, ddl
from ontology.schema import Schema, default_schema
from queries.ask import fact, find_question, partnerships
from queries.cells import Coverage
from queries.cliff import change_points
from queries.cut_sets import pairs, single_points_of_failure
from queries.recorded import Facts, read_facts, recorded

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(p.parent for p in (ROOT / "graph" / "partnerships").glob("*/partnership.toml"))
SEEDS = ROOT.parent / "shared" / "seeds"
DOCUMENTS = {"slough": "000", "dudley": "002", "luton": "003", "southend": "004"}
COPIES = 4
ROUNDS = 5


def main() -> None:
    """Measure every pair, print the table, and write it as JSON below var/."""
    schema = default_schema()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        release = _release(home, schema)
        graph = read_graph(release, schema)
        figures = [
            _pair(
                "release to rows",
                lambda: read_graph(release, schema),
                "parse alone (pyoxigraph)",
                lambda: _parse(release),
            ),
            _pair(
                "parse of a release by rdflib",
                lambda: Dataset().parse(release.path, format="nquads"),
                "release to rows (ours)",
                lambda: read_graph(release, schema),
            ),
            _pair(
                "load row by row (UNWIND of one)",
                lambda: _load_by_rows(home, graph, schema),
                "load by columns (ours)",
                lambda: _load(home, graph, schema),
            ),
            *_questions(home, graph, schema),
        ]
    print(f"{len(graph.nodes)} nodes, {len(graph.edges)} relationships, medians of {ROUNDS}\n")
    print(f"{'what':34} {'ms':>8}   {'against':34} {'ms':>8} {'ratio':>7}")
    for f in figures:
        print(
            f"{f['what']:34} {f['ms']:8.1f}   {f['against']:34} {f['against_ms']:8.1f} "
            f"{f['ratio']:7.2f}"
        )
    plans = _plans(schema)
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"ratios": figures, "plans": plans}, indent=2) + "\n")
    print(f"\nwritten to {out.relative_to(ROOT)}")


def _plans(schema: Schema) -> list[dict[str, str | float]]:
    """How much of the hand-made tables the reader of plans finds in the documents themselves."""
    if not SEEDS.exists():
        print("\nno documents beside the project: plans are not measured")
        return []
    found: list[dict[str, str | float]] = []
    print(f"\n{'plan, read without known names':34} {'what':>10} {'precision':>10} {'recall':>8}")
    for slug, number in DOCUMENTS.items():
        (path,) = SEEDS.glob(f"{number}_*")
        tables, _ = read_folder(ROOT / "graph" / "partnerships" / slug, schema)
        for figure in measure(read_plan(path, slug, schema), tables):
            print(f"{slug:34} {figure.what:>10} {figure.precision:10.2f} {figure.recall:8.2f}")
            found.append(
                {
                    "plan": slug,
                    "what": figure.what,
                    "precision": figure.precision,
                    "recall": figure.recall,
                }
            )
    return found


def _release(home: Path, schema: Schema) -> Release:
    folders = []
    for number in range(COPIES):
        for shipped in SHIPPED:
            folder = home / "tables" / f"{shipped.name}-{number}"
            shutil.copytree(shipped, folder)
            folders.append(folder)
    return write_release(build_dataset(folders, schema), home)


def _parse(release: Release) -> None:
    for _ in ox.parse(release.path.read_bytes(), format=ox.RdfFormat.N_QUADS):
        pass


def _load(home: Path, graph: PropertyGraph, schema: Schema) -> None:
    folder = home / "columns"
    shutil.rmtree(folder, ignore_errors=True)
    store = EmbeddedStore(folder)
    store.replace(frames_of_graph(graph, schema), schema)
    store.close()


def _load_by_rows(home: Path, graph: PropertyGraph, schema: Schema) -> None:
    path = home / "rows.lbug"
    for part in home.glob("rows.lbug*"):
        part.unlink()
    database = ladybug.Database(path)
    connection = ladybug.Connection(database)
    for statement in ddl(schema):
        connection.execute(statement)
    for node in graph.nodes:
        row = {"id": node.id, "partnership": node.properties["partnership"]}
        connection.execute(
            f"UNWIND $rows AS row CREATE (n:`{node.label}` "
            "{id: row.id, partnership: row.partnership})",
            {"rows": [row]},
        )
    for edge in graph.edges:
        connection.execute(
            f"UNWIND $rows AS row MATCH (a:`{edge.start[0]}`) WHERE a.id = row.start "
            f"MATCH (b:`{edge.end[0]}`) WHERE b.id = row.finish CREATE (a)-[:`{edge.type}`]->(b)",
            {"rows": [{"start": edge.start[1], "finish": edge.end[1]}]},
        )
    connection.close()
    database.close()


def _questions(
    home: Path, graph: PropertyGraph, schema: Schema
) -> Iterator[dict[str, str | float]]:
    """Algorithms of the catalogue against the slow, obvious way, on Dudley's records."""
    _load(home, graph, schema)
    with closing(EmbeddedStore(home / "columns")) as store:
        slug = next(p.slug for p in partnerships(store) if p.slug.startswith("dudley"))
        (partnership,) = (p for p in partnerships(store) if p.slug == slug)
        names = find_question("resilience.pairs").facts
        rows = {name: fact(store, name, [slug]) for name in names}
        things = [t for t in fact(store, "things") if t["thing"].startswith(f"{slug}/")]
        facts = read_facts(rows, {slug: partnership.area}, frozenset())
        gaps = fact(store, "gaps", [slug])
    day = partnership.newest
    yield _pair(
        "single points, one removal each",
        lambda: [_left_open(facts, day, frozenset({t["thing"]})) for t in things],
        "by the fault tree (ours)",
        lambda: single_points_of_failure(things, facts, day),
    )
    few = [t["thing"] for t in things[:40]]
    yield _pair(
        "pairs, 780 of all removals",
        lambda: [_left_open(facts, day, frozenset(two)) for two in combinations(few, 2)],
        "all pairs by the fault tree (ours)",
        lambda: pairs(things, facts, day),
    )
    until = day + datetime.timedelta(days=90)
    days = [day + datetime.timedelta(days=n) for n in range(91)]
    yield _pair(
        "cliff, 90 days one by one",
        lambda: [Coverage(facts, gaps, d) for d in days],
        "by its change points (ours)",
        lambda: [Coverage(facts, gaps, d) for d in (day, *change_points(facts, day, until))],
    )


def _left_open(facts: Facts, day: datetime.date, lost: frozenset[str]) -> int:
    """How many cells have no help when things are lost, found by looking again."""
    before = {h.cell for h in recorded(facts, day)[0]}
    return len(before - {h.cell for h in recorded(replace(facts, lost=lost), day)[0]})


def _pair(
    what: str, first: Callable[[], object], against: str, second: Callable[[], object]
) -> dict[str, str | float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for kept, run in zip(times, (first, second), strict=True):
            started = perf_counter()
            run()
            kept.append((perf_counter() - started) * 1000)
    ours, theirs = (statistics.median(t) for t in times)
    return {
        "what": what,
        "ms": ours,
        "against": against,
        "against_ms": theirs,
        "ratio": ours / theirs,
    }


if __name__ == "__main__":
    main()
