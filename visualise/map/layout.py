"""Where things stand on a map: in columns, each near what it is linked with.

Positions are worked out from the chart alone, so that the same chart is the same picture. One
column is packed from the top, the rest stand beside it. `api/static/map-layout.js` does the same
for what a reader chooses to see; a test holds the two together.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visualise.map.cards import WIDTH
from visualise.map.chart import Chart, Thing

COLUMNS = (
    "Who holds money",
    "Funds",
    "Agencies, posts and boards",
    "Services",
    "People they are for, and gaps",
)
SERVICES = COLUMNS.index("Services")
STEP, WIDE_STEP = 300, 400
"""From the left edge of a column to that of the next; with room for words beside links."""
GAP = 14
_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A way to arrange a map: titles of columns, and the column of each thing that it shows.

    `packed` is the column that the others stand beside; `layers` are those that it shows, all where
    it names none; `step` is how far apart columns are.
    """

    word: str
    titles: tuple[str, ...]
    columns: Mapping[str, int]
    packed: int
    layers: tuple[str, ...] = ()
    step: int = STEP


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a card."""

    x: int
    y: int


def column_of(thing: Thing) -> int:
    """The column that a thing stands in, from 0, where money is arranged to people."""
    if thing.kind in ("agency", "body") and thing.holds:
        return 0
    columns = {"fund": 1, "agency": 2, "body": 2, "post": 2, "service": 3}
    return columns.get(thing.kind, 4)


def money_to_people(said: Chart) -> Arrangement:
    """The columns from who holds money to whom it is for."""
    columns = {t.id: column_of(t) for t in said.things}
    return Arrangement("Money to people", COLUMNS, columns, SERVICES)


def paid(said: Chart) -> frozenset[str]:
    """What money is recorded for: it stands first in its column."""
    return frozenset(k.end for k in said.links if k.kind == "money")


def layout(said: Chart, heights: Mapping[str, int], how: Arrangement) -> dict[str, Place]:
    """A place for every thing of a chart that an arrangement has; no column is left empty."""
    near, mates = _neighbours(said, how)
    columns: list[list[str]] = [[] for _ in how.titles]
    for thing in said.things:
        if thing.id in how.columns:
            columns[how.columns[thing.id]].append(thing.id)
    packed = columns[how.packed]
    others = [c for c in _from(how.packed, len(columns)) if columns[c]]
    first = paid(said)
    middles = _packed(packed, heights)
    for _ in range(_SWEEPS):
        for number in others:
            middles |= _beside(columns[number], heights, near, mates, middles)
        around = {i: y for i, y in middles.items() if i not in set(packed)}
        packed = sorted(packed, key=lambda i: (i not in first, _pull(i, near, around), i))
        middles |= _packed(packed, heights)
    for number in others:
        middles |= _beside(columns[number], heights, near, mates, middles)
    return {
        one: Place(x * how.step + WIDTH // 2, math.floor(middles[one] + 0.5))
        for x, column in enumerate(c for c in columns if c)
        for one in column
    }


def filled_titles(said: Chart, how: Arrangement) -> list[str]:
    """The titles of the columns that have something in them."""
    filled = {how.columns[t.id] for t in said.things if t.id in how.columns}
    return [title for number, title in enumerate(how.titles) if number in filled]


def _from(packed: int, count: int) -> list[int]:
    """The other columns: those on the right of the packed one, then those on its left."""
    return [*range(packed + 1, count), *reversed(range(packed))]


Near = Mapping[str, Sequence[str]]


def _neighbours(said: Chart, how: Arrangement) -> tuple[Near, Near]:
    """What each thing is linked with in other columns, and in its own."""
    near: dict[str, list[str]] = {t.id: [] for t in said.things}
    mates: dict[str, list[str]] = {t.id: [] for t in said.things}
    for link in said.links:
        start, end = (how.columns.get(one) for one in (link.start, link.end))
        if start is not None and end is not None:
            found = mates if start == end else near
            found[link.start].append(link.end)
            found[link.end].append(link.start)
    return near, mates


def _pull(one: str, near: Near, middles: Mapping[str, float]) -> float:
    """The mean height of what a thing is linked with; far below where it is linked with nothing."""
    heights = [middles[n] for n in near[one] if n in middles]
    return sum(heights) / len(heights) if heights else float("inf")


def _packed(order: Iterable[str], heights: Mapping[str, int]) -> dict[str, float]:
    found: dict[str, float] = {}
    top = 0.0
    for one in order:
        found[one] = top + heights[one] / 2
        top += heights[one] + GAP
    return found


def _beside(
    column: Sequence[str],
    heights: Mapping[str, int],
    near: Near,
    mates: Near,
    middles: Mapping[str, float],
) -> dict[str, float]:
    """Each thing as near as can be to what it is linked with, without overlap, from the top."""
    own = {one: _pull(one, near, middles) for one in column}
    sure = {one: pull for one, pull in own.items() if pull != float("inf")}
    # What is linked within its column alone stands with what it is linked with.
    wanted = {one: sure[one] if one in sure else _pull(one, mates, sure) for one in column}
    order = sorted(column, key=lambda i: (wanted[i], i not in sure, i))
    found: dict[str, float] = {}
    top = 0.0
    for one in order:
        pull = wanted[one]
        middle = top + heights[one] / 2
        found[one] = middle if pull == float("inf") else max(pull, middle)
        top = found[one] + heights[one] / 2 + GAP
    return _pulled_up(order, found, wanted, heights)


def _pulled_up(
    order: Sequence[str],
    found: dict[str, float],
    wanted: Mapping[str, float],
    heights: Mapping[str, int],
) -> dict[str, float]:
    """Move runs of touching cards up by how far they were pushed down on average, given room."""
    runs: list[list[str]] = []
    for one in order:
        last = runs[-1][-1] if runs else None
        touching = last is not None and (
            found[one] - heights[one] / 2 - (found[last] + heights[last] / 2) <= GAP + 0.5
        )
        if touching:
            runs[-1].append(one)
        else:
            runs.append([one])
    floor = 0.0
    for run in runs:
        pushed = [found[i] - wanted[i] for i in run if wanted[i] != float("inf")]
        room = found[run[0]] - heights[run[0]] / 2 - floor
        shift = min(max(0.0, room), max(0.0, sum(pushed) / len(pushed)) if pushed else 0.0)
        for one in run:
            found[one] -= shift
        floor = found[run[-1]] + heights[run[-1]] / 2 + GAP
    return found
