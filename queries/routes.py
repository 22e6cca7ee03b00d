"""The answers about pathways: where the ways to help break off, lead round, or were never made.

Which ways there are is said in queries/ways.py, with the algorithms that follow them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx

from graph.derived import whereabouts
from queries import ways
from queries.asked import MOST_FOUND, Answerer, Asked, refuse_too_many
from queries.fits import tree, widening
from queries.rows import Row, rows_by
from queries.ways import BY_SELF, MOST_STEPS, counting, gone, running, works

SETTLED_HOME = "shared/need/settled-home"
SAFE_ACCOMMODATION = "shared/service-type/safe-accommodation"
SANCTUARY = "shared/service-type/sanctuary"
"""Safe accommodation in law (SI 2021/991), in people's own homes: nobody has to move on from it."""
TEMPORARY_ACCOMMODATION = "shared/service-type/temporary-accommodation"
BLOCKAGE = "blockage"
"""The kind of gap that blocks the way through a service."""
NO_HELP_NOW = ("closed to referrals", "full", "waiting list")
"""What the availability of a service can say that makes it no help now, worst first."""
_BARRED = ("no route works", "not said whether a route works", "no route recorded")
_DEAD_ENDS = ("does not run", "money ended", *NO_HELP_NOW)
_MOVE_ON = ("a source says so", "no way on recorded")
_SILENT = (
    "its routes do not work",
    "not said whether its routes work",
    "no route from it on record",
)


def unreachable(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.unreachable`: running services that nobody can reach on record.

    A service whose ways in are imagined lost is one of them. One that falls for another reason is
    not asked about.
    """
    facts = asked.recorded
    without = gone(asked, facts)
    down = gone(asked, replace(facts, referrals={}))
    runs = running(facts, asked.day)
    leading = rows_by(asked.facts["steps"], "target")
    rows = []
    for service in (r["service"] for r in asked.rows):
        row, steps = facts.services[service], leading.get(service, [])
        if service not in runs or service in down:
            continue
        can_come = row["access"] in BY_SELF or any(works(step, without) for step in steps)
        if can_come or (not steps and row["access"] is None):
            continue
        is_open = any(step["status"] == "not stated" for step in steps)
        rows.append(
            {
                "partnership": row["partnership"],
                "service": service,
                "name": row["name"],
                "section": _BARRED[2] if not steps else _BARRED[1] if is_open else _BARRED[0],
                "access": row["access"],
                "routes": [f"{s['origin_name']}: {s['status']}" for s in steps],
                "evidence": [row["proof"], *(s["proof"] for s in steps)],
            }
        )
    return _sorted(rows, _BARRED)


def dead_ends(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.dead_ends`: working routes to a service that is no help now."""
    facts = asked.recorded
    without = gone(asked, facts)
    runs, counts = running(facts, asked.day), counting(facts, asked.day)
    leading = rows_by(asked.facts["steps"], "target")
    rows = []
    for service in (facts.services[r["service"]] for r in asked.rows):
        state = _no_help(service, runs, counts)
        money = facts.awards.get(service["service"], ()) if state == "money ended" else ()
        rows += [
            {
                "partnership": service["partnership"],
                "route": step["route"],
                "start_name": step["origin_name"],
                "service": service["service"],
                "name": service["name"],
                "section": state,
                "wait": service["wait"],
                "condition": step["condition"],
                "evidence": [step["proof"], service["proof"], *(a["proof"] for a in money)],
            }
            for step in leading.get(service["service"], ())
            if state is not None and works(step, without)
        ]
    return _sorted(rows, _DEAD_ENDS)


def _no_help(service: Row, runs: Collection[str], counts: Collection[str]) -> str | None:
    """Why a service is no help now to those whom a working route brings, or None if it is."""
    if service["service"] not in runs:
        return "does not run"
    if service["service"] not in counts:
        # It runs, and a way in works: only its money can be in the way.
        return "money ended"
    return next((a for a in NO_HELP_NOW if a in (service["availability"] or ())), None)


def circles(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.circles`: working routes that lead back to where they began."""
    without = gone(asked, asked.recorded)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for step in asked.rows:
        if works(step, without):
            graph.add_edge(step["origin"], step["target"], step=step)
    rows = []
    # Several routes between the same two things make one circle.
    cycles = nx.simple_cycles(nx.DiGraph(graph), length_bound=MOST_STEPS)
    for number, found in enumerate(cycles):
        if number >= MOST_FOUND:
            refuse_too_many("circles", "Ask about one partnership.")
        first = found.index(min(found))
        things = (*found[first:], *found[:first])
        legs = [graph[a][b] for a, b in zip(things, (*things[1:], things[0]), strict=True)]
        steps = [edge["step"] for leg in legs for edge in leg.values()]
        names = {step["origin"]: step["origin_name"] for step in steps}
        rows.append(
            {
                "partnership": steps[0]["partnership"],
                # In this order: what is a list is told in the order of the alphabet.
                "things": things,
                "name": " → ".join(names[thing] for thing in (*things, things[0])),
                "evidence": [step["proof"] for step in steps],
            }
        )
    return sorted(rows, key=lambda r: (r["partnership"], len(r["things"]), r["things"]))


def blocked_move_on(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.blocked_move_on`: places that people cannot leave for a home.

    A blockage of which the source names no service is one of all of them.
    """
    facts = asked.recorded
    without = gone(asked, facts)
    types = widening({r["term"]: r for r in asked.facts["service_types"]})
    homes = {n for n, wider in widening(facts.needs).items() if SETTLED_HOME in wider}
    runs = running(facts, asked.day) - without
    leading_on = {
        step["origin"]
        for step in asked.facts["steps"]
        if works(step, without)
        and step["target"] in runs
        and homes & set(facts.services[step["target"]]["needs"])
    }
    rows = []
    for service in runs:
        row = facts.services[service]
        wider = frozenset().union(*(types[t] for t in row["types"]))
        if not wider & {SAFE_ACCOMMODATION, TEMPORARY_ACCOMMODATION} or SANCTUARY in wider:
            continue
        gaps = [g for g in asked.rows if homes & set(g["needs"]) and _is_about(g, row)]
        if gaps or service not in leading_on:
            rows.append(
                {
                    "partnership": row["partnership"],
                    "service": service,
                    "name": row["name"],
                    "section": _MOVE_ON[0] if gaps else _MOVE_ON[1],
                    "gaps": sorted(g["name"] for g in gaps),
                    "evidence": [row["proof"], *(g["proof"] for g in gaps)],
                }
            )
    return _sorted(rows, _MOVE_ON)


def _is_about(gap: Row, service: Row) -> bool:
    if service["service"] in gap["services"]:
        return True
    is_general = gap["kind"] == BLOCKAGE and not gap["services"]
    return is_general and gap["partnership"] == service["partnership"]


def silent_referrers(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `pathways.silent_referrers`: agencies from which nobody is sent on, on record.

    What an agency's parts, posts and services do counts as done by it; and a route from an agency
    is one from each of its parts too. A part is told of only where its whole is not.
    """
    facts = asked.recorded
    without = gone(asked, facts)
    wholes = tree({a["agency"]: a["part_of"] for a in asked.facts["agencies"]})
    leaving = rows_by(asked.facts["steps"], "origin")
    belonging: dict[str, set[str]] = {}
    for post in asked.facts["map_posts"]:
        belonging.setdefault(post["agency"], set()).add(post["post"])
    for provisions in facts.provisions.values():
        for provision in provisions:
            belonging.setdefault(provision["agency"], set()).add(provision["service"])
    rows = []
    for agency in asked.rows:
        place = whereabouts(facts.homes[agency["partnership"]], agency["areas"], facts.within)
        if place == "outside":
            continue
        own = {agency["agency"]} | nx.ancestors(wholes, agency["agency"])
        own |= {thing for one in own for thing in belonging.get(one, ())}
        own |= nx.descendants(wholes, agency["agency"])
        steps = [step for thing in sorted(own) for step in leaving.get(thing, ())]
        if any(works(step, without) for step in steps):
            continue
        rows.append(
            {
                "partnership": agency["partnership"],
                "agency": agency["agency"],
                "name": agency["name"],
                "section": _silence(steps),
                "sector": agency["sector"],
                "routes": [f"{s['target_name']}: {s['status']}" for s in steps],
                "evidence": [agency["proof"], *(s["proof"] for s in steps)],
            }
        )
    silent = {row["agency"] for row in rows}
    told = [row for row in rows if not nx.descendants(wholes, row["agency"]) & silent]
    return _sorted(told, _SILENT)


def _silence(steps: Sequence[Row]) -> str:
    """What is known of the routes of an agency none of whose routes is said to work."""
    if not steps:
        return _SILENT[2]
    return _SILENT[1] if any(step["status"] == "not stated" for step in steps) else _SILENT[0]


def _sorted(rows: Iterable[dict[str, Any]], sections: Sequence[str]) -> list[dict[str, Any]]:
    """Rows by partnership, then by section in the order given, then by name."""
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            sections.index(r["section"]),
            r["name"],
            r.get("route", ""),
            r.get("service") or r["agency"],
        ),
    )


ANSWERS: Mapping[str, Answerer] = {
    "unreachable": unreachable,
    "dead_ends": dead_ends,
    "circles": circles,
    "blocked_move_on": blocked_move_on,
    "silent_referrers": silent_referrers,
    **ways.ANSWERS,
}
