"""One record with everything that is said of it: columns, evidence, and what it is linked with.

The queries are made from the schema, one for each way in which a record of the class can be linked;
no label or type ever comes from outside. An identifier tells the class.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from graph.ids import id_of
from graph.stores.protocol import Store
from ontology.schema import Class, Property, Relationship, Schema
from queries.asked import QuestionError

_ASIDE = frozenset({"note", "as_of", "confirmed_by", "confirmed_on", "visibility"})
_PROVENANCE = frozenset({"source", "place", "basis", "ground", "other_side", "known_on"})


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a record: in words, to what, and the record that says so, if it is one.

    `facts` are what that record says of the link (role, status, period) and, unless it is stated,
    its basis.
    """

    header: str
    direction: Literal["out", "in"]
    other_id: str
    other_name: str
    record_id: str | None
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is shown: `columns` leaves out what is empty and what is evidence."""

    id: str
    klass: Class
    name: str
    columns: tuple[tuple[Property, Any], ...]
    source: str | None
    source_title: str | None
    locators: tuple[str, ...]
    basis: str | None
    ground: str | None
    other_side: tuple[str, ...]
    links: tuple[Link, ...]


def find_record(store: Store, schema: Schema, identifier: str) -> Record:
    """The record of a short identifier or IRI, of any class.

    Raises QuestionError if the store holds none.
    """
    wanted = id_of(identifier.strip())
    parts = wanted.split("/")
    try:
        klass = schema.by_slug(parts[1]) if len(parts) == 3 else None
    except KeyError:
        klass = None
    row = _row(store, schema, klass, wanted) if klass else None
    if klass is None or row is None:
        advice = "Write it as in an answer, such as dudley/agency/chadd."
        raise QuestionError(
            f'There is no record "{wanted}". {advice}', told=f"There is no such record. {advice}"
        )
    columns = tuple(
        (p, row[p.key])
        for p in klass.stored
        if p.key not in _PROVENANCE and row[p.key] not in (None, [], "")
    )
    links = _ends(row) if klass.ends else _links(store, schema, klass, wanted)
    return Record(
        id=wanted,
        klass=klass,
        name=str(row.get("name") or row.get("title") or _name_of(klass, row)),
        columns=columns,
        source=row.get("source"),
        source_title=_title(store, schema, row.get("source")),
        locators=tuple(row.get("place") or ()),
        basis=row.get("basis"),
        ground=row.get("ground"),
        other_side=tuple(row.get("other_side") or ()),
        links=tuple(sorted(links, key=lambda k: (k.direction, k.header, k.other_name, k.other_id))),
    )


def names_of(store: Store, schema: Schema, identifiers: Iterable[str]) -> dict[str, str]:
    """What records are called, by short identifier; what the store does not hold is left out."""
    wanted: dict[str, set[str]] = {}
    for identifier in identifiers:
        parts = identifier.split("/")
        if len(parts) == 3:
            wanted.setdefault(parts[1], set()).add(identifier)
    found: dict[str, str] = {}
    for klass in schema:
        if klass.slug in wanted:
            found |= _names(store, schema, klass, sorted(wanted[klass.slug]))
    return found


def _names(store: Store, schema: Schema, klass: Class, wanted: list[str]) -> dict[str, str]:
    if klass.ends is None:
        cypher = (
            f"MATCH (n:`{klass.name}`) WHERE n.id IN $wanted "
            f"RETURN n.id AS id, {_label(schema, klass.name, 'n')} AS name ORDER BY id"
        )
        rows = store.read(cypher, {"wanted": wanted})
        names = {row["id"]: str(row["name"] or klass.label) for row in rows}
        unnamed = [identifier for identifier, name in names.items() if name == identifier]
        return names | _by_what_they_name(store, schema, klass, unnamed)
    found: dict[str, str] = {}
    for start, end in _pairs(schema, klass.relation):
        cypher = (
            f"MATCH (a:`{start}`)-[r:`{klass.relation}`]->(b:`{end}`) WHERE r.id IN $wanted "
            f"RETURN r.id AS id, {_label(schema, start, 'a')} AS start_name, "
            f"{_label(schema, end, 'b')} AS end_name ORDER BY id"
        )
        rows = store.read(cypher, {"wanted": wanted})
        found |= {row["id"]: _name_of(klass, row) for row in rows}
    return found


def _by_what_they_name(
    store: Store, schema: Schema, klass: Class, wanted: list[str]
) -> dict[str, str]:
    """Records without a name of their own, such as observations, by the first thing they name."""
    found: dict[str, str] = dict.fromkeys(wanted, klass.label)
    for relation in [p.relation for p in klass.properties if p.relation] if wanted else ():
        for start, end in _pairs(schema, relation):
            if start != klass.name or _label(schema, end, "b") == "b.`id`":
                continue
            cypher = (
                f"MATCH (a:`{start}`)-[:`{relation}`]->(b:`{end}`) WHERE a.id IN $wanted "
                f"RETURN a.id AS id, {_label(schema, end, 'b')} AS name ORDER BY id, name"
            )
            for row in store.read(cypher, {"wanted": wanted}):
                if found[row["id"]] == klass.label:
                    found[row["id"]] = f"{row['name']} ({klass.label})"
    return found


def _returns(klass: Class, variable: str) -> str:
    keys = ["id", *(p.key for p in klass.stored)]
    return ", ".join(f"{variable}.`{key}` AS `{key}`" for key in keys)


def _row(store: Store, schema: Schema, klass: Class, wanted: str) -> dict[str, Any] | None:
    if klass.ends is None:
        cypher = f"MATCH (n:`{klass.name}`) WHERE n.id = $wanted RETURN {_returns(klass, 'n')}"
        rows = store.read(cypher, {"wanted": wanted})
        return rows[0] if rows else None
    for start, end in _pairs(schema, klass.relation):
        cypher = (
            f"MATCH (a:`{start}`)-[r:`{klass.relation}`]->(b:`{end}`) WHERE r.id = $wanted "
            f"RETURN {_returns(klass, 'r')}, a.id AS start_id, {_label(schema, start, 'a')} "
            f"AS start_name, b.id AS end_id, {_label(schema, end, 'b')} AS end_name"
        )
        rows = store.read(cypher, {"wanted": wanted})
        if rows:
            return {**rows[0], "start_header": klass.ends[0], "end_header": klass.ends[1]}
    return None


def _pairs(schema: Schema, kind: str) -> tuple[tuple[str, str], ...]:
    return next(r.pairs for r in schema.relationships if r.type == kind)


def _label(schema: Schema, name: str, variable: str) -> str:
    """The expression for what a node of a class is called; some have a description only."""
    keys = {p.key for p in schema.classes[name].stored}
    key = next((k for k in ("name", "title", "description") if k in keys), "id")
    return f"{variable}.`{key}`"


def _title(store: Store, schema: Schema, source: str | None) -> str | None:
    if source is None:
        return None
    rows = store.read(
        "MATCH (s:Source) WHERE s.id = $wanted RETURN s.title AS t", {"wanted": source}
    )
    return rows[0]["t"] if rows else None


def _name_of(klass: Class, row: dict[str, Any]) -> str:
    if klass.ends:
        return f"{row['start_name']} – {klass.label} – {row['end_name']}"
    return str(row.get("description") or klass.label)


def _ends(row: dict[str, Any]) -> list[Link]:
    return [
        Link(
            row["start_header"].replace("_", " "), "out", row["start_id"], row["start_name"], None
        ),
        Link(row["end_header"].replace("_", " "), "out", row["end_id"], row["end_name"], None),
    ]


def _links(store: Store, schema: Schema, klass: Class, wanted: str) -> Iterator[Link]:
    for relationship in schema.relationships:
        header = _header(schema, relationship)
        for start, end in relationship.pairs:
            if start == klass.name:
                yield from _linked(store, schema, relationship, header, "out", wanted, start, end)
            if end == klass.name:
                yield from _linked(store, schema, relationship, header, "in", wanted, start, end)


def _linked(
    store: Store,
    schema: Schema,
    relationship: Relationship,
    header: str,
    direction: Literal["out", "in"],
    wanted: str,
    start: str,
    end: str,
) -> Iterator[Link]:
    here, there = ("a", "b") if direction == "out" else ("b", "a")
    other = end if direction == "out" else start
    told = _told(relationship)
    record = "".join(f", r.`{key}` AS `r_{key}`" for key in ("id", *told)) if told else ""
    cypher = (
        f"MATCH (a:`{start}`)-[r:`{relationship.type}`]->(b:`{end}`) WHERE {here}.id = $wanted "
        f"RETURN {there}.id AS other_id, {_label(schema, other, there)} AS other_name{record}"
    )
    for row in store.read(cypher, {"wanted": wanted}):
        name = row["other_name"] or row["other_id"]
        said = [
            f"{key.replace('_', ' ')}: {_plain(row[f'r_{key}'])}"
            for key in told[:-1]
            if row[f"r_{key}"] not in (None, [], "")
        ]
        basis = row["r_basis"] if told else None
        facts = "; ".join(said + ([basis] if basis not in (None, "stated") else []))
        yield Link(header, direction, row["other_id"], str(name), row.get("r_id"), facts)


def _told(relationship: Relationship) -> tuple[str, ...]:
    """The columns of a relationship's record that belong beside a link; the basis comes last."""
    if relationship.record is None:
        return ()
    own = [
        p.key
        for p in relationship.record.stored
        if p.key not in _PROVENANCE | _ASIDE and not p.derived and p.type != "reference"
    ]
    return (*own, "basis")


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _header(schema: Schema, relationship: Relationship) -> str:
    if relationship.record:
        return relationship.record.label
    for klass in schema.nodes:
        for prop in klass.properties:
            if prop.relation == relationship.type:
                return prop.header
    raise KeyError(relationship.type)
