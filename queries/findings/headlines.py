"""What stands out in what is recorded, in sentences: the worst first.

The workbench's start page and the board paper say the same, from here. Each finding is a row of an
answer of the catalogue (rows about the same thing are one finding where its kind says so); nothing
is judged here that a question does not judge. What each kind is and says stands in
`queries/findings/kinds.py`.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.stores.protocol import Store
from queries.ask import Answer, ask, fact, find_question, partnerships
from queries.asked import Partnership, QuestionError, Row
from queries.findings.kinds import KINDS, Kind, Severity
from queries.findings.wording import day, listed, number, upper

SEVERITIES: tuple[Severity, ...] = ("serious", "decision", "check")
"""The severities, worst first."""
_NAMED = 3
"""How many things a headline names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `open_sentence` names no provider, and is None where that cannot be done.

    Open sentences of a kind may be equal: then `headlines(…, is_open=True)` counts them. `name` is
    what the finding is about; `on_day` the day that it turns on, where there is one. `brief` tells
    it in a list under its headline, where that says the rest; it is empty where it does not.
    """

    severity: Severity
    kind: str
    question: str
    partnership: str
    sentence: str
    open_sentence: str | None
    subject: str | None
    evidence: tuple[Row, ...]
    name: str = ""
    on_day: datetime.date | None = None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The findings of a kind in one line, and the question whose answer lists them."""

    severity: Severity
    kind: str
    question: str
    count: int
    sentence: str


def findings(
    store: Store, slug: str, as_of: datetime.date | None = None, without: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """What stands out for one partnership on a day, worst first.

    Raises QuestionError where there is no such partnership, or nothing by a name in `without`.
    """
    home = _partnership(store, slug)
    answers: dict[str, Answer] = {}
    found: list[Finding] = []
    for kind in KINDS:
        if kind.question not in answers:
            question = find_question(kind.question)
            given = {"months": [str(kind.months)]} if kind.months else {}
            answers[kind.question] = ask(
                store, question, slugs=[slug], as_of=as_of, without=without, given=given
            )
        found += _of_kind(kind, _named(store, kind, answers[kind.question].rows, slug), home)
    return tuple(sorted(found, key=lambda f: SEVERITIES.index(f.severity)))


def _partnership(store: Store, slug: str) -> Partnership:
    for one in partnerships(store):
        if one.slug == slug:
            return one
    raise QuestionError(f'There is no partnership "{slug}".', told="There is no such partnership.")


def _named(store: Store, kind: Kind, rows: Sequence[Row], slug: str) -> Sequence[Row]:
    """Rows with what their record is about, where the answer tells its identifier alone."""
    if kind.subject != "record" or not rows:
        return rows
    names = {r["record"]: r["name"] for r in fact(store, "record_names", [slug])}
    return [{**row, "name": names.get(row["record"], "")} for row in rows]


def _of_kind(kind: Kind, rows: Iterable[Row], home: Partnership) -> Iterator[Finding]:
    for together in _together(kind, [r for r in rows if kind.takes(r)]):
        first = together[0]
        yield Finding(
            severity=kind.severity,
            kind=kind.name,
            question=kind.question,
            partnership=home.slug,
            sentence=kind.told(together, home),
            open_sentence=kind.openly(first, home) if kind.openly else None,
            subject=first[kind.subject] if kind.subject else None,
            evidence=_evidence(together),
            name=kind.named(first),
            on_day=first[kind.on_day] if kind.on_day else None,
            brief=kind.brief(together, home) if kind.brief else "",
        )


def _together(kind: Kind, rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each finding: those about the same thing, where the kind takes them together."""
    if not kind.together:
        return [[row] for row in rows]
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in kind.together), []).append(row)
    return list(found.values())


def _evidence(rows: Iterable[Row]) -> tuple[Row, ...]:
    found = {one["record"]: one for row in rows for one in row["evidence"]}
    return tuple(found[record] for record in sorted(found))


NUMBERLESS = ("funding.", "resilience.")
"""The themes of which an open headline gives no number."""


def headlines(
    found: Sequence[Finding], most: int = 5, *, is_open: bool = False
) -> tuple[Headline, ...]:
    """The findings kind by kind, a line each, worst first; at most `most` lines.

    An open headline names nothing and leaves out kinds that only the exempt paper may tell. Of
    money and of what everything hangs on it gives no number: where nearly all have lost theirs, or
    papers of two days are laid beside each other, a number names somebody.
    """
    lines = []
    for kind in KINDS:
        of_kind = [f for f in found if f.kind == kind.name]
        if is_open:
            of_kind = [f for f in of_kind if f.open_sentence is not None]
        if of_kind:
            sentence = _headline(kind, of_kind, is_open)
            lines.append(Headline(kind.severity, kind.name, kind.question, len(of_kind), sentence))
    lines.sort(key=lambda line: SEVERITIES.index(line.severity))
    return tuple(lines[:most])


def _named_by(finding: Finding) -> str:
    """What a headline names a finding by; its day, where it is about nothing with a name."""
    return finding.name or (day(finding.on_day) if finding.on_day else "")


def _headline(kind: Kind, found: Sequence[Finding], is_open: bool) -> str:
    count = len(found)
    if is_open and kind.question.startswith(NUMBERLESS):
        return f"{upper(kind.several.format(n='some'))}."
    told = kind.one if count == 1 else kind.several.format(n=number(count))
    names = [] if is_open else list(dict.fromkeys(map(_named_by, found)))
    if not any(names):
        return f"{upper(told)}."
    return f"{upper(told)}: {listed(names, _NAMED)}."
