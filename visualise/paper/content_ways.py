"""How people come to help: the routes on record as a picture, and what is wrong with them."""

from queries.findings.headlines import headlines
from queries.findings.wording import day
from visualise.paper.brief import Brief
from visualise.paper.content_findings import IN_FULL, MOST
from visualise.paper.model import Block, Paragraph, Picture, Points, Section
from visualise.paper.words import of
from visualise.pathway.picture import pathway_figure
from visualise.pathway.ways import pathway_of

_WORKING = "working"
_WIDEST = 1700
"""The width in pixels up to which a picture can be read on a page."""
_TOLD = ("route not working",)


def section(told: Brief) -> Section:
    """How people come to help."""
    steps = told.rows("steps")
    blocks: list[Block] = []
    if steps:
        opening = Paragraph(
            "These are the ways by which documents say that people come to a service. Only what a "
            "document says works is told as working; where no way in is recorded, there may be one "
            "all the same."
        )
        blocks.append(opening)
    if steps and not told.is_open:
        blocks += _figure(told)
    blocks += _findings(told)
    return Section("Ways to help", tuple(blocks), completeness=completeness(told))


def completeness(told: Brief) -> str:
    """For how many services a route is on record, and how many routes work."""
    steps = told.rows("steps")
    if not steps:
        return "No way to a service is recorded."
    services = {s["service"] for s in told.rows("paper_services")}
    reached = services & {s["target"] for s in steps}
    works = sum(s["status"] == _WORKING for s in steps)
    return (
        f"Ways in are recorded for {of(len(reached), len(services))} services; "
        f"{of(works, len(steps))} routes are said to work."
    )


def _figure(told: Brief) -> list[Block]:
    found = pathway_of(told.store, told.home.slug, told.day)
    picture = pathway_figure(found)
    if picture.width > _WIDEST:
        return [
            Paragraph(
                "The routes are too many for one picture. The table of routes in the appendix has "
                "all of them, with their conditions."
            )
        ]
    caption = (
        f"Routes on record on {day(told.day)}, from left to right. The table of routes in the "
        "appendix has all of them, with their conditions."
    )
    return [Picture(picture, caption)]


def _findings(told: Brief) -> list[Block]:
    found = [f for f in told.findings() if f.kind in _TOLD]
    if not found:
        return []
    if told.is_open:
        (line,) = headlines(found, 1, is_open=True)
        return [Paragraph(line.sentence)]
    shown = found if len(found) <= MOST else found[: MOST - 1]
    points = tuple(Paragraph(f.sentence, told.notes(f.evidence)) for f in shown)
    told_of: list[Block] = [
        Paragraph("What does not work, or not yet, as recorded:"),
        Points(points),
    ]
    if len(shown) < len(found):
        told_of.append(Paragraph(f"“{IN_FULL}” in the appendix has all {len(found)}."))
    return told_of
