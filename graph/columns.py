"""A release straight to frames: block by block, column by column, never quad by quad.

Gives what `project` and `frames_of_graph` give by way of nodes and edges; tests hold the one
against the other. What each class and property needs is worked out from the Schema once, before the
first line is read (column_readers.py). What follows from other columns is in derived_columns.py.

Records and what they refer to are numbers here, in the order in which they are met: each identifier
is kept once, and ends are found, checked and sorted as numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.column_readers import Ints, Numbers, Reader, measured, reader, text_of
from graph.derived_columns import Columns, Gathered, Reference, bounds_of, derive
from graph.digests import are_closed, changed_since, digest_of_lines, with_derived
from graph.errors import ReleaseError
from graph.frames import ARROW, FROM, TO, Ends, Frames, columns_of
from graph.ids import id_of
from graph.release import Release, blocks_of
from graph.splicing import spliced
from ontology.columns import Records, read_columns
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

_LINES = 100_000
"""How many lines are read at once where there are more: memory stays flat."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One property of one class: the values in pieces, and which record each is said of."""

    prop: Property
    read: Reader
    rows: list[Ints] = field(default_factory=list)
    values: list[pa.Array] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    """What is read of one class: the records' numbers, and its columns by predicate's token."""

    klass: Class
    columns: Mapping[str, _Column]
    numbers: list[Ints] = field(default_factory=list)
    length: int = 0

    def add(self, records: Records, numbers: Numbers) -> None:
        """Add the records of some lines."""
        self.numbers.append(numbers.of(records.iris))
        for predicate, said in records.columns.items():
            column = self.columns.get(predicate)
            if column is not None:
                column.rows.append(np.asarray(said.rows, np.int64) + self.length)
                column.values.append(column.read(said.tokens))
        self.length += len(records.iris)


@dataclass(frozen=True, slots=True)
class _Known:
    """By number: its identifier, its place in their order, and its class's place (-1: none)."""

    ids: pa.Array
    places: Ints
    classes: Ints
    names: tuple[str, ...]
    slugs: pa.Array

    @property
    def homes(self) -> tuple[Ints, int]:
        """By number: the number of its partnership; and the number of what is shared."""
        coded = self.slugs.dictionary_encode()
        return coded.indices.to_numpy(), coded.dictionary.index(SHARED).as_py()


def frames_of(release: Release, schema: Schema, kept: Frames | None = None) -> Frames:
    """The frames of a release.

    `kept` are those of another release: the rows of partnerships that are the same are taken from
    there, and their lines not read. That changes nothing in what is found.

    Raises ReleaseError if it is damaged, was built with another version of the ontology, or if a
    reference leads to nothing.
    """
    with blocks_of(release, schema) as blocks:
        digests = {slug: digest_of_lines(blocks[slug]) for slug in sorted(blocks)}
        changed = changed_since(kept, digests)
        if kept is not None and changed is not None:
            # What refers to the records of others, or to nothing, is read and told as a whole.
            with suppress(ReleaseError):
                read = [slug for slug in blocks if slug in changed or slug == SHARED]
                part, is_closed = _frames(release, schema, blocks, read, digests)
                if is_closed:
                    return spliced(kept, part, changed)
        return _frames(release, schema, blocks, list(blocks), digests)[0]


def _frames(
    release: Release,
    schema: Schema,
    blocks: Mapping[str, bytes],
    slugs: Sequence[str],
    digests: Mapping[str, str],
) -> tuple[Frames, bool]:
    """The frames of some partnerships, and whether they are closed (see `Frames`)."""
    numbers = Numbers()
    read = _classes(schema, numbers)
    _read(release, (blocks[slug] for slug in slugs), read, numbers)
    known = _known(numbers, read)
    gathered = {
        one.klass.name: _gathered(one, known, schema) for one in read.values() if one.length
    }
    derive(gathered, known.ids)
    nodes: dict[str, pa.Table] = {}
    edges: dict[Ends, pa.Table] = {}
    for name, found in sorted(gathered.items()):
        if found.klass.ends is None:
            nodes[name] = _sorted(found, columns_of(schema, name), known)
            edges.update(_references(found, known))
        else:
            edges.update(_records(found, columns_of(schema, name), known))
    is_closed = are_closed(gathered.values(), *known.homes)
    if not is_closed:
        digests = with_derived(digests, gathered)
    return Frames(release.name, nodes, dict(sorted(edges.items())), digests), is_closed


def _classes(schema: Schema, numbers: Numbers) -> dict[str, _Read]:
    words = {str(w.iri): w.label for found in schema.codes.values() for w in found}
    return {
        f"<{klass.iri}>": _Read(
            klass, {f"<{p.iri}>": _Column(p, reader(p, words, numbers)) for p in klass.columns}
        )
        for klass in schema
    }


def _read(
    release: Release, blocks: Iterable[bytes], read: Mapping[str, _Read], numbers: Numbers
) -> None:
    """Read all lines into columns."""
    lines: list[str] = []
    for content in blocks:
        lines += content.decode().split("\n")[:-1]
        if len(lines) > _LINES:
            _add(lines, read, numbers, release)
            lines = []
    _add(lines, read, numbers, release)


def _add(lines: list[str], read: Mapping[str, _Read], numbers: Numbers, release: Release) -> None:
    try:
        found = read_columns(lines)
    except ValueError as error:
        raise ReleaseError(
            f"The release {release.name} cannot be read: {error}. Build it again: fingerpost build"
        ) from error
    for token, records in found.items():
        if token in read:
            read[token].add(records, numbers)


def _known(numbers: Numbers, read: Mapping[str, _Read]) -> _Known:
    ids = pa.array([id_of(text_of(token)) for token in numbers], pa.string())
    places = np.empty(len(ids), np.int64)
    places[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
    classes = np.full(len(ids), -1, np.int64)
    for at, one in enumerate(read.values()):
        for found in one.numbers:
            classes[found] = at
    slugs = pc.list_element(pc.split_pattern(ids, "/", max_splits=1), 0)
    return _Known(ids, places, classes, tuple(one.klass.name for one in read.values()), slugs)


def _gathered(read: _Read, known: _Known, schema: Schema) -> Gathered:
    klass, numbers = read.klass, np.concatenate(read.numbers)
    at = pa.array(numbers)
    columns: Columns = {"id": known.ids.take(at), "partnership": known.slugs.take(at)}
    references = {}
    stored = {p.key for p in klass.stored}
    for column in read.columns.values():
        prop = column.prop
        rows, values = _settled(column, known)
        if prop.type == "reference":
            references[prop.key] = Reference(rows, values.to_numpy())
            values = known.ids.take(values)
        if prop.key in stored:
            spread = _lists if prop.many else _firsts
            columns[prop.key] = spread(rows, values, len(numbers))
            if prop.type == "edtf" and not prop.many:
                columns |= bounds_of(prop.key, columns[prop.key])
    return Gathered(klass, numbers, columns, references)


def _settled(column: _Column, known: _Known) -> tuple[Ints, pa.Array]:
    """The values of a column in order, each once a record.

    They are so already but where a record has several: only these are sorted.
    """
    if not column.rows:
        return np.empty(0, np.int64), column.read(())
    rows, values = np.concatenate(column.rows), pa.concat_arrays(column.values)
    again = rows[1:] == rows[:-1]
    if not again.any():
        return rows, values
    several = np.flatnonzero(np.append(again, False) | np.append(False, again))
    keys = values.take(pa.array(several))
    if column.prop.type == "reference":
        keys = pa.array(known.places[keys.to_numpy()])
    table = pa.table({"row": rows[several], "key": measured(column.prop, keys)})
    table = table.append_column("at", pa.array(several)).sort_by(
        [("row", "ascending"), ("key", "ascending")]
    )
    order = np.arange(len(rows))
    order[several] = table["at"].to_numpy()
    same = pc.equal(table["key"][1:], table["key"][:-1]).to_numpy()
    same &= np.diff(table["row"].to_numpy()) == 0
    kept = np.delete(order, several[1:][same])
    return rows[kept], values.take(pa.array(kept))


def _lists(rows: Ints, values: pa.Array, length: int) -> pa.Array:
    offsets = np.searchsorted(rows, np.arange(length + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _firsts(rows: Ints, values: pa.Array, length: int) -> pa.Array:
    """The first value of each record, or null."""
    at = np.searchsorted(rows, np.arange(length))
    found = np.append(rows, length)[at] == np.arange(length)
    return values.take(pa.array(at, mask=~found))


def _sorted(found: Gathered, columns: Sequence[tuple[str, str]], known: _Known) -> pa.Table:
    order = np.argsort(known.places[found.numbers])
    return _table(found, columns).take(pa.array(order))


def _table(found: Gathered, columns: Sequence[tuple[str, str]]) -> pa.Table:
    length = len(found.numbers)
    held = found.columns
    return pa.table({k: held[k] if k in held else _nothing(kind, length) for k, kind in columns})


def _nothing(kind: str, length: int) -> pa.Array:
    return (
        pa.array([[]] * length, ARROW[kind]) if kind == "strings" else pa.nulls(length, ARROW[kind])
    )


def _references(found: Gathered, known: _Known) -> Iterator[tuple[Ends, pa.Table]]:
    """The edges of a class's plain references, a table for each class that they lead to."""
    for prop in found.klass.properties:
        if prop.relation and prop.key in found.references:
            reference = found.references[prop.key]
            starts = found.numbers[reference.rows]
            for ends, _, table in _joined(prop.relation, starts, reference.numbers, starts, known):
                yield ends, table


def _records(
    found: Gathered, columns: Sequence[tuple[str, str]], known: _Known
) -> Iterator[tuple[Ends, pa.Table]]:
    """The edges of a class whose records are edges, a table for each pair of classes joined."""
    start, end = (_one_each(found, key, known) for key in found.klass.ends or ())
    table = _table(found, columns)
    for ends, at, joined in _joined(found.klass.relation, start, end, found.numbers, known):
        rows = table.take(at)
        yield (
            ends,
            pa.table(joined.columns + rows.columns, names=joined.column_names + rows.column_names),
        )


def _one_each(found: Gathered, key: str, known: _Known) -> Ints:
    reference = found.references[key]
    counts = np.bincount(reference.rows, minlength=len(found.numbers))
    if (counts != 1).any():
        record = known.ids[int(found.numbers[np.flatnonzero(counts != 1)[0]])]
        raise ReleaseError(
            f"{record} does not have its two ends. Build the release again: fingerpost build"
        )
    return reference.numbers


def _joined(
    relation: str, starts: Ints, ends: Ints, records: Ints, known: _Known
) -> Iterator[tuple[Ends, pa.Array, pa.Table]]:
    """Edges by the classes of their ends: which they are, in order, and their two ends' ids.

    `records` are the numbers of the records that say so.
    """
    _refuse_dangling(starts, records, known)
    _refuse_dangling(ends, records, known)
    pairs = known.classes[starts] * len(known.names) + known.classes[ends]
    for pair in np.unique(pairs).tolist():
        at = np.flatnonzero(pairs == pair)
        by = (known.places[numbers[at]] for numbers in (records, ends, starts))
        at = at[np.lexsort(tuple(by))]
        first, second = (known.names[n] for n in divmod(pair, len(known.names)))
        ids = {FROM: starts[at], TO: ends[at]}
        table = pa.table({key: known.ids.take(pa.array(found)) for key, found in ids.items()})
        yield Ends(relation, first, second), pa.array(at), table


def _refuse_dangling(numbers: Ints, records: Ints, known: _Known) -> None:
    missing = np.flatnonzero(known.classes[numbers] < 0)
    if len(missing):
        record, target = (known.ids[int(found[missing[0]])] for found in (records, numbers))
        raise ReleaseError(
            f"{record} refers to {target}, which the release does not hold. "
            "Build the release again: fingerpost build"
        )
