"""Where things stand on a map: in columns, from money on the left to people on the right.

Positions are worked out from the chart alone, so that the same chart is the same picture. Services
with money recorded stand first; everything else is drawn near what it is linked with.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visualise.chart import Chart, Thing

COLUMNS = (
    "Who holds money",
    "Funds",
    "Agencies, posts and boards",
    "Services",
    "People they are for",
)
WIDTH = 236
"""The width of a card."""
STEP = 300
"""From the left edge of a column to that of the next."""
LINE, PADDING, GAP, SMALLEST = 17, 16, 12, 36
_CHARACTERS = 28
_SWEEPS = 4
_SERVICES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a card, its height, and its text in lines."""

    x: int
    y: int
    height: int
    lines: tuple[str, ...]


def column_of(thing: Thing) -> int:
    """The column that a thing stands in, from 0."""
    if thing.kind in ("agency", "body"):
        return 0 if thing.holds else 2
    return {"fund": 1, "post": 2, "service": 3, "client-group": 4}[thing.kind]


def lines_of(thing: Thing, glyph: str) -> tuple[str, ...]:
    """The text on a card: its name with the sign of its kind, and what stands out."""
    name = textwrap.wrap(f"{glyph} {thing.name}", _CHARACTERS, break_long_words=True)
    marks = textwrap.wrap(thing.sign, _CHARACTERS) if thing.sign else []
    return (*name, *marks, *(["■ staff only"] if thing.staff else []))


def layout(chart: Chart, glyphs: Mapping[str, str]) -> dict[str, Place]:
    """A place for every thing of a chart."""
    lines = {t.id: lines_of(t, glyphs[t.kind]) for t in chart.things}
    heights = {i: max(SMALLEST, LINE * len(text) + PADDING) for i, text in lines.items()}
    near = _neighbours(chart)
    columns: list[list[str]] = [[] for _ in COLUMNS]
    for thing in chart.things:
        columns[column_of(thing)].append(thing.id)
    paid = {k.end for k in chart.links if k.kind == "money"}
    middles = _packed(columns[_SERVICES], heights)
    for _ in range(_SWEEPS):
        for number in (4, 2, 1, 0):
            middles |= _beside(columns[number], heights, near, middles)
        order = sorted(
            columns[_SERVICES],
            key=lambda i: (i not in paid, _pull(i, near, middles, _all(columns, (2, 4))), i),
        )
        columns[_SERVICES] = order
        middles |= _packed(order, heights)
    for number in (4, 2, 1, 0):
        middles |= _beside(columns[number], heights, near, middles)
    return {
        one: Place(number * STEP + WIDTH // 2, round(middles[one]), heights[one], lines[one])
        for number, column in enumerate(columns)
        for one in column
    }


def _all(columns: Sequence[Sequence[str]], numbers: Iterable[int]) -> frozenset[str]:
    return frozenset(one for number in numbers for one in columns[number])


def _neighbours(chart: Chart) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {t.id: [] for t in chart.things}
    for link in chart.links:
        found[link.start].append(link.end)
        found[link.end].append(link.start)
    return found


def _pull(
    one: str,
    near: Mapping[str, Sequence[str]],
    middles: Mapping[str, float],
    among: frozenset[str] | None = None,
) -> float:
    """The mean height of what a thing is linked with; far below where it is linked with nothing."""
    heights = [middles[n] for n in near[one] if n in middles and (among is None or n in among)]
    return sum(heights) / len(heights) if heights else float("inf")


def _packed(order: Sequence[str], heights: Mapping[str, int]) -> dict[str, float]:
    found: dict[str, float] = {}
    top = 0
    for one in order:
        found[one] = top + heights[one] / 2
        top += heights[one] + GAP
    return found


def _beside(
    column: Sequence[str],
    heights: Mapping[str, int],
    near: Mapping[str, Sequence[str]],
    middles: Mapping[str, float],
) -> dict[str, float]:
    """Each thing as near as can be to what it is linked with, without overlap, from the top."""
    others = {i: y for i, y in middles.items() if i not in set(column)}
    wanted = {one: _pull(one, near, others) for one in column}
    order = sorted(column, key=lambda i: (wanted[i], i))
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
