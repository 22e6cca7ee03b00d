"""Statements as columns: class by class, predicate by predicate.

Only the form of a release is read (graph/release.py): sorted N-Quads, one statement a line, without
blank nodes. Sorting puts all lines of a record together with its `rdf:type` first, so that one pass
without a look-up by subject is enough. Values stay the tokens of the file (`<iri>`, `"text"@en`);
whoever uses a column says what it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import RDF

TYPE = f"<{RDF.type}>"


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one predicate: `tokens[i]` is said of the record at `rows[i]`, in order."""

    rows: list[int] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one class in the order of their IRIs, and what is said of them by predicate.

    IRIs and predicates are tokens, as `<https://…>`.
    """

    iris: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)


def read_columns(lines: Iterable[str]) -> dict[str, Records]:
    """The statements of some sorted lines, by the token of the class.

    What has no type is no record and is left out, such as the statement of the ontology's version.
    Raises ValueError where a record has two: no class of ours has a sibling that fits the same IRI.
    """
    found: dict[str, Records] = {}
    columns: dict[str, Column] = {}
    before, kind, row = "", "", -1
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        token = rest[: rest.rindex(" ", 0, rest.rindex(" "))]
        if subject != before:
            before, kind, columns = subject, "", {}
            if predicate == TYPE:
                kind = token
                records = found.setdefault(token, Records())
                row, columns = len(records.iris), records.columns
                records.iris.append(subject)
                continue
        elif predicate == TYPE:
            if token != kind:
                raise ValueError(f"a record has two types: {subject}")
            continue  # It is said in two graphs.
        column = columns.get(predicate)
        if column is None:
            column = columns[predicate] = Column()
        column.rows.append(row)
        column.tokens.append(token)
    return found
