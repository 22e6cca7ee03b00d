"""Who is helped with what: the matrix as a picture and as a table, group by group."""

from collections.abc import Sequence

from queries.cells import State
from queries.recorded import UNSPECIFIED
from queries.wording import counted, day, listed, small, upper
from visualise.matrix import Cell, Matrix, Term, matrix_figure, matrix_of
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Picture, Points, Section
from visualise.paper.words import names, of, table

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
            "Groups of people and what they need, as recorded. An empty place is not asked about; "
            "a dot says that nothing is recorded."
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
            "“On record” says that a running service is recorded for exactly this group and need. "
            "It does not say that there is enough of it, or that it is used. Services open to all "
            "do not count as help made for a group. "
            f"{money}“Not recorded” says that no document speaks of help."
        )
    ]


def completeness(found: Matrix, told: Brief) -> str:
    """How much of the matrix any record speaks of."""
    here = {*found.groups, *found.silent}
    cells = [c for c in found.cells.values() if c.group in here]
    spoken = [c for c in cells if c.is_told_of]
    lists = [r for r in told.rows("completeness") if r["area"] == told.home.area]
    whole = names(f"{small(r['type_name'])} ({day(r['dated'])})" for r in lists)
    signed = f" A list is signed as whole of {whole}." if whole else ""
    return (
        f"Of the groups that records here name, with every need, {of(len(spoken), len(cells))} "
        f"pairs have something recorded.{signed}"
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
    return [Paragraph("Said without a need, or of a part of the area:"), Points(points)]


def _folded(found: Matrix, told: Brief) -> list[Block]:
    """The groups of which nothing is recorded: named here, or only elsewhere."""
    blocks: list[Block] = []
    stated = {r["group"] for r in told.ask("coverage.uncovered") if r["section"] in _STATED}
    silent = [small(g.name) for g in found.silent if g.id not in stated]
    if silent:
        who = listed(silent, _FEW, "other groups")
        blocks.append(
            Paragraph(
                f"{upper(who)} are named in the records, and nothing is recorded of help for them."
            )
        )
    if found.unnamed:
        who = listed([small(g.name) for g in found.unnamed], _FEW, "other groups")
        count = counted(len(found.unnamed), "group")
        blocks.append(
            Paragraph(
                f"{upper(count)} named by other partnerships, and by no record of this one: {who}."
            )
        )
    if found.silent_needs:
        what = listed([small(n.name) for n in found.silent_needs], _FEW, "other needs")
        blocks.append(Paragraph(f"Nothing is recorded of help for anybody with: {what}."))
    return blocks
