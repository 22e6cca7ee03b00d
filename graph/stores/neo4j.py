"""The Neo4j store: one release in a database of its own, over Bolt.

A database that holds anything but our releases is refused, never wiped. A first load goes in
batches and stays unreadable until its Release node says that it is complete; a killed one is
cleared and done again by the next. A refresh is one transaction that touches what changed.

Neo4j reads what is committed, also while a query runs, so one transaction alone does not keep a
reader from seeing a mix. A refresh is therefore announced on the Release node before it and the
announcement taken back after it: a reader that saw none, before and after, was alone; one that saw
it reads until it gets the same answer twice. A refresh that was killed leaves the announcement and
the old release, which is served all the same.
"""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import StoreError
from graph.model import Edge, Node, PropertyGraph, Value
from graph.stores.protocol import NOTHING_HELD, Parameters, Rows
from ontology.schema import Schema

_BATCH = 5_000
"""Rows a statement; a first load commits after each."""
_TIMEOUT_S = 30
_CONNECT_S = 10
_DIGEST = "_digest"
"""The property that holds a hash of the others, so that a refresh finds what changed."""

_RELEASE = """
MATCH (r:Release {id: 'fingerpost'})
RETURN r.name AS name, r.complete AS complete, r.announced AS announced
"""
_MARK = "MERGE (r:Release {id: 'fingerpost'}) SET r.name = $name, r.complete = $complete"
_ANNOUNCE = "MATCH (r:Release {id: 'fingerpost'}) SET r.announced = $name"
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
_CLEAR = """
MATCH (n) WHERE n._digest IS NOT NULL WITH n LIMIT $limit
DETACH DELETE n RETURN count(n) AS gone
"""

_NODES_HELD = f"""
MATCH (n) WHERE n.{_DIGEST} IS NOT NULL
RETURN labels(n)[0] AS label, n.id AS id, n.{_DIGEST} AS digest
"""
_EDGES_HELD = f"""
MATCH (a)-[r]->(b) WHERE type(r) =~ '[A-Z_]+'
RETURN type(r) AS type, labels(a)[0] AS start_label, labels(b)[0] AS end_label,
       a.id AS start, b.id AS end, coalesce(r.id, '') AS id, r.{_DIGEST} AS digest
"""

Row = dict[str, Any]
EdgeKey = tuple[str, str, str]
"""The start's id, the end's id, and the record's id ('' for a plain reference)."""


@dataclass(frozen=True, slots=True, order=True)
class _Ends:
    """A relationship type between two labels: one batch of edges goes to each."""

    type: str
    start: str
    end: str


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
        self._uri = uri
        self._reached = False

    def release(self) -> str | None:
        """The name of the release that is held whole, or None."""
        held = self._held()
        return held["name"] if held and held["complete"] else None

    def replace(self, graph: PropertyGraph, schema: Schema) -> bool:
        """Load the graph: a first load in batches, a refresh as one transaction."""
        held = self._held()
        if held and held["complete"] and held["name"] == graph.release:
            if held["announced"]:
                self._run(_SETTLE)  # Whoever announced it was killed when all else was done.
            return False
        self._refuse_foreign(held is not None)
        try:
            if held and held["complete"]:
                self._run(_ANNOUNCE, name=graph.release)
                with self._session() as session:
                    session.execute_write(_refresh, graph)
                self._run(_SETTLE)
            else:
                self._first_load(graph, schema)
        except (Neo4jError, DriverError) as error:
            raise self._failure(error) from error
        return True

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query, read in one transaction with the check that a release is whole."""
        work = neo4j.unit_of_work(timeout=_TIMEOUT_S)(_read)
        try:
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(work, cypher, parameters)
        except (Neo4jError, DriverError) as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Close the connections to the server."""
        self._driver.close()

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        if not self._reached:
            # A transaction would be tried again for half a minute before it is told as failed.
            self._driver.verify_connectivity()
            self._reached = True
        return self._driver.session(default_access_mode=access)

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

    def _first_load(self, graph: PropertyGraph, schema: Schema) -> None:
        for label in ["Release", *(c.name for c in schema.nodes)]:
            self._run(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE")
        self._run(_MARK, name=graph.release, complete=False)
        while self._run(_CLEAR, limit=_BATCH)[0]["gone"]:
            pass
        for statement, rows in _creations(graph.nodes, graph.edges):
            for batch in _batches(rows):
                self._run(statement, rows=batch)
        self._run(_MARK, name=graph.release, complete=True)


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


def _refresh(tx: neo4j.ManagedTransaction, graph: PropertyGraph) -> None:
    """Make the database hold the graph by touching what differs, in one transaction."""
    nodes: dict[str, dict[str, Node]] = defaultdict(dict)
    for node in graph.nodes:
        nodes[node.label][node.id] = node
    edges: dict[_Ends, dict[EdgeKey, Edge]] = defaultdict(dict)
    for edge in graph.edges:
        edges[_Ends(edge.type, edge.start[0], edge.end[0])][_key(edge)] = edge
    held_nodes, held_edges = _held_nodes(tx), _held_edges(tx)
    new_edges = [
        edge
        for ends in sorted(edges.keys() | held_edges.keys())
        for edge in _change_edges(tx, ends, edges[ends], held_edges[ends])
    ]
    new_nodes = [
        node
        for label in sorted(nodes.keys() | held_nodes.keys())
        for node in _change_nodes(tx, label, nodes[label], held_nodes[label])
    ]
    for statement, rows in _creations(new_nodes, new_edges):
        tx.run(statement, rows=list(rows))
    tx.run(_MARK, name=graph.release, complete=True)


def _held_nodes(tx: neo4j.ManagedTransaction) -> dict[str, dict[str, str]]:
    """By label and id: the digests of the nodes that are held."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(tx, _NODES_HELD, {}):
        found[row["label"]][row["id"]] = row["digest"]
    return found


def _held_edges(tx: neo4j.ManagedTransaction) -> dict[_Ends, dict[EdgeKey, str]]:
    """By type and ends: the digests of the edges that are held."""
    found: dict[_Ends, dict[EdgeKey, str]] = defaultdict(dict)
    for row in _rows(tx, _EDGES_HELD, {}):
        ends = _Ends(row["type"], row["start_label"], row["end_label"])
        found[ends][row["start"], row["end"], row["id"]] = row["digest"]
    return found


def _change_edges(
    tx: neo4j.ManagedTransaction,
    ends: _Ends,
    wanted: Mapping[EdgeKey, Edge],
    held: Mapping[EdgeKey, str],
) -> list[Edge]:
    """Delete the edges that are gone or changed; return those to create."""
    same = {k for k, e in wanted.items() if held.get(k) == _columns(e.properties)[_DIGEST]}
    gone = [{"start": a, "end": b, "id": i} for a, b, i in sorted(held.keys() - same)]
    if gone:
        match = (
            f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row.start}})"
            f"-[r:`{ends.type}`]->(b:`{ends.end}` {{id: row.end}}) "
            "WHERE coalesce(r.id, '') = row.id DELETE r"
        )
        tx.run(match, rows=gone)
    return [edge for key, edge in wanted.items() if key not in same]


def _change_nodes(
    tx: neo4j.ManagedTransaction, label: str, wanted: Mapping[str, Node], held: Mapping[str, str]
) -> list[Node]:
    """Delete the nodes that are gone, update those that changed; return those to create."""
    columns = {i: _columns({"id": i, **n.properties}) for i, n in wanted.items()}
    gone = sorted(held.keys() - wanted.keys())
    changed = [
        {"id": i, "columns": columns[i]}
        for i in wanted
        if i in held and held[i] != columns[i][_DIGEST]
    ]
    if changed:
        update = f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row.id}}) SET n = row.columns"
        tx.run(update, rows=changed)
    if gone:
        delete = f"UNWIND $rows AS id MATCH (n:`{label}` {{id: id}}) DETACH DELETE n"
        tx.run(delete, rows=gone)
    return [node for i, node in wanted.items() if i not in held]


def _creations(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[tuple[str, Sequence[Row]]]:
    """The statements that create nodes and then edges, each with its rows."""
    by_label: dict[str, list[Row]] = defaultdict(list)
    for node in nodes:
        by_label[node.label].append(_columns({"id": node.id, **node.properties}))
    for label, rows in by_label.items():
        yield f"UNWIND $rows AS row CREATE (n:`{label}`) SET n = row", rows
    by_ends: dict[_Ends, list[Row]] = defaultdict(list)
    for edge in edges:
        row = {"a": edge.start[1], "b": edge.end[1], "columns": _columns(edge.properties)}
        by_ends[_Ends(edge.type, edge.start[0], edge.end[0])].append(row)
    for ends, rows in by_ends.items():
        yield (
            f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row.a}}) "
            f"MATCH (b:`{ends.end}` {{id: row.b}}) "
            f"CREATE (a)-[r:`{ends.type}`]->(b) SET r = row.columns",
            rows,
        )


def _key(edge: Edge) -> EdgeKey:
    return edge.start[1], edge.end[1], edge.id or ""


def _columns(properties: Mapping[str, Value]) -> Row:
    columns = {k: _stored(v) for k, v in sorted(properties.items()) if v is not None}
    columns[_DIGEST] = hashlib.sha256(repr(columns).encode()).hexdigest()[:16]
    return columns


def _stored(value: Value) -> str | int | float | bool | datetime.date | list[str] | None:
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
