"""What a check of records against the shapes finds: the whole of a release in less than its parse.

The shapes are those of `ontology/compiled.py`. The slow and obvious way to the same findings is
pyshacl's; it stands in the tests.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node as Term

from ontology.checks import Told
from ontology.columns import TYPE, Records, read_columns
from ontology.compiled import Shapes, default_shapes
from ontology.judging import Run, Verdicts
from ontology.terms import term_of

_ABOUT = 50_000
"""Lines that are checked together: enough to pay for the checks, too few to fill the memory."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One finding: record, property, constraint, and words.

    A rule over a whole record is told at the property that its shape names as `fp:column`; the
    property is None where it names none.
    """

    focus: URIRef
    path: URIRef | None
    component: str
    value: str
    message: str
    severity: str = "Violation"


def violations(lines: Sequence[str], shapes: Shapes | None = None) -> list[Violation]:
    """Every violation of the shapes in a release, sorted; an empty list where there is none.

    `lines` are sorted N-Quads as a release has them, without the line ends; they are read twice and
    never held in another form as a whole. They must hold the codes beside the records.
    """
    run = Run(kinds_of(lines))
    blocks = (read_columns(block) for block in in_blocks(lines))
    return in_order(v for columns in blocks for v in _found(columns, run, shapes))


def violations_among(
    columns: Mapping[str, Records],
    kinds: Mapping[str, str],
    shapes: Shapes | None = None,
    verdicts: Verdicts | None = None,
) -> list[Violation]:
    """The violations of some records, such as those of one partnership, sorted.

    `kinds` (see `kinds_of`) must know all records that these refer to, and these themselves.
    `verdicts` are what values were judged to be before, by the same shapes, and take more.
    """
    run = Run(kinds, {} if verdicts is None else verdicts)
    return in_order(_found(columns, run, shapes))


def kinds_of(lines: Iterable[str]) -> dict[str, str]:
    """By its token, the token of the class of every record in some lines."""
    typed = (line.split(" ", 3) for line in lines if TYPE in line)
    return {words[0]: words[2] for words in typed if words[1] == TYPE}


def kinds_among(columns: Mapping[str, Records]) -> dict[str, str]:
    """The same as `kinds_of`, of records that stand in columns."""
    return {iri: kind for kind, records in columns.items() for iri in records.iris}


def in_blocks(lines: Sequence[str], about: int = _ABOUT) -> Iterator[Sequence[str]]:
    """Sorted lines in blocks of about so many: no record stands in two of them."""
    start = 0
    while start < len(lines):
        end = start + about
        while end < len(lines) and _subject(lines[end]) == _subject(lines[end - 1]):
            end += 1
        yield lines[start:end]
        start = end


def _subject(line: str) -> str:
    return line.split(" ", 1)[0]


def _found(columns: Mapping[str, Records], run: Run, shapes: Shapes | None) -> Iterator[Violation]:
    checks = default_shapes() if shapes is None else shapes
    for kind, records in columns.items():
        check = checks.get(kind)
        if check is not None:
            for row, told, value in check.breaches(records, run):
                yield _violation(records.iris[row], told, value)


def _violation(token: str, told: Told, value: Term | None) -> Violation:
    focus = URIRef(str(term_of(token)))
    shown = "" if value is None else str(value)
    words = told.words(focus, value)
    return Violation(focus, told.path, told.component, shown, words, told.severity)


def in_order(found: Iterable[Violation]) -> list[Violation]:
    """Violations record by record."""
    return sorted(found, key=lambda v: (v.focus, str(v.path), v.component, v.value, v.message))
