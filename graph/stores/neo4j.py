"""The Neo4j store: one release in a database of its own, over Bolt.

A database that holds anything but our releases is refused, never wiped. A first load goes in
batches and stays unreadable until its Release node says that it is complete; a killed one is
cleared and done again by the next. A refresh is one transaction that touches what changed: the
Release node keeps a digest of each partnership's block, and only where that differs are records
read and compared, by digests of their own.

Neo4j reads what is committed, also while a query runs, so one transaction alone does not keep a
reader from seeing a mix. A refresh is therefore announced on the Release node before it and the
announcement taken back after it: a reader that saw none, before and after, was alone; one that saw
it reads until it gets the same answer twice. A refresh that was killed leaves the announcement and
the old release, which is served all the same.
"""

from collections.abc import Callable
from typing import Any

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import StoreError
from graph.frames import Frames
from graph.stores.neo4j_refresh import Changes, refresh
from graph.stores.neo4j_rows import DANGLING, astray, edge_rows, filled, node_rows, properties
from graph.stores.protocol import NOTHING_HELD, Parameters, Rows
from ontology.schema import Schema

_BATCH = 3_000
"""Rows a statement; a first load commits after each. The server takes longer for as many rows in
commits of 1,000 or of 10,000."""
_CLEARED = 10_000
"""How much is cleared at once."""
_TIMEOUT_S = 30
_CONNECT_S = 10
_RELEASE = """
MATCH (r:Release {id: 'fingerpost'})
RETURN r.name AS name, r.complete AS complete, r.announced AS announced, r.turn AS turn
"""
_BLOCKS = "MATCH (r:Release {id: 'fingerpost'}) RETURN r.blocks AS blocks, r.astray AS astray"
_MARK = """
MERGE (r:Release {id: 'fingerpost'})
SET r.name = $name, r.complete = $complete, r.blocks = $blocks, r.astray = $astray
"""
_ANNOUNCE = """
MATCH (r:Release {id: 'fingerpost'}) SET r.announced = $name, r.turn = coalesce(r.turn, 0) + 1
"""
"""Each refresh is one more turn: there and back again while somebody reads is not nothing."""
_SETTLE = "MATCH (r:Release {id: 'fingerpost'}) REMOVE r.announced"
_READINGS = 50
"""How often a reader tries for the same answer twice while a refresh is announced."""
_ANYTHING = "MATCH (n) RETURN count(n) AS found"
_FOREIGN = """
MATCH (n) WHERE size(labels(n)) <> 1 OR n._digest IS NULL OR NOT labels(n)[0] =~ '[A-Za-z]+'
WITH n WHERE NOT (n:Release AND n.id = 'fingerpost')
RETURN count(n) AS found
"""
"""Everything of ours has one label and a digest; the Release node has its id. The labels may be
those of an older ontology."""
_CLEAR = (
    """
    MATCH (n)-[r]->() WHERE n._digest IS NOT NULL WITH r LIMIT $limit
    DELETE r RETURN count(r) AS gone
    """,
    """
    MATCH (n) WHERE n._digest IS NOT NULL WITH n LIMIT $limit
    DETACH DELETE n RETURN count(n) AS gone
    """,
)
"""Relationships first: with the nodes they hang on there could be more of them than the server has
memory for in one transaction."""

Row = dict[str, Any]


class Neo4jStore:
    """A store in a Neo4j 5 database, reached by `bolt://`, `neo4j://` or their encrypted forms."""

    def __init__(self, uri: str, auth: tuple[str, str] | None = None) -> None:
        try:
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=auth,
                notifications_min_severity="OFF",
                connection_timeout=_CONNECT_S,
            )
        except (DriverError, ValueError) as error:
            raise StoreError(f"{uri} is no address of a Neo4j server: {error}") from error
        # What one question has seen, the next one sees too, whichever member of a cluster answers.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._uri = uri
        self._reached = False

    def release(self) -> str | None:
        """The name of the release that is held whole, or None."""
        held = self._asked(_rows, _RELEASE, {})
        return held[0]["name"] if held and held[0]["complete"] else None

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Load the frames: a first load in batches, a refresh as one transaction."""
        held = self._held()
        if held and held["complete"] and held["name"] == frames.release:
            if held["announced"]:
                self._run(_SETTLE)  # Whoever announced it was killed when all else was done.
            return False
        self._refuse_foreign(held is not None)
        try:
            if held and held["complete"]:
                self._run(_ANNOUNCE, name=frames.release)
                with self._session() as session:
                    session.execute_write(_refresh, frames)
                self._run(_SETTLE)
            else:
                self._first_load(frames, schema)
        except (Neo4jError, DriverError) as error:
            raise self._failure(error) from error
        return True

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query, read in one transaction with the check that a release is whole."""
        return self._asked(_read, cypher, parameters)

    def close(self) -> None:
        """Close the connections to the server."""
        self._driver.close()

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        if not self._reached:
            # A transaction would be tried again for half a minute before it is told as failed.
            self._driver.verify_connectivity()
            self._reached = True
        return self._driver.session(default_access_mode=access, bookmark_manager=self._bookmarks)

    def _asked(self, work: Callable[..., Rows], cypher: str, parameters: Parameters) -> Rows:
        """What a reading transaction gives; a cluster routes it to a member that reads."""
        timed = neo4j.unit_of_work(timeout=_TIMEOUT_S)(work)
        try:
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(timed, cypher, parameters)
        except (Neo4jError, DriverError) as error:
            raise self._failure(error) from error

    def _run(self, cypher: str, **parameters: Any) -> Rows:
        try:
            with self._session() as session:
                return session.execute_write(_rows, cypher, parameters)
        except (Neo4jError, DriverError) as error:
            raise self._failure(error) from error

    def _held(self) -> Row | None:
        rows = self._run(_RELEASE)
        return rows[0] if rows else None

    def _failure(self, error: Exception) -> StoreError:
        return StoreError(
            f"Neo4j at {self._uri} does not answer as it should: {error}. Check that the server "
            "runs and that FINGERPOST_NEO4J_USER and FINGERPOST_NEO4J_PASSWORD are right."
        )

    def _refuse_foreign(self, is_ours: bool) -> None:
        found = self._run(_FOREIGN if is_ours else _ANYTHING)
        if found[0]["found"]:
            raise StoreError(
                f"The database at {self._uri} holds {found[0]['found']} nodes that are not a "
                "release of Fingerpost. Nothing was changed: use an empty database."
            )

    def _first_load(self, frames: Frames, schema: Schema) -> None:
        for label in ["Release", *(c.name for c in schema.nodes)]:
            self._run(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE")
        self._run(_MARK, name=frames.release, complete=False, blocks=[], astray=[])
        for clear in _CLEAR:
            while self._run(clear, limit=_CLEARED)[0]["gone"]:
                pass
        places = self._create_nodes(frames)
        self._create_edges(frames, places)
        self._run(_MARK, **_whole(frames))

    def _create_nodes(self, frames: Frames) -> dict[str, str]:
        """Create all nodes; return what the server calls each."""
        places: dict[str, str] = {}
        for label, table in ((label, filled(table)) for label, table in frames.nodes.items()):
            statement = (
                f"UNWIND $rows AS row CREATE (n:`{label}` {properties(table)}) "
                "RETURN collect([n.id, elementId(n)]) AS places"
            )
            for rows in node_rows(table, _BATCH):
                places.update(self._run(statement, rows=rows)[0]["places"])
        return places

    def _create_edges(self, frames: Frames, places: dict[str, str]) -> None:
        """Create all edges, whose ends are found by what the server calls them.

        So there is one statement a type, not one for each pair of labels: the server takes as long
        to plan one as to run it over a thousand rows.
        """
        for ends, table in ((ends, filled(table)) for ends, table in frames.edges.items()):
            statement = (
                "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row[0] "
                "MATCH (b) WHERE elementId(b) = row[1] "
                f"CREATE (a)-[:`{ends.type}` {properties(table)}]->(b)"
            )
            try:
                for rows in edge_rows(table, _BATCH, places):
                    self._run(statement, rows=rows)
            except KeyError as error:
                raise StoreError(DANGLING) from error


def _read(tx: neo4j.ManagedTransaction, cypher: str, parameters: Parameters) -> Rows:
    before = _rows(tx, _RELEASE, {})
    if not before or not before[0]["complete"]:
        raise StoreError(NOTHING_HELD)
    rows = _rows(tx, cypher, parameters)
    after = _rows(tx, _RELEASE, {})
    if before == after and after[0]["announced"] is None:
        return rows
    for _ in range(_READINGS):
        again, now = _rows(tx, cypher, parameters), _rows(tx, _RELEASE, {})
        if again == rows and now == after:
            return rows
        rows, after = again, now
    raise StoreError("The release is being replaced and does not settle. Ask again in a while.")


def _rows(tx: neo4j.ManagedTransaction, cypher: str, parameters: Parameters) -> Rows:
    # The text is a catalogue file or a statement of this module, whose names the ontology gives.
    result = tx.run(cypher, dict(parameters))
    return [{key: _native(value) for key, value in dict(record).items()} for record in result]


def _native(value: Any) -> Any:
    if isinstance(value, neo4j.time.Date):
        return value.to_native()
    if isinstance(value, list):
        return [_native(item) for item in value]
    if isinstance(value, dict):
        return {key: _native(item) for key, item in value.items()}
    return value


def _refresh(tx: neo4j.ManagedTransaction, frames: Frames) -> None:
    """Make the database hold the frames, in one transaction."""
    refresh(tx, frames, _changes(_rows(tx, _BLOCKS, {})[0], frames))
    tx.run(_MARK, _whole(frames))


def _changes(held: Row, frames: Frames) -> Changes | None:
    """What changed, by what the Release node says; an older one does not say it."""
    if not held["blocks"] or held["astray"] is None:
        return None
    slugs = {block.split(" ")[0] for block in {*held["blocks"]} ^ {*_blocks(frames)}}
    away = (pair.split(" ") for pair in held["astray"])
    return Changes(slugs, slugs | {start for own, start in away if own in slugs})


def _whole(frames: Frames) -> Row:
    """What the Release node says of frames that are held whole."""
    return {
        "name": frames.release,
        "complete": True,
        "blocks": _blocks(frames),
        "astray": astray(frames),
    }


def _blocks(frames: Frames) -> list[str]:
    return [f"{slug} {digest}" for slug, digest in frames.blocks.items()]
