"""Every client group, need and area of the country at once: how each cell stands, as one array.

The states are those of `queries/cells.py`, cell by cell; what counts as help is said in
`queries/recorded.py` and nowhere else. From an embedded store facts come as columns, and a rule is
asked once for each different case; from any other store as rows, and it is asked for each help.
Leaves out reasons and records: ask about a partnership for those.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.collecting import no_circles
from graph.dates import add_months
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from queries.cells import WORST_FIRST, State, gap_cells, gap_effects, in_part
from queries.money import HORIZON
from queries.national.bearing import (
    STATE_OF,
    Areas,
    Bearing,
    bearing_of,
    bits_of_cells,
    bits_of_gap,
    bits_of_help,
    numbered,
)
from queries.national.columns import Columns, read_columns
from queries.national.facts import national_facts, national_gaps
from queries.national.helping import ends_by, gaps_bearing, helps_bearing
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, recorded
from queries.rows import Row

Pairs = Mapping[tuple[str, str], int]
"""The number of each group with each need."""


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
            numbers = numbered(self.areas)
            chosen = self.states[:, :, sorted({numbers[area] for area in areas})]
        found = np.stack([(chosen == n).sum(axis=2) for n in range(len(WORST_FIRST))], axis=2)
        return [
            {"group": group, "need": need, **_by_state(found[g, n])}
            for (g, group), (n, need) in product(enumerate(self.groups), enumerate(self.needs))
        ]

    def counts_by_area(self, areas: Iterable[str]) -> list[dict[str, Any]]:
        """By area: how many cells have each state there; for the partnerships' own areas."""
        numbers, found = numbered(self.areas), []
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
        return by_columns(store, day) if isinstance(store, EmbeddedStore) else by_rows(store, day)


# ---------------------------------------------------------------- as columns


def by_columns(store: EmbeddedStore, day: datetime.date) -> NationalMatrix:
    """From columns, every rule asked once for each different case."""
    return matrix_of_columns(read_columns(store), day)


def matrix_of_columns(found: Columns, day: datetime.date) -> NationalMatrix:
    """The state of every cell that columns have a group, a need and an area for."""
    bearings = helps_bearing(found, day), gaps_bearing(found)
    terms = (found.groups.ids, found.needs.ids, found.areas.ids)
    return _matrix(*terms, bearings, Areas(found.areas.ids, found.within))


# ---------------------------------------------------------------- as rows


def by_rows(store: Store, day: datetime.date) -> NationalMatrix:
    """From rows, every rule asked for each help: slow for a whole country, and the same."""
    return matrix_of(national_facts(store), national_gaps(store), day)


def matrix_of(facts: Facts, gaps: Sequence[Row], day: datetime.date) -> NationalMatrix:
    """The state of every cell that facts have a group, a need and an area for."""
    groups, needs = tuple(sorted(facts.groups)), tuple(sorted(facts.needs))
    pairs = numbered(product(groups, needs))
    areas = Areas(sorted(facts.area_names), facts.within)
    bearings = (
        _of_helps(recorded(facts, day)[0], pairs, areas.numbers, add_months(day, HORIZON)),
        _of_gaps(gaps, facts.homes, pairs, areas.numbers),
    )
    return _matrix(groups, needs, tuple(areas.numbers), bearings, areas)


def _of_helps(
    helps: Sequence[Help], pairs: Pairs, areas: Mapping[str, int], horizon: datetime.date
) -> Bearing:
    services = numbered(dict.fromkeys(h.service for h in helps))
    return bearing_of(
        (pairs[h.cell[:2]], areas[h.cell[2]], services[h.service], _bits(h, horizon), in_part(h))
        for h in helps
        if h.cell[1] != UNSPECIFIED
    )


def _bits(one: Help, horizon: datetime.date) -> int:
    return bits_of_help(
        outside=one.outside,
        contested=one.contested,
        limited=bool(one.reasons),
        soon=ends_by(one.money, horizon),
    )


def _of_gaps(
    gaps: Iterable[Row], homes: Mapping[str, str], pairs: Pairs, areas: Mapping[str, int]
) -> Bearing:
    return bearing_of(
        (pairs[group, need], areas[area], number, bits_of_gap(gap["kind"]), False)
        for number, gap in enumerate(gaps)
        if gap["kind"] in gap_effects()
        for group, need, area in gap_cells(gap, homes)
        if need != UNSPECIFIED
    )


# ---------------------------------------------------------------- all cells


def _matrix(
    groups: tuple[str, ...],
    needs: tuple[str, ...],
    areas: tuple[str, ...],
    bearings: Iterable[Bearing],
    within: Areas,
) -> NationalMatrix:
    bits = bits_of_cells(bearings, within, len(groups) * len(needs))
    states = STATE_OF[bits].reshape(len(areas), len(groups), len(needs))
    return NationalMatrix(groups, needs, areas, states.transpose(1, 2, 0))
