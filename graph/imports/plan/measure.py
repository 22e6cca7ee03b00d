"""How well a draft was read: precision and recall against tables made by hand from the document.

Two records are the same if they stand at the same place (lines of the document that overlap) and
share enough words; who reads by hand writes in other words, so only content words count, cut to
their stems. One record of the draft stands for one of the tables, chosen so that the whole fits
best. Both sides of every figure are counts, so that nobody needs to believe a percentage.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from graph.imports.plan.draft import Draft
from graph.imports.plan.names import normal
from graph.imports.plan.vocabulary import SMALL
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables

ALIKE = 0.3
"""From which share of the content words of the shorter text two records at one place are one."""
ALIKE_ANYWHERE = 0.6
"""The same where the places cannot be compared, as a document other than a text has no lines."""
SAME_NAME = 85
"""From which likeness (of 100) two names of a lead are one."""

_WORD = re.compile(r"[a-z]{3,}")
_COMMON = SMALL | {"there", "some", "such", "only", "over", "both", "said", "plan", "action", "row"}


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: how many the draft has, how many the tables have, how many are right."""

    what: str
    found: int
    expected: int
    right: int

    @property
    def precision(self) -> float:
        """Which share of what the draft has is right."""
        return self.right / self.found if self.found else float(not self.expected)

    @property
    def recall(self) -> float:
        """Which share of what the tables have was found."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class _Record:
    id: str
    lines: frozenset[int]
    words: frozenset[str]
    cells: Mapping[str, str]


def measure(draft: Draft, tables: Tables) -> tuple[Figure, ...]:
    """Figures for gaps, actions, leads, deadlines and statuses of a draft against tables."""
    found, wanted = draft.imported.tables, tables
    gaps = _pairs(_records(found, "gaps"), _records(wanted, "gaps"))
    mine, theirs = _records(found, "actions"), _records(wanted, "actions")
    actions = _pairs(mine, theirs)
    leads = _lead_pairs(found, wanted)
    return (
        _figure("gaps", _records(found, "gaps"), _records(wanted, "gaps"), len(gaps)),
        _figure("actions", mine, theirs, len(actions)),
        Figure("leads", *leads),
        _of_actions("deadlines", mine, theirs, actions, ("deadline", "deadline_kind")),
        _of_actions("statuses", mine, theirs, actions, ("status",)),
    )


def _figure(what: str, found: Sequence[_Record], wanted: Sequence[_Record], right: int) -> Figure:
    return Figure(what, len(found), len(wanted), right)


def _of_actions(
    what: str,
    found: Sequence[_Record],
    wanted: Sequence[_Record],
    pairs: Sequence[tuple[_Record, _Record]],
    keys: tuple[str, ...],
) -> Figure:
    """A figure of columns of actions: only where the source says something."""

    def says(record: _Record) -> bool:
        if what == "deadlines":
            return record.cells.get("deadline_kind", "none") != "none"
        return record.cells.get("status", "not recorded") != "not recorded"

    right = sum(
        says(a) and all(a.cells.get(k, "") == b.cells.get(k, "") for k in keys) for a, b in pairs
    )
    return Figure(what, sum(map(says, found)), sum(map(says, wanted)), right)


# ---------------------------------------------------------------- records and their places


def _records(tables: Tables, table: str) -> list[_Record]:
    places = _lines_of_places(tables)
    return [
        _Record(row.id, _lines(row, places), _stems(row), row.cells)
        for row in tables.rows
        if row.table == table
    ]


def _lines_of_places(tables: Tables) -> dict[str, frozenset[int]]:
    return {
        row.cells.get("name", ""): _numbers(row.cells.get("lines", ""))
        for row in tables.rows
        if row.table == "source_parts"
    }


def _numbers(spec: str) -> frozenset[int]:
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", spec):
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _lines(row: Row, places: Mapping[str, frozenset[int]]) -> frozenset[int]:
    named = row.cells.get("place", "").split(SEPARATOR.strip())
    return frozenset().union(*(places.get(place.strip(), frozenset()) for place in named))


def _stems(row: Row) -> frozenset[str]:
    text = f"{row.cells.get('name', '')} {row.cells.get('description', '')}".lower()
    return frozenset(word[:5] for word in _WORD.findall(text) if word not in _COMMON)


def _likeness(a: _Record, b: _Record) -> float:
    """How alike two records are, 0 where they cannot be the same."""
    if not a.words or not b.words:
        return 0.0
    both = len(a.words & b.words)
    shared = both / min(len(a.words), len(b.words))
    placed = bool(a.lines and b.lines)
    if (placed and not a.lines & b.lines) or shared < (ALIKE if placed else ALIKE_ANYWHERE):
        return 0.0
    # Which of several likely ones: a part is rather a part, and the whole texts decide.
    same_level = bool(a.cells.get("part_of")) == bool(b.cells.get("part_of"))
    return shared + 0.5 * same_level + both / len(a.words | b.words)


def _pairs(found: Sequence[_Record], wanted: Sequence[_Record]) -> list[tuple[_Record, _Record]]:
    """Which record of the draft is which of the tables, so that the likenesses sum up highest."""
    if not found or not wanted:
        return []
    likeness = np.array([[_likeness(a, b) for b in wanted] for a in found])
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return [
        (found[i], wanted[j])
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        if likeness[i, j] > 0
    ]


# ---------------------------------------------------------------- leads


@dataclass(frozen=True, slots=True)
class _Lead:
    lines: frozenset[int]
    names: tuple[str, ...]


def _names(*tables: Tables) -> dict[str, tuple[str, ...]]:
    """By id: every name of agencies, bodies and posts, as it is compared."""
    names: dict[str, tuple[str, ...]] = {}
    for row in (row for each in tables for row in each.rows):
        if row.table in ("agencies", "bodies", "posts"):
            also = row.cells.get("also_called", "").split(SEPARATOR.strip())
            every = (row.cells.get("name", ""), *also)
            names[row.id] = tuple(normal(name) for name in every if name.strip())
    return names


def _leads(tables: Tables, names: Mapping[str, tuple[str, ...]]) -> list[_Lead]:
    places = _lines_of_places(tables)
    found: dict[tuple[str, str], _Lead] = {}
    for row in tables.rows:
        if row.table == "leads":
            by = row.cells.get("by", "").rpartition("/")[2]
            lead = _Lead(_lines(row, places), names.get(by, (normal(by),)))
            found.setdefault((row.cells.get("action", ""), by), lead)
    return list(found.values())


def _lead_pairs(found: Tables, wanted: Tables) -> tuple[int, int, int]:
    # A draft that was linked to known tables names whom they hold by id alone.
    mine = _leads(found, {**_names(wanted), **_names(found)})
    theirs = _leads(wanted, _names(wanted))
    if not mine or not theirs:
        return len(mine), len(theirs), 0
    likeness = np.array([[_same_lead(a, b) for b in theirs] for a in mine])
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    right = sum(likeness[i, j] > 0 for i, j in zip(rows, columns, strict=True))
    return len(mine), len(theirs), int(right)


def _same_lead(a: _Lead, b: _Lead) -> float:
    if a.lines and b.lines and not a.lines & b.lines:
        return 0.0
    best = max(fuzz.token_sort_ratio(x, y) for x in a.names for y in b.names)
    return best / 100 if best >= SAME_NAME else 0.0
