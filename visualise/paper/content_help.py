"""Who is helped with what: the matrix as a picture and as a table, group by group."""

from collections.abc import Sequence

from queries.cells import State
from queries.findings.wording import counted, day, listed, number, small, upper
from queries.recorded import UNSPECIFIED
from visualise.matrix import Cell, Matrix, Term, matrix_figure, matrix_of
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Picture, Points, Section
from visualise.paper.words import names, table

_COLUMNS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("On record", ("covered",)),
    ("On record, money ends within twelve months", ("at risk",)),
    ("On record within limits", ("partial",)),
    ("Not enough, as a source says", ("insufficient",)),
    ("None, as a source says", ("stated uncovered",)),
    ("Sources disagree", ("contested",)),
    ("Named, nothing recorded", ("not recorded",)),
)
_FEW = 12
OUTSIDE = ("excluded", "under-served")
"""How a service may stand to people whom it does not help, or not as it should."""
_STATED = ("stated uncovered", "insufficient")


def matrix(told: Brief) -> Matrix:
    """The matrix of the whole area; in the open version without regard to money."""
    return matrix_of(told.ask("coverage.matrix"), told.home.area)


def section(told: Brief) -> Section:
    """Who is helped with what."""
    found = matrix(told)
    blocks: list[Block] = [*_opening(found, told)]
    if found.groups and found.needs:
        title = f"Who is helped with what in {found.area.name}, {day(told.day)}"
        caption = (
            "Groups of people and what they need, as recorded. A dot says that nothing is "
            "recorded; an empty place is not asked about."
        )
        blocks.append(Picture(matrix_figure(found, title), caption))
    blocks.append(_table(found, told))
    blocks += _besides(told)
    blocks += _folded(found, told)
    return Section("Who is helped with what", tuple(blocks), completeness=completeness(found, told))


def _opening(found: Matrix, told: Brief) -> list[Block]:
    money = (
        "Money is left out of account here. "
        if told.is_open
        else "Help whose money all ends within twelve months is marked so. "
    )
    return [
        Paragraph(
            "“On record” means that a running service is recorded for exactly this group and need, "
            "not that there is enough of it or that it is used. Services open to all do not count "
            f"as help made for a group. {money}“Not recorded” means that no document speaks of "
            "help."
        )
    ]


def completeness(found: Matrix, told: Brief) -> str:
    """How much of the matrix any record speaks of."""
    here = {*found.groups, *found.silent}
    spoken = {c.group for c in found.cells.values() if c.is_told_of and c.state != "not recorded"}
    groups = counted(len(here), "group")
    lists = [r for r in told.rows("completeness") if r["area"] == told.home.area]
    whole = names(f"{small(r['type_name'])} ({day(r['dated'])})" for r in lists)
    signed = f" Signed as complete: the list of {whole}." if whole else ""
    return (
        f"The documents name {groups} of people; for {number(len(spoken & here))} of them they say "
        f"something of help with a need.{signed}"
    )


def _table(found: Matrix, told: Brief) -> Block:
    rows = []
    for group in found.groups:
        cells = [c for c in found.row(group, found.needs) if c is not None and c.is_told_of]
        if cells:
            evidence = [one for c in cells for one in c.evidence]
            rows.append(
                ((group.name, *_columns(cells)), () if told.is_open else told.notes(evidence))
            )
    headers = ("Who", *(name for name, _ in _COLUMNS))
    return table("Help on record, group by group", headers, rows, wide=True)


def _columns(cells: Sequence[Cell]) -> list[str]:
    return [
        upper(names(_need(c.need) for c in cells if c.state in states)) for _, states in _COLUMNS
    ]


def _need(need: Term) -> str:
    return "help (no need is named)" if need.name == "unspecified" else small(need.name)


def _besides(told: Brief) -> list[Block]:
    """What sources say of a group without naming a need, or of a part of the area alone."""
    rows = [r for r in told.ask("coverage.uncovered") if r["section"] in _STATED]
    apart = {r["group"] for r in rows if r["need"] == UNSPECIFIED or r["area"] != told.home.area}
    found = [f for f in told.findings() if f.kind in ("stated without help", "not enough help")]
    points = tuple(
        Paragraph(upper(f.open_sentence or "") if told.is_open else f.sentence)
        for f in found
        if f.subject in apart
    )
    if not points:
        return []
    return [Paragraph("Said of no need in particular, or of one part of the area:"), Points(points)]


def _folded(found: Matrix, told: Brief) -> list[Block]:
    """The groups of which nothing is recorded: named here, or only elsewhere."""
    blocks: list[Block] = []
    stated = {r["group"] for r in told.ask("coverage.uncovered") if r["section"] in _STATED}
    reached = {r["term"] for r in told.rows("reaches") if r["strength"] not in OUTSIDE}
    silent = [g for g in found.silent if g.id not in stated]
    served = [small(g.name) for g in silent if g.id in reached]
    unserved = [small(g.name) for g in silent if g.id not in reached]
    if unserved:
        who = listed(unserved, _FEW, "other groups")
        text = f"Named, with nothing recorded of help for them: {who}."
        blocks.append(Paragraph(text))
    if served:
        who = listed(served, _FEW, "other groups")
        text = f"Named as people whom a service is for, without the need that it meets: {who}."
        blocks.append(Paragraph(text))
    if found.unnamed:
        others = listed([small(g.name) for g in found.unnamed], _FEW // 2, "other groups")
        text = f"Named by other partnerships and in no document of this one: {others}."
        blocks.append(Paragraph(text))
    if found.silent_needs:
        what = listed([small(n.name) for n in found.silent_needs], _FEW, "other needs")
        blocks.append(
            Paragraph(f"Needs for which nothing is recorded of help for anybody: {what}.")
        )
    return blocks
