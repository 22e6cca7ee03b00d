"""Ways to help: which working routes lead whom to what, and what a household can use.

A way is a chain of working routes from a first door to a service that is recorded help. What counts
as help and as a working route is said in queries/recorded.py, whom a service takes in
queries/fits.py; here is said only how routes join.
"""

import datetime
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from queries.asked import MOST_FOUND, Answerer, Asked, refuse_too_many
from queries.fits import BEHAVIOUR, PERPETRATORS, Fit, Fits, tree, widening
from queries.money import money_left
from queries.recorded import UNSPECIFIED, WORKING, Facts, fallen, recorded
from queries.rows import Row

MOST_STEPS = 6
"""A longer chain of routes is no way that anybody could be told to take."""
SELF = "self"
"""Stands for the first door where people come to the helping service by themselves."""
BY_THEMSELVES = "by themselves"
BY_SELF = ("self-referral", "either")
"""The kinds of access in which people can come by themselves."""
PROGRAMME = "shared/service-type/perpetrator-programme"


# ---------------------------------------------------------------- what is left


def gone(asked: Asked, facts: Facts) -> frozenset[str]:
    """What is imagined lost, with the services and posts that fall with it.

    As in queries/recorded.py, a post falls with its agency and with its own sole money.
    """
    agencies: dict[str, set[str]] = {}
    for row in asked.facts["map_posts"]:
        agencies.setdefault(row["post"], set()).add(row["agency"])
    posts = {post for post, whose in agencies.items() if whose <= facts.lost}
    posts |= {
        subject
        for subject, awards in facts.awards.items()
        if money_left(awards, asked.day, facts.lost).section == "imagined lost"
    }
    return facts.lost | fallen(facts, asked.day, facts.lost) | posts


def works(step: Row, without: Collection[str]) -> bool:
    """Whether a route works, with neither it nor one of its ends gone."""
    ends = (step["route"], step["origin"], step["target"])
    return step["status"] in WORKING and not any(end in without for end in ends)


def anyone(facts: Facts) -> Facts:
    """Facts in which every service reaches one unnamed group: help to whomever it is for."""
    reaches = [
        {
            "service": service,
            "term": None,
            "strength": "open to all",
            "condition": None,
            "only_needs": [],
            "only_areas": [],
            "proof": row["proof"],
        }
        for service, row in facts.services.items()
    ]
    return replace(facts, reaches=reaches)


def counting(facts: Facts, day: datetime.date) -> frozenset[str]:
    """The services that are help on a day to whomever they reach."""
    return frozenset(h.service for h in recorded(anyone(facts), day)[0])


def bare(facts: Facts) -> Facts:
    """Facts of services alone, without what is recorded of their money, routes and providers."""
    return replace(facts, awards={}, provisions={}, dependences={}, referrals={})


def running(facts: Facts, day: datetime.date) -> frozenset[str]:
    """The services that run on a day, whatever is recorded of their money and routes."""
    return counting(bare(facts), day)


# ---------------------------------------------------------------- steps


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way: who sends to whom, how, under which conditions, and how we know."""

    origin_name: str
    target: str
    target_name: str
    mode: str | None
    holds_if: tuple[str, ...]
    proofs: tuple[Row, ...]

    def __str__(self) -> str:
        told = [f"{self.origin_name} → {self.target_name}"]
        told += [f"how: {self.mode}"] if self.mode else []
        return ", ".join((*told, *(f"if: {condition}" for condition in self.holds_if)))

    @property
    def conditions(self) -> list[str]:
        """What must hold for the step."""
        return [f"{self.target_name}: {condition}" for condition in self.holds_if]


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes to a service: the first door (None: none is recorded) and all steps."""

    door: str | None
    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        if not self.steps:
            return "no way in is recorded"
        return " → ".join((self.steps[0].origin_name, *(s.target_name for s in self.steps)))


def chains(
    graph: "nx.MultiDiGraph[str]", door: str, ends: Collection[str]
) -> Iterator[tuple[str, ...]]:
    """Every chain of things from a door to an end that could not do with fewer of its things.

    Such a chain has no short cut: nothing in it leads to anything further on but the next. So a
    chain is given up as soon as it has one, and few of all chains are ever looked at.
    """
    waiting: list[tuple[tuple[str, ...], frozenset[str]]] = [((door,), frozenset({door}))]
    while waiting:
        chain, barred = waiting.pop()
        onward = set(graph.successors(chain[-1])) - barred
        for thing in onward:
            longer = (*chain, thing)
            if thing in ends:
                yield longer
            if len(longer) <= MOST_STEPS:
                waiting.append((longer, barred | onward))


class Network:
    """The working routes of some partnerships on a day, to be followed for a person and a need."""

    def __init__(self, asked: Asked, fits: Fits) -> None:
        self.fits = fits
        self.facts = fits.facts
        without = gone(asked, self.facts)
        self._working: dict[str, list[Row]] = {}
        for row in asked.facts["steps"]:
            if works(row, without):
                self._working.setdefault(row["partnership"], []).append(row)
        self._led_to = {row["target"] for row in asked.facts["steps"]}
        self._running = running(self.facts, asked.day)
        self._agencies = {
            row["agency"]: row for row in asked.facts["agencies"] if row["agency"] not in without
        }
        wholes = {agency: row["part_of"] for agency, row in self._agencies.items()}
        self._wholes = tree(wholes)

    def usable(self, partnership: str, terms: Collection[str], needs: Collection[str]) -> list[Row]:
        """The working routes that are for people of some groups, and for one of some needs.

        No needs: whatever the need.
        """
        wanted = {w for need in needs for w in self.fits.needs[need]}
        wanted |= {n for n, wider in self.fits.needs.items() if wider & set(needs)}
        return [
            row
            for row in self._working.get(partnership, ())
            if (not row["for_groups"] or set(row["for_groups"]) & set(terms))
            and (not row["for_needs"] or not needs or set(row["for_needs"]) & wanted)
            and (not self._is_own(row) or row["origin"] in terms)
        ]

    def by_self(self, service: str, usable: Iterable[Row]) -> list[Step]:
        """The steps by which people come to a service with nobody named who sends them.

        A route that begins with a client group is one even where the source does not say outright
        that people can take it by themselves: then the step is told as one of the group.
        """
        own = [r for r in usable if r["target"] == service and self._is_own(r)]
        own = [r for r in own if r["self_referral"] is not False]
        row = self.facts.services[service]
        if own or row["access"] not in BY_SELF:
            return [
                replace(_step(r), origin_name=BY_THEMSELVES) if r["self_referral"] else _step(r)
                for r in own
            ]
        return [Step(BY_THEMSELVES, service, row["name"], None, (), (row["proof"],))]

    def senders(self, service: str, usable: Iterable[Row]) -> list[Row]:
        """The routes by which others send people to a service."""
        return [r for r in usable if r["target"] == service and not self._is_own(r)]

    def ways(
        self,
        usable: Sequence[Row],
        group: str,
        ends: Collection[str],
        start: Collection[str],
    ) -> dict[str, list[Way]]:
        """The ways of a person of a group to each of some services, from anywhere or a start."""
        graph = self._joined(usable, group)
        leading = set(ends).union(*(nx.ancestors(graph, end) for end in ends if end in graph))
        graph = graph.subgraph(leading)
        found: dict[str, list[Way]] = {end: [] for end in ends}
        if not start:
            for end in ends:
                found[end] += [Way(SELF, (step,)) for step in self.by_self(end, usable)]
        told = sum(map(len, found.values()))
        doors = start or {r["origin"] for r in usable if not self._is_own(r)}
        for door in sorted(graph.nodes & set(doors)):
            arrivals = [()] if start else self._arrivals(door, usable)
            for chain in chains(graph, door, ends) if arrivals else ():
                steps = [graph[a][b].values() for a, b in itertools.pairwise(chain)]
                for arrival, *taken in itertools.product(arrivals, *steps):
                    if told >= MOST_FOUND:
                        refuse_too_many("ways", "Choose a group, a need and where to begin.")
                    told += 1
                    onward = (edge["step"] for edge in taken)
                    found[chain[-1]].append(Way(door, (*arrival, *onward)))
        return found

    def _is_own(self, row: Row) -> bool:
        """Whether a route begins with the people themselves."""
        return row["origin"] in self.facts.groups

    def _joined(self, usable: Iterable[Row], group: str) -> "nx.MultiDiGraph[str]":
        """Who sends a person on to whom: not a service that does not run or does not take them.

        A route from an agency is one from each of its parts too.
        """
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for row in usable:
            origin = row["origin"]
            is_service = origin in self.facts.services
            if self._is_own(row) or (
                is_service and (origin not in self._running or self.fits.refuses(origin, group))
            ):
                continue
            graph.add_edge(origin, row["target"], step=_step(row))
            if origin in self._wholes:
                for part in sorted(nx.ancestors(self._wholes, origin) - {row["target"]}):
                    agency = self._agencies[part]
                    step = replace(
                        _step(row),
                        origin_name=agency["name"],
                        proofs=(row["proof"], agency["proof"]),
                    )
                    graph.add_edge(part, row["target"], step=step)
        return graph

    def _arrivals(self, door: str, usable: Sequence[Row]) -> list[tuple[Step, ...]]:
        """The steps by which people come to a first door; none where it is no first door.

        Whoever is at an agency, a body or a post is there already. Where nothing at all is recorded
        of how people come to a service, the way begins at it.
        """
        if door not in self.facts.services:
            return [()]
        row = self.facts.services[door]
        own: list[tuple[Step, ...]] = [(step,) for step in self.by_self(door, usable)]
        if own or row["access"] is not None or door in self._led_to:
            return own
        return [(Step("how is not recorded", door, row["name"], None, (), (row["proof"],)),)]


def _step(row: Row) -> Step:
    risks = [f"risk {' or '.join(row['risk_levels'])}"] if row["risk_levels"] else []
    return Step(
        origin_name=row["origin_name"],
        target=row["target"],
        target_name=row["target_name"],
        mode=row["mode"],
        holds_if=(*([row["condition"]] if row["condition"] else []), *risks),
        proofs=(row["proof"],),
    )


# ---------------------------------------------------------------- the answers


def ways(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.ways`: how somebody of a group comes to help with a need.

    Without a group or need chosen: every group that help is recorded for by name, every need that
    is helped with.
    """
    fits = Fits(asked.recorded, asked.day)
    network = Network(asked, fits)
    chosen = asked.given.chosen
    rows = []
    for slug in sorted(fits.facts.homes):
        services = [r["service"] for r in asked.rows if r["partnership"] == slug]
        groups = chosen["group"] or sorted(set().union(*map(fits.named, services)))
        met: set[str] = set().union(*map(fits.needs_met, services))
        needs = chosen["need"] or sorted(met - {UNSPECIFIED})
        for group, need in itertools.product(groups, needs):
            at = {s: fits.fit(s, group, need) for s in services}
            ends = {s: fit for s, fit in at.items() if fit.takes}
            usable = network.usable(slug, fits.terms(group), [need])
            found = network.ways(usable, group, ends, chosen["start"]) if ends else {}
            for service, taken in found.items():
                nothing = [] if chosen["start"] else [Way(None)]
                rows += [
                    _way(fits, slug, (group, need), ends[service], way) for way in taken or nothing
                ]
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            r["group_name"],
            r["need_name"],
            r["name"],
            r["service"],
            len(r["steps"]),
            r["way"],
            r["conditions"],
        ),
    )


def _way(fits: Fits, slug: str, of: tuple[str, str], fit: Fit, way: Way) -> dict[str, Any]:
    group, need = of
    return {
        "partnership": slug,
        "group": group,
        "group_name": fits.facts.name_of_group(group),
        "need": need,
        "need_name": fits.facts.name_of_need(need),
        "service": fit.strongest.service,
        "name": fit.strongest.name,
        "first_door": way.door,
        "way": str(way),
        # In this order: what is a list is put into the order of the alphabet when it is told.
        "steps": tuple(str(step) for step in way.steps),
        "conditions": tuple(c for step in way.steps for c in step.conditions),
        "limits": tuple(fits.limits(fit)),
        "evidence": [*fit.proofs, *(p for step in way.steps for p in step.proofs)],
    }


SECTIONS = ("fits", "fits, with limits", "not said for every circumstance", "does not take them")
"""How a service stands to all circumstances at once, best first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service is to all circumstances of a household at once, for one need."""

    section: str
    fits: tuple[str, ...]
    not_said: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Less is better."""
        return SECTIONS.index(self.section), len(self.not_said), len(self.limits)


def profile(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.profile`: what a household of several circumstances can use.

    All circumstances must fit for one and the same need; where a service meets several needs, it is
    told how it stands for those that it is best for.
    """
    fits = Fits(asked.recorded, asked.day)
    network = Network(asked, fits)
    chosen = asked.given.chosen
    types = widening({r["term"]: r for r in asked.facts["service_types"]})
    of_abusers = any(PERPETRATORS in fits.groups[group] for group in chosen["group"])
    rows = []
    for service in (r["service"] for r in asked.rows if chosen["group"]):
        row = fits.facts.services[service]
        if is_programme(row, fits.needs, types) and not of_abusers:
            continue
        at = {
            need: {group: fits.fit(service, group, need) for group in chosen["group"]}
            for need in fits.own_needs(service)
            if not chosen["need"] or fits.needs.get(need, frozenset()) & set(chosen["need"])
        }
        told = {
            need: _outcome(fits, by_group)
            for need, by_group in at.items()
            if any(fit.takes for fit in by_group.values())
        }
        if told:
            best = min(told.values(), key=lambda outcome: outcome.rank)
            needs = [need for need, outcome in told.items() if outcome == best]
            rows.append(_used(fits, network, row, best, {n: at[n] for n in needs}))
    return sorted(
        rows,
        key=lambda r: (r["partnership"], SECTIONS.index(r["section"]), r["name"], r["service"]),
    )


def is_programme(
    service: Row, needs: Mapping[str, frozenset[str]], types: Mapping[str, frozenset[str]]
) -> bool:
    """Whether a service is a programme for those who abuse, by its type or by its needs alone.

    `needs` and `types` are terms, each with itself and the wider ones.
    """
    own = service["needs"]
    return any(PROGRAMME in types[t] for t in service["types"]) or (
        bool(own) and all(BEHAVIOUR in needs[need] for need in own)
    )


def _outcome(fits: Fits, at: Mapping[str, Fit]) -> Outcome:
    told, unsaid, limits = [], [], []
    for group, fit in at.items():
        name = fits.facts.name_of_group(group)
        limits += fits.limits(fit)
        if fit.takes:
            best = fit.strongest
            wider = "" if best.cell[0] == group else fits.facts.name_of_group(best.cell[0])
            told.append(f"{name}: {best.strength}" + (f" ({wider})" if wider else ""))
        elif not fit.refusals:
            unsaid.append(name)
    if any(fit.refusals for fit in at.values()):
        section = "does not take them"
    elif unsaid:
        section = "not said for every circumstance"
    else:
        section = "fits, with limits" if limits else "fits"
    return Outcome(section, tuple(told), tuple(unsaid), tuple(dict.fromkeys(limits)))


def _used(
    fits: Fits,
    network: Network,
    service: Row,
    outcome: Outcome,
    at: Mapping[str, Mapping[str, Fit]],
) -> dict[str, Any]:
    groups = next(iter(at.values()))
    terms = {term for group in groups for term in fits.terms(group)}
    needs = [need for need in at if need != UNSPECIFIED]
    usable = network.usable(service["partnership"], terms, needs)
    own = network.by_self(service["service"], usable)
    senders = network.senders(service["service"], usable)
    return {
        "partnership": service["partnership"],
        "service": service["service"],
        "name": service["name"],
        "section": outcome.section,
        "needs": sorted(fits.facts.name_of_need(need) for need in needs),
        "fits": outcome.fits,
        "not_said": outcome.not_said,
        "limits": outcome.limits,
        "way_in": _way_in(service["access"], own, senders),
        "evidence": [
            service["proof"],
            *(p for by_group in at.values() for fit in by_group.values() for p in fit.proofs),
            *(p for step in own for p in step.proofs),
            *(row["proof"] for row in senders),
        ],
    }


def _way_in(access: str | None, own: Iterable[Step], senders: Iterable[Row]) -> str:
    names = ", ".join(sorted({row["origin_name"] for row in senders}))
    told = {step.origin_name for step in own}
    if BY_THEMSELVES in told:
        return "people can come by themselves" + (f", or be sent by {names}" if names else "")
    if access is not None:
        return f"people must be referred, by {names or 'whom is not recorded'}"
    if names:
        return f"people are sent by {names}"
    return "a route is recorded, and not who sends people" if told else "not recorded"


ANSWERS: Mapping[str, Answerer] = {"ways": ways, "profile": profile}
