"""What bears on the cells of a whole country, as bits, and the states that the bits come to.

Each help and each gap becomes bits of the cells that it bears on, and the bits of a cell decide its
state. That works because every rule of queries/cells.py asks only whether there is any help, or any
gap, of some kind. What narrower areas take over from wider ones is spread at once.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as chained
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from graph.derived import chain
from queries.cells import WORST_FIRST, State, gap_effects
from queries.national.cases import Marks, Numbers, lists_of

Bits = npt.NDArray[np.uint8]
_Id = TypeVar("_Id", bound=Hashable)

_HELP, _AGREED, _INSIDE, _FULL, _LASTING, _UNCOVERED, _INSUFFICIENT = (1 << n for n in range(7))
"""What bears on a cell: help; help that nobody contests, that is not from outside, that is full,
and full with money beyond the horizon; a gap that says there is none, or not enough."""


def numbered(ids: Iterable[_Id]) -> dict[_Id, int]:
    """Each of some things with its place among them."""
    return {identifier: number for number, identifier in enumerate(ids)}


def bits_of_help(*, outside: bool, contested: bool, limited: bool, soon: bool) -> int:
    """What help comes to; `soon` is money that ends within the horizon."""
    found = _HELP if outside else _HELP | _INSIDE
    if contested:
        return found
    found |= _AGREED
    if limited:
        return found
    return found | _FULL if soon else found | _FULL | _LASTING


def bits_of_gap(kind: str) -> int:
    """What a gap of a kind comes to; it must be one that bears on cells."""
    return {"uncovered": _UNCOVERED, "insufficient": _INSUFFICIENT}[gap_effects()[kind]]


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears on cells, a column each: group and need, area, whose it is, bits.

    `stays` is where help counts for its own area and for no narrower one.
    """

    pair: Numbers
    area: Numbers
    whose: Numbers
    bits: Numbers
    stays: Marks

    def among(self, rows: Marks) -> "Bearing":
        """Some of the rows."""
        return Bearing(
            self.pair[rows], self.area[rows], self.whose[rows], self.bits[rows], self.stays[rows]
        )


def bearing_of(rows: Iterable[tuple[int, int, int, int, bool]]) -> Bearing:
    """The columns of rows."""
    # One number after the other: a list of rows would cost more than all the rest.
    numbers = np.fromiter(chained.from_iterable(rows), dtype=np.int64).reshape(-1, 5)
    pair, area, whose, bits, stays = np.ascontiguousarray(numbers.T)
    return Bearing(pair, area, whose, bits, stays.astype(np.bool_))


class Areas:
    """Which areas lie in each area, and how far down: itself is no way down."""

    def __init__(self, areas: Sequence[str], within: Mapping[str, str]) -> None:
        self.numbers = numbered(areas)
        self._around = [[self.numbers[wide] for wide in chain(area, within)] for area in areas]
        inside: list[list[tuple[int, int]]] = [[] for _ in areas]
        for area, around in enumerate(self._around):
            for far, wide in enumerate(around):
                inside[wide].append((area, far))
        self._inside = lists_of([[area for area, _ in those] for those in inside])
        self._far = lists_of([[far for _, far in those] for those in inside])

    def spread(self, one: Bearing) -> tuple[Numbers, Numbers, Numbers]:
        """Each row of a bearing in each area that lies in its own: row, area, how far down."""
        row, area = self._inside.spread(one.area)
        _, far = self._far.spread(one.area)
        kept = ~one.stays[row] | (far == 0)
        return row[kept], area[kept], far[kept]

    def take_over(self, bits: Bits) -> Bits:
        """The bits of each area with those of all areas around it: a line of cells an area."""
        found = bits.copy()
        for far in range(1, max(map(len, self._around), default=0)):
            # So far up there is one area around each, so that no line is written to twice.
            deep = [n for n, around in enumerate(self._around) if len(around) > far]
            found[deep] |= bits[[self._around[n][far] for n in deep]]
        return found


def bits_of_cells(bearings: Iterable[Bearing], areas: Areas, pairs: int) -> Bits:
    """The bits of every cell, a line an area; of one service only its nearest help counts.

    Most owners have one row for a group and need: such rows are put into the lines of their areas,
    and the lines go down whole. Only where an owner has several has each place to be looked at.
    """
    here: Bits = np.zeros((len(areas.numbers), pairs), dtype=np.uint8)
    lower = here.copy()
    for one in bearings:
        is_one = _is_only(one) & ~one.stays
        _put(lower, one.among(is_one))
        _put(here, _nearest(one.among(~is_one), areas))
    found: Bits = areas.take_over(lower) | here
    return found


def _put(bits: Bits, one: Bearing) -> None:
    cells = one.area * bits.shape[1] + one.pair
    np.bitwise_or.at(bits.reshape(-1), cells, one.bits.astype(np.uint8))


def _owners(one: Bearing) -> Numbers:
    owners: Numbers = one.whose * (one.pair.max(initial=0) + 1) + one.pair
    return owners


def _is_only(one: Bearing) -> Marks:
    """Whether an owner has no other row for a group and need."""
    owner = _owners(one)
    order = np.argsort(owner)
    is_next = np.diff(owner[order]) == 0
    found = np.ones(len(owner), np.bool_)
    found[order[1:][is_next]] = found[order[:-1][is_next]] = False
    return found


def _nearest(one: Bearing, areas: Areas) -> Bearing:
    """Each row in each area that it is from the nearest for, of those with the same owner."""
    row, area, far = areas.spread(one)
    _, which = np.unique(_owners(one), return_inverse=True)
    _, cell = np.unique(which[row] * len(areas.numbers) + area, return_inverse=True)
    least = np.full(cell.max(initial=0) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, cell, far)
    kept = far == least[cell]
    row = row[kept]
    return Bearing(one.pair[row], area[kept], one.whose[row], one.bits[row], one.stays[row])


# ---------------------------------------------------------------- what the bits come to


def _state(bits: int) -> State:
    """The state that bits come to: the same steps as in queries/cells.py."""
    if not bits & _HELP:
        if bits & _UNCOVERED:
            return "stated uncovered"
        return "insufficient" if bits & _INSUFFICIENT else "not recorded"
    if not bits & _AGREED or (bits & _UNCOVERED and bits & _INSIDE):
        return "contested"
    if not bits & _FULL:
        return "partial"
    if bits & _INSUFFICIENT:
        return "insufficient"
    return "covered" if bits & _LASTING else "at risk"


STATE_OF = np.array([WORST_FIRST.index(_state(bits)) for bits in range(1 << 7)], dtype=np.int8)
