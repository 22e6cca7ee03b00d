"""What tables say, before it is a release: records with their values, and the lines they make.

A line is a statement as N-Quads (RDF 1.1): tokens are written here, and nowhere else in building.
What a value means was read before, in `graph/meaning.py`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rdflib import OWL, PROV, XSD, Graph, Literal

from graph.sources.rows import Row
from ontology.columns import TYPE, Column, Records
from ontology.namespaces import BASE, EDTF, FP, ID
from ontology.schema import Class, Schema, Type

_DATATYPES: Mapping[Type, str] = {
    "integer": f"^^<{XSD.integer}>",
    "decimal": f"^^<{XSD.decimal}>",
    "boolean": f"^^<{XSD.boolean}>",
    "date": f"^^<{XSD.date}>",
    "edtf": f"^^<{EDTF.EDTF}>",
    "text": "@en",
    "string": "",
}
_SOURCE = f"<{PROV.hadPrimarySource}>"
_IDS = str(ID)
_CODES = f"<{BASE}ontology/codes>"
_ESCAPED = re.compile(r'[\\"\n\r]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}


class Meant(NamedTuple):
    """What a cell means: its values in the order of the cell, and their tokens in order.

    A value is an id for a reference, the IRI for a code, and the text for everything else.
    """

    values: tuple[str, ...]
    tokens: tuple[str, ...]


def meant_by(values: Iterable[str], kind: Type) -> Meant:
    """What values of a kind are, as they are used and as they are written."""
    found = tuple(values)
    if len(found) == 1:
        return Meant(found, (_token(found[0], kind),))
    return Meant(found, tuple(sorted(_token(value, kind) for value in found)))


class Said(NamedTuple):
    """One record as it is said: its id and class, the row it stands in, what is meant by key."""

    id: str
    klass: Class
    row: Row
    meant: Mapping[str, Meant]

    def all(self, key: str) -> tuple[str, ...]:
        """The values of a column."""
        found = self.meant.get(key)
        return found.values if found else ()

    def first(self, key: str) -> str:
        """The first value of a column, or nothing."""
        return next(iter(self.all(key)), "")


def subjects_of(slug: str) -> str:
    """How the lines of a partnership's records begin. Those of several do not mix when sorted."""
    return f"<{_IDS}{slug}/"


@dataclass(frozen=True, slots=True)
class Form:
    """How the records of a class are written: its token, the key of the source, and predicates."""

    kind: str
    source: str
    predicates: Mapping[str, str]


Forms = Mapping[str, Form]
"""By the name of the class."""


def forms_of(schema: Schema) -> Forms:
    """How the records of every class are written."""
    return {klass.name: _form(klass) for klass in schema}


def _form(klass: Class) -> Form:
    return Form(
        f"<{klass.iri}>",
        next((p.key for p in klass.columns if p.iri == FP.source), ""),
        {p.key: f"<{p.iri}>" for p in klass.columns},
    )


def block_of(said: Iterable[Said], home: str, forms: Forms) -> bytes:
    """The lines of records that stand in the order of their subjects, each id once.

    Each stands in the graph of its source, or else in that of `home`, the id of the partnership's
    own. Lines are sorted record by record: that is their order as a whole.
    """
    own = f"<{_IDS}{home}>"
    pieces: list[str] = []
    for one in said:
        form, meant = forms[one.klass.name], one.meant
        graph = meant[form.source].tokens[0] if form.source in meant else own
        subject, end = f"<{_IDS}{one.id}> ", f" {graph} .\n"
        pieces += (subject, f"{end}{subject}".join(_said_of(one, form)), end)
    return "".join(pieces).encode()


def _said_of(one: Said, form: Form) -> list[str]:
    """Predicates with values, sorted."""
    found, predicates = [f"{TYPE} {form.kind}"], form.predicates
    if form.source in one.meant:
        found.append(f"{_SOURCE} {one.meant[form.source].tokens[0]}")
    for key, (_, tokens) in one.meant.items():
        for token in tokens:
            found.append(f"{predicates[key]} {token}")  # noqa: PERF401
    found.sort()
    return found


def columns_of(said: Iterable[Said], forms: Forms) -> dict[str, Records]:
    """The same records as `read_columns` gives them from the lines of their block."""
    by_class: dict[str, list[Said]] = {}
    for one in said:
        by_class.setdefault(one.klass.name, []).append(one)
    return {forms[name].kind: _records(these, forms[name]) for name, these in by_class.items()}


def _records(said: Iterable[Said], form: Form) -> Records:
    records, columns = Records(), {key: Column() for key in form.predicates}
    for row, one in enumerate(said):
        records.iris.append(f"<{_IDS}{one.id}>")
        for key, meant in one.meant.items():
            column, tokens = columns[key], meant.tokens
            if len(tokens) == 1:  # Nearly always.
                column.rows.append(row)
                column.tokens.append(tokens[0])
            else:
                column.rows.extend([row] * len(tokens))
                column.tokens.extend(tokens)
    if form.source:
        columns[""] = columns[form.source]
    predicates = {**form.predicates, "": _SOURCE}
    records.columns.update((predicates[key], c) for key, c in columns.items() if c.tokens)
    return records


def _token(value: str, kind: Type) -> str:
    if kind == "reference":
        return f"<{_IDS}{value}>"
    if kind == "code":
        return f"<{value}>"
    return f'"{_ESCAPED.sub(_escape, value)}"{_DATATYPES[kind]}'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def code_lines(shared: Graph, schema: Schema) -> Iterator[str]:
    """The lines of what belongs to no partnership, and of the ontology's version."""
    for subject, predicate, value in shared:
        yield f"{subject.n3()} {predicate.n3()} {_token_of(value)} {_CODES} ."
    yield f'<{BASE}ontology> <{OWL.versionInfo}> "{schema.version}" {_CODES} .'


def _token_of(value: object) -> str:
    if not isinstance(value, Literal):
        return f"<{value}>"
    kind = f"@{value.language}" if value.language else ""
    if value.datatype is not None:
        kind = f"^^<{value.datatype}>"
    return f'"{_ESCAPED.sub(_escape, str(value))}"{kind}'
