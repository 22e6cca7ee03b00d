"""The funding cliff over time: what changes state on which day, from change points.

How money and cells stand on a day is said in queries/money.py and queries/cells.py; both compare
the day with recorded dates and with nothing else. Between two days on which such a comparison comes
out differently nothing can change, so the state is looked at on those days alone and compared with
the one before. The tests look at every day and compare.
"""

import calendar
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.dates import add_months
from queries.asked import Answerer, Asked
from queries.cells import Coverage, Judgement
from queries.money import HORIZON, PAID, Money, money_left, remaining
from queries.recorded import UNSPECIFIED, Facts, fallen
from queries.rows import Row
from queries.spending import Funders, goes_with_its_agency

SERVICE, CELL = "service", "cell"
_DAY = datetime.timedelta(days=1)


def change_points(
    facts: Facts, day: datetime.date, until: datetime.date
) -> tuple[datetime.date, ...]:
    """The days after `day`, up to and on `until`, on which anything can stand otherwise.

    Money begins on its first day and has ended on the day after its last; a cell comes to be at
    risk on the day on which the end of its money is the horizon away. A service is open from its
    first day, and closed on the day after its last.
    """
    found: set[datetime.date | None] = set()
    for award in (a for awards in facts.awards.values() for a in awards):
        found |= {award["live_from"], award["begun"]}
        if award["live_until"] is not None:
            found |= {_after(award["live_until"]), horizon_reaches(award["live_until"])}
    for service in facts.services.values():
        found.add(service["opened"])
        if service["closed"] is not None:
            found.add(_after(service["closed"]))
    return tuple(sorted(d for d in found if d is not None and day < d <= until))


def _after(day: datetime.date) -> datetime.date | None:
    """The next day; None after the last one of the calendar."""
    return day + _DAY if day < datetime.date.max else None


def horizon_reaches(end: datetime.date, months: int = HORIZON) -> datetime.date:
    """The first day from which `add_months` leads to `end` or beyond it.

    That is the same day of the month, `months` earlier. Where that month has no such day, even its
    last day leads to a day before the end, and it is the first day of the month after.

    >>> horizon_reaches(datetime.date(2028, 2, 29), 12)
    datetime.date(2027, 3, 1)
    """
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    if year < datetime.MINYEAR:
        return datetime.date.min
    _, last = calendar.monthrange(year, month + 1)
    same = datetime.date(year, month + 1, min(end.day, last))
    return same if end.day <= last else same + _DAY


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands on a day: the money of each service and post, and the cells."""

    day: datetime.date
    money: Mapping[str, Money]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """A service or post whose money stands otherwise from a day on."""

    on_day: datetime.date
    thing: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that stands otherwise from a day on, with what came about on that day."""

    on_day: datetime.date
    before: Judgement
    after: Judgement
    news: tuple[str, ...]


class Outlook:
    """What is recorded of money and cells, seen from a day on."""

    def __init__(
        self, facts: Facts, gaps: Sequence[Row], subjects: Iterable[Row], day: datetime.date
    ) -> None:
        self._facts, self._gaps, self._day = facts, gaps, day
        self._subjects = [s for s in subjects if s["service"] in facts.awards]
        self._lasting = _lost_for_good(facts, day)

    def standing(self, day: datetime.date) -> Standing:
        """How everything stands on a day, from the first one on.

        What falls with things imagined lost has no more money than what loses its own.
        """
        lost = self._facts.lost
        down = fallen(self._lasting, day, lost)
        found = {}
        for subject in self._subjects:
            thing = subject["service"]
            state = money_left(self._facts.awards[thing], day, lost)
            gone = thing in down or goes_with_its_agency(subject, lost)
            if gone and state.section in PAID:
                state = Money("imagined lost", None, state.awards)
            found[thing] = state
        return Standing(day, found, Coverage(self._lasting, self._gaps, day))

    def changes(self, until: datetime.date) -> Iterator[MoneyChange | CellChange]:
        """Everything that stands otherwise on a later day, up to and on `until`, by days."""
        earlier = self.standing(self._day)
        for point in change_points(self._facts, self._day, until):
            later = self.standing(point)
            yield from between(earlier, later)
            earlier = later


def _lost_for_good(facts: Facts, day: datetime.date) -> Facts:
    """The facts in which money that is imagined lost from a day on has no end.

    On one day, money that pays no longer cannot be lost. Over many days that would bring help back
    on the day on which the lost money would have ended.
    """

    def lasting(awards: Sequence[Row]) -> list[Row]:
        left = {award["award"] for award in remaining(awards, facts.lost)}
        return [
            award
            if award["award"] in left or not award["live_until"] or award["live_until"] < day
            else {**award, "live_until": datetime.date.max}
            for award in awards
        ]

    return replace(facts, awards={s: lasting(awards) for s, awards in facts.awards.items()})


def between(earlier: Standing, later: Standing) -> Iterator[MoneyChange | CellChange]:
    """Everything that stands otherwise on a day than on an earlier one."""
    yield from _money_changes(earlier, later)
    yield from _cell_changes(earlier, later)


def _money_changes(earlier: Standing, later: Standing) -> Iterator[MoneyChange]:
    """The services and posts whose money stands otherwise.

    Where money is imagined lost, it changes nothing that it would have begun or ended. That money
    without an end is undated from the day after its source's own is no change either: what is known
    of it grows old, and nothing ends.
    """
    for thing, before in earlier.money.items():
        after = later.money[thing]
        sections = {before.section, after.section}
        is_void = "imagined lost" in sections and not sections & set(PAID)
        if len(sections) == 2 and not is_void and sections != set(PAID):
            yield MoneyChange(later.day, thing, before, after)


def _cell_changes(earlier: Standing, later: Standing) -> Iterator[CellChange]:
    """The cells, of all with help on either day, that stand otherwise."""
    cells = {*earlier.coverage.helps, *later.coverage.helps}
    for cell in sorted(c for c in cells if c[1] != UNSPECIFIED):
        before, after = earlier.coverage.judge(cell), later.coverage.judge(cell)
        if before.state != after.state:
            yield CellChange(later.day, before, after, _news(earlier, later, before, after))


def _news(
    earlier: Standing, later: Standing, before: Judgement, after: Judgement
) -> tuple[str, ...]:
    """What came about for a cell: which help is gone and why, and which is new."""
    was, remains = ({h.service for h in j.helps} for j in (before, after))
    group = before.cell[0]
    said, now = (
        {
            (other.name, other.reason)
            for cell, others in s.coverage.others.items()
            for other in others
            if cell[0] == group and other.service in was - remains
        }
        for s in (earlier, later)
    )
    new = {h.name for h in after.helps if h.service not in was}
    return (
        *(reason for _, reason in sorted(now - said)),
        *(f"{name}: help on record from this day" for name in sorted(new)),
    )


# ---------------------------------------------------------------- the answer


def cliff(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.cliff`: what changes state on which day of the months to come."""
    facts = asked.recorded
    subjects = {subject["service"]: subject for subject in asked.rows}
    funders = Funders(asked.facts["funds"], asked.lost)
    known = {p.slug: p.newest.isoformat() for p in asked.partnerships}
    outlook = Outlook(facts, asked.facts["gaps"], asked.rows, asked.day)
    until = add_months(asked.day, asked.given.numbers["months"])
    rows = [
        _money_row(change, subjects[change.thing], funders, known)
        if isinstance(change, MoneyChange)
        else _cell_row(change, facts)
        for change in outlook.changes(until)
    ]
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            r["on_day"],
            (SERVICE, CELL).index(r["kind"]),
            *(r[key] or "" for key in ("name", "group_name", "need_name", "area_name", "thing")),
        ),
    )


_NO_CELL: Mapping[str, None] = dict.fromkeys(
    ("group", "group_name", "need", "need_name", "area", "area_name")
)


def _money_row(
    change: MoneyChange, subject: Row, funders: Funders, known: Mapping[str, str]
) -> dict[str, Any]:
    awards = [*change.before.awards, *change.after.awards]
    return {
        **_NO_CELL,
        "partnership": subject["partnership"],
        "on_day": change.on_day,
        "kind": SERVICE,
        "thing": change.thing,
        "name": subject["name"],
        "before": change.before.section,
        "after": change.after.section,
        "because": _because(change.after, funders, known[subject["partnership"]]),
        "evidence": [subject["proof"], *funders.proofs(awards)],
    }


def _because(after: Money, funders: Funders, known: str) -> str:
    """What the records say of the money from the day on."""
    paying = "; ".join(sorted({funders.told(award) for award in after.awards}))
    until = after.until.isoformat() if after.until else None
    match after.section:
        case "funded":
            return f"paid by {paying}" + (f" until {until}" if until else ", with no end recorded")
        case "undated":
            return f"paid by {paying}, as last known; its end is not recorded"
        case "money ended":
            return (
                f"last paid by {paying}, until {until}; no renewal recorded (as known on {known})"
            )
        case "imagined lost":
            return "its money would be gone with what is imagined lost"
        case _:
            return "money on record later; whether it is there on this day is not said"


def _cell_row(change: CellChange, facts: Facts) -> dict[str, Any]:
    judged = (change.before, change.after)
    helps = [h for j in judged for h in j.helps if h.cell == j.cell]
    reasons = dict.fromkeys((*change.news, *change.after.reasons))
    return {
        **facts.describe(change.before.cell),
        "partnership": facts.services[helps[0].service]["partnership"],
        "on_day": change.on_day,
        "kind": CELL,
        "thing": None,
        "name": None,
        "before": change.before.state,
        "after": change.after.state,
        "because": "; ".join(reasons) or None,
        "evidence": [proof for j in judged for proof in j.proofs],
    }


ANSWERS: Mapping[str, Answerer] = {"cliff": cliff}
