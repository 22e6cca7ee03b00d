"""What tables say, before it is a release: records with their values, and the lines they make.

A line is a statement as N-Quads (RDF 1.1): tokens are written here, and nowhere else in building.
What a value means was read before, in `graph/build.py`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import OWL, PROV, XSD, Graph, Literal

from graph.sources.rows import Row
from ontology.columns import TYPE
from ontology.namespaces import BASE, EDTF, FP, ID
from ontology.schema import Class, Schema, Type

Values = Mapping[str, tuple[str, ...]]
"""By key: an id for a reference, the IRI for a code, the text for everything else."""
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


@dataclass(frozen=True, slots=True)
class Said:
    """One record as it is said: its id, its class, the row it stands in, and its values."""

    id: str
    klass: Class
    row: Row
    values: Values

    def first(self, key: str) -> str:
        """The first value of a column, or nothing."""
        return next(iter(self.values.get(key, ())), "")


def subjects_of(slug: str) -> str:
    """How the lines of a partnership's records begin. Those of several do not mix when sorted."""
    return f"<{_IDS}{slug}/"


@dataclass(frozen=True, slots=True)
class _Form:
    """How the records of a class are written: by key, the predicate and what is round a value."""

    type: str
    source: str | None
    columns: Mapping[str, tuple[str, Type]]


def _form(klass: Class) -> _Form:
    return _Form(
        f"{TYPE} <{klass.iri}>",
        next((p.key for p in klass.columns if p.iri == FP.source), None),
        {p.key: (f"<{p.iri}>", p.type) for p in klass.columns},
    )


def lines_of(said: Iterable[Said], home: str) -> Iterator[str]:
    """The lines of some records. Each stands in the graph of its source, or else in that of `home`.

    `home` is the id of the partnership's own graph.
    """
    forms: dict[str, _Form] = {}
    for one in said:
        form = forms.get(one.klass.name) or forms.setdefault(one.klass.name, _form(one.klass))
        source = one.first(form.source) if form.source else ""
        subject, graph = f"<{_IDS}{one.id}>", f"<{_IDS}{source or home}> ."
        yield f"{subject} {form.type} {graph}"
        if source:
            yield f"{subject} {_SOURCE} <{_IDS}{source}> {graph}"
        for key, values in one.values.items():
            predicate, kind = form.columns[key]
            for value in values:
                yield f"{subject} {predicate} {_token(value, kind)} {graph}"


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
