"""Rules asked once for each different case, and their answers joined to all rows by number.

A rule looks at a few columns, and in these the services of a country differ in few ways. So a rule,
which stays a function of plain values in its own home, is called for one example of each case.
Lists (the needs of a service) are numbers side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Column: TypeAlias = Any
"""Values as an array of Arrow, or numbers that stand for something as one of numpy."""

_BETWEEN = "\x1f"
"""Between the values of a list, where lists are told apart: a unit separator, which no code has."""
_MOST = 1 << 62
_ROOM = 1 << 22
"""Up to how many possible cases there is a place for each; of more, those there are are sorted."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The number of each row's case, and of each case the first row that is an example of it."""

    number: Numbers
    example: Numbers


def cases(*columns: Column) -> Cases:
    """The different rows that some columns make."""
    numbers, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        more, many = _coded(column)
        if size * many >= _MOST:
            _, numbers = np.unique(numbers, return_inverse=True)
            size = len(numbers)
        numbers, size = numbers * many + more, size * many
    return _different(numbers, size)


def _different(numbers: Numbers, size: int) -> Cases:
    """The cases that numbers below a size make, in their order."""
    if size > _ROOM:
        _, example, number = np.unique(numbers, return_index=True, return_inverse=True)
        return Cases(number, example)
    rows = np.arange(len(numbers))
    first = np.full(size, len(numbers))
    first[numbers[::-1]] = rows[::-1]  # The last that is written stays: the first row.
    found = np.flatnonzero(first < len(numbers))
    place = np.empty(size, np.int64)
    place[found] = np.arange(len(found))
    return Cases(place[numbers], first[found])


def each(rule: Callable[..., bool], *columns: Column) -> Marks:
    """What a rule says of each row, asked once for each case."""
    found = cases(*columns)
    return np.array([rule(*row) for row in examples(found, *columns)], np.bool_)[found.number]


def examples(found: Cases, *columns: Column) -> list[tuple[Any, ...]]:
    """An example of each case, as plain values."""
    return list(zip(*(_values(column, found.example) for column in columns), strict=True))


def _coded(column: Column) -> tuple[Numbers, int]:
    """Numbers from 0 that tell the values of a column apart, and how many there are at most."""
    if isinstance(column, np.ndarray):
        least = column.min(initial=0)
        return column - least, int(column.max(initial=0) - least) + 1
    if pa.types.is_list(column.type):
        # No list, a list of nothing and a list of an empty text are three different things.
        joined = pc.binary_join(column, _BETWEEN)
        many, size = _coded(pc.list_value_length(column))
        words, different = _coded(joined)
        return words * size + many, different * size
    coded = column.dictionary_encode(null_encoding="encode")
    return coded.indices.to_numpy().astype(np.int64), len(coded.dictionary) or 1


def _values(column: Column, rows: Numbers) -> list[Any]:
    taken = column[rows] if isinstance(column, np.ndarray) else column.take(pa.array(rows))
    found: list[Any] = taken.tolist()
    return found


# ---------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class Lists:
    """Numbers by owner, those of one owner side by side: where they begin, and how many."""

    first: Numbers
    many: Numbers
    items: Numbers

    def spread(self, owners: Numbers) -> tuple[Numbers, Numbers]:
        """Each owner with each of its items: as two columns, the place among owners and the item.

        An owner may be named more than once.
        """
        many = self.many[owners]
        place = np.repeat(np.arange(len(owners)), many)
        begun = np.cumsum(many) - many
        return place, self.items[np.arange(len(place)) + (self.first[owners] - begun)[place]]

    def of(self, owners: Numbers) -> "Lists":
        """The lists of some owners, as those of new ones."""
        return Lists(self.first[owners], self.many[owners], self.items)

    def at(self, owner: int) -> list[int]:
        """The items of one owner."""
        found: list[int] = self.items[self.first[owner] :][: self.many[owner]].tolist()
        return found

    def cases(self) -> Cases:
        """The different lists: the number of each owner's, and for each an example, an owner.

        The items of each owner must be in order, as `by_owner` puts them.
        """
        number = np.zeros(len(self.many), np.int64)
        example = np.zeros(min(1, len(number)), np.int64)
        size = int(self.items.max(initial=0)) + 2
        for place in range(int(self.many.max(initial=0))):
            has = np.flatnonzero(self.many > place)
            number = number * size
            number[has] += self.items[self.first[has] + place] + 1
            found = _different(number, int(number.max()) + 1)
            number, example = found.number, found.example
        return Cases(number, example)


def by_owner(owner: Numbers, items: Numbers, size: int) -> Lists:
    """The items of each of so many owners, in order."""
    order = np.lexsort((items, owner))
    many = np.bincount(owner, minlength=size)
    return Lists(np.cumsum(many) - many, many, items[order])


def lists_of(rows: Sequence[Sequence[int]]) -> Lists:
    """Lists from lists."""
    many = np.array([len(row) for row in rows], np.int64)
    items = np.array([item for row in rows for item in row], np.int64)
    return Lists(np.cumsum(many) - many, many, items)
