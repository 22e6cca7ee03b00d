"""A mapping proposed for somebody's own sheet, from its headers and its values.

A header is known by what our own columns are called and by the words that such lists use. Where it
says nothing, the values may: words of a closed list, dates, amounts. What cannot be known is
proposed as undecided, never filled in; contacts of people are left out. A person corrects it.
"""

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from rdflib import RDFS

from graph.confidential import contact_in
from graph.errors import InputError, Problem
from graph.ids import local_of, partnership_of
from graph.imports.grid import Book, Grid, read_book
from graph.imports.mapping import (
    DATE_FORMS,
    UNDECIDED,
    ColumnMapping,
    FileMapping,
    RecordMapping,
    SheetMapping,
)
from graph.imports.marks import local_id
from graph.imports.sheets import headers_of, slug_of
from graph.imports.values import date_of, money_of
from graph.imports.vocabulary import Terms
from graph.model import PropertyGraph
from ontology.schema import Class, Property, Schema, ontology

Known = Mapping[str, Mapping[str, str]]
"""By table: the ids of records that are live, by their names in lower case."""

_HEADER_ROWS = 20
_MOST_WORDS = 40
"""Of a column with more different values than this no list of words is made."""
_SURE, _LIKELY = 0.8, 0.5
"""The share of values that must be of a kind, without a header that says so and with one."""
_NOISE = re.compile(r"\([^)]*\)|[*:?£#]")

_LISTS: Final = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    target: tuple(words) for target, words in _LISTS["headers"].items()
}
"""By place in a list of services: headers that such lists have, beside our own."""
_WORDS: Final[Mapping[str, str]] = _LISTS["words"]
"""Words of such lists and ours; one counts only where the column's own list has our word."""
_ROLES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "service": ("services", {"standing": "not stated"}),
    "provider": ("agencies", {}),
    "provision": (
        "provisions",
        {"agency": "@provider", "role": "provides", "service": "@service"},
    ),
    "commissioner": ("agencies", {}),
    "commissioning": (
        "provisions",
        {"agency": "@commissioner", "role": "commissions", "service": "@service"},
    ),
    "funder": ("funds", {}),
    "award": ("awards", {"fund": "@funder", "pays_for": "@service", "status": UNDECIDED}),
    "reach": ("reaches", {"service": "@service", "strength": UNDECIDED}),
}
"""The records of a list of services: the table of each, and the cells that no column need give."""
_JOINS: Final = {"provider": "provision", "commissioner": "commissioning", "funder": "award"}
"""Records that come with another: who provides is said by a provision."""
_PEOPLE: Final = re.compile(
    r"\b(?:contact|e-?mail|phone|telephone|tel|mobile|address|postcode|post code|named? (?:lead|"
    r"officer|person)|officer name|manager name|uprn|latitude|longitude|date of birth)\b"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a sheet: its header and its values that are not empty."""

    header: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a sheet is a list of: its records, and what its headers may mean (`record.key/side`)."""

    records: Mapping[str, tuple[str, Mapping[str, str]]]
    names: Mapping[str, tuple[str, ...]]


def propose(path: Path, schema: Schema, known: Known | None = None) -> FileMapping:
    """A mapping for a sheet, to be corrected by a person.

    `known` are the records that are live, for columns that name one of them (`known_names`).

    Raises InputError where the file cannot be opened or holds no table.
    """
    book = read_book(path)
    sheets = [
        sheet for grid in book.grids if (sheet := _sheet(grid, schema, known or {})) is not None
    ]
    if not sheets:
        expected = "a table: a row of headers, and rows below it"
        advice = "Put the headers into one row, one column each."
        raise InputError([Problem(path.name, 0, "", "", expected, advice)])
    return FileMapping(_source(path, book), tuple(sheets), book.encoding, book.separator)


def known_names(graph: PropertyGraph, schema: Schema, slug: str) -> dict[str, dict[str, str]]:
    """By table: the ids of one partnership's records by their names and aliases in lower case.

    A name that two records have means neither.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for node in graph.nodes:
        if partnership_of(node.id) == slug:
            aliases = node.properties.get("also_called")
            names = [node.properties.get("name"), *(aliases if isinstance(aliases, tuple) else ())]
            table = found.setdefault(schema.classes[node.label].table, {})
            for name in filter(None, names):
                table.setdefault(str(name).lower(), set()).add(local_of(node.id))
    return {
        table: {name: min(ids) for name, ids in sorted(names.items()) if len(ids) == 1}
        for table, names in sorted(found.items())
    }


def _source(path: Path, book: Book) -> dict[str, str]:
    """What is said of the file as a source; its day is only what a workbook itself says."""
    about = {
        "id": local_id(f"sheet-{slug_of(path.stem)}"),
        "title": path.name,
        "kind": "register",
        "date": UNDECIDED,
    }
    if book.saved is not None:
        about["date"] = book.saved.isoformat()
        about["date_ground"] = "The workbook says that it was last saved on this day."
    return about


# ---------------------------------------------------------------- one sheet


def _sheet(grid: Grid, schema: Schema, known: Known) -> SheetMapping | None:
    row = _header_row(grid)
    if row is None:
        return None
    headers = headers_of(grid, row)
    columns = [
        _Column(header, tuple(v for line in grid.lines[row:] if (v := _at(line, n))))
        for n, header in enumerate(headers)
        if header
    ]
    kind = _kind_of(grid.title, columns, schema)
    taken: dict[str, str] = {}
    mapped = {column.header: "" for column in columns}
    targets = list(kind.names)
    ranked = sorted(
        (
            (fit + _told_by_values(column, target, kind, schema), column, target)
            for column in columns
            for target, words in kind.names.items()
            if (fit := _fit(column.header, words)) > 0
        ),
        key=lambda f: (-f[0], headers.index(f[1].header), targets.index(f[2])),
    )
    for _, column, target in ranked:
        if not mapped[column.header] and target not in taken and not _is_people(column):
            mapped[column.header] = taken[target] = target
    for column in columns:
        if not mapped[column.header] and not _is_people(column):
            target = _by_values(column, kind, taken, schema)
            if target:
                mapped[column.header] = taken[target] = target
    found = tuple(_column(c, mapped[c.header], kind, schema, known) for c in columns)
    return SheetMapping(grid.title, row, _records(kind, found), found)


def _at(line: Sequence[str], column: int) -> str:
    return " ".join(line[column].split()) if column < len(line) else ""


def _header_row(grid: Grid) -> int | None:
    """The first row with as many texts as any of the first ones, that has rows below it."""
    counts = [
        len([cell for cell in line if cell and money_of(cell) is None])
        for line in grid.lines[:_HEADER_ROWS]
    ]
    most = max(counts, default=0)
    if most == 0:
        return None
    row = next(n for n, count in enumerate(counts, start=1) if count >= max(1, most * 0.7))
    return row if any(any(line) for line in grid.lines[row:]) else None


def _is_people(column: _Column) -> bool:
    """Whether a column holds contacts: by its header, or by what stands in it."""
    contacts = sum(contact_in(value) is not None for value in column.values)
    by_value = bool(column.values) and contacts >= len(column.values) * _LIKELY
    return by_value or _PEOPLE.search(column.header.lower()) is not None


# ---------------------------------------------------------------- what it is a list of


def _kind_of(title: str, columns: Sequence[_Column], schema: Schema) -> _Kind:
    """A list of services with what belongs to them, or one of another of our tables."""
    plain = [_plain(column.header) for column in columns]
    services = _Kind(_ROLES, _service_names(schema))
    best, most = services, _worth(services, plain) + 0.5
    for klass in schema.nodes:
        if klass.table in ("partnership", "sources", "source_parts", "services"):
            continue
        kind = _Kind({slug_of(klass.label): (klass.table, {})}, _names(klass, slug_of(klass.label)))
        titled = _plain(title) in (_plain(klass.table), _plain(klass.label))
        worth = _worth(kind, plain) + (2.0 if titled else 0.0)
        if worth > most:
            best, most = kind, worth
    return best


def _worth(kind: _Kind, headers: Iterable[str]) -> float:
    return sum(
        max((_fit(header, words) for words in kind.names.values()), default=0.0)
        for header in headers
    )


def _service_names(schema: Schema) -> dict[str, tuple[str, ...]]:
    names = dict(_SYNONYMS)
    for record, (table, cells) in _ROLES.items():
        klass = schema.by_table(table)
        for target, words in _names(klass, record).items():
            given = cells.get(target.partition(".")[2], "")
            # Of who provides and what is provided, a list says the names alone.
            if record == "service" or (record == "award" and not given.startswith("@")):
                names[target] = (*names.get(target, ()), *words)
    return names


def _names(klass: Class, record: str) -> dict[str, tuple[str, ...]]:
    """What each column of a class is called: in tables, in the ontology, and with its class."""
    found = {}
    for prop in klass.columns:
        if prop.order < 90:
            label = str(ontology().value(prop.iri, RDFS.label) or "")
            called = [prop.header, label, f"{klass.label} {prop.header}"]
            if prop.key in ("name", "title"):
                called += [klass.label, klass.table.replace("_", " "), f"name of {klass.label}"]
            found[f"{record}.{prop.key}"] = tuple(called)
    return found


@lru_cache(maxsize=65536)
def _fit(header: str, words: tuple[str, ...]) -> float:
    """How well a header says a column: 1 where it is one of its words, less where it is alike."""
    plain = _plain(header)
    if not plain:
        return 0.0
    best = 0.0
    for word in map(_plain, words):
        if not word:
            continue
        if word == plain:
            return 1.0
        if set(word.split()) == set(plain.split()):
            best = max(best, 0.95)
        else:
            alike = difflib.SequenceMatcher(None, word, plain).ratio()
            best = max(best, alike * 0.9 if alike >= 0.87 else 0.0)
    return best


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    lower = _NOISE.sub(" ", text.lower()).replace("&", " and ").replace("_", " ")
    return " ".join(re.sub(r"[^\w\s-]", " ", lower).replace("-", " ").split())


# ---------------------------------------------------------------- by values


def _by_values(column: _Column, kind: _Kind, taken: Mapping[str, str], schema: Schema) -> str:
    """What a column is by what stands in it, where its header says nothing."""
    if not column.values:
        return ""
    header = _plain(column.header)
    free = [target for target in kind.names if target not in taken]
    for target in free:
        prop = _target(target, kind, schema)
        if (
            prop.type == "code"
            and _share(column, partial(_word, prop=prop, schema=schema)) >= _SURE
        ):
            return target
    if _share(column, _date) >= _SURE:
        if re.search(r"\b(?:end|ends|until|expir\w*|finish\w*|last)\b", header):
            return next((t for t in free if t == "award.period/last"), "")
        if re.search(r"\b(?:start|starts|begin\w*|commenc\w*|first)\b", header):
            return next((t for t in free if t == "award.period/first"), "")
    pounds = "£" in column.header or any("£" in value for value in column.values)
    if pounds and _share(column, money_of) >= _SURE:
        return next((t for t in free if t == "award.amount"), "")
    return ""


def _told_by_values(column: _Column, target: str, kind: _Kind, schema: Schema) -> float:
    """How far the values bear out what a header says: "status" is that of a service or of money."""
    prop = _target(target, kind, schema)
    if prop.type != "code":
        return 0.0
    return 0.2 * _share(column, partial(_word, prop=prop, schema=schema))


def _share(column: _Column, reads: Callable[[str], str | None]) -> float:
    read = sum(bool(reads(value)) for value in column.values)
    return read / len(column.values) if column.values else 0.0


def _date(text: str) -> str | None:
    """A date in whatever order; a bare number is a year only by its look."""
    if re.fullmatch(r"\d+", text) and not re.fullmatch(r"(?:19|20)\d\d", text):
        return None
    return next((d for form in DATE_FORMS if (d := date_of(text, form))), None)


def _target(target: str, kind: _Kind, schema: Schema) -> Property:
    record, _, key = target.partition("/")[0].partition(".")
    return schema.by_table(kind.records[record][0]).property(key)


# ---------------------------------------------------------------- one column


def _column(
    column: _Column, target: str, kind: _Kind, schema: Schema, known: Known
) -> ColumnMapping:
    if not target:
        why = "Not recognised: it is left out."
        if _is_people(column):
            why = "Contacts, addresses and names of people are never recorded."
        return ColumnMapping(column.header, why=why)
    to, _, side = target.partition("/")
    prop = _target(target, kind, schema)
    split = _split(column, prop, to)
    mapping = ColumnMapping(column.header, to, split=split, side=side)
    if prop.type in ("edtf", "date"):
        form = _form(column.values)
        words = _undated(column.values, form)
        return replace(mapping, date=form, words=words)
    values = [
        v.strip() for value in column.values for v in (value.split(split) if split else [value])
    ]
    return replace(mapping, words=_words(values, prop, schema, known))


def _split(column: _Column, prop: Property, to: str) -> str:
    """What parts several values in a cell, for columns that may hold several."""
    # Not what pays: one amount for two funds would be counted twice.
    if not prop.many and to not in ("reach.group", "provider.name"):
        return ""
    if prop.type == "string" and to.endswith(".name"):
        marks: tuple[str, ...] = (";", "\n")
    else:
        marks = (";", "\n", ",", "/") if prop.type in ("reference", "code") else (";",)
    return next((m for m in marks if any(m in value for value in column.values)), "")


def _form(values: Iterable[str]) -> str:
    """The order of the numbers of dates: month first only where the values allow no other."""
    numbers = [
        m for v in values if (m := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}", v))
    ]
    if not numbers:
        return ""
    if any(int(m[2]) > 12 for m in numbers) and not any(int(m[1]) > 12 for m in numbers):
        return "month/day/year"
    return "day/month/year"


def _undated(values: Iterable[str], form: str) -> dict[str, str]:
    """Texts in a column of dates that are none: what they mean is to be decided."""
    odd = sorted({value for value in values if date_of(value, form) is None})
    return dict.fromkeys(odd, UNDECIDED) if len(odd) <= _MOST_WORDS else {}


def _words(values: Iterable[str], prop: Property, schema: Schema, known: Known) -> dict[str, str]:
    """What a column's words mean, for those that are not ours already."""
    if prop.type not in ("code", "reference"):
        return {}
    counted = Counter(value for value in values if value)
    if len(counted) > _MOST_WORDS:
        return {}
    found = {}
    for value in sorted(counted):
        ours = (
            _word(value, prop, schema) if prop.type == "code" else _name(value, prop, schema, known)
        )
        if ours.lower() != value.lower():
            found[value] = ours or UNDECIDED
    return found


def _word(value: str, prop: Property, schema: Schema) -> str:
    """Our word for a value of a closed list, or nothing."""
    words = {word.label.lower(): word.label for word in schema.codes[prop.targets[0]]}
    plain = " ".join(value.lower().split())
    if plain in words:
        return words[plain]
    if _WORDS.get(plain) in words:
        return _WORDS[plain]
    close = difflib.get_close_matches(plain, list(words), 1, cutoff=0.87)
    return words[close[0]] if close else ""


def _name(value: str, prop: Property, schema: Schema, known: Known) -> str:
    """The live record or shared term that a value names, or nothing."""
    for target in prop.targets:
        found = known.get(schema.classes[target].table, {}).get(value.lower())
        if found:
            return found
    meaning = _terms().meaning("", [value], "")
    if meaning.cell and meaning.kind in prop.targets:
        return meaning.cell
    return ""


@lru_cache(maxsize=1)
def _terms() -> Terms:
    return Terms()


def _records(kind: _Kind, columns: Sequence[ColumnMapping]) -> dict[str, RecordMapping]:
    """The records that the columns give, and those that join them."""
    named = {column.record for column in columns if column.to}
    named |= {
        joint for record, joint in _JOINS.items() if record in named and joint in kind.records
    }
    given = {column.to for column in columns}
    found = {}
    for name, (table, cells) in kind.records.items():
        if name in named:
            kept = {
                key: cell
                for key, cell in cells.items()
                if f"{name}.{key}" not in given and (not cell.startswith("@") or cell[1:] in named)
            }
            found[name] = RecordMapping(table, kept)
    return found
