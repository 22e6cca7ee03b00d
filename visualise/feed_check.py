"""The report of a check of a feed as one page: self-contained, without a script, for a mail."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from graph.oruk.findings import Level, Report, groups
from graph.oruk.report import (
    HEADINGS,
    IN_WORDS,
    LEVELS,
    NO_GUARANTEE,
    counted,
    looked,
    place,
    summary,
)

_TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> str:
    """The report as HTML. Everything in it is escaped; nothing is fetched or run."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found = groups(report.findings)
    text = environment.get_template("feed_check.html").render(
        report=report,
        title=IN_WORDS[report.verdict],
        summary=summary(report),
        reached=LEVELS[report.reached],
        sections=[
            (level, HEADINGS[level], [group for group in found if group.first.level is level])
            for level in Level
        ],
        counted=counted,
        looked=looked,
        place=place,
        no_guarantee=NO_GUARANTEE,
    )
    return f"{text.rstrip()}\n"
