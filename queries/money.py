"""What 'funded' means on a day, said once and used by every question.

An award is there from its `live_from` to its `live_until` (see graph/derived.py). A service or post
is funded on a day when one of its awards is; how it stands otherwise is told apart, and only what a
source says counts.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graph.dates import add_months

Row = Mapping[str, Any]
HORIZON = 12
"""Months within which money that ends counts as ending soon, or puts a cell at risk."""
Section = Literal[
    "funded",
    "imagined lost",
    "money ended",
    "none recorded",
    "only sought or proposed",
    "begins later",
    "start not recorded",
    "undated",
]
SECTIONS: tuple[Section, ...] = (
    "imagined lost",
    "money ended",
    "none recorded",
    "only sought or proposed",
    "begins later",
    "start not recorded",
    "undated",
)
"""The states that are not 'funded', in the order in which they are shown."""
PAID = ("funded", "undated")
"""The states in which money is there, as far as anybody has written down."""
_GIVEN = ("imagined lost", "money ended", "undated")
"""The states in which money was given, so that there is a last funder to name."""


@dataclass(frozen=True, slots=True)
class Money:
    """How a service or post is funded on a day.

    `until` is the last day of the money that lasts longest; None where it is undated. `awards` are
    the awards that the state rests on.
    """

    section: Section
    until: datetime.date | None
    awards: tuple[Row, ...]

    @property
    def ends(self) -> datetime.date | None:
        """The last day of the money, where all of it has an end and is there now."""
        return self.until if self.section == "funded" else None


def is_live(award: Row, day: datetime.date) -> bool:
    """Whether the money of an award is known to be there on a day."""
    return award["live_from"] is not None and award["live_from"] <= day <= award["live_until"]


def remaining(awards: Iterable[Row], lost: frozenset[str]) -> list[Row]:
    """The awards that are left when things are lost: an award goes with its fund and its holders.

    A fund goes when all who hold it go; one whose holder nobody names stays.
    """
    return [
        award
        for award in awards
        if not {award["award"], award["fund"]} & lost
        and not (award["holders"] and set(award["holders"]) <= lost)
    ]


def money(awards: Iterable[Row], day: datetime.date) -> Money:
    """How a service or post with these awards is funded on a day."""
    awards = list(awards)
    there = [a for a in awards if a["live_from"] is not None]
    live = [a for a in there if is_live(a, day)]
    if live:
        endless = any(a["undated"] for a in live)
        return Money("funded", None if endless else _latest(live), tuple(live))
    begun = [a for a in there if a["begun"] is None or a["begun"] <= day]
    undated = [a for a in begun if a["undated"]]
    if undated:
        return Money("undated", None, tuple(undated))
    early = [a for a in begun if day < a["live_from"]]
    if early:
        return Money("start not recorded", None, tuple(early))
    later = [a for a in there if a["live_from"] > day]
    ended = [a for a in there if a["live_until"] < day]
    if ended:
        return Money("money ended", _latest(ended), tuple(ended))
    if later:
        return Money("begins later", None, tuple(later))
    stated = [a for a in awards if a["status"] == "ended"]
    if stated:
        return Money("money ended", None, tuple(stated))
    if awards:
        return Money("only sought or proposed", None, tuple(awards))
    return Money("none recorded", None, ())


def money_left(awards: Iterable[Row], day: datetime.date, lost: frozenset[str]) -> Money:
    """How a service or post would be funded on a day if things were lost.

    Losing what paid once, and pays no longer, changes nothing.
    """
    awards = list(awards)
    before = money(awards, day)
    if before.section not in PAID:
        return before
    after = money(remaining(awards, lost), day)
    return after if after.section in PAID else Money("imagined lost", None, before.awards)


def _latest(awards: Iterable[Row]) -> datetime.date:
    days: list[datetime.date] = [a["live_until"] for a in awards]
    return max(days)


def last_funder(awards: Iterable[Row]) -> str | None:
    """Who holds the money that lasted longest, or the fund's name where no holder is named."""
    ordered = sorted(awards, key=lambda a: (str(a["live_until"] or ""), a["award"]))
    if not ordered:
        return None
    last = [a for a in ordered if a["live_until"] == ordered[-1]["live_until"]]
    names = {name for a in last for name in (a["holder_names"] or [a["fund_name"]])}
    return "; ".join(sorted(names))


def _by_subject(awards: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for award in awards:
        found.setdefault(award["subject"], []).append(award)
    return found


def unfunded(
    subjects: Iterable[Row],
    awards: Iterable[Row],
    day: datetime.date,
    lost: frozenset[str],
    newest: Mapping[str, datetime.date],
) -> list[dict[str, Any]]:
    """The answer to `funding.unfunded`: services and posts without secured money on a day."""
    by_subject = _by_subject(awards)
    rows = []
    for subject in subjects:
        state = money_left(by_subject.get(subject["service"], ()), day, lost)
        if state.section == "funded" or not _asked_about(subject, state):
            continue
        known = newest[subject["partnership"]].isoformat()
        rows.append(
            {
                "partnership": subject["partnership"],
                "service": subject["service"],
                "name": subject["name"],
                "kind": subject["service"].split("/")[1],
                "section": state.section,
                "state": _words(state, known),
                "last_funder": last_funder(state.awards) if state.section in _GIVEN else None,
                "ended": state.until if state.section == "money ended" else None,
                "standing": subject["standing"] or subject["filled"],
                "evidence": [subject["proof"], *(a["proof"] for a in state.awards)],
            }
        )
    order = {section: n for n, section in enumerate(SECTIONS)}
    return sorted(rows, key=lambda r: (r["partnership"], order[r["section"]], r["name"]))


def ending(
    subjects: Iterable[Row], awards: Iterable[Row], day: datetime.date, lost: frozenset[str]
) -> list[dict[str, Any]]:
    """The answer to `funding.ending`: what loses all its money within the horizon, soonest first.

    `pounds` is the sum of the recorded amounts of the money that ends, None where none is recorded.
    """
    by_subject = _by_subject(awards)
    rows = []
    for subject in subjects:
        state = money_left(by_subject.get(subject["service"], ()), day, lost)
        if state.ends is None or state.ends > add_months(day, HORIZON):
            continue
        amounts = [a["amount"] for a in state.awards if a["amount"] is not None]
        rows.append(
            {
                "partnership": subject["partnership"],
                "service": subject["service"],
                "name": subject["name"],
                "kind": subject["service"].split("/")[1],
                "ends": state.ends,
                "funder": last_funder(state.awards),
                "pounds": sum(amounts) if amounts else None,
                "evidence": [subject["proof"], *(a["proof"] for a in state.awards)],
            }
        )
    return sorted(rows, key=lambda r: (r["partnership"], r["ends"], r["name"]))


def _asked_about(subject: Row, state: Money) -> bool:
    if subject["whereabouts"] == "outside" or subject["standing"] == "ended":
        return False
    if subject["service"].split("/")[1] == "service" or state.awards:
        return True
    return subject["dependents"] > 0 or subject["filled"] in ("vacant", "recruiting", "proposed")


def _words(state: Money, known: str) -> str:
    match state.section:
        case "money ended":
            return f"money ended; no renewal recorded (as known on {known})"
        case "imagined lost":
            return "its money would be gone with what is imagined lost"
        case "begins later":
            first = min(a["live_from"] for a in state.awards)
            return f"money recorded from {first.isoformat()} only"
        case "start not recorded":
            return "money on record later; whether it was there on this day is not said"
        case other:
            return other
