"""What a map of one partnership says: its things and their links, as words, on one day.

Drawing (`layout.py`, `network.py`) and the tables beside the picture take the same Chart, so that
both say the same. What counts as funded is said in `queries/money.py` and only read here. Left
out are boards' memberships, plans and gaps, and agencies that have no link with a service or fund.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.dates import add_months
from graph.stores.protocol import Store
from queries.ask import fact
from queries.money import HORIZON, Money, money

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
State = Literal["", "money ended", "money ends soon", "money at risk", "not running yet", "ended"]
LinkKind = Literal["holding", "money", "provision", "reach", "referral", "post"]

FACTS = (
    "services",
    "awards",
    "provisions",
    "reaches",
    "dependences",
    "groups",
    "map_things",
    "map_holders",
    "map_posts",
    "map_routes",
)
"""The files in queries/facts that a map is drawn from."""
_WORKING = ("working", "to be reinforced")
_PLANNED = ("planned", "proposed")
_IN_PLACE = ("secured", "at risk")
_NO_HELP = ("under-served", "excluded")


@dataclass(frozen=True, slots=True)
class Thing:
    """Somebody or something on the map; `sign` is the line that makes its state stand out.

    `holds` tells the agencies and bodies that hold funds and do nothing else that is drawn.
    """

    id: str
    name: str
    kind: str
    state: State
    sign: str
    facts: tuple[tuple[str, str], ...]
    staff: bool
    dashed: bool
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two things, in words; `firm` is False where it is wanted or not working."""

    id: str
    kind: LinkKind
    start: str
    end: str
    says: str
    firm: bool
    record: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """All things and links of one partnership on a day, in a fixed order."""

    day: datetime.date
    things: tuple[Thing, ...]
    links: tuple[Link, ...]


def read_rows(store: Store, slug: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that a map of one partnership is drawn from."""
    return {name: fact(store, name, [slug]) for name in FACTS}


def chart(rows: Rows, day: datetime.date) -> Chart:
    """The things and links of a partnership on a day. The same rows give the same chart."""
    awards: dict[str, list[Row]] = {}
    for award in rows["awards"]:
        awards.setdefault(award["subject"], []).append(award)
    known = {r["thing"] for r in rows["map_things"]} | {g["term"] for g in rows["groups"]}
    links = [k for k in _links(rows) if k.start in known and k.end in known]
    links = _without_lone_governance(links)
    linked = {end for link in links for end in (link.start, link.end)}
    services = {r["service"]: r for r in rows["services"]}
    things = [
        _thing(row, services.get(row["thing"]), money(awards.get(row["thing"], ()), day), day)
        for row in rows["map_things"]
        if row["thing"] in linked or _kind(row["thing"]) in ("service", "fund")
    ]
    things += [_group(row) for row in rows["groups"] if row["term"] in linked]
    things = _with_holders(things, links)
    return Chart(day, tuple(sorted(things, key=lambda t: t.id)), tuple(links))


def _kind(thing: str) -> str:
    return thing.split("/")[1]


def written(day: datetime.date) -> str:
    """A day as people write it: 1 April 2013."""
    return f"{day.day} {day:%B %Y}"


# ---------------------------------------------------------------- things


def _thing(row: Row, service: Row | None, state: Money, day: datetime.date) -> Thing:
    kind = _kind(row["thing"])
    paid = kind in ("service", "post")
    standing = row["standing"] or row["filled"]
    flag, sign = _state(standing, service, state if paid else None, day)
    facts = [
        ("Standing" if kind != "post" else "Post is", standing),
        ("Money", money_in_words(state) if paid else None),
        ("Last day of that money", written(state.until) if paid and state.until else None),
        ("Opens", _later(service, "opened", day)),
        ("Closed", _past(service, "closed", day)),
        ("Way in", service["access"] if service else None),
        ("Availability", ", ".join(service["availability"] or ()) if service else None),
        ("Sector", row["sector"]),
        ("About", row["about"]),
        ("Basis", row["basis"]),
    ]
    return Thing(
        id=row["thing"],
        name=row["name"],
        kind=kind,
        state=flag,
        sign=sign,
        facts=tuple((label, str(value)) for label, value in facts if value),
        staff=row["visibility"] == "staff",
        dashed=standing in (*_PLANNED, "ended", "vacant", "recruiting"),
    )


def _state(
    standing: str | None, service: Row | None, state: Money | None, day: datetime.date
) -> tuple[State, str]:
    """What stands out, as a word for the program and a line with a sign for people."""
    if standing == "ended" or _past(service, "closed", day):
        return "ended", "– ended"
    flag, sign = money_flag(state, day) if state is not None else ("", "")
    if flag:
        return flag, sign
    if standing in _PLANNED or _later(service, "opened", day):
        return "not running yet", f"… {standing if standing in _PLANNED else 'not open yet'}"
    return "", ""


def money_flag(state: Money, day: datetime.date) -> tuple[State, str]:
    """What stands out about money on a day: it ended, ends within the horizon, or is in doubt."""
    if state.section == "money ended":
        when = f" {written(state.until)}" if state.until else ""
        return "money ended", f"✕ money ended{when}"
    if state.ends and state.ends <= add_months(day, HORIZON):
        return "money ends soon", f"! money ends {written(state.ends)}"
    if _in_doubt(state):
        return "money at risk", "! money said to be at risk"
    return "", ""


def _in_doubt(state: Money) -> bool:
    return bool(state.awards) and all(a["status"] == "at risk" for a in state.awards)


def _later(service: Row | None, key: str, day: datetime.date) -> str | None:
    when = service[key] if service else None
    return written(when) if when is not None and when > day else None


def _past(service: Row | None, key: str, day: datetime.date) -> str | None:
    when = service[key] if service else None
    return written(when) if when is not None and when < day else None


def money_in_words(state: Money) -> str:
    """How money stands, for a reader: nothing more than the section says."""
    if state.section == "funded" and state.until is None:
        return "funded; no end is recorded"
    if state.section == "undated":
        return "recorded without dates"
    return str(state.section)


def _group(row: Row) -> Thing:
    return Thing(row["term"], row["name"], "client-group", "", "", (), False, False)


def _with_holders(things: Iterable[Thing], links: Iterable[Link]) -> list[Thing]:
    """Mark the agencies and bodies that hold funds and are drawn for nothing else."""
    links = list(links)
    holders = {k.start for k in links if k.kind == "holding"}
    doing = {e for k in links if k.kind not in ("holding", "post") for e in (k.start, k.end)}
    return [
        Thing(t.id, t.name, t.kind, t.state, t.sign, t.facts, t.staff, t.dashed, holds=True)
        if t.id in holders - doing
        else t
        for t in things
    ]


# ---------------------------------------------------------------- links


def _links(rows: Rows) -> list[Link]:
    found = [
        Link(f"{r['holder']}>{r['fund']}", "holding", r["holder"], r["fund"], "holds", True, None)
        for r in rows["map_holders"]
    ]
    found += [_award(r) for r in rows["awards"]]
    found += [_provision(r) for r in rows["provisions"]]
    found += [_post(r) for r in rows["dependences"]]
    found += [
        Link(
            f"{r['agency']}>{r['post']}", "post", r["agency"], r["post"], "has the post", True, None
        )
        for r in rows["map_posts"]
    ]
    found += [_reach(r) for r in rows["reaches"]]
    found += [_route(r) for r in rows["map_routes"]]
    return sorted(found, key=lambda k: k.id)


def _award(row: Row) -> Link:
    until = row["live_until"]
    end = f", until {written(until)}" if until and not row["undated"] else ", no end recorded"
    says = f"pays for ({row['status']}{end if row['status'] in _IN_PLACE else ''})"
    firm = row["status"] in _IN_PLACE
    return _link(row, "money", row["award"], row["fund"], row["subject"], says, firm)


def _provision(row: Row) -> Link:
    standing = row["standing"]
    says = row["role"] + (f" ({standing})" if standing not in (None, "operating") else "")
    firm = standing not in (*_PLANNED, "ended")
    record = row["proof"]["record"]
    return _link(row, "provision", record, row["agency"], row["service"], says, firm)


def _post(row: Row) -> Link:
    says = "is needed by" + (f" (post {row['filled']})" if row["filled"] else "")
    record = row["proof"]["record"]
    return _link(row, "post", record, row["post"], row["service"], says, True)


def _reach(row: Row) -> Link:
    words = {"can be served": "can serve", "under-served": "does not reach enough of"}
    says = words.get(row["strength"], f"is for ({row['strength']})")
    if row["strength"] == "excluded":
        says = "does not take"
    if row["condition"]:
        says += f"; condition: {row['condition']}"
    firm = row["strength"] not in _NO_HELP
    record = row["proof"]["record"]
    return _link(row, "reach", record, row["service"], row["term"], says, firm)


def _route(row: Row) -> Link:
    says = f"refers to (route {row['status']})"
    if row["status"] == "missing":
        says = "has no route to (a source says it is missing)"
    if row["condition"]:
        says += f"; {row['condition']}"
    firm = row["status"] in _WORKING
    return Link(
        row["route"],
        "referral",
        row["origin"],
        row["target"],
        _based(says, row["basis"]),
        firm,
        row["route"],
    )


def _link(
    row: Row, kind: LinkKind, record: str, start: str, end: str, says: str, firm: bool
) -> Link:
    return Link(record, kind, start, end, _based(says, row["proof"]["basis"]), firm, record)


def _based(says: str, basis: str | None) -> str:
    return says if basis in (None, "stated") else f"{says} – {basis}"


def _without_lone_governance(links: Iterable[Link]) -> list[Link]:
    """Leave out the posts of agencies where the post is not linked with a service or money."""
    links = list(links)
    bearing = {e for k in links if not _belongs(k) for e in (k.start, k.end)}
    return [k for k in links if not _belongs(k) or k.end in bearing]


def _belongs(link: Link) -> bool:
    return link.kind == "post" and link.record is None
