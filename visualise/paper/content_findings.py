"""The findings, worst first: each kind with its sentences and what they rest on.

Long lists are cut in the body and told whole in the appendix. The open version tells by kind and
number what it cannot tell by name.
"""

from collections.abc import Sequence

from queries.finding_kinds import KINDS
from queries.findings import SEVERITIES, Finding, headlines
from queries.wording import counted, upper
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Points, Section
from visualise.paper.words import table

MOST = 12
"""How many findings of a kind the body tells before it refers to the appendix."""
_SHOWN = 10
_HEADINGS = {
    "serious": (
        "Serious",
        "People are without help, or do not get enough of it, or the money of help has ended or "
        "ends within twelve months.",
    ),
    "decision": (
        "For decision",
        "Somebody has to decide or to act: a day or a risk is on record.",
    ),
    "check": (
        "For checking",
        "The record is silent or in doubt. What follows may say more of the documents than of the "
        "services.",
    ),
}


def section(told: Brief) -> Section:
    """All findings by severity."""
    found = told.findings()
    parts = tuple(_severity(told, found, severity) for severity in SEVERITIES)
    kinds = len({f.kind for f in found})
    return Section(
        "Findings",
        (),
        f"{len(KINDS)} kinds of findings were looked for; something is on record of {kinds}.",
        tuple(part for part in parts if part.blocks),
    )


def _severity(told: Brief, found: Sequence[Finding], severity: str) -> Section:
    heading, meaning = _HEADINGS[severity]
    blocks: list[Block] = []
    for kind in KINDS:
        of_kind = [f for f in found if f.kind == kind.name and f.severity == severity]
        if told.is_open:
            of_kind = [f for f in of_kind if f.open_sentence is not None]
        if of_kind:
            blocks += _kind(told, of_kind)
    if blocks:
        blocks.insert(0, Paragraph(meaning))
    return Section(heading, tuple(blocks))


def _kind(told: Brief, found: Sequence[Finding]) -> list[Block]:
    """A kind: one line that counts it, and its findings."""
    (line,) = headlines(found, 1, is_open=True) if told.is_open else headlines(found, 1)
    if told.is_open:
        return _openly(told, found, line.sentence)
    if len(found) == 1:
        return [_told(told, found[0])]
    shown = found if len(found) <= MOST else found[:_SHOWN]
    lead = line.sentence.split(": ")[0].rstrip(".")
    more = (
        f", of which these come first; the appendix has all {len(found)}"
        if len(shown) < len(found)
        else ""
    )
    return [Paragraph(f"{lead}{more}:"), Points(tuple(_told(told, f) for f in shown))]


def _openly(told: Brief, found: Sequence[Finding], counts: str) -> list[Block]:
    """What the open version says of a kind: its sentences where they name groups, or its number."""
    sentences = list(dict.fromkeys(str(f.open_sentence) for f in found))
    if len(sentences) == 1 and len(found) > 1:
        return [Paragraph(counts)]
    shown = sentences if len(sentences) <= MOST else sentences[:_SHOWN]
    if len(shown) == 1:
        return [Paragraph(shown[0])]
    lead = counts.rstrip(".")
    more = f", {counted(len(shown), 'of them', 'of them')}" if len(shown) < len(sentences) else ""
    return [Paragraph(f"{lead}{more}:"), Points(tuple(Paragraph(s) for s in shown))]


def _told(told: Brief, finding: Finding) -> Paragraph:
    return Paragraph(upper(finding.sentence), told.notes(finding.evidence))


def appendix(told: Brief) -> Section | None:
    """The findings of the kinds that the body cuts."""
    found = told.findings()
    blocks: list[Block] = []
    for kind in KINDS:
        of_kind = [f for f in found if f.kind == kind.name]
        if len(of_kind) > MOST:
            rows = [((upper(f.sentence),), told.notes(f.evidence)) for f in of_kind]
            caption = kind.several.format(n=len(of_kind))
            blocks.append(table(upper(caption), ("Finding",), rows))
    if not blocks or told.is_open:
        return None
    return Section("Findings told whole", tuple(blocks), appendix=True)
