"""The appendix: services, money, gaps, routes, actions, figures, boards and plans, row by row.

In the open version only what tells of no money and of no small number of people.
"""

from collections.abc import Iterable

from visualise.paper import (
    content_findings,
    content_tables,
    content_tables_open,
    content_tables_plans,
)
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Section, Table
from visualise.paper.words import BLANK, NOT_RECORDED


def sections(told: Brief) -> tuple[Section, ...]:
    """The parts of the appendix, those that hold nothing left out."""
    if told.is_open:
        return tuple(
            Section(heading, (block,), _completeness((block,)), appendix=True)
            for heading, block in content_tables_open.tables(told)
        )
    found = [
        Section(heading, tuple(blocks), _completeness(blocks), appendix=True)
        for heading, blocks in (
            *content_tables.tables(told),
            *content_tables_plans.tables(told),
        )
    ]
    whole = content_findings.appendix(told)
    return (*found, whole) if whole else tuple(found)


def _completeness(blocks: Iterable[Block]) -> str:
    """How many rows leave nothing open."""
    rows = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    if not rows:
        return ""
    whole = sum(not any(cell in _OPEN for cell in row) for row in rows)
    filled = "none of them" if not whole else f"{whole} of them"
    return f"On record: {len(rows)}, {filled} with every column filled in."


_OPEN = (BLANK, NOT_RECORDED, NOT_RECORDED.capitalize(), "amount not recorded", "not given")
"""What stands in a column that nothing is recorded for."""
