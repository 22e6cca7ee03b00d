"""A kind of finding: which rows of which question it is, how grave, and in what words.

Words are hedged exactly as the record is: what no source speaks of is "not recorded", money that
ended is never a service that closed. An open sentence names no service, provider or fund
(SAFETY.md rule 7); a kind without one is told in the exempt paper alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from queries.asked import Partnership, Row
from queries.findings.telling_help import who_and_what
from queries.findings.wording import quoted

Severity = Literal["serious", "decision", "check"]
"""Serious: people are without help, or its money has ended or ends within the horizon. Decision:
somebody has to decide, and a day or a risk is recorded. Check: the record is silent or in doubt."""
Telling = Callable[[Sequence[Row], Partnership], str]
"""How the rows of one finding are told."""
OpenTelling = Callable[[Row, Partnership], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    `one` and `several` are the words of its headline, under which `brief` is enough to tell a
    finding where the headline says the rest of it. `only` are the values of which a column of
    the row must have one; rows with equal values in the columns `together` are one finding.
    """

    name: str
    severity: Severity
    question: str
    one: str
    several: str
    told: Telling
    openly: OpenTelling | None = None
    brief: Telling | None = None
    subject: str = ""
    label: str = "name"
    on_day: str = ""
    only: tuple[str, tuple[str, ...]] = ("", ())
    together: tuple[str, ...] = ()
    months: int = 0
    """How far the question is asked to look, where it is asked for something else."""

    def takes(self, row: Row) -> bool:
        """Whether a row of the question's answer is of this kind."""
        column, values = self.only
        return not column or row[column] in values

    def named(self, row: Row) -> str:
        """What a finding of this kind is about, for a headline; empty for nothing to name."""
        if self.label == "group_name":
            return who_and_what(row)
        name = str(row.get(self.label) or "")
        return quoted(name) if name and self.subject in ("action", "gap") else name


def counts(words: str) -> OpenTelling:
    """An open sentence that names nothing: equal ones are counted by their headline."""

    def told(row: Row, home: Partnership) -> str:
        return words

    return told
