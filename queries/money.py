"""What 'funded' means on a day, said once and used by every question.

An award is there from its `live_from` to its `live_until` (see graph/derived.py). A service or post
is funded on a day when one of its awards is; how it stands otherwise is told apart, and only what a
source says counts.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from queries.rows import Row

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
