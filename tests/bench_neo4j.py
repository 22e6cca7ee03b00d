"""Loading Neo4j beside other ways to the same server: `python tests/bench.py --only neo4j`.

Ours goes from frames to a database. The others go from triples to one, as rdflib-neo4j and n10s do,
or from prepared files, as the importer of neo4j-admin does while no server runs; making the files
is outside their time, as making frames is outside ours. Each load begins with an empty database.

What is needed beyond the project's own packages is optional, and its absence is told:

* Java and Maven, for a server of its own (tests/neo4j_server.py);
* rdflib-neo4j in an environment of its own, since it wants rdflib and the driver in its versions:
  ``python -m venv var/rdflib-neo4j && var/rdflib-neo4j/bin/pip install rdflib-neo4j==1.1``,
  then ``FINGERPOST_RDFLIB_NEO4J=var/rdflib-neo4j/bin/python``;
* the one n10s of Maven's registry: ``mvn dependency:get -Dtransitive=false
  -Dartifact=org.neo4j:neosemantics:5.1.0.0``, then ``FINGERPOST_N10S`` names the jar.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import neo4j
from bench_import import imported, write_import
from bench_pairs import Figure, Pair, figure_of
from neo4j_server import Neo4jUnavailable, running_server

from graph.build import dataset_of
from graph.columns import frames_of
from graph.frames import Frames
from graph.release import Release, write_release
from graph.sources.rows import Tables
from graph.stores.neo4j import Neo4jStore
from ontology.schema import Schema

PYTHON = "FINGERPOST_RDFLIB_NEO4J"
N10S = "FINGERPOST_N10S"
FEW = 9
"""How many partnerships rdflib-neo4j is given."""
ROUNDS, MANY = 3, 100
"""How often each is run; once where there are so many partnerships, and it takes minutes."""
_RDFLIB = """
import logging, sys, neo4j
from rdflib import Graph
from rdflib_neo4j import HANDLE_VOCAB_URI_STRATEGY, Neo4jStore, Neo4jStoreConfig
logging.disable(logging.CRITICAL)
driver = neo4j.GraphDatabase.driver(sys.argv[1], notifications_min_severity="OFF")
for line in sys.stdin:
    config = Neo4jStoreConfig(
        auth_data=None, custom_prefixes={}, batching=True, batch_size=5000,
        handle_vocab_uri_strategy=HANDLE_VOCAB_URI_STRATEGY.IGNORE,
    )
    graph = Graph(store=Neo4jStore(config=config, neo4j_driver=driver))
    graph.parse(line.strip(), format="nt")
    graph.close(True)
    print("DONE", flush=True)
"""
_CLEAR = (
    "MATCH ()-[r]->() WITH r LIMIT 50000 DELETE r RETURN count(*) AS gone",
    "MATCH (n) WITH n LIMIT 50000 DELETE n RETURN count(*) AS gone",
)

Load = Callable[[], object]


def figures(home: Path, tables: Sequence[Tables], schema: Schema) -> Iterator[Figure]:
    """What was measured; says on standard error what is left out, and why."""
    release = write_release(dataset_of(tables, [], schema), home / "neo4j")
    frames = frames_of(release, schema)
    jar = os.environ.get(N10S)
    try:
        with running_server([Path(jar)] if jar else []) as uri:
            yield from _loads(home, uri, tables, release, frames, schema)
    except Neo4jUnavailable as error:
        _left_out("everything of Neo4j", str(error))


def _loads(
    home: Path,
    uri: str,
    tables: Sequence[Tables],
    release: Release,
    frames: Frames,
    schema: Schema,
) -> Iterator[Figure]:
    few = write_release(dataset_of(tables[:FEW], [], schema), home / "neo4j-few")
    with neo4j.GraphDatabase.driver(uri) as driver, closing(Neo4jStore(uri)) as store:

        def ours() -> bool:
            return store.replace(frames, schema)

        load = Pair("first load, Neo4j", ours, "", ours, rounds=_rounds(tables))
        store.replace(frames_of(few, schema), schema)  # So that no figure is of a cold server.
        if python := os.environ.get(PYTHON):
            triples = _triples(few, home / "few.nt")
            with _rdflib_neo4j(python, uri) as run:
                beside = f"rdflib-neo4j 1.1 (share of {min(FEW, len(tables))})"
                yield _in_turn(
                    replace(
                        load,
                        against=beside,
                        theirs=lambda: run(triples),
                        at_least=20,
                        scale=_lines(release.path) / _lines(triples),
                    ),
                    driver,
                )
        else:
            _left_out("rdflib-neo4j", f"{PYTHON} names no Python that has it")
        if os.environ.get(N10S):
            all_triples = _triples(release, home / "all.nt")
            pair = replace(
                load, against="n10s 5.1", theirs=lambda: _n10s(driver, all_triples), at_least=3
            )
            yield _in_turn(pair, driver)
        else:
            _left_out("n10s", f"{N10S} names no jar")
        files = write_import(frames, home / "import")
        yield _in_turn(
            replace(
                load,
                against="neo4j-admin import, offline",
                theirs=lambda: imported(files, home / "imported"),
            ),
            driver,
        )
        yield from _refreshes(home, tables, release, store, driver, schema)


def _refreshes(
    home: Path,
    tables: Sequence[Tables],
    release: Release,
    store: Neo4jStore,
    driver: neo4j.Driver,
    schema: Schema,
) -> Iterator[Figure]:
    """A refresh after a change in one partnership beside a first load: without frames, and with."""
    after = write_release(dataset_of(_changed(tables), [], schema), home / "neo4j-changed")
    frames, changed = frames_of(release, schema), frames_of(after, schema)
    bare: tuple[list[float], list[float]] = ([], [])
    whole: list[float] = []
    read: list[float] = []
    for _ in range(_rounds(tables)):
        _clear(driver)
        bare[1].append(_ms(lambda: store.replace(frames, schema)))
        whole.append(_ms(lambda: frames_of(release, schema)))
        read.append(_ms(lambda: frames_of(after, schema, frames)))
        bare[0].append(_ms(lambda: store.replace(changed, schema)))
    limit = 0.05 if len(tables) >= MANY else None  # Of a country: some things take as long for few.
    pair = Pair("refresh of one partnership, Neo4j", bool, "a first load", bool, at_most=limit)
    ours, theirs = (_middle(times) for times in bare)
    refreshed = _same_as_a_first_load(store, driver, frames, changed, schema)
    yield figure_of(pair, ours, theirs, refreshed)
    pair = replace(pair, what="the same, rows read in both", at_most=None)
    yield figure_of(pair, ours + _middle(read), theirs + _middle(whole), None)


def _same_as_a_first_load(
    store: Neo4jStore, driver: neo4j.Driver, before: Frames, after: Frames, schema: Schema
) -> bool:
    """Whether a refresh leaves what a first load of the new release does."""
    _clear(driver)
    store.replace(before, schema)
    store.replace(after, schema)
    refreshed = _held(driver)
    _clear(driver)
    store.replace(after, schema)
    return refreshed == _held(driver)


def _held(driver: neo4j.Driver) -> int:
    """A hash of all properties, labels, types and ends, in whatever order they are held."""
    said = 0
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        for row in session.run("MATCH (n) RETURN labels(n) AS labels, properties(n) AS held"):
            said += hash(repr((row["labels"], sorted(row["held"].items()))))
        edges = "MATCH (a)-[r]->(b) RETURN a.id AS a, b.id AS b, type(r) AS t, properties(r) AS p"
        for row in session.run(edges):
            said += hash(repr((row["a"], row["b"], row["t"], sorted(row["p"].items()))))
    return said


def _changed(tables: Sequence[Tables]) -> list[Tables]:
    """The tables, an agency renamed and a referral taken away in the one in the middle."""
    middle = len(tables) // 2
    rows = list(tables[middle].rows)
    agency = next(at for at, row in enumerate(rows) if row.table == "agencies")
    rows[agency] = replace(rows[agency], cells={**rows[agency].cells, "name": "Another name"})
    del rows[max(at for at, row in enumerate(rows) if row.table == "referrals")]
    changed = replace(tables[middle], rows=tuple(rows), counts=None)
    return [*tables[:middle], changed, *tables[middle + 1 :]]


def _in_turn(pair: Pair, driver: neo4j.Driver) -> Figure:
    """As bench_pairs.measure, but each begins with an empty database, outside its time."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(pair.rounds):
        for place, run in enumerate((pair.ours, pair.theirs)):
            _clear(driver)
            times[place].append(_ms(run))
    ours, theirs = (_middle(found) for found in times)
    return figure_of(pair, ours, theirs * pair.scale, None)


def _rounds(tables: Sequence[Tables]) -> int:
    return ROUNDS if len(tables) < MANY else 1


def _clear(driver: neo4j.Driver) -> None:
    for statement in _CLEAR:
        while driver.execute_query(statement).records[0]["gone"]:
            pass


def _ms(run: Load) -> float:
    begun = perf_counter()
    run()
    return (perf_counter() - begun) * 1000


def _middle(times: Iterable[float]) -> float:
    found = sorted(times)
    return found[len(found) // 2]


def _triples(release: Release, path: Path) -> Path:
    """A release without the names of its graphs."""
    with release.path.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
        out.writelines(line[: line.rindex(" <")] + " .\n" for line in lines)
    return path


def _lines(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


@contextmanager
def _rdflib_neo4j(python: str, uri: str) -> Iterator[Callable[[Path], None]]:
    """A process that has begun already, so that its start is in nobody's time."""
    command = [python, "-W", "ignore", "-c", _RDFLIB, uri]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        wishes, answers = process.stdin, process.stdout
        assert wishes is not None and answers is not None

        def run(path: Path) -> None:
            print(path, file=wishes, flush=True)
            if not any(line.startswith("DONE") for line in iter(answers.readline, "")):
                raise RuntimeError(f"{python} could not load {path} with rdflib-neo4j")

        yield run


def _n10s(driver: neo4j.Driver, triples: Path) -> None:
    driver.execute_query(
        "CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE"
    )
    driver.execute_query("CALL n10s.graphconfig.init({handleVocabUris: 'IGNORE'})")
    rows = driver.execute_query(
        "CALL n10s.rdf.import.fetch($address, 'N-Triples') YIELD terminationStatus AS status, "
        "triplesLoaded AS loaded RETURN status, loaded",
        {"address": triples.as_uri()},
    ).records
    if (rows[0]["status"], rows[0]["loaded"]) != ("OK", _lines(triples)):
        raise RuntimeError(f"n10s loaded {rows[0]}")


def _left_out(what: str, why: str) -> None:
    print(f"left out: {what}: {why} (tests/bench_neo4j.py)", file=sys.stderr)
