"""Questions of the catalogue as hand-written scans over dicts that lie ready: beside ours.

Holds: `prepare`, which lays out the rows of a release by partnership, and a function a question: it
gives the ids and the columns that decide, as a person would write it who needs this and no more: no
store, no evidence, few names, and nothing can be imagined lost. The rules of money and of help are
written out here again. Leaves out: whose needs are whose, which is worked out by queries/nation.py
when the dicts are laid out.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.dates import add_months
from graph.frames import FROM, TO, Frames
from queries.nation import Nation

Row = dict[str, Any]
Found = set[tuple[Any, ...]]
KINDS = (
    *("services", "posts", "things", "actions", "leads", "gaps", "mentions"),
    *("awards", "reaches", "provisions", "dependences", "referrals"),
)
"""The lists of dicts that there are for each partnership."""
_HELP = ("led by and for", "specialist", "adapted", "open to all", "can be served")
_RUNS = ("operating", "needs reviving", "not stated")
_WORKS = ("working", "to be reinforced")
_PROVIDES = ("provides", "is main provider of", "manages", "gives access to")
_LIMITS = (
    *("full", "waiting list", "closed to referrals", "temporary", "partly out of use"),
    "above capacity",
)
_NAMED = "unspecified"
_EFFECT = {
    **dict.fromkeys(("no service", "not reached"), "uncovered"),
    **dict.fromkeys(("shortage", "uneven", "not specialist", "blockage"), "insufficient"),
}


@dataclass(frozen=True, slots=True)
class Country:
    """What all partnerships have in common."""

    homes: Mapping[str, str]
    days: Mapping[str, datetime.date]
    within: Mapping[str, str]
    broader: Mapping[str, list[str]]
    agencies: Mapping[str, list[str]]
    nation: Nation


@dataclass(slots=True)
class Records:
    """The dicts of one partnership, with those that hang on another by what they hang on."""

    slug: str
    lists: dict[str, list[Row]]
    awards: dict[str, list[Row]] = field(default_factory=dict)
    providers: dict[str, list[Row]] = field(default_factory=dict)
    posts: dict[str, list[Row]] = field(default_factory=dict)
    routes: dict[str, list[Row]] = field(default_factory=dict)
    leads: dict[str, list[Row]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.awards = _by(self.lists["awards"], "subject")
        self.providers = _by(self.lists["provisions"], "service")
        self.posts = _by(self.lists["dependences"], "service")
        self.routes = _by(self.lists["referrals"], "end")
        self.leads = _by(self.lists["leads"], "action")
        self.answers = defaultdict(list)
        for action in self.lists["actions"]:
            for gap in action["answers"]:
                self.answers[gap].append(action["id"])


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


# ---------------------------------------------------------------- laid out, before anybody asks


def prepare(frames: Frames, nation: Nation) -> tuple[Country, dict[str, Records]]:
    """Everything by partnership, from the tables of a release."""
    out = _Tables(frames)
    lists = {kind: _by(rows, "partnership") for kind, rows in out.lists().items()}
    homes = {a.split("/", 1)[0]: b for a, b in out.pairs("HAS_AREA", "Partnership")}
    records = {
        slug: Records(slug, {kind: lists[kind].get(slug, []) for kind in KINDS}) for slug in homes
    }
    days: dict[str, datetime.date] = {}
    for source in out.nodes("Source"):
        day = source["date_last"] or source["date_first"]
        if source["records"] and day:
            days[source["partnership"]] = max(day, days.get(source["partnership"], day))
    country = Country(
        homes=homes,
        days={slug: days.get(slug, datetime.date.max) for slug in homes},
        within=dict(out.pairs("WITHIN", "Area")),
        broader=out.lists_of("BROADER", "Need"),
        agencies=out.lists_of("HAS_AGENCY", "Post"),
        nation=nation,
    )
    return country, records


class _Tables:
    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._names: dict[str, str] = {}
        for label in ("Agency", "Service", "Body", "Post", "ClientGroup", "Fund"):
            self._names |= {n["id"]: n["name"] for n in self.nodes(label)}

    def nodes(self, *labels: str) -> list[Row]:
        tables = self._frames.nodes
        return [row for label in labels if label in tables for row in tables[label].to_pylist()]

    def edges(self, kind: str, *starts: str, end: str | None = None) -> list[Row]:
        return [
            row
            for ends, table in sorted(self._frames.edges.items())
            if ends.type == kind and (not starts or ends.start in starts)
            if end is None or ends.end == end
            for row in table.to_pylist()
        ]

    def pairs(self, kind: str, *starts: str) -> list[tuple[str, str]]:
        return [(row[FROM], row[TO]) for row in self.edges(kind, *starts)]

    def lists_of(self, kind: str, *starts: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for start, end in self.pairs(kind, *starts):
            found[start].append(end)
        return found

    def lists(self) -> dict[str, list[Row]]:
        """Every kind of dict, for the whole country."""
        depends = self.edges("DEPENDENCE", "Service", end="Post")
        needed = {row[TO] for row in depends}
        return {
            **self._plans(),
            "services": self._with_lists("Service"),
            "posts": [{**post, "needed": post["id"] in needed} for post in self.nodes("Post")],
            "things": [
                {"id": n["id"], "partnership": n["partnership"]}
                for n in self.nodes("Agency", "Body", "Fund", "Service", "Post")
            ],
            "awards": self._awards(),
            "reaches": [_ends(r, "service", "term", r[FROM]) for r in self.edges("REACH")],
            "provisions": [_ends(r, "agency", "service", r[TO]) for r in self.edges("PROVISION")],
            "dependences": [_ends(r, "service", "post", r[FROM]) for r in depends],
            "referrals": [
                {
                    **_ends(r, "start", "end", r[TO]),
                    "start_name": self._names[r[FROM]],
                    "end_name": self._names[r[TO]],
                }
                for r in self.edges("REFERRAL")
            ],
        }

    def _plans(self) -> dict[str, list[Row]]:
        groups, needs = self.lists_of("GROUPS"), self.lists_of("NEEDS")
        wholes, answered = self.lists_of("PART_OF", "Action"), self.lists_of("ANSWERS_GAP")
        actions = self.nodes("Action")
        gaps = self._with_lists("Gap")
        named = (*actions, *gaps, *self.nodes("Objective"))
        for action in actions:
            action["part_of"] = wholes.get(action["id"], [])
            action["answers"] = answered.get(action["id"], [])
        return {
            "actions": actions,
            "leads": [_ends(row, "action", "who", row[FROM]) for row in self.edges("LEAD")],
            "gaps": gaps,
            "mentions": [
                {
                    "id": f"{x['id']} {term}",
                    "record": x["id"],
                    "partnership": x["partnership"],
                    "term": term,
                    "needs": needs.get(x["id"], []),
                }
                for x in named
                for term in groups.get(x["id"], ())
            ],
        }

    def _with_lists(self, label: str) -> list[Row]:
        needs, areas = self.lists_of("NEEDS", label), self.lists_of("HAS_AREA", label)
        groups = self.lists_of("GROUPS", label)
        lists = {"needs": needs, "areas": areas, "groups": groups}
        return [
            {**row, **{key: found.get(row["id"], []) for key, found in lists.items()}}
            for row in self.nodes(label)
        ]

    def _awards(self) -> list[Row]:
        holders = self.lists_of("HELD_BY", "Fund")
        return [
            {
                **_ends(row, "fund", "subject", row[TO]),
                "holders": holders.get(row[FROM], []),
                "payers": sorted({self._names[h] for h in holders.get(row[FROM], ())})
                or [self._names[row[FROM]]],
            }
            for row in self.edges("AWARD")
        ]


def _ends(row: Row, start: str, end: str, whose: str) -> Row:
    """An edge with its ends by their names, among the records of the partnership it is asked of."""
    return {**row, start: row[FROM], end: row[TO], "partnership": whose.split("/", 1)[0]}


# ---------------------------------------------------------------- plain lists


def actions_without_lead(records: Records, country: Country) -> Found:
    led = {a for a, leads in records.leads.items() if any(x["role"] == "lead" for x in leads)}
    return {
        (a["id"], a["lead_as_given"])
        for a in records.lists["actions"]
        if a["id"] not in led and led.isdisjoint(a["part_of"])
    }


def actions_without_deadline(records: Records, country: Country) -> Found:
    open_kinds = ("none", "to be confirmed")
    return {
        (a["id"], a["deadline_kind"])
        for a in records.lists["actions"]
        if a["deadline_kind"] in open_kinds
    }


def gaps_nobody_acts_on(records: Records, country: Country) -> Found:
    return {
        (g["id"], g["kind_of_gap"])
        for g in records.lists["gaps"]
        if not records.answers.get(g["id"])
    }


def routes_not_working(records: Records, country: Country) -> Found:
    wanted = ("missing", "being drafted", "proposed", "to be reinforced")
    return {
        (r["id"], r["start_name"], r["end_name"], r["status"])
        for r in records.lists["referrals"]
        if r["status"] in wanted
    }


def limits(records: Records, country: Country) -> Found:
    return {
        (s["id"], state)
        for s in records.lists["services"]
        if s["standing"] != "ended"
        for state in s["availability"] or ()
        if state in _LIMITS
    }


# ---------------------------------------------------------------- money


def _money(awards: Sequence[Row], day: datetime.date) -> tuple[str, Any, list[Row]]:
    """The state of money on a day, its last day, and the awards that the state rests on."""
    there = [a for a in awards if a["live_from"] is not None]
    live = [a for a in there if a["live_from"] <= day <= a["live_until"]]
    if live:
        endless = any(a["undated"] for a in live)
        return "funded", None if endless else max(a["live_until"] for a in live), live
    begun = [a for a in there if a["period_first"] is None or a["period_first"] <= day]
    if undated := [a for a in begun if a["undated"]]:
        return "undated", None, undated
    if early := [a for a in begun if day < a["live_from"]]:
        return "start not recorded", None, early
    if ended := [a for a in there if a["live_until"] < day]:
        return "money ended", max(a["live_until"] for a in ended), ended
    if there:
        return "begins later", None, there
    if stated := [a for a in awards if a["status"] == "ended"]:
        return "money ended", None, stated
    return ("only sought or proposed" if awards else "none recorded"), None, list(awards)


def _last_payers(awards: Sequence[Row]) -> str:
    newest = max(str(a["live_until"] or "") for a in awards)
    last = [a for a in awards if str(a["live_until"] or "") == newest]
    return "; ".join(sorted({name for a in last for name in a["payers"]}))


def unfunded(records: Records, country: Country) -> Found:
    day, found = country.days[records.slug], set()
    for kind in ("services", "posts"):
        for one in records.lists[kind]:
            state, until, awards = _money(records.awards.get(one["id"], ()), day)
            if state == "funded" or one.get("whereabouts") == "outside":
                continue
            if one.get("standing") == "ended":
                continue
            open_post = kind == "posts" and one["filled"] in ("vacant", "recruiting", "proposed")
            if kind == "posts" and not (awards or one["needed"] or open_post):
                continue
            payers = _last_payers(awards) if state in ("money ended", "undated") else None
            found.add((one["id"], state, payers, until if state == "money ended" else None))
    return found


def ending(records: Records, country: Country) -> Found:
    day, found = country.days[records.slug], set()
    horizon = add_months(day, 12)
    for kind in ("services", "posts"):
        for one in records.lists[kind]:
            state, until, awards = _money(records.awards.get(one["id"], ()), day)
            if state == "funded" and until is not None and until <= horizon:
                amounts = [a["amount"] for a in awards if a["amount"] is not None]
                pounds = sum(amounts) if amounts else None
                found.add((one["id"], until, _last_payers(awards), pounds))
    return found


# ---------------------------------------------------------------- help


def _chain(area: str, within: Mapping[str, str]) -> list[str]:
    found = [area]
    while (wider := within.get(found[-1])) and wider not in found:
        found.append(wider)
    return found


def _counts(service: Row, records: Records, day: datetime.date) -> bool:
    disputed = service["standing"] == "planned" and service["basis"] == "contested"
    if service["standing"] not in _RUNS and not disputed:
        return False
    if service["opened_first"] is not None and service["opened_first"] > day:
        return False
    if service["closed_last"] is not None and service["closed_last"] < day:
        return False
    routes = records.routes.get(service["id"], ())
    barred = not any(route["status"] in _WORKS for route in routes)
    if service["access"] == "referral only" and routes and barred:
        return False
    state, until, _ = _money(records.awards.get(service["id"], ()), day)
    later = until is not None and (service["known_on"] or day) > until
    return state != "money ended" or later


@dataclass(slots=True)
class _Help:
    """Who helps in each cell: (service, strength, only in a part); and what does not count."""

    cells: dict[tuple[str, str, str], list[tuple[str, int, bool]]]
    others: set[tuple[str, str, str]]


def _wider(needs: Iterable[str], broader: Mapping[str, list[str]]) -> set[str]:
    found, waiting = set[str](), list(needs)
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += broader.get(need, ())
    return found


def _help(records: Records, country: Country) -> _Help:
    home, day = country.homes[records.slug], country.days[records.slug]
    services = {s["id"]: s for s in records.lists["services"]}
    counting = {s for s, row in services.items() if _counts(row, records, day)}
    above = set(_chain(home, country.within))
    out = _Help(defaultdict(list), set())
    for reach in records.lists["reaches"]:
        service = services[reach["service"]]
        areas = reach["only_in_areas"] or service["areas"] or [home]
        parts = [a for a in areas if a != home and home in _chain(a, country.within)]
        needs = reach["only_for_needs"] or service["needs"] or [_NAMED]
        if reach["strength"] not in _HELP or service["id"] not in counting:
            out.others.update((reach["term"], n, a) for n in needs for a in (home, *parts))
            continue
        rank = _HELP.index(reach["strength"])
        in_part = bool(parts) and not above & {*areas} and service["whereabouts"] != "outside"
        for need in _wider(needs, country.broader):
            out.cells[reach["term"], need, home].append((service["id"], rank, in_part))
            for part in parts:
                out.cells[reach["term"], need, part].append((service["id"], rank, False))
    return out


def uncovered(records: Records, country: Country) -> Found:
    home, nation = country.homes[records.slug], country.nation
    told = _help(records, country)
    helped = {(group, area) for group, _, area in told.cells}
    gaps: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for gap in records.lists["gaps"]:
        for group in gap["groups"]:
            for need in gap["needs"] or [_NAMED]:
                for area in gap["areas"] or [home]:
                    gaps[group, need, area].append(gap)
    cells = {
        cell
        for cell, stated in gaps.items()
        if cell[1] != _NAMED or any(g["kind_of_gap"] in _EFFECT for g in stated)
    }
    mentions = records.lists["mentions"]
    cells |= {(group, need, home) for group, need, _ in nation.sides.pairs(mentions)}
    cells |= {cell for cell in told.others if cell[2] == home and cell[1] != _NAMED}
    named = {m["term"] for m in mentions} | {r["term"] for r in records.lists["reaches"]}
    specific = {group for group, need, _ in cells if need != _NAMED}
    cells |= {(g, _NAMED, home) for g in named - specific if (g, home) not in helped}
    found: Found = {(g, _NAMED, home, "never named here") for g in nation.named - named}
    for cell in cells:
        group, need, area = cell
        around = _chain(area, country.within)
        if need != _NAMED and _is_helped(told, group, need, around):
            continue
        effects = {
            _EFFECT.get(g["kind_of_gap"]) for a in around for g in gaps.get((*cell[:2], a), ())
        }
        state = "insufficient" if "insufficient" in effects else "not recorded"
        state = "stated uncovered" if "uncovered" in effects else state
        if need != _NAMED or state != "not recorded" or (group, home) not in helped:
            found.add((*cell, state))
    return found


def _is_helped(told: _Help, group: str, need: str, around: Sequence[str]) -> bool:
    if told.cells.get((group, need, around[0])):
        return True
    return any(
        not in_part
        for area in around[1:]
        for _, _, in_part in told.cells.get((group, need, area), ())
    )


# ---------------------------------------------------------------- what hangs on one thing


def single_points(records: Records, country: Country) -> Found:
    ends = _ends_with(records, country)
    found: Found = set()
    for (group, need, area), helping in _help(records, country).cells.items():
        if need == _NAMED:
            continue
        for rank in {r for _, r, _ in helping}:
            each = [ends[service] for service, r, _ in helping if r <= rank]
            found |= {(t, group, need, area, _HELP[rank]) for t in set.intersection(*each)}
    return found


def _ends_with(records: Records, country: Country) -> dict[str, set[str]]:
    """By service or post: each one thing with whose loss it ends."""
    needs = _all_needs(records, country)
    ends: dict[str, set[str]] = defaultdict(set)
    for own in records.lists["things"]:
        ends[own["id"]].add(own["id"])
    changed = True
    while changed:
        changed = False
        for thing, kinds in needs.items():
            for options in kinds:
                gone = set.intersection(*(_option_ends(o, ends) for o in options))
                if not gone <= ends[thing]:
                    ends[thing] |= gone
                    changed = True
    return ends


Option = tuple[tuple[str, ...], Sequence[str]]
"""What one support stands on, each of which ends it, and who hold it, who end it together."""


def _option_ends(option: Option, ends: Mapping[str, set[str]]) -> set[str]:
    stands_on, holders = option
    found = set().union(*(ends[thing] for thing in stands_on))
    if holders:
        found |= set.intersection(*(ends[holder] for holder in holders))
    return found


def _all_needs(records: Records, country: Country) -> dict[str, list[list[Option]]]:
    day = country.days[records.slug]
    found: dict[str, list[list[Option]]] = {}
    for service in records.lists["services"]:
        one = service["id"]
        kinds: list[list[Option]] = []
        state, _, awards = _money(records.awards.get(one, ()), day)
        if state in ("funded", "undated"):
            kinds.append([((a["id"], a["fund"]), a["holders"]) for a in awards])
        provides: list[Option] = [
            ((p["agency"],), ())
            for p in records.providers.get(one, ())
            if p["role"] in _PROVIDES and p["standing"] in (None, *_RUNS)
        ]
        if provides:
            kinds.append(provides)
        for post in {p["post"] for p in records.posts.get(one, ())}:
            kinds.append([((post,), country.agencies.get(post, ()))])
            paid = [
                a
                for a in records.awards.get(post, ())
                if _money([a], day)[0] in ("funded", "undated")
            ]
            found[post] = [[((a["id"], a["fund"]), a["holders"]) for a in paid]] if paid else []
        routes: list[Option] = [
            ((r["id"], r["start"]), ())
            for r in records.routes.get(one, ())
            if r["status"] in _WORKS
        ]
        if service["access"] == "referral only" and routes:
            kinds.append(routes)
        found[one] = kinds
    return found


@dataclass(frozen=True, slots=True)
class ByHand:
    """A question by hand: the columns that are compared, the lists it looks at, and how."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    scan: Callable[[Records, Country], Found]


_PAID = ("services", "posts", "awards")
_HELPING = ("services", "reaches", "awards", "referrals")
QUESTIONS: Mapping[str, ByHand] = {
    "governance.actions_without_lead": ByHand(
        ("action", "lead_as_given"), ("actions", "leads"), actions_without_lead
    ),
    "governance.actions_without_deadline": ByHand(
        ("action", "deadline_kind"), ("actions",), actions_without_deadline
    ),
    "governance.gaps_nobody_acts_on": ByHand(
        ("gap", "kind_of_gap"), ("gaps", "actions"), gaps_nobody_acts_on
    ),
    "pathways.routes_not_working": ByHand(
        ("route", "start_name", "end_name", "status"), ("referrals",), routes_not_working
    ),
    "capacity.limits": ByHand(("service", "state"), ("services",), limits),
    "funding.ending": ByHand(("service", "ends", "funder", "pounds"), _PAID, ending),
    "funding.unfunded": ByHand(("service", "section", "last_funder", "ended"), _PAID, unfunded),
    "coverage.uncovered": ByHand(
        ("group", "need", "area", "section"), (*_HELPING, "gaps", "mentions"), uncovered
    ),
    "resilience.single_points_of_failure": ByHand(
        ("thing", "group", "need", "area", "strength"),
        (*_HELPING, "things", "provisions", "dependences"),
        single_points,
    ),
}
"""The questions that are measured: the three of the README, plain lists, and rules of money."""


def records_of(slug: str, lists: Mapping[str, Sequence[Row]], kinds: Sequence[str]) -> Records:
    """The dicts of one partnership, found among those of the whole country."""
    found = {
        kind: [row for row in lists[kind] if row["partnership"] == slug] if kind in kinds else []
        for kind in KINDS
    }
    return Records(slug, found)
