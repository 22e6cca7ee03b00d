"""Views of a partnership: who is helped with what, money over time, and ways to help.

What they show is worked out in `visualise` and asked in `queries`; here an address is read and a
page is made. Every picture has its facts as a table beside it.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from api.access import Role, needs
from api.answering import answered
from api.deps import NotFoundError, StoreDep, day_shown, partnership_in, read_day
from api.errors import ParameterError
from api.evidence import cited
from api.paging import whole_number
from api.routes.pages import page
from graph.stores.protocol import Store
from queries.ask import ask, fact, find_question, partnerships
from queries.asked import Partnership, Row
from queries.catalogue import GIVEN
from queries.cells import WORST_FIRST, State
from queries.findings.wording import dated
from visualise.comparing import Common, by_group, by_need, common
from visualise.figure import Figure
from visualise.matrix import (
    MEANINGS,
    WORDS,
    Cell,
    Matrix,
    Term,
    matrix_figure,
    matrix_of,
    sign_of_state,
)
from visualise.pathway.picture import KEY as PATHWAY_KEY
from visualise.pathway.picture import left_out, pathway_figure
from visualise.pathway.ways import Pathway, pathway_of
from visualise.timeline import Change, timeline_of
from visualise.timeline_picture import KEY, ordered, timeline_figure

router = APIRouter(dependencies=[needs(Role.READER)])
Text = Annotated[str, Query(max_length=400)]
MATRIX = find_question("coverage.matrix")
MONTHS = 24
"""How many months are looked ahead unless a number is given."""


# ---------------------------------------------------------------- who is helped with what


@dataclass(frozen=True, slots=True)
class Way:
    """How the matrix is looked at: what its address says besides the partnership."""

    as_of: str = ""
    area: str = ""
    state: str = ""
    order: str = ""
    need: str = ""
    group: str = ""
    all: str = ""

    def query(self, **changes: str) -> str:
        """The query of an address with some things changed."""
        given = {name: getattr(self, name) for name in self.__slots__} | changes
        return "?" + urlencode({k: v for k, v in given.items() if v})


@router.get("/partnerships/{slug}/matrix", response_class=HTMLResponse, include_in_schema=False)
async def matrix_page(
    request: Request,
    slug: str,
    store: StoreDep,
    as_of: Text = "",
    area: Text = "",
    state: Text = "",
    order: Text = "",
    need: Text = "",
    group: Text = "",
    all: Text = "",
    cell: Text = "",
) -> HTMLResponse:
    """Every group with every need, its state, and why."""

    def work() -> HTMLResponse:
        partnership = partnership_in(store, slug)
        day = day_shown(partnership, as_of)
        matrix = _matrix(store, slug, day, area)
        way = Way(as_of, area, state, order, need, group, all)
        groups, columns = _ordered(matrix, way)
        return page(
            "matrix.html",
            about=(partnership,),
            partnership=partnership,
            day=day,
            matrix=matrix,
            way=way,
            groups=groups,
            needs=columns,
            states=_legend(matrix),
            chosen=_chosen(matrix, cell),
            signed=_signed(matrix),
            meanings=MEANINGS,
            cited=cited,
            dated=dated,
        )

    return await answered(request, work)


def _matrix(store: Store, slug: str, day: datetime.date, area: str = "") -> Matrix:
    rows = ask(store, MATRIX, slugs=[slug], as_of=day).rows
    try:
        return matrix_of(rows, area)
    except ValueError:
        raise ParameterError("area", "choose one of the areas on the page.") from None


def _ordered(matrix: Matrix, way: Way) -> tuple[list[Term], list[Term]]:
    """The rows and columns that are shown, in the order asked for."""
    groups, columns = list(matrix.groups), list(matrix.needs)
    if way.all:
        groups += [*matrix.silent, *matrix.unnamed]
        columns += matrix.silent_needs
    if way.state:
        groups = [
            g for g in groups if any(c and c.state == way.state for c in matrix.row(g, columns))
        ]
    if way.order == "name":
        groups, columns = sorted(groups, key=_name), sorted(columns, key=_name)
    for term in (t for t in columns if t.id == way.need):
        groups = by_need(matrix, groups, term)
    for term in (t for t in groups if t.id == way.group):
        columns = by_group(matrix, columns, term)
    return groups, columns


def _signed(matrix: Matrix) -> list[str]:
    """The lists that are signed as complete, in words."""
    found = {words for cell in matrix.cells.values() for words in cell.complete.split("; ")}
    return sorted(dated(words) for words in found if words)


def _name(term: Term) -> str:
    return term.name


def _chosen(matrix: Matrix, key: str) -> Cell | None:
    """The cell that an address names. Raises NotFoundError where there is none."""
    if not key:
        return None
    group, _, need = key.partition(" ")
    found = matrix.cells.get((group, need))
    if found is None:
        raise NotFoundError("There is no such cell in the matrix of this partnership.")
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """A state of the legend: its sign, tone and word, what it means, and how often it is there."""

    state: str
    sign: str
    tone: str
    word: str
    means: str
    count: int


def _legend(matrix: Matrix | None = None) -> list[Meaning]:
    counts = matrix.counts() if matrix else dict.fromkeys(WORST_FIRST, 0)
    return [
        Meaning(s, sign_of_state(s).sign, sign_of_state(s).tone, WORDS[s], MEANINGS[s], counts[s])
        for s in WORST_FIRST
    ]


# ---------------------------------------------------------------- partnerships side by side

MOST_AT_ONCE = 12
"""How many partnerships are compared on one page."""


@dataclass(frozen=True, slots=True)
class Small:
    """One partnership among others: its picture, and its cells counted by state."""

    partnership: Partnership
    day: datetime.date
    figure: Figure
    counts: tuple[int, ...]


@router.get("/matrices", response_class=HTMLResponse, include_in_schema=False)
async def matrices_page(
    request: Request,
    store: StoreDep,
    as_of: Text = "",
    partnership: Annotated[Sequence[str], Query(max_length=50)] = (),
) -> HTMLResponse:
    """The matrices of several partnerships, small and alike."""

    def work() -> HTMLResponse:
        day = read_day(as_of)
        known = [p for p in partnerships(store) if day or p.newest != datetime.date.max]
        wanted = [partnership_in(store, slug) for slug in partnership if slug] or known
        chosen = sorted(set(wanted), key=lambda p: p.slug)[:MOST_AT_ONCE]
        found = {p: _matrix(store, p.slug, day or p.newest) for p in chosen}
        alike = common(tuple(found.values()))
        return page(
            "matrices.html",
            about=chosen,
            day=day,
            as_of=as_of,
            known=known,
            chosen=chosen,
            small=[_small(p, matrix, alike) for p, matrix in found.items()],
            alike=alike,
            states=_legend(),
            left_out=len(set(wanted)) - len(chosen),
        )

    return await answered(request, work)


def _small(partnership: Partnership, matrix: Matrix, alike: Common) -> Small:
    title = f"Who is helped with what in {matrix.area.name}"
    figure = matrix_figure(matrix, title, groups=alike.groups, needs=alike.needs, small=True)
    return Small(partnership, matrix.day, figure, tuple(matrix.counts().values()))


# ---------------------------------------------------------------- money over time


@router.get("/partnerships/{slug}/money", response_class=HTMLResponse, include_in_schema=False)
async def money_page(
    request: Request,
    slug: str,
    store: StoreDep,
    as_of: Text = "",
    by: Text = "service",
    months: Text = "",
) -> HTMLResponse:
    """Awards as bars, by what is paid for or by who pays, and what changes on which day."""

    def work() -> HTMLResponse:
        partnership = partnership_in(store, slug)
        day = day_shown(partnership, as_of)
        if by not in ("service", "fund"):
            raise ParameterError("by", "write service or fund.")
        ahead = whole_number("months", months or str(MONTHS), GIVEN["months"])
        timeline = timeline_of(store, slug, day, ahead)
        title = f"Money over time in {partnership.area_name}"
        return page(
            "money.html",
            about=(partnership,),
            partnership=partnership,
            day=day,
            as_of=as_of,
            by=by,
            months=ahead,
            most=GIVEN["months"],
            timeline=timeline,
            bars=ordered(timeline, by),  # type: ignore[arg-type]
            figure=timeline_figure(timeline, by, title=title) if timeline.bars else None,  # type: ignore[arg-type]
            key=KEY,
            words=WORDS,
            cited=cited,
            evidence_of=_evidence_of,
            by_state=_by_state,
            dated=dated,
        )

    return await answered(request, work)


def _evidence_of(change: Change) -> list[Row]:
    """The records behind a day of change, each once."""
    found = {e["record"]: e for r in (*change.money, *change.cells) for e in r["evidence"]}
    return [found[record] for record in sorted(found)]


def _by_state(change: Change) -> list[tuple[State, list[Row]]]:
    """The cells that change, by how they would stand, worst first."""
    found = [(s, [r for r in change.cells if r["after"] == s]) for s in WORST_FIRST]
    return [(state, rows) for state, rows in found if rows]


# ---------------------------------------------------------------- ways to help

MOST_WAYS = 60
"""How many ways are listed on the page; the question has all of them."""


@router.get("/partnerships/{slug}/pathways", response_class=HTMLResponse, include_in_schema=False)
async def pathways_page(
    request: Request,
    slug: str,
    store: StoreDep,
    as_of: Text = "",
    group: Text = "",
    need: Text = "",
) -> HTMLResponse:
    """From the first door to help: for one group and need, or every route on record."""

    def work() -> HTMLResponse:
        partnership = partnership_in(store, slug)
        day = day_shown(partnership, as_of)
        pathway = pathway_of(store, slug, day, group, need)
        title = f"Ways to help in {partnership.area_name}"
        return page(
            "pathways.html",
            about=(partnership,),
            partnership=partnership,
            day=day,
            as_of=as_of,
            pathway=pathway,
            groups=_offered(store, "groups", {r["term"] for r in fact(store, "reaches", [slug])}),
            needs=_offered(
                store, "needs", {n for r in fact(store, "services", [slug]) for n in r["needs"]}
            ),
            figure=pathway_figure(pathway, title=title) if pathway.stops else None,
            key=PATHWAY_KEY,
            left_out=left_out(pathway),
            ways=pathway.ways[:MOST_WAYS],
            query=urlencode([("partnership", slug), ("as_of", day.isoformat()), *_given(pathway)]),
            cited=cited,
        )

    return await answered(request, work)


def _given(pathway: Pathway) -> list[tuple[str, str]]:
    chosen = (("group", pathway.group), ("need", pathway.need))
    return [(name, value) for name, value in chosen if value]


def _offered(store: Store, name: str, own: Collection[str]) -> list[tuple[str, list[Term]]]:
    """The groups or needs of a form: those that records here join with a service come first."""
    terms = sorted((Term(r["term"], str(r["name"])) for r in fact(store, name)), key=_name)
    told = [("With a service on record here", [t for t in terms if t.id in own])]
    told.append(("Others", [t for t in terms if t.id not in own]))
    return [(label, found) for label, found in told if found]
