"""Recorded help: which service helps which group with which need where, and what makes it fall.

This is the one place that says when a service counts. A service counts on a day when it runs, its
money has not ended, and what it stands on (its provider, the posts it needs, its money, a way in)
is not all gone. What limits it (a condition, a full house, another area) makes the help partial and
is kept as a reason.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.derived import chain
from queries.money import PAID, Money, money, money_left
from queries.rows import Row, rows_by

Cell = tuple[str, str, str]
"""Client group, need, area: three ids."""

UNSPECIFIED = "unspecified"
"""Stands in a cell for the need where a source names none."""
STRENGTHS = {
    "led by and for": 1,
    "specialist": 2,
    "adapted": 3,
    "open to all": 4,
    "can be served": 5,
}
"""The strengths that are help, strongest first."""
RUNNING = ("operating", "needs reviving", "not stated")
PROVIDING = ("provides", "is main provider of", "manages", "gives access to")
WORKING = ("working", "to be reinforced")
EMPTY_POST = ("vacant", "recruiting", "away")
_ONLY_IN = "only in "
LIMITS = {
    "full": "full",
    "waiting list": "waiting list",
    "closed to referrals": "closed to referrals",
    "temporary": "temporary",
    "partly out of use": "partly out of use",
    "above capacity": "asked for more than it can do",
}


@dataclass(frozen=True, slots=True)
class Help:
    """One service helping in one cell; full help has no reasons, partial help says why."""

    service: str
    name: str
    cell: Cell
    strength: str
    reasons: tuple[str, ...]
    outside: bool
    money: Money
    contested: bool
    proofs: tuple[Row, ...]

    @property
    def rank(self) -> int:
        """1 for the strongest kind of help."""
        return STRENGTHS[self.strength]


@dataclass(frozen=True, slots=True)
class NoHelp:
    """A service that is connected with a cell and does not count, with the reason."""

    service: str
    name: str
    cell: Cell
    reason: str
    proofs: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the stores hold, as rows of the files in `facts/`, by service where that helps."""

    services: Mapping[str, Row]
    reaches: Sequence[Row]
    awards: Mapping[str, list[Row]]
    provisions: Mapping[str, list[Row]]
    dependences: Mapping[str, list[Row]]
    referrals: Mapping[str, list[Row]]
    within: Mapping[str, str]
    area_names: Mapping[str, str]
    groups: Mapping[str, Row]
    needs: Mapping[str, Row]
    homes: Mapping[str, str]
    lost: frozenset[str] = field(default_factory=frozenset)

    def name_of_group(self, group: str) -> str:
        """A group's name."""
        return str(self.groups[group]["name"])

    def name_of_need(self, need: str) -> str:
        """A need's name; 'unspecified' where a source names none."""
        return str(self.needs[need]["name"]) if need in self.needs else need

    def describe(self, cell: Cell) -> dict[str, str]:
        """A cell as the columns of an answer: its three ids, each with its name."""
        group, need, area = cell
        return {
            "group": group,
            "group_name": self.name_of_group(group),
            "need": need,
            "need_name": self.name_of_need(need),
            "area": area,
            "area_name": self.area_names[area],
        }


def read_facts(
    facts: Mapping[str, Sequence[Row]], homes: Mapping[str, str], lost: frozenset[str]
) -> Facts:
    """Facts from the rows of their files; `homes` are the partnerships' areas."""
    return Facts(
        services={r["service"]: r for r in facts["services"]},
        reaches=facts["reaches"],
        awards=rows_by(facts["awards"], "subject"),
        provisions=rows_by(
            (
                r
                for r in facts["provisions"]
                if r["role"] in PROVIDING and r["standing"] in (None, *RUNNING)
            ),
            "service",
        ),
        dependences=rows_by(facts["dependences"], "service"),
        referrals=rows_by(facts["referrals"], "service"),
        within={r["area"]: r["within"] for r in facts["areas"] if r["within"]},
        area_names={r["area"]: r["name"] for r in facts["areas"]},
        groups={r["term"]: r for r in facts["groups"]},
        needs={r["term"]: r for r in facts["needs"]},
        homes=homes,
        lost=lost,
    )


# ---------------------------------------------------------------- what a service stands on


@dataclass(frozen=True, slots=True)
class Support:
    """One way in which one thing a service needs can be met, with the things that end it.

    A service needs every kind of support that is recorded for it, and of each kind one is enough.
    """

    kind: str
    stands_on: frozenset[str]
    holders: frozenset[str]
    proof: Row


def supports(facts: Facts, service: str, day: datetime.date) -> dict[str, list[Support]]:
    """What a service stands on, by kind: provider, money, a way in, and each post it needs."""
    found: dict[str, list[Support]] = {}
    for row in facts.provisions.get(service, ()):
        one = Support("provider", frozenset({row["agency"]}), frozenset(), row["proof"])
        found.setdefault("provider", []).append(one)
    state = money(facts.awards.get(service, ()), day)
    if state.section in PAID:
        found["money"] = [from_award(a) for a in state.awards]
    posts = rows_by(facts.dependences.get(service, ()), "post")
    for post, rows in posts.items():
        found[f"post {post}"] = [_from_post(rows[0])]
    if facts.services[service]["access"] == "referral only":
        working = [r for r in facts.referrals.get(service, ()) if r["status"] in WORKING]
        if working:
            found["way in"] = [_from_route(r) for r in working]
    return found


def _from_route(row: Row) -> Support:
    things = frozenset({row["route"], row["origin"]})
    return Support("way in", things, frozenset(), row["proof"])


def from_award(award: Row) -> Support:
    """An award as what a service or post stands on: it ends with its fund or all who hold it."""
    things = frozenset({award["award"], award["fund"]})
    return Support("money", things, frozenset(award["holders"]), award["proof"])


def _from_post(row: Row) -> Support:
    return Support("post", frozenset({row["post"]}), frozenset(row["agencies"]), row["proof"])


def fallen(facts: Facts, day: datetime.date, lost: frozenset[str]) -> frozenset[str]:
    """The services that fall when things are lost, those that fall with others included.

    A post falls with its agency and with its own sole money; a service with its sole provider, a
    post it needs, its sole money, or all working routes where people must be referred.
    """
    if not lost:
        return frozenset()
    stands_on = {s: supports(facts, s, day) for s in facts.services}
    posts_lost = {
        p
        for rows in facts.dependences.values()
        for p in (row["post"] for row in rows)
        if money_left(facts.awards.get(p, ()), day, lost).section == "imagined lost"
    }
    gone = lost | frozenset(posts_lost)
    while True:
        more = {
            service
            for service, kinds in stands_on.items()
            if service not in gone
            and any(all(_ended(s, gone) for s in options) for options in kinds.values())
        }
        if not more:
            return frozenset(s for s in stands_on if s in gone)
        gone |= more


def _ended(support: Support, gone: frozenset[str]) -> bool:
    return bool(support.stands_on & gone) or bool(support.holders and support.holders <= gone)


# ---------------------------------------------------------------- the cells


def recorded(facts: Facts, day: datetime.date) -> tuple[list[Help], list[NoHelp]]:
    """Every help on record on a day, and every connection that does not count, with the reason."""
    down = fallen(facts, day, facts.lost)
    wider: dict[str, list[str]] = {}
    standings: dict[str, _Standing] = {}
    helps: list[Help] = []
    others: list[NoHelp] = []
    for reach in facts.reaches:
        service = facts.services.get(reach["service"])
        if service is None:
            continue
        identifier = service["service"]
        if identifier not in standings:
            standings[identifier] = _standing(facts, service, day, down)
        standing = standings[identifier]
        why = _not_reached(service, reach) or standing.why_not
        for cell, narrowed in _cells(facts, service, reach, wider, counts=why is None):
            proofs = (service["proof"], reach["proof"])
            if why is not None:
                others.append(NoHelp(identifier, service["name"], cell, why, proofs))
            else:
                helps.append(_help(service, reach, cell, narrowed, standing, proofs))
    return helps, others


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is the same in all cells of a service: why it is no help, its limits and its money."""

    why_not: str | None
    limits: tuple[str, ...]
    money: Money


def _standing(facts: Facts, service: Row, day: datetime.date, down: frozenset[str]) -> _Standing:
    awards = facts.awards.get(service["service"], ())
    return _Standing(
        _why_not(facts, service, day, down),
        tuple(_limits(facts, service)),
        money_left(awards, day, facts.lost),
    )


def _not_reached(service: Row, reach: Row) -> str | None:
    if reach["strength"] in STRENGTHS:
        return None
    told = (
        "does not take the group" if reach["strength"] == "excluded" else "under-serves the group"
    )
    return f"{service['name']}: {told}"


def _why_not(facts: Facts, service: Row, day: datetime.date, down: frozenset[str]) -> str | None:
    """Why a service is no help on a day, or None if it counts."""
    if service["service"] in down:
        why: str | None = "gone with what is imagined lost"
    else:
        routes = facts.referrals.get(service["service"], ())
        awards = facts.awards.get(service["service"], ())
        why = (
            not_running(service["standing"], service["proof"]["basis"])
            or outside_its_days(service["opened"], service["closed"], day)
            or no_way_in(service["access"], [route["status"] for route in routes])
            or money_gone(money(awards, day), service["known_on"], day)
        )
    return f"{service['name']}: {why}" if why else None


def _cells(
    facts: Facts, service: Row, reach: Row, wider: dict[str, list[str]], *, counts: bool
) -> list[tuple[Cell, str | None]]:
    """The cells a reach touches, each with the narrower area it is limited to, if any.

    A service that counts helps with the wider needs too; one that does not names its own only.

    `wider` keeps each need's wider ones once they are looked up.
    """
    home = facts.homes.get(service["partnership"])
    if home is None:
        return []
    parts, is_narrowed = parts_helped(home, facts.within, reach["only_areas"], service["areas"])
    narrowed = ", ".join(sorted(facts.area_names[a] for a in parts)) if is_narrowed else None
    own = own_needs(reach["only_needs"], service["needs"])
    if counts:
        for need in own:
            if need not in wider:
                wider[need] = with_wider(facts.needs, need)
    needs = {wide for need in own for wide in wider[need]} if counts else set(own)
    cells: list[tuple[Cell, str | None]] = []
    for need in sorted(needs):
        cells.append(((reach["term"], need, home), narrowed))
        cells += [((reach["term"], need, part), None) for part in parts]
    return cells


def _help(
    service: Row,
    reach: Row,
    cell: Cell,
    narrowed: str | None,
    standing: _Standing,
    proofs: tuple[Row, ...],
) -> Help:
    reasons = [
        *limits_of_place(service["whereabouts"], narrowed),
        *limits_of_reach(reach["strength"], reach["condition"]),
    ]
    return Help(
        service=service["service"],
        name=service["name"],
        cell=cell,
        strength=reach["strength"],
        reasons=(*reasons, *standing.limits),
        outside=is_outside(service["whereabouts"]),
        money=standing.money,
        contested=is_contested(proofs[0]["basis"], proofs[1]["basis"]),
        proofs=proofs,
    )


def _limits(facts: Facts, service: Row) -> list[str]:
    """What limits a service for everybody."""
    return [
        *limits_of_standing(service["standing"], service["proof"]["basis"]),
        *limits_of_room(service["availability"]),
        *(
            f"the post {row['post_name']} is not filled"
            for row in facts.dependences.get(service["service"], ())
            if row["filled"] in EMPTY_POST
        ),
    ]


# ---------------------------------------------------------------- the rules, each by itself
#
# Each looks at nothing but what it is given, so that over a whole country it need be asked only
# once for all services that are alike in that (see queries/national/helping.py).


def _is_disputed(standing: str | None, basis: str | None) -> bool:
    """Whether one source has a service running and another has it still planned."""
    return standing == "planned" and is_contested(basis)


def is_contested(*bases: str | None) -> bool:
    """Whether sources disagree about any of some records."""
    return "contested" in bases


def not_running(standing: str | None, basis: str | None) -> str | None:
    """Why a service does not run, or None if it does or may do."""
    is_running = standing in RUNNING or _is_disputed(standing, basis)
    return None if is_running else f"{standing}, not running on record"


def outside_its_days(
    opened: datetime.date | None, closed: datetime.date | None, day: datetime.date
) -> str | None:
    """Why a service is not there on a day, if it opens later or has closed."""
    if opened is not None and opened > day:
        return f"not open before {opened.isoformat()}"
    if closed is not None and closed < day:
        return f"closed on {closed.isoformat()}"
    return None


def no_way_in(access: str | None, routes: Sequence[str | None]) -> str | None:
    """Why nobody gets in: people must be referred, and no route on record works."""
    barred = bool(routes) and all(status not in WORKING for status in routes)
    return "no working way in is recorded" if access == "referral only" and barred else None


def money_gone(state: Money, known_on: datetime.date | None, day: datetime.date) -> str | None:
    """Why there is no money, if it has ended and no later record has the service running."""
    if state.section != "money ended":
        return None
    if state.until is not None and (known_on or day) > state.until:
        return None
    return f"funding ended on {state.until.isoformat()}" if state.until else "funding ended"


def own_needs(of_reach: Sequence[str], of_service: Sequence[str]) -> Sequence[str]:
    """The needs that help is for: those of the reach alone, if it names any."""
    return of_reach or of_service or [UNSPECIFIED]


def with_wider(needs: Mapping[str, Row], need: str) -> list[str]:
    """A need and the wider ones: help with a narrower need is help with the wider one."""
    found, waiting = [], [need]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.append(current)
            waiting += needs[current]["broader"] if current in needs else []
    return found


def parts_helped(
    home: str, within: Mapping[str, str], of_reach: Sequence[str], of_service: Sequence[str]
) -> tuple[list[str], bool]:
    """The parts of the partnership's area where there is help, and whether it is nowhere else.

    A service that works in a part of the area only has a full cell for that part and a limited one
    for the whole.
    """
    areas = of_reach or of_service or [home]
    parts = [a for a in areas if a != home and home in chain(a, within)]
    return parts, bool(parts) and not any(a in chain(home, within) for a in areas)


def is_outside(whereabouts: str | None) -> bool:
    """Whether a service works outside the partnership's area."""
    return whereabouts == "outside"


def limits_of_place(whereabouts: str | None, narrowed: str | None) -> list[str]:
    """What limits help in a partnership's area; `narrowed` names the parts that alone have it."""
    if is_outside(whereabouts):
        return ["outside the area"]
    return [] if narrowed is None else [f"{_ONLY_IN}{narrowed}"]


def is_in_part(reasons: Iterable[str]) -> bool:
    """Whether what limits help is that it is in a part of the area only."""
    return any(reason.startswith(_ONLY_IN) for reason in reasons)


def limits_of_reach(strength: str, condition: str | None) -> list[str]:
    """What limits help for one group."""
    served = ["can be served; a source says no more"] if strength == "can be served" else []
    return [*served, f"condition: {condition}"] if condition else served


def limits_of_standing(standing: str | None, basis: str | None) -> list[str]:
    """What limits a service of which it is not certain that it runs."""
    if _is_disputed(standing, basis):
        return ["sources disagree whether it runs"]
    return ["whether it runs is not stated"] if standing == "not stated" else []


def limits_of_room(availability: Sequence[str] | None) -> list[str]:
    """What limits a service that has no room, or is short of it."""
    return [LIMITS[a] for a in availability or () if a in LIMITS]
