"""A check of a feed as a text and as JSON; `visualise/feed_check.py` makes the page.

Everything that comes from a feed was made harmless when it was found (see `findings.told`).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from graph.oruk.findings import (
    ENDPOINTS,
    RULES,
    Finding,
    Group,
    Level,
    Look,
    Report,
    Verdict,
    groups,
)

IN_WORDS = {
    Verdict.compliant: "Compliant with Open Referral UK 3.0",
    Verdict.warnings: "Compliant with Open Referral UK 3.0, with warnings",
    Verdict.failed: "Not compliant with Open Referral UK 3.0",
}
LEVELS = (
    "Level 1 (/, /services, /services/{id}) is not met.",
    "Level 1 (/, /services, /services/{id}) is met; level 2 is not.",
    "Levels 1 and 2 are met.",
)
"""What was reached, by number."""
HEADINGS = {
    Level.error: "Errors: these must be mended",
    Level.warning: "Warnings: allowed, or beyond level 1, and bad",
    Level.note: "Notes",
}
NO_GUARANTEE = (
    "This speaks of form, not of truth: whether a service exists and its words are right, nobody "
    "checked. It is no certificate of Open Referral UK."
)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    >>> counted(1, "error"), counted(2, "error")
    ('1 error', '2 errors')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def summary(report: Report) -> str:
    """How many of each level there are, in words."""
    return ", ".join(counted(report.count(level), level.value) for level in Level)


def looked(look: Look) -> str:
    """How much of an endpoint was looked at, in words."""
    if not look.answers:
        return "nothing to look at"
    if look.endpoint == "/":
        return "answered"
    if ENDPOINTS[look.endpoint].is_item:
        return f"{look.records} of {counted(look.of_records, 'record')}"
    pages = f"{look.pages} of {counted(look.of_pages, 'page')}"
    return f"{pages}, {look.records} of {counted(look.of_records, 'record')}"


def place(finding: Finding) -> str:
    """Where something was found: the request or file, the field, and the record."""
    field = f"  field {finding.pointer}" if finding.pointer else ""
    whose = f"  id {finding.record}" if finding.record else ""
    name = f' "{finding.name}"' if finding.name else ""
    return f"{finding.where}{field}{whose}{name}"


def as_text(report: Report) -> str:
    """The report for a terminal or a mail."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"{IN_WORDS[report.verdict]}: {report.source}"
    yield f"{summary(report)}. {LEVELS[report.reached]}"
    yield f"Dates are judged as of {report.on}."
    found = groups(report.findings)
    for level in Level:
        of_level = [group for group in found if group.first.level is level]
        if of_level:
            yield f"\n{HEADINGS[level]}"
        for number, group in enumerate(of_level, 1):
            yield from _group_lines(number, group)
    yield "\nWhat was looked at"
    for look in report.looks:
        yield f"  {look.endpoint:<28}{looked(look)}"
    if report.parameters:
        yield "\nParameters that were tried"
        yield from (f"  {parameter}" for parameter in report.parameters)
    yield "\nWhat was not checked"
    yield from (f"  - {sentence}" for sentence in (*report.not_checked, NO_GUARANTEE))


def _group_lines(number: int, group: Group) -> Iterator[str]:
    rule, first = group.rule, group.first
    times = f", {group.count} times" if group.count > 1 else ""
    field = f", field {group.field}" if group.field else ""
    yield f"\n{number}. Rule broken: {rule.says} [{first.rule}]"
    yield f"   At {first.endpoint}{field}{times}."
    yield f"   Expected: {first.expected}. Found: {first.found}."
    yield f"   To do: {rule.advice}"
    yield f"   Rule from: {first.source}."
    for example in group.examples:
        found = f"  found {example.found}" if example.found != first.found else ""
        yield f"   - {place(example)}{found}"
    if group.count > len(group.examples):
        yield f"   - and {group.count - len(group.examples)} more: --format json has all of them"


def as_json(report: Report) -> str:
    """The whole report, every finding included, for another program."""
    document: dict[str, Any] = {
        "source": report.source,
        "on": report.on,
        "verdict": report.verdict.value,
        "level": report.reached,
        "counts": {level.value: report.count(level) for level in Level},
        "looked_at": [asdict(look) for look in report.looks],
        "parameters": list(report.parameters),
        "not_checked": [*report.not_checked, NO_GUARANTEE],
        "rules": {
            name: {"says": rule.says, "source": rule.source, "advice": rule.advice}
            for name, rule in sorted(RULES.items())
            if any(finding.rule == name for finding in report.findings)
        },
        "findings": [asdict(finding) | {"source": finding.source} for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
