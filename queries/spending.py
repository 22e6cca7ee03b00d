"""The answers about money: what has none, what ends, what must be decided, and what pays for it.

What 'funded' means is said in queries/money.py. Amounts are those of the sources: nothing is shared
out over years, services or needs.
"""

from collections.abc import Mapping
from typing import Any

from graph.dates import add_months
from queries.asked import Answerer, Asked
from queries.money import (
    SECTIONS,
    Money,
    Row,
    by_subject,
    last_funder,
    money_left,
)

_GIVEN = ("imagined lost", "money ended", "undated")
"""The states in which money was given, so that there is a last funder to name."""


def unfunded(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.unfunded`: services and posts without secured money on a day."""
    newest = {p.slug: p.newest for p in asked.partnerships}
    awards = by_subject(asked.facts["awards"])
    rows = []
    for subject in asked.rows:
        state = money_left(awards.get(subject["service"], ()), asked.day, asked.lost)
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


def ending(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.ending`: what loses all its money within the months, soonest first.

    `pounds` is the sum of the recorded amounts of the money that ends, None where none is recorded.
    """
    awards = by_subject(asked.facts["awards"])
    horizon = add_months(asked.day, asked.given.numbers["months"])
    rows = []
    for subject in asked.rows:
        state = money_left(awards.get(subject["service"], ()), asked.day, asked.lost)
        if state.ends is None or state.ends > horizon:
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


ANSWERS: Mapping[str, Answerer] = {"unfunded": unfunded, "ending": ending}
