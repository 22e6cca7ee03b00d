"""What a refresh of a Neo4j database reads and touches: the records of partnerships that changed.

Runs inside one transaction of the store (neo4j.py). A plain reference belongs to the partnership of
its start, an edge with a record to that of its record. Nothing of an unchanged partnership hangs on
a node that goes: it would lead to nothing in the new release.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import neo4j

from graph.errors import StoreError
from graph.frames import Ends, Frames
from graph.stores.neo4j_rows import DANGLING, DIGEST, Row, edge_rows, node_rows, part_of

Key = tuple[str, str, str]
"""The start's id, the end's id, and the record's id ('' for a plain reference)."""

_NODES = f"""
MATCH (n) WHERE n.{DIGEST} IS NOT NULL AND ($all OR n.partnership IN $slugs)
RETURN labels(n)[0] AS label, n.id AS id, n.{DIGEST} AS digest
"""
_PLAIN = f"""
MATCH (a) WHERE a.{DIGEST} IS NOT NULL AND ($all OR a.partnership IN $slugs)
MATCH (a)-[r]->(b) WHERE r.id IS NULL
RETURN type(r) AS type, labels(a)[0] AS start_label, labels(b)[0] AS end_label,
       a.id AS start, b.id AS end, '' AS id, '' AS digest
"""
_RECORDS = f"""
MATCH (a)-[r]->(b) WHERE r.id IS NOT NULL AND ($all OR r.partnership IN $slugs)
RETURN type(r) AS type, labels(a)[0] AS start_label, labels(b)[0] AS end_label,
       a.id AS start, b.id AS end, r.id AS id, r.{DIGEST} AS digest
"""
_ALL = 1_000_000_000


def refresh(tx: neo4j.ManagedTransaction, frames: Frames, changed: Collection[str] | None) -> None:
    """Make the database hold the frames where partnerships `changed` (None: any may have)."""
    given = {"all": changed is None, "slugs": sorted(changed or ())}
    nodes = _wanted_nodes(frames, changed)
    edges = _wanted_edges(frames, changed)
    held_nodes, held_edges = _held_nodes(tx, given), _held_edges(tx, given)
    new_edges = {
        ends: _change_edges(tx, ends, edges[ends], held_edges[ends])
        for ends in sorted(edges.keys() | held_edges.keys())
    }
    for label in sorted(nodes.keys() | held_nodes.keys()):
        _change_nodes(tx, label, nodes[label], held_nodes[label])
    for ends, rows in new_edges.items():
        if rows:
            _create_edges(tx, ends, rows)


def _wanted_nodes(
    frames: Frames, changed: Collection[str] | None
) -> defaultdict[str, dict[str, Row]]:
    found: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for label, table in frames.nodes.items():
        part = table if changed is None else part_of(table, sorted(changed))
        found[label] = {row["id"]: row for rows in node_rows(part, _ALL) for row in rows}
    return found


def _wanted_edges(
    frames: Frames, changed: Collection[str] | None
) -> defaultdict[Ends, dict[Key, Row]]:
    found: defaultdict[Ends, dict[Key, Row]] = defaultdict(dict)
    for ends, table in frames.edges.items():
        part = table if changed is None else part_of(table, sorted(changed))
        for start, end, *record in (row for rows in edge_rows(part, _ALL) for row in rows):
            columns = record[0] if record else {}
            found[ends][start, end, columns.get("id", "")] = columns
    return found


def _held_nodes(
    tx: neo4j.ManagedTransaction, given: dict[str, Any]
) -> defaultdict[str, dict[str, str]]:
    """By label and id: the digests of the nodes that are held."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for label, key, digest in tx.run(_NODES, given).values():
        found[label][key] = digest
    return found


def _held_edges(
    tx: neo4j.ManagedTransaction, given: dict[str, Any]
) -> defaultdict[Ends, dict[Key, str]]:
    """By type and ends: the digests of the edges that are held."""
    found: defaultdict[Ends, dict[Key, str]] = defaultdict(dict)
    for statement in (_PLAIN, _RECORDS):
        for kind, a_label, b_label, start, end, key, digest in tx.run(statement, given).values():
            found[Ends(kind, a_label, b_label)][start, end, key] = digest
    return found


def _change_edges(
    tx: neo4j.ManagedTransaction, ends: Ends, wanted: Mapping[Key, Row], held: Mapping[Key, str]
) -> list[Row]:
    """Delete the edges that are gone or changed; return those to create."""
    same = {k for k, row in wanted.items() if held.get(k) == row.get(DIGEST, "")}
    gone = [{"start": a, "end": b, "id": i} for a, b, i in sorted(held.keys() - same)]
    if gone:
        match = (
            f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row.start}})"
            f"-[r:`{ends.type}`]->(b:`{ends.end}` {{id: row.end}}) "
            "WHERE coalesce(r.id, '') = row.id DELETE r"
        )
        tx.run(match, rows=gone)
    return [
        {"a": key[0], "b": key[1], "columns": row} for key, row in wanted.items() if key not in same
    ]


def _change_nodes(
    tx: neo4j.ManagedTransaction, label: str, wanted: Mapping[str, Row], held: Mapping[str, str]
) -> None:
    """Delete the nodes that are gone, update those that changed, create those that are new."""
    gone = sorted(held.keys() - wanted.keys())
    changed = [
        {"id": key, "columns": row}
        for key, row in wanted.items()
        if key in held and held[key] != row[DIGEST]
    ]
    new = [row for key, row in wanted.items() if key not in held]
    if gone:
        delete = f"UNWIND $rows AS id MATCH (n:`{label}` {{id: id}}) DETACH DELETE n"
        tx.run(delete, rows=gone)
    if changed:
        update = f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row.id}}) SET n = row.columns"
        tx.run(update, rows=changed)
    if new:
        tx.run(f"UNWIND $rows AS row CREATE (n:`{label}`) SET n = row", rows=new)


def _create_edges(tx: neo4j.ManagedTransaction, ends: Ends, rows: list[Row]) -> None:
    create = (
        f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row.a}}) "
        f"MATCH (b:`{ends.end}` {{id: row.b}}) "
        f"CREATE (a)-[r:`{ends.type}`]->(b) SET r = row.columns"
    )
    made = tx.run(create, rows=rows).consume().counters.relationships_created
    if made != len(rows):
        raise StoreError(DANGLING)
