"""Money over time: how much of it is recorded, what changes on which day, and what to decide.

The open version only counts. Which service has money until when, or has none, is for the exempt
version.
"""

import datetime

from queries.asked import Row
from queries.telling_help import who_and_what
from queries.wording import counted, day, number, pounds
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Picture, Points, Section
from visualise.paper.words import NOT_RECORDED, names, table
from visualise.timeline import Timeline, timeline_of
from visualise.timeline_picture import timeline_figure

MONTHS = 24
"""How far the paper looks ahead."""
_FEW = 12


def section(told: Brief) -> Section:
    """Money over time."""
    awards = told.rows("paper_awards")
    if told.is_open:
        blocks: tuple[Block, ...] = (_opening(told), *_totals(told))
    else:
        line = timeline_of(told.store, told.home.slug, told.day, MONTHS, told.without)
        blocks = (
            _opening(told),
            *_totals(told),
            *_figure(line, told),
            *_changes(line, told),
            _decisions(told),
        )
    return Section("Money over time", blocks, completeness=completeness(awards))


def completeness(awards: list[Row]) -> str:
    """How many of the awards have an amount and an end."""
    if not awards:
        return "Money: not recorded."
    amounts = sum(a["amount"] is not None for a in awards)
    ends = sum(a["last"] is not None for a in awards)
    return (
        f"Awards of money on record: {len(awards)}. Their amount is recorded of {number(amounts)}, "
        f"their end of {number(ends)}."
    )


def _opening(told: Brief) -> Paragraph:
    return Paragraph(
        "Only recorded money is told here. That a service has money does not say that it runs, and "
        "that its money ended does not say that it closed. Where no document says who pays, that "
        "is said; it does not mean that nobody pays."
    )


def _totals(told: Brief) -> list[Block]:
    """How services and posts stand for money, in numbers."""
    sections = [r["section"] for r in told.ask("funding.unfunded")]
    silent, undated = sections.count("none recorded"), len(told.ask("funding.undated"))
    paid = {a["subject"] for a in told.rows("paper_awards")}
    subjects = counted(len(paid), "service or post", "services and posts")
    endless = counted(undated, "award")
    told_of = (
        f"Money is recorded, or sought, for {subjects}. For {number(silent)} others no document "
        f"says who pays. No end is recorded of {endless} on record on {day(told.day)}."
    )
    return [Paragraph(told_of)]


def _figure(line: Timeline, told: Brief) -> list[Block]:
    if not line.bars:
        return []
    caption = (
        f"Recorded awards of money, by what they pay for. The upright line is {day(told.day)}. "
        "The table of money in the appendix has the same facts."
    )
    return [Picture(timeline_figure(line, "service"), caption)]


def _changes(line: Timeline, told: Brief) -> list[Block]:
    """The days on which something changes, with what they uncover."""
    until = day(line.until)
    if not line.changes:
        return [Paragraph(f"On record nothing changes up to {until}.")]
    points = []
    for change in line.changes[:_FEW]:
        evidence = [one for r in (*change.money, *change.cells) for one in r["evidence"]]
        points.append(
            Paragraph(_change(change.day, change.money, change.cells), told.notes(evidence))
        )
    blocks: list[Block] = [
        Paragraph(f"If nothing else is recorded, this changes up to {until}:"),
        Points(tuple(points)),
    ]
    left = len(line.changes) - _FEW
    if left > 0:
        blocks.append(Paragraph(f"On {counted(left, 'later day')} more changes."))
    return blocks


def _change(on_day: datetime.date, money: tuple[Row, ...], cells: tuple[Row, ...]) -> str:
    told = []
    ended = [r for r in money if r["after"] == "money ended"]
    begun = [r for r in money if r["after"] == "funded"]
    if ended:
        told.append(f"the last recorded money of {names(r['name'] for r in ended)} has ended")
    if begun:
        told.append(f"money begins for {names(r['name'] for r in begun)}")
    gone = [r for r in cells if r["after"] in ("not recorded", "stated uncovered")]
    risk = [r for r in cells if r["after"] == "at risk"]
    better = [r for r in cells if r not in gone and r not in risk]
    if gone:
        told.append(f"no running help is recorded any more for {_whom(gone)}")
    if risk:
        told.append(f"the end of all money is twelve months away for the help of {_whom(risk)}")
    if better:
        told.append(f"help stands otherwise for {_whom(better)}")
    return f"{day(on_day)}: {'; '.join(told)}."


def _whom(rows: list[Row]) -> str:
    return names((who_and_what(r) for r in rows), 5)


def _decisions(told: Brief) -> Block:
    """What has to be decided on money, and by when."""
    rows = []
    for row in told.ask("funding.decisions"):
        due = day(row["due"]) if row["section"] == "decision due" else NOT_RECORDED
        cells = (
            row["name"],
            names(row["funder"].split("; ")),
            pounds(row["pounds"]) if row["pounds"] else NOT_RECORDED,
            day(row["ends"]) if row["ends"] else NOT_RECORDED,
            due,
            row["notice"] or "",
            day(row["extension"]) if row["extension"] else "",
        )
        rows.append((cells, told.notes(row["evidence"])))
    headers = ("For", "From", "Amount", "Ends on", "Decide by", "Notice", "May run to")
    return table("Money on which to decide within 18 months", headers, rows)
