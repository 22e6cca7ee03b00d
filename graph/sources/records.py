"""One partnership of a graph as rows of cells: what every writer of tables writes.

A reference is written by the shortest name that a reader of the tables takes for this record and
for no other: a shared term by its name, a record of the partnership by its id, either with its
class before it (`agency/idva`) where that alone is not plain.
"""

from collections.abc import Mapping, Sequence

from graph.ids import local_of, partnership_of
from graph.model import PropertyGraph, Value
from graph.sources.names import SEPARATOR, Names
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

Line = tuple[str, dict[str, str]]
"""The id of a record and its cells by key."""


def names_of(graph: PropertyGraph, schema: Schema, slug: str) -> Names:
    """What names mean in one partnership of a graph."""
    own: dict[str, set[str]] = {}
    labels = {}
    for node in graph.nodes:
        owner = partnership_of(node.id)
        if owner == slug:
            own.setdefault(node.label, set()).add(local_of(node.id))
        elif owner == SHARED:
            labels[node.id] = str(node.properties.get("name") or "")
    return Names(slug, schema, {name: frozenset(ids) for name, ids in own.items()}, labels)


def lines_by_table(graph: PropertyGraph, schema: Schema, slug: str) -> dict[str, list[Line]]:
    """All rows of one partnership by table, sorted by id; a table without rows is absent."""
    names = names_of(graph, schema, slug)
    references = _references(graph, schema)
    relations = {c.relation: c for c in schema.edges}
    tables: dict[str, list[Line]] = {}
    for node in graph.nodes:
        if partnership_of(node.id) == slug:
            klass = schema.classes[node.label]
            cells = _cells(klass, node.properties, references.get(node.id, {}), names)
            tables.setdefault(klass.table, []).append((local_of(node.id), cells))
    for edge in graph.edges:
        if edge.id is not None and partnership_of(edge.id) == slug:
            klass = relations[edge.type]
            start, end = klass.ends or ("", "")
            ends = {start: [edge.start[1]], end: [edge.end[1]]}
            cells = _cells(klass, edge.properties, ends, names)
            tables.setdefault(klass.table, []).append((local_of(edge.id), cells))
    return {table: sorted(lines) for table, lines in tables.items()}


def _references(graph: PropertyGraph, schema: Schema) -> dict[str, dict[str, list[str]]]:
    keys = {p.relation: p.key for c in schema.nodes for p in c.properties if p.relation}
    found: dict[str, dict[str, list[str]]] = {}
    for edge in graph.edges:
        if edge.id is None:
            ends = found.setdefault(edge.start[1], {}).setdefault(keys[edge.type], [])
            ends.append(edge.end[1])
    return found


def _cells(
    klass: Class,
    columns: Mapping[str, Value],
    references: Mapping[str, Sequence[str]],
    names: Names,
) -> dict[str, str]:
    cells = {}
    for prop in klass.columns:
        value = tuple(references[prop.key]) if prop.key in references else columns.get(prop.key)
        if value not in (None, (), ""):
            cells[prop.key] = _text(value, prop, names)
    return cells


def _text(value: Value, prop: Property, names: Names) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    values = [str(v) for v in value] if isinstance(value, tuple) else [str(value)]
    if prop.type == "reference":
        values = sorted(names.shortest(v, prop) for v in values)
    return SEPARATOR.join(values)
