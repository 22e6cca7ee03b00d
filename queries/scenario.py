"""What changes if things were lost: the difference of two answers, worst first.

Nothing is estimated. The same facts are looked at twice, with the things and without them; losing
nothing changes nothing, and losing more never leaves more.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from queries.asked import Answerer, Asked
from queries.cells import Coverage, Judgement
from queries.cut_sets import single_points_of_failure
from queries.recorded import UNSPECIFIED, Cell, Facts, Row, fallen

LEFT_WITH_NOTHING = "left with nothing on record"
WEAKER = "help gets weaker"
FALLS = "service falls"
HANGS = "then hangs on one thing"
CHANGES = (LEFT_WITH_NOTHING, WEAKER, FALLS, HANGS)
"""Every kind of change, worst first."""


def what_if(
    gaps: Sequence[Row],
    facts: Facts,
    things: Sequence[Row],
    day: datetime.date,
) -> list[dict[str, Any]]:
    """The answer to `resilience.what_if`: what the things that `facts.lost` names would take along.

    Rows say, in this order: cells that are left with nothing recorded, cells whose help gets
    weaker, services that fall, and cells that then have a single point of failure they had not.
    """
    whole = replace(facts, lost=frozenset())
    before, after = Coverage(whole, gaps, day), Coverage(facts, gaps, day)
    rows = _cells(before, after)
    rows += _services(whole, facts, day)
    rows += _points(whole, facts, things, day)
    order = {change: n for n, change in enumerate(CHANGES)}
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            order[r["change"]],
            *(r[key] or "" for key in ("group_name", "need_name", "area_name", "name")),
        ),
    )


def _cells(before: Coverage, after: Coverage) -> list[dict[str, Any]]:
    rows = []
    for cell in sorted(c for c in before.helps if c[1] != UNSPECIFIED):
        was, would_be = before.judge(cell), after.judge(cell)
        gone = [h for h in was.helps if h.service not in {o.service for o in would_be.helps}]
        if not gone and was.state == would_be.state:
            continue
        if not would_be.helps:
            rows.append(_row(LEFT_WITH_NOTHING, before.facts, cell, was, would_be))
        elif was.state != would_be.state:
            rows.append(_row(WEAKER, before.facts, cell, was, would_be))
    return rows


def _row(
    change: str, facts: Facts, cell: Cell, was: Judgement, would_be: Judgement
) -> dict[str, Any]:
    service = facts.services[was.helps[0].service]
    return {
        **facts.describe(cell),
        "partnership": service["partnership"],
        "change": change,
        "thing": None,
        "name": None,
        "before": was.state,
        "after": would_be.state,
        "because": "; ".join(would_be.reasons) or None,
        "evidence": was.proofs,
    }


_NO_CELL: Mapping[str, None] = dict.fromkeys(
    ("group", "group_name", "need", "need_name", "area", "area_name")
)


def _services(whole: Facts, facts: Facts, day: datetime.date) -> list[dict[str, Any]]:
    standing = fallen(whole, day, frozenset())
    rows = []
    for identifier in sorted(fallen(facts, day, facts.lost) - standing):
        service = facts.services[identifier]
        itself = identifier in facts.lost
        rows.append(
            {
                **_NO_CELL,
                "partnership": service["partnership"],
                "change": FALLS,
                "thing": identifier,
                "name": service["name"],
                "before": service["standing"],
                "after": "imagined lost" if itself else "falls with what it stands on",
                "because": None,
                "evidence": [service["proof"]],
            }
        )
    return rows


def _points(
    whole: Facts, facts: Facts, things: Sequence[Row], day: datetime.date
) -> list[dict[str, Any]]:
    keys = ("thing", "group", "need", "area", "strength")
    known = {tuple(r[k] for k in keys) for r in single_points_of_failure(things, whole, day)}
    return [
        {
            **{key: point[key] for key in (*_NO_CELL, "partnership", "thing", "name", "evidence")},
            "change": HANGS,
            "before": None,
            "after": f"the only one recorded ({point['strength']} or stronger)",
            "because": None,
        }
        for point in single_points_of_failure(things, facts, day)
        if tuple(point[k] for k in keys) not in known
    ]


def _what_if(asked: Asked) -> list[dict[str, Any]]:
    return what_if(asked.rows, asked.recorded, asked.facts["things"], asked.day)


ANSWERS: Mapping[str, Answerer] = {"what_if": _what_if}
