"""What a map of one partnership says: its things and their links, as words, on one day.

Drawing (`layout.py`, `cards.py`, `network.py`) and the tables beside the picture take the same
Chart, so that both say the same. What counts as funded is said in `queries/money.py` and only read
here. Left out are plans, and agencies that have no link with anything.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph.dates import add_months
from graph.stores.protocol import Store
from queries.ask import fact
from queries.money import HORIZON, Money, money
from queries.rows import rows_by
from visualise.map.links import PLANNED, Evidence, Link, Row, Rows, evidence_of, titles_of, written
from visualise.map.links import links as links_of

State = Literal["", "money ended", "money ends soon", "money at risk", "not running yet", "ended"]

FACTS = (
    "services",
    "awards",
    "provisions",
    "reaches",
    "dependences",
    "groups",
    "seats",
    "sources",
    "service_types",
    "map_things",
    "map_holders",
    "map_posts",
    "map_routes",
    "map_gaps",
    "map_reports",
)
"""The files in queries/facts that a map is drawn from."""
ALWAYS = ("service", "fund", "body", "gap")
"""The kinds that are on the map even where nothing links them with anything."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Somebody or something on the map; `sign` is the line that makes its state stand out.

    `holds` tells the agencies and bodies that hold funds and do nothing else that is drawn. `money`
    is how the money of a service or post stands (a section of `queries.money`), empty for others.
    `access` is how people come to a service, `sort` what it is one of many of: a type or sector.
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
    money: str = ""
    access: str | None = None
    sort: str = ""
    evidence: Evidence | None = None


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
    known = {r["thing"] for r in rows["map_things"]} | {g["term"] for g in rows["groups"]}
    known |= {r["gap"] for r in rows["map_gaps"]}
    links = [k for k in links_of(rows, day) if k.start in known and k.end in known]
    linked = {end for link in links for end in (link.start, link.end)}
    things = [t for t in _things(rows, day) if t.id in linked or t.kind in ALWAYS]
    things = _with_holders(things, links)
    return Chart(day, tuple(sorted(things, key=lambda t: t.id)), tuple(links))


def _kind(thing: str) -> str:
    return thing.split("/")[1]


# ---------------------------------------------------------------- things


def _things(rows: Rows, day: datetime.date) -> Iterator[Thing]:
    titles = titles_of(rows)
    awards = rows_by(rows["awards"], "subject")
    services = {r["service"]: r for r in rows["services"]}
    for row in rows["map_things"]:
        state = money(awards.get(row["thing"], ()), day)
        found = _thing(row, services.get(row["thing"]), state, day)
        yield replace(found, evidence=evidence_of(row["proof"], titles))
    yield from (_group(row) for row in rows["groups"])
    for row in rows["map_gaps"]:
        yield replace(_gap(row), evidence=evidence_of(row["proof"], titles))


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
        facts=_told(facts),
        staff=row["visibility"] == "staff",
        dashed=standing in (*PLANNED, "ended", "vacant", "recruiting"),
        money=state.section if paid else "",
        access=service["access"] if service else None,
        sort=min(service["types"], default="") if service else row["sector"] or "",
    )


def _told(facts: Iterable[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(value)) for label, value in facts if value)


def _state(
    standing: str | None, service: Row | None, state: Money | None, day: datetime.date
) -> tuple[State, str]:
    """What stands out, as a word for the program and a line with a sign for people."""
    if standing == "ended" or _past(service, "closed", day):
        return "ended", "– ended"
    flag, sign = money_flag(state, day) if state is not None else ("", "")
    if flag:
        return flag, sign
    if standing in PLANNED or _later(service, "opened", day):
        return "not running yet", f"… {standing if standing in PLANNED else 'not open yet'}"
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
    sort = min(row["broader"], default="")
    return Thing(row["term"], row["name"], "client-group", "", "", (), False, False, sort=sort)


def _gap(row: Row) -> Thing:
    facts = [
        ("Kind of gap", row["kind"]),
        ("How grave, as the source says", row["severity"]),
        ("Needs named", "; ".join(sorted(row["needs"]))),
        ("Also concerns", "; ".join(sorted(row["others"]))),
        ("About", row["about"]),
        ("Basis", row["proof"]["basis"]),
    ]
    staff = row["visibility"] == "staff"
    sort = row["kind"] or ""
    return Thing(row["gap"], row["name"], "gap", "", "", _told(facts), staff, False, sort=sort)


def _with_holders(things: Iterable[Thing], links: Iterable[Link]) -> list[Thing]:
    """Mark the agencies and bodies that hold funds and are drawn for nothing else."""
    links = list(links)
    holders = {k.start for k in links if k.kind == "holding"}
    aside = ("holding", "post", "ownership", "seat", "report", "gap")
    doing = {e for k in links if k.kind not in aside for e in (k.start, k.end)}
    return [replace(t, holds=True) if t.id in holders - doing else t for t in things]
