"""The beginning of a board paper: its facts, why it is written, and what it comes to."""

from queries.findings import Finding, Headline, headlines
from queries.wording import counted, day
from visualise.paper.brief import Brief
from visualise.paper.model import Paragraph, Points, Section
from visualise.paper.words import NOT_RECORDED

_BOARDS = ("strategic board", "partnership board")
_MOST = 5
_WHOLE = 2
"""Up to how many findings of a kind are told whole in the summary rather than counted."""
_IN_SUMMARY = {"serious": _MOST, "decision": 3, "check": 1}
"""How many kinds of findings of each severity the summary tells."""


def facts(told: Brief) -> tuple[tuple[str, str], ...]:
    """The table under the title."""
    return (
        ("Report to", board(told) or told.home.name),
        ("Area", told.home.area_name),
        ("How things stood on", day(told.day)),
        ("Newest document", day(told.home.newest)),
        ("Drawn from", "; ".join(sources(told)) or NOT_RECORDED),
    )


def board(told: Brief) -> str:
    """The strategic board on record; empty where none, or more than one, is."""
    found = [r for r in told.rows("paper_things") if r["kind"] in _BOARDS]
    return str(found[0]["name"]) if len(found) == 1 else ""


def sources(told: Brief) -> list[str]:
    """The documents that records are drawn from, each with its day."""
    found = [s for s in told.rows("sources") if s["records"]]
    found.sort(key=lambda s: (str(s["dated"] or ""), str(s["title"])))
    return [f"{s['title']} ({day(s['dated']) if s['dated'] else 'no date'})" for s in found]


def purpose(told: Brief) -> Section:
    """Why the paper is written, and what is asked of those who read it."""
    whom = board(told) or "the partnership"
    area = told.home.area_name
    blocks = (
        Paragraph(
            f"This paper tells {whom} what is on record of the services of {told.home.name} in "
            f"{area}, as things stood on {day(told.day)}: who is helped and with what, what is "
            "missing or short, how services are paid for, how people come to them, and what waits "
            "for a decision."
        ),
        Paragraph(
            f"It is drawn from {counted(len(sources(told)), 'document')} and says what is said "
            "there, in other words, and no more. Where the documents are silent it says “not "
            "recorded”. That is no statement that something does not exist: it may, and nobody has "
            f"written it down. {_about_notes(told)}"
        ),
        Points(
            (
                Paragraph("consider the findings, the gravest of which stand first;"),
                Paragraph("settle the matters listed as waiting for a decision; and"),
                Paragraph(
                    "say which of the matters that are not recorded should be found out, by whom "
                    "and by when."
                ),
            ),
            numbered=True,
        ),
    )
    first, second, asked = blocks
    return Section(
        "Purpose of this paper", (first, second, Paragraph("The board is asked to:"), asked)
    )


def _about_notes(told: Brief) -> str:
    if told.is_open:
        return (
            "Notes name the documents. A part of this report is exempt and not in this version: "
            "the last section says what and why."
        )
    return (
        "Notes name the document and the place in it. Where something is concluded from what a "
        "document says, the note says “inferred”; where documents disagree, it says “contested”."
    )


def summary(told: Brief) -> Section:
    """What it comes to, in about eight numbered points, worst first."""
    found = told.findings()
    lines = headlines(found, len(found), is_open=told.is_open)
    points = [_point(line, found, told) for line in _chosen(lines)]
    points.append(_count(found, lines, told))
    count = counted(len(sources(told)), "document")
    completeness = f"Drawn from {count}, the newest of {day(told.home.newest)}."
    return Section("Summary", (Points(tuple(points), numbered=True),), completeness)


def _chosen(lines: tuple[Headline, ...]) -> list[Headline]:
    """The first kinds of each severity."""
    return [
        line
        for severity, most in _IN_SUMMARY.items()
        for line in [x for x in lines if x.severity == severity][:most]
    ]


def _point(line: Headline, found: tuple[Finding, ...], told: Brief) -> Paragraph:
    of_kind = [f for f in found if f.kind == line.kind]
    if len(of_kind) > _WHOLE or told.is_open:
        return Paragraph(line.sentence)
    evidence = (one for f in of_kind for one in f.evidence)
    return Paragraph(" ".join(f.sentence for f in of_kind), told.notes(evidence))


def _count(found: tuple[Finding, ...], lines: tuple[Headline, ...], told: Brief) -> Paragraph:
    total = sum(line.count for line in lines)
    serious = sum(line.count for line in lines if line.severity == "serious")
    decisions = sum(line.count for line in lines if line.severity == "decision")
    return Paragraph(
        f"In all there are {total:,} findings of {counted(len(lines), 'kind')}: {serious:,} are "
        f"serious, {decisions:,} wait for somebody to decide, and {total - serious - decisions:,} "
        "ask for a check of the record."
    )
