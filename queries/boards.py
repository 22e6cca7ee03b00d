"""The answers about governance: whether what was decided is done, and who sits where.

How far an action is, who sits on a board and how old a source is are told as the sources tell it:
nothing here concludes that something was done. What makes money, help and cover is said in
queries/money.py, recorded.py and cells.py and only asked here on two days.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rdflib import RDF, SKOS

from graph.dates import add_months
from graph.derived import chain, whereabouts
from ontology.namespaces import FP
from ontology.schema import ontology
from queries.asked import Answerer, Asked
from queries.cells import Coverage, Judgement
from queries.money import PAID, Money, money, remaining
from queries.recorded import RUNNING, UNSPECIFIED, Facts, fallen
from queries.rows import Row, rows_by

# ---------------------------------------------------------------- done, and still open

DONE = "said to be done"
OPEN = ("planned", "in progress", "ongoing", "partly done", "blocked", "not started")
"""What a source can say of an action that is not done. Silence is neither done nor open."""


@dataclass(frozen=True, slots=True)
class Said:
    """One place that says how far an action is: in words, of which day, in which record."""

    words: str
    day: datetime.date
    proof: Row


_DONE = ("the action is said to be done", "a step of it is said to be done")


def done_but_open(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `governance.done_but_open`: done in one place and open in another.

    A progress record that an action is done settles what was said to be open before it. That
    sources disagree on the action itself is never settled by a date.
    """
    progress = rows_by(asked.facts["progress"], "about")
    parts = rows_by((r for r in asked.rows if r["part_of"]), "part_of")
    rows = []
    for action in asked.rows:
        reports = progress.get(action["action"], [])
        finished = [_report(r) for r in reports if r["status"] == DONE]
        settled = max((one.day for one in finished), default=datetime.date.min)
        still = [
            one
            for one in (
                *_status(action, "status"),
                *(_report(r) for r in reports if r["status"] in OPEN),
                *(
                    one
                    for part in parts.get(action["action"], ())
                    for one in _status(part, f"part of it, {part['name']}")
                ),
            )
            if one.day >= settled
        ]
        if action["proof"]["basis"] == "contested":
            still.append(Said("sources disagree on it", _day(action), action["proof"]))
        done = [*_claims(action), *finished]
        if done and still:
            rows.append(
                {
                    "partnership": action["partnership"],
                    "action": action["action"],
                    "name": action["name"],
                    "section": _DONE[0] if _claims(action) else _DONE[1],
                    "said_done": sorted({one.words for one in done}),
                    "still_open": sorted({one.words for one in still}),
                    "evidence": [action["proof"], *(one.proof for one in (*done, *still))],
                }
            )
    return sorted(rows, key=lambda r: (r["partnership"], _DONE.index(r["section"]), r["action"]))


def _day(record: Row) -> datetime.date:
    """The day of which a record speaks: what it reports may be earlier than it, and never later."""
    days = [day for day in (record.get("dated"), record["known_on"]) if day is not None]
    return min(days, default=datetime.date.min)


def _report(report: Row) -> Said:
    return Said(f"{report['status']}: {report['description']}", _day(report), report["proof"])


def _status(action: Row, where: str) -> list[Said]:
    if action["status"] not in OPEN:
        return []
    return [Said(f"{where}: {action['status']}", _day(action), action["proof"])]


def _claims(action: Row) -> list[Said]:
    """Where the action's own record says that it is done: its status, or 'done' for a date."""
    found = []
    if action["status"] == DONE:
        found.append(Said(f"status: {DONE}", _day(action), action["proof"]))
    if action["deadline_kind"] == DONE:
        words = f"in place of a date: {action['deadline_as_given'] or DONE}"
        found.append(Said(words, _day(action), action["proof"]))
    return found


# ---------------------------------------------------------------- who sits where

SECTORS = (
    "local authority",
    "police",
    "health",
    "voluntary",
    "housing",
    "probation and justice",
    "education",
)
"""The sectors that a board is asked about."""
ASIDE = ("observer", "invited")
"""The parts of a seat that make nobody a member: one attends only, the other is not there yet."""
LISTED = 3
"""With fewer recorded members a list is no list: who is missing from it says nothing."""
SURVIVORS = "survivors' forum"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's seat on a body, with the sector that it comes from and the records for it.

    `authority` is the local authority that the member belongs to, if it is one.
    """

    body: str
    member: str
    name: str
    state: str
    sector: str | None
    authority: str | None
    survivors: bool
    represents: tuple[str, ...]
    proofs: tuple[Row, ...]


def _seats(asked: Asked) -> dict[str, list[Seat]]:
    """The seats of members by body. A seat goes with its member, and a post with its agency."""
    agencies = {r["agency"]: r for r in asked.facts["sectors"]}
    within = {agency: r["part_of"] for agency, r in agencies.items() if r["part_of"]}
    found: dict[str, list[Seat]] = {}
    for row in asked.facts["seats"]:
        agency = row["agency"] or row["member"]
        if {row["member"], agency} & asked.lost or row["role"] in ASIDE:
            continue
        # What is no agency (a forum, a post without one) comes from no sector.
        line = [agencies[a] for a in chain(agency, within) if a in agencies]
        sector = next((r["sector"] for r in line if r["sector"]), None)
        seat = Seat(
            body=row["body"],
            member=row["member"],
            name=row["name"],
            state=row["seat"],
            sector=sector,
            authority=line[-1]["agency"] if sector == "local authority" else None,
            survivors=row["kind"] == SURVIVORS,
            represents=tuple(row["represents"] or ()),
            proofs=(row["proof"], row["member_proof"], *(r["proof"] for r in line)),
        )
        found.setdefault(seat.body, []).append(seat)
    return found


def missing_sectors(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `governance.missing_sectors`: sectors that no member of a board comes from."""
    by_body = _seats(asked)
    rows = []
    for body in asked.rows:
        seats = by_body.get(body["body"], [])
        if len({seat.member for seat in seats}) < LISTED:
            continue
        known = {seat.sector for seat in seats}
        rows += [
            {
                "partnership": body["partnership"],
                "body": body["body"],
                "name": body["name"],
                "sector": sector,
                "members": sorted({seat.name for seat in seats}),
                "sector_unknown": sorted({seat.name for seat in seats if seat.sector is None}),
                "evidence": [body["proof"], *(p for seat in seats for p in seat.proofs)],
            }
            for sector in SECTORS
            if sector not in known
        ]
    return sorted(rows, key=lambda r: (r["partnership"], r["name"], SECTORS.index(r["sector"])))


# ---------------------------------------------------------------- Part 4 of the Act of 2021

BOARD = "Part 4 board"
DOCUMENTS = {
    "needs assessment": "Part 4 needs assessment",
    "strategy": "Part 4 strategy",
    "annual report": "Part 4 annual report",
}
"""What has to be written, with the duty that it serves."""
VICTIMS = "shared/client-group/victims"
CHILDREN = "shared/client-group/children"
TIER_TWO = "tier two authorities"
ON_RECORD, NEEDS_WORK, TO_CONFIRM = "on record", "needs work", "to be confirmed"
SEAT_EMPTY, MISSING, NOT_RECORDED = "seat empty", "stated missing", "not recorded"
STATES = (ON_RECORD, NEEDS_WORK, TO_CONFIRM, SEAT_EMPTY, MISSING, NOT_RECORDED)
"""How a requirement stands, best first: of several seats or documents the best one counts."""
NOT_IN_FORCE = "not in force on this day"
_SEAT = {"taken": ON_RECORD, "empty": SEAT_EMPTY}
_DOCUMENT = {
    "in force": ON_RECORD,
    "complete": ON_RECORD,
    "in draft": NEEDS_WORK,
    "to be drawn up": NEEDS_WORK,
    "needs updating": NEEDS_WORK,
    "being refreshed": NEEDS_WORK,
    "missing": MISSING,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the law: where it stands there, and from which day it binds."""

    law: str
    in_force: datetime.date


@lru_cache(maxsize=1)
def duties() -> Mapping[str, Duty]:
    """The duties of the ontology by their words."""
    graph = ontology()
    return {
        str(graph.value(duty, SKOS.prefLabel)): Duty(
            str(graph.value(duty, SKOS.definition)).removesuffix("."),
            datetime.date.fromisoformat(str(graph.value(duty, FP.inForceFrom))),
        )
        for duty in graph.subjects(RDF.type, FP.Duty)
    }


class Locality:
    """One partnership as section 58 sees it: its area, and which councils work in a part of it.

    A tier two authority is a council all of whose areas are parts of the partnership's own; any
    other that works there stands for the authority that holds the duties.
    """

    def __init__(self, asked: Asked, slug: str) -> None:
        self._home = asked.homes[slug]
        self._within = {r["area"]: r["within"] for r in asked.facts["areas"] if r["within"]}
        self._agencies = {
            r["agency"]: r
            for r in asked.facts["sectors"]
            if r["partnership"] == slug and r["agency"] not in asked.lost and not r["benchmark"]
        }
        self._broader = {r["term"]: r["broader"] for r in asked.facts["groups"]}
        councils = {
            agency
            for agency, row in self._agencies.items()
            if row["sector"] == "local authority" and not row["part_of"]
        }
        self.tier_two = frozenset(c for c in councils if self._is_part(self._areas(c)))

    def holds_the_duties(self, council: str) -> bool:
        """Whether a council is the one that the Act speaks to, as far as its areas tell."""
        where = whereabouts(self._home, self._areas(council), self._within)
        return council not in self.tier_two and where != "outside"

    def speaks_for(self, seat: Seat, group: str) -> bool:
        """Whether a seat is for a client group or for a part of it."""
        waiting, seen = list(seat.represents), set()
        while waiting:
            current = waiting.pop()
            if current == group:
                return True
            if current not in seen:
                seen.add(current)
                waiting += self._broader.get(current, ())
        return False

    def _areas(self, council: str) -> Sequence[str]:
        return self._agencies[council]["areas"] if council in self._agencies else ()

    def _is_part(self, areas: Sequence[str]) -> bool:
        return bool(areas) and all(
            area != self._home and self._home in chain(area, self._within) for area in areas
        )


Fits = Callable[[Seat, Locality], bool]
SEATS: Mapping[str, Fits] = {
    "local authority": lambda s, here: (
        s.authority is not None and here.holds_the_duties(s.authority)
    ),
    TIER_TWO: lambda s, here: s.authority in here.tier_two,
    "victims": lambda s, here: s.survivors or here.speaks_for(s, VICTIMS),
    "children of victims": lambda s, here: here.speaks_for(s, CHILDREN),
    "charities and other voluntary organisations": lambda s, _: s.sector == "voluntary",
    "health care": lambda s, _: s.sector == "health",
    "policing or criminal justice": lambda s, _: s.sector in ("police", "probation and justice"),
}
"""Whom section 58(2) of the Domestic Abuse Act 2021 wants on the board, at least one of each."""


def part_4(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `governance.part_4`: what Part 4 asks for, and how each stands on record.

    Before the day on which it came into force there is one row that says so.
    """
    seats = _seats(asked)
    rows = []
    for partnership in asked.partnerships:
        slug = partnership.slug
        if duties()[BOARD].in_force > asked.day:
            rows.append(_requirement(slug, "all", None, NOT_IN_FORCE, [], None, []))
            continue
        records = [r for r in asked.rows if r["partnership"] == slug and _is_there(r, asked.day)]
        boards = [r for r in records if BOARD in r["duty"]]
        sitting = [seat for board in boards for seat in seats.get(board["record"], ())]
        rows += _on_the_board(slug, Locality(asked, slug), boards, sitting)
        for requirement, duty in DOCUMENTS.items():
            found = [r for r in records if duty in r["duty"]]
            states = [_DOCUMENT.get(r["state"], TO_CONFIRM) for r in found]
            best = _best(states)
            counted = [r for r, state in zip(found, states, strict=True) if state == best]
            days = [r["until"] for r in counted if r["until"] is not None]
            names = [r["name"] for r in counted]
            proofs = [r["proof"] for r in found]
            rows.append(
                _requirement(slug, requirement, duty, best, names, max(days, default=None), proofs)
            )
    return rows


def _is_there(record: Row, day: datetime.date) -> bool:
    """Whether a board or document is more than a plan on a day, as far as the sources tell."""
    has_begun = record["begins"] is None or record["begins"] <= day
    return has_begun and record["standing"] in (None, *RUNNING)


def _on_the_board(
    slug: str, locality: Locality, boards: Sequence[Row], sitting: Sequence[Seat]
) -> list[dict[str, Any]]:
    rows = []
    for requirement, fits in SEATS.items():
        if requirement == TIER_TWO and not locality.tier_two:
            continue
        found = [seat for seat in sitting if fits(seat, locality)]
        states = [_SEAT.get(seat.state, TO_CONFIRM) for seat in found]
        best = _best(states)
        names = [seat.name for seat, state in zip(found, states, strict=True) if state == best]
        proofs = [b["proof"] for b in boards] + [p for seat in found for p in seat.proofs]
        rows.append(_requirement(slug, requirement, BOARD, best, names, None, proofs))
    return rows


def _best(states: Iterable[str]) -> str:
    return min(states, key=STATES.index, default=NOT_RECORDED)


def _requirement(
    slug: str,
    requirement: str,
    duty: str | None,
    state: str,
    names: Sequence[str],
    until: datetime.date | None,
    proofs: Sequence[Row],
) -> dict[str, Any]:
    return {
        "partnership": slug,
        "requirement": requirement,
        "state": state,
        "named": sorted(set(names)),
        "until": until,
        "law": duties()[duty].law if duty else None,
        "evidence": list(proofs),
    }


# ---------------------------------------------------------------- what changed

MONEY_ENDED, MONEY_BEGAN, OVERDUE = "money ended", "money began", "became overdue"
OPENED, CLOSED, PROGRESS = "service opened", "service closed", "progress recorded"
COVER = "cover changed"
INTENDED = ("not started", "planned", "to be identified")
"""The statuses of progress that tell of what is still to come."""
CHANGES = (MONEY_ENDED, MONEY_BEGAN, OVERDUE, OPENED, CLOSED, PROGRESS, COVER)
"""Every kind of change, in the order in which they are shown."""
_AFTER = datetime.timedelta(days=1)
_BEGAN = ("begins later", "money ended")
"""The states of money after which it can be said to begin: before it, somebody knew of none."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days after `start`, up to and on `day`."""

    start: datetime.date
    day: datetime.date

    def has(self, day: datetime.date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.start < day <= self.day

    def after(self, last: datetime.date | None) -> datetime.date | None:
        """The day after a last day, if it lies in the window."""
        return last + _AFTER if last is not None and self.start <= last < self.day else None


def changes(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `governance.changes`: what the months before the day brought, by kind."""
    window = Window(add_months(asked.day, -asked.given.numbers["months"]), asked.day)
    facts = asked.recorded
    down = fallen(facts, asked.day, asked.lost)
    things = [
        r
        for r in asked.rows
        if r["thing"] not in down and not (r["agencies"] and set(r["agencies"]) <= asked.lost)
    ]
    rows = [
        *_money(asked, things, window),
        *_overdue(asked.facts["deadlines"], window),
        *_openings(things, window),
        *_reports(asked.facts["progress"], window),
        *_cover(facts, asked.facts["gaps"], window),
    ]
    order = {section: n for n, section in enumerate(CHANGES)}
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            order[r["section"]],
            r["on_day"] or datetime.date.max,
            r["name"],
            r["thing"] or "",
        ),
    )


def _change(
    section: str, record: Row, on_day: datetime.date, thing: str, proofs: Sequence[Row]
) -> dict[str, Any]:
    return {
        "partnership": record["partnership"],
        "section": section,
        "on_day": on_day,
        "thing": thing,
        "name": record["name"],
        "group": None,
        "need": None,
        "area": None,
        "before": None,
        "after": None,
        "evidence": list(proofs),
    }


def _money(asked: Asked, things: Sequence[Row], window: Window) -> list[dict[str, Any]]:
    """The days on which the last of a service's or post's money was gone, or money came.

    Another area's services are left out: their money is not this partnership's.
    """
    awards = rows_by(asked.facts["awards"], "subject")
    rows = []
    for thing in things:
        left = remaining(awards.get(thing["thing"], ()), asked.lost)
        if thing["whereabouts"] == "outside":
            continue
        days = {a["live_from"] for a in left if window.has(a["live_from"])}
        days |= {window.after(a["live_until"]) for a in left} - {None}
        for on_day in sorted(days):
            was, now = money(left, on_day - _AFTER), money(left, on_day)
            section, there = _turn(was, now)
            if section:
                row = _change(
                    section,
                    thing,
                    on_day,
                    thing["thing"],
                    [thing["proof"], *(a["proof"] for a in there.awards)],
                )
                rows.append({**row, "before": was.section, "after": now.section})
    return rows


def _turn(was: Money, now: Money) -> tuple[str | None, Money]:
    """What one day brought for the money of a thing, and the money that it is told of."""
    if was.section in PAID and now.section not in PAID:
        return MONEY_ENDED, was
    if was.section in _BEGAN and now.section in PAID:
        return MONEY_BEGAN, now
    return None, now


def _overdue(deadlines: Sequence[Row], window: Window) -> list[dict[str, Any]]:
    found = ((r, window.after(r["due"])) for r in deadlines)
    return [_change(OVERDUE, r, day, r["action"], [r["proof"]]) for r, day in found if day]


def _openings(things: Sequence[Row], window: Window) -> list[dict[str, Any]]:
    """Services that opened or closed. A planned one is not said to have opened on its day."""
    rows = []
    for thing in things:
        if window.has(thing["opened"]) and thing["standing"] in (*RUNNING, "ended"):
            rows.append(_change(OPENED, thing, thing["opened"], thing["thing"], [thing["proof"]]))
        shut = window.after(thing["closed"])
        if shut:
            rows.append(_change(CLOSED, thing, shut, thing["thing"], [thing["proof"]]))
    return rows


def _reports(progress: Sequence[Row], window: Window) -> list[dict[str, Any]]:
    """What happened in the window, one row a progress record, named by what it reports on.

    A source cannot tell what happened after its own date, and an intention has not happened.
    """
    rows = []
    for reports in rows_by(progress, "progress").values():
        first = reports[0]
        happened = first["status"] not in INTENDED and window.has(first["dated"])
        if happened and first["dated"] <= (first["known_on"] or window.day):
            names = "; ".join(sorted(r["about_name"] for r in reports))
            row = {**first, "name": f"{names}: {first['description']}"}
            change = _change(PROGRESS, row, first["dated"], first["progress"], [first["proof"]])
            rows.append({**change, "after": first["status"]})
    return rows


def _cover(facts: Facts, gaps: Sequence[Row], window: Window) -> list[dict[str, Any]]:
    """Cells with help at either end of the window whose state is not the same at both."""
    ends = [Coverage(facts, gaps, day) for day in (window.start, window.day)]
    cells = {cell for end in ends for cell in end.helps if cell[1] != UNSPECIFIED}
    rows = []
    for cell in sorted(cells):
        was, now = (end.judge(cell) for end in ends)
        if was.state != now.state:
            told = facts.describe(cell)
            rows.append(
                {
                    "partnership": _partnership(was, now, facts.services),
                    "section": COVER,
                    "on_day": None,
                    "thing": None,
                    "name": f"{told['group_name']}: {told['need_name']}, {told['area_name']}",
                    **{key: told[key] for key in ("group", "need", "area")},
                    "before": was.state,
                    "after": now.state,
                    "evidence": [*was.proofs, *now.proofs],
                }
            )
    return rows


def _partnership(was: Judgement, now: Judgement, services: Mapping[str, Row]) -> str:
    """The partnership whose service helps, or helped, in a cell."""
    return str(services[(*was.helps, *now.helps)[0].service]["partnership"])


# ---------------------------------------------------------------- how old the sources are


def old_sources(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `evidence.old_sources`: what was last said more than the months ago."""
    limit = add_months(asked.day, -asked.given.numbers["months"])
    rows = [
        {**{k: v for k, v in source.items() if k != "proof"}, "evidence": [source["proof"]]}
        for source in asked.rows
        if source["dated"] is not None and source["dated"] < limit
    ]
    return sorted(rows, key=lambda r: (r["partnership"], r["dated"], r["source"]))


ANSWERS: Mapping[str, Answerer] = {
    "done_but_open": done_but_open,
    "missing_sectors": missing_sectors,
    "part_4": part_4,
    "changes": changes,
    "old_sources": old_sources,
}
