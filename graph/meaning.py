"""What the cells of a partnership's rows mean, by the schema; and every cell that means nothing.

Cells are read by their property's type. References are looked up among the partnership's own ids
first and then among the shared terms. What can only be judged over a whole record, or over several,
is left to the shapes (`ontology/violations.py`).
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from graph.confidential import ALLOWED, contact_in, hidden_in, is_persons_mailbox
from graph.dates import bounds
from graph.errors import Problem
from graph.ids import local_of, record_id
from graph.sources.names import SEPARATOR, Names
from graph.sources.rows import Row, Tables
from graph.statements import Meant, Said, meant_by
from ontology.schema import Class, Property, Schema, Type

_NUMBER = re.compile(r"£?(-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)", re.ASCII)
"""A comma separates thousands and nothing else: 1,5 may be one and a half or a slip."""


_MARK = SEPARATOR.strip()
_WHOLE = re.compile(r"[A-Za-z0-9/-]+")

Known = dict[tuple[object, ...], dict[str, Meant]]
"""By the form of a column: what cells were read as. The same few words and places stand in most
rows, and all but references mean the same in every partnership."""


@dataclass(frozen=True, slots=True)
class _Bad:
    """Why a cell cannot be read: what was expected and what to do."""

    expected: str
    advice: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a class, and what the cells that were read mean there."""

    prop: Property
    known: dict[str, Meant]


@dataclass(frozen=True, slots=True)
class _Table:
    """A class, how the ids of its records begin, and its columns by key."""

    klass: Class
    start: str
    columns: Mapping[str, _Column]


@dataclass(slots=True)
class _Reader:
    """What is needed to read the cells of one partnership."""

    slug: str
    schema: Schema
    names: Names
    words: Mapping[str, Mapping[str, str]]
    places: Mapping[str, frozenset[str]]
    placed: set[tuple[str, ...]] = field(default_factory=set)
    """Sources with places of theirs that were found: most rows of a source name the same few."""
    problems: list[Problem] = field(default_factory=list)
    known: Known = field(default_factory=dict)
    own: Known = field(default_factory=dict)
    """What references were read as: they mean the partnership's own records first."""

    def table(self, klass: Class) -> _Table:
        """A class as its rows are read; columns of one form know of each other's cells."""
        columns = {p.key: _Column(p, self._known(p)) for p in klass.columns}
        return _Table(klass, record_id(_quoted(self.slug), klass.slug, ""), columns)

    def _known(self, prop: Property) -> dict[str, Meant]:
        known = self.own if prop.type == "reference" else self.known
        return known.setdefault((prop.type, prop.targets, prop.holds, prop.many), {})


def said_in(
    tables: Tables, schema: Schema, known: Known | None = None
) -> tuple[list[Said], list[Problem]]:
    """What the rows of a partnership say, and a problem for every cell that cannot be read.

    `known` is what was read of other partnerships before, and takes what is read of this one.
    """
    reader = _Reader(
        slug=tables.slug,
        schema=schema,
        names=Names(tables.slug, schema, _own_ids(tables, schema), labels={}),
        words={
            scheme: {w.label.lower(): str(w.iri) for w in words}
            for scheme, words in schema.codes.items()
        },
        places=_places(tables),
        known={} if known is None else known,
    )
    classes = {klass.table: reader.table(klass) for klass in schema}
    return [_said(row, classes[row.table], reader) for row in tables.rows], reader.problems


def _said(row: Row, table: _Table, reader: _Reader) -> Said:
    meant = {}
    for key, cell in row.cells.items():
        column = table.columns[key]
        found = column.known.get(cell)
        if found is None:
            found = _cell(row, cell, column, reader)
        if found.values:
            meant[key] = found
    reader.problems += _place_problems(row, table.klass, reader)
    return Said(table.start + _quoted(row.id), table.klass, row, meant)


def _quoted(identifier: str) -> str:
    """An id, or a part of one; one that is told as wrong elsewhere still makes a whole IRI."""
    return identifier if _WHOLE.fullmatch(identifier) else quote(identifier)


def _own_ids(tables: Tables, schema: Schema) -> dict[str, frozenset[str]]:
    own: dict[str, set[str]] = {}
    for row in tables.rows:
        own.setdefault(row.table, set()).add(row.id)
    return {schema.by_table(table).name: frozenset(ids) for table, ids in own.items()}


def _places(tables: Tables) -> dict[str, frozenset[str]]:
    """By source id: the names of its parts; a source whose parts are not listed is absent."""
    found: dict[str, set[str]] = {}
    for row in tables.rows:
        if row.table == "source_parts":
            found.setdefault(_source_of(row), set()).add(row.cells.get("name", ""))
    return {source: frozenset(names) for source, names in found.items()}


def _source_of(row: Row) -> str:
    """The id of a row's source, which may be written with its class: report or source/report."""
    return local_of(row.cells.get("source", ""))


def _cell(row: Row, cell: str, column: _Column, reader: _Reader) -> Meant:
    """What a cell means; what cannot be read is told, each time it stands somewhere."""
    prop = column.prop
    read_one = _READING[prop.type]
    parts = [cell]
    if prop.many and _MARK in cell:
        parts = [part.strip() for part in cell.split(_MARK) if part.strip()]
    values = [read_one(part, prop, reader) for part in parts]
    read = [value for value in values if not isinstance(value, _Bad)]
    found = meant_by(dict.fromkeys(read) if len(read) > 1 else read, prop.type)
    if len(read) == len(values):
        column.known[cell] = found
    for part, value in zip(parts, values, strict=True):
        if isinstance(value, _Bad):
            reader.problems.append(_unread(row, part, prop, value))
    return found


def _unread(row: Row, part: str, prop: Property, bad: _Bad) -> Problem:
    shown = "" if prop.holds or bad.expected.startswith("no ") else part
    return Problem(row.file, row.number, prop.header, shown, bad.expected, bad.advice)


def _place_problems(row: Row, klass: Class, reader: _Reader) -> list[Problem]:
    if not reader.places:
        return []
    cell = row.cells.get
    named = cell("source", ""), cell("place", ""), cell("other_side", ""), cell("repeats", "")
    if named in reader.placed:
        return []
    known = reader.places.get(_source_of(row))
    problems = [] if known is None else list(_unknown_places(row, klass, known))
    if not problems:
        reader.placed.add(named)
    return problems


def _unknown_places(row: Row, klass: Class, known: Collection[str]) -> Iterator[Problem]:
    for key in ("place", "other_side", "repeats"):
        cell = row.cells.get(key, "")
        if not cell or (cell in known and _MARK not in cell):
            continue
        header = klass.property(key).header
        for place in (p.strip() for p in cell.split(_MARK)):
            if place not in known:
                advice = _nearest(place, known, "Add it to source_parts.csv, or correct it.")
                expected = "the name of a part of the source"
                yield Problem(row.file, row.number, header, place, expected, advice)


def _nearest(value: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(value, list(known), 1)
    return f'Did you mean "{close[0]}"?' if close else otherwise


def _free_text(text: str, prop: Property, _: _Reader) -> str | _Bad:
    if hidden_in(text):
        return _Bad(
            "no control characters (the value is not repeated here)",
            "Type the text again, or paste it as plain text: it holds characters that nobody sees.",
        )
    if prop.holds_contact and is_persons_mailbox(text):
        return _Bad(
            "no mailbox of a person (the value is not repeated here)",
            "Write the mailbox of the team, such as help@ or info@, or leave the row out.",
        )
    contact = contact_in(text, ALLOWED[prop.holds])
    if contact:
        return _Bad(
            f"no {contact.split(' ', 1)[1]} (the value is not repeated here)",
            "Remove it: contacts of people and of safe places are not recorded.",
        )
    return text


def _word(text: str, prop: Property, reader: _Reader) -> str | _Bad:
    words = reader.words[prop.targets[0]]
    found = words.get(text.lower())
    if found is not None:
        return found
    return _Bad(f"one of: {', '.join(words)}", _nearest(text.lower(), words, "Choose one of them."))


def _reference(text: str, prop: Property, reader: _Reader) -> str | _Bad:
    found = reader.names.meaning(text, prop.targets)
    if len(found) == 1:
        return _quoted(found[0])
    tables = " or ".join(reader.schema.classes[name].table for name in prop.targets)
    if found:
        choices = ", ".join(identifier.split("/", 1)[1] for identifier in found)
        return _Bad("an id that is used in one table only", f"Write one of: {choices}.")
    advice = _nearest(text, reader.names.known(prop.targets), f"Add it to {tables}, or correct it.")
    return _Bad(f"an id in {tables}", advice)


def _boolean(text: str, _: Property, __: _Reader) -> str | _Bad:
    value = {"true": True, "yes": True, "false": False, "no": False}.get(text.lower())
    if value is None:
        return _Bad("yes or no", "Write yes or no, or leave the cell empty if it is not recorded.")
    return "true" if value else "false"


def _edtf(text: str, _: Property, __: _Reader) -> str | _Bad:
    try:
        bounds(text)
    except ValueError:
        return _Bad(
            "a date as EDTF",
            "Write 2013-03-31, 2013-03 for a month, 2012-04/2013-03 for a period or ../2013-03 "
            "where only the end is known.",
        )
    return text


def _date(text: str, _: Property, __: _Reader) -> str | _Bad:
    try:
        limits = bounds(text)
    except ValueError:
        limits = None
    if limits is None or limits.first != limits.last or limits.first is None:
        return _Bad("a day", "Write it as 2013-03-31.")
    return limits.first.isoformat()


def _number(text: str, prop: Property, _: _Reader) -> str | _Bad:
    found = _NUMBER.fullmatch(text)
    number = Decimal(found[1].replace(",", "")) if found else None
    if number is None or (prop.type == "integer" and number != number.to_integral_value()):
        kind = "a whole number" if prop.type == "integer" else "a number"
        return _Bad(kind, "Write digits only, such as 30000.")
    return str(int(number)) if prop.type == "integer" else f"{number.normalize():f}"


_READING: Mapping[Type, Callable[[str, Property, _Reader], str | _Bad]] = {
    "string": _free_text,
    "text": _free_text,
    "code": _word,
    "reference": _reference,
    "boolean": _boolean,
    "edtf": _edtf,
    "date": _date,
    "integer": _number,
    "decimal": _number,
}
"""How one value is read, by the type of its property."""
