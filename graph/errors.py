"""What can go wrong, and where.

FingerpostError            anything a user can mend; the message ends with the next step
├── InputError             one or more problems in tables, each with its place
├── ReleaseError           a release is missing, damaged or of another ontology version
└── StoreError             a store is missing, empty, foreign or out of reach
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.confidential import contact_in, without_hidden


class FingerpostError(Exception):
    """The root: caught at the doors, shown as a message and never as a traceback."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a table, with its place and what to do.

    `row` is the row as a spreadsheet counts it (the header is row 1); 0 where no one row is meant.
    """

    file: str
    row: int
    column: str
    value: str
    expected: str
    advice: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f', column "{self.column}"'
        found = f' has "{_short(self.value)}";' if self.value else ":"
        return f"{place}{found} expected {self.expected}. {self.advice}"


def _short(value: str, limit: int = 80) -> str:
    return value if len(value) <= limit else value[: limit - 1] + "…"


def _discreet(problem: Problem) -> Problem:
    """The problem without what a log must not repeat: a contact in any of its texts."""

    def discreet(text: str) -> str:
        return "" if contact_in(text) else without_hidden(text)

    return replace(
        problem,
        file=discreet(problem.file),
        column=discreet(problem.column),
        value=discreet(problem.value),
        expected=discreet(problem.expected),
        advice=discreet(problem.advice),
    )


class InputError(FingerpostError):
    """Tables that cannot be used as they are, with every problem found in them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(map(_discreet, problems)))
        count = len(self.problems)
        lines = "\n".join(f"  {p}" for p in self.problems)
        what = "1 problem" if count == 1 else f"{count} problems"
        super().__init__(f"{what} in the tables; nothing was changed.\n{lines}")


class ReleaseError(FingerpostError):
    """A release is missing, damaged or was built with another version of the ontology."""


class StoreError(FingerpostError):
    """A store is missing, holds no release, holds something else, or cannot be reached."""
