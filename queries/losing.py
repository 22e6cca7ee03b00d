"""What falls if one thing ended: the same as `resilience.what_if`, ready to be asked many times.

What falls and what counts as help are said in queries/recorded.py and compared in
queries/scenario.py; here the facts of a day are only kept, so that a map can ask about each of its
things. What would then hang on one thing is left to the question itself.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from queries.cells import Coverage
from queries.money import PAID, money
from queries.recorded import Facts, read_facts
from queries.rows import Row
from queries.scenario import FALLS, LEFT_WITH_NOTHING, WEAKER, losses

FACTS = (
    "services",
    "reaches",
    "awards",
    "provisions",
    "dependences",
    "referrals",
    "areas",
    "groups",
    "needs",
    "gaps",
)
"""The files in queries/facts that losses are worked out from."""
Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Left:
    """A client group that is left with less help for a need, and where."""

    group: str
    group_name: str
    need_name: str
    area_name: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What falls with something (ids and names), and whom that leaves with nothing or with less."""

    services: tuple[tuple[str, str], ...] = ()
    nothing: tuple[Left, ...] = ()
    weaker: tuple[Left, ...] = ()


class Losing:
    """The facts of one partnership on a day, to be asked what falls with what."""

    def __init__(self, rows: Rows, homes: Mapping[str, str], day: datetime.date) -> None:
        """Read the rows of `FACTS`; `homes` has the partnership's area."""
        self._facts = read_facts(rows, homes, frozenset())
        self._gaps, self._day = rows["gaps"], day
        self._before = Coverage(self._facts, self._gaps, day)
        self._bearing = _bearing(self._facts, day)

    def of(self, lost: frozenset[str]) -> Loss:
        """What falls if some things ended."""
        if not lost & self._bearing:
            return Loss()
        imagined = replace(self._facts, lost=lost)
        rows = losses(self._before, Coverage(imagined, self._gaps, self._day))
        return Loss(
            tuple((r["thing"], r["name"]) for r in rows if r["change"] == FALLS),
            _left(rows, LEFT_WITH_NOTHING),
            _left(rows, WEAKER),
        )


def _bearing(facts: Facts, day: datetime.date) -> frozenset[str]:
    """Everything that a service or its money can stand on: nothing falls with anything else."""
    found = {*facts.services}
    found |= {r["agency"] for rows in facts.provisions.values() for r in rows}
    for rows in facts.dependences.values():
        found |= {one for r in rows for one in (r["post"], *r["agencies"])}
    for rows in facts.referrals.values():
        found |= {one for r in rows for one in (r["route"], r["origin"])}
    for rows in facts.awards.values():
        state = money(rows, day)
        if state.section in PAID:
            found |= {one for a in state.awards for one in (a["award"], a["fund"], *a["holders"])}
    return frozenset(found)


def _left(rows: Sequence[Row], change: str) -> tuple[Left, ...]:
    return tuple(
        Left(r["group"], r["group_name"], r["need_name"], r["area_name"])
        for r in rows
        if r["change"] == change
    )
