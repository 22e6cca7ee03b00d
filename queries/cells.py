"""Coverage of a cell (client group, need, area) on a day, in words that must never be confused.

The states are those of the README's table 'What the words mean'. A cell is judged by what is
recorded for exactly its group: help for a wider group is named as perhaps serving it, and does not
count. A stated gap bears on coverage only if its kind says so (`fp:coverageEffect` in codes.ttl).
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rdflib import SKOS

from graph.dates import add_months
from graph.derived import chain
from ontology.namespaces import FP
from ontology.schema import ontology
from queries.money import HORIZON
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, NoHelp, Row, recorded

State = Literal[
    "covered",
    "partial",
    "insufficient",
    "at risk",
    "stated uncovered",
    "not recorded",
    "contested",
]


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
        the group itself with no named need.
        """
        group, need, area = cell
        own = self._helping(cell) if need == UNSPECIFIED else []
        return own + [
            one
            for wider in self._wider_groups(group)
            for (g, n, a), helps in self.helps.items()
            if g == wider and a == area and need in (n, UNSPECIFIED)
            for one in helps
            if one.strength == "open to all"
        ]

    def naming(self, group: str) -> list[Row]:
        """The records that connect a group with a service that does not count."""
        found = [o for cell, others in self.others.items() if cell[0] == group for o in others]
        return [proof for other in found for proof in other.proofs]

    def has_help(self, group: str, partnership_area: str) -> bool:
        """Whether anything at all is recorded for a group, for any need."""
        return any(g == group and a == partnership_area for g, _, a in self.helps)

    def _helping(self, cell: Cell) -> list[Help]:
        group, need, area = cell
        found = list(self.helps.get(cell, ()))
        for wider in chain(area, self.facts.within)[1:]:
            found += [
                h
                for h in self.helps.get((group, need, wider), ())
                if not any(r.startswith("only in ") for r in h.reasons)
                and h.service not in {f.service for f in found}
            ]
        return sorted(found, key=lambda h: (h.rank, h.name))

    def _stated(self, cell: Cell) -> list[Row]:
        """The gaps that name a cell: those of its area and of the areas that take it in."""
        group, need, area = cell
        return [
            gap
            for wider in chain(area, self.facts.within)
            for gap in self.gaps.get((group, need, wider), ())
        ]

    def _wider_groups(self, group: str) -> list[str]:
        found: list[str] = []
        waiting = list(self.facts.groups[group]["broader"])
        while waiting:
            current = waiting.pop()
            excluded = group in self.facts.groups[current]["excluded"]
            if current not in found and not excluded:
                found.append(current)
                waiting += self.facts.groups[current]["broader"]
        return found

    def _reasons(
        self, state: State, helps: list[Help], gaps: list[Row], others: list[NoHelp]
    ) -> list[str]:
        reasons = []
        if state in ("partial", "contested"):
            reasons += [f"{h.name}: {', '.join(h.reasons)}" for h in helps if h.reasons]
        if state == "at risk":
            reasons += [
                f"{h.name}: its money ends on {h.money.ends.isoformat()}"
                for h in helps
                if h.money.ends
            ]
        reasons += [f"a source says: {g['name']}" for g in gaps]
        if not helps:
            reasons += [o.reason for o in others]
        return list(dict.fromkeys(reasons))


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
    full = [h for h in helps if not h.reasons]
    if not full:
        return "partial"
    if "insufficient" in effects:
        return "insufficient"
    horizon = add_months(day, HORIZON)
    if all(h.money.ends is not None and h.money.ends <= horizon for h in full):
        return "at risk"
    return "covered"
