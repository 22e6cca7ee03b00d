"""The links on a map, in words: who pays for, provides, sends to, sits on or lacks what.

Links are made from rows of `queries/facts`. Only those of money change with the day. Which of them
stand on a map together is said in `layers.py`; how they are drawn, in `cards.py`.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph.accounting import reading_order
from queries.money import is_live
from queries.recorded import WORKING

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
LinkKind = Literal[
    "holding",
    "money",
    "provision",
    "post",
    "reach",
    "referral",
    "ownership",
    "seat",
    "report",
    "gap",
]

PLANNED = ("planned", "proposed")
_BEARING = ("post", "money", "referral")
_IN_PLACE = ("secured", "at risk")
_NO_HELP = ("under-served", "excluded")
_MARKS = {
    "to be reinforced": "! to be reinforced",
    "being drafted": "… being drafted",
    "proposed": "… proposed",
    "missing": "✕ missing",
    "not stated": "? not said if it works",
}
"""What stands beside a route that does not simply work."""
_SEATS = {"to be confirmed": "… seat to be confirmed", "empty": "! seat empty"}
"""What stands beside a seat that nobody is known to hold."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something is said: the source's title, the places in it, and the basis."""

    title: str
    places: tuple[str, ...]
    basis: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two things, in words; `firm` is False where it is wanted or not working.

    `mark` is the sign and word beside a link that is not simply there; `record` is the record that
    says so, where it is one of its own.
    """

    id: str
    kind: LinkKind
    start: str
    end: str
    says: str
    firm: bool
    record: str | None
    mark: str = ""
    evidence: Evidence | None = None


def written(day: datetime.date) -> str:
    """A day as people write it: 1 April 2013."""
    return f"{day.day} {day:%B %Y}"


def titles_of(rows: Rows) -> dict[str, str]:
    """The titles of sources by id."""
    return {row["source"]: str(row["title"]) for row in rows["sources"]}


def evidence_of(proof: Row | None, titles: Mapping[str, str]) -> Evidence | None:
    """Where a record is said, or None where it comes from no source."""
    if proof is None or proof["source"] is None:
        return None
    places = tuple(sorted(proof["place"] or (), key=reading_order))
    return Evidence(titles.get(proof["source"], ""), places, proof["basis"])


def links(rows: Rows, day: datetime.date) -> list[Link]:
    """All links that rows speak of, in a fixed order; some may lead to what is not drawn."""
    found = [
        *(_award(r, day) for r in rows["awards"]),
        *(_provision(r) for r in rows["provisions"]),
        *(_post(r) for r in rows["dependences"]),
        *(_reach(r) for r in rows["reaches"]),
        *(_route(r) for r in rows["map_routes"]),
        *_held(rows),
        *_governance(rows),
        *_gaps(rows),
    ]
    return sorted(_with_evidence(_owned(found), rows), key=lambda k: k.id)


def _with_evidence(found: Iterable[Link], rows: Rows) -> Iterator[Link]:
    titles, proofs = titles_of(rows), _proofs(rows)
    for link in found:
        yield replace(link, evidence=evidence_of(proofs.get(link.id), titles))


def _proofs(rows: Rows) -> dict[str, Row]:
    """By a link's id: the proof of the record that says it."""
    own = ("awards", "provisions", "dependences", "reaches", "map_routes", "seats")
    found: dict[str, Row] = {r["proof"]["record"]: r["proof"] for n in own for r in rows[n]}
    found |= {f"{r['holder']}>{r['fund']}": r["proof"] for r in rows["map_holders"]}
    found |= {f"{r['agency']}>{r['post']}": r["proof"] for r in rows["map_posts"]}
    found |= {f"{r['body']}>{r['target']}": r["proof"] for r in rows["map_reports"]}
    for row in rows["map_gaps"]:
        found |= {f"{row['gap']}>{end}": row["proof"] for end in (*row["terms"], *row["affects"])}
    return found


# ---------------------------------------------------------------- money


def _held(rows: Rows) -> Iterator[Link]:
    for row in rows["map_holders"]:
        holder, fund = row["holder"], row["fund"]
        yield Link(f"{holder}>{fund}", "holding", holder, fund, "holds", True, None)


def _award(row: Row, day: datetime.date) -> Link:
    says, firm = _paying(row, day)
    return _link(row, "money", row["award"], row["fund"], row["subject"], says, firm)


def _paying(row: Row, day: datetime.date) -> tuple[str, bool]:
    """What an award does on a day. One without an end is never told as ended."""
    status, until = row["status"], row["live_until"]
    if status not in _IN_PLACE:
        return f"pays for ({status})", False
    if row["undated"] or until is None:
        return f"pays for ({status}, no end recorded)", True
    if until < day:
        return f"paid for, until {written(until)} (no longer on this day)", False
    if row["begun"] is not None and row["begun"] > day:
        return f"pays for, from {written(row['begun'])} ({status})", False
    start = "" if is_live(row, day) else "; its start is not recorded"
    return f"pays for ({status}, until {written(until)}{start})", True


# ---------------------------------------------------------------- services


def _provision(row: Row) -> Link:
    standing = row["standing"]
    says = row["role"] + (f" ({standing})" if standing not in (None, "operating") else "")
    firm = standing not in (*PLANNED, "ended")
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
    status = row["status"]
    says = f"refers to (route {status})"
    if status == "missing":
        says = "has no route to (a source says it is missing)"
    if row["condition"]:
        says += f"; {row['condition']}"
    firm, mark = status in WORKING, _MARKS.get(status, "")
    start, end, record = row["origin"], row["target"], row["route"]
    return Link(record, "referral", start, end, _based(says, row["basis"]), firm, record, mark)


# ---------------------------------------------------------------- governance and gaps


def _governance(rows: Rows) -> Iterator[Link]:
    for row in rows["map_posts"]:
        agency, post = row["agency"], row["post"]
        yield Link(f"{agency}>{post}", "ownership", agency, post, "has the post", True, None)
    for row in rows["map_reports"]:
        body, target = row["body"], row["target"]
        yield Link(f"{body}>{target}", "report", body, target, "reports to", True, None)
    for row in rows["seats"]:
        yield _seat(row)


def _seat(row: Row) -> Link:
    told = [row["role"], f"seat {row['seat']}" if row["seat"] else None]
    more = ", ".join(filter(None, told))
    says = "sits on" + (f" ({more})" if more else "")
    mark = _SEATS.get(row["seat"], "")
    firm = not mark
    record = row["proof"]["record"]
    link = _link(row, "seat", record, row["member"], row["body"], says, firm)
    return replace(link, mark=mark)


def _gaps(rows: Rows) -> Iterator[Link]:
    for row in rows["map_gaps"]:
        gap, basis = row["gap"], row["proof"]["basis"]
        for term in sorted(row["terms"]):
            says = _based("names a gap for", basis)
            yield Link(f"{gap}>{term}", "gap", gap, term, says, True, gap)
        for thing in sorted(row["affects"]):
            says = _based("names a gap at", basis)
            yield Link(f"{gap}>{thing}", "gap", gap, thing, says, True, gap)


def _owned(found: Sequence[Link]) -> Iterator[Link]:
    """A post that services or money hang on is one of its agency's providing, not governance."""
    bearing = {e for k in found if k.kind in _BEARING for e in (k.start, k.end)}
    for link in found:
        is_bearing = link.kind == "ownership" and link.end in bearing
        yield replace(link, kind="post") if is_bearing else link


# ---------------------------------------------------------------- words


def _link(
    row: Row, kind: LinkKind, record: str, start: str, end: str, says: str, firm: bool
) -> Link:
    return Link(record, kind, start, end, _based(says, row["proof"]["basis"]), firm, record)


def _based(says: str, basis: str | None) -> str:
    return says if basis in (None, "stated") else f"{says} – {basis}"
