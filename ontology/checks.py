"""What shapes ask of records, as checks over columns (`ontology/columns.py`).

A check takes all records of a class at once. What holds is found without a look at single values
where that can be; only a breach is told one by one. Nothing here knows SHACL's vocabulary: the
checks are made in `ontology/compiled.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from rdflib import Literal, URIRef
from rdflib.term import Node as Term

from ontology.columns import Column, Records
from ontology.judging import Run, Test
from ontology.terms import term_of

_NOTHING = Column()


@dataclass(frozen=True, slots=True)
class Told:
    """How a breach is told: SHACL's name of the constraint, the property, and words.

    The words are made from the record and the value, where there is one.
    """

    component: str
    path: URIRef | None
    severity: str
    words: Callable[[URIRef, Term | None], str]


Breach = tuple[int, Told, Term | None]
"""The row of a record, what it breaks, and by which value."""


# ---------------------------------------------------------------- of the values of a property


class Rule(Protocol):
    """What is asked of the values that records have of one property."""

    def breaches(self, column: Column, records: Records, run: Run) -> list[Breach]:
        """Every breach."""

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows of the records that break it."""


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """Each value passes a test."""

    test: Test
    told: Told

    def breaches(self, column: Column, records: Records, run: Run) -> list[Breach]:
        """One for each value that fails."""
        places = self.test.failing(column.tokens, run)
        return [(row, self.told, term) for row, term in _values(column, places)] if places else []

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows with a value that fails."""
        return {column.rows[place] for place in self.test.failing(column.tokens, run)}


@dataclass(frozen=True, slots=True, eq=False)
class _OfRecord:
    """A rule that a record as a whole breaks, and no single value."""

    told: Told

    def breaches(self, column: Column, records: Records, run: Run) -> list[Breach]:
        """One for each record that breaks it."""
        return [(row, self.told, None) for row in self.failing(column, records, run)]

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows of the records that break it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Least(_OfRecord):
    """A record has so many values, or more."""

    count: int

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows of the records with fewer."""
        size = len(records.iris)
        if self.count != 1:
            counts = _counts(column)
            return {row for row in range(size) if counts[row] < self.count}
        said = set(column.rows)
        return set(range(size)) - said if len(said) < size else set()


@dataclass(frozen=True, slots=True, eq=False)
class Most(_OfRecord):
    """A record has no more than so many values."""

    count: int

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows of the records with more."""
        rows = column.rows
        if self.count and len(set(rows)) == len(rows):
            return set()
        return {row for row, count in _counts(column).items() if count > self.count}


@dataclass(frozen=True, slots=True, eq=False)
class Has(_OfRecord):
    """One of a record's values is a certain one."""

    token: str

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows of the records that do not have it."""
        wanted = self.token
        said = zip(column.rows, column.tokens, strict=True)
        return set(range(len(records.iris))).difference([r for r, t in said if t == wanted])


@dataclass(frozen=True, slots=True, eq=False)
class NotAbove:
    """No value is above a value of another property of the same record."""

    other: str
    told: Told

    def breaches(self, column: Column, records: Records, run: Run) -> list[Breach]:
        """One for each pair of values that is the wrong way round or cannot be compared."""
        limits: dict[int, list[Term]] = {}
        other = records.columns.get(self.other, _NOTHING)
        for row, term in _values(other, range(len(other.rows))):
            limits.setdefault(row, []).append(term)
        return [
            (row, self.told, term)
            for row, term in _values(column, range(len(column.rows)))
            for limit in limits.get(row, ())
            if not _is_at_most(term, limit)
        ]

    def failing(self, column: Column, records: Records, run: Run) -> set[int]:
        """The rows with such a pair."""
        return {row for row, _, _ in self.breaches(column, records, run)}


def _values(column: Column, places: Iterable[int]) -> set[tuple[int, Term]]:
    """Values by their row. A value that is written in two ways is one."""
    return {(column.rows[place], term_of(column.tokens[place])) for place in places}


def _counts(column: Column) -> Counter[int]:
    return Counter(row for row, _ in _values(column, range(len(column.rows))))


def _is_at_most(value: Term, limit: Term) -> bool:
    texts = _text(value), _text(limit)
    if texts[0] is not None and texts[1] is not None:
        return texts[0] <= texts[1]
    if texts != (None, None):
        return False
    try:
        return bool(value <= limit)  # type: ignore[operator]
    except TypeError:  # Nobody knows of two values that are none of their type.
        return False


def _text(term: Term) -> str | None:
    value = term.value if isinstance(term, Literal) else str(term)
    return value if isinstance(value, str) else None


# ---------------------------------------------------------------- of records


class Check(Protocol):
    """What is asked of records."""

    def breaches(self, records: Records, run: Run) -> list[Breach]:
        """Every breach."""

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows of the records that break it."""


@dataclass(frozen=True, slots=True, eq=False)
class OfProperty:
    """Some rules of one property; `wanted` where one of them asks for a value."""

    path: str
    rules: tuple[Rule, ...]
    wanted: bool

    def breaches(self, records: Records, run: Run) -> list[Breach]:
        """The breaches of all its rules."""
        column = records.columns.get(self.path, _NOTHING)
        if not column.rows and not self.wanted:
            return []
        return [b for rule in self.rules for b in rule.breaches(column, records, run)]

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows that break one of its rules."""
        column = records.columns.get(self.path, _NOTHING)
        if not column.rows and not self.wanted:
            return set()
        return {row for rule in self.rules for row in rule.failing(column, records, run)}


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """All of some checks hold."""

    checks: tuple[Check, ...]

    def breaches(self, records: Records, run: Run) -> list[Breach]:
        """The breaches of each."""
        return [breach for check in self.checks for breach in check.breaches(records, run)]

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows that break one."""
        if len(self.checks) == 1:
            return self.checks[0].failing(records, run)
        return {row for check in self.checks for row in check.failing(records, run)}


@dataclass(frozen=True, slots=True, eq=False)
class _OfFocus:
    """A check whose breach is told of the record itself."""

    told: Told

    def breaches(self, records: Records, run: Run) -> list[Breach]:
        """One for each record that breaks it."""
        return [(row, self.told, term_of(records.iris[row])) for row in self.failing(records, run)]

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows of the records that break it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Either(_OfFocus):
    """At least one of some checks holds."""

    checks: tuple[Check, ...]

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows that break them all."""
        left = self.checks[0].failing(records, run)
        for check in self.checks[1:]:
            if not left:
                return left
            left = left & check.failing(records, run)
        return left


@dataclass(frozen=True, slots=True, eq=False)
class Never(_OfFocus):
    """A check does not hold."""

    check: Check

    def failing(self, records: Records, run: Run) -> set[int]:
        """The rows for which it does."""
        return set(range(len(records.iris))) - self.check.failing(records, run)
