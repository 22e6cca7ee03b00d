"""Tables of the open appendix: who provides what for whom, the ways in, and figures fit to publish.

They hold nothing of money, no standing from which its end could be read, no place of a service, no
free text of the record (it may count people), and no small number of people (SAFETY.md rules 1, 7
and 8).
"""

import calendar
import re
from collections.abc import Iterable

from queries.asked import Row
from queries.findings.telling_services import units
from queries.findings.wording import small
from queries.suppression import suppressed
from visualise.paper.brief import Brief
from visualise.paper.content_help import OUTSIDE
from visualise.paper.model import Block, Note
from visualise.paper.words import figure, names, table

_PEOPLE = frozenset(
    {"case", "child", "client", "family", "household", "man", "perpetrator", "person", "referral"}
    | {"victim", "woman", "worker", "young person", "survivor", "pupil", "contact", "enquiry"}
)
_KINDS = ("demand", "incidence", "population", "refused", "use")
"""The kinds of figures that are published: of people and incidents, never of one service's work."""
_RUNS = ("operating", "not stated", None)
"""Standings of services that are listed: what is planned or over is none to turn to."""


def tables(told: Brief) -> list[tuple[str, Block]]:
    """Each part of the open appendix: its heading and its table."""
    return [
        ("Services", services(told)),
        ("Ways to services", routes(told)),
        ("Figures", figures(told)),
    ]


def services(told: Brief) -> Block:
    """Every service that is not said to be planned or over: its kind, provider, and for whom."""
    groups = {g["term"]: g["name"] for g in told.rows("groups")}
    providers: dict[str, set[str]] = {}
    for row in told.rows("provisions"):
        if row["role"] in ("provides", "is main provider of"):
            providers.setdefault(row["service"], set()).add(told.names[row["agency"]])
    people: dict[str, set[str]] = {}
    for row in told.rows("reaches"):
        if row["strength"] in OUTSIDE:
            continue
        people.setdefault(row["service"], set()).add(small(groups[row["term"]]))
    rows = []
    for row in sorted(told.rows("paper_services"), key=lambda r: (str(r["name"]), r["service"])):
        if row["standing"] not in _RUNS:
            continue
        cells = (
            row["name"],
            names(sorted(row["type_names"])),
            names(sorted(providers.get(row["service"], ()))) or "not recorded",
            names(sorted(people.get(row["service"], ()))) or "not recorded",
        )
        rows.append((cells, told.note(row)))
    headers = ("Service", "Kind", "Who provides it", "For whom")
    return table("Services on record that run, as far as is said", headers, rows, wide=True)


def routes(told: Brief) -> Block:
    """The routes that a document says work."""
    rows: dict[tuple[str, str], tuple[Note, ...]] = {}
    for row in sorted(told.rows("steps"), key=lambda r: (str(r["origin_name"]), r["route"])):
        if row["status"] == "working":
            rows.setdefault((row["origin_name"], row["target_name"]), told.note(row))
    return table("Routes that are said to work", ("From", "To"), rows.items())


_MONTHS = tuple(calendar.month_name[1:])
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b")
_FINANCIAL = re.compile(r"\b((?:19|20)\d\d)\s*[/–-]\s*\d\d?\b(?!-)")


def figures(told: Brief) -> Block:
    """Figures of people, small ones hidden and others rounded; nothing that would give one away."""
    found = [r for r in told.rows("paper_observations") if _is_told(r)]
    shown = _shown(found)
    rows = []
    for row in found:
        value = shown.get(row["observation"])
        if value is not None:
            unit = units(str(row["unit"]), value)
            cells = (row["measure"], row["period"] or "not given", f"about {figure(value)} {unit}")
            rows.append((cells, told.note(row)))
    rows.sort(key=lambda one: one[0])
    headers = ("What is counted", "Period as given", "Figure")
    return table("Figures of people, rounded to five", headers, rows)


def _is_told(row: Row) -> bool:
    """Whether a figure may be told at all: a whole number, of people."""
    return row["kind"] in _KINDS and row["unit"] in _PEOPLE and row["value"] == int(row["value"])


def _shown(rows: Iterable[Row]) -> dict[str, int | None]:
    """The figures as they are shown; those of one period all fall with one that is small.

    Which of them is a sum of others nobody has written down, so that each may be the total that
    would give a small one away.
    """
    found = list(rows)
    counts = {r["observation"]: int(r["value"]) for r in found}
    periods = _together(found)
    shown = suppressed(counts, periods)
    return {
        observation: shown.counts[observation] if shown.totals[one] is not None else None
        for one, together in periods.items()
        for observation in together
    }


def _together(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Observations by number of the periods that overlap, each with the next."""
    found = sorted((*_span(r["period"] or ""), str(r["observation"])) for r in rows)
    together: dict[str, list[str]] = {}
    until = -1
    for first, last, observation in found:
        if first > until:
            together[str(len(together))] = []
        together[str(len(together) - 1)].append(observation)
        until = max(until, last)
    return together


def _span(given: str) -> tuple[int, int]:
    """The first and the last month of a period as given.

    "2025/26" is the financial year from April 2025, and "2025" the whole year. What names no year
    stands together with what names none either, and with nothing else.
    """
    found: list[tuple[int, int]] = []
    for month, year in _MONTH.findall(given):
        found.append((_first(year) + _MONTHS.index(month), _first(year) + _MONTHS.index(month)))
    rest = _MONTH.sub(" ", given)
    found += [(_first(y) + 3, _first(y) + 14) for y in _FINANCIAL.findall(rest)]
    rest = _FINANCIAL.sub(" ", rest)
    found += [(_first(y), _first(y) + 11) for y in re.findall(r"\b(?:19|20)\d\d\b", rest)]
    if not found:
        return 0, 0
    return min(first for first, _ in found), max(last for _, last in found)


def _first(year: str) -> int:
    return 12 * int(year)
