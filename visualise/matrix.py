"""The coverage matrix: client groups by needs for an area and a day, with why each cell stands so.

Read from the rows of `coverage.matrix`; nothing is judged here. Rows and columns of which nothing
is recorded are folded away and counted, never left out in silence. Other orders, and matrices side
by side: `comparing.py`.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import altair as alt

from queries.asked import Row
from queries.cells import WORST_FIRST, State
from queries.covering import ELSEWHERE, NOWHERE
from visualise.figure import LINE, QUIET, Figure, draw
from visualise.signs import PAINTS, Sign, sign_of

WORDS: Mapping[State, str] = MappingProxyType(
    {
        "stated uncovered": "none, a source says",
        "contested": "sources disagree",
        "insufficient": "not enough, a source says",
        "not recorded": "not recorded",
        "partial": "provided in part",
        "at risk": "provided, money ends soon",
        "covered": "provided (on record)",
    }
)
"""Each state as pages and papers say it."""
MEANINGS: Mapping[State, str] = MappingProxyType(
    {
        "stated uncovered": "A source says that there is no help, or that the group is not "
        "reached.",
        "contested": "Sources disagree whether there is help.",
        "insufficient": "A source says that there is not enough, or not of the needed kind.",
        "not recorded": "No source speaks of help. It does not mean that there is none.",
        "partial": "There is help with a condition, a wait, for a time, from outside the area, or "
        "only “can be served”.",
        "at risk": "There is help, and all its money ends within twelve months.",
        "covered": "A running service is recorded for exactly this group and need. It does not "
        "mean that there is enough of it, or that it is used.",
    }
)
"""What each state means."""


def sign_of_state(state: State) -> Sign:
    """The sign and tone of a state of cover."""
    return sign_of(WORDS[state] if state == "covered" else state)


@dataclass(frozen=True, slots=True)
class Term:
    """A client group, a need or an area: its id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How one group stands with one need, and why. `evidence` is as in an answer."""

    group: Term
    need: Term
    state: State
    reason: str
    services: tuple[str, ...]
    might_serve: tuple[str, ...]
    complete: str
    evidence: tuple[Row, ...]

    @property
    def word(self) -> str:
        """The state as a page says it."""
        return WORDS[self.state]

    @property
    def sign(self) -> Sign:
        """The sign and tone of the state."""
        return sign_of_state(self.state)

    @property
    def key(self) -> str:
        """What an address calls the cell."""
        return f"{self.group.id} {self.need.id}"

    @property
    def is_told_of(self) -> bool:
        """Whether a record says anything of this group with this need."""
        return self.state != "not recorded" or self.reason not in (ELSEWHERE, NOWHERE)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of one partnership for one area and day: what is shown, and what is folded away.

    `silent` groups are named here with nothing on record that they are helped with any need;
    `unnamed` ones no record of the partnership names. `silent_needs` are the needs with which
    nothing is on record for anybody. All of them have their cells in `cells`.
    """

    partnership: str
    day: datetime.date
    area: Term
    areas: tuple[Term, ...]
    groups: tuple[Term, ...]
    needs: tuple[Term, ...]
    silent: tuple[Term, ...]
    unnamed: tuple[Term, ...]
    silent_needs: tuple[Term, ...]
    cells: Mapping[tuple[str, str], Cell]

    def cell(self, group: Term, need: Term) -> Cell | None:
        """The cell of a group and a need; None where nobody asks it (see the question)."""
        return self.cells.get((group.id, need.id))

    def row(self, group: Term, needs: Iterable[Term]) -> list[Cell | None]:
        """The cells of a group with some needs."""
        return [self.cell(group, need) for need in needs]

    def counts(self) -> dict[State, int]:
        """How many cells stand in each state, worst first; folded ones included."""
        states = [cell.state for cell in self.cells.values()]
        return {state: states.count(state) for state in WORST_FIRST}


def matrix_of(rows: Sequence[Row], area: str = "") -> Matrix:
    """The matrix in the rows of `coverage.matrix` of one partnership (`Answer.rows`).

    The area is the one with most rows, the partnership's own, unless another is given. Groups and
    needs stand worst first. Raises ValueError where there is no such area, or no row at all.
    """
    areas = _areas(rows)
    chosen = next((a for a in areas if a.id == area), None) if area else next(iter(areas), None)
    if chosen is None:
        raise ValueError("no row of the answer is about this area")
    cells = {(r["group"], r["need"]): _cell(r) for r in rows if r["area"] == chosen.id}
    told = [cell for cell in cells.values() if cell.is_told_of]
    groups = {cell.group for cell in cells.values()}
    needs = {cell.need for cell in cells.values()}
    shown, shown_needs = {c.group for c in told}, {c.need for c in told}
    unnamed = {
        group
        for group in groups - shown
        if all(c.reason == NOWHERE for c in cells.values() if c.group == group)
    }
    return Matrix(
        partnership=rows[0]["partnership"],
        day=rows[0]["as_of"],
        area=chosen,
        areas=areas,
        groups=_worst_first(shown, lambda group, cell: cell.group == group, told),
        needs=_worst_first(shown_needs, lambda need, cell: cell.need == need, told),
        silent=_by_name(groups - shown - unnamed),
        unnamed=_by_name(unnamed),
        silent_needs=_by_name(needs - shown_needs),
        cells=MappingProxyType(cells),
    )


def _worst_first(
    terms: Iterable[Term], is_of: Callable[[Term, Cell], bool], told: Sequence[Cell]
) -> tuple[Term, ...]:
    """Terms by how many of their cells stand worst, then next to worst, then by name."""

    def grave(term: Term) -> tuple[list[int], str]:
        states = [cell.state for cell in told if is_of(term, cell)]
        return [-states.count(state) for state in WORST_FIRST], term.name

    return tuple(sorted(terms, key=grave))


def _by_name(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda t: t.name))


def _areas(rows: Iterable[Row]) -> tuple[Term, ...]:
    counts: dict[Term, int] = {}
    for row in rows:
        term = Term(row["area"], row["area_name"])
        counts[term] = counts.get(term, 0) + 1
    return tuple(sorted(counts, key=lambda t: (-counts[t], t.name)))


def _cell(row: Row) -> Cell:
    return Cell(
        group=Term(row["group"], row["group_name"]),
        need=Term(row["need"], row["need_name"]),
        state=row["state"],
        reason=row["reason"] or "",
        services=tuple(row["services"]),
        might_serve=tuple(row["might_serve"]),
        complete=row["complete"] or "",
        evidence=tuple(row["evidence"]),
    )


# ---------------------------------------------------------------- the picture

_LARGE, _SMALL = (34, 26), (25, 22)
"""The width and height of a cell in pixels, alone and among other matrices."""


def matrix_figure(
    matrix: Matrix,
    title: str,
    *,
    groups: Sequence[Term] = (),
    needs: Sequence[Term] = (),
    small: bool = False,
) -> Figure:
    """The cells of some groups and needs as a picture; of all that are not folded away if none.

    Every cell has the sign of its state besides its colour. An empty place is not asked about. A
    small one stands among others and has no legend of its own.
    """
    groups, needs = groups or matrix.groups, needs or matrix.needs
    shown = [c for g in groups for c in matrix.row(g, needs) if c is not None]
    states = [s for s in WORST_FIRST if any(c.state == s for c in shown)]
    data: Any = alt.Data(values=[_drawn(c) for c in shown])  # type: ignore[no-untyped-call]
    base = alt.Chart(data).encode(
        x=alt.X("need:N", sort=[n.name for n in needs], title=None, axis=_needs(small)),
        y=alt.Y("group:N", sort=[g.name for g in groups], title=None, axis=_GROUPS),
    )
    squares = base.mark_rect(strokeWidth=1).encode(
        fill=_scale("fill", states, "ground", not small),
        stroke=_scale("stroke", states, "ink", False),
    )
    signs = base.mark_text(fontSize=14, fontWeight="bold").encode(
        text="sign:N", color=_scale("color", states, "ink", False)
    )
    wide, high = _SMALL if small else _LARGE
    chart = alt.layer(squares, signs).properties(
        width=max(1, len(needs)) * wide, height=max(1, len(groups)) * high
    )
    return draw(chart, title, words_of(matrix, shown))


_GROUPS = alt.Axis(labelLimit=400, ticks=False, domain=False, labelPadding=8, labelFontSize=13)


def _needs(small: bool) -> alt.Axis:
    """The names of needs above the columns, steeper and smaller where room is short."""
    return alt.Axis(
        orient="top",
        labelAngle=-60 if small else -45,
        labelAlign="left",
        labelLimit=400,
        labelFontSize=11.5 if small else 13,
        ticks=False,
        domain=False,
        labelOverlap=False,
    )


def _drawn(cell: Cell) -> dict[str, str]:
    told = _told(cell.state)
    return {
        "group": cell.group.name,
        "need": cell.need.name,
        "state": told,
        "sign": cell.sign.sign if cell.is_told_of else "·",
    }


def _told(state: State) -> str:
    return f"{sign_of_state(state).sign} {WORDS[state]}"


def _scale(channel: str, states: Sequence[State], part: str, legend: bool) -> Any:
    """The colours of states, by their sign and word; with a legend below the picture or none."""
    colours = [getattr(PAINTS[sign_of_state(s).tone], part) for s in states]
    silent = {"ground": "#ffffff", "ink": LINE if channel == "stroke" else QUIET}[part]
    colours = [silent if s == "not recorded" else c for s, c in zip(states, colours, strict=True)]
    made = {"fill": alt.Fill, "stroke": alt.Stroke, "color": alt.Color}[channel]
    key = alt.Legend(
        orient="bottom", columns=2, title=None, symbolType="square", symbolSize=200, labelLimit=300
    )
    return made(
        "state:N",
        sort=None,
        scale=alt.Scale(domain=[_told(s) for s in states], range=colours),
        legend=key if legend else None,
    )


def words_of(matrix: Matrix, shown: Sequence[Cell]) -> str:
    """What a picture of some cells shows, for whoever does not see it."""
    states = [cell.state for cell in shown]
    counts = [f"{states.count(s)} {WORDS[s]}" for s in WORST_FIRST if s in states]
    return f"{len(shown)} pairs of a client group and a need: {'; '.join(counts)}."
