"""The appendix: services, money, gaps, routes, actions, figures, boards and plans, row by row.

In the open version only what tells of no money and of no small number of people.
"""

from collections.abc import Iterable

from queries.findings.wording import counted, listed, upper
from visualise.paper import (
    content_findings,
    content_tables,
    content_tables_open,
    content_tables_plans,
)
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Section, Table
from visualise.paper.words import NOT_RECORDED


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
    """How many rows there are, and how often a column says that something is not recorded."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if not tables:
        return ""
    gaps = [
        f"“{header}” in {counted(len(silent), 'row')}"
        for one in tables
        for place, header in enumerate(one.headers)
        if (silent := [row for row in one.rows if row[place].lower() in _OPEN])
    ]
    told = f"{upper(counted(sum(len(one.rows) for one in tables), 'row'))}."
    return f"{told} Not recorded: {listed(gaps)}." if gaps else told


_OPEN = (NOT_RECORDED, "amount not recorded", "not given", "nobody is named", "not said")
"""What stands in a column that nothing is recorded for."""
