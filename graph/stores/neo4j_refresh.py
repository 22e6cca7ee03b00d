"""What a refresh of a Neo4j database reads and touches: the records of partnerships that changed.

Runs inside one transaction of the store (neo4j.py). A plain reference belongs to the partnership of
its start, an edge with a record to that of its record; where records start away from home stands on
the Release node, so that edges are looked for at few nodes. Nothing of an unchanged partnership
hangs on a node that goes: it would lead to nothing in the new release.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import neo4j
import pyarrow as pa

from graph.errors import StoreError
from graph.frames import Ends, Frames
from graph.stores.neo4j_rows import (
    DANGLING,
    DIGEST,
    ENDS,
    Row,
    edge_rows,
    filled,
    node_rows,
    part_of,
    properties,
)

Key = tuple[str, str, str]
"""The start's id, the end's id, and the record's id ('' for a plain reference)."""

_NODES = f"""
MATCH (n) WHERE n.{DIGEST} IS NOT NULL AND ($all OR n.partnership IN $starts)
RETURN labels(n)[0] AS label, n.id AS id, n.{DIGEST} AS digest, n.partnership AS slug,
       elementId(n) AS place
"""
_EDGES = f"""
UNWIND $places AS place MATCH (a) WHERE elementId(a) = place
MATCH (a)-[r]->(b)
WHERE $all OR CASE WHEN r.id IS NULL THEN a.partnership ELSE r.partnership END IN $slugs
RETURN type(r) AS type, labels(a)[0] AS start_label, labels(b)[0] AS end_label, a.id AS start,
       b.id AS end, coalesce(r.id, '') AS id, coalesce(r.{DIGEST}, '') AS digest
"""
_ALL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """The partnerships that changed, and all in which something of theirs starts."""

    slugs: Collection[str]
    starts: Collection[str]


def refresh(tx: neo4j.ManagedTransaction, frames: Frames, changes: Changes | None) -> None:
    """Make the database hold the frames where partnerships changed (None: any may have)."""
    changed = None if changes is None else sorted(changes.slugs)
    starts = [] if changes is None else sorted(changes.starts)
    given = {"all": changes is None, "slugs": changed or [], "starts": starts}
    node_tables = {label: filled(table) for label, table in frames.nodes.items()}
    edge_tables = {ends: filled(table) for ends, table in frames.edges.items()}
    nodes, edges = _wanted_nodes(node_tables, changed), _wanted_edges(edge_tables, changed)
    held_nodes, places = _held_nodes(tx, given)
    held_edges = _held_edges(tx, given | {"places": places})
    new_edges = {
        ends: _change_edges(tx, ends, edges[ends], held_edges[ends])
        for ends in sorted(edges.keys() | held_edges.keys())
    }
    for label in sorted(nodes.keys() | held_nodes.keys()):
        _delete_nodes(tx, label, sorted(held_nodes[label].keys() - nodes[label].keys()))
    for label, table in node_tables.items():
        _change_nodes(tx, label, properties(table), nodes[label], held_nodes[label])
    for ends, new in new_edges.items():
        if new:
            _create_edges(tx, ends, properties(edge_tables[ends]), new)


def _wanted_nodes(
    tables: Mapping[str, pa.Table], changed: Sequence[str] | None
) -> defaultdict[str, dict[str, Row]]:
    found: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for label, table in tables.items():
        part = table if changed is None else part_of(table, changed)
        found[label] = {row[0]: row for rows in node_rows(part, _ALL) for row in rows}
    return found


def _wanted_edges(
    tables: Mapping[Ends, pa.Table], changed: Sequence[str] | None
) -> defaultdict[Ends, dict[Key, Row]]:
    found: defaultdict[Ends, dict[Key, Row]] = defaultdict(dict)
    for ends, table in tables.items():
        part = table if changed is None else part_of(table, changed)
        for row in (row for rows in edge_rows(part, _ALL) for row in rows):
            found[ends][row[0], row[1], row[ENDS] if len(row) > ENDS else ""] = row
    return found


def _held_nodes(
    tx: neo4j.ManagedTransaction, given: dict[str, Any]
) -> tuple[defaultdict[str, dict[str, str]], list[str]]:
    """By label and id: the digests of the nodes that are held; and where edges start."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    places = []
    for label, key, digest, slug, place in tx.run(_NODES, given).values():
        places.append(place)
        if given["all"] or slug in given["slugs"]:
            found[label][key] = digest
    return found, places


def _held_edges(
    tx: neo4j.ManagedTransaction, given: dict[str, Any]
) -> defaultdict[Ends, dict[Key, str]]:
    """By type and ends: the digests of the edges that are held."""
    found: defaultdict[Ends, dict[Key, str]] = defaultdict(dict)
    for kind, a_label, b_label, start, end, key, digest in tx.run(_EDGES, given).values():
        found[Ends(kind, a_label, b_label)][start, end, key] = digest
    return found


def _change_edges(
    tx: neo4j.ManagedTransaction, ends: Ends, wanted: Mapping[Key, Row], held: Mapping[Key, str]
) -> list[Row]:
    """Delete the edges that are gone or changed; return those to create."""
    same = {k for k, row in wanted.items() if held.get(k) == (row[-1] if len(row) > ENDS else "")}
    gone = sorted(held.keys() - same)
    if gone:
        match = (
            f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row[0]}})"
            f"-[r:`{ends.type}`]->(b:`{ends.end}` {{id: row[1]}}) "
            "WHERE coalesce(r.id, '') = row[2] DELETE r"
        )
        tx.run(match, rows=gone)
    return [row for key, row in wanted.items() if key not in same]


def _delete_nodes(tx: neo4j.ManagedTransaction, label: str, gone: list[str]) -> None:
    if gone:
        delete = f"UNWIND $rows AS id MATCH (n:`{label}` {{id: id}}) DETACH DELETE n"
        tx.run(delete, rows=gone)


def _change_nodes(
    tx: neo4j.ManagedTransaction,
    label: str,
    properties: str,
    wanted: Mapping[str, Row],
    held: Mapping[str, str],
) -> None:
    """Update the nodes that changed, create those that are new."""
    changed = [row for key, row in wanted.items() if held.get(key, row[-1]) != row[-1]]
    new = [row for key, row in wanted.items() if key not in held]
    if changed:
        update = f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row[0]}}) SET n = {properties}"
        tx.run(update, rows=changed)
    if new:
        tx.run(f"UNWIND $rows AS row CREATE (:`{label}` {properties})", rows=new)


def _create_edges(
    tx: neo4j.ManagedTransaction, ends: Ends, properties: str, rows: list[Row]
) -> None:
    create = (
        f"UNWIND $rows AS row MATCH (a:`{ends.start}` {{id: row[0]}}) "
        f"MATCH (b:`{ends.end}` {{id: row[1]}}) "
        f"CREATE (a)-[:`{ends.type}` {properties}]->(b)"
    )
    made = tx.run(create, rows=rows).consume().counters.relationships_created
    if made != len(rows):
        raise StoreError(DANGLING)
