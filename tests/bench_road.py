"""The road from tables to a store, each step against the slow, obvious way beside it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import ladybug
import pyoxigraph as ox
from bench_pairs import Pair, Timing, whole
from by_pyshacl import validate
from rdflib import RDFS, Dataset, Graph
from slow_build import content_by_rdflib

from graph.build import dataset_of
from graph.columns import frames_of
from graph.frames import Frames, frames_of_graph
from graph.release import Release, read_graph, write_release
from graph.sources.rows import Tables
from graph.stores.embedded import EmbeddedStore, ddl
from ontology.columns import read_columns
from ontology.schema import Schema, ontology
from ontology.violations import Violation, in_blocks, kinds_of, violations, violations_among

FEW, SOME = 3, 9
"""How many partnerships the slowest alternatives are given, and slow ones."""
_ASKED = "MATCH (s:Service) RETURN count(s) AS found ORDER BY found"


def pairs(
    tables: Sequence[Tables], release: Release, few: Release, schema: Schema
) -> Iterator[Pair]:
    """The pairs of the road: `release` is that of all tables, `few` that of the first ones."""
    part = tables[:SOME]
    yield Pair(
        "tables to a release, checked",
        lambda: dataset_of(tables, [], schema),
        f"an rdflib Dataset, unchecked (share of {len(part)})",
        lambda: content_by_rdflib(part, schema),
        at_least=10,
        scale=len(tables) / len(part),
        rounds=3,
    )
    yield Pair(
        "tables to a release, checked",
        lambda: dataset_of(tables, [], schema),
        "through an rdflib Dataset, then pyshacl",
        lambda: _checked(content_by_rdflib(tables[:FEW], schema)),
        at_least=10,
        scale=len(tables) / FEW,
        rounds=1,
    )
    yield Pair(
        "tables to a release, few",
        lambda: b"".join(dataset_of(tables[:FEW], [], schema)),
        "through an rdflib Dataset, unchecked",
        lambda: content_by_rdflib(tables[:FEW], schema),
        form=whole,
        rounds=1,
    )
    yield Pair(
        "release to rows",
        lambda: frames_of(release, schema),
        "a bare parse (pyoxigraph)",
        lambda: _parsed(release),
        at_most=2.5,
    )
    yield Pair(
        "release to rows, few",
        lambda: frames_of(few, schema),
        "a parse by rdflib",
        lambda: Dataset().parse(few.path, format="nquads"),
        at_least=10,
        rounds=3,
    )
    yield Pair(
        "release to rows, few partnerships",
        lambda: frames_of(few, schema),
        "record by record (slow path)",
        lambda: frames_of_graph(read_graph(few, schema), schema),
        form=_tables,
        rounds=3,
    )
    lines = release.path.read_text(encoding="utf-8").split("\n")[:-1]
    kinds = kinds_of(lines)
    blocks = [read_columns(block) for block in in_blocks(lines)]
    yield Pair(
        "checking a release, columns read",
        lambda: [violations_among(block, kinds) for block in blocks],
        "a bare parse (pyoxigraph)",
        lambda: _parsed(release),
        at_most=1,
    )
    some = few.path.read_text(encoding="utf-8").split("\n")[:-1]
    yield Pair(
        "checking few partnerships, from lines",
        lambda: violations(some),
        "pyshacl",
        lambda: validate(_graph(some)),
        at_least=50,
        form=whole,
        rounds=1,
    )
    broken = [line for at, line in enumerate(some) if at % 97]
    yield Pair(
        "checking few, each 97th line gone",
        lambda: violations(broken),
        "pyshacl",
        lambda: validate(_graph(broken)),
        form=_findings,
        rounds=1,
    )


def loads(home: Path, release: Release, few: Release, schema: Schema) -> Iterator[Pair | Timing]:
    """The pairs of loading the embedded store."""
    frames, part = frames_of(release, schema), frames_of(few, schema)
    yield Pair(
        "load, embedded: COPY from columns",
        lambda: _loaded(home / "columns", frames, schema),
        "UNWIND, a row at a time",
        lambda: _loaded_by_rows(home, part, schema),
        at_least=15,
        scale=_size(frames) / _size(part),
        rounds=3,
    )
    yield from _following(home, release, frames, schema)
    yield Pair(
        "triples to the first answer, embedded",
        lambda: _first_answer(home / "first", release, schema),
        "a bare parse and COPY",
        lambda: (_parsed(release), _loaded(home / "columns", frames, schema)),
        at_most=1.8,
        rounds=3,
    )


def _following(
    home: Path, release: Release, frames: Frames, schema: Schema
) -> Iterator[Pair | Timing]:
    """What a change in one partnership costs: rows, and the embedded store, which is built anew."""
    after = _changed(release, home / "after")
    yield Pair(
        "rows after one partnership changed",
        lambda: frames_of(after, schema, frames),
        "all rows read",
        lambda: frames_of(after, schema),
        form=_tables,
        rounds=3,
    )
    yield Pair(
        "embedded, after one partnership changed",
        lambda: _loaded(home / "columns", frames_of(after, schema, frames), schema),
        "a first load",
        lambda: _loaded(home / "columns", frames_of(after, schema), schema),
        rounds=3,
    )
    yield Timing(
        "opening a built store, one answer",
        lambda: _opened(home / "columns"),
        60,
        rounds=9,
        after=EmbeddedStore.close,
    )


def _changed(release: Release, home: Path) -> Release:
    """The release with the first service of the partnership in the middle called otherwise."""
    lines = release.path.read_text(encoding="utf-8").split("\n")
    name = " <https://fingerpost.example/ontology#name> "
    of_services = [at for at, line in enumerate(lines) if "/service/" in line and name in line]
    at = of_services[len(of_services) // 2]
    before, _, after = lines[at].partition('"')
    lines[at] = f'{before}"Another {after}'
    return write_release("\n".join(lines).encode(), home)


def _opened(folder: Path) -> EmbeddedStore:
    """A store that was opened and has answered."""
    store = EmbeddedStore(folder)
    store.read(_ASKED, {})
    return store


def _parsed(release: Release) -> None:
    for _ in ox.parse(release.path.read_bytes(), format=ox.RdfFormat.N_QUADS):
        pass


def _graph(lines: Sequence[str]) -> Graph:
    """Lines as pyshacl takes them: with the subclasses that the shapes speak of."""
    text = "\n".join(f"{line[: line.rindex(' <')]} ." for line in lines)
    found = Graph().parse(data=text, format="nt")
    for triple in ontology().triples((None, RDFS.subClassOf, None)):
        found.add(triple)
    return found


def _checked(content: bytes) -> object:
    return validate(_graph(content.decode().split("\n")[:-1]))


def _findings(found: Sequence[Violation]) -> list[tuple[object, ...]]:
    """What is found, without the words, which are ours."""
    return [(v.focus, v.path, v.component, v.value, v.severity) for v in found]


def _tables(frames: Frames) -> tuple[object, object]:
    """What two roads to the rows of a release must give alike; digests are each road's own."""
    return frames.nodes, frames.edges


def _size(frames: Frames) -> int:
    tables = [*frames.nodes.values(), *frames.edges.values()]
    return sum(len(table) for table in tables)


def _loaded(folder: Path, frames: Frames, schema: Schema) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with closing(EmbeddedStore(folder)) as store:
        store.replace(frames, schema)


def _first_answer(folder: Path, release: Release, schema: Schema) -> object:
    shutil.rmtree(folder, ignore_errors=True)
    with closing(EmbeddedStore(folder)) as store:
        store.replace(frames_of(release, schema), schema)
        return store.read(_ASKED, {})


def _loaded_by_rows(home: Path, frames: Frames, schema: Schema) -> None:
    path = home / "rows.lbug"
    for part in home.glob("rows.lbug*"):
        part.unlink()
    database = ladybug.Database(path)
    connection = ladybug.Connection(database)
    for statement in ddl(schema):
        connection.execute(statement)
    for label, table in frames.nodes.items():
        for row in table.select(["id", "partnership"]).to_pylist():
            connection.execute(
                f"UNWIND $rows AS row CREATE (n:`{label}` "
                "{id: row.id, partnership: row.partnership})",
                {"rows": [row]},
            )
    for ends, table in frames.edges.items():
        first, second = table.column_names[:2]
        for row in table.select([first, second]).to_pylist():
            connection.execute(
                f"UNWIND $rows AS row MATCH (a:`{ends.start}`) WHERE a.id = row.start "
                f"MATCH (b:`{ends.end}`) WHERE b.id = row.finish "
                f"CREATE (a)-[:`{ends.type}`]->(b)",
                {"rows": [{"start": row[first], "finish": row[second]}]},
            )
    connection.close()
    database.close()
