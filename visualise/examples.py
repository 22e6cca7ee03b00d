"""Records that show how the tables are filled in, and how often the words of the lists are used.

Both look only at what everybody may see: a record for staff, and whatever leads to one, is dropped
before anything is chosen or counted, so that no page can depend on it.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from graph.ids import local_of, partnership_of
from graph.model import Edge, Node, PropertyGraph, Value
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

SHIPPED = ("dudley", "slough", "luton", "southend", "example")
"""Where examples come from, first choice first; nobody else's records are shown in a reference."""
_SMALL = 10
"""Published counts of people below this are suppressed, so no example shows a smaller value."""


@dataclass(frozen=True, slots=True)
class Example:
    """A record as its table has it: id, cells by header, and where it was taken from."""

    id: str
    partnership: str
    historical: bool
    cells: tuple[tuple[Property, str], ...]
    source: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Filled:
    """A record with its columns and, by column, the records that it leads to."""

    id: str
    columns: Mapping[str, Value]
    leads_to: Mapping[str, tuple[str, ...]]


def public(graph: PropertyGraph) -> PropertyGraph:
    """The graph without the records for staff and without all that leads to or from one."""
    hidden = {n.id for n in graph.nodes if n.properties.get("visibility") == "staff"}
    while True:
        more = {
            edge.start[1]
            for edge in graph.edges
            if edge.id is None and edge.end[1] in hidden and edge.start[1] not in hidden
        }
        more |= {n.id for n in graph.nodes if n.id not in hidden and _mentions(n, hidden)}
        if not more:
            break
        hidden |= more
    return PropertyGraph(
        graph.release,
        tuple(n for n in graph.nodes if n.id not in hidden),
        tuple(e for e in graph.edges if not _is_hidden(e, hidden)),
    )


def _mentions(thing: Node | Edge, hidden: set[str]) -> bool:
    for value in thing.properties.values():
        values = value if isinstance(value, tuple) else (value,)
        if any(v in hidden for v in values if isinstance(v, str)):
            return True
    return False


def _is_hidden(edge: Edge, hidden: set[str]) -> bool:
    ends_hidden = edge.start[1] in hidden or edge.end[1] in hidden
    return ends_hidden or edge.properties.get("visibility") == "staff" or _mentions(edge, hidden)


def examples(graph: PropertyGraph, schema: Schema) -> dict[str, Example]:
    """By class name: the fullest record of the first shipped partnership that has one."""
    seen = public(graph)
    names = {n.id: _name(n) for n in seen.nodes}
    history = {
        partnership_of(n.id)
        for n in seen.nodes
        if n.label == "Partnership" and n.properties.get("historical") is True
    }
    found = {}
    for klass in schema:
        chosen = _chosen(_records(seen, klass), klass)
        if chosen is not None:
            found[klass.name] = _example(chosen, klass, names, history)
    return found


def _records(graph: PropertyGraph, klass: Class) -> list[_Filled]:
    if klass.ends is not None:
        start, end = klass.ends
        return [
            _Filled(e.id, e.properties, {start: (e.start[1],), end: (e.end[1],)})
            for e in graph.edges
            if e.type == klass.relation and e.id is not None
        ]
    links: dict[str, dict[str, list[str]]] = {}
    keys = {p.relation: p.key for p in klass.properties if p.relation}
    for edge in graph.edges:
        if edge.id is None and edge.start[0] == klass.name:
            links.setdefault(edge.start[1], {}).setdefault(keys[edge.type], []).append(edge.end[1])
    return [
        _Filled(n.id, n.properties, {k: tuple(sorted(v)) for k, v in links.get(n.id, {}).items()})
        for n in graph.nodes
        if n.label == klass.name
    ]


def _chosen(records: list[_Filled], klass: Class) -> _Filled | None:
    # What all partnerships share is shown where none has a record of its own, as for helplines.
    owners = (*SHIPPED, SHARED)
    fit = [r for r in records if partnership_of(r.id) in owners and not _is_small(r)]
    return min(
        fit,
        key=lambda r: (owners.index(partnership_of(r.id)), -_fullness(r, klass), r.id),
        default=None,
    )


def _is_small(record: _Filled) -> bool:
    value = record.columns.get("value")
    return isinstance(value, Decimal) and value < _SMALL


def _fullness(record: _Filled, klass: Class) -> int:
    return sum(
        1
        for p in klass.columns
        if record.leads_to.get(p.key) or record.columns.get(p.key) not in (None, "", ())
    )


def _example(record: _Filled, klass: Class, names: Mapping[str, str], history: set[str]) -> Example:
    partnership = partnership_of(record.id)
    cells = []
    for prop in klass.columns:
        text = _cell(record, prop, names)
        if text:
            cells.append((prop, text))
    source = str(record.columns.get("source") or "")
    place = record.columns.get("place")
    return Example(
        id=local_of(record.id),
        partnership=names.get(f"{partnership}/partnership/{partnership}", partnership),
        historical=partnership in history,
        cells=tuple(cells),
        source=names.get(source, source),
        places=place if isinstance(place, tuple) else (),
    )


def _cell(record: _Filled, prop: Property, names: Mapping[str, str]) -> str:
    """A cell as a table has it; behind an id, what it stands for."""
    value = record.leads_to.get(prop.key) or record.columns.get(prop.key)
    values = value if isinstance(value, tuple) else (value,)
    if prop.type == "reference":
        shown = [f"{local_of(str(v))} ({names.get(str(v), '')})" for v in values if v]
    else:
        shown = [_text(v) for v in values if v not in (None, "")]
    return "; ".join(shown)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _name(node: Node) -> str:
    columns = node.properties
    return str(columns.get("name") or columns.get("title") or columns.get("description") or node.id)


def word_counts(graph: PropertyGraph, schema: Schema) -> Counter[tuple[str, str]]:
    """By list and word: how many public records use it."""
    counts: Counter[tuple[str, str]] = Counter()
    seen = public(graph)
    edges = {klass.relation: klass for klass in schema.edges}
    records = [(schema.classes[n.label], n.properties) for n in seen.nodes]
    records += [(edges[e.type], e.properties) for e in seen.edges if e.id is not None]
    for klass, columns in records:
        for prop in klass.columns:
            if prop.type == "code":
                value = columns.get(prop.key)
                for word in value if isinstance(value, tuple) else (value,):
                    if word:
                        counts[prop.targets[0], str(word)] += 1
    return counts
