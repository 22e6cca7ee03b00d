"""An import joined with what is live: one partnership's rows, and every clash of the two told.

The rows that the live release holds from the import's sources are replaced by the import's; all
others stay. Records are one only where an identifier that others gave them says so: agencies with
the same org-id, areas with the same ONS code. Equal ids of different sources are told and never
taken for the same thing: the newcomer gets an id of its own and is linked as possibly the same.

Nothing is validated here: the rows go the same way as those of a folder (see `graph/build.py`).
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.confidential import contact_in, hidden_in
from graph.ids import local_of, partnership_of
from graph.imports.imported import Imported
from graph.model import Edge, Node, PropertyGraph
from graph.sources.names import SEPARATOR, Names
from graph.sources.records import lines_by_table
from graph.sources.rows import Row, Tables
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

_SAME_BY = {"agencies": "org_id", "areas": "ons_code"}
"""By table: the column whose equal values mean one record, whoever wrote them."""
_ALIKE, _VISIBILITY = "possibly_the_same_as", "visibility"
_PARTNERSHIP, _SOURCES = "partnership", "sources"
_WHERE = frozenset({"source", "place", "basis", "ground", "other_side", "as_of", "note"})
"""Columns that say where a row is from, not what it says."""

Key = tuple[str, str]
"""The table and the id of a row, or the table and an identifier that others gave its record."""
_NONE: Key = ("", "")


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Where an import and what is live do not fit together, and what was done about it."""

    table: str
    id: str
    words: str

    def __str__(self) -> str:
        return f"{self.table}, {self.id}: {self.words}"


@dataclass(frozen=True, slots=True)
class Merged:
    """All partnerships as they would be after an import, and the conflicts in the joined one."""

    partnerships: tuple[Tables, ...]
    conflicts: tuple[Conflict, ...]


def tables_of(graph: PropertyGraph, schema: Schema, slug: str) -> Tables:
    """One partnership of a graph as tables; its rows are those that its export as CSV has."""
    rows = [
        Row(table, f"{slug}/{table} of the live release", number, identifier, cells)
        for table, lines in lines_by_table(graph, schema, slug).items()
        for number, (identifier, cells) in enumerate(lines, start=2)
    ]
    return Tables(slug, tuple(rows), None)


def merge(
    imported: Imported, live: PropertyGraph | None, schema: Schema, whole: bool = False
) -> Merged:
    """Everything that is live, with an import joined to its partnership.

    With `whole` the import is all there is of its partnership, such as a workbook in our form; then
    it replaces what is live of it.
    """
    slug = imported.tables.slug
    if live is None:
        return Merged((imported.tables,), ())
    parts = _by_partnership(live)
    others = [tables_of(part, schema, other) for other, part in parts.items() if other != slug]
    there = tables_of(parts[slug], schema, slug) if slug in parts else Tables(slug, (), None)
    joined, conflicts = imported.tables, list[Conflict]()
    if there.rows and not whole:
        joined, conflicts = _joined(imported.tables, there, schema)
    ordered = sorted([*others, joined], key=lambda tables: tables.slug)
    return Merged(tuple(ordered), tuple(sorted(conflicts)))


def _by_partnership(graph: PropertyGraph) -> dict[str, PropertyGraph]:
    """A graph in parts, each with the shared terms: to look for one's rows in all takes longer."""
    nodes: dict[str, list[Node]] = {}
    edges: dict[str, list[Edge]] = {}
    for node in graph.nodes:
        nodes.setdefault(partnership_of(node.id), []).append(node)
    for edge in graph.edges:
        edges.setdefault(partnership_of(edge.id or edge.start[1]), []).append(edge)
    shared = nodes.pop(SHARED, [])
    return {
        slug: PropertyGraph(graph.release, (*shared, *nodes[slug]), tuple(edges.get(slug, ())))
        for slug in sorted(nodes)
    }


def _joined(new: Tables, there: Tables, schema: Schema) -> tuple[Tables, list[Conflict]]:
    names = Names(there.slug, schema, _own([*there.rows, *new.rows], schema), labels={})
    given = {row.id for row in new.rows if row.table == _SOURCES}
    cited = {source for row in new.rows if (source := _source(row))}

    def is_replaced(row: Row) -> bool:
        return row.id in given if row.table == _SOURCES else _source(row) in given | cited

    old = [row for row in there.rows if is_replaced(row)]
    kept = _hidden(new.rows, [row for row in there.rows if not is_replaced(row)])
    rows, conflicts = _placed(new.rows, kept, names)
    more, told = _still_needed(old, [*kept, *rows], names)
    return Tables(there.slug, (*kept, *more, *rows), None), [
        *_other_sources(new.rows, old),
        *conflicts,
        *told,
    ]


def _source(row: Row) -> str:
    """The id of a row's source, which may be written with its class: report or source/report."""
    return local_of(row.cells.get("source", ""))


def _other_sources(new: Sequence[Row], old: Sequence[Row]) -> Iterable[Conflict]:
    """Sources that seem to be others than those whose records they replace."""
    titles = {row.id: row.cells.get("title", "") for row in old if row.table == _SOURCES}
    for row in new:
        said, held = row.cells.get("title", ""), titles.get(row.id, "")
        if row.table == _SOURCES and row.id in titles and said != held:
            count = sum(_source(other) == row.id for other in old)
            words = f'it was called "{held}" and is now "{said}"; its {count} records are replaced'
            yield Conflict(_SOURCES, row.id, words)


def _own(rows: Iterable[Row], schema: Schema) -> dict[str, frozenset[str]]:
    own: dict[str, set[str]] = {}
    for row in rows:
        own.setdefault(schema.by_table(row.table).name, set()).add(row.id)
    return {name: frozenset(ids) for name, ids in own.items()}


# ---------------------------------------------------------------- the newcomers


def _placed(
    new: Sequence[Row], kept: Sequence[Row], names: Names
) -> tuple[list[Row], list[Conflict]]:
    """The import's rows beside those that stay: joined, renamed or as they are."""
    held = {(row.table, row.id): row for row in kept}
    known = {key: row for row in kept if (key := _identifier(row)) != _NONE}
    taken = {*held, *((row.table, row.id) for row in new)}
    became: dict[Key, str] = {}
    rows: list[Row] = []
    conflicts = []
    for row in new:
        same = known.get(_identifier(row))
        there = held.get((row.table, row.id))
        if same is not None:
            if same.id != row.id:
                became[row.table, row.id] = same.id
            conflicts += _differences(row, same)
        elif there is None:
            rows.append(row)
            known |= {key: row} if (key := _identifier(row)) != _NONE else {}
        elif row.table == _PARTNERSHIP or _says(row) == _says(there):
            conflicts += _differences(row, there)
        else:
            free = _free_id(row, taken)
            taken.add((row.table, free))
            became[row.table, row.id] = free
            rows.append(_named(row, free, names))
            words = f"another source has this id for something else, so it is {free} here"
            conflicts.append(Conflict(row.table, row.id, f"{words}. Are they the same?"))
    return [_redirected(row, became, names) for row in rows], conflicts


def _hidden(new: Sequence[Row], kept: Sequence[Row]) -> list[Row]:
    """The rows that stay; what an import says is for staff only is so from now on."""
    staff = {_identifier(r) for r in new if r.cells.get(_VISIBILITY) == "staff"} - {_NONE}
    return [
        replace(row, cells={**row.cells, _VISIBILITY: "staff"})
        if _identifier(row) in staff
        else row
        for row in kept
    ]


def _identifier(row: Row) -> Key:
    """The identifier that others gave a record, with its table, or _NONE."""
    value = row.cells.get(_SAME_BY.get(row.table, ""), "").strip().upper()
    return (row.table, value) if value else _NONE


def _says(row: Row) -> dict[str, str]:
    return {key: cell for key, cell in row.cells.items() if key not in _WHERE}


def _differences(new: Row, there: Row) -> list[Conflict]:
    """What an import says otherwise of a record that is already there, whose row stays."""
    staff = "staff" in (new.cells.get(_VISIBILITY), there.cells.get(_VISIBILITY))
    return [
        Conflict(new.table, there.id, _difference(key, said, there.cells.get(key, ""), staff))
        for key, said in sorted(_says(new).items())
        if said != there.cells.get(key, "")
    ]


def _difference(key: str, said: str, held: str, staff: bool) -> str:
    """One difference in words. They stay in the history for good, so no contact is repeated, and
    nothing of a record that is for staff only.
    """
    header = key.replace("_", " ")
    if staff or any(contact_in(text) or hidden_in(text) for text in (said, held)):
        return f"the import says {header} otherwise, and what is there stays (not repeated here)"
    if held:
        return f'the import says {header} "{said}", and "{held}" stays'
    return f'the import also says {header} "{said}", which is not taken over'


def _free_id(row: Row, taken: set[Key]) -> str:
    wanted = f"{row.id}-{_source(row)}".strip("-")
    number, free = 2, wanted
    while (row.table, free) in taken:
        number, free = number + 1, f"{wanted}-{number}"
    return free


def _named(row: Row, identifier: str, names: Names) -> Row:
    """A row under another id, linked with the record that has its own where its class can be."""
    klass = names.schema.by_table(row.table)
    cells = dict(row.cells)
    if any(prop.key == _ALIKE for prop in klass.columns):
        alike = [part for part in (cells.get(_ALIKE, ""), f"{klass.slug}/{row.id}") if part]
        cells[_ALIKE] = SEPARATOR.join(alike)
    return replace(row, id=identifier, cells=cells)


def _redirected(row: Row, became: Mapping[Key, str], names: Names) -> Row:
    """A row whose references follow the records that are joined or renamed."""
    klass = names.schema.by_table(row.table)

    def followed(text: str, prop: Property) -> str:
        target = _target(text, prop, names)
        if target is None or (target[0].table, target[1]) not in became:
            return text
        # The link to the record whose id was taken means that record, not this one.
        if prop.key == _ALIKE and became[target[0].table, target[1]] == row.id:
            return text
        return f"{target[0].slug}/{became[target[0].table, target[1]]}"

    return replace(row, cells=_with_references(row.cells, klass, followed))


def _with_references(
    cells: Mapping[str, str], klass: Class, change: Callable[[str, Property], str]
) -> dict[str, str]:
    changed = dict(cells)
    for prop in klass.columns:
        if prop.type == "reference" and prop.key in cells:
            parts = _parts(cells[prop.key], prop)
            changed[prop.key] = SEPARATOR.join(change(part, prop) for part in parts)
    return changed


def _parts(cell: str, prop: Property) -> list[str]:
    parts = cell.split(SEPARATOR.strip()) if prop.many else [cell]
    return [part.strip() for part in parts if part.strip()]


def _target(text: str, prop: Property, names: Names) -> tuple[Class, str] | None:
    """The one record of this partnership that a cell means, or None."""
    found = names.meaning(text, prop.targets)
    if len(found) != 1 or partnership_of(found[0]) != names.slug:
        return None
    _, class_slug, local = found[0].split("/")
    return names.schema.by_slug(class_slug), local


# ---------------------------------------------------------------- what the source no longer has


def _still_needed(
    old: Sequence[Row], rows: Sequence[Row], names: Names
) -> tuple[list[Row], list[Conflict]]:
    """The rows of the source's earlier state that are gone from it and that others still cite."""
    there = {(row.table, row.id) for row in rows}
    gone = {(row.table, row.id): row for row in old if (row.table, row.id) not in there}
    needed: dict[Key, Row] = {}
    conflicts = []
    waiting = deque(rows)
    while waiting:
        row = waiting.popleft()
        for key in _cited(row, names):
            if key in gone and key not in needed:
                needed[key] = gone[key]
                waiting.append(gone[key])
                words = f"gone from its source, and {row.table}/{row.id} refers to it, so it stays"
                conflicts.append(Conflict(*key, words))
    return list(needed.values()), conflicts


def _cited(row: Row, names: Names) -> Iterable[Key]:
    for prop in names.schema.by_table(row.table).columns:
        if prop.type == "reference" and prop.key in row.cells:
            for part in _parts(row.cells[prop.key], prop):
                target = _target(part, prop, names)
                if target is not None:
                    yield target[0].table, target[1]
