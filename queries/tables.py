"""Small tables that somebody writes for one question: read whole, with every problem at once.

They are no part of a release and change none: a scenario's additions, options to compare, weights.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.confidential import contact_in, hidden_in
from graph.errors import Problem
from graph.ids import id_of, local_of
from graph.sources.archive import too_large
from graph.sources.folder import csv_lines
from graph.sources.names import SEPARATOR

_NUMBER = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, as text by column, with its place: the header is row 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.file}, row {self.number}"

    def get(self, column: str) -> str:
        """The text of a cell; empty where there is none."""
        return self.cells.get(column, "")

    def several(self, column: str) -> list[str]:
        """The values of a cell that may hold several."""
        return [v.strip() for v in self.get(column).split(SEPARATOR.strip()) if v.strip()]

    def wrong(self, column: str, expected: str, advice: str, value: str | None = None) -> Problem:
        """What is wrong with a cell, or with one value of it."""
        found = self.get(column) if value is None else value
        return Problem(self.file, self.number, column, found, expected, advice)

    def ids(self, column: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], list[Problem]]:
        """The ids that a cell's values mean, and a problem for each that means none or several."""
        found: list[str] = []
        problems = []
        for text in self.several(column):
            meant = meaning(text, names)
            if len(meant) == 1:
                found += [i for i in meant if i not in found]
            elif meant:
                advice = f"Write which: {' or '.join(meant)}."
                problems.append(self.wrong(column, "one meaning", advice, text))
            else:
                advice = nearest(text, names) or "Write it by its name, or by its id in an answer."
                problems.append(self.wrong(column, f"{column} that are known", advice, text))
        return tuple(found), problems


def meaning(text: str, names: Mapping[str, str]) -> list[str]:
    """The ids that a text can mean: an id, an IRI, a name, or else the last part of an id.

    `names` are the names by id.
    """
    wanted = id_of(text)
    if wanted in names:
        return [wanted]
    called = [i for i, name in names.items() if name.casefold() == text.casefold()]
    return sorted(called or [i for i in names if local_of(i) == text.casefold()])


def nearest(text: str, names: Mapping[str, str]) -> str:
    """The name or id that a text comes closest to, as a question, or nothing."""
    known = [*names.values(), *names, *(local_of(i) for i in names)]
    close = difflib.get_close_matches(text, known, 1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else ""


def read_lines(
    path: Path, columns: Sequence[str], needed: Iterable[str]
) -> tuple[list[Line], list[Problem]]:
    """The rows of a CSV table with these columns, and what is wrong with its form.

    Empty rows count and are skipped.
    """
    try:
        refused = too_large(path)
        if refused is not None:
            return [], [refused]
        lines, problems = csv_lines(path, path.name)
    except OSError as error:
        advice = f"Check its name and place ({error.strerror})."
        return [], [Problem(path.name, 0, "", "", "a file that can be read", advice)]
    if problems:
        return [], problems
    headers = [cell.lower() for cell in lines[0]]
    problems = [
        _unknown(path.name, header, columns)
        for number, header in enumerate(headers)
        if header not in columns or header in headers[:number]
    ]
    problems += [
        Problem(path.name, 1, column, "", "this column", "Add it to the row of headers.")
        for column in needed
        if column not in headers
    ]
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if any(hidden_in(cell) or contact_in(cell) for cell in line):
            advice = "Remove it: contacts are not recorded, and marks that nobody sees not read."
            problems.append(
                Problem(path.name, number, "", "", "no contact and no hidden mark", advice)
            )
            continue
        if len(line) > len(headers):
            advice = "Put a value with a comma in quotation marks, or remove the last cells."
            problems.append(
                Problem(path.name, number, "", "", f"at most {len(headers)} cells", advice)
            )
        if any(line):
            found.append(Line(path.name, number, dict(zip(headers, line, strict=False))))
    return found, problems


def _unknown(file: str, header: str, columns: Sequence[str]) -> Problem:
    close = difflib.get_close_matches(header, columns, 1)
    advice = f'Did you mean "{close[0]}"?' if close else f"Known columns: {', '.join(columns)}."
    return Problem(file, 1, header, "", "a column of this table, once", advice)


def number_in(text: str) -> str | None:
    """The digits of a number that is not negative, or None: pound sign and commas may stand in it.

    >>> number_in("£25,000")
    '25000'
    """
    found = _NUMBER.fullmatch(text.strip())
    return found[1].replace(",", "") + (found[2] or "") if found else None
