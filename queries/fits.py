"""Whom services take: how each service stands to one circumstance of a person and to one need.

A person who is of a group is of the wider groups that take it in, and what is recorded of a
narrower group goes before what is recorded of a wider one. What counts as help is said in
queries/recorded.py.
"""

import datetime
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import networkx as nx

from queries.recorded import UNSPECIFIED, Facts, Help, recorded
from queries.rows import Row

BEHAVIOUR = "shared/need/behaviour"
PERPETRATORS = "shared/client-group/perpetrators"


def tree(terms: Mapping[str, Iterable[str]]) -> "nx.DiGraph[str]":
    """Terms as a graph, each leading to the wider ones that it falls under."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(terms)
    graph.add_edges_from((term, wide) for term, wider in terms.items() for wide in wider)
    return graph


def widening(terms: Mapping[str, Row]) -> dict[str, frozenset[str]]:
    """Each term with itself and the wider ones that take it in.

    A term that excludes another takes in neither that one nor what falls under it.
    """
    found = {}
    for term in terms:
        above = _above(term, terms, frozenset())
        barred = {w for w in above if not above.isdisjoint(terms[w].get("excluded", ()))}
        found[term] = frozenset(_above(term, terms, barred) if barred else above)
    return found


def _above(term: str, terms: Mapping[str, Row], barred: AbstractSet[str]) -> set[str]:
    """A term with all that are reached from it upwards, never through one that is barred."""
    found, waiting = {term}, [term]
    while waiting:
        more = {w for w in terms[waiting.pop()]["broader"] if w not in found and w not in barred}
        found |= more
        waiting += more
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """How a service stands to one circumstance and need of a person.

    `helps` are those for the narrowest recorded groups that the person is of; `refusals` are the
    records by which it does not take the person, `doubts` those by which it serves them less well.
    """

    helps: tuple[Help, ...]
    refusals: tuple[Row, ...]
    doubts: tuple[Row, ...]

    @property
    def takes(self) -> bool:
        """Whether the person is recorded to be helped, and not to be turned away."""
        return bool(self.helps) and not self.refusals

    @property
    def strongest(self) -> Help:
        """The help that is made most closely for the person."""
        return min(self.helps, key=lambda h: (h.rank, h.cell))

    @property
    def proofs(self) -> list[Row]:
        """The records that this rests on."""
        found = [p for h in self.helps for p in h.proofs]
        found += [a["proof"] for h in self.helps for a in h.money.awards]
        return found + [r["proof"] for r in (*self.refusals, *self.doubts)]


class Fits:
    """Whom the services of some partnerships take on a day, each in its partnership's own area."""

    def __init__(self, facts: Facts, day: datetime.date) -> None:
        self.facts = facts
        self.groups = widening(facts.groups)
        self.needs = widening(facts.needs)
        self._helps: dict[str, dict[str, dict[str, list[Help]]]] = {}
        for one in recorded(facts, day)[0]:
            group, need, area = one.cell
            if area == facts.homes[facts.services[one.service]["partnership"]]:
                by_need = self._helps.setdefault(one.service, {})
                by_need.setdefault(need, {}).setdefault(group, []).append(one)
        self._limits: dict[str, list[Row]] = {}
        self._only: dict[str, set[str]] = {}
        for reach in facts.reaches:
            self._only.setdefault(reach["service"], set()).update(reach["only_needs"])
            if reach["strength"] in ("excluded", "under-served"):
                self._limits.setdefault(reach["service"], []).append(reach)

    def needs_met(self, service: str) -> AbstractSet[str]:
        """The needs that a service helps anybody with: its own, and the wider ones."""
        return self._helps.get(service, {}).keys()

    def own_needs(self, service: str) -> list[str]:
        """The needs that a service is recorded to help with, without the wider ones above them."""
        own = {UNSPECIFIED, *self.facts.services[service]["needs"]}
        return sorted((own | self._only.get(service, set())) & self.needs_met(service))

    def named(self, service: str) -> set[str]:
        """The groups that help of a service is recorded for by name."""
        return {group for at in self._helps.get(service, {}).values() for group in at}

    def terms(self, group: str) -> frozenset[str]:
        """A group and the wider ones that take it in. Who abuses is never taken for a victim."""
        wider = self.groups[group]
        if PERPETRATORS not in wider:
            return wider
        return frozenset(
            t for t in wider if PERPETRATORS in self.groups[t] or t in self.groups[PERPETRATORS]
        )

    def fit(self, service: str, group: str, need: str) -> Fit:
        """How a service stands to a group and a need."""
        at = self._helps.get(service, {}).get(need, {})
        terms = self.terms(group)
        reached = terms & at.keys()
        refusals: list[Row] = []
        doubts: list[Row] = []
        for reach in self._limits.get(service, ()):
            if reach["term"] not in terms or not self._is_about(reach, need):
                continue
            if self._is_narrowed(reach["term"], reached):
                continue
            # Of two records on the very same group, the one that takes it tells whether it is
            # taken, and the other tells of a limit.
            refused = reach["strength"] == "excluded" and reach["term"] not in reached
            (refusals if refused else doubts).append(reach)
        nearest = [t for t in sorted(reached) if not self._is_narrowed(t, reached)]
        helps = tuple(h for t in nearest for h in at[t])
        return Fit(helps, tuple(refusals), tuple(doubts))

    def refuses(self, service: str, group: str) -> bool:
        """Whether a service is recorded not to take a group, whatever the need."""
        return bool(self.fit(service, group, UNSPECIFIED).refusals) and not any(
            self.fit(service, group, need).takes for need in self.needs_met(service)
        )

    def limits(self, fit: Fit) -> list[str]:
        """What limits the help, in words; none of its reasons where one help is whole."""
        is_whole = any(not h.reasons for h in fit.helps)
        told = [] if is_whole else [reason for h in fit.helps for reason in h.reasons]
        told += [self._told(reach) for reach in (*fit.refusals, *fit.doubts)]
        return list(dict.fromkeys(told))

    def _told(self, reach: Row) -> str:
        verb = "does not take" if reach["strength"] == "excluded" else "under-serves"
        condition = f": {reach['condition']}" if reach["condition"] else ""
        return f"{verb} {self.facts.name_of_group(reach['term'])}{condition}"

    def _is_about(self, reach: Row, need: str) -> bool:
        """Whether a record is about a need: about any, about this one or about a wider one."""
        only = set(reach["only_needs"])
        return not only or bool(only & self.needs.get(need, frozenset()))

    def _is_narrowed(self, term: str, others: Iterable[str]) -> bool:
        return any(term in self.groups[other] for other in others if other != term)
