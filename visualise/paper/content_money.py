"""Money over time: how much of it is recorded, what changes on which day, and what to decide.

The open version says nothing of it but what it is: also a count can name somebody.
"""

import datetime

from queries.asked import Row
from queries.findings.telling_help import helps
from queries.findings.wording import counted, day, number, pounds, upper
from visualise.map.chart import chart, read_rows
from visualise.map.picture import left_out, map_figure
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Picture, Points, Section
from visualise.paper.words import NOT_RECORDED, names, table
from visualise.timeline import Timeline, timeline_of
from visualise.timeline_picture import timeline_figure

MONTHS = 24
"""How far the paper looks ahead."""
_FEW = 6
_OPENLY = "What is recorded of money is in the exempt version."


def section(told: Brief) -> Section:
    """Money over time."""
    awards = told.rows("paper_awards")
    if told.is_open:
        return Section("Money over time", (_opening(told),), completeness=_OPENLY)
    line = timeline_of(told.store, told.home.slug, told.day, MONTHS, told.without)
    blocks: tuple[Block, ...] = (
        _opening(told),
        *_totals(told),
        *_map(told),
        *_figure(line, told),
        *_changes(line, told),
        *([_decisions(told)] if awards else []),
    )
    return Section("Money over time", blocks, completeness=completeness(awards))


def completeness(awards: list[Row]) -> str:
    """How many of the awards have an amount and an end."""
    if not awards:
        return "No award of money is recorded."
    amounts = sum(a["amount"] is not None for a in awards)
    ends = sum(a["last"] is not None for a in awards)
    are = "is" if len(awards) == 1 else "are"
    return (
        f"{upper(counted(len(awards), 'award'))} of money {are} on record: an amount is recorded "
        f"for {number(amounts)}, an end for {number(ends)}."
    )


def _opening(told: Brief) -> Paragraph:
    return Paragraph(
        "This is recorded money alone. A service that has money may not run, and one whose money "
        "ended may go on. Where no document says who pays, somebody may pay all the same."
    )


def _totals(told: Brief) -> list[Block]:
    """How services and posts stand for money, in numbers."""
    sections = [r["section"] for r in told.ask("funding.unfunded")]
    silent, undated = sections.count("none recorded"), len(told.ask("funding.undated"))
    paid = {a["subject"] for a in told.rows("paper_awards")}
    if not paid:
        subjects = counted(silent, "service or post", "services and posts")
        return [Paragraph(f"For {subjects} on record no document says who pays.")] if silent else []
    subjects = counted(len(paid), "service or post", "services and posts")
    parts = [f"Money is recorded, or sought, for {subjects}."]
    if silent:
        others = counted(silent, "other", "others")
        parts.append(f"For {others} no document says who pays.")
    if undated:
        parts.append(f"For {counted(undated, 'award')} no end is recorded.")
    return [Paragraph(" ".join(parts))]


def _map(told: Brief) -> list[Block]:
    """Who pays for what, who provides it and whom it is for; not where something is imagined."""
    if told.without:
        return []
    said = chart(read_rows(told.store, told.home.slug), told.day)
    figure = map_figure(said, f"What has money on record, {day(told.day)}")
    if figure is None:
        return []
    caption = (
        "Services and posts with money on record, from the funds that pay to the people whom they "
        "are for. Dashed: money that is wanted or not in place, or what is not running yet."
    )
    if left_out(said):
        caption += f" {upper(number(left_out(said)))} more are in the table of money."
    return [Picture(figure, caption)]


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
    changes = [c for c in line.changes if any(r["after"] != _NEARS for r in (*c.money, *c.cells))]
    if not changes:
        return [Paragraph(f"Nothing on record changes up to {until}.")] if line.bars else []
    points = []
    for change in changes[:_FEW]:
        evidence = [one for r in (*change.money, *change.cells) for one in r["evidence"]]
        text = _change(told, change.day, change.money, change.cells)
        points.append(Paragraph(text, told.notes(evidence)))
    left = len(changes) - _FEW
    more = f". The first {number(_FEW)} days of {number(len(changes))}" if left > 0 else ""
    return [
        Paragraph(f"Unless more is recorded, this changes up to {until}{more}:"),
        Points(tuple(points)),
    ]


_NEARS = "at risk"
"""A day on which only the end of money comes within twelve months is left out."""


def _change(
    brief: Brief, on_day: datetime.date, money: tuple[Row, ...], cells: tuple[Row, ...]
) -> str:
    told = []
    ended = [r for r in money if r["after"] == "money ended"]
    begun = [r for r in money if r["after"] == "funded"]
    if ended:
        told.append(f"the last recorded money of {names((r['name'] for r in ended), 4)} has ended")
    if begun:
        told.append(f"money begins for {names((r['name'] for r in begun), 4)}")
    gone = [r for r in cells if r["after"] in ("not recorded", "stated uncovered")]
    if gone:
        told.append(f"the record then shows {helps(gone, 'no running ', brief.home)}")
    return f"{day(on_day)}: {'; '.join(told) or 'the help on record changes'}."


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
