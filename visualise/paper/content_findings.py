"""The findings, worst first: each kind with its sentences and what they rest on.

The body tells a few of each and leaves the rest to the appendix; what another part of the paper
lists is counted, and the reader sent there. The open version tells by number what it cannot tell
by name.
"""

from collections import Counter
from collections.abc import Sequence

from queries.findings.headlines import NUMBERLESS, SEVERITIES, Finding, headlines
from queries.findings.kinds import KINDS, Severity
from queries.findings.wording import counted, listed, number, upper
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Paragraph, Points, Section
from visualise.paper.words import table

MOST = 6
"""How many findings of a kind the body tells before it refers to the appendix."""
_SHOWN = 5
IN_FULL = "Findings in full"
"""The heading of the appendix that has what the body cuts."""
_MORE = f"The first {{n}} (“{IN_FULL}” has all)"
_ONLY, _LIMITED = "only one recorded", "limited help"
_ELSEWHERE = {
    "decision on money": "Money over time",
    "route not working": "Ways to help",
    "limited help": "Who is helped with what",
}
"""Kinds that a part of the body lists already, with its heading."""
_HEADINGS: dict[Severity, tuple[str, str]] = {
    "serious": (
        "Serious",
        "People are without help, do not get enough of it or are turned away, or the money of help "
        "has ended or ends within twelve months.",
    ),
    "decision": (
        "For decision",
        "Somebody has to decide or to act: a day has come or is coming, or much rests on little.",
    ),
    "check": (
        "For checking",
        "The record is silent, in doubt or hedged. What follows may say more of the documents than "
        "of the services.",
    ),
}


def section(told: Brief) -> Section:
    """All findings by severity."""
    found = told.findings()
    parts = tuple(_severity(told, found, severity) for severity in SEVERITIES)
    return Section("Findings", (), completeness(told), tuple(part for part in parts if part.blocks))


def completeness(told: Brief) -> str:
    """How many findings of each severity there are. Money moves them: the open version has none."""
    if told.is_open:
        return "Findings that name somebody, or what money does, are in the exempt version."
    found = told.findings()
    lines = headlines(found, len(found), is_open=told.is_open)
    counts = Counter[str]()
    for line in lines:
        counts[line.severity] += line.count
    return upper(
        f"{counted(counts['serious'], 'serious finding')}, {number(counts['decision'])} for "
        f"decision and {number(counts['check'])} for checking are on record."
    )


def _severity(told: Brief, found: Sequence[Finding], severity: Severity) -> Section:
    heading, meaning = _HEADINGS[severity]
    blocks: list[Block] = []
    for kind in KINDS:
        of_kind = [f for f in found if f.kind == kind.name and f.severity == severity]
        if told.is_open:
            of_kind = [f for f in of_kind if f.open_sentence is not None]
        if of_kind:
            blocks += _openly(told, of_kind) if told.is_open else _kind(told, of_kind)
    if blocks:
        blocks.insert(0, Paragraph(meaning))
    return Section(heading, tuple(blocks))


def _lead(found: Sequence[Finding], told: Brief) -> str:
    """The line that counts the findings of a kind, without names and full stop."""
    (line,) = headlines(found, 1, is_open=told.is_open)
    return line.sentence.split(": ")[0].rstrip(".")


def _kind(told: Brief, found: Sequence[Finding]) -> list[Block]:
    """A kind: one line that counts it, and its findings or the first of them."""
    if len(found) == 1:
        return [_told(told, found[0])]
    lead = _lead(found, told)
    elsewhere = _ELSEWHERE.get(found[0].kind)
    if elsewhere and (len(found) > MOST or found[0].kind != _LIMITED):
        why = f", and “{IN_FULL}” for the limits" if found[0].kind == _LIMITED else ""
        return [Paragraph(f"{lead}: see “{elsewhere}”{why}.")]
    shown = found if len(found) <= MOST else _first(told, found)
    if found[0].brief:
        return [_in_one(told, found, shown, lead)]
    more = f". {_MORE.format(n=number(len(shown)))}" if len(shown) < len(found) else ""
    return [Paragraph(f"{lead}{more}:"), Points(tuple(_told(told, f) for f in shown))]


def _in_one(
    told: Brief, found: Sequence[Finding], shown: Sequence[Finding], lead: str
) -> Paragraph:
    """Findings of which the headline says all but the name, in one sentence."""
    left = len(found) - len(shown)
    names = [f.brief for f in shown] + ([f"{number(left)} more"] if left else [])
    more = f" “{IN_FULL}” has all of them." if left else ""
    evidence = [one for f in shown for one in f.evidence]
    return Paragraph(f"{lead}: {listed(names)}.{more}", told.notes(evidence))


def _first(told: Brief, found: Sequence[Finding]) -> Sequence[Finding]:
    """The findings that the body tells: the first, or those on which most hangs, each end once."""
    if found[0].kind != _ONLY:
        return found[:_SHOWN]
    rows = told.ask("resilience.single_points_of_failure")
    weights = Counter(str(row["thing"]) for row in rows)
    heaviest = sorted(found, key=lambda f: -weights[str(f.subject)])
    apart = {f.sentence.split(" the record would show ")[-1]: f for f in reversed(heaviest)}
    return sorted(apart.values(), key=heaviest.index)[:_SHOWN]


def _openly(told: Brief, found: Sequence[Finding]) -> list[Block]:
    """What the open version says of a kind: its sentences where they name groups, or its number."""
    sentences = list(dict.fromkeys(str(f.open_sentence) for f in found))
    lead = _lead(found, told)
    if found[0].kind == _LIMITED:
        return [Paragraph(f"{lead}: see “{_ELSEWHERE[_LIMITED]}”.")]
    if len(sentences) == 1:
        is_one = len(found) == 1 and not found[0].question.startswith(NUMBERLESS)
        return [Paragraph(sentences[0] if is_one else f"{lead}.")]
    shown = sentences if len(sentences) <= MOST else sentences[:_SHOWN]
    more = f". The first {number(len(shown))}" if len(shown) < len(sentences) else ""
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
            rows = [((upper(f.brief or f.sentence),), told.notes(f.evidence)) for f in of_kind]
            blocks.append(table(_lead(of_kind, told), ("Finding",), rows))
    if not blocks or told.is_open:
        return None
    return Section(IN_FULL, tuple(blocks), appendix=True)
