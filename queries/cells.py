"""Coverage of a cell (client group, need, area) on a day, in words that must never be confused.

The states are those of the README's table 'What the words mean'. A cell is judged by what is
recorded for exactly its group: help for a wider group is named as perhaps serving it, and does not
count. A stated gap bears on coverage only if its kind says so (`fp:coverageEffect` in codes.ttl).
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from rdflib import SKOS

from graph.dates import add_months
from graph.derived import chain
from ontology.namespaces import FP
from ontology.schema import ontology
from queries.fits import widening
from queries.money import HORIZON
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, NoHelp, is_in_part, recorded
from queries.rows import Row
from queries.sides import perpetrator_groups, programmes

State = Literal[
    "covered",
    "partial",
    "insufficient",
    "at risk",
    "stated uncovered",
    "not recorded",
    "contested",
]
WORST_FIRST: tuple[State, ...] = (
    "stated uncovered",
    "contested",
    "insufficient",
    "not recorded",
    "partial",
    "at risk",
    "covered",
)
"""Every state, in the order in which answers show them."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of a cell, the reasons in words, and the records it rests on."""

    cell: Cell
    state: State
    reasons: tuple[str, ...]
    helps: tuple[Help, ...]
    proofs: tuple[Row, ...]


@lru_cache(maxsize=1)
def gap_effects() -> Mapping[str, str]:
    """What a gap of each kind makes of a cell: 'uncovered' or 'insufficient'; others have none."""
    graph = ontology()
    return {
        str(graph.value(kind, SKOS.prefLabel)): str(effect)
        for kind, effect in graph.subject_objects(FP.coverageEffect)
    }


class Coverage:
    """All that is recorded for some partnerships on a day, ready to judge any cell."""

    def __init__(self, facts: Facts, gaps: Sequence[Row], day: datetime.date) -> None:
        self.facts = facts
        self.day = day
        self.helps: dict[Cell, list[Help]] = {}
        self.others: dict[Cell, list[NoHelp]] = {}
        helps, others = recorded(facts, day)
        for one in helps:
            self.helps.setdefault(one.cell, []).append(one)
        for other in others:
            self.others.setdefault(other.cell, []).append(other)
        self.gaps: dict[Cell, list[Row]] = {}
        for gap in gaps:
            for cell in gap_cells(gap, facts.homes):
                self.gaps.setdefault(cell, []).append(gap)
        self._open: dict[tuple[str, str], list[Help]] = {}
        self._helped = {(group, area) for group, _, area in self.helps}
        for one in helps:
            if one.strength == "open to all":
                self._open.setdefault((one.cell[0], one.cell[2]), []).append(one)
        self._naming: dict[tuple[str, str], list[Row]] = {}
        links: list[Help | NoHelp] = [*helps, *others]
        for link in links:
            self._naming.setdefault((link.cell[0], link.cell[2]), []).extend(link.proofs)

    def judge(self, cell: Cell) -> Judgement:
        """The state of one cell."""
        # A service that meets no named need is no help with one; it only keeps a group from being
        # called unreached (see has_help).
        helps = [] if cell[1] == UNSPECIFIED else self._helping(cell)
        gaps = self._stated(cell)
        others = self.others.get(cell, [])
        effects = {gap_effects().get(g["kind"]) for g in gaps}
        bearing = [g for g in gaps if g["kind"] in gap_effects()]
        state = _state(helps, effects, self.day)
        reasons = self._reasons(state, helps, bearing, others)
        if not helps and not bearing:
            reasons += [f"a source names the group: {g['name']}" for g in gaps]
        proofs = [p for h in helps for p in h.proofs]
        proofs += [a["proof"] for h in helps for a in h.money.awards]
        proofs += [g["proof"] for g in gaps]
        if not helps:
            proofs += [p for o in others for p in o.proofs]
        return Judgement(cell, state, tuple(reasons), tuple(helps), tuple(proofs))

    def might_serve(self, cell: Cell) -> list[Help]:
        """Help that might serve a cell and does not count for it.

        That is help open to all of a wider group, and, where no need is named, help that reaches
        the group itself with no named need. A programme for perpetrators might serve nobody else.
        """
        group, need, area = cell
        own = self._helping(cell) if need == UNSPECIFIED else []
        barred = frozenset() if group in self._perpetrators else self._programmes
        return own + [
            one
            for broad in self._wider[group] - {group}
            for one in self._open.get((broad, area), ())
            if need in (one.cell[1], UNSPECIFIED) and one.service not in barred
        ]

    @cached_property
    def _wider(self) -> dict[str, frozenset[str]]:
        return widening(self.facts.groups)

    @cached_property
    def _perpetrators(self) -> frozenset[str]:
        return perpetrator_groups(self.facts.groups)

    @cached_property
    def _programmes(self) -> frozenset[str]:
        return programmes(self.facts.reaches, self._perpetrators)

    def naming(self, group: str, area: str) -> list[Row]:
        """The records that connect a group with any service, whether it counts or not."""
        return self._naming.get((group, area), [])

    def has_help(self, group: str, partnership_area: str) -> bool:
        """Whether anything at all is recorded for a group, for any need."""
        return (group, partnership_area) in self._helped

    def _helping(self, cell: Cell) -> list[Help]:
        group, need, area = cell
        found = list(self.helps.get(cell, ()))
        for around in chain(area, self.facts.within)[1:]:
            found += [
                h
                for h in self.helps.get((group, need, around), ())
                if not in_part(h) and h.service not in {f.service for f in found}
            ]
        return sorted(found, key=lambda h: (h.rank, h.name))

    def _stated(self, cell: Cell) -> list[Row]:
        """The gaps that name a cell: those of its area and of the areas that take it in."""
        group, need, area = cell
        return [
            gap
            for around in chain(area, self.facts.within)
            for gap in self.gaps.get((group, need, around), ())
        ]

    def _reasons(
        self, state: State, helps: list[Help], gaps: list[Row], others: list[NoHelp]
    ) -> list[str]:
        reasons = []
        if state in ("partial", "contested"):
            told = [(h, h.reasons or (("sources disagree",) if h.contested else ())) for h in helps]
            reasons += [f"{h.name}: {', '.join(why)}" for h, why in told if why]
        if state == "at risk":
            reasons += [
                f"{h.name}: its money ends on {h.money.ends.isoformat()}"
                for h in helps
                if h.money.ends
            ]
        reasons += [f"a source states a gap ({g['kind']}): {g['name']}" for g in gaps]
        if not helps:
            reasons += [o.reason for o in others]
        return list(dict.fromkeys(reasons))


def in_part(one: Help) -> bool:
    """Whether help counts for an area although the service works in a part of it only."""
    return is_in_part(one.reasons)


def gap_cells(gap: Row, homes: Mapping[str, str]) -> list[Cell]:
    """The cells that a gap names. One without a need names one cell a group, need unspecified."""
    areas = gap["areas"] or [homes[gap["partnership"]]]
    needs = gap["needs"] or [UNSPECIFIED]
    return [(g, n, a) for g in gap["terms"] for n in needs for a in areas]


def _state(helps: list[Help], effects: Iterable[str | None], day: datetime.date) -> State:
    if not helps:
        if "uncovered" in effects:
            return "stated uncovered"
        return "insufficient" if "insufficient" in effects else "not recorded"
    if all(h.contested for h in helps):
        return "contested"
    if "uncovered" in effects and not all(h.outside for h in helps):
        return "contested"
    full = [h for h in helps if not h.reasons and not h.contested]
    if not full:
        return "partial"
    if "insufficient" in effects:
        return "insufficient"
    horizon = add_months(day, HORIZON)
    if all(h.money.ends is not None and h.money.ends <= horizon for h in full):
        return "at risk"
    return "covered"
