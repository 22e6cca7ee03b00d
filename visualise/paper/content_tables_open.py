"""Tables of the open appendix: who provides what for whom, the ways in, and figures fit to publish.

They hold nothing of money, no standing from which its end could be read, no place of a service, no
free text of the record (it may count people), and no small number of people (SAFETY.md rules 1, 7
and 8).
"""

import re
from collections.abc import Iterable

from queries.asked import Row
from queries.suppression import suppressed
from queries.telling_services import units
from queries.wording import small
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
    periods: dict[str, list[str]] = {}
    for row in found:
        periods.setdefault(_year(row["period"] or ""), []).append(row["observation"])
    shown = suppressed(counts, periods)
    return {
        observation: shown.counts[observation] if shown.totals[one] is not None else None
        for one, together in periods.items()
        for observation in together
    }


def _year(given: str) -> str:
    """What makes two periods overlap, as a rule of thumb: their years."""
    return " ".join(sorted(set(re.findall(r"\d{4}|\d{2}/\d{2}", given))))
