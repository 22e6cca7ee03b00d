"""Every client group, need and area of the country at once: how each cell stands, as one array.

The states are those of `queries/cells.py`, cell by cell; what counts as help is said in
`queries/recorded.py` and nowhere else. Here each help and each gap becomes bits of the cells that
it bears on, and the bits decide the state. That works because every rule asks only whether there is
any help, or any gap, of some kind. What narrower areas take over from wider ones is spread at once.
Leaves out reasons and records: ask about a partnership for those.
"""

import datetime
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as chained
from itertools import product
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from graph.dates import add_months
from graph.derived import chain
from graph.stores.protocol import Store
from queries.cells import WORST_FIRST, State, gap_cells, gap_effects, in_part
from queries.collecting import no_circles
from queries.money import HORIZON
from queries.national.facts import national_facts, national_gaps
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, recorded
from queries.rows import Row

Numbers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Pairs = Mapping[tuple[str, str], int]
"""The number of each group with each need."""
_Id = TypeVar("_Id", bound=Hashable)

_HELP, _AGREED, _INSIDE, _FULL, _LASTING, _UNCOVERED, _INSUFFICIENT = (1 << n for n in range(7))
"""What bears on a cell: help; help that nobody contests, that is not from outside, that is full,
and full with money beyond the horizon; a gap that says there is none, or not enough."""
_EFFECTS = {"uncovered": _UNCOVERED, "insufficient": _INSUFFICIENT}


@dataclass(frozen=True, slots=True)
class NationalMatrix:
    """The state of every cell on a day: `states[group, need, area]` is a place in WORST_FIRST."""

    groups: tuple[str, ...]
    needs: tuple[str, ...]
    areas: tuple[str, ...]
    states: npt.NDArray[np.int8]

    def state(self, cell: Cell) -> State:
        """The state of one cell."""
        group, need, area = cell
        place = self.groups.index(group), self.needs.index(need), self.areas.index(area)
        return WORST_FIRST[int(self.states[place])]

    def counts(self, areas: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """By group and need: of so many areas (all, if none are named), how many have each state.

        Areas within areas are counted each by itself: name those of one kind, such as the
        partnerships' own, to count places.
        """
        chosen = self.states
        if areas is not None:
            numbers = _numbers(self.areas)
            chosen = self.states[:, :, sorted({numbers[area] for area in areas})]
        found = np.stack([(chosen == n).sum(axis=2) for n in range(len(WORST_FIRST))], axis=2)
        return [
            {"group": group, "need": need, **_by_state(found[g, n])}
            for (g, group), (n, need) in product(enumerate(self.groups), enumerate(self.needs))
        ]

    def counts_by_area(self, areas: Iterable[str]) -> list[dict[str, Any]]:
        """By area: how many cells have each state there; for the partnerships' own areas."""
        numbers, found = _numbers(self.areas), []
        for area in sorted(set(areas)):
            states = np.bincount(self.states[:, :, numbers[area]].ravel(), minlength=_STATES)
            found.append({"area": area, **_by_state(states)})
        return found


_STATES = len(WORST_FIRST)


def _by_state(numbers: Iterable[int]) -> dict[str, int]:
    return {state: int(n) for state, n in zip(WORST_FIRST, numbers, strict=True)}


def national_matrix(store: Store, day: datetime.date) -> NationalMatrix:
    """The state of every group and need in every area of all loaded partnerships, on one day."""
    with no_circles():
        return matrix_of(national_facts(store), national_gaps(store), day)


def matrix_of(facts: Facts, gaps: Sequence[Row], day: datetime.date) -> NationalMatrix:
    """The state of every cell that facts have a group, a need and an area for."""
    groups, needs = tuple(sorted(facts.groups)), tuple(sorted(facts.needs))
    pairs = _numbers(product(groups, needs))
    areas = _Areas(sorted(facts.area_names), facts.within)
    bearings = (
        _of_helps(recorded(facts, day)[0], pairs, areas.numbers, add_months(day, HORIZON)),
        _of_gaps(gaps, facts.homes, pairs, areas.numbers),
    )
    bits = _bits_of_cells(bearings, areas, len(pairs))
    states = _STATE_OF[bits].reshape(len(areas.numbers), len(groups), len(needs))
    return NationalMatrix(groups, needs, tuple(areas.numbers), states.transpose(1, 2, 0))


def _numbers(ids: Iterable[_Id]) -> dict[_Id, int]:
    return {identifier: number for number, identifier in enumerate(ids)}


# ---------------------------------------------------------------- what bears on which cell


@dataclass(frozen=True, slots=True)
class _Bearing:
    """What bears on cells, a column each: group and need, area, whose it is, bits.

    `stays` is where help counts for its own area and for no narrower one.
    """

    pair: Numbers
    area: Numbers
    whose: Numbers
    bits: Numbers
    stays: npt.NDArray[np.bool_]


def _bearing(rows: Iterable[tuple[int, int, int, int, bool]]) -> _Bearing:
    # One number after the other: a list of rows would cost more than all the rest.
    numbers = np.fromiter(chained.from_iterable(rows), dtype=np.int64).reshape(-1, 5)
    pair, area, whose, bits, stays = np.ascontiguousarray(numbers.T)
    return _Bearing(pair, area, whose, bits, stays.astype(np.bool_))


def _of_helps(
    helps: Sequence[Help], pairs: Pairs, areas: Mapping[str, int], horizon: datetime.date
) -> _Bearing:
    services = _numbers(dict.fromkeys(h.service for h in helps))
    return _bearing(
        (pairs[h.cell[:2]], areas[h.cell[2]], services[h.service], _bits(h, horizon), in_part(h))
        for h in helps
        if h.cell[1] != UNSPECIFIED
    )


def _bits(one: Help, horizon: datetime.date) -> int:
    found = _HELP
    if not one.outside:
        found |= _INSIDE
    if not one.contested:
        found |= _AGREED
        if not one.reasons:
            ends = one.money.ends
            found |= _FULL if ends is not None and ends <= horizon else _FULL | _LASTING
    return found


def _of_gaps(
    gaps: Iterable[Row], homes: Mapping[str, str], pairs: Pairs, areas: Mapping[str, int]
) -> _Bearing:
    effects = gap_effects()
    return _bearing(
        (pairs[group, need], areas[area], number, _EFFECTS[effects[gap["kind"]]], False)
        for number, gap in enumerate(gaps)
        if gap["kind"] in effects
        for group, need, area in gap_cells(gap, homes)
        if need != UNSPECIFIED
    )


class _Areas:
    """Which areas lie in each area, and how far down: itself is no way down."""

    def __init__(self, areas: Sequence[str], within: Mapping[str, str]) -> None:
        self.numbers = _numbers(areas)
        inside: list[list[tuple[int, int]]] = [[] for _ in areas]
        for area in areas:
            for far, wider in enumerate(chain(area, within)):
                inside[self.numbers[wider]].append((self.numbers[area], far))
        self._many = np.array([len(those) for those in inside], dtype=np.int64)
        self._first = np.cumsum(self._many) - self._many
        self._inside = np.array([a for those in inside for a, _ in those], dtype=np.int64)
        self._far = np.array([far for those in inside for _, far in those], dtype=np.int64)

    def spread(self, one: _Bearing) -> tuple[Numbers, Numbers, Numbers]:
        """Each row of a bearing in each area that lies in its own: row, area, how far down."""
        many = self._many[one.area]
        row = np.repeat(np.arange(len(many)), many)
        at = np.arange(len(row)) + (self._first[one.area] - (np.cumsum(many) - many))[row]
        area, far = self._inside[at], self._far[at]
        kept = ~one.stays[row] | (far == 0)
        return row[kept], area[kept], far[kept]


def _bits_of_cells(bearings: Iterable[_Bearing], areas: _Areas, pairs: int) -> Bits:
    """The bits of every cell, area by area; of one service only its nearest help counts."""
    bits: Bits = np.zeros(len(areas.numbers) * pairs, dtype=np.uint8)
    for one in bearings:
        row, area, far = areas.spread(one)
        kept = _nearest(one, row, area, far)
        cells = area[kept] * pairs + one.pair[row[kept]]
        np.bitwise_or.at(bits, cells, one.bits[row[kept]].astype(np.uint8))
    return bits


def _nearest(one: _Bearing, row: Numbers, area: Numbers, far: Numbers) -> npt.NDArray[np.bool_]:
    """Where a row is from the nearest area, of those with the same owner, group and need.

    Most owners have one row for a group and need; only the others have to be compared.
    """
    kept = np.ones(len(row), dtype=np.bool_)
    owner = one.whose * (one.pair.max(initial=0) + 1) + one.pair
    _, which, many = np.unique(owner, return_inverse=True, return_counts=True)
    at = np.flatnonzero(many[which[row]] > 1)
    _, cell = np.unique(which[row[at]] * (area.max(initial=0) + 1) + area[at], return_inverse=True)
    least = np.full(cell.max(initial=0) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, cell, far[at])
    kept[at] = far[at] == least[cell]
    return kept


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


_STATE_OF = np.array([WORST_FIRST.index(_state(bits)) for bits in range(1 << 7)], dtype=np.int8)
