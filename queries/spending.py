"""The answers about money: what has none, what ends, what must be decided, and what pays for it.

What 'funded' means is said in queries/money.py. Amounts are those of the sources: nothing is shared
out over years, services or needs. The funders of an award are those who hold its fund, or the fund
itself where no holder is named.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.dates import add_months
from queries.asked import Answerer, Asked
from queries.cells import Coverage
from queries.cut_sets import ground
from queries.money import SECTIONS, Money, is_live, last_funder, money_left, remaining
from queries.recorded import UNSPECIFIED, Facts, Help, fallen
from queries.rows import Row, rows_by

_GIVEN = ("imagined lost", "money ended", "undated")
"""The states in which money was given, so that there is a last funder to name."""


def unfunded(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.unfunded`: services and posts without secured money on a day."""
    newest = {p.slug: p.newest for p in asked.partnerships}
    awards = rows_by(asked.facts["awards"], "subject")
    rows = []
    for subject in asked.rows:
        state = money_left(awards.get(subject["service"], ()), asked.day, asked.lost)
        if state.section == "funded" or not _asked_about(subject, state):
            continue
        # A source on something else does not make what is known of this money newer.
        told = [a["known_on"] for a in state.awards if a["known_on"] is not None]
        known = max(told, default=newest[subject["partnership"]]).isoformat()
        rows.append(
            {
                **_subject(subject),
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
    awards = rows_by(asked.facts["awards"], "subject")
    horizon = add_months(asked.day, asked.given.numbers["months"])
    rows = []
    for subject in asked.rows:
        state = money_left(awards.get(subject["service"], ()), asked.day, asked.lost)
        if state.ends is None or state.ends > horizon:
            continue
        rows.append(
            {
                **_subject(subject),
                "ends": state.ends,
                "funder": last_funder(state.awards),
                "pounds": _pounds(state.awards),
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


# ---------------------------------------------------------------- money there on the day


def is_there(award: Row, day: datetime.date) -> bool:
    """Whether an award is money there on a day: it is live, or it has begun and has no end."""
    begun = award["live_from"] is not None and award["live_from"] <= day
    return is_live(award, day) or (begun and award["undated"])


@dataclass(frozen=True, slots=True)
class Paid:
    """A service or post that is left when things are lost, with the awards that are left to it."""

    subject: Row
    awards: tuple[Row, ...]


def goes_with_its_agency(subject: Row, lost: frozenset[str]) -> bool:
    """Whether a subject is a post all whose agencies are lost."""
    agencies = frozenset(subject.get("agencies", ()))
    return bool(agencies) and agencies <= lost


def _left(asked: Asked) -> list[Paid]:
    """The services and posts that are left when things are lost, with what is left to each."""
    # Where nothing is lost the facts need not be read.
    gone = fallen(asked.recorded, asked.day, asked.lost) if asked.lost else frozenset()
    awards = rows_by(remaining(asked.facts["awards"], asked.lost), "subject")
    return [
        Paid(subject, tuple(awards.get(subject["service"], ())))
        for subject in asked.rows
        if subject["service"] not in gone and not goes_with_its_agency(subject, asked.lost)
    ]


def _there(asked: Asked) -> list[Paid]:
    """Those of them that have money there on the day, with that money alone."""
    found = [
        Paid(paid.subject, tuple(a for a in paid.awards if is_there(a, asked.day)))
        for paid in _left(asked)
    ]
    return [paid for paid in found if paid.awards]


def _pounds(awards: Iterable[Row]) -> float | None:
    """The recorded amounts added up; None where none is recorded."""
    amounts: list[float] = [a["amount"] for a in awards if a["amount"] is not None]
    return sum(amounts) if amounts else None


def _percent(pounds: float | None, everything: Sequence[Row]) -> float | None:
    """The share in all recorded pounds, to one decimal.

    None where there is no sum to share, or where most awards give no amount: a share of the little
    that is recorded would pass for a share of the whole.
    """
    total = _pounds(everything)
    silent = sum(award["amount"] is None for award in everything)
    if pounds is None or not total or silent * 2 > len(everything):
        return None
    return round(100 * pounds / total, 1)


def _subject(subject: Row) -> dict[str, Any]:
    return {
        "partnership": subject["partnership"],
        "service": subject["service"],
        "name": subject["name"],
        "kind": subject["service"].split("/")[1],
    }


class Funders:
    """Who pays which award, as far as they are left, with the records that name them."""

    def __init__(self, funds: Iterable[Row], lost: frozenset[str]) -> None:
        self._lost = lost
        self._names: dict[str, str] = {}
        self._proofs: dict[str, Row] = {}
        for row in funds:
            self._names[row["fund"]] = row["name"]
            self._proofs[row["fund"]] = row["proof"]
            if row["holder"] is not None:
                self._names[row["holder"]] = row["holder_name"]

    def of(self, award: Row) -> list[str]:
        """The ids of those who hold the fund, or of the fund where no holder is named."""
        return sorted(set(award["holders"]) - self._lost) or [award["fund"]]

    def name(self, funder: str) -> str:
        """What a funder is called."""
        return self._names[funder]

    def told(self, award: Row) -> str:
        """Their names, sorted, as one text."""
        return "; ".join(sorted(self.name(funder) for funder in self.of(award)))

    def proofs(self, awards: Iterable[Row]) -> list[Row]:
        """The awards' own records and those of their funds, which say who holds them."""
        return [proof for a in awards for proof in (a["proof"], self._proofs[a["fund"]])]


def _funders(asked: Asked) -> Funders:
    return Funders(asked.facts["funds"], asked.lost)


def _award(subject: Row, award: Row, funders: Funders) -> dict[str, Any]:
    """The columns that say which award it is, whom it pays and who pays it."""
    return {
        **_subject(subject),
        "award": award["award"],
        "fund_name": award["fund_name"],
        "funder": funders.told(award),
        "evidence": [subject["proof"], *funders.proofs([award])],
    }


# ---------------------------------------------------------------- award by award

_DUE, _UNDECIDED, _PASSED = (
    "decision due",
    "money ends, no decision day recorded",
    "decision day passed",
)


def decisions(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.decisions`: what must be decided within the months, soonest first."""
    horizon = add_months(asked.day, asked.given.numbers["months"])
    funders = _funders(asked)
    rows = [
        {
            **_award(paid.subject, award, funders),
            "section": found[0],
            "due": found[1],
            "ends": _last_day(award),
            "pounds": award["amount"],
            "extension": award["extension"],
            "notice": award["notice"],
        }
        for paid in _left(asked)
        for award in paid.awards
        if (found := _decision(award, asked.day, horizon))
    ]
    return sorted(rows, key=lambda r: (r["partnership"], r["due"], r["name"], r["award"]))


def _decision(
    award: Row, day: datetime.date, horizon: datetime.date
) -> tuple[str, datetime.date] | None:
    """What is to be decided on money that is there or begins later, and by when, if anything."""
    ends, decide_by = _last_day(award), award["decide_by"]
    if award["live_from"] is None or (ends is not None and ends < day):
        return None
    due = decide_by or ends
    if due is None or due > horizon:
        return None
    if decide_by is None:
        return _UNDECIDED, due
    return (_PASSED if decide_by < day else _DUE), due


def _last_day(award: Row) -> datetime.date | None:
    """The last day of an award's money, where it is recorded."""
    last: datetime.date | None = award["live_until"]
    return None if award["undated"] else last


def undated(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.undated`: money there on the day whose end nobody wrote down."""
    funders = _funders(asked)
    rows = [
        {**_award(paid.subject, award, funders), "known_on": award["known_on"]}
        for paid in _there(asked)
        for award in paid.awards
        if award["undated"]
    ]
    return sorted(rows, key=lambda r: (r["partnership"], r["name"], r["award"]))


_ALONE, _BESIDE = "nothing else on record", "beside other money"
_WANTED = ("sought", "proposed")


def sought(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.sought`: money that somebody wants, alone or beside other money."""
    funders = _funders(asked)
    rows = []
    for paid in _left(asked):
        there = [a for a in paid.awards if is_there(a, asked.day)]
        for award in paid.awards:
            if award["status"] not in _WANTED:
                continue
            about = _award(paid.subject, award, funders)
            rows.append(
                {
                    **about,
                    "section": _BESIDE if there else _ALONE,
                    "status": award["status"],
                    "pounds": award["amount"],
                    "evidence": [*about["evidence"], *(a["proof"] for a in there)],
                }
            )
    order = (_ALONE, _BESIDE)
    return sorted(
        rows,
        key=lambda r: (r["partnership"], order.index(r["section"]), r["name"], r["award"]),
    )


# ---------------------------------------------------------------- added up

_HEADINGS = ("need", "funder", "legal basis", "by and for")
_NOT_RECORDED = "not recorded"
_LED, _NOT_SAID = "led by and for", "not said to be led by and for"


@dataclass(frozen=True, slots=True)
class Line:
    """What one award is counted under: the heading, the thing, its name and who says so."""

    by: str
    what: str
    name: str
    proofs: tuple[Row, ...] = ()


def spend(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.spend`: money there on the day, added up under four headings."""
    facts, funders = asked.recorded, _funders(asked)
    led: dict[str, list[Row]] = {}
    for reach in facts.reaches:
        if reach["strength"] == _LED:
            led.setdefault(reach["service"], []).append(reach["proof"])
    counted: dict[tuple[str, str, str, str], list[tuple[Row, list[Row]]]] = {}
    total: dict[str, list[Row]] = {}
    for paid in _there(asked):
        slug = paid.subject["partnership"]
        for award in paid.awards:
            total.setdefault(slug, []).append(award)
            for line in _lines(paid.subject["service"], award, facts, funders, led):
                proofs = [paid.subject["proof"], award["proof"], *line.proofs]
                key = (slug, line.by, line.what, line.name)
                counted.setdefault(key, []).append((award, proofs))
    rows = []
    for (slug, by, what, name), found in counted.items():
        pounds = _pounds(award for award, _ in found)
        rows.append(
            {
                "partnership": slug,
                "by": by,
                "what": what,
                "name": name,
                "pounds": pounds,
                "percent": _percent(pounds, total[slug]),
                "awards": len(found),
                "without_amount": sum(award["amount"] is None for award, _ in found),
                "evidence": [proof for _, proofs in found for proof in proofs],
            }
        )
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            _HEADINGS.index(r["by"]),
            -(r["pounds"] or 0),
            r["name"],
            r["what"],
        ),
    )


def _lines(
    subject: str, award: Row, facts: Facts, funders: Funders, led: Mapping[str, Sequence[Row]]
) -> Iterator[Line]:
    """All that an award is counted under; a post has no needs, basis or groups of its own."""
    service = facts.services.get(subject)
    needs = service["needs"] if service else []
    for need in needs or [_NOT_RECORDED]:
        yield Line("need", need, facts.name_of_need(need))
    for funder in funders.of(award):
        yield Line("funder", funder, funders.name(funder), tuple(funders.proofs([award])))
    basis = (service["legal_basis"] if service else None) or _NOT_RECORDED
    yield Line("legal basis", basis, basis)
    said = led.get(subject, ())
    whose = (_LED if said else _NOT_SAID) if service else _NOT_RECORDED
    yield Line("by and for", whose, whose, tuple(said))


# ---------------------------------------------------------------- funder by funder


def one_funder(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.one_funder`: what has money on the day from one funder alone."""
    funders = _funders(asked)
    rows = []
    for paid in _there(asked):
        paying = {funder for award in paid.awards for funder in funders.of(award)}
        if len(paying) > 1:
            continue
        (funder,) = paying
        ends = [_last_day(award) for award in paid.awards]
        rows.append(
            {
                **_subject(paid.subject),
                "funder": funder,
                "funder_name": funders.name(funder),
                "ends": None if None in ends else max(filter(None, ends)),
                "pounds": _pounds(paid.awards),
                "evidence": [paid.subject["proof"], *funders.proofs(paid.awards)],
            }
        )
    return sorted(rows, key=lambda r: (r["partnership"], r["funder_name"], r["name"]))


def pays_for(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.funders`: what hangs on each funder, the largest sum first."""
    funders, there = _funders(asked), _there(asked)
    by_funder: dict[tuple[str, str], list[Paid]] = {}
    total: dict[str, list[Row]] = {}
    for paid in there:
        slug = paid.subject["partnership"]
        total.setdefault(slug, []).extend(paid.awards)
        for funder in {funder for award in paid.awards for funder in funders.of(award)}:
            by_funder.setdefault((slug, funder), []).append(paid)
    left_with_nothing = _Cells(asked.recorded, asked.day, {funder for _, funder in by_funder})
    rows = []
    for (slug, funder), found in by_funder.items():
        awards = [a for paid in found for a in paid.awards if funder in funders.of(a)]
        sole = [p for p in found if all(funders.of(a) == [funder] for a in p.awards)]
        cells, cell_proofs = left_with_nothing.without(funder, slug)
        rows.append(
            {
                "partnership": slug,
                "funder": funder,
                "name": funders.name(funder),
                "pounds": _pounds(awards),
                "percent": _percent(_pounds(awards), total[slug]),
                "services": sorted(p.subject["name"] for p in found),
                "sole_for": sorted(p.subject["name"] for p in sole),
                "cells": cells,
                "evidence": [
                    *(p.subject["proof"] for p in found),
                    *funders.proofs(a for p in found for a in p.awards),
                    *cell_proofs,
                ],
            }
        )
    return sorted(rows, key=lambda r: (r["partnership"], -(r["pounds"] or 0), r["name"]))


class _Cells:
    """The cells with help on the day, asked what is left of them without a funder."""

    def __init__(self, facts: Facts, day: datetime.date, funders: set[str]) -> None:
        self._ground = ground(facts, day, funders, most=1)
        coverage = Coverage(facts, (), day)
        self._helps: dict[str, list[tuple[Help, ...]]] = {}
        for cell, helps in coverage.helps.items():
            if cell[1] != UNSPECIFIED:
                slug = facts.services[helps[0].service]["partnership"]
                self._helps.setdefault(slug, []).append(coverage.judge(cell).helps)

    def without(self, funder: str, slug: str) -> tuple[int, list[Row]]:
        """How many of a partnership's cells would be left with nothing, and who says so."""
        lost = frozenset({funder})
        ended = [
            helps
            for helps in self._helps.get(slug, ())
            if all(self._ground.falls(h.service, lost) for h in helps)
        ]
        proofs = [proof for helps in ended for h in helps for proof in h.proofs]
        services = sorted({h.service for helps in ended for h in helps})
        return len(ended), proofs + [p for s in services for p in self._ground.links(s, lost)]


# ---------------------------------------------------------------- money beside use


def not_operating(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.not_operating`: services with money that do not run on record."""
    return _with_funds(asked, "standing")


def hardly_used(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `funding.hardly_used`: services with money that hardly anybody uses."""
    return _with_funds(asked, "availability")


def _with_funds(asked: Asked, finding: str) -> list[dict[str, Any]]:
    """The services read that have money there on the day, with what is found and their funds."""
    return [
        {
            "partnership": paid.subject["partnership"],
            "service": paid.subject["service"],
            "name": paid.subject["name"],
            finding: paid.subject[finding],
            "funds": sorted({award["fund_name"] for award in paid.awards}),
            "evidence": [paid.subject["proof"], *(award["proof"] for award in paid.awards)],
        }
        for paid in _there(asked)
    ]


ANSWERS: Mapping[str, Answerer] = {
    "unfunded": unfunded,
    "ending": ending,
    "decisions": decisions,
    "spend": spend,
    "one_funder": one_funder,
    "funders": pays_for,
    "undated": undated,
    "sought": sought,
    "not_operating": not_operating,
    "hardly_used": hardly_used,
}
