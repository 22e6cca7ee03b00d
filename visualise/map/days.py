"""The days on which a map looks otherwise, and what changes on it from each to the next.

The days are the change points of `queries/cliff.py`: between them nothing can stand otherwise. They
begin with the newest source, or earlier where an earlier day is asked for. Money without a recorded
end is counted apart from money that ended, on every day.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.cliff import change_points
from queries.recorded import read_facts
from visualise.map.chart import Chart, Thing, chart
from visualise.map.links import Link, Rows

_NO_ROWS = ("referrals", "areas", "needs")
"""What `read_facts` wants to have and change points do not depend on."""
_UNDATED = "~ no end of its money is recorded; later days are not told"


@dataclass(frozen=True, slots=True)
class Counts:
    """How the money of services and posts stands on a day, of those with any on record."""

    in_place: int
    undated: int
    ended: int
    other: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, what stands otherwise on it than on the one before, and how money stands."""

    day: datetime.date
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    counts: Counts


def days_of(rows: Rows, newest: datetime.date, day: datetime.date) -> list[datetime.date]:
    """The days on which a map can look otherwise, from the newest source or the day shown on."""
    first = min(newest, day)
    facts = read_facts({**dict.fromkeys(_NO_ROWS, ()), **rows}, {}, frozenset())
    return sorted({first, newest, day, *change_points(facts, first, _last(rows, newest))})


def _last(rows: Rows, newest: datetime.date) -> datetime.date:
    """The last day after which nothing that is recorded changes."""
    found = [award["live_until"] for award in rows["awards"]]
    found += [row[key] for row in rows["services"] for key in ("opened", "closed")]
    found += [award["begun"] for award in rows["awards"]]
    last = max((d for d in found if d is not None), default=newest)
    return last + datetime.timedelta(days=1) if last < datetime.date.max else last


def moments(rows: Rows, days: Sequence[datetime.date]) -> list[Moment]:
    """Each day with what stands otherwise on it; the first with everything."""
    found: list[Moment] = []
    things: Mapping[str, Thing] = {}
    links: Mapping[str, Link] = {}
    for day in days:
        said = chart(rows, day)
        new = tuple(t for t in said.things if things.get(t.id) != t)
        joined = tuple(k for k in said.links if links.get(k.id) != k)
        found.append(Moment(day, new, joined, counts_of(said)))
        things = {t.id: t for t in said.things}
        links = {k.id: k for k in said.links}
    return found


def counts_of(said: Chart) -> Counts:
    """How the money of services and posts stands, where any is on record."""
    money = [t.money for t in said.things if t.money not in ("", "none recorded")]
    apart = ("funded", "undated", "money ended")
    in_place, undated, ended = (money.count(section) for section in apart)
    return Counts(in_place, undated, ended, len(money) - in_place - undated - ended)


def news_of(found: Sequence[Moment]) -> dict[datetime.date, list[str]]:
    """By day: what is marked otherwise from that day on, in words; the first day has no news."""
    signs: dict[str, str] = {}
    told: dict[datetime.date, list[str]] = {}
    for number, moment in enumerate(found):
        told[moment.day] = sorted(_news(moment.things, signs)) if number else []
        signs |= {t.id: _sign(t) for t in moment.things}
    return told


def _sign(thing: Thing) -> str:
    if thing.sign:
        return thing.sign
    return _UNDATED if thing.money == "undated" else ""


def _news(things: Iterable[Thing], signs: Mapping[str, str]) -> list[str]:
    return [
        f"{t.name}: {_sign(t) or 'no longer marked'}"
        for t in things
        if _sign(t) != signs.get(t.id, "")
    ]
