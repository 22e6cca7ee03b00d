"""The beginning of a board paper: its facts, why it is written, and what it comes to."""

from queries.findings.headlines import Finding, Headline, headlines
from queries.findings.wording import counted, day, listed
from visualise.paper.brief import Brief
from visualise.paper.model import Paragraph, Points, Section
from visualise.paper.words import NOT_RECORDED, of

_BOARDS = ("strategic board", "partnership board")
_WHOLE = 2
"""Up to how many findings of a kind are told whole in the summary rather than counted."""
_IN_SUMMARY = {"serious": 6, "decision": 2}
"""How many lines of each severity the summary has."""
_LEAST = 5
"""How many lines it has at least, where there are as many."""


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
            f"This paper sets out for {whom} what the documents of {told.home.name} say of "
            f"services in {area}, as things stood on {day(told.day)}. It says who is helped and "
            "with what, what is missing or short, how services are paid for, how people come to "
            "them, and what waits for a decision."
        ),
        Paragraph(
            f"It is drawn from {counted(len(sources(told)), 'document')} and says what is said "
            "there, in other words, and no more. “Not recorded” means that the documents are "
            f"silent, not that something does not exist. {_about_notes(told)}"
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
            "the section “What is in the exempt version only” says what and why."
        )
    return (
        "Notes name the document and the place in it. “Inferred” in a note means that something is "
        "concluded from what a document says, “contested” that documents disagree."
    )


def summary(told: Brief) -> Section:
    """What it comes to, in at most nine numbered points, worst first."""
    found = told.findings()
    lines = headlines(found, len(found), is_open=told.is_open)
    points = [_point(line, found, told) for line in _chosen(lines)]
    silence = _silence(told)
    points += [silence] if silence else []
    count = counted(len(sources(told)), "document")
    completeness = f"Drawn from {count}, the newest of {day(told.home.newest)}."
    return Section("Summary", (Points(tuple(points), numbered=True),), completeness)


def _chosen(lines: tuple[Headline, ...]) -> list[Headline]:
    """The first kinds of each severity; where little is grave, more of what is to be checked."""
    chosen = [
        line
        for severity, most in _IN_SUMMARY.items()
        for line in [x for x in lines if x.severity == severity][:most]
    ]
    return [*chosen, *[x for x in lines if x not in chosen][: max(_LEAST - len(chosen), 0)]]


def _point(line: Headline, found: tuple[Finding, ...], told: Brief) -> Paragraph:
    of_kind = [f for f in found if f.kind == line.kind]
    is_named = len(of_kind) > 1 and bool(of_kind[0].brief)
    if len(of_kind) > _WHOLE or is_named or told.is_open:
        return Paragraph(line.sentence)
    evidence = [one for f in of_kind for one in f.evidence]
    text = " ".join(f.sentence for f in of_kind)
    # Two sentences are enough for a point; a second one of a finding stands with the findings.
    if len(of_kind) > 1:
        text = " ".join(f"{f.sentence.rstrip('.').split('. ')[0]}." for f in of_kind)
    return Paragraph(text, told.notes(evidence))


def _silence(told: Brief) -> Paragraph | None:
    """What the record leaves open of services."""
    services = told.rows("paper_services")
    ways = {s["target"] for s in told.rows("steps")}
    unknown = sum(not s["access"] and s["service"] not in ways for s in services)
    unpaid = [r["section"] for r in told.ask("funding.unfunded")].count("none recorded")
    parts = [f"how people come to {of(unknown, len(services))} services"] if unknown else []
    if unpaid and not told.is_open:
        parts.append(f"who pays for {counted(unpaid, 'service or post', 'services and posts')}")
    return Paragraph(f"The record leaves open {listed(parts)}.") if parts else None
