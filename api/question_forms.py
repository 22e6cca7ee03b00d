"""How a question is described in OpenAPI: its parameters, and the rows of its answer.

Everything is read from the question's header and the glossary; a new question is described by being
in the catalogue.
"""

from typing import Any

from api.deps import LONGEST_VALUE, MOST_PARTNERSHIPS, MOST_VALUES
from api.negotiation import CSV, HTML, JSON, XLSX
from api.openapi import Schema
from api.paging import MOST
from queries.catalogue import EDITOR, GIVEN, Parameter, Question, catalogue
from queries.glossary import columns, types

FORMS = (HTML, JSON, CSV, XLSX)
"""The forms of an answer; the first is what a client gets that takes anything."""
_EMPTY: Schema = {"type": "string", "maxLength": 0}
DAY: Schema = {"anyOf": [{"type": "string", "format": "date"}, _EMPTY]}
"""A day in an address; forms send an empty one where none is chosen."""
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_ALWAYS = frozenset({"partnership", "as_of", "evidence"})
"""The columns that are never empty."""
_CELLS: dict[str, list[Schema]] = {
    "text": [{"type": "string"}],
    "texts": [_TEXTS],
    "text_or_texts": [{"type": "string"}, _TEXTS],
    "date": [{"type": "string", "format": "date"}],
    "integer": [{"type": "integer"}],
    "number": [{"type": "number"}],
    "boolean": [{"type": "boolean"}],
    "records": [{"type": "array", "items": {"$ref": "#/components/schemas/Evidence"}}],
}
EVIDENCE: Schema = {
    "title": "Evidence",
    "description": "A record behind a row, and where it stands in its source.",
    "type": "object",
    "required": ["record", "source", "title", "locator", "basis"],
    "additionalProperties": False,
    "properties": {
        "record": {"type": "string", "description": "The id of the record."},
        "source": {"type": ["string", "null"]},
        "title": {"type": ["string", "null"], "description": "The title of the source."},
        "locator": {**_TEXTS, "description": "The places in the source."},
        "basis": {"type": ["string", "null"], "description": columns()["basis"]},
    },
}


def row_schema(question: Question) -> Schema:
    """The form of one row of a question's answer."""
    names = ("partnership", "as_of", *question.returns)
    return {
        "title": question.title,
        "type": "object",
        "required": list(names),
        "additionalProperties": False,
        "properties": {name: _cell(name) for name in names},
    }


def _cell(column: str) -> Schema:
    forms = _CELLS[types()[column]]
    if column not in _ALWAYS:
        forms = [*forms, {"type": "null"}]
    described = {"description": columns()[column]}
    return {**forms[0], **described} if len(forms) == 1 else {"anyOf": forms, **described}


def row_schemas() -> dict[str, Schema]:
    """The forms of the rows of all questions, by the questions' names, and of evidence."""
    return {"Evidence": EVIDENCE} | {q.name: row_schema(q) for q in catalogue().values()}


def rows_of(question: Question) -> Schema:
    """The form of a question's answer as JSON."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{question.name}"}}


def description_of(question: Question) -> str:
    """What a question asks, and how its answer is to be read."""
    parts = [question.question, *(f"* {caveat}" for caveat in question.caveats)]
    parts.append(f"An answer without rows says: {question.empty}")
    if question.audience == EDITOR:
        parts.append("For those who keep the records.")
    return "\n\n".join(parts)


# ---------------------------------------------------------------- parameters


def parameters_of(question: Question, *, pages: bool = True) -> list[Schema]:
    """The parameters of a question in an address: the dials, its own, and those of paging."""
    found = [*_DIALS, *(_own(parameter) for parameter in question.own)]
    return [*found, *_PAGING] if pages else found


def _parameter(name: str, about: str, schema: Schema) -> Schema:
    described = {"name": name, "in": "query", "description": about, "schema": schema}
    return {**described, "explode": True} if schema.get("type") == "array" else described


def _several(most: int) -> Schema:
    items = {"type": "string", "maxLength": LONGEST_VALUE}
    return {"type": "array", "maxItems": most, "items": items}


def _own(parameter: Parameter) -> Schema:
    about = f"{parameter.about[:1].upper()}{parameter.about[1:]}."
    if parameter.type == "integer":
        most = GIVEN[parameter.name]
        number = {"type": "integer", "minimum": 1, "maximum": most, "default": parameter.default}
        return _parameter(parameter.name, about, {"anyOf": [number, _EMPTY]})
    about += f" By id, such as {_EXAMPLES[parameter.type]}, or by name; any where none is given."
    return _parameter(parameter.name, about, _several(MOST_VALUES))


_EXAMPLES = {
    "groups": "shared/client-group/men",
    "needs": "shared/need/advocacy",
    "things": "dudley/agency/chadd",
}
_DIALS = [
    _parameter(
        "partnership",
        "A partnership asked about, by its folder's name; may be repeated. All if none is given.",
        _several(MOST_PARTNERSHIPS),
    ),
    _parameter(
        "as_of",
        "The day asked about. Where none is given, the day of each partnership's newest source.",
        DAY,
    ),
    _parameter(
        "without",
        "A thing imagined lost, by id, such as dudley/agency/chadd; may be repeated.",
        _several(MOST_VALUES),
    ),
]
_PAGING = [
    _parameter(
        "limit",
        "How many rows of JSON come at once; all where none is given. CSV and workbooks are whole.",
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST}, _EMPTY]},
    ),
    _parameter(
        "cursor",
        "Where the page begins: from the Link of the page before, in the same release.",
        {"type": "string", "maxLength": 200},
    ),
]
HEADERS: dict[str, Schema] = {
    "ETag": {
        "description": "The name of this answer: send it back in If-None-Match.",
        "schema": {"type": "string"},
    },
    "X-Total-Count": {
        "description": "How many rows the whole answer has (JSON).",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Link": {
        "description": 'The next page, rel="next" (RFC 8288), where there is one.',
        "schema": {"type": "string"},
    },
}


def responses_of(rows: Schema, forms: tuple[str, ...] = FORMS) -> dict[int | str, dict[str, Any]]:
    """The answers of a question's address, whichever form they have."""
    contents: dict[str, Any] = {
        HTML: {"schema": {"type": "string"}},
        JSON: {"schema": rows},
        CSV: {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    return {
        200: {
            "description": "The answer",
            "headers": HEADERS,
            "content": {form: contents[form] for form in forms},
        }
    }
