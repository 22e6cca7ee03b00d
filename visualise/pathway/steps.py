"""The steps of ways to help: routes on record, those that would be, and how people arrive.

Read from the routes on record and the answers about pathways; nothing is judged here. Only what a
source says works is firm.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graph.stores.protocol import Store
from queries.ask import ask, evidence_rows, fact, find_question, source_titles
from queries.asked import Row
from queries.fits import widening
from queries.ways import BY_THEMSELVES

Line = Literal["firm", "to be reinforced", "drafted", "missing", "not stated"]
PEOPLE = "people"
"""The place of the people themselves."""
HOW_UNKNOWN = "how people come is not recorded"
NO_WAY = "no way in is recorded"
"""What stands for a status where there is no route to have one."""
_LINES: Mapping[str, Line] = {
    "working": "firm",
    "to be reinforced": "to be reinforced",
    "being drafted": "drafted",
    "proposed": "drafted",
    "missing": "missing",
}
FIRM = ("firm", "to be reinforced")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who sends to whom, whether that works, how, and on what condition.

    `status` is the source's word. `is_own` tells that it begins with the people themselves,
    `leads_back` that it leads to a stop further left, or on the same level.
    """

    number: int
    route: str
    start: str
    start_name: str
    end: str
    end_name: str
    line: Line
    status: str
    condition: str
    risks: tuple[str, ...]
    mode: str
    is_own: bool
    leads_back: bool
    evidence: tuple[Row, ...]


# ---------------------------------------------------------------- what is read


@dataclass(frozen=True, slots=True)
class Read:
    """What a pathway is made of: answers, and the routes on record."""

    group: str
    group_name: str
    need: str
    need_name: str
    ways: tuple[Row, ...]
    routes: tuple[Row, ...]
    terms: frozenset[str]
    wanted: frozenset[str]
    names: Mapping[str, str]
    services: Mapping[str, Row]
    reached: Mapping[str, frozenset[str]]
    ends: Mapping[str, str]
    silent: tuple[Row, ...]
    barred: tuple[Row, ...]
    titles: Mapping[str, str]

    @property
    def is_chosen(self) -> bool:
        """Whether a group or a need is chosen."""
        return bool(self.group or self.need)


def read_for(store: Store, slug: str, day: datetime.date, group: str, need: str) -> Read:
    """All that the ways of a group to help with a need are made of; empty ids for any."""
    asked: dict[str, Any] = {"slugs": [slug], "as_of": day}
    given = {k: [v] for k, v in (("group", group), ("need", need)) if v}
    ways = ask(store, find_question("pathways.ways"), given=given, **asked) if given else None
    chosen = ways.given.chosen if ways else {"group": (), "need": ()}
    group, need = ("".join(chosen[name][:1]) for name in ("group", "need"))
    groups = {r["term"]: r for r in fact(store, "groups")}
    needs = {r["term"]: r for r in fact(store, "needs")}
    wider = widening(needs)
    reaches: dict[str, set[str]] = {}
    for row in fact(store, "reaches", [slug]):
        reaches.setdefault(row["service"], set()).add(row["term"])
    dead = ask(store, find_question("pathways.dead_ends"), **asked).rows
    return Read(
        group=group,
        group_name=str(groups[group]["name"]) if group else "",
        need=need,
        need_name=str(needs[need]["name"]) if need else "",
        ways=ways.rows if ways else (),
        routes=tuple(fact(store, "steps", [slug])),
        terms=widening(groups)[group] if group else frozenset(groups),
        wanted=frozenset(n for n in wider if need in wider[n] or n in wider[need])
        if need
        else frozenset(needs),
        names={r["thing"]: str(r["name"]) for r in fact(store, "map_things", [slug])},
        services={r["service"]: r for r in fact(store, "services", [slug])},
        reached={service: frozenset(terms) for service, terms in reaches.items()},
        ends={row["service"]: row["section"] for row in dead},
        silent=ask(store, find_question("pathways.silent_referrers"), **asked).rows,
        barred=ask(store, find_question("pathways.unreachable"), **asked).rows,
        titles=source_titles(store),
    )


# ---------------------------------------------------------------- the steps


def steps_of(read: Read) -> list[Step]:
    """All routes; of a choice those on its ways, and those that do not work and would be."""
    if not read.is_chosen:
        return [_step(read, row) for row in read.routes]
    used = {e["record"] for way in read.ways for e in way["evidence"]}
    working = [row for row in read.routes if row["route"] in used]
    stops = {end for row in working for end in (row["origin"], row["target"])}
    stops |= {way["service"] for way in read.ways}
    others = [
        row
        for row in read.routes
        if _LINES.get(row["status"]) not in FIRM and _would_be(read, row, stops)
    ]
    return [*_arrivals(read, working), *(_step(read, row) for row in (*working, *others))]


def _would_be(read: Read, row: Row, stops: Collection[str]) -> bool:
    """Whether a route that is not said to work would be one of the chosen group and need."""
    is_for = not row["for_groups"] or bool(set(row["for_groups"]) & read.terms)
    is_for = is_for and (not row["for_needs"] or bool(set(row["for_needs"]) & read.wanted))
    if not is_for or (kind_of(row["origin"]) == PEOPLE and row["origin"] not in read.terms):
        return False
    target = row["target"]
    leads_on = row["origin"] in stops and bool(row["for_groups"] and read.group)
    helps = bool(read.reached.get(target, frozenset()) & read.terms) and bool(
        set(read.services.get(target, {}).get("needs", ())) & read.wanted
    )
    return target in stops or leads_on or helps


def _step(read: Read, row: Row) -> Step:
    is_own = kind_of(row["origin"]) == PEOPLE
    is_group = is_own and bool(read.group)
    return Step(
        number=0,
        route=row["route"],
        start=PEOPLE if is_group else row["origin"],
        start_name=read.group_name if is_group else str(row["origin_name"]),
        end=row["target"],
        end_name=str(row["target_name"]),
        line=_LINES.get(row["status"], "not stated"),
        status=row["status"],
        condition=row["condition"] or "",
        risks=tuple(row["risk_levels"] or ()),
        mode=row["mode"] or "",
        is_own=is_own,
        leads_back=False,
        evidence=tuple(evidence_rows(row["proof"], read.titles)),
    )


def _arrivals(read: Read, working: Iterable[Row]) -> list[Step]:
    """The steps without a route: by themselves, how is not recorded, or no way in at all."""
    routed = {row["target"] for row in working if kind_of(row["origin"]) == PEOPLE}
    found: dict[str, Step] = {}
    for way in read.ways:
        how = way["steps"][0].partition(" → ")[0] if way["steps"] else ""
        status = _ARRIVALS.get(how)
        door = way["first_door"] if way["first_door"] in read.services else way["service"]
        if status is not None and not (how == BY_THEMSELVES and door in routed):
            found[door] = _arrival(read, read.services[door], status)
    return [found[door] for door in sorted(found)]


_ARRIVALS = {BY_THEMSELVES: "working", "how is not recorded": HOW_UNKNOWN, "": NO_WAY}
"""How `pathways.ways` begins a way that no route begins, and what it says of it."""


def _arrival(read: Read, service: Row, status: str) -> Step:
    is_told = status == "working"
    return Step(
        number=0,
        route="",
        start=PEOPLE,
        start_name=read.group_name or "People",
        end=service["service"],
        end_name=str(service["name"]),
        line="firm" if is_told else "not stated",
        status=status,
        condition="",
        risks=(),
        mode=BY_THEMSELVES if is_told else "",
        is_own=True,
        leads_back=False,
        evidence=tuple(evidence_rows(service["proof"], read.titles)),
    )


def kind_of(thing: str) -> str:
    """What kind of thing an id is of; a client group is people."""
    kind = thing if thing == PEOPLE else thing.split("/")[1]
    return PEOPLE if kind == "client-group" else kind
