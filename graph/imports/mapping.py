"""How somebody's own sheet becomes rows of our tables: a small file that a person can correct.

A row of a sheet gives one or more records: a service, its provider, the money that pays for it.
Each record has a name in the mapping, a table and cells that are the same in every row; a cell
`@provider` is the record of that name in the same row. A column gives a record one of its cells:

    [sheets.records.provision]
    table = "provisions"
    agency = "@provider"
    service = "@service"
    role = "provides"

    [[sheets.columns]]
    header = "Run by"
    to = "provider.name"

A cell or word that nobody has decided about yet is `?`.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from graph.errors import InputError, Problem
from graph.imports.grid import SEPARATORS
from graph.release import write_whole
from ontology.schema import Property, Schema

UNDECIDED = "?"
DATE_FORMS = ("day/month/year", "month/day/year", "year/month/day")
"""The orders of the numbers of a date; dates in words and in ISO form need none."""
SIDES = ("first", "last")
"""Which day of a period a column gives."""
MERGED = ("refuse", "fill")
"""What is done with cells that are merged downwards: refused, or each row gets the value."""
ID = "id"

_SOURCE = "source"
_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column: the cell it gives (`record.key`, or nothing where it is left out) and how.

    `words` says what its words mean in ours; one that means nothing is left out.
    """

    header: str
    to: str = ""
    split: str = ""
    date: str = ""
    side: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def record(self) -> str:
        """The name of the record that it gives a cell."""
        return self.to.partition(".")[0]

    @property
    def key(self) -> str:
        """The key of the cell."""
        return self.to.partition(".")[2]


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """One record of every row: its table, and the cells that are the same in every row."""

    table: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """One sheet: where its headers stand, its records and its columns."""

    sheet: str
    header_row: int
    records: Mapping[str, RecordMapping]
    columns: tuple[ColumnMapping, ...]
    merged: str = "refuse"


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A whole file: what is said of it as a source, and its sheets."""

    source: Mapping[str, str]
    sheets: tuple[SheetMapping, ...]
    encoding: str = ""
    separator: str = ""


# ---------------------------------------------------------------- writing


def write_mapping(mapping: FileMapping, path: Path, schema: Schema) -> None:
    """Write a mapping as TOML, with remarks on what is to be decided."""
    write_whole(path, "\n".join(_text(mapping, schema)).encode())


def _text(mapping: FileMapping, schema: Schema) -> Iterator[str]:
    yield "# How the columns of the sheet become ours. Correct it, and import again with it."
    yield f'# "{UNDECIDED}" is to be decided; an empty "to" leaves a column out. The columns of our'
    yield "# tables are explained in the template: fingerpost template"
    yield ""
    yield "[source]"
    for key, cell in mapping.source.items():
        yield from _decide(cell, _source_choice(key, schema))
        yield _pair(key, cell)
    if mapping.encoding:
        yield from ("", "[file]", _pair("encoding", mapping.encoding))
        yield _pair("separator", mapping.separator)
    for sheet in mapping.sheets:
        yield from _sheet_text(sheet, schema)


def _sheet_text(sheet: SheetMapping, schema: Schema) -> Iterator[str]:
    yield from ("", "[[sheets]]", _pair("sheet", sheet.sheet))
    yield from (f"header_row = {sheet.header_row}", _pair("merged", sheet.merged))
    for name, record in sheet.records.items():
        yield from ("", f"[sheets.records.{name}]", _pair("table", record.table))
        for key, cell in record.cells.items():
            prop = _property(schema, record.table, key)
            yield from _decide(cell, _choice(prop, schema) if prop else "")
            yield _pair(key, cell)
    for column in sheet.columns:
        yield from ("", "[[sheets.columns]]")
        if column.why:
            yield f"# {' '.join(column.why.split())}"
        yield _pair("header", column.header)
        yield _pair("to", column.to)
        for key in ("split", "date", "side"):
            if getattr(column, key):
                yield _pair(key, getattr(column, key))
        if column.words:
            table = sheet.records[column.record].table if column.record in sheet.records else ""
            prop = _property(schema, table, column.key)
            yield "[sheets.columns.words]"
            if UNDECIDED in column.words.values() and prop:
                yield from _decide(UNDECIDED, _choice(prop, schema))
            yield from (_pair(word, ours) for word, ours in column.words.items())
    yield ""


def _pair(key: str, value: str) -> str:
    return tomli_w.dumps({key: value}).strip()


def _decide(cell: str, choice: str) -> Iterator[str]:
    if cell == UNDECIDED and choice:
        yield f"# {choice}"


def _choice(prop: Property, schema: Schema) -> str:
    if prop.type == "code":
        return f"One of: {', '.join(w.label for w in schema.codes[prop.targets[0]])}."
    if prop.type in ("edtf", "date"):
        return "A date such as 2026-06-30 or 2026-06."
    if prop.type == "reference":
        tables = " or ".join(schema.classes[name].table for name in prop.targets)
        return f"An id in {tables}, or the name of a shared term."
    return prop.help


def _source_choice(key: str, schema: Schema) -> str:
    prop = _property(schema, "sources", key)
    return _choice(prop, schema) if prop else ""


def _property(schema: Schema, table: str, key: str) -> Property | None:
    try:
        klass = schema.by_table(table)
    except KeyError:
        return None
    return next((p for p in klass.columns if p.key == key), None)


# ---------------------------------------------------------------- reading


def read_mapping(path: Path, schema: Schema) -> FileMapping:
    """A mapping as a person left it.

    Raises InputError with every mistake in it, by line or key, also what is still undecided.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        line = _LINE.search(str(error))
        advice = f"Mend it: {error}."
        problem = Problem(path.name, int(line[1]) if line else 0, "", "", "TOML in UTF-8", advice)
        raise InputError([problem]) from None
    reader = _Reader(path.name, schema)
    mapping = reader.file(content)
    if reader.problems:
        raise InputError(reader.problems)
    return mapping


@dataclass(slots=True)
class _Reader:
    """Reads the keys of a mapping, and notes each mistake with the path of its key."""

    name: str
    schema: Schema
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: str, value: object, expected: str, known: Iterable[str] = ()) -> None:
        """Note a mistake; of what is known, the nearest is suggested."""
        shown = value if isinstance(value, str) else ""
        close = difflib.get_close_matches(shown, list(known), 1)
        advice = f'Did you mean "{close[0]}"?' if close else "Correct it in the mapping."
        self.problems.append(Problem(self.name, 0, path, shown, expected, advice))

    def file(self, content: Mapping[str, Any]) -> FileMapping:
        self.known(content, "", ("source", "file", "sheets"))
        about = self.table(content, "", "file")
        self.known(about, "file", ("encoding", "separator"))
        separator = self.text(about, "file", "separator")
        if separator and separator not in SEPARATORS:
            self.wrong("file.separator", separator, f"one of: {', '.join(SEPARATORS.values())}")
        return FileMapping(
            source=self.source(self.table(content, "", "source")),
            sheets=tuple(
                self.sheet(sheet, f"sheets[{n}]")
                for n, sheet in enumerate(self.tables(content, "", "sheets"), start=1)
            ),
            encoding=self.text(about, "file", "encoding"),
            separator=separator,
        )

    def source(self, given: Mapping[str, Any]) -> dict[str, str]:
        columns = [p.key for p in self.schema.by_table("sources").columns]
        self.known(given, _SOURCE, (ID, *columns))
        cells = {key: self.text(given, _SOURCE, key) for key in given}
        for key in (ID, "title", "kind", "date"):
            self.decided(f"{_SOURCE}.{key}", cells.get(key) or UNDECIDED, "sources", key)
        return cells

    def sheet(self, given: Mapping[str, Any], path: str) -> SheetMapping:
        self.known(given, path, ("sheet", "header_row", "merged", "records", "columns"))
        row = given.get("header_row", 1)
        if type(row) is not int or row < 1:
            self.wrong(f"{path}.header_row", str(row), "the number of a row, from 1")
            row = 1
        merged = self.text(given, path, "merged") or MERGED[0]
        if merged not in MERGED:
            self.wrong(f"{path}.merged", merged, f"one of: {', '.join(MERGED)}", MERGED)
        wanted = self.table(given, path, "records")
        records = {
            name: self.record(self.table(wanted, f"{path}.records", name), name, wanted, path)
            for name in wanted
        }
        columns = tuple(
            self.column(column, f"{path}.columns[{n}]", records)
            for n, column in enumerate(self.tables(given, path, "columns"), start=1)
        )
        return SheetMapping(self.text(given, path, "sheet"), row, records, columns, merged)

    def record(
        self, given: Mapping[str, Any], name: str, others: Iterable[str], path: str
    ) -> RecordMapping:
        path = f"{path}.records.{name}"
        table = self.text(given, path, "table")
        cells = {key: self.text(given, path, key) for key in given if key != "table"}
        tables = [c.table for c in self.schema if c.table not in ("partnership", "sources")]
        if table not in tables:
            self.wrong(f"{path}.table", table, f"one of: {', '.join(tables)}", tables)
            return RecordMapping("", cells)
        columns = [p.key for p in self.schema.by_table(table).columns if p.key != _SOURCE]
        self.known(cells, path, columns)
        for key, cell in cells.items():
            self.decided(f"{path}.{key}", cell, table, key)
            if cell.startswith("@") and cell[1:] not in set(others) - {name}:
                names = [f"@{other}" for other in others]
                self.wrong(f"{path}.{key}", cell, "the name of another record", names)
        return RecordMapping(table, cells)

    def column(
        self, given: Mapping[str, Any], path: str, records: Mapping[str, RecordMapping]
    ) -> ColumnMapping:
        self.known(given, path, ("header", "to", "split", "date", "side", "words"))
        if not self.text(given, path, "header"):
            self.wrong(f"{path}.header", "", "the header of a column")
        words = self.table(given, path, "words")
        column = ColumnMapping(
            header=self.text(given, path, "header"),
            to=self.text(given, path, "to"),
            split=self.text(given, path, "split"),
            date=self.text(given, path, "date"),
            side=self.text(given, path, "side"),
            words={word: self.text(words, f"{path}.words", word) for word in words},
        )
        for key, allowed in (("date", DATE_FORMS), ("side", SIDES)):
            value = getattr(column, key)
            if value and value not in allowed:
                self.wrong(f"{path}.{key}", value, f"one of: {', '.join(allowed)}", allowed)
        if column.to:
            self.target(column, path, records)
        return column

    def target(
        self, column: ColumnMapping, path: str, records: Mapping[str, RecordMapping]
    ) -> None:
        known = [
            f"{name}.{key}"
            for name, record in records.items()
            if record.table
            for key in (ID, *(p.key for p in self.schema.by_table(record.table).columns))
        ]
        if column.to not in known and records.get(column.record, RecordMapping("-")).table:
            self.wrong(
                f"{path}.to", column.to, "a record of this sheet and a column of ours", known
            )
        for word, ours in column.words.items():
            if column.record in records:
                table = records[column.record].table
                self.decided(f"{path}.words.{word}", ours, table, column.key)

    def decided(self, path: str, cell: str, table: str, key: str) -> None:
        if cell == UNDECIDED:
            prop = _property(self.schema, table, key)
            choice = _choice(prop, self.schema) if prop else ""
            self.problems.append(Problem(self.name, 0, path, "", "a decision", choice or "Decide."))

    def known(self, given: Mapping[str, Any], path: str, keys: Iterable[str]) -> None:
        keys = tuple(keys)
        for key in given:
            if key not in keys:
                # A slip of the pen is told by its place; any other text of the sender's is the
                # value alone, which HTTP does not repeat.
                is_slip = bool(difflib.get_close_matches(key, keys, 1))
                where = ".".join(filter(None, (path, key if is_slip else "")))
                self.wrong(where, key, f"one of the keys: {', '.join(keys)}", keys)

    def text(self, given: Mapping[str, Any], path: str, key: str) -> str:
        value = given.get(key, "")
        if not isinstance(value, str):
            self.wrong(f"{path}.{key}", "", "a text in quotation marks")
            return ""
        return value

    def table(self, given: Mapping[str, Any], path: str, key: str) -> Mapping[str, Any]:
        value = given.get(key, {})
        if not isinstance(value, dict):
            self.wrong(f"{path}.{key}".lstrip("."), "", "a table")
            return {}
        return value

    def tables(self, given: Mapping[str, Any], path: str, key: str) -> list[Mapping[str, Any]]:
        value = given.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(f"{path}.{key}".lstrip("."), "", f"tables: [[{key}]]")
            return []
        return value
