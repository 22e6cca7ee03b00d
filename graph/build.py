"""Tables to the statements of a release: what each cell means, by the schema; all problems at once.

There is a named graph a source. Cells are read by their property's type. References are looked up
among the partnership's own ids first and then among the shared terms. What can only be judged over
the whole is left to the shapes (`ontology/violations.py`), whose findings come back with the file,
row and column they stand in.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from graph.confidential import ALLOWED, contact_in, hidden_in, is_persons_mailbox
from graph.dates import bounds
from graph.errors import InputError, Problem
from graph.ids import id_of, local_of, record_id
from graph.sources.names import SEPARATOR, Names
from graph.sources.reading import read_tables
from graph.sources.rows import Row, Tables
from graph.statements import Said, code_lines, lines_of, subjects_of
from graph.unmarked import safety_problems
from ontology.columns import read_columns
from ontology.namespaces import BASE, FP, SHARED
from ontology.schema import Class, Property, Schema, shared
from ontology.violations import Violation, kinds_of, violations_among

Progress = Callable[[str], None]
_NUMBER = re.compile(r"£?(-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)", re.ASCII)
"""A comma separates thousands and nothing else: 1,5 may be one and a half or a slip."""


@dataclass(frozen=True, slots=True)
class _Bad:
    """Why a cell cannot be read: what was expected and what to do."""

    expected: str
    advice: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a class, and what the cells that were read mean there."""

    prop: Property
    known: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class _Reader:
    """What is needed to read the cells of one partnership."""

    slug: str
    schema: Schema
    names: Names
    words: Mapping[str, Mapping[str, str]]
    places: Mapping[str, frozenset[str]]
    problems: list[Problem] = field(default_factory=list)
    known: dict[tuple[object, ...], dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """What cells were read as: the same few references and words stand in most rows."""

    def columns(self, klass: Class) -> list[_Column]:
        """The columns of a class, each with what is known of its cells."""
        return [
            _Column(p, self.known.setdefault((p.type, p.targets, p.holds, p.many), {}))
            for p in klass.columns
        ]


def build_dataset(
    paths: Iterable[Path], schema: Schema, progress: Progress = lambda _: None
) -> list[bytes]:
    """Read and validate partnerships, each a folder or a workbook: the content of a release.

    Raises InputError with every problem found in all of them; nothing is written.
    """
    problems: list[Problem] = []

    def read() -> Iterator[Tables]:
        for path in paths:
            progress(f"reading {path.name}")
            tables, found = read_tables(path, schema)
            problems.extend(found)
            yield tables

    return dataset_of(read(), problems, schema, progress)


def dataset_of(
    partnerships: Iterable[Tables],
    problems: Iterable[Problem],
    schema: Schema,
    progress: Progress = lambda _: None,
) -> list[bytes]:
    """Validate tables, from whatever they were read: the content of a release, block by block.

    There is a block a partnership: what one says refers to its own records and to shared terms, and
    so it is read, checked and written without the others. `problems` are those met in reading, also
    while partnerships are still coming; they are told together with what is found here.

    Raises InputError with every problem found in all of them; nothing is written.
    """
    blocks = _shared_blocks(schema)
    shared_kinds = kinds_of(line for lines in blocks.values() for line in lines)
    breaches = [
        v for ls in blocks.values() for v in violations_among(read_columns(ls), shared_kinds)
    ]
    content = {start: _block(lines) for start, lines in blocks.items()}
    found: list[Problem] = []
    records: dict[str, Said] = {}
    for tables in partnerships:
        found += _count_problems(tables, schema)
        said, unread = _said(tables, schema)
        found += unread + _unaccounted(tables)
        records.update((one.id, one) for one in said)
        lines = sorted({*lines_of(said, quote(tables.slug))})
        breaches += violations_among(read_columns(lines), kinds_of(lines) | shared_kinds)
        content[subjects_of(quote(tables.slug))] = _block(lines)
    progress("looking for what tells of safe places")
    problems = [*problems, *found, *safety_problems(records)]
    problems += _unreported(problems, [_as_problem(v, records, schema) for v in breaches])
    if problems:
        raise InputError(problems)
    return [content[start] for start in sorted(content)]


def _shared_blocks(schema: Schema) -> dict[str, list[str]]:
    """What belongs to no partnership, by how its subjects begin: shared terms, and the ontology."""
    ours = subjects_of(SHARED)
    blocks: dict[str, list[str]] = {ours: [], f"<{BASE}ontology": []}
    for line in sorted({*code_lines(shared(), schema)}):
        blocks[ours if line.startswith(ours) else f"<{BASE}ontology"].append(line)
    return blocks


def _block(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _unreported(problems: Sequence[Problem], found: Iterable[Problem]) -> list[Problem]:
    """What the shapes find, without what is told already."""
    found = list(found)
    reported = {(p.file, p.row, p.column) for p in problems}
    # Whether a ground is needed is only known where the basis is.
    reported |= {(p.file, p.row, "ground") for p in [*problems, *found] if p.column == "basis"}
    # A row whose id is wrong or taken is mixed up with another: nothing more is known of it.
    return [p for p in found if not {(p.file, p.row, p.column), (p.file, p.row, "id")} & reported]


def _count_problems(tables: Tables, schema: Schema) -> list[Problem]:
    if tables.counts is None:
        return []
    file = f"{tables.slug}/partnership.toml"
    held: dict[str, int] = {}
    for row in tables.rows:
        held[row.table] = held.get(row.table, 0) + 1
    known = {c.table for c in schema} - {"partnership", "sources"}
    problems = []
    for table in sorted(known & set(held) | set(tables.counts)):
        declared, actual = tables.counts.get(table, 0), held.get(table, 0)
        if declared != actual:
            advice = "Find the row that is missing or twice there, or correct the count."
            expected = f"{declared} rows in {table}, and {actual} are there"
            problems.append(Problem(file, 0, f"counts.{table}", "", expected, advice))
    return problems


def _said(tables: Tables, schema: Schema) -> tuple[list[Said], list[Problem]]:
    """What the rows of a partnership say, and every cell that says nothing that can be read."""
    reader = _Reader(
        slug=tables.slug,
        schema=schema,
        names=Names(tables.slug, schema, _own_ids(tables, schema), labels={}),
        words={
            scheme: {w.label.lower(): str(w.iri) for w in words}
            for scheme, words in schema.codes.items()
        },
        places=_places(tables),
    )
    classes = {klass.table: (klass, reader.columns(klass)) for klass in schema}
    said = []
    for row in tables.rows:
        klass, columns = classes[row.table]
        values = dict(_values(row, columns, reader))
        reader.problems += _place_problems(row, klass, reader)
        said.append(Said(_id(tables.slug, klass.slug, row.id), klass, row, values))
    return said, reader.problems


def _id(slug: str, class_slug: str, local: str) -> str:
    """The id of a record; one that is told as wrong elsewhere still makes an IRI that is whole."""
    return record_id(_quoted(slug), class_slug, _quoted(local))


def _quoted(part: str) -> str:
    return part if part.isascii() and part.replace("-", "").isalnum() else quote(part)


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


def _unaccounted(tables: Tables) -> list[Problem]:
    """Places of a source that no record cites and that give no reason for it."""
    cited = {
        (row.cells.get("source", ""), place.strip())
        for row in tables.rows
        for key in ("place", "other_side")
        for place in row.cells.get(key, "").split(SEPARATOR.strip())
    }
    problems = []
    for row in tables.rows:
        key = row.cells.get("source", ""), row.cells.get("name", "")
        silent = not (row.cells.get("holds_none_because") or row.cells.get("repeats"))
        if row.table == "source_parts" and silent and key not in cited:
            advice = 'Cite it in the "place" of a record, or say why it holds none.'
            expected = "a place that a record is drawn from, or a reason"
            problems.append(
                Problem(row.file, row.number, "holds none because", "", expected, advice)
            )
    return problems


def _values(
    row: Row, columns: Iterable[_Column], reader: _Reader
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for column in columns:
        key = column.prop.key
        cell = row.cells.get(key, "")
        if cell:
            found = column.known.get(cell)
            if found is None:
                found = _cell(row, cell, column, reader)
            if found:
                yield key, found


def _cell(row: Row, cell: str, column: _Column, reader: _Reader) -> tuple[str, ...]:
    """The values of a cell; what cannot be read is told, each time it stands somewhere."""
    prop, read, are_all_read = column.prop, [], True
    parts = [p.strip() for p in cell.split(SEPARATOR.strip())] if prop.many else [cell]
    for part in filter(None, parts):
        value = _value(part, prop, reader)
        if isinstance(value, _Bad):
            are_all_read = False
            shown = "" if prop.holds or value.expected.startswith("no ") else part
            reader.problems.append(
                Problem(row.file, row.number, prop.header, shown, value.expected, value.advice)
            )
        else:
            read.append(value)
    found = tuple(dict.fromkeys(read))
    if are_all_read:
        column.known[cell] = found
    return found


def _place_problems(row: Row, klass: Class, reader: _Reader) -> list[Problem]:
    known = reader.places.get(_source_of(row))
    if known is None:
        return []
    problems = []
    for key in ("place", "other_side", "repeats"):
        cell = row.cells.get(key, "")
        if not cell or (cell in known and SEPARATOR.strip() not in cell):
            continue
        header = klass.property(key).header
        for place in (p.strip() for p in cell.split(SEPARATOR.strip())):
            if place not in known:
                advice = _nearest(place, known, "Add it to source_parts.csv, or correct it.")
                expected = "the name of a part of the source"
                problems.append(Problem(row.file, row.number, header, place, expected, advice))
    return problems


def _nearest(value: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(value, list(known), 1)
    return f'Did you mean "{close[0]}"?' if close else otherwise


def _value(text: str, prop: Property, reader: _Reader) -> str | _Bad:
    match prop.type:
        case "string" | "text":
            return _free_text(text, prop)
        case "code":
            return _word(text, prop, reader)
        case "reference":
            return _reference(text, prop, reader)
        case "boolean":
            return _boolean(text)
        case "edtf":
            return _edtf(text)
        case "date":
            return _date(text)
        case "integer" | "decimal":
            return _number(text, prop)


def _free_text(text: str, prop: Property) -> str | _Bad:
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
        return _id(*found[0].split("/", 2))
    tables = " or ".join(reader.schema.classes[name].table for name in prop.targets)
    if found:
        choices = ", ".join(identifier.split("/", 1)[1] for identifier in found)
        return _Bad("an id that is used in one table only", f"Write one of: {choices}.")
    advice = _nearest(text, reader.names.known(prop.targets), f"Add it to {tables}, or correct it.")
    return _Bad(f"an id in {tables}", advice)


def _boolean(text: str) -> str | _Bad:
    value = {"true": True, "yes": True, "false": False, "no": False}.get(text.lower())
    if value is None:
        return _Bad("yes or no", "Write yes or no, or leave the cell empty if it is not recorded.")
    return "true" if value else "false"


def _edtf(text: str) -> str | _Bad:
    try:
        bounds(text)
    except ValueError:
        return _Bad(
            "a date as EDTF",
            "Write 2013-03-31, 2013-03 for a month, 2012-04/2013-03 for a period or ../2013-03 "
            "where only the end is known.",
        )
    return text


def _date(text: str) -> str | _Bad:
    try:
        limits = bounds(text)
    except ValueError:
        limits = None
    if limits is None or limits.first != limits.last or limits.first is None:
        return _Bad("a day", "Write it as 2013-03-31.")
    return limits.first.isoformat()


def _number(text: str, prop: Property) -> str | _Bad:
    found = _NUMBER.fullmatch(text)
    number = Decimal(found[1].replace(",", "")) if found else None
    if number is None or (prop.type == "integer" and number != number.to_integral_value()):
        kind = "a whole number" if prop.type == "integer" else "a number"
        return _Bad(kind, "Write digits only, such as 30000.")
    return str(int(number)) if prop.type == "integer" else f"{number.normalize():f}"


def _as_problem(violation: Violation, records: Mapping[str, Said], schema: Schema) -> Problem:
    said = records.get(id_of(str(violation.focus)))
    if said is None:
        return Problem(
            "codes.ttl", 0, "", str(violation.focus), violation.message, "Mend the term."
        )
    row, klass = said.row, said.klass
    prop = next((p for p in klass.properties if p.iri == violation.path), None)
    header = prop.header if prop else ""
    shown = row.cells.get(prop.key, "") if prop and not prop.holds else ""
    advice = "Correct the row."
    expected = violation.message.rstrip(".")
    if violation.component == "MinCountConstraintComponent":
        expected, advice = "a value", "Fill the cell in; it may not be empty."
    elif violation.component == "MaxCountConstraintComponent":
        expected, advice = "one value", "Leave one value in the cell."
    elif violation.path == FP.ground:
        advice = "Fill in the ground, or write 'stated' if the source says it."
    return Problem(row.file, row.number, header, shown, expected, advice)
