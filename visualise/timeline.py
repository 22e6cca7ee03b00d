"""Money over time: awards as bars, the undated as such, and the days on which something changes.

Read from the awards on record and the answers to `funding.cliff` and `funding.unfunded`; nothing is
judged here. That money has ended never says that a service closed. Drawing: `timeline_picture.py`.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.dates import add_months
from graph.stores.protocol import Store
from queries.ask import ask, evidence_rows, fact, find_question, source_titles
from queries.asked import Row
from queries.findings.wording import day as written
from queries.money import HORIZON

By = Literal["service", "fund"]
"""Whether bars stand by what is paid for or by who pays."""
Certainty = Literal["there", "wanted", "ended"]
"""Whether money is said to be there, only wanted, or said to have ended."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One award. `first` and `last` are None where no source says them.

    `known_on` is the day for which its source speaks: an award without dates is drawn there.
    `state` is a word of `visualise.signs`, `words` say it, and `dates` tell from when until when.
    """

    award: str
    subject: str
    name: str
    kind: str
    sort: str
    fund: str
    funder: str
    status: str
    certainty: Certainty
    state: str
    words: str
    dates: str
    first: datetime.date | None
    last: datetime.date | None
    known_on: datetime.date | None
    extension: datetime.date | None
    decide_by: datetime.date | None
    notice: str
    pounds: float | None
    purpose: str
    evidence: tuple[Row, ...]

    @property
    def amount(self) -> str:
        """The recorded amount; that none is recorded, where it is so."""
        return "amount not recorded" if self.pounds is None else f"£{self.pounds:,.0f}"


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which something changes if nothing else is recorded: money, and what it uncovers.

    `money` and `cells` are rows of `funding.cliff`.
    """

    number: int
    day: datetime.date
    money: tuple[Row, ...]
    cells: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The money of one partnership around a day, up to and on `until`.

    `lapsed` and `silent` are rows of `funding.unfunded`: money that ended by the day, and what no
    source names any money for.
    """

    partnership: str
    day: datetime.date
    until: datetime.date
    bars: tuple[Bar, ...]
    changes: tuple[Change, ...]
    lapsed: tuple[Row, ...]
    silent: tuple[Row, ...]


def timeline_of(
    store: Store, slug: str, day: datetime.date, months: int = 24, without: Sequence[str] = ()
) -> Timeline:
    """The awards of a partnership, and what changes in the months after a day.

    Things imagined lost change what changes; the awards on record stay as they are.
    """
    asked: dict[str, Any] = {"slugs": [slug], "as_of": day, "without": without}
    cliff = ask(store, find_question("funding.cliff"), given={"months": [str(months)]}, **asked)
    unfunded = ask(store, find_question("funding.unfunded"), **asked).rows
    return Timeline(
        partnership=slug,
        day=day,
        until=add_months(day, months),
        bars=_bars(store, slug, day),
        changes=_changes(cliff.rows),
        lapsed=tuple(r for r in unfunded if r["section"] == "money ended"),
        silent=tuple(r for r in unfunded if r["section"] == "none recorded"),
    )


def _changes(rows: Iterable[Row]) -> tuple[Change, ...]:
    days: dict[datetime.date, list[Row]] = {}
    for row in rows:
        days.setdefault(row["on_day"], []).append(row)
    return tuple(
        Change(
            number,
            day,
            tuple(r for r in days[day] if r["kind"] == "service"),
            tuple(r for r in days[day] if r["kind"] == "cell"),
        )
        for number, day in enumerate(sorted(days), start=1)
    )


# ---------------------------------------------------------------- the bars


def _bars(store: Store, slug: str, day: datetime.date) -> tuple[Bar, ...]:
    """The awards, what ends soonest first; what is paid for stands together."""
    names = {r["thing"]: str(r["name"]) for r in fact(store, "map_things", [slug])}
    titles = source_titles(store)
    sorts = _sorts(store, slug)
    periods = {r["award"]: r for r in fact(store, "award_periods", [slug])}
    bars = [
        _bar({**row, **periods[row["award"]]}, names[row["subject"]], sorts, titles, day)
        for row in fact(store, "awards", [slug])
    ]
    soonest: dict[str, datetime.date] = {}
    for bar in bars:
        end = bar.last or datetime.date.max
        soonest[bar.subject] = min(end, soonest.get(bar.subject, datetime.date.max))
    return tuple(
        sorted(
            bars,
            key=lambda b: (
                soonest[b.subject],
                b.certainty == "wanted",
                b.name,
                b.subject,
                b.last or datetime.date.max,
                b.award,
            ),
        )
    )


def _sorts(store: Store, slug: str) -> dict[str, str]:
    """What kind of service each service is, in words."""
    types = {r["term"]: str(r["name"]) for r in fact(store, "service_types")}
    return {
        r["service"]: types[min(r["types"])]
        for r in fact(store, "services", [slug])
        if r["types"] and min(r["types"]) in types
    }


def _bar(
    row: Row,
    name: str,
    sorts: Mapping[str, str],
    titles: Mapping[str, str],
    day: datetime.date,
) -> Bar:
    first, last = row["begun"], row["period_last"]
    state = _state(row, last, day)
    is_post = row["subject"].split("/")[1] == "post"
    return Bar(
        award=row["award"],
        subject=row["subject"],
        name=name,
        kind="post" if is_post else "service",
        sort="A post" if is_post else sorts.get(row["subject"], "A service"),
        fund=row["fund_name"],
        funder="; ".join(sorted(row["holder_names"])) or row["fund_name"],
        status=row["status"],
        certainty=_CERTAINTY.get(row["status"], "wanted"),
        state=state,
        words=_words(state, row["known_on"], day),
        dates=_dates(first, last, row["known_on"]),
        first=first,
        last=last,
        known_on=row["known_on"],
        extension=row["extension"],
        decide_by=row["decide_by"],
        notice=row["notice"] or "",
        pounds=row["amount"],
        purpose=row["purpose"] or "",
        evidence=tuple(evidence_rows(row["proof"], titles)),
    )


def _words(state: str, known: datetime.date | None, day: datetime.date) -> str:
    """A state in words. What is known of money without an end grows old."""
    if state == "undated" and known is not None and known < day:
        return "secured as last known"
    return _WORDS[state]


_CERTAINTY: Mapping[str, Certainty] = {"secured": "there", "at risk": "there", "ended": "ended"}
_WORDS = {
    "money ended": "ended",
    "money at risk": "said to be at risk",
    "money ends soon": "ends within 12 months",
    "begins later": "secured, begins later",
    "undated": "secured, no end recorded",
    "funded": "secured",
    "sought": "sought, not secured",
    "proposed": "proposed, not secured",
}


def _state(row: Row, last: datetime.date | None, day: datetime.date) -> str:
    status = row["status"]
    if status in ("sought", "proposed"):
        return str(status)
    if status == "ended" or (last is not None and last < day):
        return "money ended"
    if status == "at risk":
        return "money at risk"
    if row["begun"] is not None and row["begun"] > day:
        return "begins later"
    if last is None:
        return "undated"
    return "money ends soon" if last <= add_months(day, HORIZON) else "funded"


def _dates(
    first: datetime.date | None, last: datetime.date | None, known: datetime.date | None
) -> str:
    if first and last:
        return f"{written(first)} to {written(last)}"
    if last:
        return f"to {written(last)}; no start recorded"
    if first:
        return f"from {written(first)}; no end recorded"
    return f"no dates recorded (as known on {written(known)})" if known else "no dates recorded"
