"""Somebody's own sheet as rows of our tables, by a mapping that a person has looked at.

    mapping = propose(path, schema)          # graph/imports/proposal.py: from headers and values
    write_mapping(mapping, beside, schema)   # graph/imports/mapping.py: a small TOML file
    mapping = read_mapping(beside, schema)
    imported = read_sheet(path, mapping, slug, schema)

Ids come of names, never of the order of rows, so that a sheet imported twice gives the same rows.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.confidential import contact_in
from graph.errors import InputError, Problem
from graph.ids import LOCAL, SLUG_FORM
from graph.imports.grid import WINDOWS, Book, Grid, read_book
from graph.imports.imported import Imported, Left
from graph.imports.mapping import (
    ID,
    ColumnMapping,
    FileMapping,
    RecordMapping,
    SheetMapping,
)
from graph.imports.marks import local_id
from graph.imports.values import answer_of, date_of, money_of
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

_NAMES = ("name", "title")
_SOURCE_PLACE = "the mapping, [source]"
_FIX = "Correct the cell, or say in the mapping what it means."
_OPEN = ".."


@dataclass(slots=True)
class _Made:
    """One record of our tables, with every row of the sheet that it stands in."""

    row: Row
    numbers: list[int]


@dataclass(slots=True)
class _Sheet:
    """One sheet being read."""

    mapping: SheetMapping
    place: str
    file: str
    schema: Schema
    headers: list[str]
    source: str
    problems: list[Problem] = field(default_factory=list)
    made: dict[tuple[str, str], _Made] = field(default_factory=dict)

    def wrong(self, number: int, header: str, value: str, expected: str, advice: str) -> None:
        """Note a problem with a cell of the sheet."""
        self.problems.append(Problem(self.file, number, header, value, expected, advice))


def read_sheet(path: Path, mapping: FileMapping, slug: str, schema: Schema) -> Imported:
    """The rows of a partnership that a sheet holds, as its mapping says."""
    if not LOCAL.fullmatch(slug) or slug == SHARED:
        problem = Problem(path.name, 0, "", "", SLUG_FORM, "Name it such as: eastmarch.")
        return Imported(Tables(slug, (), None), (), [problem])
    try:
        book = read_book(path, mapping.encoding, mapping.separator)
    except InputError as error:
        return Imported(Tables(slug, (), None), (), error.problems)
    source = mapping.source.get(ID, "")
    rows = [Row("sources", _SOURCE_PLACE, 0, source, _without(mapping.source, ID))]
    problems: list[Problem] = []
    left = list(_encoding_told(book))
    made: dict[tuple[str, str], _Made] = {}
    grids = {grid.title: grid for grid in book.grids}
    for sheet in mapping.sheets:
        grid = grids.get(sheet.sheet)
        if grid is None:
            titles = ", ".join(f'"{title}"' for title in grids)
            advice = f"It has: {titles}. Correct the mapping."
            problems.append(Problem(path.name, 0, "", sheet.sheet, "a sheet of this name", advice))
            continue
        place = grid.title.replace(SEPARATOR.strip(), ",")
        file = f"{path.name}, sheet {grid.title}" if grid.title else path.name
        reading = _Sheet(
            sheet, place, file, schema, headers_of(grid, sheet.header_row), source, made=made
        )
        left += _read(grid, reading)
        problems += reading.problems
    mapped = {sheet.sheet for sheet in mapping.sheets}
    left += [
        Left(f'the sheet "{grid.title}"', 1, "the mapping does not name it")
        for grid in book.grids
        if grid.title not in mapped and any(map(any, grid.lines))
    ]
    if problems:
        return Imported(Tables(slug, (), None), tuple(sorted(left)), sorted(set(problems)))
    order = {klass.table: rank for rank, klass in enumerate(schema)}
    rows += sorted((m.row for m in made.values()), key=lambda r: (order[r.table], r.id))
    return Imported(Tables(slug, tuple(rows), None), tuple(sorted(left)))


def headers_of(grid: Grid, header_row: int) -> list[str]:
    """The headers of a sheet on one line each; one that comes again has its number behind it."""
    line = grid.lines[header_row - 1] if header_row <= len(grid.lines) else ()
    headers: list[str] = []
    seen: Counter[str] = Counter()
    for cell in line:
        plain = " ".join(cell.split())
        seen[plain] += 1
        headers.append(plain if seen[plain] == 1 or not plain else f"{plain} ({seen[plain]})")
    return headers


def in_own_words(
    problems: Iterable[Problem], mapping: FileMapping, schema: Schema
) -> list[Problem]:
    """Problems that a build found in rows of a sheet, with the headers that the sheet has."""
    own = {
        (_record_place(sheet.sheet, name), prop.header): column.header
        for sheet in mapping.sheets
        for name, record in sheet.records.items()
        for prop in schema.by_table(record.table).columns
        for column in sheet.columns
        if column.to == f"{name}.{prop.key}"
    }
    found = []
    for problem in problems:
        for (place, header), column in own.items():
            if problem.column == header and problem.file.endswith(place):
                file = problem.file.rsplit(" (", 1)[0]
                problem = replace(problem, file=file, column=column)
                break
        found.append(problem)
    return found


def _record_place(title: str, record: str) -> str:
    return f"sheet {title} ({record})" if title else f" ({record})"


def _without(cells: Mapping[str, str], key: str) -> dict[str, str]:
    return {k: cell for k, cell in cells.items() if k != key and cell}


def _encoding_told(book: Book) -> Iterator[Left]:
    if book.encoding == WINDOWS:
        why = 'it is not UTF-8, so it is read as that of Windows; better save it as "CSV UTF-8"'
        yield Left("the certainty of accents and £ signs", 1, why)


# ---------------------------------------------------------------- rows


def _read(grid: Grid, sheet: _Sheet) -> Iterator[Left]:
    mapped = {column.header for column in sheet.mapping.columns if column.to}
    for column in sheet.mapping.columns:
        if column.to and column.header not in sheet.headers:
            advice = f"It has: {', '.join(filter(None, sheet.headers))}. Correct the mapping."
            row = sheet.mapping.header_row
            sheet.wrong(row, column.header, "", "a column of this name", advice)
    lines = _filled(grid, sheet, mapped)
    for refused in grid.refused:
        header = _header(sheet, refused.column)
        if refused.row > sheet.mapping.header_row and header in mapped:
            sheet.wrong(refused.row, header, "", refused.expected, refused.advice)
    unmapped: Counter[str] = Counter()
    for number, line in enumerate(lines, start=1):
        if number <= sheet.mapping.header_row or not any(line):
            continue
        cells = dict(zip(sheet.headers, line, strict=False))
        unmapped.update(h for h, cell in cells.items() if cell and h not in mapped)
        unmapped["cells without a header"] += sum(map(bool, line[len(sheet.headers) :]))
        _records(cells, number, sheet)
    for header, times in sorted((+unmapped).items()):
        shown = "that has a contact as its header" if contact_in(header) else f'"{header}"'
        yield Left(f"the column {shown}", times, "the mapping leaves it out")


def _header(sheet: _Sheet, column: int) -> str:
    return sheet.headers[column - 1] if column <= len(sheet.headers) else ""


def _filled(grid: Grid, sheet: _Sheet, mapped: set[str]) -> list[list[str]]:
    """The lines with cells that are merged downwards filled, where the mapping says so."""
    lines = [list(line) for line in grid.lines]
    for merged in grid.merged:
        header = _header(sheet, merged.column)
        if merged.row <= sheet.mapping.header_row or header not in mapped:
            continue
        if sheet.mapping.merged == "fill" and merged.columns == 1:
            value = lines[merged.row - 1][merged.column - 1] if merged.row <= len(lines) else ""
            for line in lines[merged.row - 1 : merged.row - 1 + merged.rows]:
                line += [""] * (merged.column - len(line))
                line[merged.column - 1] = value
        else:
            advice = "Unmerge it and fill in each cell."
            if merged.columns == 1:
                advice += ' Or write merged = "fill" in the mapping: each row has the value.'
            sheet.wrong(merged.row, header, "", "a cell of its own in each row", advice)
    return lines


def _records(cells: Mapping[str, str], number: int, sheet: _Sheet) -> None:
    """Adds the records of one row."""
    made: dict[str, list[str]] = {}
    for name in _in_order(sheet.mapping.records):
        record = sheet.mapping.records[name]
        klass = sheet.schema.by_table(record.table)
        columns = [c for c in sheet.mapping.columns if c.record == name]
        choices: dict[str, list[str]] = {}
        for key, cell in record.cells.items():
            texts = made.get(cell[1:], []) if cell.startswith("@") else [cell]
            if texts:
                choices[key] = [SEPARATOR.join(texts)] if _is_many(klass, key) else texts
        given = {key for key in choices if record.cells[key].startswith("@")}
        said = _said(columns, klass, cells, number, sheet)
        if not said and (not given or given != _references(record)):
            continue
        choices |= said
        _once(choices, columns, klass, number, sheet)
        ids = [
            _add(name, klass, dict(zip(choices, values, strict=True)), number, sheet)
            for values in itertools.product(*choices.values())
        ]
        made[name] = list(dict.fromkeys(filter(None, ids)))


def _once(
    choices: Mapping[str, Sequence[str]],
    columns: Iterable[ColumnMapping],
    klass: Class,
    number: int,
    sheet: _Sheet,
) -> None:
    """Notes an amount that would be counted for several records of one row."""
    if any(len(texts) > 1 for texts in choices.values()):
        for column in columns:
            kind = klass.property(column.key).type if column.key != ID else "string"
            if column.key in choices and kind in ("decimal", "integer"):
                expected = "an amount of one thing: the row says it of several"
                advice = "Give each a row with its own amount."
                sheet.wrong(number, column.header, "", expected, advice)


def _in_order(records: Mapping[str, RecordMapping]) -> list[str]:
    """Records after those that they refer to; those in a circle last."""
    done: list[str] = []
    waiting = list(records)
    while waiting:
        free = [n for n in waiting if not _named(records[n]) & {*waiting} - {n}]
        done += free or waiting
        waiting = [n for n in waiting if n not in done]
    return done


def _named(record: RecordMapping) -> set[str]:
    return {cell[1:] for cell in record.cells.values() if cell.startswith("@")}


def _references(record: RecordMapping) -> set[str]:
    return {key for key, cell in record.cells.items() if cell.startswith("@")}


def _is_many(klass: Class, key: str) -> bool:
    return klass.property(key).many


def _said(
    columns: Sequence[ColumnMapping],
    klass: Class,
    cells: Mapping[str, str],
    number: int,
    sheet: _Sheet,
) -> dict[str, list[str]]:
    """What a row's columns say of one record: by key the texts, several where each is a record."""
    said: dict[str, list[str]] = {}
    periods: dict[str, dict[str, str]] = {}
    for column in columns:
        cell = cells.get(column.header, "").strip()
        texts = _parts(cell, column)
        if column.key == ID:
            found = [local_id(slug_of(text)) for text in texts if slug_of(text)]
        else:
            prop = klass.property(column.key)
            read = (_read_value(text, column, prop, number, sheet) for text in texts)
            found = [text for text in read if text]
            if found and column.side:
                periods.setdefault(column.key, {})[column.side] = found[0]
                continue
            if prop.many and found:
                found = [SEPARATOR.join(dict.fromkeys([*said.get(column.key, []), *found]))]
        if found:
            said[column.key] = found
    return said | {key: [_period(sides)] for key, sides in periods.items()}


def _parts(cell: str, column: ColumnMapping) -> list[str]:
    parts = cell.split(column.split) if column.split else [cell]
    return [part.strip() for part in parts if part.strip()]


def _period(sides: Mapping[str, str]) -> str:
    """One period of the dates of its two sides, one of which may be absent."""
    first, last = sides.get("first", _OPEN), sides.get("last", _OPEN)
    return f"{first.split('/')[0]}/{last.split('/')[-1]}"


def _read_value(
    text: str, column: ColumnMapping, prop: Property, number: int, sheet: _Sheet
) -> str:
    lower = {word.lower(): ours for word, ours in column.words.items()}
    if text.lower() in lower:
        return lower[text.lower()]
    found, expected = _typed(text, column, prop)
    if found is None:
        sheet.wrong(number, column.header, text, expected, _FIX)
        return ""
    if prop.many and SEPARATOR.strip() in found:
        expected = 'no semicolon in a value, or split = ";" in the mapping'
        sheet.wrong(number, column.header, text, expected, _FIX)
    return found


def _typed(text: str, column: ColumnMapping, prop: Property) -> tuple[str | None, str]:
    """A value in the form of our tables, or None and what is expected."""
    match prop.type:
        case "edtf" | "date":
            order = f" with its numbers as {column.date}" if column.date else ""
            return date_of(text, column.date), f"a date{order}"
        case "decimal" | "integer":
            return money_of(text), "a number"
        case "boolean":
            return answer_of(text), "yes or no"
        case "reference" if not _is_shared(prop):
            # An id is an id; a name is that of a record whose id came of its name too.
            return local_id(slug_of(text)) if slug_of(text) else None, "a name"
        case _:
            return text, ""


def _is_shared(prop: Property) -> bool:
    return any(target in ("ClientGroup", "Need", "ServiceType") for target in prop.targets)


def slug_of(text: str) -> str:
    """A name as an id has it.

    >>> slug_of("Women's Aid – Café (North)")
    'womens-aid-cafe-north'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['`’]", "", plain)).strip("-")


# ---------------------------------------------------------------- records


def _add(name: str, klass: Class, cells: dict[str, str], number: int, sheet: _Sheet) -> str:
    """Adds a record of a row, or the row to a record that is there already; returns its id."""
    where = f"row {number}"
    place = f"{sheet.place}, {where}" if sheet.place else where
    identifier = cells.pop(ID, "") or _id(klass, cells)
    if not identifier:
        header = next((c.header for c in sheet.mapping.columns if c.record == name), "")
        # Where its cell was refused, that is the problem.
        if not any((p.row, p.column) == (number, header) for p in sheet.problems):
            sheet.wrong(number, header, "", f"a name for the {klass.label}", "Fill it in.")
        return ""
    if any(prop.key == "basis" for prop in klass.columns):
        cells = {"basis": "stated", **cells, "source": sheet.source, "place": place}
    elif any(prop.key == "source" for prop in klass.columns):
        cells["source"] = sheet.source
    there = sheet.made.get((klass.table, identifier))
    if there is None:
        row = Row(klass.table, f"{sheet.file} ({name})", number, identifier, cells)
        sheet.made[klass.table, identifier] = _Made(row, [number])
    else:
        there.row = _joined(there, cells, klass, name, number, sheet)
        there.numbers.append(number)
    return identifier


def _id(klass: Class, cells: Mapping[str, str]) -> str:
    """An id of a name, or of what a record joins and when: never of its place in the sheet."""
    for key in _NAMES:
        if cells.get(key):
            slug = slug_of(cells[key])
            return local_id(slug) if slug else ""
    keys = [p.key for p in klass.columns if p.type in ("reference", "edtf") and p.order < 90]
    if klass.ends:
        keys += [p.key for p in klass.columns if p.required and p.type == "code" and p.order < 90]
    slug = slug_of(" ".join(cells[key] for key in keys if cells.get(key)))
    return local_id(slug) if slug else ""


def _joined(
    there: _Made, cells: Mapping[str, str], klass: Class, name: str, number: int, sheet: _Sheet
) -> Row:
    """A record that stands in several rows: lists are joined, single values must agree."""
    joined = dict(there.row.cells)
    for key, cell in cells.items():
        held = joined.get(key, "")
        prop = klass.property(key)
        if prop.many and held:
            parts = [part for part in (*held.split(SEPARATOR), *cell.split(SEPARATOR)) if part]
            joined[key] = SEPARATOR.join(dict.fromkeys(parts))
        elif not held or held == cell:
            joined[key] = cell
        else:
            columns = (c.header for c in sheet.mapping.columns if c.to == f"{name}.{key}")
            header = next(columns, prop.header)
            expected = f'"{held}", as row {there.row.number} says of {there.row.id}'
            advice = "Make them agree, or give one of them another name."
            sheet.wrong(number, header, cell, expected, advice)
    return replace(there.row, cells=joined)
