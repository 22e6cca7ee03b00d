"""What stands out in what is recorded, in sentences: the worst first.

The workbench's start page and the board paper say the same, from here. Each finding is a row of an
answer of the catalogue; nothing is judged here that a question does not judge.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.stores.protocol import Store
from queries.asked import Row

Severity = Literal["serious", "decision", "check"]
"""Serious: people are without help, or its money has ended or ends within the horizon. Decision:
somebody has to decide, and a day or a risk is recorded. Check: the record is silent or in doubt."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `open_sentence` names no provider, and is None where that cannot be done."""

    severity: Severity
    kind: str
    question: str
    partnership: str
    sentence: str
    open_sentence: str | None
    subject: str | None
    evidence: tuple[Row, ...]


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
    """What stands out for one partnership on a day, worst first."""
    raise NotImplementedError


def headlines(found: Sequence[Finding], most: int = 5) -> tuple[Headline, ...]:
    """The findings kind by kind, a line each, worst first; at most `most` lines."""
    raise NotImplementedError
