"""RDF in our terms, in any of five formats, as rows of our tables.

A record's address gives its partnership, class and id; a property's address the column; codes and
references go by address too. What the values mean is judged where all rows are (`graph/build.py`),
so that RDF is validated like everything else. What is not in our terms is counted, not kept.

Nothing is ever fetched. JSON-LD may name no context but the one that comes with the project, and
RDF/XML may hold no document type declaration: both are looked for before a parser sees the file.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

import pyoxigraph as ox
from defusedxml import DefusedXmlException
from defusedxml.sax import parseString
from rdflib import OWL, PROV, RDF, SKOS

from graph.errors import Problem
from graph.exports import CONTEXT
from graph.exports.jsonld import context_document
from graph.exports.rdf import parts
from graph.ids import LOCAL, SLUG_FORM, id_of, partnership_of
from graph.imports.imported import Imported, Left
from graph.imports.json_text import parse_json
from graph.sources.archive import too_large
from graph.sources.names import SEPARATOR, Names
from graph.sources.rows import Row, Tables, bad_id
from ontology.namespaces import BASE, ID, SHARED
from ontology.schema import Property, Schema, ontology, shared

FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
"""By the ending of a file's name."""
CONTEXT_IRI = BASE + CONTEXT
"""The one context that a JSON-LD file may name instead of holding it."""

_AT_SOURCE = "Correct it where the data come from, and import again."
_NO_PLACE = "the tables have no place for it"
_NOT_OURS = "their addresses do not begin like those of our records"

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(slots=True)
class _Reading:
    """What is needed to read the statements of one partnership, and what is found on the way."""

    file: str
    slug: str
    schema: Schema
    names: Names
    words: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)

    def wrong(self, identifier: str, column: str, value: str, expected: str) -> None:
        """Note a problem with a record's column."""
        file = f"{self.file}, {identifier}" if identifier else self.file
        self.problems.append(Problem(file, 0, column, value, expected, _AT_SOURCE))


def read_rdf(path: Path, slug: str, schema: Schema) -> Imported:
    """The rows of one partnership of an RDF file; `slug` may be empty where it holds only one."""
    quads, problem = _parsed(path, schema)
    if problem is not None:
        return Imported(Tables(slug, (), None), (), [problem])
    found = sorted({p for q in quads if (p := _owner(q.subject)) and p != SHARED})
    chosen = slug or (found[0] if len(found) == 1 else "")
    if chosen not in found:
        expected = f"the partnership {slug}" if slug else "one partnership, or the name of one"
        advice = (
            f"It holds: {', '.join(found)}. Name one of them."
            if found
            else (f"Records have addresses such as {ID}eastmarch/service/family-support.")
        )
        problem = Problem(path.name, 0, "", "", expected, advice)
        return Imported(Tables(slug, (), None), (), [problem])
    if not LOCAL.fullmatch(chosen):
        problem = Problem(path.name, 0, "", "", SLUG_FORM, "Rename the partnership in the file.")
        return Imported(Tables(slug, (), None), (), [problem])
    reading = _Reading(
        file=path.name,
        slug=chosen,
        schema=schema,
        names=Names(chosen, schema, _own(quads, chosen, schema), _labels()),
        words={str(w.iri): w.label for words in schema.codes.values() for w in words},
    )
    rows = _rows(quads, reading)
    left = tuple(sorted(Left(what, n, why) for (what, why), n in reading.left.items()))
    if reading.problems:
        return Imported(Tables(chosen, (), None), left, sorted(set(reading.problems)))
    return Imported(Tables(chosen, tuple(rows), None), left)


# ---------------------------------------------------------------- parsing


def _parsed(path: Path, schema: Schema) -> tuple[list[ox.Quad], Problem | None]:
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        expected = f"a file of RDF ({', '.join(FORMATS)})"
        advice = "Save it in one of these formats, with its ending."
        return [], Problem(path.name, 0, "", "", expected, advice)
    problem = too_large(path)
    if problem is not None:
        return [], problem
    content = path.read_bytes()
    if form == ox.RdfFormat.JSON_LD:
        content, problem = _with_context(content, path.name, schema)
    elif form == ox.RdfFormat.RDF_XML:
        problem = _xml_problem(content, path.name)
    if problem is not None:
        return [], problem
    try:
        return list(ox.parse(content, format=form)), None
    except SyntaxError as error:
        return [], _unreadable(path.name, f"{form.name} in UTF-8", error.lineno, error.offset)


def _unreadable(file: str, expected: str, line: int | None, column: int | None) -> Problem:
    """The place of a mistake, without the parser's own words: they repeat the file's."""
    place = f" in line {line}" if line else ""
    place += f" at column {column}" if line and column else ""
    advice = f"Mend what cannot be read{place}, or save it anew from the program that made it."
    return Problem(file, line or 0, "", "", expected, advice)


def _with_context(content: bytes, file: str, schema: Schema) -> tuple[bytes, Problem | None]:
    """JSON-LD whose contexts all stand in it; one that names another file is refused."""
    value, problems = parse_json(content, file)
    if problems:
        return b"", problems[0]
    named = list(_named_contexts(value))
    foreign = [where for where, name in named if name != CONTEXT_IRI]
    if foreign:
        advice = f"Put the context itself there, or {CONTEXT_IRI}: nothing is ever fetched."
        expected = "a context that stands in the file"
        return b"", Problem(file, 0, foreign[0], "", expected, advice)
    if not named:
        return content, None
    ours = json.loads(context_document(schema))["@context"]
    return json.dumps(_with_ours(json.loads(content), ours)).encode(), None


def _named_contexts(document: Any) -> Iterator[tuple[str, object]]:
    """Every context that is named and not given, with the key that names it."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            given = part.get("@context")
            for context in given if isinstance(given, list) else [given]:
                if isinstance(context, str):
                    yield "@context", context
            if "@import" in part:
                # An import is a context within a context: ours needs none.
                yield "@import", None


def _with_ours(part: Any, ours: Any) -> Any:
    """A document with our context wherever it is named; its depth was looked at before."""
    if isinstance(part, list):
        return [_with_ours(one, ours) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _context(value, ours) if key == "@context" else _with_ours(value, ours)
        for key, value in part.items()
    }


def _context(given: Any, ours: Any) -> Any:
    if isinstance(given, list):
        return [_context(one, ours) for one in given]
    return ours if isinstance(given, str) else given


def _xml_problem(content: bytes, file: str) -> Problem | None:
    try:
        parseString(content, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException:
        advice = "Remove it and what it declares: no honest file of this kind needs one."
        return Problem(file, 0, "", "", "no document type declaration", advice)
    except SAXParseException as error:
        column = error.getColumnNumber()
        at = None if column is None else column + 1
        return _unreadable(file, "RDF/XML in UTF-8", error.getLineNumber(), at)
    except (SAXException, ValueError, LookupError):
        return _unreadable(file, "RDF/XML in UTF-8", None, None)
    return None


# ---------------------------------------------------------------- statements


def _owner(subject: Term) -> str:
    """The partnership that a subject belongs to, or nothing."""
    iri = subject.value if isinstance(subject, ox.NamedNode) else ""
    is_ours = iri.startswith(str(ID)) and len(id_of(iri).split("/")) == 3
    return unquote(partnership_of(id_of(iri))) if is_ours else ""


def _own(quads: Iterable[ox.Quad], slug: str, schema: Schema) -> dict[str, frozenset[str]]:
    names = {klass.slug: klass.name for klass in schema}
    own: dict[str, set[str]] = {}
    for quad in quads:
        if _owner(quad.subject) == slug and isinstance(quad.subject, ox.NamedNode):
            _, class_slug, local = _parts(quad.subject.value)
            if class_slug in names:
                own.setdefault(names[class_slug], set()).add(local)
    return {name: frozenset(ids) for name, ids in own.items()}


def _parts(iri: str) -> tuple[str, str, str]:
    slug, class_slug, local = (unquote(part) for part in id_of(iri).split("/"))
    return slug, class_slug, local


def _labels() -> dict[str, str]:
    return {
        id_of(str(term)): str(label)
        for term, label in ontology().subject_objects(SKOS.prefLabel)
        if str(term).startswith(f"{ID}{SHARED}/")
    }


def _rows(quads: Iterable[ox.Quad], reading: _Reading) -> list[Row]:
    """One row a record, by class and id, as exports of tables have them."""
    records: dict[str, dict[str, set[Term]]] = {}
    for triple in {quad.triple for quad in quads}:
        owner = _owner(triple.subject)
        if owner == reading.slug and isinstance(triple.subject, ox.NamedNode):
            values = records.setdefault(triple.subject.value, {})
            values.setdefault(triple.predicate.value, set()).add(triple.object)
        elif owner not in ("", SHARED):
            reading.left["statements about other partnerships", "one is imported at a time"] += 1
        elif not _is_known(triple):
            what = "statements about shared terms" if owner else "statements about other things"
            reading.left[what, "shared terms are the project's own" if owner else _NOT_OURS] += 1
    rows = []
    for iri, values in sorted(records.items()):
        row = _row(iri, values, reading)
        if row is not None:
            rows.append(row)
    order = {klass.table: rank for rank, klass in enumerate(reading.schema)}
    return sorted(rows, key=lambda row: (order[row.table], row.id))


def _is_known(triple: ox.Triple) -> bool:
    """Whether a statement is one of the project's own, which come along with every export."""
    if triple.subject == ox.NamedNode(BASE + "ontology"):
        return bool(triple.predicate.value == str(OWL.versionInfo))
    return triple in _shared()


@lru_cache(maxsize=1)
def _shared() -> frozenset[ox.Triple]:
    content = shared().serialize(format="nt")
    return frozenset(q.triple for q in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))


def _row(iri: str, values: Mapping[str, set[Term]], reading: _Reading) -> Row | None:
    _, class_slug, local = _parts(iri)
    identifier = f"{class_slug}/{local}"
    klass = next((c for c in reading.schema if c.slug == class_slug), None)
    if klass is None:
        expected = f"an address of one of our classes ({_classes(reading.schema)})"
        reading.wrong(identifier, "", "", expected)
        return None
    types = {_text(t) for t in values.get(str(RDF.type), ())}
    if str(klass.iri) not in types:
        reading.wrong(identifier, "rdf:type", "", f"the class of its address, {klass.iri}")
    file = f"{reading.file}, {identifier}"
    reading.problems += bad_id(file, 0, local)
    columns = {str(prop.iri): prop for prop in klass.columns}
    known = {str(RDF.type), str(PROV.hadPrimarySource)}
    cells = {}
    for predicate, terms in values.items():
        prop = columns.get(predicate)
        if prop is not None:
            cells[prop.key] = _cell(terms, prop, identifier, reading)
        elif predicate not in known:
            namespace = parts(predicate)[0]
            reading.left[f"statements with words of {namespace}", _NO_PLACE] += len(terms)
    if types - {str(klass.iri)}:
        reading.left["classes of other vocabularies", _NO_PLACE] += len(types) - 1
    ordered = {p.key: cells[p.key] for p in klass.columns if cells.get(p.key)}
    return Row(klass.table, file, 0, local, ordered)


def _classes(schema: Schema) -> str:
    return ", ".join(sorted(klass.slug for klass in schema))


def _cell(terms: Iterable[Term], prop: Property, identifier: str, reading: _Reading) -> str:
    texts = {text for term in terms if (text := _value(term, prop, identifier, reading))}
    if len(texts) > 1 and not prop.many:
        reading.wrong(identifier, prop.header, "", "one value")
    if prop.many and any(SEPARATOR.strip() in text for text in texts):
        reading.wrong(identifier, prop.header, "", "no semicolon in a value: it parts values")
    return SEPARATOR.join(sorted(texts))


def _value(term: Term, prop: Property, identifier: str, reading: _Reading) -> str:
    """What a cell says for a term; a wrong one is noted, or left for the build to judge."""
    if isinstance(term, ox.Literal):
        if prop.type == "text" and term.language not in (None, "en"):
            reading.left["texts in other languages", "the tables have one language"] += 1
            return ""
        return _LITERALS.get(prop.type, str)(term.value)
    if isinstance(term, ox.NamedNode):
        if prop.type == "code":
            return _word(term.value, prop, identifier, reading)
        if prop.type == "reference":
            return _reference(term.value, prop, identifier, reading)
        return term.value
    reading.wrong(identifier, prop.header, "", "a value or an address, not a thing without one")
    return ""


def _word(iri: str, prop: Property, identifier: str, reading: _Reading) -> str:
    if iri not in reading.words:
        words = reading.schema.codes[prop.targets[0]]
        expected = f"the address of one of: {', '.join(word.label for word in words)}"
        reading.wrong(identifier, prop.header, iri, expected)
    return reading.words.get(iri, "")


def _reference(iri: str, prop: Property, identifier: str, reading: _Reading) -> str:
    owner = _owner(ox.NamedNode(iri))
    if owner not in (reading.slug, SHARED):
        reading.wrong(identifier, prop.header, iri, "the address of a record of this partnership")
        return ""
    found = "/".join(_parts(iri))
    text = reading.names.shortest(found, prop)
    # One that the file does not hold may be live already: it is named in full.
    return text.split("/", 1)[1] if text == found and owner == reading.slug else text


def _boolean(text: str) -> str:
    return {"1": "true", "0": "false"}.get(text, text)


def _decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    is_short = number.is_finite() and abs(number.adjusted()) < 30
    return f"{number.normalize():f}" if is_short else text


_LITERALS: Mapping[str, Callable[[str], str]] = {
    "boolean": _boolean,
    "decimal": _decimal,
    "integer": _decimal,
}
"""Values that RDF writes in several ways and our tables in one."""


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
