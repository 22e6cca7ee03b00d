"""What shapes ask of single values, of all values of a column at once.

A test says which values fail. That none does is found without a look at each where that can be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol

from rdflib.term import Node as Term

from ontology.terms import term_of

_LAST = itemgetter(-1)


class _Verdicts(dict[str, bool]):
    """What was judged of values before: most columns hold few different ones."""

    def __init__(self, holds: Callable[[Term], bool]) -> None:
        self._holds = holds

    def __missing__(self, token: str) -> bool:
        verdict = self[token] = self._holds(term_of(token))
        return verdict


Verdicts = dict["Judged", _Verdicts]
"""By test: what it said of values. A value is judged by itself, so that it holds for other runs."""


@dataclass(frozen=True, slots=True)
class Run:
    """One validation: the class of every record that may be referred to, and earlier verdicts."""

    kinds: Mapping[str, str]
    verdicts: Verdicts = field(default_factory=dict)

    def of(self, judged: "Judged") -> _Verdicts:
        """What is known of the values that one test was made of."""
        found = self.verdicts.get(judged)
        if found is None:
            found = self.verdicts[judged] = _Verdicts(judged.holds)
        return found


class Test(Protocol):
    """What is asked of each value."""

    def failing(self, tokens: list[str], run: Run) -> list[int]:
        """The places of the values that fail."""


@dataclass(frozen=True, slots=True, eq=False)
class OfKind:
    """A value is a record of one of some classes."""

    kinds: frozenset[str | None]

    def failing(self, tokens: list[str], run: Run) -> list[int]:
        """The places of the values that are anything else."""
        kind, kinds = run.kinds.get, self.kinds
        if kinds.issuperset(map(kind, tokens)):
            return []
        return [place for place, token in enumerate(tokens) if kind(token) not in kinds]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A value is judged by itself.

    `surely` may say of the last characters of all tokens that no value need be looked at.
    """

    holds: Callable[[Term], bool]
    surely: Callable[[set[str]], bool] | None = None

    def failing(self, tokens: list[str], run: Run) -> list[int]:
        """The places of the values that do not hold."""
        if self.surely and self.surely(set(map(_LAST, tokens))):
            return []
        verdicts = run.of(self)
        return [place for place, token in enumerate(tokens) if not verdicts[token]]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """A value passes all the tests of at least one choice."""

    choices: tuple[tuple[Test, ...], ...]

    def failing(self, tokens: list[str], run: Run) -> list[int]:
        """The places of the values that fit no choice."""
        left = set(range(len(tokens)))
        for tests in self.choices:
            left &= {place for test in tests for place in test.failing(tokens, run)}
        return sorted(left)
